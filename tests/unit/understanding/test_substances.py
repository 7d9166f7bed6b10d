"""Words for substances: sure ones, unclear ones and look-alikes."""

from __future__ import annotations

from pathlib import Path

import pytest

from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.understanding.substances import SubstanceLexicon, find_substances
from waymark.understanding.tokens import prepare

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def lexicon() -> SubstanceLexicon:
    return load_substance_lexicon(ROOT / "content/lexicon/substances.yml")


SURE: list[tuple[str, list[str]]] = [
    ("buckie at weekends", ["alcohol"]),
    ("sherry in the evening", ["alcohol"]),
    ("drank a naggin", ["alcohol", "alcohol"]),
    ("smack and crack", ["heroin", "crack_cocaine"]),
    ("codiene from work", ["codeine"]),
    ("co-codamol 30/500", ["codeine"]),
    ("pregabs and zopis", ["pregabalin", "zopiclone"]),
    ("xannies", ["alprazolam"]),
    ("street vallies", ["benzodiazepine_unspecified"]),
    ("on suboxone", ["buprenorphine"]),
    ("addys for work", ["mixed_amphetamine_salts"]),
    ("mcat and g", ["mephedrone"]),
    ("tina at chillouts", ["methamphetamine"]),
    ("ket, nangs", ["ketamine", "nitrous_oxide"]),
    ("maconha", ["cannabis"]),
    ("scratch cards and the fobt", ["gambling", "gambling"]),
    ("pokies down the club", ["gambling"]),
    ("juul all day", ["nicotine_vape"]),
    ("20 fags", ["nicotine_tobacco"]),
    ("gave me fent", ["fentanyl"]),
    ("smoked gear", ["heroin"]),
    ("sniffing gear in the pub", ["cocaine"]),
    ("2 bars of xanax", ["alprazolam"]),
    ("blue oxys", ["oxycodone"]),
    ("smoking ice", ["methamphetamine"]),
    ("coke at weekends", ["cocaine"]),
    ("a gram of speed", ["amphetamine"]),
    ("sipping lean", ["codeine"]),
    ("dropped an e", ["mdma"]),
    ("drop acid", ["lsd"]),
    ("doing poppers", ["amyl_nitrite"]),
]
NOTHING = [
    "diet coke", "ice cream", "black ice on the roads", "speed limit", "pot noodle", "spice rack",
    "the blues", "white van", "Mandy told me to come", "behind bars", "on the pill", "laughing all the way", "energy drink",
    "I drink coffee", "a soft drink", "I bet you're busy", "wild horses", "brown bread", "rock bottom", "smoke alarm", "lean on me",
    "hash browns", "folic acid", "Top Gear", "glue gun", "he has done it", "job perks", "chronic pain", "my tree", "party balloons",
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), SURE)
def test_finds_sure_words(lexicon: SubstanceLexicon, text: str, names: list[str]) -> None:
    mentions, unclear = find_substances(prepare(text), lexicon)
    assert [mention.name for mention in mentions] == names


@pytest.mark.parametrize("text", NOTHING)
def test_leaves_look_alikes_alone(lexicon: SubstanceLexicon, text: str) -> None:
    mentions, unclear = find_substances(prepare(text), lexicon)
    assert (mentions, unclear) == ([], [])


UNCLEAR: list[tuple[str, list[str]]] = [
    ("i do like 4 or 5 percs a day", ["percs"]),
    ("bout 3 blues a day", ["blues"]),
    ("bars and lean", ["bars", "lean"]),
    ("pills from the street, no idea what they are, 5 a day", ["pills"]),
    ("half gram ket and 5 balloons", ["balloons"]),
    ("smoke 30 a day", ["smoke"]),
    ("took some tabs", ["tabs"]),
    ("been using dope", ["dope"]),
    ("bit of white last night, did 2 bags", ["white"]),
    ("I took some blues", ["blues"]),
    ("using gear every day", ["gear"]),
    ("I take speed", ["speed"]),
]


@pytest.mark.parametrize(("text", "words"), UNCLEAR)
def test_unclear_words_are_kept_for_a_question(
    lexicon: SubstanceLexicon, text: str, words: list[str]
) -> None:
    said = prepare(text)
    _, unclear = find_substances(said, lexicon)
    assert [said[mention.start : mention.end] for mention in unclear] == words
    assert all(len(mention.candidates) >= 1 for mention in unclear)


def test_a_bare_street_word_is_unclear_when_substances_were_asked(lexicon: SubstanceLexicon) -> None:
    _, unclear = find_substances("blues", lexicon, asked=True)
    assert unclear[0].candidates == ("diazepam", "oxycodone", "fentanyl")
