"""Bring a message into one plain spelling, so that the safety rules need not know every way to write a word.

Pure and total: any string gives a result, nothing raises. Spellings covered: docs/clinical/safety.md §2.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

from waymark.understanding.shorthand import (
    CENSORED,
    EMOJI,
    GLUED,
    LEET_TARGETS,
    LOOK_ALIKES,
    OWN_WORDS,
    SPELLED,
    TOKENS,
)

SENTENCE_LIMIT = 400
"""A longer stretch without a full stop (voice-to-text) is cut into overlapping pieces of this length."""

_OVERLAP = 160

# Apostrophes in use, among them the accents people type for one.
_APOSTROPHES = str.maketrans({c: "'" for c in "’‘‛ʼʹ`´′＇"})
_QUOTES = str.maketrans({c: '"' for c in "“”„‟«»″＂"})
_LOOK_ALIKES = str.maketrans(LOOK_ALIKES)
_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "i"}
_EMOJI = re.compile("|".join(map(re.escape, EMOJI)))
_MICROGRAM = re.compile(r"(?<=\d)(\s*)[µμ]g\b")
_SPACED = re.compile(r"(?<![\w'])(?:[a-z][ .\-_]){3,}[a-z](?![\w'])")
_SPACED_GAP = re.compile(r"[ .\-_]")
_OD = re.compile(r"\b(?:o\.?d\.?'?e?d|o\.d\.'?ed|0\.?d\.?'e?d)\b")
_ODING = re.compile(r"\b[o0]\.?d\.?[' ]?(?:ing|in)\b")
_OD_DOTTED = re.compile(r"\b[o0]\.d\b\.?")
_HOMOGRAPHS = (
    (re.compile(r"\bi'll\b"), "i will"),
    (re.compile(r"\b(he|she|we|you|they|it|that|who)'ll\b"), r"\1 will"),
    (re.compile(r"\bwe're\b"), "we are"),
    (re.compile(r"\b(i|he|she|we|you|they|who)'d\b"), r"\1 would"),
    (re.compile(r"\b(\w{3,})'d\b"), r"\1d"),
)
_TOKEN = re.compile(r"[a-z0-9@$!|*'_]*[a-z0-9@$*'_]")
_REPEAT = re.compile(r"([a-z])\1{2,}")
_PHRASES = tuple(
    (cue, re.compile(pattern), plain)
    for cue, pattern, plain in (
        ("i am", r"\bi am\b", "im"),
        ("i m", r"\bi m\b", "im"),
        ("i ve", r"\bi ve\b", "ive"),
        (" not", r"\b(do|does|did|is|are|was|were|would|could|should|have|has|had) not\b", r"\1nt"),
        ("can", r"\b(can not|can t|cannot)\b", "cant"),
        ("will not", r"\bwill not\b", "wont"),
        (" t", r"\b(don|won|didn|doesn|isn|wasn|can|couldn|wouldn|hasn|haven) t\b", r"\1t"),
        ("he is", r"\b(he|she) is\b", r"\1s"),
        ("they are", r"\bthey are\b", "theyre"),
        ("my self", r"\bmy self\b", "myself"),
        (" self", r"\b(him|her) self\b", r"\1self"),
        ("un alive", r"\bun alive\b", "unalive"),
        ("un aliv", r"\bun aliv(ed|ing)\b", r"unaliv\1"),
        ("sewer", r"\bsewer slide\b", "suicide"),
        ("any more", r"\bany more\b", "anymore"),
        ("every one", r"\bevery one\b", "everyone"),
        ("harm", r"\bself[- ]?harm", "self harm"),
        ("over dos", r"\bover dos(e|ed|ing)\b", r"overdos\1"),
        ("2 m", r"\b2 (many|much)\b", r"too \1"),
        (" 2 ", r"\b(ok|good|fine|able|want|going|need|have|got|safe|how|trying|about|used|ready) 2 (?=[a-z])", r"\1 to "),
        ("to", r"\b(to|too) nigh?t\b", "tonight"),
        ("wan", r"\bwan to\b", "want to"),
        ("wan", r"\bwan(?:t)? (die|kill|end|live|be)\b", r"want to \1"),
        ("going ", r"\bgoing (kill|end|hurt|cut|hang|jump|shoot|stab)\b", r"going to \1"),
    )
)
_SPACES = re.compile(r"[ \t]+")
_SENTENCE_END = re.compile(r"[.!?;]+|\n+")
_COMMA = re.compile(r"\s*[,:()\u2013\u2014]+\s*|\s+-+\s+")
_DROPPED = re.compile(r"[^\w\s.,;!?'\":@$|*()\-/&%#+\u2013\u2014]")


@dataclass(frozen=True)
class Normalised:
    """A message in plain spelling.

    ``text`` is lower case, contractions without apostrophe (``cant``, ``im``), shorthand written out, sentence
    marks kept; ``sentences`` are its sentences, commas as separate tokens, none longer than SENTENCE_LIMIT.
    """

    original: str
    text: str
    sentences: tuple[str, ...]


def normalise(text: str) -> Normalised:
    """Return the plain spelling of ``text``; never raises (docs/clinical/safety.md §2, spelling to cover)."""
    plain = _characters(text)
    plain = _SPACED.sub(lambda m: _SPACED_GAP.sub("", m.group()), plain.replace("  ", " \x00"))
    plain = plain.replace("\x00", "")
    plain = _OD_DOTTED.sub("od", _ODING.sub("overdosing", _OD.sub("overdosed", plain)))
    if "'" in plain:
        for pattern, written in _HOMOGRAPHS:
            plain = pattern.sub(written, plain)
    plain = plain.replace("w/o ", "without ").replace("w/ ", "with ")
    plain = _TOKEN.sub(lambda m: _token(m.group()), plain)
    plain = _SPACES.sub(" ", plain)
    for cue, pattern, written in _PHRASES:
        if cue in plain:
            plain = pattern.sub(written, plain)
    plain = plain.strip()
    return Normalised(original=text, text=plain, sentences=tuple(_sentences(plain)))


def _characters(text: str) -> str:
    """Compatibility forms, look-alike letters, invisible characters, emoji, quotes."""
    text = _MICROGRAM.sub(r"\1mcg", text)
    text = _EMOJI.sub(lambda m: f" {EMOJI[m.group()]} ", text)
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).translate(_QUOTES))
    kept = []
    for char in text:
        if char.isascii():
            kept.append(char if char >= " " or char in "\n\t" else (" " if char in "\r\x0b\x0c" else ""))
            continue
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf", "Cc"):
            continue
        kept.append(" " if category in ("Cs", "Zs", "Co", "Cn") else char)
    plain = "".join(kept).lower().translate(_APOSTROPHES).translate(_LOOK_ALIKES)
    return _DROPPED.sub(" ", plain).replace("\t", " ")


@lru_cache(maxsize=20_000)
def _token(token: str) -> str:
    """One token: apostrophes, asterisks, digits for letters, repeats, shorthand, run-together words, typos."""
    if len(token) > 60:
        return token
    if token.startswith("emoji_"):
        return token
    bare = token.replace("'", "").strip("_")
    bare = bare.replace("_", " ") if "_" in bare else bare
    if "*" in bare:
        bare = _uncensor(bare)
    plain = TOKENS.get(bare)
    if plain is not None:
        return plain
    if any(c in _LEET or c == "1" for c in bare):
        bare = _unleet(bare)
    bare = _shorten(bare)
    plain = TOKENS.get(bare)
    if plain is not None:
        return plain
    if len(bare) >= 6 and bare.isalpha():
        return _spelling(bare) or _unglue(bare) or bare
    return bare


def _unleet(token: str) -> str:
    """Read digits and signs as letters where that gives a word of danger or stands inside letters.

    Doses and numbers stay: ``40mg``, ``5x``, ``20s`` begin with a digit and are no such word.
    """
    if not any(c.isalpha() for c in token):
        return token
    for one in ("i", "l"):
        letters = "".join(_LEET.get(c, one if c == "1" else c) for c in token)
        tidy = _shorten(letters)
        if tidy in LEET_TARGETS or TOKENS.get(tidy) in LEET_TARGETS or _spelling(tidy):
            return tidy
    inner = re.fullmatch(r"[a-z]{2,}[0-9@$!|][a-z]{2,}", token)
    if inner and len(token) >= 6:
        return "".join(_LEET.get(c, "i" if c == "1" else c) for c in token)
    return token


def _shorten(token: str) -> str:
    """``diiiie`` and ``helppp``: three or more of a letter become two if that is a known word, else one."""
    if not _REPEAT.search(token):
        return token
    double = _REPEAT.sub(r"\1\1", token)
    if double in _KNOWN:
        return double
    single = _REPEAT.sub(r"\1", token)
    return single if single in _KNOWN or TOKENS.get(single) else double


def _uncensor(token: str) -> str:
    """``s*icide``, ``k**l``: the first listed word that the asterisks can stand for; else asterisks go."""
    stripped = token.strip("*")
    if "*" not in stripped:
        return stripped
    shape = re.compile("".join(f".{{{len(part)}}}" if part[0] == "*" else re.escape(part) for part in
                               re.findall(r"\*+|[^*]+", stripped)))
    for word in CENSORED:
        if shape.fullmatch(word):
            return word
    return stripped.replace("*", "")


def _spelling(token: str) -> Optional[str]:
    """The listed word that ``token`` misspells by one letter, if any."""
    if len(token) < 6 or token in _SPELLED_SET:
        return token if token in _SPELLED_SET else None
    if token in OWN_WORDS:
        return None
    for shape in _deletions(token):
        found = _BY_DELETION.get(shape)
        if found and found[0] == token[0] and abs(len(found) - len(token)) <= 1:
            return found
    return None


def _deletions(word: str) -> list[str]:
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


def _unglue(token: str) -> Optional[str]:
    """``iwanttodie`` → ``i want to die``; only for the listed phrases."""
    match = _GLUED.search(token)
    if match is None:
        return None
    before, after = token[: match.start()], token[match.end() :]
    return " ".join(part for part in (before, _GLUED_PLAIN[match.group()], after) if part)


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    joined = text.replace("\n", " ") if len(text) <= 80 else text
    for sentence in _SENTENCE_END.split(joined):
        sentence = _SPACES.sub(" ", _COMMA.sub(" , ", sentence)).strip(" ,'-")
        if sentence:
            found.extend(_pieces(sentence))
    return found


def _pieces(sentence: str) -> list[str]:
    if len(sentence) <= SENTENCE_LIMIT:
        return [sentence]
    pieces, start = [], 0
    while start < len(sentence):
        end = start + SENTENCE_LIMIT
        if end < len(sentence):
            space = sentence.rfind(" ", start + _OVERLAP + 1, end)
            end = space if space > 0 else end
        pieces.append(sentence[start:end].strip())
        if end >= len(sentence):
            break
        space = sentence.find(" ", end - _OVERLAP, end)
        start = space + 1 if space >= 0 else end
    return pieces


_SPELLED_SET = frozenset(SPELLED)
_BY_DELETION = {shape: word for word in reversed(SPELLED) for shape in _deletions(word)}
_KNOWN = LEET_TARGETS | _SPELLED_SET | frozenset(
    "need feel been sleep pills kill bleed soon shoot still tell call will all too see good free feet".split()
)
_GLUED_PLAIN = {phrase.replace(" ", ""): phrase for phrase in GLUED if len(phrase.replace(" ", "")) >= 6}
_GLUED = re.compile("|".join(sorted(map(re.escape, _GLUED_PLAIN), key=len, reverse=True)))
