"""Phone numbers and e-mail addresses in a message."""

from __future__ import annotations

import pytest

from waymark.domain.facts import ContactFact
from waymark.understanding.contact import find_contacts

CASES: list[tuple[str, str | None, list[tuple[str, str]]]] = [
    ("07400 123456", "GB", [("phone", "+447400123456")]),
    ("call 0871234567", "IE", [("phone", "+353871234567")]),
    ("me@x.co.uk", "GB", [("email", "me@x.co.uk")]),
    ("(415) 555-2671", "US", [("phone", "+14155552671")]),
    ("+61 412 345 678", None, [("phone", "+61412345678")]),
    ("07400123456", None, []),
    ("i drank 12345678 beers", "GB", []),
    ("born 12/03/1990", "GB", []),
    ("999", "GB", []),
    ("sam.o'neil@", "GB", []),
    ("text 07400123456 or a.b+c@mail.com", "GB", [("phone", "+447400123456"), ("email", "a.b+c@mail.com")]),
    ("+44 7400 123456", "US", [("phone", "+447400123456")]),
    ("my numbers 07400-123-456 text only", "GB", [("phone", "+447400123456")]),
    ("0412 345 678", "AU", [("phone", "+61412345678")]),
    ("416-555-0199", "CA", [("phone", "+14165550199")]),
    ("021 123 4567", "NZ", [("phone", "+64211234567")]),
    ("8 cans at 2am", "GB", []),
    ("I owe 5000", "GB", []),
    ("", None, []),
    ("x@y", "GB", []),
    ("SAM.T@Mail.org.", "GB", [("email", "SAM.T@Mail.org")]),
    ("a@b.com a@b.com", "GB", [("email", "a@b.com")]),
    ("@handle", "GB", []),
    ("2025-06-11 15:00", "GB", []),
    ("07400 12345", "GB", []),
    ("first.last@nhs.uk", "GB", [("email", "first.last@nhs.uk")]),
]


@pytest.mark.parametrize(("text", "country", "expected"), CASES)
def test_reads_ways_to_reach_a_person(
    text: str, country: str | None, expected: list[tuple[str, str]]
) -> None:
    assert find_contacts(text, country) == tuple(ContactFact(kind, value) for kind, value in expected)
