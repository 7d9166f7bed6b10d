"""The worklist and a person's page."""

from __future__ import annotations

from small_clinic import HOSTILE

from waymark.domain.people import PersonStatus


def test_plans_awaiting_review_come_first_and_filters_work(clinic):
    clinic.person("Early", plan=True)
    clinic.advance(minutes=5)
    clinic.person("Late", plan=False, assigned="Ada")
    clinic.person(None, plan=False)
    browser = clinic.signed_in("Ada")
    page = browser.get("/").text
    assert page.index("Early") < page.index("Late")
    assert "Awaiting review</a>" in page and "no name given" in page and "nobody yet" in page
    mine = browser.get("/?show=mine").text
    assert "Late" in mine and "Early" not in mine
    awaiting = browser.get("/?show=awaiting").text
    assert "Early" in awaiting and "Late" not in awaiting


def test_the_highest_level_is_said_in_words(clinic):
    person = clinic.person("Sam")
    clinic.alert(person)
    assert "S1 – life at risk now" in clinic.signed_in("Ada").get("/").text


def test_an_empty_worklist_says_how_people_get_here(clinic):
    assert "Nobody is here yet" in clinic.signed_in("Ada").get("/").text


def test_htmx_gets_the_content_only(clinic):
    browser = clinic.signed_in("Ada")
    assert "<html" in browser.get("/").text
    part = browser.get("/", **{"HX-Request": "true"}).text
    assert "<html" not in part and "Worklist" in part


def test_the_person_page_shows_what_was_told_and_how_it_changed(clinic):
    person = clinic.person("Sam", assigned="Ada")
    page = clinic.signed_in("Ada").get(f"/people/{person}").text
    assert "No route to contact" in page and "34" in page and "GB" in page
    assert "version 1" in page
    assert "declined" in page
    assert "<del><span class=\"words\">“six maybe”" in page and "“actually an 8”" in page
    assert "<title>Person · Waymark</title>" in page
    assert "12 Mar 2030, 09:00" in page


def test_hostile_text_is_escaped_everywhere(clinic):
    person = clinic.person(HOSTILE, assigned="Ada")
    clinic.alert(person, words=HOSTILE)
    browser = clinic.signed_in("Ada")
    browser.post(f"/people/{person}/messages", {"text": HOSTILE})
    form = {"base_version": "1", "reason": HOSTILE, "line.G1.words": HOSTILE}
    assert browser.post(f"/people/{person}/plan/edit", form).status_code == 303
    for path in ("/", "/alerts", f"/people/{person}", f"/people/{person}/plan", f"/people/{person}/plan/versions/2"):
        page = browser.get(path).text
        assert HOSTILE not in page and "&lt;script&gt;" in page, path


def test_writing_to_the_person_goes_out_as_from_a_human(clinic):
    person = clinic.person("Sam", assigned="Ada")
    browser = clinic.signed_in("Ada")
    assert browser.post(f"/people/{person}/messages", {"text": "Hello, I am Ada."}).status_code == 303
    sent = clinic.outbox(person)[-1]
    assert (sent.author, sent.text, sent.channel) == ("staff:Ada", "Hello, I am Ada.", "web")
    assert "Ada (team)" in browser.get(f"/people/{person}").text


def test_a_message_that_is_too_long_comes_back_as_typed(clinic):
    person = clinic.person("Sam", assigned="Ada")
    text = "tea " * 600
    sent = clinic.signed_in("Ada").post(f"/people/{person}/messages", {"text": text})
    assert sent.status_code == 422 and text.strip() in sent.text


def test_take_over_and_hand_back(clinic):
    person = clinic.person("Sam", assigned="Ada")
    browser = clinic.signed_in("Ada")
    browser.post(f"/people/{person}/take-over")
    assert "Ada (team) answers now" in browser.get(f"/people/{person}").text
    assert "Ada (team) is answering" in browser.get("/").text
    browser.post(f"/people/{person}/hand-back")
    assert "The assistant answers now" in browser.get(f"/people/{person}").text


def test_taking_a_person_on_hides_them_from_others(clinic):
    person = clinic.person("Sam")
    ada, ben = clinic.signed_in("Ada"), clinic.signed_in("Ben")
    assert ben.get(f"/people/{person}").status_code == 200
    ada.post(f"/people/{person}/assign", {"to": clinic.member("Ada").id})
    assert ben.get(f"/people/{person}").status_code == 404
    assert ada.post(f"/people/{person}/assign", {"to": clinic.member("Ben").id}).status_code == 403
    lou = clinic.signed_in("Lou")
    assert lou.post(f"/people/{person}/assign", {"to": clinic.member("Ben").id}).status_code == 303
    assert ben.get(f"/people/{person}").status_code == 200


def test_without_consent_only_the_safety_record_shows(clinic):
    person = clinic.person("Sam", plan=False, status=PersonStatus.PENDING)
    clinic.alert(person)
    page = clinic.signed_in("Oki").get(f"/people/{person}").text
    assert "has not agreed" in page and "I took all of them" in page
    assert "my evenings back" not in page and "bottle of wine" not in page


def test_the_record_is_json(clinic):
    person = clinic.person("Sam", assigned="Ada")
    record = clinic.signed_in("Ada").get(f"/people/{person}/record.json").json()
    assert record["person"]["alias"] == "Sam" and record["messages"]
