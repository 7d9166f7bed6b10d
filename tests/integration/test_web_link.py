"""The web route for carrying on in another channel, on both databases."""

from __future__ import annotations

from typing import Any, Iterator, Optional

import pytest
from starlette.testclient import TestClient

from waymark.bootstrap import Core
from waymark.domain.errors import StorageUnavailable
from waymark.domain.people import PersonStatus
from waymark.domain.safety import Screening
from waymark.front.app import FrontDoor
from waymark.front.link_guard import MOST_WRONG
from waymark.services.turns import Incoming

TELEGRAM = ("telegram", "7001")


@pytest.fixture
def door(core: Core) -> FrontDoor:
    return FrontDoor(core)


@pytest.fixture
def web(door: FrontDoor) -> Iterator[TestClient]:
    client = TestClient(door.app())  # without its background work: nobody answers messages here
    yield client
    client.close()


class Session:
    """A web session as the widget has one."""

    def __init__(self, web: TestClient) -> None:
        made = web.post("/web/sessions").json()
        self._web, self.id, self.headers = web, made["session_id"], {"Authorization": f"Bearer {made['token']}"}

    def link(self, code: Optional[Any] = None) -> Any:
        return self._web.post("/web/link", json={} if code is None else {"code": code}, headers=self.headers)

    def history(self) -> list[str]:
        return [m["text"] for m in self._web.get("/web/history", headers=self.headers).json()["messages"]]


@pytest.fixture
def session(web: TestClient) -> Session:
    return Session(web)


def said(core: Core, place: tuple[str, str], text: str) -> str:
    return core.turns.accept(Incoming(*place, text, text), Screening()).person_id


def test_a_code_is_given_for_an_empty_body_and_for_an_empty_object(core: Core, web: TestClient, session: Session) -> None:
    for answer in (session.link(), web.post("/web/link", headers=session.headers)):
        assert answer.status_code == 200
        body = answer.json()
        assert sorted(body) == ["code", "expires_at", "telegram"]
        assert body["telegram"] is None
    assert core.links.redeem(*TELEGRAM, body["code"]).id == core.turns.standing("web", session.id).person_id


def test_the_bots_name_makes_a_link_that_carries_the_code(
    door: FrontDoor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door.web._links, "_bot_name", lambda: "waymark_bot")
    body = session.link().json()
    assert body["telegram"] == f"https://t.me/waymark_bot?start={body['code'].replace('-', '')}"


def test_a_code_from_telegram_brings_its_talk_here(core: Core, door: FrontDoor, session: Session) -> None:
    person_id = said(core, TELEGRAM, "hello from the phone")
    said(core, ("web", session.id), "hello from the web")
    code = core.links.issue(*TELEGRAM).code
    door.standings._put("web", session.id, core.turns.standing("web", session.id))

    answer = session.link(code)
    assert (answer.status_code, answer.json()) == (200, {"linked": True})
    assert session.history() == ["hello from the phone", "hello from the web"]
    assert core.turns.standing("web", session.id).person_id == person_id
    assert door.standings.get("web", session.id) is None
    assert session.link(code).json() == {"linked": True}


def test_its_own_code_links_nothing_and_stays_good(core: Core, session: Session) -> None:
    code = session.link().json()["code"]
    assert session.link(code).json() == {"linked": True}
    assert core.links.redeem(*TELEGRAM, code).id == core.turns.standing("web", session.id).person_id


def test_a_wrong_code_is_refused_in_plain_words(session: Session) -> None:
    answer = session.link("AAAA-BBBB")
    assert (answer.status_code, answer.json()["error"]) == (409, "link_refused")
    assert answer.json()["message"].startswith("That code can't be used.")


def test_two_records_are_not_joined(core: Core, session: Session) -> None:
    with core.uow() as uow:
        person = uow.people.get(said(core, ("web", session.id), "hello"))
        assert person is not None
        person.status = PersonStatus.ACTIVE
        uow.commit()
    answer = session.link(core.links.issue(*TELEGRAM).code)
    assert (answer.status_code, answer.json()["error"]) == (409, "own_record")


def test_guessing_ends_after_a_few_wrong_codes(core: Core, web: TestClient, session: Session) -> None:
    good = core.links.issue(*TELEGRAM).code
    assert [session.link("AAAA-BBBB").status_code for _ in range(MOST_WRONG)] == [409] * MOST_WRONG
    answer = session.link(good)
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_codes")
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert Session(web).link(good).json() == {"linked": True}


def test_what_cannot_be_read_is_malformed(web: TestClient, session: Session) -> None:
    for answer in (session.link(1), session.link(" "), web.post("/web/link", content=b"{", headers=session.headers)):
        assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_without_a_session_there_is_no_code(core: Core, web: TestClient) -> None:
    answer = web.post("/web/link", json={})
    assert (answer.status_code, answer.json()["error"]) == (401, "no_session")
    answer = web.post("/web/link", json={"code": core.links.issue(*TELEGRAM).code}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401


def test_without_a_database_it_says_so(core: Core, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: str) -> None:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(core.links, "issue", away)
    monkeypatch.setattr(core.links, "redeem", away)
    for answer in (session.link(), session.link("K7QM-2XPD")):
        assert (answer.status_code, answer.json()["error"]) == (503, "not_kept")
        assert answer.json()["message"] == "That didn't work just now. Please try again in a moment."
