"""What Telegram answers by itself: its notice, its commands, link codes, and messages that cannot be read.

Decided in the transaction that keeps the message, so that each is answered once (privacy.md §11). Safety has been
looked at before; the dialogue gets what is left.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Callable, Mapping, Optional, Protocol

from waymark.domain.actors import PERSON
from waymark.domain.channel_texts import NOTICE_ITEM, NOTICE_KIND, ChannelTexts
from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.errors import AlreadyHere, LinkRefused, OwnRecord
from waymark.domain.intake import current
from waymark.domain.linking import plain_code
from waymark.domain.messages import Button, ButtonPayload, Reply, ReplyKind
from waymark.domain.people import Consent, Person, PersonStatus
from waymark.services.audit import Audit
from waymark.services.links import Links
from waymark.services.outgoing import put_out
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory
from waymark.services.turns import AnswersItself, ChannelAnswer, reply_id

CHANNEL = "telegram"
CODE = re.compile(r"^\s*[A-Za-z0-9]{4}[\s-]?[A-Za-z0-9]{4}\s*$")
BEFORE_NOTICE = ("help", "stop", "web", "human", "delete")
"""Commands that work without an answer to the notice: none of them asks for anything about health."""

COMMANDS: Mapping[str, ButtonPayload] = {
    "start": ButtonPayload("greet"),
    "help": ButtonPayload("ask_who_are_you"),
    "plan": ButtonPayload("ask_my_plan"),
    "stop": ButtonPayload("goodbye"),
    "delete": ButtonPayload("delete_my_data"),
    "export": ButtonPayload("export_my_data"),
    "human": ButtonPayload("ask_human"),
    "web": ButtonPayload("goodbye"),
}
"""What the dialogue is told of a command that it answers."""


@dataclass(frozen=True)
class Said:
    """What came besides the text. ``kind`` is text, command, button, edited, contact or a kind of ``ChannelTexts.kinds``.

    ``album`` names pictures that were sent at once; they get one answer.
    """

    kind: str
    album: Optional[str] = None
    command: Optional[str] = None
    edited: Optional[str] = None
    phone: Optional[str] = None
    phone_is_own: bool = False


class Guard(Protocol):
    """Slows down whoever tries codes (``front.link_guard``)."""

    def wait_for(self, address: str) -> float: ...

    def wrong(self, address: str) -> None: ...


class ChannelTalk:
    """Answers of the channel itself. ``itself`` gives what ``Turns.accept`` calls for one message."""

    def __init__(
        self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit, links: Links, texts: ChannelTexts,
        guard: Guard, web_url: str, emergency: Callable[[Optional[str]], str],
    ) -> None:  # fmt: skip
        self._uow, self._clock, self._ids, self._audit = uow, clock, ids, audit
        self._links, self._texts, self._guard = links, texts, guard
        self._web_url, self._emergency = web_url, emergency

    def itself(self, said: Said) -> AnswersItself:
        def answer(uow: UnitOfWork, person: Person, message: InboxMessage) -> Optional[ChannelAnswer]:
            uow.people.lock(person.id)  # a turn under way ends first
            return self._answer(uow, person, message, said)

        return answer

    def shut_out(self, address: str, blocked: bool) -> None:
        """The person blocked the bot, or opened it again."""
        with self._uow() as uow:
            identity = uow.people.identity(CHANNEL, address)
            if identity is not None:
                identity.blocked_at = self._clock.now() if blocked else None
                self._audit.record(uow, PERSON, "channel.block" if blocked else "channel.unblock", identity.person_id, CHANNEL)
                uow.commit()

    def first_time(self, key: str) -> bool:
        """Whether an update that belongs to nobody, such as one of a group, comes for the first time."""
        with self._uow() as uow:
            fresh = uow.updates.note(key, self._clock.now())
            uow.commit()
            return fresh

    def _answer(self, uow: UnitOfWork, person: Person, message: InboxMessage, said: Said) -> Optional[ChannelAnswer]:
        if said.kind == "command":
            return self._command(uow, person, message, said.command or "")
        if said.kind == "button":
            return self._button(uow, person, message)
        if said.kind == "text":
            return self._text(uow, person, message)
        first = said.album is None or uow.updates.note(_album_key(message.address, said.album), self._clock.now())
        if said.kind in self._texts.kinds and message.text:
            self._aside(uow, message, self._texts.caption_read)
            return self._text(uow, person, message)
        if uow.conversations.get(person.id).taken_over_by is not None:
            return ChannelAnswer()  # somebody of the team is talking; they see what came
        if said.kind == "edited":
            return self._edited(uow, person, message, said)
        if said.kind == "contact":
            return self._contact(uow, person, said)
        return self._say(self._texts.kinds[said.kind], person) if first else ChannelAnswer()

    # --- notice and commands -------------------------------------------------------------------------------

    def _text(self, uow: UnitOfWork, person: Person, message: InboxMessage) -> Optional[ChannelAnswer]:
        if CODE.match(message.text) and any(c.isdigit() for c in message.text) and plain_code(message.text):
            return self._redeem(uow, person, message, message.text)
        return self._gate(uow, person)

    def _gate(self, uow: UnitOfWork, person: Person) -> Optional[ChannelAnswer]:
        """Hold what is said until the notice is answered; an answer to a question about safety or deleting goes on."""
        open_item = uow.conversations.get(person.id).open_item or ""
        if self._agreed(uow, person) or open_item.startswith(("safety.", "privacy.")):
            return None
        again = bool(uow.messages.waiting(person.id, status="held"))
        return ChannelAnswer((self._notice(person, again=again),), held=True)

    def _command(self, uow: UnitOfWork, person: Person, message: InboxMessage, command: str) -> Optional[ChannelAnswer]:
        if command == "start":
            return self._start(uow, person, message)
        if command == "help":
            return self._say(self._texts.help, person)
        if command == "web":
            return ChannelAnswer((self._web_code(uow, person),))
        if command == "stop":
            identity = uow.people.identity(CHANNEL, message.address)
            if identity is not None:
                identity.quiet_since = self._clock.now()
            return self._say(self._texts.quiet, person)
        return None if command in BEFORE_NOTICE else self._gate(uow, person)

    def _start(self, uow: UnitOfWork, person: Person, message: InboxMessage) -> Optional[ChannelAnswer]:
        code = message.text.partition(" ")[2].strip()
        if code:
            return self._redeem(uow, person, message, code)
        identity = uow.people.identity(CHANNEL, message.address)
        was_quiet = identity is not None and identity.quiet_since is not None
        if identity is not None:
            identity.quiet_since = None
        if not self._agreed(uow, person):
            return ChannelAnswer((self._notice(person),))
        if was_quiet:
            self._aside(uow, message, self._texts.loud)
        self._open_talk(uow, person, message)
        return None

    def _open_talk(self, uow: UnitOfWork, person: Person, message: InboxMessage) -> None:
        """Let the dialogue greet somebody new, and bring somebody back to where they were."""
        begun = uow.conversations.get(person.id).greeted_at is not None
        message.button = {**(message.button or {}), **ButtonPayload("resume_intake" if begun else "greet").as_dict()}

    def _notice(self, person: Person, *, again: bool = False) -> Reply:
        notice = self._texts.notice
        buttons = tuple(
            Button(title, ButtonPayload(NOTICE_KIND, NOTICE_ITEM, choice)) for choice, title in notice.choices.items()
        )
        return Reply(notice.again if again else self._filled(notice.text, person), ReplyKind.NOTICE, buttons)

    def _agreed(self, uow: UnitOfWork, person: Person) -> bool:
        answers = [c for c in uow.consents.of(person.id) if c.kind == NOTICE_KIND]
        return bool(answers) and answers[-1].given

    def _button(self, uow: UnitOfWork, person: Person, message: InboxMessage) -> Optional[ChannelAnswer]:
        payload = message.button or {}
        if payload.get("item") != NOTICE_ITEM:
            return None
        choice = str(payload.get("value"))
        uow.messages.close_buttons(person.id, NOTICE_ITEM, self._clock.now())
        uow.consents.add(self._choice(person, message, given=choice == "continue"))
        self._audit.record(uow, PERSON, f"telegram.{choice}", person.id)
        if choice == "web":
            return ChannelAnswer((self._web_code(uow, person),))
        if choice == "stop":
            return self._stopped(uow, person, message)
        if self._release(uow, person):
            return ChannelAnswer()  # what was said before is answered now
        self._open_talk(uow, person, message)
        return None

    def _choice(self, person: Person, message: InboxMessage, *, given: bool) -> Consent:
        return Consent(
            id=self._ids.new("con"), person_id=person.id, kind=NOTICE_KIND, version=self._texts.version, given=given,
            at=self._clock.now(), channel=CHANNEL, message_id=message.id, text_hash=self._texts.notice_digest,
        )  # fmt: skip

    def _stopped(self, uow: UnitOfWork, person: Person, message: InboxMessage) -> ChannelAnswer:
        """Forget what was held. Somebody without consent has nothing else here; a record stays as it is."""
        identity = uow.people.identity(CHANNEL, message.address)
        if identity is not None:
            identity.quiet_since = self._clock.now()
        for waiting in uow.messages.waiting(person.id, status="held"):
            waiting.text, waiting.status = "", "answered"
        if person.status is PersonStatus.PENDING:
            uow.privacy.scrub(person.id)
        return self._say(self._texts.notice.stopped, person)

    # --- links ------------------------------------------------------------------------------------------------

    def _web_code(self, uow: UnitOfWork, person: Person) -> Reply:
        issued = self._links.issue_in(uow, person, CHANNEL, self._clock.now())
        text = self._texts.notice.web.replace("{url}", self._web_url).replace("{code}", issued.code)
        return Reply(text, ReplyKind.NOTICE)

    def _redeem(self, uow: UnitOfWork, person: Person, message: InboxMessage, code: str) -> ChannelAnswer:
        """Join this chat to the person of the code. The message moves with everything else that was said here."""
        if self._guard.wait_for(message.address) > 0:
            return self._say(self._texts.link["too_many"], person)
        try:
            joined = self._links.redeem_in(uow, CHANNEL, message.address, code)
        except LinkRefused:
            self._guard.wrong(message.address)
            return self._say(self._texts.link["refused"], person)
        except OwnRecord:
            return self._say(self._texts.link["own_record"], person)
        except AlreadyHere:
            return self._say(self._texts.link["already"], person)
        done = Reply(self._texts.link["done"], ReplyKind.NOTICE)
        if not self._agreed(uow, joined):
            return ChannelAnswer((done, self._notice(joined)))
        self._release(uow, joined)
        return ChannelAnswer((done,))

    def _release(self, uow: UnitOfWork, person: Person) -> bool:
        """Let what was held have its turn; whether there was anything."""
        held = uow.messages.waiting(person.id, status="held")
        for waiting in held:
            waiting.status = "waiting"
        return bool(held)

    # --- edits and shared numbers -------------------------------------------------------------------------------

    def _edited(self, uow: UnitOfWork, person: Person, message: InboxMessage, said: Said) -> ChannelAnswer:
        """An edit changes nothing by itself; an answer that came from the message is asked about."""
        original = uow.messages.inbox_by_reference(person.id, CHANNEL, said.edited or "")
        known = current(uow.answers.of(person.id))
        items = [item for item, answer in known.items() if original and answer.message_id == original.id]
        conversation = uow.conversations.get(person.id)
        held = (conversation.open_item or "").startswith("safety.")
        if not items or held or not message.text.strip() or person.status in (PersonStatus.DECLINED, PersonStatus.MINOR):
            return self._say(self._texts.edited.instead["unchanged"], person)
        self._open(uow, person, "edit.confirm", {"items": items, "text": message.text})
        ask = self._texts.edited.ask.replace("{text}", message.text)
        return ChannelAnswer((self._question(ask, "edit.confirm", self._texts.edited.choices),))

    def _contact(self, uow: UnitOfWork, person: Person, said: Said) -> ChannelAnswer:
        """A shared number is kept only after a yes; until then it lies sealed with the open question."""
        held = (uow.conversations.get(person.id).open_item or "").startswith("safety.")
        if not said.phone_is_own:
            return self._say(self._texts.contact.instead["other_person"], person)
        if not said.phone or person.status is not PersonStatus.ACTIVE or held:
            return self._say(self._texts.contact.instead["not_now"], person)
        self._open(uow, person, "contact.confirm", {"phone": said.phone})
        return ChannelAnswer((self._question(self._texts.contact.ask, "contact.confirm", self._texts.contact.choices),))

    def _open(self, uow: UnitOfWork, person: Person, item: str, detail: dict[str, object]) -> None:
        uow.messages.close_buttons(person.id, item, self._clock.now())
        conversation = uow.conversations.get(person.id)
        conversation.push_aside(item)
        conversation.detail = dict(detail)
        conversation.asked_count = 1

    def _question(self, text: str, item: str, choices: Mapping[str, str]) -> Reply:
        buttons = tuple(Button(title, ButtonPayload("answer", item, value)) for value, title in choices.items())
        return Reply(text, ReplyKind.MESSAGE, buttons)

    # --- words ----------------------------------------------------------------------------------------------

    def _aside(self, uow: UnitOfWork, message: InboxMessage, text: str) -> None:
        """Say something before the dialogue answers the message."""
        aside = OutboxMessage(
            id=reply_id(f"{message.id}:aside", 0), person_id=message.person_id, channel=CHANNEL,
            kind=ReplyKind.NOTICE.value, author="assistant", text=text, created_at=self._clock.now(),
        )  # fmt: skip
        put_out(uow, aside, message.address)

    def _say(self, text: str, person: Person) -> ChannelAnswer:
        return ChannelAnswer((Reply(self._filled(text, person), ReplyKind.NOTICE),))

    def in_danger(self, text: str, country: Optional[str] = None) -> str:
        """A text with the emergency number that fits."""
        return text.replace("{emergency}", self._emergency(country))

    def _filled(self, text: str, person: Person) -> str:
        return self.in_danger(text, person.country)


def _album_key(address: str, album: str) -> str:
    return hashlib.sha256(f"album\x1f{address}\x1f{album}".encode()).hexdigest()
