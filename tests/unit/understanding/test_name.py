"""Names people give, and answers that are no name."""

from __future__ import annotations

import pytest

from waymark.understanding.name import MAX_NAME, parse_name

CASES: list[tuple[str, str | None]] = [
    ("call me Sam", "Sam"),
    ("I'm Sam", "Sam"),
    ("sam", "Sam"),
    ("my name is Sean", "Sean"),
    ("no", None),
    ("skip", None),
    ("I'm tired", None),
    ("rather not", None),
    ("Mary-Jane", "Mary-Jane"),
    ("O'Brien", "O'Brien"),
    ("it's dave mate", "Dave"),
    ("just call me J", "J"),
    ("hi im kev", "Kev"),
    ("me llamo José", "José"),
    ("I'd rather not say", None),
    ("why do you need it", None),
    ("Anna Maria", "Anna Maria"),
    ("you can call me big dave", "Big Dave"),
    ("nah", None),
    ("anonymous", None),
    ("im not telling you", None),
    ("😀", None),
    ("Sam 😊", "Sam"),
    ("yes", None),
    ("whatever", None),
    ("i go by Ty", "Ty"),
    ("Aisha.", "Aisha"),
    ("my name's Siobhán but call me Shiv", "Shiv"),
    ("Dr. Singh", "Dr. Singh"),
    ("12", None),
    ("I'm drunk", None),
    ("hello", None),
    ("prefer Lou", None),
    ("i'm from leeds", None),
    ("im feeling bad", None),
    ("Li", "Li"),
    ("my friends call me Tee", "Tee"),
    ("are you a bot?", None),
    ("Łukasz", "Łukasz"),
    ("jean-luc picard", "Jean-luc Picard"),
    ("van der Berg", "van der Berg"),
    ("don't call me Susan", None),
    ("Sam, what's yours?", "Sam"),
    ("heroin", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_what_a_person_wants_to_be_called(text: str, expected: str | None) -> None:
    assert parse_name(text) == expected


def test_an_overlong_name_is_none() -> None:
    assert parse_name("x" * (MAX_NAME + 1)) is None
