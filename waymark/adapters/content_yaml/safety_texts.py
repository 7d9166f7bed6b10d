"""Load the fixed safety wordings from ``content/safety/replies.yml`` (docs/clinical/safety.md §1 and §3)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from waymark.adapters.content_yaml import fields
from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass, Level
from waymark.domain.safety_reply import PLACEHOLDERS, ReplyText, SafetyTexts, SharedBlocks, ShortText

PATH = Path(__file__).resolve().parents[3] / "content" / "safety" / "replies.yml"
BODY_KEYS = ("shared", "emergency_short", "replies", "check_ins", "questions", "follow_ups", "screen_failed")
WHO = ("self", "helper", "any")
OWN_KEYS = ("alerting_team", "will_contact")


def load_safety_texts(path: Path = PATH) -> SafetyTexts:
    """Read the fixed replies; raises ContentError naming the entry and the key."""
    header, body = load_document(path, BODY_KEYS)
    shared = fields.mapping(body["shared"], "shared")
    require_keys(shared, SharedBlocks.__dataclass_fields__, where="shared")
    failed = fields.mapping(body["screen_failed"], "screen_failed")
    require_keys(failed, ("id", "blocks"), where="screen_failed")
    return SafetyTexts(
        header=header,
        shared=SharedBlocks(**{key: fields.text(value, f"shared {key}") for key, value in shared.items()}),
        emergency_short=fields.text(body["emergency_short"], "emergency_short"),
        replies=tuple(_reply(raw) for raw in fields.listed(body["replies"], "replies")),
        check_ins=tuple(_short(raw, "check_ins", with_who=True) for raw in fields.listed(body["check_ins"], "check_ins")),
        questions=tuple(_short(raw, "questions") for raw in fields.listed(body["questions"], "questions")),
        follow_ups=tuple(_short(raw, "follow_ups") for raw in fields.listed(body["follow_ups"], "follow_ups")),
        screen_failed=ReplyText(
            id=fields.text(failed["id"], "screen_failed"),
            classes=(AlertClass.UNSCREENED,),
            levels=tuple(Level),
            who="any",
            blocks=_texts(failed["blocks"], "screen_failed"),
            own={},
        ),
    )


def _reply(raw: Any) -> ReplyText:
    raw = fields.mapping(raw, "replies")
    where = f"replies {raw.get('id', '?')}"
    require_keys(raw, ("id", "classes", "levels", "who", "own", "blocks"), where=where)
    own = fields.mapping(raw["own"], where)
    require_keys(own, (), optional=OWN_KEYS, where=where)
    return ReplyText(
        id=fields.text(raw["id"], where),
        classes=tuple(fields.member(AlertClass, name, where) for name in fields.listed(raw["classes"], where)),
        levels=tuple(fields.member(Level, name, where) for name in fields.listed(raw["levels"], where)),
        who=_who(raw["who"], where),
        blocks=_texts(raw["blocks"], where),
        own={key: str(value) for key, value in own.items()},
    )


def _short(raw: Any, where: str, *, with_who: bool = False) -> ShortText:
    raw = fields.mapping(raw, where)
    where = f"{where} {raw.get('id', '?')}"
    require_keys(raw, ("id", "classes", "text", *(("who",) if with_who else ())), where=where)
    return ShortText(
        id=fields.text(raw["id"], where),
        classes=tuple(fields.member(AlertClass, name, where) for name in fields.listed(raw["classes"], where)),
        text=_block(raw["text"], where),
        who=_who(raw["who"], where) if with_who else "any",
    )


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    return tuple(_block(text, where) for text in fields.listed(raw, where))


def _block(raw: Any, where: str) -> str:
    text = fields.text(raw, where)
    unknown = sorted(set(re.findall(r"\{([^}]*)\}", text)) - set(PLACEHOLDERS))
    if unknown:
        raise ContentError(f"{where}: unknown placeholder {', '.join(unknown)}")
    return text


def _who(raw: Any, where: str) -> str:
    if raw not in WHO:
        raise ContentError(f"{where}: who must be one of {', '.join(WHO)}")
    return str(raw)
