"""Erase and scrub: what a person told is removed wherever it lies (privacy.md §4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from waymark.domain.actors import PERSON, Actor
from waymark.domain.errors import NotFound
from waymark.domain.people import Person, PersonStatus
from waymark.services.audit import Audit
from waymark.services.dialogue import TurnScope
from waymark.services.ports import (
    AlertJournal,
    Clock,
    DialogueStore,
    Ids,
    UnitOfWork,
    UnitOfWorkFactory,
)

MINOR_KEPT = timedelta(days=7)
"""A minor's data is purged after a week, except the safety record (privacy.md §10)."""

TURNS_END_WITHIN = timedelta(seconds=60)
"""No turn lasts longer."""

RUN_OUT_KEPT = timedelta(days=2)
"""Telegram keeps updates for a day; a code or a ticket that ran out explains itself as long."""


class Privacy:
    """Erasure in two steps: our tables at once, Rasa's memory until no turn can be writing to it."""

    def __init__(
        self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit, dialogue_store: DialogueStore, journal: AlertJournal
    ) -> None:
        self._uow, self._clock, self._ids = uow, clock, ids
        self._audit, self._dialogue_store, self._journal = audit, dialogue_store, journal

    def scrub_in(self, scope: TurnScope) -> None:
        """After a refused consent: forget every word, keep the refusal and the safety record."""
        scope.uow.privacy.scrub(scope.person.id)
        scope.person.alias = scope.person.age = None
        scope.person.contact = {}
        scope.uow.privacy.ask_forget(scope.person.id, scope.now)
        self._audit.record(scope.uow, PERSON, "person.scrub", scope.person.id)

    def erase_in(self, scope: TurnScope) -> None:
        """Delete the person in the caller's transaction, at their own request."""
        self._erase(scope.uow, PERSON, scope.person, scope.now)

    def erase(self, actor: Actor, person_id: str) -> None:
        """Delete as the person's own request would. Raises NotFound for an unknown person."""
        with self._uow() as uow:
            person = uow.people.get(person_id)
            if person is None:
                raise NotFound("no such person")
            self._erase(uow, actor, person, self._clock.now())
            uow.commit()
        self.finish_erasures()

    def finish_erasures(self, settled_for: timedelta = timedelta(0)) -> int:
        """Empty Rasa's memory of erased people; returns how many. Safe to repeat.

        Rasa writes its memory at the end of a turn, and would write back what it had read before. So an erasure
        is done with only when it is so old that no turn that was under way can still write; until then each call
        empties the memory again. ``settled_for``: only erasures of this age.
        """
        now = self._clock.now()
        with self._uow() as uow:
            waiting = uow.privacy.to_forget(now - settled_for)
            settled = set(uow.privacy.to_forget(now - TURNS_END_WITHIN))
        for person_id in waiting:
            self._dialogue_store.forget(person_id)
            if person_id in settled:
                with self._uow() as uow:
                    uow.privacy.forgotten(person_id, now)
                    uow.commit()
        return len(waiting)

    def purge_unkept(self, actor: Actor, pending_after: timedelta) -> int:
        """Remove words without consent after their time, and minors' data after a week; returns how many.

        Somebody with an open alert stays until a clinician has closed it: the safety record comes first.
        """
        now = self._clock.now()
        with self._uow() as uow:
            gone = [*uow.people.pending_since_before(now - pending_after)]
            gone += [p for p in uow.people.all() if p.status is PersonStatus.MINOR and p.created_at < now - MINOR_KEPT]
            gone = [p for p in gone if not any(a.open for a in uow.alerts.of(p.id))]
            for person in gone:
                self._erase(uow, actor, person, now)
            uow.commit()
        if gone:
            self.finish_erasures()
        return len(gone)

    def drop_run_out(self) -> None:
        """Remove codes and tickets that ran out, and what prevents repeats once Telegram repeats nothing any more."""
        now = self._clock.now()
        with self._uow() as uow:
            uow.links.drop_before(now - RUN_OUT_KEPT)
            uow.updates.drop_before(now - RUN_OUT_KEPT)
            uow.commit()

    def _erase(self, uow: UnitOfWork, actor: Actor, person: Person, now: datetime) -> None:
        person_id = person.id
        for identity in uow.people.identities(person_id):
            self._journal.forget(identity.channel, identity.address)
        self._forget_alerts(uow, person_id)
        uow.privacy.ask_forget(person_id, now)
        uow.people.delete(person_id)
        self._audit.record(uow, actor, "person.erase", None, person_id)

    def _forget_alerts(self, uow: UnitOfWork, person_id: str) -> None:
        """Keep that an alert existed; remove who it was and every word.

        What a clinician still has to act on keeps its words and route until it is closed (safety.md §1, rule 9).
        """
        tombstone = self._ids.new("gone")
        for alert in uow.alerts.of(person_id):
            alert.person_id = tombstone
            if not (alert.open and alert.in_crisis):
                alert.forget_words()
