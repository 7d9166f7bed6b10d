"""Replies fit into Telegram messages, lose nothing, and are cut only where a person would cut them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from waymark.front.telegram_render import MAX_TEXT, MAX_TITLE, Piece, render, units, with_choice

FAMILY = "👩‍👩‍👧‍👦"
WHOLE_SIGNS = [
    "a", "é", "漢", "😀",
    "e\u0301", "q\u0323\u0307",  # letters with accents of their own
    "👍🏽", "☝🏿", FAMILY, "🧑🏽‍🚀", "❤️‍🔥", "✌️",
    "🇬🇧", "🇫🇷", "3️⃣", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "\u1112\u1161\u11ab",  # a Korean syllable in its parts
    "\ud83d\ude00",  # an emoji in two halves
]
"""Each is one sign to the eye."""


def button(title: str, value: str = "v") -> dict[str, str]:
    return {"title": title, "value": value}


def texts(text: str) -> list[str]:
    return [piece.text for piece in render(text, [])]


def widths(*titles: str) -> list[int]:
    return [len(row) for row in render("Which?", [button(title) for title in titles])[0].rows]


def ink(text: str) -> str:
    return "".join(text.split())


LONG = st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(st.text(max_size=40) | st.sampled_from([*WHOLE_SIGNS, "\n\n", "\n", ". ", " ", "\r\n"]), min_size=1, max_size=12),
    st.integers(1, 900),
)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("漢", 1), ("😀", 2), ("🇬🇧", 4), ("\ud83d", 1)])
def test_units_count_as_telegram_does(text, length):
    assert units(text) == length


@given(st.text())
def test_units_are_those_of_utf16(text):
    assert units(text) == len(text.encode("utf-16-le")) // 2


def test_a_short_text_stays_as_it_is():
    assert render("Hello.\n\nHow are you?", []) == [Piece("Hello.\n\nHow are you?")]


@pytest.mark.parametrize("sign", ["a", "😀"])
def test_a_text_that_just_fits_is_one_piece(sign):
    text = sign * (MAX_TEXT // units(sign))
    assert texts(text) == [text]
    assert texts(text + sign) == [text, sign]


@pytest.mark.parametrize(
    ("first", "gap", "second"),
    [
        ("One. Two\nthree. " + "word " * 400 + "end", "\n\n", "Next. One\nline " + "word " * 500),
        ("One. Two\nthree. " + "word " * 400 + "end", " \n \n\n ", "Next. One\nline " + "word " * 500),
        ("One. Two three. " + "word " * 400 + "end", "\n", "Next. One line " + "word " * 500),
        ("One. Two three. " + "word " * 400 + "end.", " ", "Next one line " + "word " * 500),
        ("One. Two three. " + "word " * 400 + "“Is it so?”", " ", "Next one line " + "word " * 500),
        ("b" * MAX_TEXT, " ", "c" * 7),
        ("a " + "b" * (MAX_TEXT - 3), " ", "c" * 7),
        ("b" * MAX_TEXT, "", "c" * 7),
    ],
    ids=["paragraph", "wide gap", "line", "sentence", "sentence that closes a quote", "full word", "word", "inside a word"],
)
def test_a_long_text_is_cut_at_the_deepest_break(first, gap, second):
    assert texts(first + gap + second) == [first, second.strip()]


def test_a_text_is_cut_at_the_last_break_that_fits():
    paragraph = "x" * 1500
    assert texts("\n\n".join([paragraph] * 5)) == [f"{paragraph}\n\n{paragraph}"] * 2 + [paragraph]


@pytest.mark.parametrize("sign", WHOLE_SIGNS, ids=ascii)
@pytest.mark.parametrize("lead", range(5))
def test_no_sign_is_torn_apart(sign, lead):
    pieces = texts("x" * lead + sign * (MAX_TEXT + 1))
    assert len(pieces) > 1
    assert [piece.removeprefix("x" * lead).replace(sign, "") for piece in pieces] == [""] * len(pieces)


def test_the_accent_on_a_space_stays_on_it():
    first, second = texts("x" * (MAX_TEXT - 1) + " \u0301" + "y" * 9)
    assert (first, second) == ("x" * (MAX_TEXT - 2), "x \u0301" + "y" * 9)


@given(st.lists(st.sampled_from(WHOLE_SIGNS), min_size=1, max_size=12), st.integers(300, 900))
@settings(max_examples=40)
def test_no_sign_of_a_mixed_text_is_torn_apart(signs, times):
    rest = [*signs] * times
    for piece in texts("".join(rest)):
        taken = ""
        while rest and len(taken) < len(piece):
            taken += rest.pop(0)
        assert taken == piece
    assert rest == []


@given(LONG)
@example("\u0301" * 9000)
@example("a" + "\u200d" * 9000)
@example("a" + " " * 9000 + "\u0301")
@example("x" * 4095 + "\n" * 50 + "y" * 5000)
@settings(max_examples=60)
def test_pieces_fit_and_lose_nothing(text):
    if not text.strip():
        with pytest.raises(ValueError, match="text"):
            render(text, [])
        return
    pieces = texts(text)
    assert all(piece.strip() == piece != "" and units(piece) <= MAX_TEXT for piece in pieces)
    assert ink("".join(pieces)) == ink(text)


def test_buttons_stand_under_the_last_piece():
    pieces = render("x" * 9000, [button("Yes", "a"), button("No", "b")])
    assert [piece.rows for piece in pieces] == [(), (), ((("Yes", "a"), ("No", "b")),)]


@pytest.mark.parametrize(
    ("titles", "rows"),
    [
        ([], []),
        ([str(number) for number in range(11)], [6, 5]),
        ([str(number) for number in range(8)], [6, 2]),
        (["1", "2", "100"], [2, 1]),
        (["Yes", "No"], [2]),
        (["Yes", "No", "Not sure"], [2, 1]),
        (["x" * 14, "y" * 14], [2]),
        (["x" * 15, "No"], [1, 1]),
        (["No", "x" * 15], [1, 1]),
        (["No", "x" * 15, "Yes", "Maybe"], [1, 1, 2]),
    ],
)
def test_buttons_stand_in_rows(titles, rows):
    assert widths(*titles) == rows


@given(st.lists(st.tuples(st.text(min_size=1, max_size=90), st.text("ab:1", min_size=1, max_size=64)), max_size=100))
def test_every_button_is_there_in_order(pairs):
    pairs = [(title, value) for title, value in pairs if title.strip()]
    rows = render("Which?", [button(title, value) for title, value in pairs])[0].rows
    keys = [key for row in rows for key in row]
    assert [value for _, value in keys] == [value for _, value in pairs]
    for (shown, _), (title, _) in zip(keys, pairs, strict=True):
        assert 0 < len(shown) <= MAX_TITLE
        assert shown == title.strip() or title.strip().startswith(shown.removesuffix("…"))
    assert all(row for row in rows)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (" Yes \n", "Yes"),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        ("x" * 62 + " yy", "x" * 62 + "…"),
        ("x" * 60 + FAMILY, "x" * 60 + "…"),
        ("x" * 62 + "🇬🇧" + "x", "x" * 62 + "…"),
    ],
)
def test_long_titles_are_trimmed(title, shown):
    assert render("Which?", [button(title)])[0].rows == (((shown, "v"),),)


@pytest.mark.parametrize("text", ["", " ", "\n\t \u00a0"])
def test_a_blank_text_is_refused(text):
    with pytest.raises(ValueError, match="text"):
        render(text, [])


@pytest.mark.parametrize("value", ["", "x" * 65, "é" * 33, "\ud83d"])
def test_callback_data_of_a_wrong_length_is_refused(value):
    with pytest.raises(ValueError):
        render("Which?", [button("Yes", value)])


@pytest.mark.parametrize("value", ["x", "x" * 64, "é" * 32])
def test_callback_data_of_the_right_length_is_taken(value):
    assert render("Which?", [button("Yes", value)])[0].rows == ((("Yes", value),),)


def test_a_hundred_buttons_are_taken_and_no_more():
    assert sum(map(len, render("Which?", [button("Yes")] * 100)[0].rows)) == 100
    with pytest.raises(ValueError, match="100"):
        render("Which?", [button("Yes")] * 101)


def test_a_button_without_title_is_refused():
    with pytest.raises(ValueError, match="title"):
        render("Which?", [button(" ")])


@pytest.mark.parametrize(
    ("text", "title", "shown"),
    [
        ("Shall we go on?", "Yes", "Shall we go on?\n\n✓ Yes"),
        ("Shall we go on?\n", " Yes ", "Shall we go on?\n\n✓ Yes"),
        ("", "Yes", "✓ Yes"),
        ("x" * (MAX_TEXT - 7), "Yes", "x" * (MAX_TEXT - 7) + "\n\n✓ Yes"),
        ("x" * (MAX_TEXT - 6), "Yes", "x" * (MAX_TEXT - 8) + "…\n\n✓ Yes"),
        ("x" * (MAX_TEXT - 10) + FAMILY, "Yes", "x" * (MAX_TEXT - 10) + "…\n\n✓ Yes"),
        ("Well?", "y" * 70, "Well?\n\n✓ " + "y" * 63 + "…"),
    ],
)
def test_the_choice_stands_under_its_question(text, title, shown):
    assert with_choice(text, title) == shown


@given(LONG, st.text(min_size=1, max_size=90).filter(str.strip))
@settings(max_examples=40)
def test_a_question_with_its_choice_fits(text, title):
    shown = with_choice(text, title)
    question, _, choice = shown.rpartition("✓ ")
    assert units(shown) <= MAX_TEXT
    assert title.strip().startswith(choice.removesuffix("…")) or choice == title.strip()
    assert question.strip() == text.strip() or text.strip().startswith(question.strip().removesuffix("…"))


def test_a_choice_without_title_is_refused():
    with pytest.raises(ValueError, match="title"):
        with_choice("Shall we go on?", " ")
