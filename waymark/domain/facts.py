"""Facts a person's own words can hold, in the canonical values of the record (interfaces §4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any, Optional


class AnswerKind(str, Enum):
    """What kind of answer a question wants; it steers how a bare answer such as "20" is read."""

    FREE_TEXT = "free_text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NAME = "name"
    AGE = "age"
    CONTACT = "contact"
    COUNTRY = "country"
    SUBSTANCES = "substances"
    AMOUNT = "amount"
    LAST_USE = "last_use"
    RULER = "ruler"


@dataclass(frozen=True)
class Span:
    """A number or a range; ``low`` equals ``high`` for a single number."""

    low: float
    high: float


@dataclass(frozen=True)
class Amount:
    """How much is used. ``unit`` such as can, pint, gram, unit_uk, GBP; ``period`` day, week, month or occasion.

    ``strength_mg`` is the strength of one pill, bar or tablet when it was said.
    """

    low: float
    high: float
    unit: str
    period: str
    strength_mg: Optional[float] = None


@dataclass(frozen=True)
class LastUse:
    """When a substance was last used: a date in the person's zone and hours ago at the time of asking."""

    on: Optional[date]
    hours_ago: Optional[float]

    def as_dict(self) -> dict[str, Any]:
        return {"date": self.on.isoformat() if self.on else None, "hours_ago": self.hours_ago}


@dataclass(frozen=True)
class SubstanceFact:
    """A substance (canonical name) as mentioned: whose it is is settled before it gets here.

    ``negated`` is true for "I don't drink": stored as a fact about not using, never as use.
    """

    name: str
    words: str
    negated: bool = False
    amount: Optional[Amount] = None
    days_per_week: Optional[Span] = None
    last_use: Optional[LastUse] = None
    route: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContactFact:
    """A way to reach the person: an E.164 number or an e-mail address."""

    kind: str
    value: str


@dataclass(frozen=True)
class Correction:
    """ "not 12, 20": what was wrong and what is right, as numbers or words."""

    wrong: Optional[str]
    right: str


@dataclass(frozen=True)
class Facts:
    """Everything found in one message. ``ambiguous`` names words that must be asked about, never guessed."""

    substances: tuple[SubstanceFact, ...] = ()
    amount: Optional[Amount] = None
    days_per_week: Optional[Span] = None
    last_use: Optional[LastUse] = None
    ruler: Optional[Span] = None
    yes_no: Optional[bool] = None
    age: Optional[int] = None
    name: Optional[str] = None
    country: Optional[str] = None
    contacts: tuple[ContactFact, ...] = ()
    correction: Optional[Correction] = None
    ambiguous: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form with only what was found."""
        raw = asdict(self)
        raw["last_use"] = self.last_use.as_dict() if self.last_use else None
        raw["substances"] = [
            {**asdict(s), "last_use": s.last_use.as_dict() if s.last_use else None} for s in self.substances
        ]
        return {key: value for key, value in raw.items() if value not in (None, (), [])}
