"""Load what a channel says by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterable

from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.adapters.content_yaml.fields import listed, mapping, text
from waymark.domain.channel_texts import AskTexts, ChannelTexts, NoticeTexts

SINGLE = ("help", "quiet", "loud", "caption_read", "group", "closed", "in_doubt", "fault", "hidden_line")
COMMANDS = ("start", "help", "plan", "human", "web", "stop", "export", "delete")
LINK = ("done", "refused", "own_record", "already", "too_many")
KINDS = ("voice", "sticker", "photo", "video", "document", "location", "forwarded", "other")


def load_channel_texts(path: Path) -> ChannelTexts:
    """The texts of a channel; ContentError for a missing or unknown key."""
    header, body = load_document(path, (*SINGLE, "notice", "commands", "link", "kinds", "edited", "contact", "not_shown_here"))
    notice = mapping(body["notice"], f"{path.name}: notice")
    require_keys(notice, ("text", "again", "choices", "stopped", "web"), where=f"{path.name}: notice")
    return ChannelTexts(
        version=header.version,
        notice=NoticeTexts(
            choices=_texts(notice["choices"], ("continue", "web", "stop"), f"{path.name}: notice.choices"),
            **{name: text(notice[name], f"{path.name}: notice.{name}") for name in ("text", "again", "stopped", "web")},
        ),
        commands=_texts(body["commands"], COMMANDS, f"{path.name}: commands"),
        link=_texts(body["link"], LINK, f"{path.name}: link"),
        kinds=_texts(body["kinds"], KINDS, f"{path.name}: kinds"),
        edited=_question(body["edited"], ("unchanged",), f"{path.name}: edited"),
        not_shown_here=tuple(text(word, f"{path.name}: not_shown_here") for word in listed(body["not_shown_here"], path.name)),
        contact=_question(body["contact"], ("other_person", "not_now"), f"{path.name}: contact"),
        **{name: text(body[name], f"{path.name}: {name}") for name in SINGLE},
    )


def _question(raw: Any, instead: tuple[str, ...], where: str) -> AskTexts:
    fields = mapping(raw, where)
    require_keys(fields, ("ask", "choices", *instead), where=where)
    return AskTexts(
        ask=text(fields["ask"], where),
        choices=_texts(fields["choices"], ("yes", "no"), f"{where}.choices"),
        instead={name: text(fields[name], f"{where}.{name}") for name in instead},
    )


def _texts(raw: Any, names: Iterable[str], where: str) -> dict[str, str]:
    fields = mapping(raw, where)
    require_keys(fields, names, where=where)
    return {name: text(value, f"{where}.{name}") for name, value in fields.items()}
