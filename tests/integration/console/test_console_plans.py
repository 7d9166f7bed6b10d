"""The plan: read, edit, compare, sign."""

from __future__ import annotations

import pytest


@pytest.fixture
def sam(clinic):
    return clinic.person("Sam", assigned="Ada")


@pytest.fixture
def ada(clinic, sam):
    return clinic.signed_in("Ada")


def edit(browser, person, **fields):
    form = {"base_version": "1", "reason": "Talked it over on the phone", **fields}
    return browser.post(f"/people/{person}/plan/edit", {k.replace("__", "."): v for k, v in form.items()})


def test_the_plan_reads_as_a_document_with_the_persons_sentences(ada, sam):
    page = ada.get(f"/people/{sam}/plan").text
    assert "“three nights a week without wine”" in page
    assert "They said: “a bottle of wine, more at weekends”" in page
    assert "not clinically reviewed yet" in page and "A program drafted" in page
    assert "Not complete yet" in page and "Level of care not rated yet" in page.replace("Step 3: level", "Level")
    assert page.count("not yet</dd>") == 2


def test_an_edit_makes_version_2_with_author_reason_and_diff(ada, sam, clinic):
    sent = edit(
        ada, sam, line__G1__words="two nights a week without wine", line__I1__review="2030-04-20", remove=["S1"]
    )
    assert sent.headers["location"] == f"/people/{sam}/plan?done=edited"
    page = ada.get(f"/people/{sam}/plan/versions/2").text
    assert "Ada (team)" in page and "Talked it over on the phone" in page
    assert "<del>three nights a week without wine</del>" in page
    assert "<ins>two nights a week without wine</ins>" in page
    assert "<ins>20 Apr 2030</ins>" in page and "Strength S1" in page
    assert "This is the first version" in ada.get(f"/people/{sam}/plan/versions/1").text
    newest = ada.get(f"/people/{sam}/plan").text
    assert "Withdrawn" in newest
    assert "“two nights" not in newest and "They said: “three nights a week without wine”" in newest


def test_unchanged_fields_are_no_edits(ada, sam, clinic):
    page = edit(ada, sam, line__G1__words="three nights a week without wine")
    assert page.status_code == 422 and "Nothing was changed" in page.text


def test_an_intervention_needs_every_field_and_keeps_what_was_typed(ada, sam, clinic):
    half = edit(ada, sam, new__text="Call the sister", new__owner="Ada")
    assert half.status_code == 422 and "Call the sister" in half.text and "Talked it over on the phone" in half.text
    whole = {"new__text": "Call the sister", "new__owner": "Ada", "new__frequency": "weekly"}
    dated = edit(ada, sam, **whole, new__start="next week", new__review="2030-05-01")
    assert dated.status_code == 422 and "next week" in dated.text and "year-month-day" in dated.text
    assert edit(ada, sam, **whole, new__start="2030-04-01", new__review="2030-05-01").status_code == 303
    assert "Call the sister" in ada.get(f"/people/{sam}/plan").text


def test_the_review_date_can_be_changed_alone(ada, sam, clinic):
    assert edit(ada, sam, review_date="2030-06-01").status_code == 303
    assert "1 Jun 2030" in ada.get(f"/people/{sam}/plan").text


def test_a_reason_is_required(ada, sam, clinic):
    sent = edit(ada, sam, line__G1__words="something else", reason=" ")
    assert sent.status_code == 422 and "something else" in sent.text and "needs a reason" in sent.text


def test_a_stale_form_keeps_the_typed_text_and_links_to_the_newest(ada, sam, clinic):
    edit(ada, sam, line__G1__words="first come")
    stale = edit(ada, sam, line__G1__words="typed on the old one", line__P1__text="also this", remove=["S1"])
    assert stale.status_code == 409
    assert "typed on the old one" in stale.text and "also this" in stale.text
    assert 'value="S1" checked' in stale.text
    assert "Look at version 2" in stale.text and f"/people/{sam}/plan" in stale.text
    assert "typed on the old one" not in ada.get(f"/people/{sam}/plan").text


def test_signing_asks_once_more_and_makes_an_approval(ada, sam, clinic):
    assert "Sign version 1?" in ada.get(f"/people/{sam}/plan/sign").text
    assert ada.post(f"/people/{sam}/plan/sign", {"version": "1"}).status_code == 303
    page = ada.get(f"/people/{sam}/plan").text
    assert "yes, Ada (team)" in page and page.count("not yet</dd>") == 1
    assert "waiting for the person" in page
    assert clinic.outbox(sam)[-1].kind == "notice"
    again = ada.post(f"/people/{sam}/plan/sign", {"version": "1"})
    assert again.status_code == 409 and "not waiting for a signature" in again.text


def test_signing_a_version_that_is_not_the_newest_is_refused(ada, sam, clinic):
    edit(ada, sam, line__G1__words="changed")
    sent = ada.post(f"/people/{sam}/plan/sign", {"version": "1"})
    assert sent.status_code == 409 and "Sign version 2" in sent.text


def test_an_edit_after_the_signature_starts_without_approvals(ada, sam, clinic):
    ada.post(f"/people/{sam}/plan/sign", {"version": "1"})
    edit(ada, sam, line__G1__words="changed")
    assert ada.get(f"/people/{sam}/plan").text.count("not yet</dd>") == 2


def test_somebody_without_a_plan(clinic):
    person = clinic.person("New", plan=False)
    browser = clinic.signed_in("Ada")
    assert "No plan yet" in browser.get(f"/people/{person}/plan").text
    assert browser.get(f"/people/{person}/plan/edit").status_code == 404
    assert browser.get(f"/people/{person}/plan/versions/7").status_code == 404
