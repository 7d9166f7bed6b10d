"""The house rules for what the assistant says, checkable (docs/clinical/conversation.md §5–§7).

A rule is a phrase to avoid (data, ``content/writing/rules.yml``) or a measure: questions, length, variants,
reading grade, exclamation marks, placeholders. What is checked depends on the kind of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from statistics import median
from typing import Callable, Iterable, Mapping, Optional, Sequence

from waymark.domain.reading_grade import Counts, count, sentences, words


class TextKind(str, Enum):
    """What a text is for. OFFICIAL: consent, legal notices and official instrument items."""

    RESPONSE = "response"
    QUESTION = "question"
    REFLECTION = "reflection"
    PLAN = "plan"
    PAGE = "page"
    LABEL = "label"
    SAFETY = "safety"
    OFFICIAL = "official"


class PhraseKind(str, Enum):
    """Why words are avoided: they push the person, promise, pretend …, or they name people by a label."""

    BANNED = "banned"
    PERSON_FIRST = "person_first"


@dataclass(frozen=True)
class Phrase:
    """Words to avoid and what to say instead, with a text that breaks the rule and one that does not."""

    id: str
    kind: PhraseKind
    patterns: tuple["re.Pattern[str]", ...]
    instead: str
    bad: tuple[str, ...]
    good: tuple[str, ...]

    def found_in(self, text: str) -> Optional[str]:
        """The words that break the rule, or None. Typographic apostrophes count as plain ones."""
        plain = text.replace("’", "'")
        match = next((m for m in (p.search(plain) for p in self.patterns) if m), None)
        return match.group(0) if match else None


@dataclass(frozen=True)
class Limits:
    """Measures of a message and of a file.

    The grade of a short text swings by several grades with one long word. So a message is graded by itself
    only from ``graded_from_words`` on; shorter ones count in the grade of their file, and no sentence may be
    longer than ``sentence_words``, however short its message is.
    """

    questions: int
    words: int
    sentences: int
    typical_sentences: float
    sentence_words: int
    variants: int
    message_grade: float
    file_grade: float
    graded_from_words: int
    complex_share: float


@dataclass(frozen=True)
class WritingRules:
    """Everything the linter goes by. ``distress`` holds key patterns of texts said in a hard moment."""

    limits: Limits
    phrases: tuple[Phrase, ...]
    distress: tuple[str, ...]
    not_counted: tuple[str, ...]


@dataclass(frozen=True)
class SpokenText:
    """One text with its place. ``key`` names the response, item or reply that it belongs to."""

    file: str
    line: int
    key: str
    kind: TextKind
    text: str


@dataclass(frozen=True)
class Finding:
    """One broken rule; printed as ``file:line: text: rule``."""

    file: str
    line: int
    text: str
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}: {self.rule}"


Check = Callable[[SpokenText, WritingRules], Optional[str]]
_NAME = re.compile(r"\{[a-z_]+\}")
_REPEATED = (TextKind.RESPONSE,)


def check_texts(texts: Iterable[SpokenText], rules: WritingRules) -> list[Finding]:
    """Every broken rule, in order of file and line."""
    listed = list(texts)
    found = [finding for text in listed for finding in check_text(text, rules)]
    for file in dict.fromkeys(text.file for text in listed):
        found += check_file([text for text in listed if text.file == file], rules)
    return sorted(found, key=lambda finding: (finding.file, finding.line))


def check_text(text: SpokenText, rules: WritingRules) -> list[Finding]:
    """What is wrong with one text by itself."""
    said = [check(text, rules) for check in CHECKS[text.kind]]
    return [_finding(text, rule) for rule in said if rule]


def check_file(texts: Sequence[SpokenText], rules: WritingRules) -> list[Finding]:
    """What is wrong with the texts of one file together: variants, grade, typical length."""
    found = _too_few_variants(texts, rules)
    spoken = [t for t in texts if t.kind not in (TextKind.OFFICIAL, TextKind.LABEL)]
    if not spoken:
        return found
    counts = sum((_counts(t, rules) for t in spoken), Counts())
    if counts.grade > rules.limits.file_grade:
        found.append(_about_file(texts, f"reading grade {counts.grade:.1f} of the file, {rules.limits.file_grade:g} allowed"))
    lengths = [len(sentences(_shown(t.text))) for t in spoken if t.kind is not TextKind.SAFETY]
    if lengths and median(lengths) > rules.limits.typical_sentences:
        found.append(_about_file(texts, f"typically {median(lengths):g} sentences, {rules.limits.typical_sentences:g} allowed"))
    return found


def check_complex_share(simple_or_complex: Mapping[str, bool], rules: WritingRules) -> Optional[str]:
    """The share of complex reflections (conversation.md §5), or None if it is enough."""
    share = sum(simple_or_complex.values()) / len(simple_or_complex) if simple_or_complex else 0.0
    if share >= rules.limits.complex_share:
        return None
    return f"{share:.0%} of the reflections are complex, {rules.limits.complex_share:.0%} wanted"


def _questions(text: SpokenText, rules: WritingRules) -> Optional[str]:
    asked = text.text.count("?")
    allowed = 0 if text.kind is TextKind.REFLECTION else rules.limits.questions
    return f"{asked} questions, {allowed} allowed" if asked > allowed else None


def _length(text: SpokenText, rules: WritingRules) -> Optional[str]:
    length = len(words(_shown(text.text)))
    return f"{length} words, {rules.limits.words} allowed" if length > rules.limits.words else None


def _sentence_count(text: SpokenText, rules: WritingRules) -> Optional[str]:
    number = len(sentences(_shown(text.text)))
    return f"{number} sentences, {rules.limits.sentences} allowed" if number > rules.limits.sentences else None


def _long_sentence(text: SpokenText, rules: WritingRules) -> Optional[str]:
    longest = max((len(words(s)) for s in sentences(_shown(text.text))), default=0)
    if longest <= rules.limits.sentence_words:
        return None
    return f"a sentence of {longest} words, {rules.limits.sentence_words} allowed"


def _message_grade(text: SpokenText, rules: WritingRules) -> Optional[str]:
    counts = _counts(text, rules)
    if counts.words < rules.limits.graded_from_words or counts.grade <= rules.limits.message_grade:
        return None
    return f"reading grade {counts.grade:.1f}, {rules.limits.message_grade:g} allowed"


def _banned(text: SpokenText, rules: WritingRules) -> Optional[str]:
    return _phrase(text, rules, PhraseKind.BANNED)


def _person_first(text: SpokenText, rules: WritingRules) -> Optional[str]:
    return _phrase(text, rules, PhraseKind.PERSON_FIRST)


def _phrase(text: SpokenText, rules: WritingRules, kind: PhraseKind) -> Optional[str]:
    for phrase in rules.phrases:
        words_found = phrase.found_in(text.text) if phrase.kind is kind else None
        if words_found:
            return f"“{words_found.strip()}” ({phrase.id}); instead: {phrase.instead}"
    return None


def _exclamation(text: SpokenText, rules: WritingRules) -> Optional[str]:
    distress = text.kind is TextKind.SAFETY or any(fnmatchcase(text.key, key) for key in rules.distress)
    return "exclamation mark in a hard moment" if distress and "!" in text.text else None


def _placeholders(text: SpokenText, rules: WritingRules) -> Optional[str]:
    rest = _NAME.sub("", text.text)
    return "a brace that is no {placeholder}" if "{" in rest or "}" in rest else None


def _sides(text: SpokenText, rules: WritingRules) -> Optional[str]:
    return "a reflection joins both sides with “and”" if re.search(r"\bbut\b", text.text, re.IGNORECASE) else None


_WORDING: tuple[Check, ...] = (_banned, _person_first, _exclamation, _placeholders)
_MESSAGE: tuple[Check, ...] = (_questions, _length, _sentence_count, _long_sentence, _message_grade, *_WORDING)
CHECKS: Mapping[TextKind, tuple[Check, ...]] = {
    TextKind.RESPONSE: _MESSAGE,
    TextKind.QUESTION: _MESSAGE,
    TextKind.PLAN: _MESSAGE,
    TextKind.PAGE: _MESSAGE,
    TextKind.REFLECTION: (*_MESSAGE, _sides),
    TextKind.LABEL: _WORDING,
    TextKind.SAFETY: (_person_first, _message_grade, _exclamation, _placeholders),
    TextKind.OFFICIAL: (_placeholders,),
}
"""Exempt by kind of text (conversation.md §5): official texts keep their wording, and safety texts are held
to person-first words and reading grade. Broken placeholders are a fault of the file, so they count for all."""


def _too_few_variants(texts: Sequence[SpokenText], rules: WritingRules) -> list[Finding]:
    found = []
    for key in dict.fromkeys(t.key for t in texts if t.kind in _REPEATED):
        variants = [t for t in texts if t.key == key]
        different = len({t.text for t in variants})
        if different < rules.limits.variants:
            found.append(_finding(variants[0], f"{key} has {different} variants, {rules.limits.variants} wanted"))
    return found


def _counts(text: SpokenText, rules: WritingRules) -> Counts:
    return count(_shown(text.text), rules.not_counted)


def _shown(text: str) -> str:
    """The words of the text itself; what is put in for a placeholder is not the writer's."""
    return _NAME.sub(" ", text)


def _finding(text: SpokenText, rule: str) -> Finding:
    return Finding(text.file, text.line, " ".join(text.text.split()), rule)


def _about_file(texts: Sequence[SpokenText], rule: str) -> Finding:
    return Finding(texts[0].file, 1, "(all texts)", rule)
