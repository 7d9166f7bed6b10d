"""The whole path once as a person sees it: the widget in headless Chromium, against the real house."""

from __future__ import annotations

import re
from typing import Iterator

import chromium
import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from journeys.house import API_TOKEN, CLINIC, House
from journeys.staff import Colleague

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = chromium.executable()
    if found is None:
        pytest.fail(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith("http://127.0.0.1:") else route.abort())
    page = context.new_page()
    page.goto(house.url)
    yield page
    context.close()


def say(page: Page, text: str, then: str) -> None:
    """Write a message and wait until the chat shows the words that must follow (words that stood nowhere before)."""
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text(then).last).to_be_visible(timeout=PATIENCE_MS)


def tap(page: Page, title: str, then: str) -> None:
    page.locator("button.choice:enabled", has_text=re.compile(f"^{re.escape(title)}$")).last.click()
    expect(page.get_by_role("log").get_by_text(then).last).to_be_visible(timeout=PATIENCE_MS)


def test_a_talk_in_the_widget_becomes_a_plan_that_both_sides_agree_on(page: Page, house: House) -> None:
    with page.expect_response("**/web/sessions") as made:
        say(page, "hello", "automated program")
    session_id = made.value.json()["session_id"]
    expect(page.get_by_role("log").get_by_text(CLINIC).first).to_be_visible()
    say(page, "i drink 6 cans of stella every night and i want to cut down", "May I keep what you tell me")
    tap(page, "Yes, you may", "Any name is fine")
    say(page, "Robin", "How old are you")
    say(page, "34", "Which country")
    tap(page, "United Kingdom", "reach you")
    tap(page, "Rather not", "last time")
    say(page, "last night", "0 to 10")
    tap(page, "8", "not lower")
    say(page, "my daughter needs me awake", "how sure")
    tap(page, "5", "Say it in your own words")
    say(page, "be awake in the evenings with my daughter", "“be awake in the evenings with my daughter”")
    tap(page, "Yes, that's right", "Nothing starts before you agree")

    person_id = _person_of(house, session_id)
    colleague = Colleague.hired(house, "Casey")
    colleague.sign_plan(person_id, 1)
    colleague.close()
    expect(page.get_by_text("looked at your plan").last).to_be_visible(timeout=PATIENCE_MS)
    say(page, "what's on my plan", "signed by the team")
    tap(page, "I agree", "is agreed by you")

    violations = [v for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert violations == []


def test_words_of_danger_are_answered_in_the_widget_with_a_number_to_tap(page: Page) -> None:
    say(page, "i've got the pills and i'm going to kill myself tonight", "If you are in danger")
    expect(page.locator("a[href^='tel:']").first).to_be_visible()


def _person_of(house: House, session_id: str) -> str:
    found = httpx.get(
        f"{house.console_url}/api/people",
        params={"web_session": session_id},
        headers={"Authorization": f"Bearer {API_TOKEN}"},
        trust_env=False,
    )
    return str(found.json()["people"][0]["id"])
