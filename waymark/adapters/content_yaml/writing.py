"""Load the writing rules, and collect every text the assistant can say with its file and line."""

from __future__ import annotations

import re
from dataclasses import fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Iterator, Mapping

import yaml

from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.errors import ContentError
from waymark.domain.text_rules import Limits, Phrase, PhraseKind, SpokenText, TextKind, WritingRules

PHRASE_KEYS = ("id", "patterns", "instead", "bad", "good")
BODY_KEYS = ("limits", "distress", "not_counted", *(kind.value for kind in PhraseKind))

SOURCES: Mapping[str, Mapping[str, TextKind]] = {
    "data/responses/*.yml": {"responses/*/*/text": TextKind.RESPONSE},
    "content/intake/*.yml": {
        "items/*/ask/*": TextKind.QUESTION,
        "items/*/again/*": TextKind.QUESTION,
        "items/*/retry/*": TextKind.QUESTION,
        "items/*/acknowledge/*": TextKind.QUESTION,
        "items/*/why": TextKind.QUESTION,
        "items/*/label": TextKind.LABEL,
        "items/*/choices/*/title": TextKind.LABEL,
    },
    "content/reflections/*.yml": {
        "reflections/*/texts/*": TextKind.REFLECTION,
        "fallback/*": TextKind.REFLECTION,
    },
    "content/plan/*.yml": {
        "rules/*/text": TextKind.PLAN,
        "rules/*/why": TextKind.PLAN,
        "news": TextKind.PLAN,
        "rules/*/frequency": TextKind.LABEL,
        "steps_missing/*": TextKind.LABEL,
        "substance_names/*": TextKind.LABEL,
    },
    "content/consent/*.yml": {
        "text_with_team": TextKind.OFFICIAL,
        "text_without_team": TextKind.OFFICIAL,
    },
    "content/privacy/*.yml": {
        "texts/*": TextKind.PAGE,
        "sections/*/empty": TextKind.PAGE,
        "sections/*/title": TextKind.LABEL,
        "labels/*": TextKind.LABEL,
        "values/*/*": TextKind.LABEL,
    },
    "content/telegram/*.yml": {
        "notice/text": TextKind.OFFICIAL,
        "notice/again": TextKind.QUESTION,
        "notice/stopped": TextKind.OFFICIAL,
        "notice/web": TextKind.QUESTION,
        "notice/choices/*": TextKind.LABEL,
        "commands/*": TextKind.LABEL,
        "help": TextKind.OFFICIAL,
        "quiet": TextKind.QUESTION,
        "loud": TextKind.QUESTION,
        "link/*": TextKind.QUESTION,
        "kinds/*": TextKind.QUESTION,
        "caption_read": TextKind.QUESTION,
        "edited/*": TextKind.QUESTION,
        "edited/choices/*": TextKind.LABEL,
        "contact/*": TextKind.QUESTION,
        "contact/choices/*": TextKind.LABEL,
        "group": TextKind.QUESTION,
        "closed": TextKind.QUESTION,
        "in_doubt": TextKind.LABEL,
        "fault": TextKind.QUESTION,
        "hidden_line": TextKind.LABEL,
    },
    "content/safety/replies.yml": {
        "replies/*/blocks/*": TextKind.SAFETY,
        "replies/*/own/*": TextKind.SAFETY,
        "shared/*": TextKind.SAFETY,
        "emergency_short": TextKind.SAFETY,
        "check_ins/*/text": TextKind.SAFETY,
        "questions/*/text": TextKind.SAFETY,
        "follow_ups/*/text": TextKind.SAFETY,
        "screen_failed/blocks/*": TextKind.SAFETY,
    },
}
"""Where texts stand and what kind they are; ``*`` is any key or place in a list."""

JOINED = "*/blocks/*"
"""Blocks of a safety reply are one message."""


def load_writing_rules(path: Path) -> WritingRules:
    """The rules of ``content/writing/rules.yml``; ContentError for an unknown key or a pattern that is none."""
    _, body = load_document(path, BODY_KEYS)
    require_keys(body["limits"], (field.name for field in fields(Limits)), where=f"{path.name}: limits")
    phrases = [_phrase(raw, kind, path.name) for kind in PhraseKind for raw in body[kind.value]]
    ids = [phrase.id for phrase in phrases]
    if len(set(ids)) != len(ids):
        raise ContentError(f"{path.name}: a phrase id stands twice")
    return WritingRules(
        limits=Limits(**body["limits"]),
        phrases=tuple(phrases),
        distress=tuple(body["distress"]),
        not_counted=tuple(body["not_counted"]),
    )


def spoken_texts(root: Path) -> list[SpokenText]:
    """Every text the assistant can say, from ``data/responses`` and ``content`` under ``root``."""
    return [text for pattern in SOURCES for path in sorted(root.glob(pattern)) for text in texts_of(path, root)]


def texts_of(path: Path, root: Path) -> list[SpokenText]:
    """The texts of one file, in order. Blocks that go out as one message are one text."""
    name = path.relative_to(root).as_posix()
    kinds = next(kinds for pattern, kinds in SOURCES.items() if fnmatchcase(name, pattern))
    found: list[SpokenText] = []
    joined: dict[str, int] = {}
    for place, value, line in _scalars(yaml.compose(path.read_text(encoding="utf-8")), ""):
        kind = next((kind for pattern, kind in kinds.items() if _at(place, pattern)), None)
        if kind is None or not value.strip():
            continue
        key = _key(place)
        if fnmatchcase(place, JOINED) and key in joined:
            first = found[joined[key]]
            found[joined[key]] = SpokenText(name, first.line, key, kind, f"{first.text}\n{value}")
            continue
        if fnmatchcase(place, JOINED):
            joined[key] = len(found)
        found.append(SpokenText(name, line, key, kind, value))
    return found


def complex_reflections(root: Path) -> Mapping[str, bool]:
    """Which reflections are tagged complex."""
    tagged = {}
    for path in sorted(root.glob("content/reflections/*.yml")):
        _, body = load_document(path, ["reflections", "fallback"])
        tagged.update({raw["id"]: bool(raw["complex"]) for raw in body["reflections"]})
    return tagged


def _phrase(raw: Mapping[str, Any], kind: PhraseKind, where: str) -> Phrase:
    require_keys(raw, PHRASE_KEYS, where=f"{where}: {raw.get('id')}")
    try:
        patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in raw["patterns"])
    except re.error as error:
        raise ContentError(f"{where}: {raw['id']}: {error}") from error
    return Phrase(raw["id"], kind, patterns, raw["instead"], tuple(raw["bad"]), tuple(raw["good"]))


def _scalars(node: yaml.Node | None, place: str) -> Iterator[tuple[str, str, int]]:
    """Every text with its place (``items/opening.words/ask/0``: an entry of a list goes by its id) and line."""
    if isinstance(node, yaml.ScalarNode):
        yield place, str(node.value), node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value):
            yield from _scalars(child, _below(place, _id(child) or str(number)))
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from _scalars(child, _below(place, str(key.value)))


def _id(node: yaml.Node) -> str | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "id"), None)


def _below(place: str, part: str) -> str:
    return f"{place}/{part}" if place else part


def _at(place: str, pattern: str) -> bool:
    """Like a path pattern: ``*`` stands for one part."""
    parts, wanted = place.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _key(place: str) -> str:
    """The name of the response, item or reply; for a text that stands alone its own place."""
    parts = place.split("/")
    return parts[1] if len(parts) > 2 else place
