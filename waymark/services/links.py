"""Codes that let a person carry on in another channel: the same person, the same talk (privacy.md §4, §11)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from waymark.domain.actors import PERSON
from waymark.domain.conversation import Conversation
from waymark.domain.errors import AlreadyHere, LinkRefused, OwnRecord, StorageConflict
from waymark.domain.intake import current
from waymark.domain.linking import CODE_LIFETIME, LinkCode, plain_code
from waymark.domain.people import ChannelIdentity, Person, PersonStatus
from waymark.services.alerts import renew_routes
from waymark.services.audit import Audit
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory
from waymark.services.turns import person_at


@dataclass(frozen=True)
class IssuedCode:
    """A code as it is shown once; only its hash is kept."""

    code: str
    expires_at: datetime


class Links:
    """Makes codes and joins the address at which one is typed to the person whose code it is."""

    def __init__(self, uow: UnitOfWorkFactory, clock: Clock, ids: Ids, audit: Audit) -> None:
        self._uow, self._clock, self._ids, self._audit = uow, clock, ids, audit

    def issue(self, channel: str, address: str) -> IssuedCode:
        """A code for the person at an address; the person is made if the address is new."""
        try:
            return self._issue(channel, address)
        except StorageConflict:  # the first message came at the same moment and made the person
            return self._issue(channel, address)

    def issue_in(self, uow: UnitOfWork, person: Person, channel: str, now: datetime) -> IssuedCode:
        """A code in the caller's transaction. Earlier codes of the person that nobody used end with it."""
        uow.people.lock(person.id)
        uow.links.drop_codes(person.id)
        shown, expires_at = self._ids.code(), now + CODE_LIFETIME
        uow.links.add_code(LinkCode(_hash(plain_code(shown) or shown), person.id, channel, now, expires_at))
        self._audit.record(uow, PERSON, "link.issue", person.id, channel)
        return IssuedCode(shown, expires_at)

    def redeem(self, channel: str, address: str, typed: str) -> Person:
        """Join an address to the person of a code. Raises LinkRefused, OwnRecord or AlreadyHere."""
        try:
            return self._redeem(channel, address, typed)
        except StorageConflict:  # the address got a person, or lost one, at the same moment
            return self._redeem(channel, address, typed)

    def redeem_in(self, uow: UnitOfWork, channel: str, address: str, typed: str) -> Person:
        """As ``redeem``, in the caller's transaction; gives the person who is at the address from now on.

        A newcomer without a record may be there already: what they said and were told becomes the person's own,
        each word with its channel, and the newcomer is gone. Raises StorageConflict if the newcomer goes meanwhile.
        """
        plain = plain_code(typed)
        owner_id = uow.links.owner(_hash(plain)) if plain else None
        if plain is None or owner_id is None:
            raise LinkRefused("no such code")
        here = uow.people.identity(channel, address)
        here_id = here.person_id if here else owner_id
        locked = {person_id: uow.people.lock(person_id) for person_id in sorted({owner_id, here_id})}
        person, code, now = locked[owner_id], uow.links.code(_hash(plain)), self._clock.now()
        if person is None or code is None or not code.in_time(now):
            raise LinkRefused("the code is too old")
        if here is not None and here_id == owner_id:
            raise AlreadyHere("the code is of the person at this address")
        if code.used_at is not None:
            raise LinkRefused("the code was used")
        if here is None:
            uow.people.add_identity(ChannelIdentity(self._ids.new("adr"), person.id, channel, address, now))
        else:
            self._take_in(uow, person, locked[here_id], now)
        code.used_at = now
        self._audit.record(uow, PERSON, "link.use", person.id, channel)
        return person

    def _issue(self, channel: str, address: str) -> IssuedCode:
        with self._uow() as uow:
            person = person_at(uow, channel, address, self._clock, self._ids)
            issued = self.issue_in(uow, person, channel, self._clock.now())
            uow.commit()
            return issued

    def _redeem(self, channel: str, address: str, typed: str) -> Person:
        with self._uow() as uow:
            person = self.redeem_in(uow, channel, address, typed)
            uow.commit()
            return person

    def _take_in(self, uow: UnitOfWork, person: Person, newcomer: Person | None, now: datetime) -> None:
        """Move everything of a newcomer to the person, and let the newcomer go."""
        if newcomer is None:
            raise StorageConflict("the newcomer went to another person")
        if newcomer.status is not PersonStatus.PENDING or uow.plans.versions(newcomer.id):
            raise OwnRecord("this address has a record of its own")
        _close_questions(uow, newcomer, now)
        _hold_danger(uow.conversations.get(person.id), uow.conversations.get(newcomer.id))
        _fill_gaps(person, newcomer)
        uow.answers.drop(newcomer.id, _not_taken_over(uow, person, newcomer))
        uow.people.adopt(newcomer.id, person.id)
        renew_routes(uow, person)
        uow.privacy.ask_forget(newcomer.id, now)
        uow.people.drop_emptied(newcomer.id)


def _not_taken_over(uow: UnitOfWork, person: Person, newcomer: Person) -> set[str]:
    """Items where the person's own answer stays in force, and consents: those are given by the person or not at all."""
    answered = current(uow.answers.of(person.id))
    theirs = {answer.item for answer in uow.answers.of(newcomer.id)}
    return {item for item in theirs if item in answered or item.startswith("consent.")}


def _close_questions(uow: UnitOfWork, newcomer: Person, now: datetime) -> None:
    """What the newcomer was asked is asked no more, so its buttons end; questions about safety stay open."""
    conversation = uow.conversations.get(newcomer.id)
    asked = [conversation.open_item or "", *(conversation.resume_item or "").split(",")]
    for item in asked:
        if item and not _is_safety(item):
            uow.messages.close_buttons(newcomer.id, item, now)


def _hold_danger(ours: Conversation, theirs: Conversation) -> None:
    """Danger that came up with the newcomer, and a person of the team who is writing, hold the talk as before."""
    ours.asked_safety = ours.asked_safety or theirs.asked_safety
    ours.safety_class = ours.safety_class or theirs.safety_class
    ours.taken_over_by = ours.taken_over_by or theirs.taken_over_by
    shown = [at for at in (ours.safety_text_at, theirs.safety_text_at) if at is not None]
    ours.safety_text_at = max(shown, default=None)
    if theirs.open_item and _is_safety(theirs.open_item):
        ours.push_aside(theirs.open_item)


def _fill_gaps(person: Person, newcomer: Person) -> None:
    """What is known of the newcomer only: the person's own details come first."""
    person.alias = person.alias or newcomer.alias
    person.age = person.age or newcomer.age
    person.country = person.country or newcomer.country
    person.time_zone = person.time_zone or newcomer.time_zone
    person.assigned_to = person.assigned_to or newcomer.assigned_to
    person.contact = {**newcomer.contact, **person.contact}


def _is_safety(item: str) -> bool:
    return item.startswith("safety.")


def _hash(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
