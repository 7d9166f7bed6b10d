"""A person's own copy in a real browser: asked for, read, saved, printed, and usable without a mouse or sight.

A browser decides by itself what it sends with a form and what a policy forbids; only here does that show.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

import chromium
import pytest
from axe_playwright_python.sync_playwright import Axe
from fake_front import RunningFront
from integration.databases import core_on, migrated
from integration.test_export import ticket
from integration.test_services_on_both_databases import confirmed, hired, hit
from playwright.sync_api import Page, Route, expect, sync_playwright

from waymark.bootstrap import Core
from waymark.domain.linking import EXPORT_PATH
from waymark.front.app import FrontDoor

HOSTILE = "<script>document.title='hacked'</script>"


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    """Somebody with answers, a changed and signed plan, and an alert."""
    folder = tmp_path_factory.mktemp("export")
    built = core_on(f"sqlite:///{folder / 'waymark.db'}", folder)
    migrated(built.settings)
    person_id, ada = confirmed(built), hired(built, "Ada", "counsellor")
    built.planning.edit(ada, person_id, base_version=1, reason="Plainer", edits={"G1": {"words": HOSTILE}})
    built.planning.sign(ada, person_id, version=2)
    built.safety_desk.record(hit(built, "crisis", "words of danger"))
    yield built
    built.engine.dispose()


@pytest.fixture(scope="module")
def link(core: Core) -> Iterator[str]:
    """The link as the chat gives it, at a running front door."""
    running = RunningFront()
    running.fake.app = FrontDoor(core).app()
    running.start()
    yield f"{running.url}{EXPORT_PATH}{ticket(core)}"
    running.stop()


def _only_local(route: Route) -> None:
    if route.request.url.startswith("http://127.0.0.1:"):
        route.continue_()
    else:
        route.abort()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, link: str) -> Iterator[Page]:
    """The page behind the link; whatever the browser complains about fails the test."""
    found = chromium.executable()
    if found is None:
        pytest.fail(chromium.MISSING)
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        context = browser.new_context(color_scheme=request.param, viewport={"width": 360, "height": 740})
        context.set_default_timeout(10_000)
        context.route("**/*", _only_local)
        context.on("console", lambda message: complaints.append(message.text))
        opened = context.new_page()
        opened.goto(link)
        yield opened
        browser.close()
    bad = [text for text in complaints if "404" not in text]
    assert not bad, bad


def barriers(page: Page) -> list[str]:
    return [f"{v['id']}: {v['help']}" for v in Axe().run(page).response["violations"]]


def show(page: Page) -> None:
    """Press the button with the keyboard alone."""
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show my copy")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answers")).to_be_visible()


def test_the_copy_is_asked_for_read_and_saved(page: Page, link: str, tmp_path: Path) -> None:
    assert barriers(page) == []
    assert page.get_by_text("words of danger").count() == 0
    show(page)
    assert page.title() == "Your copy"
    assert page.get_by_text("words of danger").count() == 1
    assert page.get_by_text(HOSTILE).count() >= 1
    assert barriers(page) == []
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download as a file").click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.name.startswith("my-copy-") and saved.suffix == ".json"
    assert len(json.loads(saved.read_text(encoding="utf-8"))["record"]["answers"]) >= 12


def test_it_fits_a_small_screen_and_paper(page: Page) -> None:
    show(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.get_by_role("navigation", name="On this page")).to_be_visible()
    page.emulate_media(media="print")
    assert page.locator(".screen:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".scroll").evaluate_all("all => all.every(box => getComputedStyle(box).overflowX === 'visible')")


def test_an_old_link_is_told_in_kind_words(page: Page, link: str) -> None:
    gone = page.goto(link[:-4] + "gone")
    assert gone is not None and gone.status == 404
    expect(page.get_by_text("This link has run out.")).to_be_visible()
    assert barriers(page) == []
