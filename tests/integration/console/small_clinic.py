"""A small clinic with fixed people and fixed rights, on a temporary database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Optional

import pyotp
from alembic import command
from alembic.config import Config
from httpx import Response
from starlette.testclient import TestClient

from waymark.bootstrap import Core
from waymark.config import ROOT, Settings, ensure_keys
from waymark.console.app import create_app
from waymark.domain.actors import COMMAND_LINE, WORKER
from waymark.domain.conversation import InboxMessage, OutboxMessage
from waymark.domain.intake import DECLINED, Answer
from waymark.domain.people import ChannelIdentity, Consent, Person, PersonStatus
from waymark.domain.safety import AlertClass, Level
from waymark.domain.staff import StaffMember
from waymark.services.alerts import AlertSignal

PASSWORD = "tram candle orbit nine"
API_TOKEN = "read-api-token"
START = datetime(2030, 3, 12, 9, 0, tzinfo=timezone.utc)
STAFF = {
    "Ada": "counsellor",
    "Ben": "counsellor",
    "Lou": "lead",
    "Max": "admin",
    "Una": "auditor",
    "Oki": "on_call",
}
HOSTILE = '<script>alert("x")</script>'


class Browser:
    """A browser that fills in the hidden anti-forgery field of the page it is on, as a real one would."""

    def __init__(self, app: object) -> None:
        self.home = "/login"
        self.client = TestClient(app, base_url="http://console.test", follow_redirects=False)  # type: ignore[arg-type]

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: Optional[dict[str, object]] = None, *, form_on: str = "") -> Response:
        return self.client.post(path, data={"csrf": self.token(form_on), **(data or {})})

    def token(self, path: str = "") -> str:
        page = self.client.get(path or self.home)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found, page.text
        return found.group(1)


@dataclass
class Clinic:
    """The core, its clock and whoever is in it."""

    core: Core
    clock_file: Path
    people: dict[str, str] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.core.clock.now()

    def advance(self, **by: float) -> None:
        self.clock_file.write_text((self.now() + timedelta(**by)).isoformat(), encoding="ascii")

    def browser(self) -> Browser:
        return Browser(create_app(self.core))

    def member(self, name: str) -> StaffMember:
        with self.core.uow() as uow:
            found = uow.staff.by_name(name)
            assert found is not None
            uow.commit()
            return found

    def code(self, name: str) -> str:
        return pyotp.TOTP(self.member(name).totp_secret or "").at(self.now())

    def hire(self, name: str, role: str) -> None:
        token = self.core.staff_access.add(COMMAND_LINE, name, role)
        self.core.staff_access.enrol(token, PASSWORD, self.code(name))

    def signed_in(self, name: str) -> Browser:
        """A browser in which this member has just signed in through the page."""
        self.advance(seconds=60)
        browser = self.browser()
        sent = browser.post("/login", {"name": name, "password": PASSWORD, "code": self.code(name)})
        assert sent.status_code == 303, sent.text
        browser.home = sent.headers["location"]
        return browser

    def person(
        self,
        alias: Optional[str],
        *,
        assigned: Optional[str] = None,
        plan: bool = True,
        status: PersonStatus = PersonStatus.ACTIVE,
        route: Optional[str] = None,
    ) -> str:
        """Somebody who agreed, answered, and whose draft plan waits for review."""
        ids, now = self.core.ids, self.now()
        with self.core.uow() as uow:
            person = Person(ids.new("per"), now, status, alias, 34, "GB", contact={"route": route} if route else {})
            person.assigned_to = self.member(assigned).id if assigned else None
            uow.people.add(person)
            uow.people.add_identity(ChannelIdentity(ids.new("chn"), person.id, "web", f"session-{person.id}", now))
            if status is PersonStatus.ACTIVE:
                uow.consents.add(
                    Consent(ids.new("con"), person.id, "record", "1", True, now, "web", ids.new("msg"), "hash")
                )
            message = self._message(uow, person.id, "I drink most nights and I want my evenings back")
            for item, value, text in _answers():
                self._answer(uow, person.id, message, item, value, text)
            if plan:
                self.core.planning.draft_in(uow, person)
                self.core.planning.confirm_in(uow, person)
            uow.commit()
        if alias:
            self.people[alias] = person.id
        return person.id

    def alert(self, person_id: str, level: Level = Level.S1, words: str = "I took all of them") -> str:
        with self.core.uow() as uow:
            person = uow.people.get(person_id)
            assert person is not None
            signal = AlertSignal(
                self.core.ids.new("msg"), AlertClass.SUICIDAL_PLAN, level, "web", self.now(), words, "Call 999 now."
            )
            alert = self.core.alerts.raise_in(uow, WORKER, person, signal)
            uow.commit()
            return alert.id

    def outbox(self, person_id: str) -> list[OutboxMessage]:
        with self.core.uow() as uow:
            found = [m for m in uow.messages.transcript(person_id) if isinstance(m, OutboxMessage)]
            uow.commit()
            return found

    def _message(self, uow: object, person_id: str, text: str) -> str:
        ids = self.core.ids
        message = InboxMessage(ids.new("msg"), person_id, "web", "session", ids.new("cli"), "digest", text, self.now())
        uow.messages.add_inbox(message)  # type: ignore[attr-defined]
        return message.id

    def _answer(self, uow: object, person_id: str, message: str, item: str, value: object, text: str) -> None:
        old = {a.item: a.id for a in uow.answers.of(person_id)}  # type: ignore[attr-defined]
        answer = Answer(
            self.core.ids.new("ans"), person_id, item, value, text, self.now(), "web", message, "1", old.get(item)
        )
        uow.answers.add(answer)  # type: ignore[attr-defined]


def _answers() -> list[tuple[str, object, str]]:
    return [
        ("substance.main", [{"name": "alcohol", "words": "wine", "negated": False}], "a bottle of wine, more at weekends"),
        ("substance.last_use", DECLINED, "I'd rather not say"),
        ("ruler.importance", {"min": 6, "max": 6}, "six maybe"),
        ("ruler.importance", {"min": 8, "max": 8}, "actually an 8"),
        ("reason.words", "my kids", "I want to be there at breakfast"),
        ("goal.words", "three dry nights", "three nights a week without wine"),
    ]


def open_clinic(folder: Path) -> Clinic:
    """The clinic whose database, keys and clock lie in a folder."""
    clock_file = folder / "clock"
    settings = Settings(var_dir=str(folder), clock_file=str(clock_file), api_token=API_TOKEN, time_zone="Europe/London")
    return Clinic(Core(ensure_keys(settings)), clock_file)


def build_clinic(folder: Path) -> Clinic:
    """A migrated database with the six members of staff."""
    (folder / "clock").write_text(START.isoformat(), encoding="ascii")
    clinic = open_clinic(folder)
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = clinic.core.settings.db_url
    command.upgrade(config, "head")
    for name, role in STAFF.items():
        clinic.hire(name, role)
    return clinic
