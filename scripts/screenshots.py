"""Make the pictures of README from a running installation: ``docs/images/widget.png`` and ``console.png``.

    make screenshots        with SCREENSHOT_STAFF, SCREENSHOT_PASSWORD and SCREENSHOT_TOTP_SECRET set, or
    .venv/bin/python scripts/screenshots.py --staff NAME --password … --totp-secret …

It starts nothing. It talks to the web chat of the installation as a made-up person, who ends with a draft plan
that waits for review, and then signs in to the console as the given staff member. Use an installation that
holds nobody's real data; the made-up person stays in it (``waymark erase`` removes them).
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import chromium  # noqa: E402

IMAGES = ROOT / "docs" / "images"
LARGEST = 300_000
PATIENCE_MS = 40_000

ALIAS = "Robin"
"""What the made-up person wants to be called; not the name of anybody."""

FIRST_WORDS = "hi"
ANSWERS = (
    ("what brought you", "Too much wine on weeknights, and the mornings are hard"),
    ("may i keep", "yes, you may"),
    ("a yes or a no", "yes"),
    ("call you|what name", ALIAS),
    ("how old are you|what age", "41"),
    ("which country|what country", "UK"),
    ("reach you", "I'd rather not say"),
    ("how much is it|how much would you say", "about a bottle, 6 nights a week"),
    ("last time|last have", "last night around 10"),
    ("how much does it matter|how important", "8"),
    ("how sure", "5"),
    ("what makes it|what keeps it", "I want the mornings with my kids back"),
    ("be different", "weeknights without wine"),
    ("what do you use|like to change", "red wine"),
)
"""The first line whose cue is found in the newest question is typed."""

PICTURE_BEFORE = "weeknights"
"""The widget is photographed before this answer is typed: the talk is under way and a question is open."""

MOST_LINES = 25
CONFIRM = "Yes, that's right"


def main() -> int:
    wanted = _arguments()
    found = chromium.executable()
    if found is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    wanted.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        try:
            _widget(browser, wanted.front, wanted.out / "widget.png")
            _console(browser, wanted, wanted.out / "console.png")
        finally:
            browser.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the pictures of README from a running installation.")
    parser.add_argument("--front", default="http://127.0.0.1:8000", help="address of the web chat")
    parser.add_argument("--console", default="http://127.0.0.1:8080", help="address of the staff console")
    parser.add_argument("--staff", default=os.environ.get("SCREENSHOT_STAFF"), help="an enrolled counsellor or lead")
    parser.add_argument("--password", default=os.environ.get("SCREENSHOT_PASSWORD"))
    parser.add_argument(
        "--totp-secret", default=os.environ.get("SCREENSHOT_TOTP_SECRET"), help="the secret that the enrolment page showed"
    )
    parser.add_argument("--out", type=Path, default=IMAGES, help="folder for the pictures")
    wanted = parser.parse_args()
    if not (wanted.staff and wanted.password and wanted.totp_secret):
        parser.error("a staff login is needed: --staff, --password and --totp-secret, or their SCREENSHOT_ variables")
    return wanted


# --- the web chat ---------------------------------------------------------------------------------------------


def _widget(browser: Browser, address: str, target: Path) -> None:
    context = browser.new_context(viewport={"width": 460, "height": 800}, locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/")
    page.get_by_label("Your message").wait_for()
    _say(page, FIRST_WORDS)
    confirm = page.get_by_role("button", name=CONFIRM)
    for _ in range(MOST_LINES):
        if confirm.count():
            break
        line = _answer(page.locator("article.from-waymark p.text").last.inner_text())
        if line.startswith(PICTURE_BEFORE):
            _save(page, target)
        _say(page, line)
    confirm.last.click()
    _settle(page)
    context.close()


def _answer(question: str) -> str:
    for cue, line in ANSWERS:
        if re.search(cue, question, re.IGNORECASE):
            return line
    raise SystemExit(f"The script has no answer to: {question}")


def _say(page: Page, line: str) -> None:
    page.get_by_label("Your message").fill(line)
    page.get_by_role("button", name="Send", exact=True).click()
    _settle(page)


def _settle(page: Page) -> None:
    """Wait until every message is sent and nothing new has come for a moment."""
    page.wait_for_timeout(300)
    page.get_by_text("Sending…").first.wait_for(state="hidden")
    replies = page.locator("article.from-waymark")
    before = -1
    while replies.count() != before:
        before = replies.count()
        page.wait_for_timeout(900)


# --- the console ----------------------------------------------------------------------------------------------


def _console(browser: Browser, wanted: argparse.Namespace, target: Path) -> None:
    context = browser.new_context(viewport={"width": 1180, "height": 860}, locale="en-GB", color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    _sign_in(page, wanted)
    page.goto(f"{wanted.console}/?show=awaiting")
    page.locator("tr", has_text=ALIAS).last.locator("a[href$='/plan']").click()
    page.get_by_role("heading", level=1).wait_for()
    _save(page, target)
    context.close()


def _sign_in(page: Page, wanted: argparse.Namespace) -> None:
    """Sign in; a code that was used within its half minute is refused, so one more is tried."""
    for attempt in (1, 2):
        page.goto(f"{wanted.console}/login")
        page.get_by_label("Name", exact=True).fill(wanted.staff)
        page.get_by_label("Password").fill(wanted.password)
        page.get_by_label("Six-digit code").fill(pyotp.TOTP(wanted.totp_secret.replace(" ", "")).now())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        if not page.url.split("?")[0].endswith("/login"):
            return
        if attempt == 1:
            time.sleep(31)
    raise SystemExit("The console refused the sign-in. Check name, password and secret.")


def _save(page: Page, target: Path) -> None:
    page.screenshot(path=target)
    size = target.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{target.name} has {size} bytes; at most {LARGEST} are wanted.")
    print(f"{target.name}: {size // 1000} kB")


if __name__ == "__main__":
    raise SystemExit(main())
