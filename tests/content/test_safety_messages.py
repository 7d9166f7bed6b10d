"""Messages that the screen is trained on: enough of each class, as many look-alikes, and no two alike but for details."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.adapters.content_yaml.safety_examples import load_safety_examples, load_voice
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass
from waymark.domain.safety_examples import SafetyExample

ROOT = Path(__file__).resolve().parents[2]
TRAINING = load_safety_examples(ROOT / "data" / "safety")
FROZEN = load_safety_examples(ROOT / "tests" / "safety" / "frozen")

URGENT = {
    "suicidal_passive", "suicidal_active", "suicidal_plan", "suicidal_other", "self_harm", "overdose_self", "overdose_other",
    "withdrawal_danger", "violence_abuse", "threat_to_other", "child_risk", "psychosis", "impaired_driving", "medical_emergency",
}  # fmt: skip
TODAY = {"pregnancy", "minor", "immediate_need", "medicine_gap", "abuse_of_staff"}
ENOUGH = {**dict.fromkeys(URGENT, 150), **dict.fromkeys(TODAY, 80)}
ORDINARY = 1_500


def names_of_substances() -> set[str]:
    lexicon = load_substance_lexicon(ROOT / "content" / "lexicon" / "substances.yml")
    return {" ".join(term.words) for group in lexicon.terms.values() for term in group}


SUBSTANCES = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, names_of_substances()), key=len, reverse=True)) + r")\b")
NUMBERS = re.compile(r"\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|hundred)\b")


def bare(text: str) -> str:
    """A message without names, numbers, substances, capitals and punctuation."""
    without_names = re.sub(r"(?<=[a-z,] )[A-Z][a-z]+", "#", text)
    plain = NUMBERS.sub("#", SUBSTANCES.sub("#", without_names.lower()))
    return re.sub(r"[^a-z#]+", " ", plain).strip()


def distinct(examples: list[SafetyExample]) -> int:
    return len({bare(e.text) for e in examples})


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_each_class_has_enough_true_cases_and_as_many_look_alikes(name):
    of_class = [e for e in TRAINING if e.alert_class == AlertClass(name)]
    assert distinct([e for e in of_class if e.danger]) >= ENOUGH[name]
    assert distinct([e for e in of_class if not e.danger]) >= ENOUGH[name]


def test_there_are_enough_ordinary_messages():
    assert distinct([e for e in TRAINING if e.alert_class is None]) >= ORDINARY


def test_no_two_messages_differ_only_in_names_numbers_or_substances():
    seen: dict[str, list[SafetyExample]] = defaultdict(list)
    for example in TRAINING + FROZEN:
        if len(bare(example.text).split()) > 3:  # "yes", "34" or "im pregnant" may be said by many
            seen[bare(example.text)].append(example)
    twice = [[f"{e.voice}: {e.text}" for e in alike] for alike in seen.values() if len(alike) > 1]
    assert twice == []


def test_one_voice_a_file_and_the_frozen_third_is_kept_apart():
    assert {e.voice for e in TRAINING} == {f"v{n:02}" for n in range(1, 27)}
    assert {e.voice for e in FROZEN} == {f"v{n:02}" for n in range(27, 41)}


def test_every_manner_of_writing_is_there():
    tags = Counter(tag for e in TRAINING for tag in e.tags)
    assert min(tags[t] for t in ("explicit", "indirect", "misspelt", "long", "mixed_negation", "humour", "help")) >= 100
    assert min(tags[t] for t in ("slang", "obfuscated", "esl", "code_switch", "teen")) >= 20


@pytest.mark.parametrize("broken", ["voice: v99", "voice: v01\nclasses: {}\nordinary: ['']", "voice: v01\nclasses: {minor: {danger: [{sideways: x}], alike: []}}\nordinary: []"])
def test_a_file_of_another_shape_is_refused(tmp_path, broken):
    file = tmp_path / "v01.yml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError):
        load_voice(file)
