"""Load messages for the safety screen, one file a voice (docs/decisions/0006)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import yaml

from waymark.adapters.content_yaml.document import require_keys
from waymark.adapters.content_yaml.fields import listed, mapping, member, text
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass
from waymark.domain.safety_examples import TAGS, SafetyExample


def load_safety_examples(folder: Path) -> list[SafetyExample]:
    """Every message of every voice in a folder; ContentError for a file of another shape."""
    return [example for path in sorted(folder.glob("v*.yml")) for example in load_voice(path)]


def load_voice(path: Path) -> list[SafetyExample]:
    """The messages of one voice."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: cannot be read ({error})") from error
    body = mapping(raw, path.name)
    require_keys(body, ("voice", "classes", "ordinary"), where=path.name)
    if body["voice"] != path.stem:
        raise ContentError(f"{path.name}: holds the voice {body['voice']!r}")
    return list(_examples(body, path.name))


def _examples(body: dict[str, Any], where: str) -> Iterator[SafetyExample]:
    voice = str(body["voice"])
    for name, both in mapping(body["classes"], where).items():
        alert_class = member(AlertClass, name, where)
        fields = mapping(both, f"{where}: {name}")
        require_keys(fields, ("danger", "alike"), where=f"{where}: {name}")
        for entry in listed(fields["danger"], f"{where}: {name}.danger"):
            tags, words = _tagged(entry, f"{where}: {name}.danger")
            yield SafetyExample(voice, words, alert_class, True, tags)
        for words in listed(fields["alike"], f"{where}: {name}.alike"):
            yield SafetyExample(voice, text(words, f"{where}: {name}.alike"), alert_class, False)
    for words in listed(body["ordinary"], f"{where}: ordinary"):
        yield SafetyExample(voice, text(words, f"{where}: ordinary"), None, False)


def _tagged(entry: Any, where: str) -> tuple[frozenset[str], str]:
    """One line of ``tags: "words"``."""
    fields = mapping(entry, where)
    if len(fields) != 1:
        raise ContentError(f"{where}: one line holds one message")
    ((tags, words),) = fields.items()
    named = frozenset(str(tags).split())
    unknown = named - set(TAGS)
    if unknown or not named:
        raise ContentError(f"{where}: unknown tag {', '.join(sorted(unknown)) or '(none)'}")
    return named, text(words, where)
