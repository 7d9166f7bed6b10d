"""The questionnaire, the plan rules and the phrases fit together and fit the code."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
import yaml
from said_in_code import items_named, utterances

from waymark.adapters.content_yaml.document import HEADER_KEYS, load_document
from waymark.adapters.content_yaml.intake import (
    load_consent,
    load_draft_content,
    load_questionnaire,
    load_reflections,
)
from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.domain.errors import ContentError
from waymark.domain.facts import AnswerKind
from waymark.services.reading import read_answer
from waymark.understanding.facts import FactReader

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
LEXICON = CONTENT / "lexicon" / "substances.yml"
FILES = sorted(CONTENT.rglob("*.yml"))
QUESTIONNAIRE = load_questionnaire(CONTENT / "intake")
DRAFT = load_draft_content(CONTENT / "plan" / "first_plan.yml")
READER = FactReader(load_substance_lexicon(LEXICON))
NOW = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

TYPICAL_ANSWERS = {
    "opening.words": "I keep drinking after work",
    "person.alias": "Sam",
    "person.age": "34",
    "person.country": "Ireland",
    "contact.route": "sam@example.org",
    "contact.safe_times": "evenings",
    "substance.main": "vodka",
    "substance.amount": "4 cans a day",
    "substance.last_use": "last night",
    "ruler.importance": "8",
    "reason.words": "my daughter",
    "ruler.confidence": "4",
    "goal.words": "no more hangovers",
    "plan.line_words": "it was wine",
    "plan.objection": "too many steps",
}
"""An answer to each question without fixed choices."""

OWN_WAY = {"plan.line": "a number is taken by the plan's own handler"}


def read(item, said):
    facts = READER.read(said, question=item.kind, now=NOW, country="GB")
    return read_answer(item, said, facts, {}).value


def responses() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items():
            assert name not in found, f"{name} stands in two files"
            found[name] = [variant["text"] for variant in variants]
    return found


RESPONSES = responses()


@pytest.mark.parametrize("item", QUESTIONNAIRE.items, ids=lambda item: item.id)
def test_every_question_can_be_answered_in_typed_words(item):
    if item.id in OWN_WAY:
        return
    if item.kind is AnswerKind.CHOICE:
        spoken = {c.title: c.value for c in item.choices if c.intent == "answer"}
        assert {title: read(item, title) for title in spoken} == spoken
        return
    assert item.id in TYPICAL_ANSWERS, "give a typical answer to the new question"
    assert read(item, TYPICAL_ANSWERS[item.id]) is not None


@pytest.mark.parametrize("item", QUESTIONNAIRE.items, ids=lambda item: item.id)
def test_every_question_is_asked_in_more_than_one_way(item):
    for variants in (item.ask, item.again, item.retry):
        assert all(text.strip() for text in variants)
    assert len(set(item.ask)) >= 2 or item.ask == ("{consent_text}",)
    assert len(set(item.again)) >= 2
    assert len(set(item.retry)) >= 2


@pytest.mark.parametrize("item", QUESTIONNAIRE.items, ids=lambda item: item.id)
def test_placeholders_of_a_question_are_those_the_intake_fills(item):
    asked = {name for text in (*item.ask, *item.again, *item.retry) for name in PLACEHOLDER.findall(text)}
    thanked = {name for text in item.acknowledge for name in PLACEHOLDER.findall(text)}
    assert asked <= {"consent_text", "importance"}
    assert thanked <= {"value"}


def test_conditions_point_to_earlier_questions():
    earlier: set[str] = set()
    for item in QUESTIONNAIRE.items:
        later = [c.item for c in item.when if c.item not in earlier and not c.item.startswith("setting.")]
        assert not later, f"{item.id} looks at {later}, which is asked later"
        earlier.add(item.id)


def test_questions_named_in_code_exist():
    missing = {name: place for name, place in items_named().items() if name not in QUESTIONNAIRE.by_id}
    assert not missing


def test_every_phrase_said_in_code_exists():
    missing = {(said.name, said.place) for said in utterances() if f"utter_{said.name}" not in RESPONSES}
    assert not missing


def test_every_phrase_is_said_somewhere():
    said = {f"utter_{one.name}" for one in utterances()}
    assert said, "no phrase was found in the code"
    assert sorted(set(RESPONSES) - said) == []


def test_every_placeholder_of_a_phrase_is_filled_where_it_is_said():
    unfilled = {
        (said.name, said.place, name)
        for said in utterances()
        for text in RESPONSES.get(f"utter_{said.name}", [])
        for name in PLACEHOLDER.findall(text)
        if name not in said.params
    }
    assert not unfilled


def test_a_plan_rule_rests_on_an_answer_that_is_asked_for():
    unknown = [rule.id for rule in DRAFT.rules if rule.evidence_item not in QUESTIONNAIRE.by_id]
    assert not unknown


def test_plan_rules_are_unique_and_quote_the_person():
    ids = [rule.id for rule in DRAFT.rules]
    assert len(set(ids)) == len(ids)
    assert [rule.id for rule in DRAFT.rules if PLACEHOLDER.findall(rule.why) != ["words"]] == []


def test_plan_rules_name_substances_of_the_lexicon():
    known = set(yaml.safe_load(LEXICON.read_text(encoding="utf-8"))["substances"])
    named = {name for rule in DRAFT.rules for name in rule.substances or ()} | set(DRAFT.substance_names)
    assert sorted(named - known) == []


def test_every_kind_of_reflection_has_words_to_rotate():
    bank = load_reflections(CONTENT / "reflections" / "opening.yml")
    assert [r.id for r in bank.reflections if len(set(r.texts)) < 2] == []
    assert len(set(bank.fallback)) >= 3


def test_consent_names_the_team_only_when_there_is_one():
    consent = load_consent(CONTENT / "consent" / "record.yml")
    assert "North Clinic" in consent.shown("North Clinic")
    assert "{" not in consent.shown("") + consent.shown("North Clinic")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CONTENT).as_posix())
def test_every_content_file_has_a_whole_header(path):
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "rules" in path.parts and set(raw).isdisjoint({"title", "source"}):
        pytest.fail(f"{path.name} has no header")
    header, _ = load_document(path, [key for key in raw if key not in HEADER_KEYS])
    assert header.locale == "en" or re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", header.locale)
    assert header.status != "approved" or header.reviewed_by, "an approved file names who approved it"


def test_content_ids_are_unique():
    ids = [yaml.safe_load(path.read_text(encoding="utf-8"))["id"] for path in FILES]
    assert sorted(i for i in set(ids) if ids.count(i) > 1) == []


LOADERS = {
    "intake/session_1.yml": lambda root: load_questionnaire(root / "intake"),
    "intake/moments.yml": lambda root: load_questionnaire(root / "intake"),
    "consent/record.yml": lambda root: load_consent(root / "consent" / "record.yml"),
    "plan/first_plan.yml": lambda root: load_draft_content(root / "plan" / "first_plan.yml"),
    "reflections/opening.yml": lambda root: load_reflections(root / "reflections" / "opening.yml"),
}


def with_change(tmp_path, changed, change):
    """A copy of the content in which one file is changed."""
    for name in LOADERS:
        raw = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
        if name == changed:
            change(raw)
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(raw), encoding="utf-8")
    return tmp_path


def put(raw, section):
    part = raw if section is None else raw[section][0]
    part["surprise"] = 1


@pytest.mark.parametrize(
    ("name", "section"),
    [
        *((name, None) for name in LOADERS),
        ("intake/session_1.yml", "items"),
        ("intake/moments.yml", "items"),
        ("plan/first_plan.yml", "rules"),
        ("reflections/opening.yml", "reflections"),
    ],
)
def test_an_unknown_key_is_refused_by_name(tmp_path, name, section):
    root = with_change(tmp_path, name, lambda raw: put(raw, section))
    with pytest.raises(ContentError, match="unknown key surprise"):
        LOADERS[name](root)


@pytest.mark.parametrize("name", LOADERS)
def test_a_missing_header_key_is_refused_by_name(tmp_path, name):
    root = with_change(tmp_path, name, lambda raw: raw.pop("licence"))
    with pytest.raises(ContentError, match="missing licence"):
        LOADERS[name](root)


def test_unchanged_copies_load(tmp_path):
    root = with_change(tmp_path, None, lambda raw: None)
    for load in LOADERS.values():
        assert load(root)


BROKEN_ITEMS = [
    (lambda item: item.update(kind="essay"), "unknown kind essay"),
    (lambda item: item.update(when=[{"item": "no.such", "test": "known"}]), "unknown item no.such"),
    (lambda item: item.update(when=[{"item": "person.age", "test": "around"}]), "unknown test around"),
    (lambda item: item.update(id="person.age"), "stands twice"),
    (lambda item: item.update(choices=[{"title": "Yes", "value": "yes", "colour": "red"}]), "unknown key colour"),
]


@pytest.mark.parametrize(("change", "message"), BROKEN_ITEMS, ids=[message for _, message in BROKEN_ITEMS])
def test_a_broken_question_is_refused_with_its_reason(tmp_path, change, message):
    root = with_change(tmp_path, "intake/session_1.yml", lambda raw: change(raw["items"][0]))
    with pytest.raises(ContentError, match=message):
        load_questionnaire(root / "intake")
