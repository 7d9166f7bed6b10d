"""Training and test lines come from different writers, and no line is a template filled in twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TRAINED = ROOT / "data" / "nlu"
FROZEN = ROOT / "tests" / "nlu" / "frozen"
MAY_TRAIN = {f"v{number:02}" for number in range(1, 27)}
FROZEN_VOICES = {f"v{number:02}" for number in range(27, 41)}
NOT_SAID = {"EXTERNAL_safety"}
SHORT = 4
"""Up to so many words two writers may say the same: there are not forty ways to say yes or are you a bot."""
NEAR = 0.9
"""Lines of one writer for one intent that are alike to this degree are copies."""
NEAR_FROM = 5
"""Fewer words are too few to tell a near copy from plain talk."""

NUMBER = re.compile(
    r"\b(?:\d[\d.,/-]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    r"forty|fifty|sixty|hundred|half|couple|few)(?:st|nd|rd|th|mg|g|ml|am|pm|k)?\b"
)
ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def substance_words() -> re.Pattern[str]:
    lexicon = yaml.safe_load((ROOT / "content" / "lexicon" / "substances.yml").read_text(encoding="utf-8"))
    entries = [*lexicon["substances"].values(), *lexicon["ambiguous"]]
    found = {word for entry in entries for key in ("words", "kinds") for word in entry.get(key, ())}
    ordered = sorted(map(str, found), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})s?\b")


SUBSTANCE = substance_words()


@dataclass(frozen=True)
class Line:
    voice: str
    intent: str
    said: str

    @property
    def plain(self) -> str:
        return plain(self.said)

    @property
    def length(self) -> int:
        return len(self.plain.split())


@cache
def plain(said: str) -> str:
    """Lower case, numbers and substances blanked, no punctuation."""
    text = ENTITY.sub(r"\1", said).lower().replace("’", "'")
    text = SUBSTANCE.sub(" <substance> ", NUMBER.sub(" <number> ", text))
    return " ".join(re.findall(r"<\w+>|[^\W_]+(?:'[^\W_]+)*", text)) or text.strip()


def lines(folder: Path) -> list[Line]:
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            for example in (block.get("examples") or "").splitlines():
                if example.strip():
                    found.append(Line(path.stem, block["intent"], example.strip().removeprefix("- ").strip()))
    return found


LINES = lines(TRAINED)


def test_training_data_holds_trained_voices_only():
    stems = {path.stem for path in TRAINED.rglob("*.yml")}
    assert stems, "there is training data"
    assert sorted(stems - MAY_TRAIN) == []


def test_frozen_voices_stay_out_of_what_is_trained_on():
    stems = {path.stem for path in FROZEN.rglob("*.yml")}
    assert sorted(stems - FROZEN_VOICES) == []
    strayed = [p for p in (ROOT / "data").rglob("*") if p.stem in FROZEN_VOICES]
    assert not strayed


def test_no_frozen_line_is_trained_on():
    trained = {line.plain for line in LINES}
    leaked = [line for line in lines(FROZEN) if line.length > SHORT and line.plain in trained]
    assert not leaked


def test_no_line_stands_twice_across_writers(capsys):
    by_text = defaultdict(list)
    for line in LINES:
        by_text[line.plain].append(line)
    shared = {text: found for text, found in by_text.items() if len({line.voice for line in found}) > 1}
    with capsys.disabled():
        short = sum(found[0].length <= SHORT for found in shared.values())
        print(f" [{short} very short lines are shared by writers, as allowed]", end="")
    copied = [f"{text}: {', '.join(sorted(line.voice for line in found))}" for text, found in shared.items() if found[0].length > SHORT]
    assert not copied, "\n".join(copied)


def test_no_writer_says_a_line_twice():
    said = defaultdict(list)
    for line in LINES:
        said[line.voice, line.said.lower()].append(line.intent)
    assert not {place: intents for place, intents in said.items() if len(intents) > 1}


def test_no_writer_has_near_copies_for_an_intent():
    groups = defaultdict(list)
    for line in LINES:
        groups[line.voice, line.intent].append(line)
    copies = [
        (a.voice, a.intent, a.said, b.said) for found in groups.values() for a, b in combinations(found, 2) if near(a, b)
    ]
    assert not copies


def near(one: Line, other: Line) -> bool:
    first, second = one.plain.split(), other.plain.split()
    shared = sum((Counter(first) & Counter(second)).values())
    if min(len(first), len(second)) < NEAR_FROM or 2 * shared < NEAR * (len(first) + len(second)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= NEAR


@pytest.mark.parametrize(
    ("one", "other", "copies"),
    [
        ("I drink 6 cans of lager every night", "I drink 8 cans of stella every night", True),
        ("can I skip this one please mate", "Can I skip this one, please mate?", True),
        ("I drink 6 cans of lager every night", "lager, six or so, when the kids sleep", False),
        ("yes", "yes", False),
    ],
)
def test_lines_that_differ_in_a_number_or_a_substance_alone_are_copies(one, other, copies):
    assert near(Line("v01", "answer", one), Line("v01", "answer", other)) is copies


def test_every_intent_has_examples():
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    named = {name for entry in intents for name in ([entry] if isinstance(entry, str) else entry)}
    shown = {line.intent for line in LINES}
    assert sorted(named - NOT_SAID - shown) == []
    assert sorted(shown - named) == []
    assert not shown & NOT_SAID
