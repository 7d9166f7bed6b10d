"""The lexicon of substances: every canonical name has words, and a wrong file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from waymark.adapters.content_yaml.lexicon import load_substance_lexicon
from waymark.domain.errors import ContentError
from waymark.understanding.substances import SubstanceLexicon, find_substances
from waymark.understanding.tokens import prepare

PATH = Path(__file__).resolve().parents[2] / "content/lexicon/substances.yml"
CANONICAL = (
    "alcohol heroin fentanyl oxycodone hydrocodone codeine dihydrocodeine tramadol methadone buprenorphine xylazine kratom"
    " methamphetamine amphetamine dexamfetamine mixed_amphetamine_salts methylphenidate cocaine crack_cocaine mdma mephedrone"
    " cannabis synthetic_cannabinoid alprazolam diazepam clonazepam lorazepam etizolam benzodiazepine_unspecified zopiclone"
    " pregabalin gabapentin ghb ketamine nitrous_oxide pcp psilocybin khat inhalant_solvent nicotine_tobacco nicotine_vape"
    " gambling"
).split()
AMBIGUOUS = "blues ice coke speed pills bars gear dope k spice lean percs mandy e white brown tabs".split()


@pytest.fixture(scope="module")
def lexicon() -> SubstanceLexicon:
    return load_substance_lexicon(PATH)


SMALL = {
    "id": "lexicon.test",
    "version": "1.0.0",
    "locale": "en",
    "title": "A small lexicon",
    "source": "own",
    "licence": "Apache-2.0",
    "reviewed_by": None,
    "reviewed_on": None,
    "status": "draft",
    "substances": {"alcohol": {"words": ["beer"]}, "heroin": {"words": ["heroin"]}},
    "ambiguous": [],
}


def changed(tmp_path: Path, **changes: object) -> Path:
    target = tmp_path / "substances.yml"
    target.write_text(yaml.safe_dump({**SMALL, **changes}), encoding="utf-8")
    return target


def test_the_small_file_is_sound(tmp_path: Path) -> None:
    assert load_substance_lexicon(changed(tmp_path)).names == {"alcohol", "heroin"}


def test_header_is_honest(lexicon: SubstanceLexicon) -> None:
    header = lexicon.header
    assert (header.source, header.licence, header.locale) == ("own", "Apache-2.0", "en")
    assert header.reviewed_by is None and header.reviewed_on is None and header.status == "draft"


@pytest.mark.parametrize("name", CANONICAL)
def test_every_canonical_name_is_found_by_its_own_word(lexicon: SubstanceLexicon, name: str) -> None:
    assert name in lexicon.names
    words = {term.words for group in lexicon.terms.values() for term in group if term.name == name}
    assert words
    for phrase in words:
        text = prepare("I use " + " ".join(phrase))
        mentions, _ = find_substances(text, lexicon)
        assert name in [mention.name for mention in mentions], phrase


@pytest.mark.parametrize("word", AMBIGUOUS)
def test_words_with_several_senses_are_listed_as_such(lexicon: SubstanceLexicon, word: str) -> None:
    assert any(term.words == (word,) for term in lexicon.ambiguous[word])
    assert not any(term.words == (word,) for term in lexicon.terms.get(word, ()))


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"version": 1},
        {"substances": []},
        {"substances": {"alcohol": {"words": ["gin"], "slang": ["x"]}}},
        {"substances": {"Alcohol": {"words": ["gin"]}}},
        {"substances": {"alcohol": {"words": [True]}}},
        {"substances": {"alcohol": {"words": "gin"}}},
        {"substances": {"alcohol": {"words": ["gin"]}, "heroin": {"words": ["gin"]}}},
        {"ambiguous": [{"words": ["gear"]}]},
        {"ambiguous": [{"words": ["gear"], "candidates": []}]},
        {"ambiguous": [{"words": ["gear"], "candidates": ["heroin"], "means": {"cocaine": ["line"]}}]},
        {"ambiguous": [{"words": ["gear"], "candidates": ["heroin"], "default": "cocaine"}]},
        {"ambiguous": [{"words": ["gear"], "candidates": ["heroin"], "cue": "yes"}]},
        {"ambiguous": [{"words": ["gear"], "candidates": ["heroin"], "note": "x"}]},
        {"ambiguous": [{"words": ["heroin"], "candidates": ["heroin"]}]},
        {"ambiguous": ["gear"]},
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(ContentError):
        load_substance_lexicon(changed(tmp_path, **changes))
