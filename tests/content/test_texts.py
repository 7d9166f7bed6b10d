"""Every text the assistant can say keeps the writing rules, and the linter catches each broken rule."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from waymark.adapters.content_yaml.writing import load_writing_rules, spoken_texts, texts_of
from waymark.domain.errors import ContentError
from waymark.domain.reading_grade import Counts, count, sentences, syllables
from waymark.domain.text_rules import SpokenText, TextKind, check_complex_share, check_text, check_texts

ROOT = Path(__file__).resolve().parents[2]
RULES_FILE = ROOT / "content" / "writing" / "rules.yml"
RULES = load_writing_rules(RULES_FILE)
LINT = [sys.executable, str(ROOT / "scripts" / "lint_texts.py")]

HARD_WORDS = (
    "Organisational responsibilities necessitate comprehensive documentation. "
    "Individual circumstances determine applicability. Additional information facilitates "
    "understanding. Administrative authorities communicate periodically regarding requirements. "
    "Educational opportunities accompany participation."
)


def text(words: str, kind: TextKind = TextKind.RESPONSE, key: str = "utter_example") -> SpokenText:
    return SpokenText("data/responses/example.yml", 3, key, kind, words)


def rules_broken(one: SpokenText) -> str:
    return "; ".join(finding.rule for finding in check_text(one, RULES))


def test_every_text_keeps_the_rules():
    run = subprocess.run(LINT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_file_with_texts_is_read():
    files = {one.file for one in spoken_texts(ROOT)}
    wanted = [*ROOT.glob("data/responses/*.yml"), *ROOT.glob("content/intake/*.yml")]
    wanted += [*ROOT.glob("content/reflections/*.yml"), *ROOT.glob("content/plan/*.yml"), *ROOT.glob("content/telegram/*.yml")]
    wanted += [*ROOT.glob("content/consent/*.yml"), *ROOT.glob("content/privacy/*.yml"), ROOT / "content" / "safety" / "replies.yml"]
    assert {path.relative_to(ROOT).as_posix() for path in wanted} <= files


def test_a_finding_is_printed_with_file_line_text_and_rule_and_fails_the_command(tmp_path):
    copy = tmp_path / "content" / "writing" / "rules.yml"
    copy.parent.mkdir(parents=True)
    copy.write_text(RULES_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    responses = tmp_path / "data" / "responses" / "bad.yml"
    responses.parent.mkdir(parents=True)
    lines = ['version: "3.1"', "responses:", "  utter_bad:", '    - text: "You must stop. Why? When?"']
    responses.write_text("\n".join(lines), encoding="utf-8")
    run = subprocess.run([*LINT, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "data/responses/bad.yml:4: You must stop. Why? When?: 2 questions, 1 allowed" in run.stdout
    assert "“You must” (order)" in run.stdout


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("How was it? And when was it?", "2 questions, 1 allowed"),
        ("word " * 61, "61 words, 60 allowed"),
        ("One. Two. Three. Four. Five. Six.", "6 sentences, 5 allowed"),
        ("word " * 16, "a sentence of 16 words, 15 allowed"),
        (HARD_WORDS, "reading grade"),
        ("You should rest.", "(order)"),
        ("It will be fine.", "(promise)"),
        ("Many addicts say so.", "(label_for_person)"),
        ("Hello {name, how are you", "a brace that is no {placeholder}"),
        ("Hello name}", "a brace that is no {placeholder}"),
    ],
)
def test_each_rule_for_a_message_catches_its_bad_example(said, rule):
    assert rule in rules_broken(text(said))


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (TextKind.SAFETY, "suicide.s1.self"),
        (TextKind.RESPONSE, "utter_craving_first"),
        (TextKind.QUESTION, "safety.check"),
        (TextKind.QUESTION, "craving.after"),
    ],
)
def test_no_exclamation_mark_in_a_hard_moment(kind, key):
    assert "exclamation mark" in rules_broken(text("You did it!", kind, key))
    assert not rules_broken(text("You did it.", kind, key))


def test_an_exclamation_mark_is_no_fault_elsewhere():
    assert not rules_broken(text("Hello!", key="utter_hello_again"))


def test_a_response_needs_three_different_variants():
    two = [text("Hello."), text("Hi."), text("Hi.")]
    assert [f.rule for f in check_texts(two, RULES)] == ["utter_example has 2 variants, 3 wanted"]
    assert not check_texts([*two, text("Good day.")], RULES)


def test_a_reflection_asks_nothing_and_joins_both_sides_with_and():
    assert "1 questions, 0 allowed" in rules_broken(text("You are tired?", TextKind.REFLECTION))
    assert "joins both sides" in rules_broken(text("It helps, but it costs you.", TextKind.REFLECTION))
    assert not rules_broken(text("It helps, and it costs you.", TextKind.REFLECTION))


def test_enough_reflections_are_complex():
    assert check_complex_share({"a": True, "b": False, "c": False}, RULES)
    assert check_complex_share({"a": True, "b": False}, RULES) is None


def test_short_texts_are_graded_together_with_their_file():
    hard = [text(said, key=f"k{i}") for i, said in enumerate(("Administrative authorities communicate.",) * 9)]
    rules = replace(RULES, limits=replace(RULES.limits, variants=1))
    assert not [f for one in hard for f in check_text(one, rules)]
    assert any("of the file" in f.rule for f in check_texts(hard, rules))


def test_names_of_medicines_and_services_do_not_count_in_the_grade():
    assert count("Keep naloxone near you.", RULES.not_counted) == count("Keep near you.")


def test_a_file_of_long_messages_is_not_typical():
    long = [text("I am. You are. We go. All rest.", key=f"k{i}") for i in range(3)]
    rules = replace(RULES, limits=replace(RULES.limits, variants=1))
    assert [f.rule for f in check_texts(long, rules)] == ["typically 4 sentences, 3 allowed"]


@pytest.mark.parametrize(
    "said", ["You must go. Why did you? What is it?", "word " * 80, HARD_WORDS, "Many addicts say so!"]
)
def test_official_texts_keep_their_wording(said):
    assert not rules_broken(text(said, TextKind.OFFICIAL))


def test_safety_texts_are_held_to_person_first_words_and_grade_only():
    direct = "You must call now. Are you hurt? Is someone with you? " + "Stay. " * 60
    assert not rules_broken(text(direct, TextKind.SAFETY))
    assert "(label_for_person)" in rules_broken(text("Call the addict's family.", TextKind.SAFETY))
    assert "reading grade" in rules_broken(text(HARD_WORDS, TextKind.SAFETY))


def test_consent_is_official_and_replies_are_safety_texts():
    consent = texts_of(ROOT / "content" / "consent" / "record.yml", ROOT)
    replies = texts_of(ROOT / "content" / "safety" / "replies.yml", ROOT)
    assert {one.kind for one in consent} == {TextKind.OFFICIAL}
    assert {one.kind for one in replies} == {TextKind.SAFETY}


def test_blocks_of_a_safety_reply_are_one_message():
    replies = texts_of(ROOT / "content" / "safety" / "replies.yml", ROOT)
    first = next(one for one in replies if one.key == "suicide.s1.self")
    assert first.text.count("\n") >= 5
    assert "Thank you for telling me." in first.text.splitlines()[0]


@pytest.mark.parametrize("phrase", RULES.phrases, ids=lambda phrase: phrase.id)
def test_each_phrase_rule_catches_its_bad_examples_and_spares_its_good_ones(phrase):
    assert phrase.bad, "a phrase rule has a bad example"
    assert phrase.good, "a phrase rule has a good example"
    for bad in phrase.bad:
        assert phrase.found_in(bad), f"{phrase.id} misses {bad!r}"
        assert phrase.found_in(bad.replace("'", "’")), f"{phrase.id} misses {bad!r} with a curly apostrophe"
    for good in phrase.good:
        assert not [other.id for other in RULES.phrases if other.found_in(good)], good


def test_every_pattern_is_needed_by_a_bad_example():
    idle = [
        (phrase.id, pattern.pattern)
        for phrase in RULES.phrases
        for pattern in phrase.patterns
        if not any(pattern.search(bad) for bad in phrase.bad)
    ]
    assert not idle


def test_an_unknown_key_in_the_rules_is_refused(tmp_path):
    changed = tmp_path / "rules.yml"
    changed.write_text(RULES_FILE.read_text(encoding="utf-8") + "\nsurprise: 1\n", encoding="utf-8")
    with pytest.raises(ContentError, match="surprise"):
        load_writing_rules(changed)


def test_a_pattern_that_is_none_is_refused(tmp_path):
    changed = tmp_path / "rules.yml"
    source = RULES_FILE.read_text(encoding="utf-8").replace(r"'\byou always\b'", r"'(you always'")
    changed.write_text(source, encoding="utf-8")
    with pytest.raises(ContentError, match="accusation"):
        load_writing_rules(changed)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("breathe", 1), ("stopped", 1), ("wanted", 2), ("places", 2), ("makes", 1), ("technique", 2),
        ("people", 2), ("idea", 3), ("serious", 3), ("client", 2), ("trying", 2), ("didn't", 2), ("don't", 1),
        ("we’ve", 1), ("emergency", 4), ("withdrawal", 3), ("somebody", 3), ("safely", 2), ("e-mail", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word, number):
    assert syllables(word) == number


def test_a_line_is_a_sentence_and_an_empty_text_has_no_grade():
    assert sentences("Call now.\n• Stay there\n\n“Good.” ...") == ["Call now", "• Stay there", "“Good"]
    assert Counts().grade == 0.0


def test_the_grade_follows_the_flesch_kincaid_formula():
    assert Counts(words=20, sentences=2, syllables=26).grade == pytest.approx(0.39 * 10 + 11.8 * 1.3 - 15.59)
