"""Numbers of help by country (docs/clinical/safety.md §7): data only, nothing here is checked by a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Mapping, Optional

from waymark.domain.content import ContentHeader

UNKNOWN = "unknown"
"""Key of the entry used when the person's country is not known."""

EUROPEAN_UNION = "EU"


class NumberKind(str, Enum):
    """What a number is for."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    DRUGS_ALCOHOL = "drugs_alcohol"
    POISON = "poison"
    YOUTH = "youth"
    CHILD_PROTECTION = "child_protection"
    DOMESTIC_VIOLENCE = "domestic_violence"


class Reach(str, Enum):
    """How a number is reached."""

    CALL = "call"
    TEXT = "text"
    WEB = "web"


@dataclass(frozen=True)
class HelpNumber:
    """One number or site.

    ``hours`` is None where no source names them. ``seen_in_source`` is the ✓ of safety.md §7; it is no
    verification: ``verified_on`` and ``verified_by`` stay None until a named person has rung the number.
    """

    id: str
    kind: NumberKind
    label: str
    number: str
    how: Reach
    hours: Optional[str]
    languages: tuple[str, ...]
    sms: bool
    seen_in_source: bool
    verified_on: Optional[date] = None
    verified_by: Optional[str] = None

    @property
    def href(self) -> str:
        """The number as a link: ``tel:``, ``sms:`` or ``https:``."""
        if self.how is Reach.WEB:
            return f"https://{self.number}"
        scheme = "tel" if self.how is Reach.CALL else "sms"
        return f"{scheme}:{''.join(c for c in self.number if c.isdigit() or c == '+')}"


@dataclass(frozen=True)
class CountryNumbers:
    """The numbers of one country.

    ``code`` is the ISO code, ``EU`` for the generic European entry or ``unknown``; ``emergency_text`` is how
    the emergency number is written into a sentence.
    """

    code: str
    name: str
    emergency_text: str
    numbers: tuple[HelpNumber, ...]
    header: ContentHeader

    @property
    def known(self) -> bool:
        """False when the country is not known, so that it must be asked."""
        return self.code != UNKNOWN

    def of(self, kind: NumberKind) -> tuple[HelpNumber, ...]:
        """All numbers of a kind, in the order of the file."""
        return tuple(number for number in self.numbers if number.kind is kind)


@dataclass(frozen=True)
class Resources:
    """Numbers of every country that the product knows, the European entry and the one for unknown countries."""

    countries: Mapping[str, CountryNumbers]
    aliases: Mapping[str, str]

    def for_country(self, code: Optional[str]) -> CountryNumbers:
        """The numbers for an ISO country code; those for an unknown country if it is None or not listed."""
        key = (code or "").strip().upper()
        key = self.aliases.get(key, key)
        return self.countries.get(key) or self.countries[UNKNOWN]

    def unverified(self) -> tuple[HelpNumber, ...]:
        """Numbers that nobody has verified yet, for the doctor command and the console."""
        return tuple(
            number for country in self.countries.values() for number in country.numbers if number.verified_on is None
        )
