"""Enrolment, sign-in, sign-out, idle logoff and the anti-forgery token."""

from __future__ import annotations

import re

from waymark.domain.actors import COMMAND_LINE


def test_enrol_then_sign_in_then_worklist(clinic):
    token = clinic.core.staff_access.add(COMMAND_LINE, "Eve", "counsellor")
    browser = clinic.browser()
    page = browser.get(f"/enrol/{token}")
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text).group(1).replace(" ", "")
    assert secret == clinic.member("Eve").totp_secret
    assert "<svg" in page.text and "authenticator" in page.text

    link = f"/enrol/{token}"
    short = browser.post(link, {"password": "short", "code": clinic.code("Eve")}, form_on=link)
    assert short.status_code == 422 and "12 characters" in short.text
    wrong = browser.post(link, {"password": "a long enough one", "code": "000000"}, form_on=link)
    assert wrong.status_code == 422
    assert browser.post(link, {"password": "a long enough one", "code": clinic.code("Eve")}, form_on=link).status_code == 303
    assert browser.get(link).status_code == 404

    clinic.advance(seconds=60)
    sent = browser.post("/login", {"name": "Eve", "password": "a long enough one", "code": clinic.code("Eve")})
    assert sent.headers["location"] == "/"
    cookie = sent.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "Worklist" in browser.get("/").text


def test_a_wrong_code_and_a_used_code_are_refused_with_the_same_words(clinic):
    clinic.advance(seconds=60)
    browser, right = clinic.browser(), clinic.code("Ada")
    entry = {"name": "Ada", "password": "tram candle orbit nine"}
    wrong = browser.post("/login", {**entry, "code": "000000"})
    assert wrong.status_code == 403 and 'value="Ada"' in wrong.text
    assert browser.post("/login", {**entry, "code": right}).status_code == 303
    again = clinic.browser().post("/login", {**entry, "code": right})
    assert again.status_code == 403
    words = "do not fit, or the login is locked"
    assert words in wrong.text and words in again.text


def test_five_failures_lock_even_the_right_password(clinic):
    browser = clinic.browser()
    for _ in range(5):
        browser.post("/login", {"name": "Ada", "password": "not this one", "code": "000000"})
    clinic.advance(seconds=60)
    entry = {"name": "Ada", "password": "tram candle orbit nine"}
    assert browser.post("/login", {**entry, "code": clinic.code("Ada")}).status_code == 403
    clinic.advance(minutes=16)
    assert browser.post("/login", {**entry, "code": clinic.code("Ada")}).status_code == 303


def test_idle_logoff_says_why_and_comes_back_to_the_page(clinic):
    browser = clinic.signed_in("Ada")
    clinic.advance(minutes=16)
    sent = browser.get("/alerts")
    assert sent.headers["location"] == "/login?next=/alerts&why=idle"
    assert "nothing happened for 15 minutes" in browser.get(sent.headers["location"]).text


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(clinic):
    browser = clinic.signed_in("Ada")
    for _ in range(2):
        clinic.advance(minutes=8)
        last = browser.client.get("/alerts/list", headers={"HX-Request": "true"})
    assert last.headers["HX-Redirect"].startswith("/login")


def test_typing_keeps_the_session(clinic):
    browser = clinic.signed_in("Ada")
    for _ in range(3):
        clinic.advance(minutes=8)
        assert browser.get("/stay").status_code == 204


def test_a_form_sent_after_the_logoff_shows_what_was_typed(clinic):
    person = clinic.person("Sam", assigned="Ada")
    browser = clinic.signed_in("Ada")
    token = browser.token(f"/people/{person}")
    clinic.advance(minutes=16)
    late = browser.client.post(f"/people/{person}/messages", data={"csrf": token, "text": "a long careful letter"})
    assert late.status_code == 401 and "a long careful letter" in late.text


def test_sign_out_ends_the_session(clinic):
    browser = clinic.signed_in("Ada")
    cookie = browser.client.cookies.get("waymark_console")
    assert browser.post("/logout").status_code == 303
    browser.client.cookies.set("waymark_console", cookie)
    assert browser.get("/").status_code == 303


def test_posts_without_the_token_are_refused_and_keep_the_text(clinic):
    person = clinic.person("Sam", assigned="Ada")
    browser = clinic.signed_in("Ada")
    for token in ({}, {"csrf": "made-up"}):
        sent = browser.client.post(f"/people/{person}/messages", data={**token, "text": "typed with care"})
        assert sent.status_code == 403 and "typed with care" in sent.text
    assert clinic.outbox(person) == []
    assert clinic.browser().client.post("/login", data={"name": "Ada"}).status_code == 403


def test_sign_in_never_leads_off_the_console(clinic):
    for number, wanted in enumerate(("//evil.example/x", "https://evil.example", "/\\evil.example")):
        clinic.advance(seconds=60 + number)
        entry = {"name": "Ada", "password": "tram candle orbit nine", "code": clinic.code("Ada"), "next": wanted}
        assert clinic.browser().post("/login", entry).headers["location"] == "/"


def test_security_headers_are_on_every_answer(clinic):
    browser = clinic.signed_in("Ada")
    for path in ("/", "/login", "/health", "/nothing-here", "/api/alerts", "/static/console.css"):
        headers = browser.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY" and headers["referrer-policy"] == "no-referrer"
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_duty_is_set_until_an_hour_and_ended(clinic):
    browser = clinic.signed_in("Ada")
    until = re.search(r'<option value="(2030-03-12T1\d[^"]+)"', browser.get("/").text).group(1)
    assert browser.post("/duty", {"until": until, "back": "/alerts"}).headers["location"] == "/alerts"
    assert clinic.member("Ada").on_duty(clinic.now())
    assert "On duty" in browser.get("/").text
    browser.post("/duty")
    assert not clinic.member("Ada").on_duty(clinic.now())
    assert browser.post("/duty", {"until": "tomorrow"}).status_code == 422
