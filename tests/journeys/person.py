"""A person in front of the web channel, as a browser shows it to them, and their record as a program reads it."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from functools import lru_cache
from typing import Any, Optional, Sequence

import httpx
import yaml

from journeys.house import API_TOKEN, ROOT, House, wait_for

Reply = dict[str, Any]
ANSWER_WITHIN = 45.0


class Recorded:
    """Somebody whose record a program reads. ``found_by`` is the address that the read API knows them by."""

    house: House
    found_by: dict[str, str]

    @property
    def person_id(self) -> str:
        found = self.people()
        assert len(found) == 1, f"no person at {self.found_by}: {found}"
        return found[0]

    def people(self) -> list[str]:
        answer = self.read("/api/people", **self.found_by)
        assert answer.status_code == 200, answer.text
        return [str(p["id"]) for p in answer.json()["people"]]

    def record(self, messages: bool = False) -> dict[str, Any]:
        answer = self.read(f"/api/people/{self.person_id}/record", messages="1" if messages else "0")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def read(self, path: str, **query: str) -> httpx.Response:
        """The read API, as another program uses it."""
        return httpx.get(
            f"{self.house.console_url}{path}",
            params=query,
            headers={"Authorization": f"Bearer {API_TOKEN}"},
            timeout=30.0,
            trust_env=False,
        )

    def answers(self, item: str) -> list[dict[str, Any]]:
        """Every answer to an item, the oldest first."""
        return [a for a in self.record()["answers"] if a["item"] == item]

    def answer(self, item: str) -> dict[str, Any]:
        """The answer in force."""
        given = self.answers(item)
        assert given, f"nothing is kept for {item}: {[a['item'] for a in self.record()['answers']]}"
        return given[-1]

    def alerts(self) -> list[dict[str, Any]]:
        return list(self.record()["alerts"]) if self.people() else []


class Visitor(Recorded):
    """One web session. ``say`` and ``tap`` give the replies; a full bucket is waited for, as the widget does."""

    def __init__(self, house: House, country: Optional[str] = None, token: Optional[str] = None, session_id: str = "") -> None:
        self.house = house
        self.web = httpx.Client(base_url=house.url, timeout=ANSWER_WITHIN, trust_env=False)
        self.last: list[Reply] = []
        if token is None:
            made = self.web.post("/web/sessions", json={"country": country} if country else {})
            assert made.status_code == 201, made.text
            token, session_id = made.json()["token"], made.json()["session_id"]
        self.token, self.session_id = token, session_id
        self.found_by = {"web_session": session_id}

    def close(self) -> None:
        self.web.close()

    def again_elsewhere(self) -> "Visitor":
        """The same session from a fresh browser: nothing but the token is carried over."""
        return Visitor(self.house, token=self.token, session_id=self.session_id)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    # --- talking ----------------------------------------------------------------------------------------------

    def send(self, message_id: Optional[str] = None, **body: Any) -> httpx.Response:
        """One request, whatever comes of it."""
        return self.post({"message_id": message_id or uuid.uuid4().hex, **body})

    def post(self, body: Any) -> httpx.Response:
        return self.web.post("/web/messages", json=body, headers=self.headers)

    def say(self, text: str, message_id: Optional[str] = None) -> list[Reply]:
        return self._answered(text=text, message_id=message_id)

    def tap(self, title: str) -> list[Reply]:
        """Press the button with that title under the last replies."""
        return self._answered(button=self.button(title))

    def button(self, title: str) -> str:
        offered = {b["title"]: b["value"] for reply in self.last for b in reply["buttons"]}
        assert title in offered, f"no button {title!r} under {self.words()!r}: {sorted(offered)}"
        return str(offered[title])

    def tell(self, *texts: str) -> list[Reply]:
        """Say several things one after the other; gives the replies to the last."""
        for text in texts:
            self.say(text)
        return self.last

    def _answered(self, message_id: Optional[str] = None, **body: Any) -> list[Reply]:
        message_id = message_id or uuid.uuid4().hex
        while True:
            answer = self.send(message_id, **body)
            if answer.status_code != 429:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.status_code == 200, f"{body} → {answer.status_code} {answer.text}"
        self.last = answer.json()["replies"]
        return self.last

    # --- what is on the screen --------------------------------------------------------------------------------

    def words(self) -> str:
        return texts(self.last)

    @property
    def question(self) -> str:
        """The last thing said, which is the question that is open."""
        return str(self.last[-1]["text"]) if self.last else ""

    @property
    def asked(self) -> Optional[str]:
        """The id of the item whose question is on the screen; None when no question is."""
        return next((item for item in reversed([item_of(r["text"]) for r in self.last]) if item), None)

    def was_told(self, phrase: str) -> bool:
        """Whether one of the last replies is a variant of that phrase of ``data/responses``."""
        return any(is_phrase(phrase, str(reply["text"])) for reply in self.last)

    def kinds(self) -> list[str]:
        return [str(reply["kind"]) for reply in self.last]

    def history(self, after: Optional[str] = None) -> list[Reply]:
        answer = self.web.get("/web/history", headers=self.headers, params={"after": after} if after else {})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def events(self, last_id: Optional[str] = None) -> "Events":
        return Events(self, last_id)


def in_mid_talk(visitor: Visitor) -> Visitor:
    """Has agreed and said a name; is asked for the age."""
    visitor.tell("hello", "things got out of hand, and my kids notice")
    visitor.tap("Yes, you may")
    visitor.say("sam")
    assert visitor.asked == "person.age"
    return visitor


class Events:
    """The event stream of a session, read in the background from the moment it is connected."""

    def __init__(self, visitor: Visitor, last_id: Optional[str]) -> None:
        self.came: list[Reply] = []
        self._url = f"{visitor.house.url}/web/events"
        self._headers = {**visitor.headers, **({"Last-Event-ID": last_id} if last_id else {})}
        self._connected, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._connected.wait(30), "the event stream did not open"

    def __enter__(self) -> "Events":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()

    def wait_for(self, part: str, within: float = 60.0) -> Reply:
        """The first event with these words in it."""
        return wait_for(
            f"an event with {part!r}; came {texts(self.came)!r}",
            lambda: next((event for event in self.came if part in event["text"]), None),
            within,
        )

    def wait_for_any(self, count: int = 1, within: float = 60.0) -> list[Reply]:
        return wait_for(f"{count} events", lambda: self.came if len(self.came) >= count else None, within)

    def _read(self) -> None:
        """Connect, and again after a fall from where it was, as a browser does."""
        while not self._closing.is_set():
            try:
                self._read_stream()
            except httpx.TransportError:
                time.sleep(0.1)

    def _read_stream(self) -> None:
        timeout = httpx.Timeout(30.0, read=None)
        with httpx.Client(timeout=timeout, trust_env=False) as web, web.stream("GET", self._url, headers=self._headers) as stream:
            for line in stream.iter_lines():
                self._connected.set()
                if self._closing.is_set():
                    return
                if line.startswith("id: "):
                    self._headers["Last-Event-ID"] = line[len("id: ") :]
                elif line.startswith("data: "):
                    self.came.append(json.loads(line[len("data: ") :]))


@lru_cache(maxsize=1)
def _questions() -> list[tuple[str, "re.Pattern[str]"]]:
    """Every wording of every question, with its item."""
    found = []
    for path in sorted((ROOT / "content" / "intake").glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]:
            wordings = [w for w in (*item["ask"], *item["again"], *item["retry"]) if w != "{consent_text}"]
            found += [(item["id"], _pattern(w)) for w in wordings]
    consent = yaml.safe_load((ROOT / "content" / "consent" / "record.yml").read_text(encoding="utf-8"))
    return [*found, ("consent.record", _pattern(" ".join(consent["text_with_team"].split())))]


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list["re.Pattern[str]"]]:
    found = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            found[name.removeprefix("utter_")] = [_pattern(v["text"]) for v in variants]
    return found


def item_of(text: str) -> Optional[str]:
    """The item that a text asks for, whichever of its wordings it is."""
    return next((item for item, wording in _questions() if wording.fullmatch(text)), None)


def is_phrase(phrase: str, text: str) -> bool:
    return any(wording.fullmatch(text) for wording in _phrases()[phrase])


def is_wording(wording: str, text: str) -> bool:
    """Whether the text is that wording, with anything in its places in braces."""
    return _pattern(wording).fullmatch(text) is not None


def _pattern(wording: str) -> "re.Pattern[str]":
    """A wording whose places in braces may hold anything."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{\w+\}", wording)), re.DOTALL)


def texts(replies: Sequence[Reply]) -> str:
    return "\n".join(str(reply["text"]) for reply in replies)


def replies_by_turn(history: Sequence[Reply]) -> list[list[str]]:
    """What was said between one message of the person and the next."""
    turns: list[list[str]] = []
    for message in history:
        if message["direction"] == "in":
            turns.append([])
        elif turns:
            turns[-1].append(str(message["text"]))
    return turns
