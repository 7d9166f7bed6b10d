"""Set replies the way Telegram takes them: long texts in pieces, buttons in rows. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Mapping, Optional, Sequence

MAX_TEXT = 4096
"""UTF-16 code units that one Telegram message may hold."""
MAX_TITLE = 64
MAX_BUTTONS = 100
MAX_DATA = 64
"""Bytes of callback data, a limit of the Bot API."""
SHORT_TITLE = 14
SCALE_WIDTH = 6

_ELLIPSIS = "…"
_JOINER = "\u200d"
_CLOSING = "\"')]”’»"

Rows = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Piece:
    """One Telegram message. ``rows`` are rows of (title, callback data)."""

    text: str
    rows: Rows = ()


def render(text: str, buttons: Sequence[Mapping[str, str]]) -> list[Piece]:
    """The messages that carry a reply; buttons (``title``, ``value``) stand under the last one.

    Raises ValueError for a blank text or title, more than 100 buttons, or values outside 1 to 64 bytes.
    """
    if not text.strip():
        raise ValueError("A message needs a text.")
    rows = _rows(buttons)
    pieces = [Piece(part) for part in _parts(text.strip())]
    return [*pieces[:-1], replace(pieces[-1], rows=rows)]


def with_choice(text: str, title: str) -> str:
    """An answered question: its text, shortened if need be, with the chosen title under it.

    Raises ValueError for a blank title.
    """
    choice = f"✓ {_trimmed(title)}"
    question = text.strip()
    if not question:
        return choice
    room = MAX_TEXT - units("\n\n" + choice)
    if units(question) > room:
        question = _cut_off(question, _fitting(question, room - units(_ELLIPSIS)))
    return f"{question}\n\n{choice}"


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _rows(buttons: Sequence[Mapping[str, str]]) -> Rows:
    if len(buttons) > MAX_BUTTONS:
        raise ValueError(f"A message takes {MAX_BUTTONS} buttons at most.")
    keys = [(_trimmed(button["title"]), _callback_data(button["value"])) for button in buttons]
    if all(title.isdecimal() and len(title) <= 2 for title, _ in keys):
        return tuple(tuple(keys[at : at + SCALE_WIDTH]) for at in range(0, len(keys), SCALE_WIDTH))
    rows: list[tuple[tuple[str, str], ...]] = []
    while keys:
        width = 2 if len(keys) > 1 and all(len(title) <= SHORT_TITLE for title, _ in keys[:2]) else 1
        rows.append(tuple(keys[:width]))
        keys = keys[width:]
    return tuple(rows)


def _trimmed(title: str) -> str:
    title = title.strip()
    if not title:
        raise ValueError("A button needs a title.")
    return title if len(title) <= MAX_TITLE else _cut_off(title, MAX_TITLE - len(_ELLIPSIS))


def _callback_data(value: str) -> str:
    if not 1 <= len(value.encode("utf-8")) <= MAX_DATA:
        raise ValueError(f"The value of a button must be 1 to {MAX_DATA} bytes long.")
    return value


def _cut_off(text: str, at: int) -> str:
    """The text up to a place at or before ``at``, with … for what is missing."""
    place = next((place for place in range(at, 0, -1) if _may_cut(text, place)), _outside_pair(text, at))
    return text[:place].rstrip() + _ELLIPSIS


def _parts(rest: str) -> list[str]:
    parts = []
    while units(rest) > MAX_TEXT:
        end, start = _cut(rest)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [*parts, rest]


def _cut(text: str) -> tuple[int, int]:
    """Where the first piece ends and the rest starts, for a text that starts with no white space."""
    limit = _fitting(text, MAX_TEXT)
    best: Optional[tuple[int, int, int]] = None
    for gap in re.finditer(r"\s+", text):
        end, start = gap.span()
        if end > limit:
            break
        if _may_cut(text, end) and _may_cut(text, start):
            best = max(best or (0, 0, 0), (_depth(text, end, gap.group()), end, start))
    if best is not None:
        return best[1], best[2]
    # Beside white space a cut was refused above, so what is left are the places between two other characters.
    inner = (
        place
        for place in range(limit, 0, -1)
        if not text[place - 1].isspace() and not text[place].isspace() and _may_cut(text, place)
    )
    place = next(inner, _outside_pair(text, limit))
    return place, place


def _depth(text: str, end: int, gap: str) -> int:
    """How deep a break is: 4 between paragraphs, 3 lines, 2 sentences, 1 words."""
    if "\n" in gap:
        return 4 if gap.count("\n") > 1 else 3
    return 2 if text[max(0, end - 4) : end].rstrip(_CLOSING).endswith((".", "!", "?", "…")) else 1


def _fitting(text: str, room: int) -> int:
    """How many characters of the text fit into ``room`` code units."""
    used = 0
    for place, character in enumerate(text):
        used += units(character)
        if used > room:
            return place
    return len(text)


def _may_cut(text: str, place: int) -> bool:
    """Whether a cut before ``text[place]`` leaves every sign whole that a person sees as one."""
    before, after = text[place - 1], text[place]
    if before == _JOINER or _continues(after) or _outside_pair(text, place) != place:
        return False
    if not (_is_flag_half(before) and _is_flag_half(after)):
        return True
    start = place
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return (place - start) % 2 == 0


def _continues(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")  # accents, variation selectors, key caps
        or character in ("\u200c", _JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, as in the flag of Scotland
        or "\u1160" <= character <= "\u11ff"  # the later parts of a Korean syllable
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _outside_pair(text: str, place: int) -> int:
    is_inside = "\ud800" <= text[place - 1] <= "\udbff" and "\udc00" <= text[place] <= "\udfff"
    return place - 1 if is_inside else place
