"""Carrying on in another channel: one person, one talk, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Callable, Optional

import pytest
from sqlalchemy import func, select

from waymark.adapters.db import channel_tables, tables
from waymark.adapters.db.schema import metadata
from waymark.bootstrap import Core
from waymark.domain.alerts import Alert, AlertStatus
from waymark.domain.conversation import InboxMessage
from waymark.domain.errors import AlreadyHere, DomainError, LinkRefused, OwnRecord
from waymark.domain.intake import Answer, current
from waymark.domain.linking import CODE_LENGTH, plain_code
from waymark.domain.messages import Button, ButtonPayload, Reply
from waymark.domain.people import Consent, Person, PersonStatus
from waymark.domain.plan import PlanStatus, PlanVersion, empty_body
from waymark.domain.safety import Screening
from waymark.services.links import Links
from waymark.services.ports import UnitOfWork
from waymark.services.turns import ChannelAnswer, Incoming

NOW = datetime(2030, 3, 12, 9, 0, tzinfo=timezone.utc)
WEB, TELEGRAM = ("web", "ses_one"), ("telegram", "7001")
OTHER_WEB = ("web", "ses_two")


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def links(core: Core, clock: SetClock) -> Links:
    return Links(core.uow, clock, core.ids, core.audit)


def said(core: Core, place: tuple[str, str], text: str, message_id: str) -> str:
    """Somebody writes and is answered; gives their id."""
    accepted = core.turns.accept(Incoming(*place, message_id, text), Screening())
    core.turns.finish(accepted.person_id, [accepted.message_id], [Reply(f"heard: {text}")])
    return accepted.person_id


def person_at(core: Core, place: tuple[str, str]) -> Person:
    with core.uow() as uow:
        person = uow.people.by_address(*place)
    assert person is not None
    return person


def make_active(core: Core, person_id: str, status: PersonStatus = PersonStatus.ACTIVE) -> None:
    with core.uow() as uow:
        person = uow.people.lock(person_id)
        assert person is not None
        person.status = status
        uow.consents.add(Consent(core.ids.new("con"), person_id, "record", "1", True, NOW, "web", "m0", "h"))
        uow.commit()


def answer(core: Core, person_id: str, item: str, value: str, channel: str) -> None:
    with core.uow() as uow:
        made = Answer(core.ids.new("ans"), person_id, item, value, value, NOW, channel, "msg_x", "intake@1")
        uow.answers.add(made)
        uow.commit()


def answers(core: Core, person_id: str) -> dict[str, Answer]:
    with core.uow() as uow:
        return current(uow.answers.of(person_id))


def texts(core: Core, place: tuple[str, str]) -> list[tuple[str, str]]:
    """Everything said and told at a place's person, with its channel."""
    return [(m.channel, m.text) for m in core.turns.history(*place, None)]


def actions(core: Core, person_id: str) -> list[tuple[str, str]]:
    return [(e.action, e.target) for e in core.audit_trail.entries(person_id)]


# --- a code -----------------------------------------------------------------------------------------------------


def test_a_code_lets_the_person_carry_on_elsewhere_and_only_its_hash_is_kept(core: Core, links: Links) -> None:
    person_id = said(core, WEB, "hello", "m1")
    issued = links.issue(*WEB)
    plain = plain_code(issued.code)
    assert plain is not None and len(plain) == CODE_LENGTH
    assert issued.expires_at == NOW + timedelta(minutes=10)
    with core.engine.connect() as connection:
        stored = connection.execute(select(channel_tables.link_codes)).one()
    assert stored.person_id == person_id
    assert plain not in str(stored) and issued.code not in str(stored)

    assert links.redeem(*TELEGRAM, issued.code.lower().replace("-", " ")).id == person_id
    assert person_at(core, TELEGRAM).id == person_at(core, WEB).id == person_id
    assert texts(core, TELEGRAM) == [("web", "hello"), ("web", "heard: hello")]
    assert [entry for entry in actions(core, person_id) if entry[0].startswith("link.")] == [
        ("link.use", "telegram"),
        ("link.issue", "web"),
    ]
    assert core.audit_trail.first_break() is None


def test_it_goes_from_telegram_to_the_web_as_well(core: Core, links: Links) -> None:
    person_id = said(core, TELEGRAM, "hello", "1")
    assert links.redeem(*WEB, links.issue(*TELEGRAM).code).id == person_id
    assert person_at(core, WEB).id == person_id
    assert texts(core, WEB)[0] == ("telegram", "hello")


def test_a_new_address_that_asks_for_a_code_gets_a_person(core: Core, links: Links) -> None:
    issued = links.issue(*WEB)
    assert person_at(core, WEB).status is PersonStatus.PENDING
    assert links.redeem(*TELEGRAM, issued.code).id == person_at(core, WEB).id


def test_a_code_counts_once(core: Core, links: Links) -> None:
    code = links.issue(*WEB).code
    links.redeem(*TELEGRAM, code)
    with pytest.raises(LinkRefused):
        links.redeem(*OTHER_WEB, code)
    with core.uow() as uow:
        assert uow.people.by_address(*OTHER_WEB) is None


@pytest.mark.parametrize(
    ("wait", "good"),
    [
        (timedelta(minutes=9, seconds=59), True),
        (timedelta(minutes=10), False),
        (timedelta(days=-1), False),
    ],
)
def test_a_code_counts_for_ten_minutes(core: Core, links: Links, clock: SetClock, wait: timedelta, good: bool) -> None:
    code = links.issue(*WEB).code
    clock.at = NOW + wait
    if good:
        assert links.redeem(*TELEGRAM, code).id == person_at(core, WEB).id
    else:
        with pytest.raises(LinkRefused):
            links.redeem(*TELEGRAM, code)


def test_a_newer_code_ends_the_one_before(links: Links) -> None:
    first, second = links.issue(*WEB).code, links.issue(*WEB).code
    with pytest.raises(LinkRefused):
        links.redeem(*TELEGRAM, first)
    links.redeem(*TELEGRAM, second)


@pytest.mark.parametrize("typed", ["", "hello", "AAAA-BBBB", "AAAA-BBBB-CCCC", "0OIL-1111"])
def test_what_is_no_code_is_refused(links: Links, typed: str) -> None:
    with pytest.raises(LinkRefused):
        links.redeem(*TELEGRAM, typed)


def test_a_code_of_the_same_place_is_not_used_up(core: Core, links: Links, clock: SetClock) -> None:
    code = links.issue(*WEB).code
    with pytest.raises(AlreadyHere):
        links.redeem(*WEB, code)
    links.redeem(*TELEGRAM, code)
    with pytest.raises(AlreadyHere):  # the same request once more, after its answer was lost
        links.redeem(*TELEGRAM, code)
    clock.at = NOW + timedelta(minutes=10)
    with pytest.raises(LinkRefused):
        links.redeem(*WEB, code)


# --- a newcomer -------------------------------------------------------------------------------------------------


def test_what_a_newcomer_said_and_was_told_is_kept_with_its_channel(core: Core, links: Links) -> None:
    person_id = said(core, WEB, "hello", "m1")
    make_active(core, person_id)
    newcomer = said(core, TELEGRAM, "is this the same talk", "1")
    code = links.issue(*WEB).code

    assert links.redeem(*TELEGRAM, code).id == person_id
    assert texts(core, WEB) == texts(core, TELEGRAM)
    assert sorted(texts(core, WEB)) == [
        ("telegram", "heard: is this the same talk"),
        ("telegram", "is this the same talk"),
        ("web", "heard: hello"),
        ("web", "hello"),
    ]
    with core.uow() as uow:
        assert uow.people.get(newcomer) is None
        assert newcomer in uow.privacy.to_forget(NOW)
        assert [i.address for i in uow.people.identities(person_id)] == [WEB[1], TELEGRAM[1]]
    assert rows_of(core, newcomer) == {"erasures": 1}


def rows_of(core: Core, person_id: str) -> dict[str, int]:
    """How many rows of each table belong to a person."""
    counted = {}
    with core.engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "person_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.person_id == person_id)
                counted[table.name] = connection.execute(query).scalar_one()
    return {name: number for name, number in counted.items() if number}


def test_answers_keep_their_channel_and_the_persons_own_stay_in_force(core: Core, links: Links) -> None:
    person_id, newcomer = said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    make_active(core, person_id)
    answer(core, person_id, "substance.main", "wine", "web")
    answer(core, newcomer, "substance.main", "beer", "telegram")
    answer(core, newcomer, "substance.main", "lager", "telegram")
    answer(core, newcomer, "values.reason", "my kids", "telegram")

    links.redeem(*TELEGRAM, links.issue(*WEB).code)
    in_force = answers(core, person_id)
    assert {item: (a.value, a.channel) for item, a in in_force.items()} == {
        "substance.main": ("wine", "web"),
        "values.reason": ("my kids", "telegram"),
    }
    with core.uow() as uow:
        assert [a.value for a in uow.answers.of(person_id)] == ["wine", "my kids"]
    answer(core, person_id, "substance.main", "cider", "telegram")
    assert answers(core, person_id)["substance.main"].value == "cider"


def test_consents_are_not_put_together(core: Core, links: Links) -> None:
    person_id, newcomer = said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    with core.uow() as uow:
        uow.consents.add(Consent("con_1", newcomer, "telegram", "1", True, NOW, "telegram", "1", "h"))
        uow.commit()
    answer(core, newcomer, "consent.record", "no", "telegram")

    links.redeem(*TELEGRAM, links.issue(*WEB).code)
    with core.uow() as uow:
        assert uow.consents.of(person_id) == []
        assert uow.answers.of(person_id) == []
    with core.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.consents)).scalar_one() == 0


def test_an_open_question_of_the_newcomer_ends_with_its_buttons(core: Core, links: Links) -> None:
    newcomer = said(core, TELEGRAM, "hi", "1")
    said(core, WEB, "hello", "m1")
    asked = core.turns.accept(Incoming(*TELEGRAM, "2", "go on"), Screening())
    buttons = tuple(Button("Yes", ButtonPayload("answer", item, "yes")) for item in ("consent.record", "safety.check"))
    shown = core.turns.finish(newcomer, [asked.message_id], [Reply("May I keep this?", buttons=buttons)])
    with core.uow() as uow:
        conversation = uow.conversations.get(newcomer)
        conversation.open_item, conversation.resume_item = "safety.check", "consent.record"
        conversation.safety_class, conversation.safety_text_at = "suicidal_plan", NOW
        uow.commit()

    person = links.redeem(*TELEGRAM, links.issue(*WEB).code)
    with core.uow() as uow:
        offered = [uow.messages.button(b["value"]) for b in shown[0].buttons]
        conversation = uow.conversations.get(person.id)
    assert [(b.item, b.closed_at) for b in offered if b] == [("consent.record", NOW), ("safety.check", None)]
    assert (conversation.open_item, conversation.resume_item) == ("safety.check", None)
    assert (conversation.safety_class, conversation.safety_text_at) == ("suicidal_plan", NOW)


def test_an_alert_of_the_newcomer_gets_the_way_to_reach_the_person(core: Core, links: Links) -> None:
    person_id, newcomer = said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    with core.uow() as uow:
        person = uow.people.lock(person_id)
        assert person is not None
        person.contact = {"route": "sam@example.org"}
        uow.alerts.add(Alert("alt_1", newcomer, "msg_1", "suicidal_plan", "S1", AlertStatus.OPEN.value, NOW, "telegram"))
        uow.commit()
    links.redeem(*TELEGRAM, links.issue(*WEB).code)
    (alert,) = core.alerts.open_alerts()
    assert (alert.person_id, alert.route, alert.channel) == (person_id, "sam@example.org", "telegram")


def test_the_persons_own_details_come_first(core: Core, links: Links) -> None:
    person_id, newcomer = said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    for changed, country, zone in ((person_id, "GB", None), (newcomer, "US", "America/New_York")):
        with core.uow() as uow:
            person = uow.people.lock(changed)
            assert person is not None
            person.country, person.time_zone = country, zone
            uow.commit()
    joined = links.redeem(*TELEGRAM, links.issue(*WEB).code)
    assert (joined.country, joined.time_zone) == ("GB", "America/New_York")


def test_a_message_that_brought_the_code_belongs_to_the_person_at_once(core: Core, links: Links) -> None:
    """As a channel does it: the code comes as a message and is answered in the transaction that keeps it."""
    person_id, code = said(core, WEB, "hello", "m1"), links.issue(*WEB).code

    def join(uow: UnitOfWork, person: Person, message: InboxMessage) -> Optional[ChannelAnswer]:
        joined = links.redeem_in(uow, *TELEGRAM, code)
        assert joined.id == person_id != person.id
        assert (message.person_id, message.text) == (person_id, f"/start {code}")
        return ChannelAnswer((Reply("Done."),))

    accepted = core.turns.accept(Incoming(*TELEGRAM, "1", f"/start {code}"), Screening(), join)
    assert (accepted.person_id, [r.text for r in accepted.replies]) == (person_id, ["Done."])
    assert texts(core, WEB)[-1] == ("telegram", "Done.")
    with core.uow() as uow:
        (delivery,) = uow.deliveries.unsent("telegram")
    assert (delivery.person_id, delivery.address) == (person_id, TELEGRAM[1])


# --- two records ------------------------------------------------------------------------------------------------


def with_status(status: PersonStatus) -> Callable[[Core, str], None]:
    return lambda core, person_id: make_active(core, person_id, status)


def with_plan(core: Core, person_id: str) -> None:
    with core.uow() as uow:
        plan = PlanVersion("pln_1", person_id, 1, PlanStatus.DRAFT.value, "assistant", NOW, "first", empty_body())
        uow.plans.add(plan)
        uow.commit()


@pytest.mark.parametrize(
    "own_record",
    [with_status(PersonStatus.ACTIVE), with_status(PersonStatus.MINOR), with_status(PersonStatus.DECLINED), with_plan],
    ids=["active", "minor", "declined", "plan"],
)
def test_two_records_are_never_put_together_and_the_code_stays_good(
    core: Core, links: Links, own_record: Callable[[Core, str], None]
) -> None:
    person_id, other = said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    own_record(core, other)
    code = links.issue(*WEB).code
    before = rows_of(core, other), rows_of(core, person_id)

    with pytest.raises(OwnRecord):
        links.redeem(*TELEGRAM, code)
    assert (rows_of(core, other), rows_of(core, person_id)) == before
    assert person_at(core, TELEGRAM).id == other
    assert links.redeem("telegram", "7002", code).id == person_id


def test_a_consent_given_while_the_code_was_on_its_way_makes_a_record(core: Core, links: Links) -> None:
    if core.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, so nothing is given meanwhile")
    other, code = said(core, TELEGRAM, "hi", "1"), links.issue(*WEB).code
    with core.uow() as uow:
        seen = uow.people.by_address(*TELEGRAM)
        assert seen is not None and seen.status is PersonStatus.PENDING
        make_active(core, other)
        with pytest.raises(OwnRecord):
            links.redeem_in(uow, *TELEGRAM, code)


# --- at once ----------------------------------------------------------------------------------------------------


def attempts(links: Links, places: list[tuple[str, str]], codes: list[str]) -> list[str]:
    """Each place redeems its code at the same moment; "linked" or the error's code for each."""
    start = threading.Barrier(len(places))

    def attempt(place: tuple[str, str], code: str) -> str:
        start.wait(30)
        try:
            links.redeem(*place, code)
        except DomainError as error:
            return error.code
        return "linked"

    with ThreadPoolExecutor(len(places)) as pool:
        return list(pool.map(attempt, places, codes))


@pytest.mark.parametrize("newcomers", [False, True])
def test_of_several_who_use_a_code_at_once_one_succeeds(core: Core, links: Links, newcomers: bool) -> None:
    person_id, code = said(core, WEB, "hello", "m1"), links.issue(*WEB).code
    places = [("telegram", str(number)) for number in range(4)]
    if newcomers:
        for place in places:
            said(core, place, "hi", "1")
    outcomes = attempts(links, places, [code] * 4)
    assert sorted(outcomes) == ["link_refused"] * 3 + ["linked"]
    with core.uow() as uow:
        joined = [i.address for i in uow.people.identities(person_id) if i.channel == "telegram"]
    assert joined == [places[outcomes.index("linked")][1]]


@pytest.mark.parametrize("newcomer", [False, True])
def test_two_codes_at_one_address_at_once_make_one_person_of_all(core: Core, links: Links, newcomer: bool) -> None:
    """Both codes are of newcomers, so whichever comes second takes the first one in."""
    if newcomer:
        said(core, TELEGRAM, "hi", "1")
    codes = [links.issue(*WEB).code, links.issue(*OTHER_WEB).code]
    assert attempts(links, [TELEGRAM, TELEGRAM], codes) == ["linked", "linked"]
    assert person_at(core, TELEGRAM).id == person_at(core, WEB).id == person_at(core, OTHER_WEB).id


def test_two_newcomers_who_use_each_others_code_at_once_become_one(core: Core, links: Links) -> None:
    said(core, WEB, "hello", "m1"), said(core, TELEGRAM, "hi", "1")
    codes = [links.issue(*TELEGRAM).code, links.issue(*WEB).code]
    outcomes = attempts(links, [WEB, TELEGRAM], codes)
    assert sorted(outcomes) == ["link_refused", "linked"]  # the second code went with its newcomer
    assert person_at(core, WEB).id == person_at(core, TELEGRAM).id
    assert len(texts(core, WEB)) == 4
