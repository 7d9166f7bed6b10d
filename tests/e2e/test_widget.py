"""The widget in a real browser, against a fake front door.

No request leaves this machine: whatever does not go to 127.0.0.1 is answered by the test itself or refused.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import chromium
import pytest
from axe_playwright_python.sync_playwright import Axe
from fake_front import CODE, CODE_REFUSED, SAFETY_TEXT, RunningFront
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
NEUTRAL = "https://www.bbc.co.uk/weather"

NewContext = Callable[..., BrowserContext]


# --- the browser ---------------------------------------------------------------------------------------------


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
def front() -> Iterator[RunningFront]:
    running = RunningFront()
    running.start()
    yield running
    running.stop()


def _only_local(route: Route) -> None:
    url = route.request.url
    if url.startswith("http://127.0.0.1:"):
        route.continue_()
    elif url.startswith((NEUTRAL, "https://exit.example/")):
        # The neutral page of the quick exit, without the network.
        route.fulfill(status=200, content_type="text/html", body="<title>Weather</title><p>Light rain.</p>")
    else:
        route.abort()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        context.route("**/*", _only_local)
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(f"Uncaught {error.error}"))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    bad = [text for text in complaints if "Content Security Policy" in text or "Uncaught" in text]
    assert not bad, bad


@pytest.fixture
def page(new_context: NewContext, front: RunningFront) -> Page:
    return _open(new_context(), front)


def _open(context: BrowserContext, front: RunningFront) -> Page:
    page = context.new_page()
    page.goto(front.url)
    expect(_box(page)).to_be_visible()
    return page


def _box(page: Page) -> Locator:
    return page.get_by_label("Your message")


def _say(page: Page, text: str) -> None:
    _box(page).fill(text)
    page.keyboard.press("Enter")


def _messages(page: Page) -> Locator:
    return page.get_by_role("log").locator(".text")


def _heard(page: Page, text: str) -> Locator:
    return _messages(page).get_by_text(text, exact=True)


def _talk(page: Page, text: str = "hello") -> None:
    _say(page, text)
    expect(_heard(page, f"You said: {text}")).to_be_visible()


def _until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for something in the fake front, which runs in another thread, while the browser goes on."""
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline, "did not happen"
        page.wait_for_timeout(20)


# --- talking -------------------------------------------------------------------------------------------------


def test_a_person_writes_and_is_answered(page: Page, front: RunningFront) -> None:
    assert page.title() == "Chat"
    assert not front.fake.sessions, "nothing is made before the person writes"
    _talk(page, "first line\nsecond line")
    expect(_messages(page)).to_have_text(["first line\nsecond line", "You said: first line\nsecond line"])
    expect(page.get_by_role("log").locator("time").first).to_have_attribute(
        "datetime", re.compile(r"^\d{4}-")
    )
    expect(page.get_by_text("Waymark (automated)")).to_be_visible()
    expect(page.get_by_text("It is not an emergency service.")).to_be_visible()
    expect(page.locator(".state").first).to_have_text("Sent")
    assert page.url.rstrip("/") == front.url, "nothing of the chat is in the address"


def test_shift_enter_makes_a_new_line(page: Page) -> None:
    _box(page).press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(_box(page)).to_have_value("one\ntwo")


def test_buttons_close_once_answered_and_stay_visible(page: Page) -> None:
    _say(page, "buttons")
    page.get_by_role("button", name="Monthly").click()
    expect(_heard(page, "You said: Monthly")).to_be_visible()
    for title in ("Never", "Monthly", "Every week"):
        expect(page.get_by_role("button", name=title)).to_be_visible()
        expect(page.get_by_role("button", name=title)).to_be_disabled()


def test_typing_instead_closes_the_buttons(page: Page) -> None:
    _say(page, "buttons")
    expect(page.get_by_role("button", name="Never")).to_be_enabled()
    _talk(page, "about twice a month")
    expect(page.get_by_role("button", name="Never")).to_be_disabled()


def test_button_of_an_answered_question_is_explained(page: Page, front: RunningFront) -> None:
    _say(page, "buttons")
    expect(page.get_by_role("button", name="Never")).to_be_enabled()
    front.fake.only.open_buttons.clear()
    page.get_by_role("button", name="Never").click()
    expect(page.get_by_text("That question is already answered.")).to_be_visible()


def test_the_whole_way_by_keyboard(page: Page, front: RunningFront) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to your message")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_box(page)).to_be_focused()
    assert "#" not in page.url, "a skip link in the history would lead Back into the chat"
    page.keyboard.type("buttons")
    page.keyboard.press("Enter")
    never = page.get_by_role("button", name="Never")
    expect(never).to_be_enabled()
    expect(_box(page)).to_be_focused()
    _shift_tab_to(page, never)
    page.keyboard.press("Enter")
    expect(_heard(page, "You said: Never")).to_be_visible()
    expect(page.get_by_role("log")).to_be_focused()
    numbers = page.get_by_role("button", name="Numbers", exact=True)
    _shift_tab_to(page, numbers)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="People you can reach now")).to_be_focused()
    page.keyboard.press("Escape")
    expect(numbers).to_be_focused()
    expect(_box(page)).to_be_visible()


def _shift_tab_to(page: Page, target: Locator) -> None:
    for _ in range(15):
        if target.evaluate("node => node.getRootNode().activeElement === node"):
            return
        page.keyboard.press("Shift+Tab")
    pytest.fail("not reached with the Tab key")


def test_counter_appears_near_the_limit(page: Page) -> None:
    counter = page.locator(".counter")
    _box(page).fill("a" * 3000)
    expect(counter).to_be_hidden()
    _box(page).fill("😀" * 3990)
    expect(counter).to_have_text("10 characters left")
    _box(page).fill("a" * 4001)
    expect(counter).to_have_text("1 character too many")


def test_too_long_text_comes_back_with_its_safety_reply(page: Page) -> None:
    text = "I want to die. " + "a" * 4000
    _say(page, text)
    expect(page.get_by_role("heading", name="If you are in danger")).to_be_visible()
    expect(page.get_by_text("That message is too long.")).to_be_visible()
    expect(_box(page)).to_have_value(text)


def test_hostile_text_is_only_text(page: Page) -> None:
    _say(page, HOSTILE)
    expect(_heard(page, f"You said: {HOSTILE}")).to_be_visible()
    assert page.get_by_role("log").locator("img, script").count() == 0
    assert page.title() == "Chat"


# --- reload, tabs, staff -------------------------------------------------------------------------------------


def test_reload_keeps_the_chat(page: Page, front: RunningFront) -> None:
    _talk(page)
    _say(page, "buttons")
    expect(page.get_by_role("button", name="Never")).to_be_enabled()
    before = _messages(page).all_text_contents()
    page.reload()
    expect(_messages(page)).to_have_text(before)
    expect(page.get_by_role("button", name="Never")).to_be_enabled()
    _talk(page, "still here")
    assert len(front.fake.sessions) == 1


def test_unsent_message_survives_a_reload_and_goes_once(page: Page, front: RunningFront) -> None:
    _talk(page)
    page.route("**/web/messages", lambda route: route.abort())
    _say(page, "written in a tunnel")
    expect(page.get_by_text("Not sent yet.").first).to_be_visible()
    page.unroute("**/web/messages")
    page.reload()
    expect(_heard(page, "You said: written in a tunnel")).to_be_visible()
    assert front.fake.handled("written in a tunnel") == 1


def test_nothing_stays_in_a_new_tab_unless_asked(page: Page, front: RunningFront) -> None:
    _talk(page)
    other = _open(page.context, front)
    expect(_messages(other)).to_have_count(0)


def test_second_tab_gets_the_messages(page: Page, front: RunningFront) -> None:
    _talk(page)
    _settings(page)
    page.get_by_label("Remember on this device").check()
    second = _open(page.context, front)
    expect(_heard(second, "You said: hello")).to_be_visible()
    page.get_by_role("button", name="Back to the chat").click()
    _talk(page, "from the first tab")
    expect(_messages(second)).to_have_text(
        ["hello", "You said: hello", "from the first tab", "You said: from the first tab"]
    )
    _talk(second, "from the second tab")
    expect(_messages(page)).to_have_text(_messages(second).all_text_contents())


def _settings(page: Page) -> None:
    page.get_by_role("button", name="Settings").click()


def test_staff_message_names_the_person(page: Page, front: RunningFront) -> None:
    _talk(page)
    front.staff_says("Amina", "Hi, I work at the clinic.")
    expect(page.get_by_text("Amina (a person from the team)")).to_be_visible()
    expect(_heard(page, "Hi, I work at the clinic.")).to_have_count(1)


def test_message_by_event_and_by_answer_shows_once(page: Page) -> None:
    _say(page, "slow")
    expect(page.get_by_text("Waymark is writing…")).to_be_visible()
    expect(_heard(page, "You said: slow")).to_be_visible()
    expect(page.get_by_text("Waymark is writing…")).to_have_count(0)
    page.wait_for_timeout(300)
    expect(_heard(page, "You said: slow")).to_have_count(1)


# --- trouble -------------------------------------------------------------------------------------------------


def test_offline_shows_numbers_and_resends_exactly_once(page: Page, front: RunningFront) -> None:
    _settings(page)
    page.get_by_label("Country").select_option("GB")
    page.get_by_role("button", name="Back to the chat").click()
    _talk(page)
    front.stop()
    _say(page, "are you there")
    banner = page.locator(".banner")
    expect(banner).to_contain_text("Not connected")
    expect(banner.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    expect(banner.get_by_role("link", name="Text 85258")).to_have_attribute("href", "sms:85258")
    expect(page.get_by_text("Not sent yet.").first).to_be_visible()
    _say(page, "second one")
    front.start()
    expect(_heard(page, "You said: are you there")).to_be_visible(timeout=25_000)
    expect(_heard(page, "You said: second one")).to_be_visible()
    expect(banner).to_be_empty()
    assert front.fake.handled("are you there") == 1
    assert len(set(front.fake.ids_tried("are you there"))) == 1
    front.staff_says("Amina", "The stream is back too.")
    expect(_heard(page, "The stream is back too.")).to_have_count(1)


def test_lost_answer_is_fetched_with_the_same_id(page: Page, front: RunningFront) -> None:
    _say(page, "lost")
    expect(_heard(page, "You said: lost")).to_have_count(1)
    expect(page.locator(".state").first).to_have_text("Sent")
    assert front.fake.handled("lost") == 1
    assert len(front.fake.ids_tried("lost")) == 2
    assert len(set(front.fake.ids_tried("lost"))) == 1


def test_engine_down_keeps_the_message_and_answers_by_event(page: Page, front: RunningFront) -> None:
    _say(page, "503")
    expect(_heard(page, "I've kept your message. I'll answer as soon as I'm back.")).to_be_visible()
    expect(page.get_by_text("Kept. Waiting for an answer.")).to_be_visible()
    # The stream may have opened before or after; either way the answer comes, once.
    front.fake.release()
    expect(_heard(page, "Answer to what I kept: 503")).to_have_count(1)
    expect(page.get_by_text("Kept. Waiting for an answer.")).to_have_count(0)
    assert len(front.fake.ids_tried("503")) == 1


def test_too_fast_waits_and_sends_again(page: Page, front: RunningFront) -> None:
    _say(page, "429")
    expect(page.get_by_text("Waiting a moment, then sending again…")).to_be_visible()
    expect(_heard(page, "You said: 429")).to_be_visible()
    assert len(set(front.fake.ids_tried("429"))) == 1


def test_refused_id_can_be_tried_under_a_new_one(page: Page, front: RunningFront) -> None:
    _say(page, "409")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert len(set(front.fake.ids_tried("409"))) == 2


def test_dead_token_starts_a_new_session_and_says_so(page: Page, front: RunningFront) -> None:
    _talk(page)
    front.fake.sessions.clear()
    _say(page, "hello again")
    expect(_heard(page, "Your earlier chat has ended. You can go on here, in a new one.")).to_have_count(1)
    expect(_heard(page, "You said: hello again")).to_be_visible()
    assert len(front.fake.sessions) == 1


# --- safety --------------------------------------------------------------------------------------------------


def test_safety_reply_is_shown_announced_and_has_links(page: Page) -> None:
    _say(page, "safety")
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("heading", name="If you are in danger")).to_be_visible()
    expect(alert.locator(".text")).to_have_text(SAFETY_TEXT)
    links = alert.get_by_role("link")
    hrefs = [links.nth(index).get_attribute("href") for index in range(links.count())]
    assert hrefs == ["tel:999", "tel:116123", "sms:85258"], "and '15 minutes' is no phone number"


def test_safety_reply_comes_before_settings(page: Page, front: RunningFront) -> None:
    _say(page, "slow")
    _settings(page)
    expect(_box(page)).to_be_hidden()
    front.fake.only.say(
        {
            "id": "s1",
            "direction": "out",
            "author": "assistant",
            "kind": "safety",
            "text": "Call 999.",
            "buttons": [],
            "at": "2030-01-01T10:00:00+00:00",
        }
    )
    expect(page.get_by_role("alert").get_by_role("link", name="999")).to_be_visible()


def test_numbers_are_always_at_hand(page: Page, front: RunningFront) -> None:
    page.get_by_role("button", name="Numbers", exact=True).click()
    for number in ("112", "911", "999", "000"):
        expect(page.get_by_role("link", name=f"Call {number}")).to_have_attribute("href", f"tel:{number}")
    page.get_by_role("button", name="Change country").click()
    page.get_by_label("Country").select_option("US")
    page.get_by_role("button", name="Numbers", exact=True).click()
    expect(page.get_by_role("link", name="Text 988")).to_have_attribute("href", "sms:988")
    page.get_by_role("button", name="Back to the chat").click()
    _talk(page)
    assert front.fake.only.country == "US"
    _settings(page)
    page.get_by_label("Country").select_option("GB")
    _until(page, lambda: front.fake.only.country == "GB")


# --- carrying on elsewhere ---------------------------------------------------------------------------------


def _code_field(page: Page) -> Locator:
    return page.get_by_label("I have a code from Telegram")


def _get_code(page: Page) -> Locator:
    """Ask for a code in the settings; gives the place where it is shown and read out."""
    page.get_by_role("button", name="Carry on in Telegram").click()
    shown = page.get_by_role("status").filter(has_text="within ten minutes")
    expect(shown).to_contain_text(f"Send this code to our Telegram bot within ten minutes: {CODE}")
    return shown


def _use_code(page: Page, code: str) -> None:
    _code_field(page).fill(code)
    page.get_by_role("button", name="Carry on here").click()


def test_a_code_to_carry_on_in_telegram(page: Page, front: RunningFront) -> None:
    front.fake.bot = "waymark_bot"
    _settings(page)
    button = page.get_by_role("button", name="Carry on in Telegram")
    expect(button).to_have_accessible_description(re.compile("less private than this chat"))
    assert not front.fake.sessions, "looking at the settings makes no session"
    link = _get_code(page).get_by_role("link", name="Open Telegram")
    expect(link).to_have_attribute("href", f"https://t.me/waymark_bot?start={CODE.replace('-', '')}")
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    expect(link).to_have_attribute("target", "_blank")
    assert len(front.fake.sessions) == 1
    expect(button).to_be_focused()


def test_a_code_is_gone_when_the_settings_are_opened_again(page: Page) -> None:
    _settings(page)
    expect(_get_code(page).get_by_role("link")).to_have_count(0)
    _code_field(page).fill("half")
    page.get_by_role("button", name="Back to the chat").click()
    _settings(page)
    expect(page.get_by_text(CODE)).to_have_count(0)
    expect(_code_field(page)).to_have_value("")


def test_a_link_that_leads_elsewhere_is_not_offered(page: Page) -> None:
    answer = {"code": CODE, "expires_at": "2030-01-01T10:00:00+00:00", "telegram": "https://t.me.evil.example/x"}
    page.route("**/web/link", lambda route: route.fulfill(json=answer))
    _settings(page)
    expect(_get_code(page).get_by_role("link")).to_have_count(0)


def test_a_code_from_telegram_brings_its_talk_here(page: Page, front: RunningFront) -> None:
    _talk(page)
    front.fake.elsewhere[CODE] = ["said in Telegram"]
    _settings(page)
    field = _code_field(page)
    field.fill(CODE)
    page.keyboard.press("Enter")
    done = "You can carry on here now. What was said before is here too."
    expect(_messages(page)).to_have_text(["said in Telegram", "hello", "You said: hello", done])
    expect(field).to_be_hidden()
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    front.staff_says("Amina", "I can see both.")
    expect(_heard(page, "I can see both.")).to_have_count(1)
    _talk(page, "going on")
    page.reload()
    expect(_messages(page)).to_have_text(
        ["said in Telegram", "hello", "You said: hello", "I can see both.", "going on", "You said: going on"]
    )


def test_a_code_can_be_the_first_thing_in_a_new_chat(page: Page, front: RunningFront) -> None:
    front.fake.elsewhere[CODE] = ["said in Telegram"]
    _settings(page)
    _use_code(page, CODE)
    expect(_heard(page, "said in Telegram")).to_be_visible()
    assert len(front.fake.sessions) == 1


def test_another_tab_shows_the_joined_chat_as_well(page: Page, front: RunningFront) -> None:
    _talk(page)
    _settings(page)
    page.get_by_label("Remember on this device").check()
    second = _open(page.context, front)
    expect(_heard(second, "You said: hello")).to_be_visible()
    front.fake.elsewhere[CODE] = ["said in Telegram"]
    _use_code(page, CODE)
    expect(_messages(second)).to_have_text(["said in Telegram", "hello", "You said: hello"])


def test_a_refused_code_is_explained_and_stays_to_be_corrected(page: Page, front: RunningFront) -> None:
    _settings(page)
    field = _code_field(page)
    field.fill("AAAA-BBBB")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text=CODE_REFUSED)).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("AAAA-BBBB")
    expect(field).to_have_accessible_description(CODE_REFUSED)
    expect(field).to_have_attribute("aria-invalid", "true")
    front.fake.elsewhere[CODE] = ["said in Telegram"]
    _use_code(page, CODE)
    expect(_heard(page, "said in Telegram")).to_be_visible()
    assert front.fake.codes_tried == ["AAAA-BBBB", CODE]


def test_an_empty_code_is_not_sent(page: Page, front: RunningFront) -> None:
    _settings(page)
    _use_code(page, "  ")
    expect(page.get_by_text("Please write the code first.")).to_be_visible()
    expect(_code_field(page)).to_be_focused()
    assert not front.fake.codes_tried and not front.fake.sessions


def test_without_a_connection_a_code_is_asked_for_again(page: Page) -> None:
    page.route("**/web/**", lambda route: route.abort())
    _settings(page)
    page.get_by_role("button", name="Carry on in Telegram").click()
    failed = page.get_by_role("status").filter(has_text="That didn't work just now.")
    expect(failed).to_have_count(1)
    _use_code(page, CODE)
    expect(failed).to_have_count(2)
    page.unroute("**/web/**")
    _get_code(page)


def test_a_dead_session_is_said_where_the_code_was_typed(page: Page) -> None:
    _talk(page)
    ended = {"error": "no_session", "message": "This chat has ended."}
    page.route("**/web/link", lambda route: route.fulfill(status=401, json=ended))
    _settings(page)
    _use_code(page, CODE)
    expect(page.get_by_role("status").filter(has_text="This chat has ended.")).to_be_visible()
    page.get_by_role("button", name="Back to the chat").click()
    expect(_heard(page, "Your earlier chat has ended. You can go on here, in a new one.")).to_have_count(1)


def test_only_addresses_of_this_server_become_links(page: Page, front: RunningFront) -> None:
    _say(page, "copy")
    links = page.get_by_role("log").get_by_role("link")
    expect(links).to_have_text([f"{front.url}/web/export/t1cket999"])
    expect(links).to_have_attribute("href", f"{front.url}/web/export/t1cket999")
    expect(links).to_have_attribute("rel", "noreferrer noopener")
    with page.context.expect_page() as opened:
        links.click()
    expect(opened.value.get_by_role("heading", name="Your copy")).to_be_visible()
    assert opened.value.evaluate("[document.referrer, window.opener]") == ["", None]
    expect(_heard(page, "copy")).to_be_visible()


# --- leaving -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["button", "escape"])
def test_quick_exit_leaves_nothing(page: Page, front: RunningFront, way: str) -> None:
    _talk(page)
    _settings(page)
    page.get_by_label("Remember on this device").check()
    token = front.fake.only.token
    if way == "button":
        page.get_by_role("button", name="Quick exit").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url(f"{NEUTRAL}**")
    # The farewell outlives the page, so it may arrive a moment after the next page is there.
    _until(page, lambda: token in front.fake.dead)
    assert not front.fake.sessions
    page.go_back()
    expect(page.get_by_text("You said: hello")).to_have_count(0)
    assert front.url not in page.url
    page.goto(f"{front.url}/health")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_two_presses_of_escape_are_not_enough(page: Page, front: RunningFront) -> None:
    _talk(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(2100)
    page.keyboard.press("Escape")
    expect(_heard(page, "You said: hello")).to_be_visible()


def test_quick_exit_takes_other_tabs_along(page: Page, front: RunningFront) -> None:
    _talk(page)
    _settings(page)
    page.get_by_label("Remember on this device").check()
    second = _open(page.context, front)
    expect(_heard(second, "You said: hello")).to_be_visible()
    page.get_by_role("button", name="Quick exit").click()
    second.wait_for_url(f"{NEUTRAL}**")


def test_clearing_the_chat_on_this_device(page: Page, front: RunningFront) -> None:
    _talk(page)
    _settings(page)
    page.get_by_role("button", name="Clear my chat on this device").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.get_by_role("button", name="Clear it now").click()
    expect(_messages(page)).to_have_count(0)
    expect(_box(page)).to_be_focused()
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    _until(page, lambda: not front.fake.sessions)
    _talk(page, "a new start")


def test_text_size_is_kept(page: Page) -> None:
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    before = _box(page).evaluate(size)
    _settings(page)
    page.get_by_label("Larger").check()
    page.reload()
    expect(_box(page)).to_be_visible()
    assert _box(page).evaluate(size) > before * 1.3


# --- on another site -----------------------------------------------------------------------------------------


def test_embedded_on_another_site_behind_a_launcher(
    new_context: NewContext, front: RunningFront, tmp_path: Path
) -> None:
    site = RunningFront()
    site.fake.embed_from = front.url
    site.start()
    try:
        page = new_context().new_page()
        page.goto(f"{site.url}/embed")
        expect(page.get_by_role("button", name="Chat")).to_be_visible()
        expect(_box(page)).to_be_hidden()
        expect(page.get_by_role("button", name="Quick exit")).to_be_visible()
        page.get_by_role("button", name="Chat").click()
        expect(_box(page)).to_be_focused()
        _talk(page)
        assert front.fake.only.country == "GB"
        _assert_accessible(page)
        page.screenshot(path=tmp_path / "launcher-open.png")
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Chat")).to_be_focused()
        front.staff_says("Amina", "Are you still there?")
        expect(page.get_by_role("button", name="Chat (1 new)")).to_be_visible()
        page.screenshot(path=tmp_path / "launcher-closed.png")
        page.get_by_role("button", name="Chat (1 new)").click()
        _say(page, "429")
        expect(_heard(page, "You said: 429")).to_be_visible()
        page.get_by_role("button", name="Quick exit").click()
        page.wait_for_url(f"{NEUTRAL}**")
        _until(page, lambda: len(front.fake.dead) == 1)
    finally:
        site.stop()


# --- for everyone --------------------------------------------------------------------------------------------


def _assert_accessible(page: Page) -> None:
    # Fading in changes colours for a moment; what is judged is the page at rest.
    page.wait_for_timeout(400)
    violations = Axe().run(page).response["violations"]
    found = [(rule["id"], rule["help"], [node["html"] for node in rule["nodes"]]) for rule in violations]
    assert not found, found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 320])
def test_no_accessibility_violations(
    new_context: NewContext, front: RunningFront, tmp_path: Path, scheme: str, width: int
) -> None:
    # The checker itself sets inline styles, which the page's own policy would rightly refuse.
    page = _open(
        new_context(color_scheme=scheme, viewport={"width": width, "height": 760}, bypass_csp=True), front
    )
    shots = iter(range(20))

    def look(name: str) -> None:
        _assert_accessible(page)
        page.screenshot(path=tmp_path / f"{next(shots):02d}-{scheme}-{width}-{name}.png")

    look("open")
    _settings(page)
    look("settings")
    front.fake.bot = "waymark_bot"
    _get_code(page)
    _use_code(page, "AAAA-BBBB")
    expect(page.get_by_text(CODE_REFUSED)).to_be_in_viewport()
    look("codes")
    page.get_by_label("Country").select_option("GB")
    page.get_by_role("button", name="Numbers", exact=True).click()
    look("numbers")
    page.get_by_role("button", name="Back to the chat").click()
    _talk(page, "I'm not sure I should be here. I drink more than I want to.")
    _say(page, "buttons")
    page.get_by_role("button", name="Monthly").click()
    expect(_heard(page, "You said: Monthly")).to_be_visible()
    front.staff_says("Amina", "Hello, I'm here if you'd like to talk to a person.")
    expect(page.get_by_text("Amina (a person from the team)")).to_be_visible()
    look("talk")
    _say(page, "summary")
    _say(page, "question")
    _say(page, "safety")
    expect(page.get_by_role("alert")).to_be_visible()
    look("safety")
    front.stop()
    _say(page, "is anyone there")
    expect(page.locator(".banner")).to_contain_text("Not connected")
    expect(_heard(page, "is anyone there")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=0.95)
    look("offline")


@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 360), (320, 256)])
def test_small_and_zoomed_screens_never_scroll_sideways(
    new_context: NewContext, front: RunningFront, tmp_path: Path, width: int, height: int
) -> None:
    page = _open(new_context(viewport={"width": width, "height": height}), front)
    _say(page, "safety")
    expect(page.get_by_role("alert")).to_be_visible()
    _say(page, "buttons")
    expect(page.get_by_role("button", name="Never")).to_be_in_viewport()
    _say(page, "w" * 300)
    expect(_heard(page, "You said: " + "w" * 300)).to_be_visible()
    _assert_fits(page)
    page.screenshot(path=tmp_path / f"{width}x{height}.png")
    _settings(page)
    page.get_by_label("Larger").check()
    expect(_get_code(page)).to_be_in_viewport()
    _assert_fits(page)
    page.get_by_role("button", name="Numbers", exact=True).click()
    _assert_fits(page)


def _assert_fits(page: Page) -> None:
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (".panel", ".log", ".sheet-numbers", ".sheet-settings"):
        assert page.locator(part).evaluate("node => node.scrollWidth <= node.clientWidth"), part


def test_motion_is_left_out_when_asked(new_context: NewContext, front: RunningFront) -> None:
    page = _open(new_context(reduced_motion="reduce"), front)
    _talk(page)
    assert page.locator(".message").first.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_without_script_the_page_still_says_whom_to_call(
    new_context: NewContext, front: RunningFront
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(front.url)
    # The browser driver does not render <noscript>, so its text is looked for in the source.
    assert "needs JavaScript" in page.content()
    expect(page.get_by_text("In danger now?")).to_be_visible()
    expect(page.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
