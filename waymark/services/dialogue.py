"""One turn of the dialogue: run a use case once for a message, greet first, and keep what was answered.

Rasa may call an action again for a message it has seen (after a fall); the stored outcome is then given
back and nothing happens twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Callable, Optional

from waymark.domain.conversation import Conversation, InboxMessage, TurnOutcome
from waymark.domain.errors import NotFound
from waymark.domain.messages import ButtonPayload, Outcome, Part, ReplyKind, Say, utter
from waymark.domain.people import Person
from waymark.services.ports import Clock, UnitOfWork, UnitOfWorkFactory

AUTOMATED_NOTICE_EVERY = timedelta(hours=24)
"""How often the assistant says again that it is a program (privacy.md §9)."""

AWAY = timedelta(hours=6)
"""After this long without a word the person is told in one line where they were."""


@dataclass(frozen=True)
class TurnScope:
    """What a use case works on: the open transaction, the person, where they are, and their messages."""

    uow: UnitOfWork
    person: Person
    conversation: Conversation
    parts: tuple[Part, ...]
    now: datetime

    @property
    def last(self) -> Part:
        return self.parts[-1]


Work = Callable[[TurnScope], Outcome]


class Dialogue:
    """Gives use cases their scope and makes each count once a message."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, clinic_name: str) -> None:
        self._uow, self._clock, self._clinic = uow, clock, clinic_name

    def run(self, step: str, message_ids: tuple[str, ...], work: Work, need: Optional[str] = None) -> Outcome:
        """Do ``work`` for these messages of one person, or give back what it answered before.

        ``need`` is kept with the message as what it asked for. Raises NotFound if the messages are gone, as after an erasure.
        """
        key = message_ids[-1]
        with self._uow() as uow:
            done = uow.messages.outcome(key, step)
            if done is not None:
                return Outcome.from_dict(done.outcome)
            scope = self._scope(uow, message_ids, step)
            preamble = self._preamble(scope)
            outcome = work(scope)
            outcome = Outcome(says=(*preamble, *outcome.says), open=outcome.open)
            message = uow.messages.inbox(key)
            if message is not None:
                if need is not None:
                    message.needs = [need]
                for part in scope.parts:
                    uow.messages.add_outcome(TurnOutcome(part.message_id, step, outcome.as_dict(), scope.now))
            uow.commit()
            return outcome

    def _scope(self, uow: UnitOfWork, message_ids: tuple[str, ...], step: str) -> TurnScope:
        """The turn's scope; a message of the batch that was served in an earlier turn is not served again."""
        fresh = [i for i in message_ids[:-1] if uow.messages.outcome(i, step) is None]
        messages = [uow.messages.inbox(message_id) for message_id in (*fresh, message_ids[-1])]
        found = [message for message in messages if message is not None]
        if not found:
            raise NotFound("these messages are not kept any more")
        person = uow.people.lock(found[-1].person_id)
        if person is None:
            raise NotFound("no such person")
        parts = tuple(_part(message) for message in found)
        return TurnScope(uow, person, uow.conversations.get(person.id), parts, self._clock.now())

    def _preamble(self, scope: TurnScope) -> tuple[Say, ...]:
        """First words: who is talking and who sees it; later a short reminder, and where we were."""
        conversation, now = scope.conversation, scope.now
        if conversation.greeted_at is None:
            conversation.greeted_at = conversation.automated_notice_at = now
            who = "who_sees_team" if self._clinic else "who_sees_nobody"
            return (
                utter("introduce", kind=ReplyKind.NOTICE),
                utter(who, kind=ReplyKind.NOTICE, clinic=self._clinic),
            )
        says: list[Say] = []
        if conversation.automated_notice_at and now - conversation.automated_notice_at >= AUTOMATED_NOTICE_EVERY:
            conversation.automated_notice_at = now
            says.append(utter("still_automated", kind=ReplyKind.NOTICE))
        away_since = _previous_at(scope)
        if away_since is not None and now - away_since >= AWAY and conversation.open_item and not conversation.paused:
            says.append(utter("welcome_back"))
        return tuple(says)


def _part(message: InboxMessage) -> Part:
    button = ButtonPayload.from_dict(message.button) if message.button else None
    return Part(message.id, message.text, button, message.received_at, message.channel, message.open_item)


def _previous_at(scope: TurnScope) -> Optional[datetime]:
    """When the person last wrote before this turn."""
    first = scope.parts[0].at
    earlier = scope.uow.messages.last_inbox(scope.person.id, before=first) if first else None
    return earlier.received_at if earlier else None
