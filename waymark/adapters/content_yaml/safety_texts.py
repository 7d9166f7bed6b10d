"""Load the fixed safety wordings from ``content/safety/replies.yml`` (docs/clinical/safety.md §1 and §3)."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass, Level
from waymark.domain.safety_reply import PLACEHOLDERS, ReplyText, SafetyTexts, SharedBlocks, ShortText

PATH = Path(__file__).resolve().parents[3] / "content" / "safety" / "replies.yml"
BODY_KEYS = ("shared", "emergency_short", "replies", "check_ins", "questions", "follow_ups", "screen_failed")
WHO = ("self", "helper", "any")
OWN_KEYS = ("alerting_team", "will_contact")
_E = TypeVar("_E", bound=Enum)


def load_safety_texts(path: Path = PATH) -> SafetyTexts:
    """Read the fixed replies; raises ContentError naming the entry and the key."""
    header, body = load_document(path, BODY_KEYS)
    shared = _mapping(body["shared"], "shared")
    require_keys(shared, SharedBlocks.__dataclass_fields__, where="shared")
    failed = _mapping(body["screen_failed"], "screen_failed")
    require_keys(failed, ("id", "blocks"), where="screen_failed")
    return SafetyTexts(
        header=header,
        shared=SharedBlocks(**{key: _text(value, f"shared {key}") for key, value in shared.items()}),
        emergency_short=_text(body["emergency_short"], "emergency_short"),
        replies=tuple(_reply(raw) for raw in _list(body["replies"], "replies")),
        check_ins=tuple(_short(raw, "check_ins", with_who=True) for raw in _list(body["check_ins"], "check_ins")),
        questions=tuple(_short(raw, "questions") for raw in _list(body["questions"], "questions")),
        follow_ups=tuple(_short(raw, "follow_ups") for raw in _list(body["follow_ups"], "follow_ups")),
        screen_failed=ReplyText(
            id=_text(failed["id"], "screen_failed"),
            classes=(AlertClass.UNSCREENED,),
            levels=tuple(Level),
            who="any",
            blocks=_texts(failed["blocks"], "screen_failed"),
            own={},
        ),
    )


def _reply(raw: Any) -> ReplyText:
    raw = _mapping(raw, "replies")
    where = f"replies {raw.get('id', '?')}"
    require_keys(raw, ("id", "classes", "levels", "who", "own", "blocks"), where=where)
    own = _mapping(raw["own"], where)
    require_keys(own, (), optional=OWN_KEYS, where=where)
    return ReplyText(
        id=_text(raw["id"], where),
        classes=tuple(_member(AlertClass, name, where) for name in _list(raw["classes"], where)),
        levels=tuple(_member(Level, name, where) for name in _list(raw["levels"], where)),
        who=_who(raw["who"], where),
        blocks=_texts(raw["blocks"], where),
        own={key: str(value) for key, value in own.items()},
    )


def _short(raw: Any, where: str, *, with_who: bool = False) -> ShortText:
    raw = _mapping(raw, where)
    where = f"{where} {raw.get('id', '?')}"
    require_keys(raw, ("id", "classes", "text", *(("who",) if with_who else ())), where=where)
    return ShortText(
        id=_text(raw["id"], where),
        classes=tuple(_member(AlertClass, name, where) for name in _list(raw["classes"], where)),
        text=_block(raw["text"], where),
        who=_who(raw["who"], where) if with_who else "any",
    )


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    return tuple(_block(text, where) for text in _list(raw, where))


def _block(raw: Any, where: str) -> str:
    text = _text(raw, where)
    unknown = sorted(set(re.findall(r"\{([^}]*)\}", text)) - set(PLACEHOLDERS))
    if unknown:
        raise ContentError(f"{where}: unknown placeholder {', '.join(unknown)}")
    return text


def _who(raw: Any, where: str) -> str:
    if raw not in WHO:
        raise ContentError(f"{where}: who must be one of {', '.join(WHO)}")
    return str(raw)


def _text(raw: Any, where: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ContentError(f"{where}: {raw!r} must be a text")
    return raw


def _mapping(raw: Any, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: a mapping is needed")
    return raw


def _list(raw: Any, where: str) -> list[Any]:
    if not isinstance(raw, list):
        raise ContentError(f"{where}: a list is needed")
    return raw


def _member(kind: type[_E], raw: Any, where: str) -> _E:
    try:
        return kind(raw)
    except ValueError as error:
        raise ContentError(f"{where}: {raw!r} is no {kind.__name__}") from error
