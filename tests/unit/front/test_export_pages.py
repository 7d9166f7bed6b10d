"""The pages behind a link: what a bare visit shows, headers, guards, escaping, the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Optional
from unittest.mock import create_autospec

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from test_export_view import VIEW, answer, copy_of

from waymark.adapters.content_yaml.export_words import load_export_words
from waymark.domain.errors import StorageUnavailable
from waymark.front import export_pages
from waymark.front.export_pages import ADDRESSES, HEADERS, TRIES, ExportPages, Probes
from waymark.front.origins import OriginGuard
from waymark.services.export import Exports, OwnCopy

WORDS = load_export_words(Path(__file__).resolve().parents[3] / "content" / "privacy" / "export.yml")
TICKET = "t" * 43
LINK = f"/web/export/{TICKET}"
SITE = "http://front.test"
HOSTILE = "<script>alert('x')</script>"


class Seconds:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class House:
    """The pages before a guard, with one ticket that opens a copy."""

    def __init__(self, copy: Optional[OwnCopy] = None, words: Any = WORDS) -> None:
        self.exports = create_autospec(Exports, instance=True)
        self.exports.check.side_effect = lambda ticket: ticket == TICKET
        self.exports.open.side_effect = lambda ticket: (copy or copy_of()) if ticket == TICKET else None
        self.seconds = Seconds()
        pages = ExportPages(self.exports, VIEW, words, Probes(self.seconds))
        guard = Middleware(OriginGuard, allowed=("https://clinic.test",), public_url=SITE)
        self.app = Starlette(routes=pages.routes(), middleware=[guard])

    def client(self, address: str = "10.0.0.1") -> TestClient:
        return TestClient(self.app, base_url=SITE, client=(address, 50000))


@pytest.fixture
def house() -> House:
    return House()


def test_a_visit_shows_a_button_and_reads_nothing(house: House) -> None:
    for answered in (house.client().get(LINK), house.client().head(LINK)):
        assert answered.status_code == 200
    page = house.client().get(LINK).text
    assert WORDS.texts["what_it_is"] in page
    assert f'<form method="post" action="{LINK}"><button>Show my copy</button></form>' in page
    house.exports.open.assert_not_called()


def test_the_button_shows_the_copy(house: House) -> None:
    page = house.client().post(LINK)
    assert page.status_code == 200
    assert "<title>Your copy</title>" in page.text and WORDS.texts["notice"] in page.text
    assert f'action="{LINK}/file"' in page.text
    house.exports.open.assert_called_once_with(TICKET)


def test_the_file_is_json_with_a_discreet_name(house: House) -> None:
    sent = house.client().post(f"{LINK}/file")
    assert sent.headers["content-disposition"] == 'attachment; filename="my-copy-2030-07-02.json"'
    assert sent.headers["content-type"] == "application/json"
    assert sent.json() == VIEW.file(copy_of())


def test_every_answer_carries_the_headers(house: House) -> None:
    client = house.client()
    answers = [
        client.get(LINK), client.post(LINK), client.post(f"{LINK}/file"), client.get("/web/export.css"),
        client.get("/web/export/unknown"), client.post("/web/export/unknown"),
    ]  # fmt: skip
    for sent in answers:
        assert {name: sent.headers[name] for name in HEADERS} == HEADERS
    assert HEADERS["Content-Security-Policy"].startswith("default-src 'none'") and "script" not in HEADERS["Content-Security-Policy"]


def test_other_answers_of_the_front_keep_their_own_policy(house: House) -> None:
    sent = house.client().get("/elsewhere")
    assert "frame-ancestors 'self' https://clinic.test" in sent.headers["Content-Security-Policy"]
    assert sent.headers["Referrer-Policy"] == "no-referrer"


def test_a_form_of_a_page_without_referrer_names_no_origin_and_is_taken(house: House) -> None:
    assert house.client().post(LINK, headers={"Origin": "null"}).status_code == 200
    assert house.client().post("/web/messages", headers={"Origin": "null"}).status_code == 403
    assert house.client().post(LINK, headers={"Origin": "https://other.test"}).status_code == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("ticket", ["u" * 43, "short", "%3Cscript%3E", "a" * 200, "%FF%FE"])
def test_an_unknown_ticket_is_told_in_kind_words(house: House, method: str, ticket: str) -> None:
    sent = house.client().request(method, f"/web/export/{ticket}")
    assert sent.status_code == 404
    assert "This link has run out. Ask for your copy again in the chat." in sent.text
    assert ticket not in sent.text and "<script" not in sent.text


def test_a_ticket_that_runs_out_between_visit_and_button_is_told_the_same_way(house: House) -> None:
    house.exports.open.side_effect = lambda ticket: None
    assert [house.client().post(path).status_code for path in (LINK, f"{LINK}/file")] == [404, 404]


def test_whoever_tries_tickets_is_slowed_down_and_nobody_else(house: House) -> None:
    prober = house.client()
    tries = [prober.get("/web/export/unknown").status_code for _ in range(TRIES + 2)]
    assert tries == [404] * TRIES + [429, 429]
    refused = prober.post("/web/export/unknown/file")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert WORDS.texts["too_fast"] in refused.text
    assert house.client("10.0.0.2").get("/web/export/unknown").status_code == 404
    assert prober.post(LINK).status_code == 200
    house.seconds.at += 61
    assert prober.get("/web/export/unknown").status_code == 404


def test_the_guard_keeps_a_bounded_number_of_addresses() -> None:
    seconds = Seconds()
    probes = Probes(seconds)
    assert not any(probes.too_many(f"address {n}") for n in range(ADDRESSES))
    assert probes.too_many("one more")
    seconds.at += 61
    assert not probes.too_many("one more")


def test_a_database_that_is_away_is_told(house: House) -> None:
    house.exports.check.side_effect = house.exports.open.side_effect = StorageUnavailable("OperationalError")
    for sent in (house.client().get(LINK), house.client().post(LINK), house.client().post(f"{LINK}/file")):
        assert sent.status_code == 503
        assert "get to your copy just now" in sent.text and "OperationalError" not in sent.text


def test_everything_a_person_wrote_is_escaped() -> None:
    copy = copy_of(
        [{"at": "2030-03-12T22:05:00+00:00", "channel": HOSTILE, "author": HOSTILE, "text": HOSTILE}],
        answers=[answer(HOSTILE, HOSTILE, f"said {HOSTILE}")],
        person={"alias": HOSTILE},
    )
    page = House(copy).client().post(LINK).text
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 6
    assert HOSTILE in House(copy).client().post(f"{LINK}/file").json()["record"]["answers"][0]["text"]


def test_a_notice_that_the_site_has_set_is_shown() -> None:
    words = replace(WORDS, site_notice="A notice of the clinic & more.")
    assert "<p class=\"notice\">A notice of the clinic &amp; more.</p>" in House(words=words).client().post(LINK).text
    assert House().client().post(LINK).text.count('class="notice"') == 1


def test_there_is_no_script_and_no_style_in_the_pages() -> None:
    for template in Path(export_pages.FOLDER).glob("*.html"):
        source = template.read_text(encoding="utf-8")
        assert not [part for part in ("<script", "style=", "<style", "onclick", "|safe", "http") if part in source], template.name
