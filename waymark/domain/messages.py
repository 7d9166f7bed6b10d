"""Messages between a person and the assistant, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Mapping, Optional


class ReplyKind(str, Enum):
    """What a reply is for; channels and tests rely on these names (interfaces §3)."""

    MESSAGE = "message"
    SAFETY = "safety"
    SAFETY_QUESTION = "safety_question"
    NOTICE = "notice"
    SUMMARY = "summary"


class Author(str, Enum):
    """Who wrote a message."""

    PERSON = "person"
    ASSISTANT = "assistant"
    STAFF = "staff"


@dataclass(frozen=True)
class ButtonPayload:
    """What a button means. It never leaves the house: channels see an opaque id in its place.

    ``intent`` is what Rasa is told; ``item`` and ``value`` are the question answered and the answer, when
    the button answers a question.
    """

    intent: str
    item: Optional[str] = None
    value: Optional[str] = None

    def as_dict(self) -> dict[str, Optional[str]]:
        return {"intent": self.intent, "item": self.item, "value": self.value}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "ButtonPayload":
        return cls(intent=str(raw["intent"]), item=raw.get("item"), value=raw.get("value"))


@dataclass(frozen=True)
class Button:
    """A choice offered under a reply."""

    title: str
    payload: ButtonPayload


@dataclass(frozen=True)
class Say:
    """One thing for the assistant to say.

    Either ``response`` (the name of an ``utter_…`` phrase in ``data/responses``, filled from ``params``) or
    ``text`` (already worded, from ``content/`` or from the record).
    """

    response: Optional[str] = None
    text: Optional[str] = None
    params: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    kind: ReplyKind = ReplyKind.MESSAGE

    def __post_init__(self) -> None:
        if (self.response is None) == (self.text is None):
            raise ValueError("a Say has either a response name or a text")


@dataclass(frozen=True)
class Reply:
    """A reply as a channel shows it: wording settled, buttons not yet given their opaque ids."""

    text: str
    kind: ReplyKind = ReplyKind.MESSAGE
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Part:
    """One message of a person within a turn, with the question that was open when it came; several come together when they were sent while one waited."""

    message_id: str
    text: str
    button: Optional[ButtonPayload] = None
    at: Optional[datetime] = None
    channel: str = "web"
    open_item: Optional[str] = None


@dataclass(frozen=True)
class Outcome:
    """What a use case answers a turn with: things to say, and whether a question stays open.

    ``open`` tells the form whether to ask (True) or to end (False).
    """

    says: tuple[Say, ...] = ()
    open: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "open": self.open,
            "says": [
                {
                    "response": say.response,
                    "text": say.text,
                    "params": dict(say.params),
                    "kind": say.kind.value,
                    "buttons": [{"title": b.title, "payload": b.payload.as_dict()} for b in say.buttons],
                }
                for say in self.says
            ],
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Outcome":
        says = tuple(
            Say(
                response=s["response"],
                text=s["text"],
                params=s["params"],
                kind=ReplyKind(s["kind"]),
                buttons=tuple(Button(b["title"], ButtonPayload.from_dict(b["payload"])) for b in s["buttons"]),
            )
            for s in raw["says"]
        )
        return cls(says=says, open=bool(raw["open"]))


def utter(name: str, /, *, kind: ReplyKind = ReplyKind.MESSAGE, buttons: tuple[Button, ...] = (), **params: str) -> Say:
    """A dialogue phrase of ``data/responses`` by its name without ``utter_``."""
    return Say(response=f"utter_{name}", params=params, kind=kind, buttons=buttons)
