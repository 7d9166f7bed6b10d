"""The inbox and the outbox: each message is kept once, answered once, and can be replayed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from itertools import takewhile
from typing import Any, Callable, Container, Mapping, Optional, Sequence

from waymark.domain.conversation import InboxMessage, OfferedButton, OutboxMessage
from waymark.domain.errors import MessageConflict, QuestionClosed, StorageConflict
from waymark.domain.messages import ButtonPayload, Reply
from waymark.domain.people import ChannelIdentity, Person
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, ScreenContext, Screening
from waymark.services.alerts import clinician_on_duty, route_of
from waymark.services.outgoing import put_out
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory

RECENT_TURNS = 5


@dataclass(frozen=True)
class Incoming:
    """A message as a channel parsed it.

    ``button_id`` is the opaque id of a tapped button; ``command`` is what a channel's own command asks for;
    ``reference`` is the channel's name for the message, to find it when it is edited; ``heard`` is what somebody
    else wrote and was passed on: it is screened, and kept only with an alert that it raises.
    """

    channel: str
    address: str
    channel_message_id: str
    text: str
    button_id: Optional[str] = None
    country: Optional[str] = None
    command: Optional[ButtonPayload] = None
    reference: Optional[str] = None
    heard: str = ""

    def with_country(self, country: Optional[str]) -> "Incoming":
        return replace(self, country=country)

    @property
    def screened(self) -> str:
        """All words that came, for the safety screen."""
        return self.text or self.heard

    @property
    def message_id(self) -> str:
        """The same for the same message of the same address, before and after a fall."""
        raw = "\x1f".join((self.channel, self.address, self.channel_message_id))
        return "msg_" + hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def digest(self) -> str:
        """Tells whether a repeated id carries the same content."""
        raw = "\x1f".join((self.text, self.button_id or "", self.command.intent if self.command else ""))
        return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()


class Arrival(str, Enum):
    NEW = "new"
    WAITING = "waiting"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Accepted:
    """A kept message: whether it is new, whose it is, and its stored replies if it was answered before."""

    arrival: Arrival
    message: InboxMessage
    replies: tuple[OutboxMessage, ...] = ()

    @property
    def message_id(self) -> str:
        return self.message.id

    @property
    def person_id(self) -> str:
        return self.message.person_id


@dataclass(frozen=True)
class ChannelAnswer:
    """What is answered without the dialogue. A ``held`` message waits until the person agreed to talk here;
    replies that were ``shown`` already are not sent again."""

    replies: tuple[Reply, ...] = ()
    held: bool = False
    shown: bool = False


AnswersItself = Callable[[UnitOfWork, Person, InboxMessage], Optional[ChannelAnswer]]
"""Decides in the transaction that keeps a message whether it is answered there; None leaves it to the dialogue."""


@dataclass(frozen=True)
class Standing:
    """What the front needs to know of an address without asking the database again."""

    person_id: Optional[str] = None
    screen: ScreenContext = field(default_factory=ScreenContext)
    country: Optional[str] = None
    route_known: bool = False
    safety_text_at: Optional[datetime] = None


@dataclass(frozen=True)
class Batch:
    """The messages of a person's next turn, in order. ``silent``: a person of the team answers, not the assistant."""

    messages: tuple[InboxMessage, ...]
    silent: bool = False


class Turns:
    """Keeps messages of people and replies to them."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids) -> None:
        self._uow, self._clock, self._ids = uow, clock, ids

    def accept(self, incoming: Incoming, screening: Screening, itself: Optional[AnswersItself] = None) -> Accepted:
        """Keep a message. A repeat gives what was answered; other content under one id raises MessageConflict.

        A button of a closed question, or one that was offered to somebody else, raises QuestionClosed. What is
        answered without the dialogue (``itself``) is stored with the message: it happens once, and no front sees
        the message waiting.
        """
        try:
            return self._accept(incoming, screening, itself)
        except StorageConflict:  # the same message came twice at once; the other one was first
            return self._accept(incoming, screening, itself)

    def earlier(self, incoming: Incoming) -> Optional[Accepted]:
        """What became of the message if it came before; None for a new one. Raises MessageConflict as ``accept``."""
        with self._uow() as uow:
            old = uow.messages.inbox(incoming.message_id)
            return self._again(uow, old, incoming) if old is not None else None

    def _accept(self, incoming: Incoming, screening: Screening, itself: Optional[AnswersItself]) -> Accepted:
        with self._uow() as uow:
            old = uow.messages.inbox(incoming.message_id)
            if old is not None:
                return self._again(uow, old, incoming)
            person = person_at(uow, incoming.channel, incoming.address, self._clock, self._ids)
            if incoming.country and person.country is None:
                person.country = incoming.country
            if itself is not None:
                uow.people.lock(person.id)  # before there is a message of theirs, so that two fronts wait for each other
            text, payload = incoming.text, incoming.command.as_dict() if incoming.command else None
            if incoming.button_id is not None:
                button = self._open_button(uow, person.id, incoming.button_id)
                payload = button.payload
                text = text or str(button.payload.get("title") or "")
            message = InboxMessage(
                id=incoming.message_id,
                person_id=person.id,
                channel=incoming.channel,
                address=incoming.address,
                channel_message_id=incoming.channel_message_id,
                digest=incoming.digest,
                text=text,
                received_at=self._clock.now(),
                button=payload,
                open_item=uow.conversations.get(person.id).open_item,
                safety=screening_dict(screening),
                reference=incoming.reference,
            )
            uow.messages.add_inbox(message)
            answer = itself(uow, person, message) if itself is not None else None
            message = uow.messages.inbox(message.id) or message  # it may have moved to another person meanwhile
            if answer is None:
                uow.commit()
                return Accepted(Arrival.NEW, message)
            stored = self._answer(uow, [message], answer.replies, shown=answer.shown, held=answer.held)
            uow.commit()
            return Accepted(Arrival.ANSWERED, message, tuple(stored))

    def finish(
        self, person_id: str, message_ids: Sequence[str], replies: Sequence[Reply], *, shown: bool = False
    ) -> list[OutboxMessage]:
        """Store the replies of a turn, give buttons their opaque ids, and mark the messages answered.

        All messages of the turn share the replies. Called again for an answered turn it gives the stored
        replies. For a person erased in this very turn nothing is stored and the replies go out as they are.
        ``shown``: the person has seen the replies already, so that no channel sends them again.
        """
        with self._uow() as uow:
            person = uow.people.lock(person_id)  # held, so that places in the outbox are in order
            messages = [m for m in (uow.messages.inbox(i) for i in message_ids) if m is not None]
            if not messages or person is None:
                return [self._outbox(person_id, "web", r, None, i) for i, r in enumerate(replies)]
            if messages[-1].status == "answered" and messages[-1].reply_group:
                return list(uow.messages.outbox_group(messages[-1].reply_group))
            stored = self._answer(uow, messages, replies, shown=shown)
            uow.commit()
            return stored

    def _answer(
        self, uow: UnitOfWork, messages: Sequence[InboxMessage], replies: Sequence[Reply], *, shown: bool = False, held: bool = False
    ) -> list[OutboxMessage]:
        """Put the replies out. A ``held`` message has its own answer, and the ids of its replies, still to come."""
        last = messages[-1]
        group = None if held else last.id
        stored = [self._outbox(last.person_id, last.channel, r, group, i) for i, r in enumerate(replies)]
        for reply, outgoing in zip(replies, stored, strict=True):
            put_out(uow, outgoing, None if shown else last.address)
            self._offer(uow, outgoing, reply)
        for message in messages:
            message.status, message.reply_group = "held" if held else "answered", group
        return stored

    def message(self, message_id: str) -> Optional[InboxMessage]:
        with self._uow() as uow:
            return uow.messages.inbox(message_id)

    def waiting(self) -> Sequence[InboxMessage]:
        """Messages kept but not answered yet, oldest first: the work after a restart."""
        with self._uow() as uow:
            return uow.messages.waiting()

    def next_batch(self, person_id: str) -> Batch:
        """The person's next turn: one button or command, or all typed texts up to the next of those. What a front
        had handed over when it fell is handed over again as it was, without what came after it."""
        with self._uow() as uow:
            waiting = uow.messages.waiting(person_id)
            begun = uow.messages.begun([message.id for message in waiting])
            silent = bool(waiting) and uow.conversations.get(person_id).taken_over_by is not None
        return Batch(leading(waiting, begun), silent)

    def answered(self, message_id: str) -> Optional[list[OutboxMessage]]:
        """Replies to a message: None while it waits, empty if it is not kept any more."""
        with self._uow() as uow:
            message = uow.messages.inbox(message_id)
            if message is None:
                return []
            if message.status == "waiting":
                return None
            return list(uow.messages.outbox_group(message.reply_group)) if message.reply_group else []

    def button_open(self, message_id: str) -> bool:
        """Whether the question of a queued button is still open when its turn comes."""
        with self._uow() as uow:
            message = uow.messages.inbox(message_id)
            if message is None or not message.button or not message.button.get("item"):
                return True
            if uow.messages.begun([message_id]):
                return True  # it was closed by this very tap, whose replies were lost with whoever fell
            button = uow.messages.button(str(message.button["id"]))
            return button is not None and button.closed_at is None

    def standing(self, channel: str, address: str) -> Standing:
        """Context of an address for the screen and the fixed replies."""
        with self._uow() as uow:
            person = uow.people.by_address(channel, address)
            if person is None:
                return Standing()
            conversation = uow.conversations.get(person.id)
            asked = conversation.asked_safety
            recent = uow.messages.recent_texts(person.id, RECENT_TURNS)
            question = uow.messages.last_outbox(person.id)
            return Standing(
                person_id=person.id,
                screen=ScreenContext(
                    question_item=conversation.open_item,
                    question_text=question.text if question else None,
                    recent_turns=tuple(recent),
                    asked_safety=AlertClass(asked) if asked else None,
                ),
                country=person.country,
                route_known=route_of(person) is not None,
                safety_text_at=conversation.safety_text_at,
            )

    def history(self, channel: str, address: str, after: Optional[str]) -> list[InboxMessage | OutboxMessage]:
        """Both sides of the conversation at this address's person, oldest first, after a message id."""
        with self._uow() as uow:
            person = uow.people.by_address(channel, address)
            if person is None:
                return []
            everything = uow.messages.transcript(person.id)
        ids = [message.id for message in everything]
        return everything[ids.index(after) + 1 :] if after in ids else everything

    def set_country(self, channel: str, address: str, country: str) -> None:
        """Keep a country chosen in the widget once there is a person to keep it for."""
        with self._uow() as uow:
            person = uow.people.by_address(channel, address)
            if person is not None:
                person.country = country
                uow.commit()

    def end_session(self, session_id: str) -> None:
        with self._uow() as uow:
            uow.sessions.end(session_id, self._clock.now())
            uow.commit()

    def session_ended(self, session_id: str) -> bool:
        with self._uow() as uow:
            return uow.sessions.ended(session_id)

    def on_duty(self) -> bool:
        """Whether any clinician is on duty now."""
        with self._uow() as uow:
            return clinician_on_duty(uow, self._clock.now())

    def _again(self, uow: UnitOfWork, old: InboxMessage, incoming: Incoming) -> Accepted:
        if old.digest != incoming.digest:
            raise MessageConflict("this message id was used with other content")
        if old.status != "answered" or old.reply_group is None:
            return Accepted(Arrival.WAITING, old)
        replies = tuple(uow.messages.outbox_group(old.reply_group))
        return Accepted(Arrival.ANSWERED, old, replies)

    def _open_button(self, uow: UnitOfWork, person_id: str, button_id: str) -> OfferedButton:
        button = uow.messages.button(button_id)
        if button is None or button.person_id != person_id or button.closed_at is not None:
            raise QuestionClosed("that question is already answered")
        return button

    def _outbox(self, person_id: str, channel: str, reply: Reply, group: Optional[str], index: int) -> OutboxMessage:
        return OutboxMessage(
            id=reply_id(group, index) if group else self._ids.new("rep"),
            person_id=person_id,
            channel=channel,
            kind=reply.kind.value,
            author="assistant",
            text=reply.text,
            created_at=self._clock.now(),
            buttons=[{"title": b.title, "value": self._ids.new("btn")} for b in reply.buttons],
            reply_group=group,
        )

    def _offer(self, uow: UnitOfWork, message: OutboxMessage, reply: Reply) -> None:
        for shown, button in zip(message.buttons, reply.buttons, strict=True):
            payload: dict[str, Any] = {**button.payload.as_dict(), "title": button.title, "id": shown["value"]}
            uow.messages.add_button(
                OfferedButton(shown["value"], message.person_id, message.id, payload, button.payload.item)
            )


def leading(waiting: Sequence[InboxMessage], begun: Container[str] = ()) -> tuple[InboxMessage, ...]:
    """The first messages that make one turn; ``begun`` are those of an earlier try."""
    if not waiting or waiting[0].button is not None:
        return tuple(waiting[:1])
    again = waiting[0].id in begun
    return tuple(takewhile(lambda message: message.button is None and (message.id in begun) == again, waiting))


def finding_of(stored: Optional[Mapping[str, Any]]) -> Optional[Finding]:
    """The finding behind a stored screening, if it called for a reply or the direct question."""
    if not stored or stored["action"] not in (ScreenAction.REPLY.value, ScreenAction.ASK.value):
        return None
    return Finding(
        alert_class=AlertClass(stored["class"]),
        level=Level(stored["level"]),
        action=ScreenAction(stored["action"]),
        rule_id=str(stored["rule"]),
        rule_version=str(stored["rule_version"]),
    )


def reply_id(message_id: str, index: int) -> str:
    """The id of a reply to a message: the same whether it went out stored or not."""
    return "rep_" + hashlib.sha256(f"{message_id}\x1f{index}".encode()).hexdigest()[:24]


def person_at(uow: UnitOfWork, channel: str, address: str, clock: Clock, ids: Ids) -> Person:
    """The person at an address; made, without consent, at their first message."""
    person = uow.people.by_address(channel, address)
    if person is None:
        now = clock.now()
        person = Person(id=ids.new("per"), created_at=now)
        uow.people.add(person)
        uow.people.add_identity(ChannelIdentity(ids.new("adr"), person.id, channel, address, now))
    return person


def screening_dict(screening: Screening) -> Optional[dict[str, Any]]:
    """What the record keeps of a screening: class and level, no words."""
    top = screening.top
    if top is None:
        return None
    return {
        "class": top.alert_class.value,
        "level": top.level.value,
        "action": top.action.value,
        "rule": top.rule_id,
        "rule_version": top.rule_version,
    }
