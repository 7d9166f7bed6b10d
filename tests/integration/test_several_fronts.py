"""What several fronts on one database rely on: locks, the inbox, the outbox, and what each remembers."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Iterator, Optional, Sequence

import pytest
from journeys.house import wait_for
from starlette.testclient import TestClient

from integration.databases import Databases, core_on, migrated
from waymark.adapters.journal import FileAlertJournal
from waymark.bootstrap import Core
from waymark.domain.actors import PERSON
from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.errors import StorageUnavailable
from waymark.domain.messages import Outcome, Reply
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, Screening
from waymark.front.app import FrontDoor
from waymark.front.events import EventHub
from waymark.front.link_guard import LinkGuard
from waymark.front.queues import PersonQueues, Waiting
from waymark.front.sessions import SessionTokens
from waymark.front.standings import Standings
from waymark.front.turn_locks import TurnLocks
from waymark.services.ports import UnitOfWork
from waymark.services.turns import Accepted, AnswersItself, Incoming, Turns

PLACE, OTHER = ("web", "ses_one"), ("web", "ses_two")
DANGER = "i have the pills here and i'm going to kill myself tonight"
UNCLEAR = "kms lol"
SOON = 10.0


def says(core: Core, words: str, place: tuple[str, str] = PLACE) -> Accepted:
    return core.turns.accept(Incoming(*place, words, words), Screening())


def answers(core: Core, accepted: Accepted, *words: str) -> list[OutboxMessage]:
    return core.turns.finish(accepted.person_id, [accepted.message_id], [Reply(w) for w in words])


# --- the queue --------------------------------------------------------------------------------------------------


class OthersTurn:
    """Locks while another front has every turn."""

    def take(self, key: str) -> Optional[object]:
        return None

    def still(self, held: object) -> bool:
        return False

    def give_back(self, held: object) -> None:
        raise AssertionError("nothing was taken")


def test_what_another_front_answers_is_told_while_it_goes_on_with_the_person(core: Core) -> None:
    mine, later = says(core, "34"), says(core, "uk")

    async def scenario() -> Sequence[OutboxMessage]:
        queues = PersonQueues(core.turns, core.privacy, FrontDoor(core).rasa, TurnLocks(OthersTurn()), [])
        told = queues.submit(mine.person_id, Waiting(mine.message_id))
        waits = queues.submit(later.person_id, Waiting(later.message_id))
        await asyncio.to_thread(answers, core, mine, "Which country?")
        replies = await asyncio.wait_for(told, SOON)
        assert not waits.done()
        await queues.close()
        return replies

    assert [r.text for r in asyncio.run(scenario())] == ["Which country?"]


def test_what_a_fallen_front_had_handed_over_is_handed_over_again_alone(core: Core) -> None:
    first, second = says(core, "34"), says(core, "who can read this?")
    core.dialogue.run("take", (first.message_id,), lambda scope: Outcome())
    third = says(core, "thanks")
    assert [m.id for m in core.turns.next_batch(first.person_id).messages] == [first.message_id]
    answers(core, first, "Which country?")
    assert [m.id for m in core.turns.next_batch(first.person_id).messages] == [second.message_id, third.message_id]


def test_two_who_answer_the_same_message_at_once_store_one_answer(core: Core) -> None:
    accepted, start = says(core, "34"), threading.Barrier(2)

    def answer(words: tuple[str, ...]) -> list[str]:
        start.wait(SOON)
        return [reply.id for reply in answers(core, accepted, *words)]

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(answer, [("Which country?",), ("Which country?", "It helps me.")])
    assert one == other
    with core.uow() as uow:
        assert [m.id for m in uow.messages.transcript(accepted.person_id)[1:]] == one


# --- safety -----------------------------------------------------------------------------------------------------


class Watched(Turns):
    """Looks, like another front, what waits whenever a message has been kept."""

    seen: list[InboxMessage]

    def accept(self, incoming: Incoming, screening: Screening, itself: Optional[AnswersItself] = None) -> Accepted:
        accepted = super().accept(incoming, screening, itself)
        self.seen = [*getattr(self, "seen", []), *self.waiting()]
        return accepted


def test_no_front_ever_sees_a_message_waiting_that_the_fixed_reply_answers(core: Core) -> None:
    turns = Watched(core.uow, core.clock, core.ids)
    core.__dict__["turns"] = turns

    async def scenario() -> Sequence[OutboxMessage]:
        return await FrontDoor(core).desk.receive(Incoming(*PLACE, "m1", DANGER))

    replies = asyncio.run(scenario())
    assert [r.kind for r in replies] == ["safety"] and turns.seen == []
    with core.uow() as uow:
        person = uow.people.by_address(*PLACE)
        assert person is not None and len(uow.alerts.of(person.id)) == 1


ASKED = Finding(AlertClass.SUICIDAL_ACTIVE, Level.S1, ScreenAction.ASK)


def asked_at(core: Core) -> Standings:
    """The memory of a front that has put the direct question and stored it."""

    async def scenario() -> Standings:
        door = FrontDoor(core)
        await door.desk.receive(Incoming(*PLACE, "m1", UNCLEAR))
        known = door.standings.get(*PLACE)
        assert known is not None and known.screen.asked_safety is not None
        return door.standings

    return asyncio.run(scenario())


def open_at(standings: Standings) -> Optional[AlertClass]:
    known = asyncio.run(standings.sure(*PLACE))
    return known.screen.asked_safety if known else None


def answered_elsewhere(core: Core) -> None:
    with core.uow() as uow:
        person = uow.people.by_address(*PLACE)
        assert person is not None
        uow.conversations.get(person.id).asked_safety = None
        uow.commit()


def test_a_direct_question_stays_open_until_somebody_answers_it_at_any_front(core: Core) -> None:
    standings = asked_at(core)
    assert open_at(standings) is not None
    answered_elsewhere(core)
    assert open_at(standings) is None


def test_without_the_database_memory_counts(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    standings = asked_at(core)
    answered_elsewhere(core)

    def away(*_: Any) -> None:
        raise StorageUnavailable("away")

    monkeypatch.setattr(core.turns, "standing", away)
    assert open_at(standings) is not None


def test_a_question_that_could_not_be_stored_counts_although_the_database_knows_nothing_of_it(core: Core) -> None:
    standings = Standings(core.turns)
    standings.note_safety_text(*PLACE, ASKED, core.clock.now())
    assert open_at(standings) is not None
    standings.note_stored(*PLACE)
    assert open_at(standings) is None


def test_a_front_stores_what_the_journal_of_its_machine_holds(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.front.safety_line.REPLAY_EVERY", 0.01)

    async def scenario() -> list[str]:
        door = FrontDoor(core)
        with storage_away(core):
            assert [r.kind for r in await door.desk.receive(Incoming(*PLACE, "m1", DANGER))] == ["safety"]
        assert len(core.journal.pending()) == 1
        replay = asyncio.create_task(door.safety.replay_journal())
        while core.journal.pending():
            await asyncio.sleep(0.01)
        replay.cancel()
        with core.uow() as uow:
            person = uow.people.by_address(*PLACE)
            return [alert.words for alert in uow.alerts.of(person.id)] if person else []

    assert asyncio.run(asyncio.wait_for(scenario(), SOON)) == [DANGER]


def test_an_entry_that_another_process_is_done_with_is_left_out(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileAlertJournal(core.settings.var / "journal", core.cipher)
    for number in ("1", "2"):
        journal.append({"channel": "web", "address": "ses", "channel_message_id": number})
    path = type(core.settings.var)
    read = path.read_text

    def gone(self: Any, *arguments: Any, **options: Any) -> str:
        monkeypatch.setattr(path, "read_text", read)
        self.unlink()
        return read(self, *arguments, **options)

    monkeypatch.setattr(path, "read_text", gone)
    assert len(journal.pending()) == 1


# --- live replies -----------------------------------------------------------------------------------------------


@pytest.fixture
def pg(databases: Databases, tmp_path: Any) -> Iterator[Core]:
    """PostgreSQL only: a SQLite file has one writer, so places come into sight in order."""
    built = core_on(databases.fresh("postgresql"), tmp_path)
    migrated(built.settings)
    yield built
    built.engine.dispose()


@contextmanager
def slowly_put_out(core: Core, accepted: Accepted, words: str) -> Iterator[UnitOfWork]:
    """A reply that has its place already and comes into sight when the block ends."""
    with core.uow() as uow:
        assert uow.people.lock(accepted.person_id) is not None
        uow.messages.add_outbox(
            OutboxMessage(
                core.ids.new("rep"), accepted.person_id, "web", "message", "assistant", words, core.clock.now(),
                reply_group=accepted.message_id,
            )  # fmt: skip
        )
        yield uow
        uow.commit()


def test_a_reply_that_comes_into_sight_after_a_later_one_reaches_the_stream_at_once(pg: Core) -> None:
    first, second = says(pg, "hello"), says(pg, "hello", OTHER)

    async def scenario() -> list[str]:
        hub = EventHub(pg.outbox, asyncio.Event())
        running = asyncio.create_task(hub.run())
        slow, quick = hub.stream(*PLACE, None), hub.stream(*OTHER, None)
        slow_next, quick_next = asyncio.ensure_future(slow.__anext__()), asyncio.ensure_future(quick.__anext__())
        while len(hub._listeners) < 2:
            await asyncio.sleep(0.01)
        with slowly_put_out(pg, first, "slow"):
            await asyncio.to_thread(answers, pg, second, "quick")
            told = [await asyncio.wait_for(quick_next, SOON)]
        told.append(await asyncio.wait_for(slow_next, SOON))
        running.cancel()
        return [message.text for message in told if message is not None]

    assert asyncio.run(scenario()) == ["quick", "slow"]


def test_a_stream_opened_meanwhile_gives_the_reply_too(pg: Core) -> None:
    first, second = says(pg, "hello"), says(pg, "hello", OTHER)
    with slowly_put_out(pg, first, "slow"):
        answers(pg, second, "quick")
        start = pg.outbox.start(*PLACE)
    assert [m.text for m in pg.outbox.after(*PLACE, start)] == ["slow"]


def test_a_stream_opened_before_the_first_words_gives_the_first_reply_and_nothing_older(core: Core) -> None:
    answers(core, says(core, "hello", OTHER), "Hello.")
    start = core.outbox.start(*PLACE)
    answers(core, says(core, "hi"), "Hi.")
    assert [m.text for m in core.outbox.after(*PLACE, start)] == ["Hi."]
    assert core.outbox.after(*PLACE, core.outbox.start(*PLACE)) == []


# --- the first of its kind --------------------------------------------------------------------------------------


def test_the_first_entries_of_the_audit_trail_come_at_once_and_make_one_chain(pg: Core) -> None:
    start = threading.Barrier(4)

    def read(number: int) -> list[str]:
        start.wait(SOON)
        return pg.records.find(PERSON, channel="web", address=f"ses_{number}")

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(read, range(4))) == [[]] * 4
    with pg.uow() as uow:
        assert len(list(uow.history.audit_chain())) == 4
    assert pg.audit_trail.first_break() is None


def test_a_session_may_be_ended_at_both_fronts_at_once(core: Core) -> None:
    start = threading.Barrier(2)

    def end(_: int) -> None:
        start.wait(SOON)
        core.turns.end_session("ses_one")

    with ThreadPoolExecutor(2) as both:
        list(both.map(end, range(2)))
    assert core.turns.session_ended("ses_one")


def test_an_update_that_comes_to_two_fronts_at_once_is_new_to_one_of_them(core: Core) -> None:
    start = threading.Barrier(2)
    talk = core.channel_talk(LinkGuard())

    def first(_: int) -> bool:
        start.wait(SOON)
        return talk.first_time("update-1")

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(first, range(2))) == [False, True]


def test_the_end_of_a_session_is_told_to_the_database_once_it_is_back(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waymark.front.web_api.TELL_END_EVERY", 0.01)
    monkeypatch.setattr("waymark.front.web_api.END_TOLD_WITHIN", 0.1)
    keep, away = core.turns.end_session, threading.Event()
    away.set()

    def end(session_id: str) -> None:
        if away.is_set():
            raise StorageUnavailable("away")
        keep(session_id)

    monkeypatch.setattr(core.turns, "end_session", end)
    with TestClient(FrontDoor(core).app()) as web:
        made = web.post("/web/sessions").json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        assert web.delete("/web/session", headers=headers).status_code == 204
        assert web.get("/web/history", headers=headers).status_code == 401
        assert not core.turns.session_ended(made["session_id"])
        away.clear()
        wait_for("the end to be kept", lambda: core.turns.session_ended(made["session_id"]), SOON)


# --- sessions ---------------------------------------------------------------------------------------------------


def test_a_token_brings_the_country_to_every_front(core: Core) -> None:
    made, token = SessionTokens("secret").create(core.clock.now(), "GB")
    there = SessionTokens("secret").check(f"Bearer {token}", core.clock.now())
    assert there == made and there is not None and there.country == "GB"


def test_a_token_from_before_there_was_a_country_in_it_is_still_good(core: Core) -> None:
    tokens = SessionTokens("secret")
    made, _ = tokens.create(core.clock.now())
    old = tokens._serializer.dumps([made.session_id, made.expires_at.isoformat()])
    assert tokens.check(f"Bearer {old}", core.clock.now()) == made


@contextmanager
def storage_away(core: Core) -> Iterator[None]:
    """Nothing can be stored meanwhile."""
    factory = core.safety_desk._uow

    def away() -> UnitOfWork:
        raise StorageUnavailable("away")

    core.safety_desk._uow = away
    try:
        yield
    finally:
        core.safety_desk._uow = factory
