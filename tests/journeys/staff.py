"""A member of staff at the console, through its real pages: enrolment, sign-in, and forms with their token."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import Any, Optional

import httpx
import pyotp

from journeys.house import House

PASSWORD = "tram candle orbit nine"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


class Colleague:
    """A signed-in member of staff."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name = house, name
        self.web = httpx.Client(base_url=house.console_url, timeout=30.0, trust_env=False, follow_redirects=False)

    @classmethod
    def hired(cls, house: House, name: str, role: str = "counsellor") -> "Colleague":
        """Made through ``waymark staff add``, enrolled over its link and signed in."""
        printed = house.run("staff", "add", name, "--role", role)
        link = next(word for word in printed.split() if "/enrol/" in word)
        colleague = cls(house, name)
        colleague._enrol(link[len(house.console_url) :])
        colleague._sign_in()
        return colleague

    def close(self) -> None:
        self.web.close()

    # --- pages and forms ----------------------------------------------------------------------------------------

    def page(self, path: str) -> str:
        answer = self.web.get(path)
        assert answer.status_code == 200, f"{path} → {answer.status_code} {answer.headers.get('location')} {words(answer.text)}"
        return answer.text

    def send(self, path: str, form_on: str, data: dict[str, Any]) -> httpx.Response:
        """Send a form with the hidden token of the page it stands on."""
        found = CSRF.search(self.page(form_on))
        assert found, f"no form on {form_on}"
        answer = self.web.post(path, data={"csrf": found.group(1), **data})
        assert answer.status_code == 303, f"{path} → {answer.status_code} {words(answer.text)}"
        return answer

    def send_page(self, action: str, page: str, data: dict[str, Any]) -> httpx.Response:
        """Send the form of a page that was opened earlier, with some fields changed; whatever comes of it."""
        found = CSRF.search(page)
        assert found, "no form on the page"
        return self.web.post(action, data={"csrf": found.group(1), **form_fields(page, action), **data})

    def _enrol(self, path: str) -> None:
        secret = SECRET.search(self.page(path))
        assert secret, "the enrolment page shows no secret"
        self.totp = pyotp.TOTP(unescape(secret.group(1)).replace(" ", ""))
        self.send(path, path, {"password": PASSWORD, "code": self.totp.now()})

    def _sign_in(self) -> None:
        """With the next code: each code works once, and one step ahead is taken, as a clock may be off."""
        ahead = datetime.now(timezone.utc) + timedelta(seconds=30)
        self.send("/login", "/login", {"name": self.name, "password": PASSWORD, "code": self.totp.at(ahead)})

    # --- work ---------------------------------------------------------------------------------------------------

    def take_on(self, person_id: str) -> None:
        home = f"/people/{person_id}"
        mine = re.search(r'name="to" value="([^"]+)"', self.page(home))
        assert mine, "no button to take this person on"
        self.send(f"{home}/assign", home, {"to": mine.group(1)})

    def write(self, person_id: str, text: str) -> None:
        self.send(f"/people/{person_id}/messages", f"/people/{person_id}", {"text": text})

    def take_over(self, person_id: str) -> None:
        self.send(f"/people/{person_id}/take-over", f"/people/{person_id}", {})

    def hand_back(self, person_id: str) -> None:
        self.send(f"/people/{person_id}/hand-back", f"/people/{person_id}", {})

    def on_duty(self, hours: Optional[float]) -> None:
        """Go on duty for some hours, or off duty with None."""
        until = (datetime.now(timezone.utc) + timedelta(hours=hours)).isoformat() if hours else ""
        self.send("/duty", "/", {"until": until, "back": "/alerts"})

    def edit_plan(self, person_id: str, reason: str, changes: dict[str, str]) -> None:
        """Open the edit form, change some of its fields and save the rest as the form shows it."""
        page = f"/people/{person_id}/plan/edit"
        fields = form_fields(self.page(page), page)
        unknown = set(changes) - set(fields)
        assert not unknown, f"the form has no {unknown}; it has {sorted(fields)}"
        self.send(page, page, {**fields, **changes, "reason": reason})

    def sign_plan(self, person_id: str, version: int) -> None:
        page = f"/people/{person_id}/plan/sign"
        assert f'name="version" value="{version}"' in self.page(page), "another version is to be signed"
        self.send(page, page, {"version": str(version)})


def form_fields(html: str, action: str) -> dict[str, str]:
    """The named fields of the form that is sent to ``action``, with what stands in them, as a browser sends them."""
    html = html.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    found: dict[str, str] = {}
    for tag in re.finditer(r"<input\b[^>]*>", html):
        name, value = _attribute(tag.group(), "name"), _attribute(tag.group(), "value")
        if name and name != "csrf" and (_attribute(tag.group(), "type") != "checkbox" or " checked" in tag.group()):
            found[name] = value or ""
    for tag in re.finditer(r"(<textarea\b[^>]*>)(.*?)</textarea>", html, re.DOTALL):
        found[_attribute(tag.group(1), "name") or ""] = unescape(tag.group(2)).removeprefix("\n")
    for tag in re.finditer(r"(<select\b[^>]*>)(.*?)</select>", html, re.DOTALL):
        options = re.findall(r'<option value="([^"]*)"([^>]*)>', tag.group(2))
        chosen = [value for value, rest in options if "selected" in rest] or [options[0][0]]
        found[_attribute(tag.group(1), "name") or ""] = unescape(chosen[0])
    return found


def words(html: str) -> str:
    """A page without its tags, for reading in a failed test."""
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))[:600]


def _attribute(tag: str, name: str) -> Optional[str]:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else None
