"""Phone numbers and e-mail addresses in a message."""

from __future__ import annotations

import re

import phonenumbers

from waymark.domain.facts import ContactFact

# Bounded parts without nested repeats, so that a long run of letters cannot cost more than its length.
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w@-])", re.ASCII
)
_DIGITS = re.compile(r"\d")
_MAX_READ = 2_000
_MAX_TRIES = 20
_REGION_FALLBACK = "ZZ"


def find_contacts(text: str, country: str | None = None) -> tuple[ContactFact, ...]:
    """E-mail addresses and possible phone numbers (E.164), in order of appearance and without repeats.

    Without a country only numbers written with their "+" code are read.
    """
    head = text[:_MAX_READ]
    found: list[tuple[int, ContactFact]] = []
    for match in _EMAIL.finditer(head):
        value = match.group()
        if ".." not in value and not value.split("@")[0].endswith("."):
            found.append((match.start(), ContactFact("email", value)))
    masked = _EMAIL.sub(lambda m: " " * len(m.group()), head)
    found.extend(_phones(masked, country))
    ordered = [fact for _, fact in sorted(found, key=lambda pair: pair[0])]
    return tuple(dict.fromkeys(ordered))


def _phones(text: str, country: str | None) -> list[tuple[int, ContactFact]]:
    if len(_DIGITS.findall(text)) < 7:
        return []
    region = (country or _REGION_FALLBACK).upper()
    readable = re.sub(r"[^\x20-\x7e]", " ", text)
    found = []
    matcher = phonenumbers.PhoneNumberMatcher(
        readable, region, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=_MAX_TRIES
    )
    for match in matcher:
        if not _is_dialled(match.number, match.raw_string):
            continue
        value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        found.append((match.start, ContactFact("phone", value)))
    return found


def _is_dialled(number: phonenumbers.PhoneNumber, written: str) -> bool:
    """A number in use, or one as long and written as a number of its country is.

    Ranges kept for films and tests (07700 900123, 555-0123) count as not in use, yet people type them.
    """
    if phonenumbers.is_valid_number(number):
        return True
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None or not written.lstrip().startswith(
        ("+", "0", "(", "2", "3", "4", "5", "6", "7", "8", "9")
    ):
        return False
    return len(str(number.national_number)) == len(str(example.national_number))
