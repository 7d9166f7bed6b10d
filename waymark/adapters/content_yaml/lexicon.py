"""Reads ``content/lexicon/substances.yml`` into a SubstanceLexicon."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterable

from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.errors import ContentError
from waymark.understanding.substances import (
    AmbiguousTerm,
    SubstanceLexicon,
    SubstanceTerm,
    Words,
    build_lexicon,
    words_of,
)

_NAME = re.compile(r"[a-z][a-z_]*")


def load_substance_lexicon(path: Path) -> SubstanceLexicon:
    """The lexicon in the file; raises ContentError for an unknown key, an empty phrase or a double meaning."""
    header, body = load_document(path, ("substances", "ambiguous"))
    if not isinstance(body["substances"], dict) or not isinstance(body["ambiguous"], list):
        raise ContentError(f"{path.name}: substances must be a mapping and ambiguous a list")
    terms = [
        term for name, entry in body["substances"].items() for term in _terms(str(name), entry, path.name)
    ]
    unclear = [
        term
        for number, entry in enumerate(body["ambiguous"])
        for term in _ambiguous(entry, number, path.name)
    ]
    _refuse_double_meanings(terms, unclear, path.name)
    return build_lexicon(header, terms, unclear)


def _terms(name: str, entry: Any, file: str) -> Iterable[SubstanceTerm]:
    where = f"{file}: {name}"
    if not _NAME.fullmatch(name) or not isinstance(entry, dict):
        raise ContentError(f"{where}: a canonical name with a mapping is needed")
    require_keys(entry, ("words",), optional=("kinds", "absence"), where=where)
    for words in _phrases(entry["words"], where):
        yield SubstanceTerm(words, name)
    for words in _phrases(entry.get("kinds", []), where):
        yield SubstanceTerm(words, name, kind=True)
    for words in _phrases(entry.get("absence", []), where):
        yield SubstanceTerm(words, name, absence=True)


def _ambiguous(entry: Any, number: int, file: str) -> Iterable[AmbiguousTerm]:
    where = f"{file}: ambiguous[{number}]"
    if not isinstance(entry, dict):
        raise ContentError(f"{where}: must be a mapping")
    optional = ("means", "unless", "cue", "default")
    require_keys(entry, ("words", "candidates"), optional=optional, where=where)
    candidates = tuple(str(name) for name in entry["candidates"])
    means_raw = entry.get("means", {})
    default = entry.get("default")
    if not candidates or not isinstance(means_raw, dict) or not isinstance(entry.get("cue", False), bool):
        raise ContentError(f"{where}: candidates, means or cue has the wrong type")
    if (set(map(str, means_raw)) | ({default} if default else set())) - set(candidates):
        raise ContentError(f"{where}: means and default must be among the candidates")
    means = {str(name): frozenset(_phrases(words, where)) for name, words in means_raw.items()}
    unless = tuple(_phrases(entry.get("unless", []), where))
    for words in _phrases(entry["words"], where):
        yield AmbiguousTerm(words, candidates, means, unless, entry.get("cue", False), default)


def _phrases(raw: Any, where: str) -> list[Words]:
    if not isinstance(raw, list):
        raise ContentError(f"{where}: a list of phrases is needed")
    phrases: list[Words] = []
    for phrase in raw:
        # YAML reads a bare no, on or 30 as another type; the author must quote it.
        if not isinstance(phrase, str) or not words_of(phrase):
            raise ContentError(f"{where}: {phrase!r} is not a phrase (quote it)")
        phrases.append(words_of(phrase))
    return phrases


def _refuse_double_meanings(terms: list[SubstanceTerm], unclear: list[AmbiguousTerm], file: str) -> None:
    meaning: dict[Words, str] = {}
    for term in terms:
        if meaning.setdefault(term.words, term.name) != term.name:
            raise ContentError(f"{file}: {' '.join(term.words)!r} means two substances")
    seen: set[Words] = set()
    for other in unclear:
        if other.words in meaning or other.words in seen:
            raise ContentError(f"{file}: {' '.join(other.words)!r} is listed twice")
        seen.add(other.words)
