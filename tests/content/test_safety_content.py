"""Safety content: every rule's own examples, fixed wordings, and numbers that nobody invented (safety.md)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from waymark.adapters.content_yaml.resources import load_resources
from waymark.adapters.content_yaml.safety_rules import load_safety_rules
from waymark.adapters.content_yaml.safety_texts import load_safety_texts
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass, Level, ScreenAction
from waymark.domain.safety_reply import ReplyText
from waymark.domain.safety_rules import SafetyRule
from waymark.understanding.safety_screen import SafetyScreen

ROOT = Path(__file__).resolve().parents[2]
RULES = load_safety_rules()
SCREEN = SafetyScreen(RULES)
TEXTS = load_safety_texts()
RESOURCES = load_resources()
LOUD = (ScreenAction.REPLY, ScreenAction.ASK)
EXAMPLES = [pytest.param(r, t, id=f"{r.id}: {t[:50]}") for r in RULES.rules for t in r.examples]
LOOK_ALIKES = [pytest.param(r, t, id=f"{r.id}: {t[:50]}") for r in RULES.rules for t in r.look_alikes]
PLACED = [c for c in AlertClass if any(r.alert_class is c for r in RULES.rules)]
CLINICAL = [c for c in PLACED if c is not AlertClass.ABUSE_OF_STAFF]
BLOCKS = [
    *(block for reply in TEXTS.replies for block in reply.blocks if block != "{team}"),
    *(text.text for text in (*TEXTS.check_ins, *TEXTS.questions, *TEXTS.follow_ups)),
    *TEXTS.screen_failed.blocks,
]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_examples_are_found(rule: SafetyRule, text: str) -> None:
    found = [f for f in SCREEN.screen(text).findings if f.alert_class is rule.alert_class]
    assert found
    assert found[0].level.rank <= rule.verdict.level.rank
    assert found[0].action in (ScreenAction.REPLY, rule.verdict.action)


@pytest.mark.parametrize(("rule", "text"), LOOK_ALIKES)
def test_look_alikes_are_not(rule: SafetyRule, text: str) -> None:
    assert not [f for f in SCREEN.screen(text).findings if f.alert_class is rule.alert_class and f.action in LOUD]


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_rule_has_six_of_each(rule: SafetyRule) -> None:
    assert len(set(rule.examples)) >= 6 and len(set(rule.look_alikes)) >= 6


@pytest.mark.parametrize("alert_class", CLINICAL, ids=lambda c: c.value)
def test_every_class_has_thirty_of_each(alert_class: AlertClass) -> None:
    """safety.md §8: at least 30 true phrases and 30 look-alikes per class."""
    count: Counter[str] = Counter()
    for rule in RULES.rules:
        if rule.alert_class is alert_class:
            count["true"] += len(set(rule.examples))
            count["look"] += len(set(rule.look_alikes))
    assert count["true"] >= 30 and count["look"] >= 30


def test_all_classes_of_the_screen_have_rules() -> None:
    assert len(CLINICAL) == 18


def test_nothing_claims_a_review() -> None:
    headers = [*RULES.headers, TEXTS.header, *(c.header for c in RESOURCES.countries.values())]
    assert all(h.reviewed_by is None and h.reviewed_on is None and h.status == "draft" for h in headers)
    assert all(h.licence == "Apache-2.0" and h.source == "docs/clinical/safety.md" for h in headers)


def test_rules_name_their_file_and_version() -> None:
    assert all(re.fullmatch(r"safety\.rules\.\w+@\d+", rule.version) for rule in RULES.rules)


@pytest.mark.parametrize("alert_class", PLACED, ids=lambda c: c.value)
def test_every_verdict_has_a_text_of_its_level(alert_class: AlertClass) -> None:
    for rule in RULES.rules:
        for verdict in (rule.verdict, rule.if_other, *rule.by_when.values()):
            if verdict is None or verdict.action not in LOUD:
                continue
            named = verdict.alert_class or rule.alert_class
            if named is alert_class:
                assert any(named in t.classes and verdict.level in t.levels for t in TEXTS.replies)
                assert any(named in t.classes for t in TEXTS.questions)


def _syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e(?:d|s)?$", "", word.lower()))
    return max(1, len(groups))


def _grade(text: str) -> float:
    """Flesch–Kincaid grade by vowel groups; needs no dictionary."""
    sentences = max(1, len(re.findall(r"[.?:]+(?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("reply", TEXTS.replies, ids=lambda reply: reply.id)
def test_replies_read_at_grade_six_or_less(reply: ReplyText) -> None:
    blocks = [block for block in reply.blocks if block != "{team}"]
    assert _grade(re.sub(r"\{\w+\}", "call 911", " ".join(blocks))) <= 6


@pytest.mark.parametrize("block", BLOCKS)
def test_wording_of_every_block(block: str) -> None:
    assert "!" not in block
    assert len(re.findall(r"[.?](?:\s|$)", block)) <= 3
    for word in ("addict", "alcoholic", "junkie", "dirty", "commit suicide", "promise", "secret", "I have called"):
        assert not re.search(rf"\b{word}\b", block, re.IGNORECASE), word


def test_s1_replies_give_the_emergency_number_or_say_to_stop() -> None:
    for reply in TEXTS.replies:
        if Level.S1 in reply.levels:
            assert any("{emergency}" in block for block in reply.blocks), reply.id


def test_every_reply_says_what_is_true_of_the_team() -> None:
    assert all("{team}" in reply.blocks for reply in TEXTS.replies)


@pytest.mark.parametrize("code", ["US", "GB", "IE", "CA", "AU", "NZ", "DE", "FR", "IN", "ZA", "EU", "unknown"])
def test_every_row_of_numbers_is_there(code: str) -> None:
    assert code in RESOURCES.countries and RESOURCES.countries[code].emergency_text


def test_every_number_stands_in_the_clinical_source() -> None:
    """Nothing is invented: safety.md §7 holds each number."""
    source = re.sub(r"\W", "", (ROOT / "docs/clinical/safety.md").read_text(encoding="utf-8"))
    for country in RESOURCES.countries.values():
        for number in country.numbers:
            assert re.sub(r"\W", "", number.number) in source, number.id


def test_no_number_claims_to_be_verified() -> None:
    numbers = [n for c in RESOURCES.countries.values() for n in c.numbers]
    assert all(n.verified_on is None and n.verified_by is None for n in numbers)
    assert len(RESOURCES.unverified()) == len(numbers)
    assert len({n.id for n in numbers}) == len(numbers)


def test_numbers_are_links() -> None:
    british = {n.id: n.href for n in RESOURCES.for_country("UK").numbers}
    assert british["gb.samaritans"] == "tel:116123" and british["gb.shout"] == "sms:85258"
    assert RESOURCES.for_country(None).numbers[0].href == "https://findahelpline.com"


def test_countries_are_found_by_code() -> None:
    assert RESOURCES.for_country("uk").code == "GB"
    assert RESOURCES.for_country("ES").code == "EU"
    assert RESOURCES.for_country("DE").code == "DE"
    assert not RESOURCES.for_country("XX").known and not RESOURCES.for_country(None).known


def test_an_unknown_key_in_a_rule_is_refused(tmp_path: Path) -> None:
    source = ROOT / "content" / "safety"
    (tmp_path / "rules").mkdir()
    (tmp_path / "lexicon.yml").write_text((source / "lexicon.yml").read_text(encoding="utf-8"), encoding="utf-8")
    text = (source / "rules" / "c15_abuse_of_staff.yml").read_text(encoding="utf-8")
    (tmp_path / "rules" / "a.yml").write_text(text.replace("    who: any", "    who: any\n    mood: low"), encoding="utf-8")
    with pytest.raises(ContentError, match="mood"):
        load_safety_rules(tmp_path)


def test_an_unknown_placeholder_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "content" / "safety" / "replies.yml").read_text(encoding="utf-8")
    (tmp_path / "replies.yml").write_text(text.replace("{poison_line}", "{pizza_line}"), encoding="utf-8")
    with pytest.raises(ContentError, match="pizza_line"):
        load_safety_texts(tmp_path / "replies.yml")


def test_an_unknown_key_of_a_number_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "content" / "resources" / "fr.yml").read_text(encoding="utf-8")
    (tmp_path / "fr.yml").write_text(text.replace("    sms: false", "    sms: false\n    fax: false", 1), encoding="utf-8")
    with pytest.raises(ContentError, match="fax"):
        load_resources(tmp_path)
