"""Substances in a person's words: canonical names, with unclear words kept apart from sure ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Mapping, Sequence

from waymark.domain.content import ContentHeader
from waymark.understanding.tokens import Clause, Token, clause_at, split_clauses, tokenise

Words = tuple[str, ...]

# A sign that an everyday word ("white", "e") is meant as a drug. Weak words such as "on" are left out.
USE_CUES = frozenset(
    "do doing did done take taking took taken smoke smoking smoked smokin smokes snort snorted snorting "
    "sniff sniffed"
    " sniffing inject injecting injected use using used pop popped popping drop dropped dropping bang "
    "banging buy"
    " buying bought score scored scoring high hit addicted addict hooked dealer sold relapsed rattling "
    "clucking"
    " withdrawal withdrawing withdrawals gram grams bag bags line lines mg wrap wraps sip sippin sipping "
    "swallow"
    " swallowed necked neck need craving crave quit clean touched touch street pressed presses takin doin usin mixing "
    "mixed".split()
)
_WINDOW = 6
_NEAR_BEFORE = 40
# A message with more mentions than this is no message; reading on would only cost time.
_MOST = 60


@dataclass(frozen=True)
class SubstanceTerm:
    """A phrase for one substance. ``kind``: only one kind of it; ``absence``: the phrase says it is not used."""

    words: Words
    name: str
    kind: bool = False
    absence: bool = False


@dataclass(frozen=True)
class AmbiguousTerm:
    """A phrase with several senses and what may settle it; see the notes in the lexicon file."""

    words: Words
    candidates: tuple[str, ...]
    means: Mapping[str, frozenset[Words]] = field(default_factory=dict)
    unless: tuple[Words, ...] = ()
    cue: bool = False
    default: str | None = None


@dataclass(frozen=True)
class SubstanceLexicon:
    """All terms, indexed by their first word; ``header`` identifies the file they came from."""

    header: ContentHeader
    terms: Mapping[str, tuple[SubstanceTerm, ...]]
    ambiguous: Mapping[str, tuple[AmbiguousTerm, ...]]

    @property
    def names(self) -> frozenset[str]:
        """Every canonical name that a message can yield."""
        sure = {term.name for group in self.terms.values() for term in group}
        unsure = {name for group in self.ambiguous.values() for term in group for name in term.candidates}
        return frozenset(sure | unsure)


@dataclass(frozen=True)
class Mention:
    """A substance at a place in the prepared text."""

    start: int
    end: int
    name: str
    kind: bool = False
    absence: bool = False


@dataclass(frozen=True)
class UnclearMention:
    """A word that may mean a substance and must be asked about."""

    start: int
    end: int
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    first: int
    last: int
    term: SubstanceTerm | AmbiguousTerm


def build_lexicon(
    header: ContentHeader, terms: Iterable[SubstanceTerm], ambiguous: Iterable[AmbiguousTerm]
) -> SubstanceLexicon:
    """Index the terms; within a first word the longest phrase comes first."""
    sure: dict[str, list[SubstanceTerm]] = {}
    unsure: dict[str, list[AmbiguousTerm]] = {}
    for term in terms:
        sure.setdefault(term.words[0], []).append(term)
    for unclear in ambiguous:
        unsure.setdefault(unclear.words[0], []).append(unclear)
    return SubstanceLexicon(
        header,
        {key: tuple(sorted(group, key=lambda t: -len(t.words))) for key, group in sure.items()},
        {key: tuple(sorted(group, key=lambda t: -len(t.words))) for key, group in unsure.items()},
    )


def words_of(phrase: str) -> Words:
    """A phrase as the matcher compares it."""
    return tuple(token.text for token in tokenise(phrase.lower()))


def find_substances(
    text: str, lexicon: SubstanceLexicon, *, asked: bool = False
) -> tuple[list[Mention], list[UnclearMention]]:
    """Sure and unclear mentions of a prepared text; ``asked``: the question was which substances are used."""
    tokens, clauses = tokenise(text), split_clauses(text)
    found = list(_scan(tokens, lexicon))
    sure = [m for m in found if isinstance(m.term, SubstanceTerm) and not _is_other_drink(m, tokens, found)]
    mentions = [_mention(m, m.term) for m in sure if isinstance(m.term, SubstanceTerm)]
    unclear: list[UnclearMention] = []
    # The verb "smoke" comes last: it asks nothing once another word says what is smoked.
    for match in sorted(found, key=lambda m: _is_smoking(m.term)):
        if not isinstance(match.term, AmbiguousTerm):
            continue
        clause = clause_at(clauses, match.start)
        name = _settle(match, match.term, tokens, clause, mentions, asked)
        if name == "?":
            unclear.append(UnclearMention(match.start, match.end, match.term.candidates))
        elif name:
            mentions.append(Mention(match.start, match.end, name))
        if unclear and _is_smoking(match.term) and len(unclear) > 1 and unclear[-1].start == match.start:
            unclear.pop()
    return sorted(mentions, key=lambda m: m.start), sorted(unclear, key=lambda m: m.start)


def _scan(tokens: Sequence[Token], lexicon: SubstanceLexicon) -> Iterable[_Found]:
    at, count = 0, 0
    while at < len(tokens) and count < _MOST:
        match = _at(tokens, at, lexicon)
        if match:
            yield match
            count += 1
            at = match.last + 1
        else:
            at += 1


def _at(tokens: Sequence[Token], at: int, lexicon: SubstanceLexicon) -> _Found | None:
    first = tokens[at].text
    best: SubstanceTerm | AmbiguousTerm | None = None
    keys = {first, first[:-1]} if len(first) > 3 and first.endswith("s") else {first}
    for key in keys:
        listed: list[SubstanceTerm | AmbiguousTerm] = [
            *lexicon.terms.get(key, ()),
            *lexicon.ambiguous.get(key, ()),
        ]
        for term in listed:
            plural = isinstance(term, SubstanceTerm)
            if (best is None or len(term.words) > len(best.words)) and _fits(tokens, at, term.words, plural):
                best = term
    if best is None:
        return None
    last = at + len(best.words) - 1
    return _Found(tokens[at].start, tokens[last].end, at, last, best)


def _fits(tokens: Sequence[Token], at: int, words: Words, plural: bool) -> bool:
    if at + len(words) > len(tokens):
        return False
    if any(tokens[at + i].text != word for i, word in enumerate(words[:-1])):
        return False
    last = tokens[at + len(words) - 1].text
    return last == words[-1] or (plural and last == words[-1] + "s" and len(words[-1]) > 2)


def _mention(match: _Found, term: SubstanceTerm) -> Mention:
    return Mention(match.start, match.end, term.name, term.kind, term.absence)


_DRINKING = frozenset("drink drinks drinking drinkin drank drunk drinkng".split())
_OTHER_DRINKS = frozenset(
    "coffee coffees tea water coke cola pepsi squash juice milk redbull monster lucozade pop soda "
    "lemonade energy"
    " smoothie smoothies kombucha methadone lean kratom ghb gbl bleach syrup driver drive driving soft "
    "fizzy".split()
)
_BEFORE_DRINK = frozenset("soft energy fizzy hot coffee tea".split())


def _is_other_drink(match: _Found, tokens: Sequence[Token], found: Sequence[_Found]) -> bool:
    """ "drink coffee", "a soft drink", "pint of milk": the word stands, alcohol is not meant."""
    words = {token.text for token in tokens[match.first : match.last + 1]}
    after = [token.text for token in tokens[match.last + 1 : match.last + 6]]
    before = [token.text for token in tokens[max(0, match.first - 1) : match.first]]
    if words & {"pint", "pints"}:
        return len(after) > 1 and after[0] == "of" and after[1] in _OTHER_DRINKS | {"blood", "ice", "cream"}
    if not words & _DRINKING or len(words) > 1:
        return False
    if any(word in _BEFORE_DRINK for word in before):
        return True
    alcohol_after = any(
        isinstance(other.term, SubstanceTerm) and other.term.name == "alcohol"
        for other in found
        if match.last < other.first <= match.last + 6
    )
    return not alcohol_after and any(word in _OTHER_DRINKS for word in after)


def _settle(
    match: _Found,
    term: AmbiguousTerm,
    tokens: Sequence[Token],
    clause: Clause | None,
    mentions: Sequence[Mention],
    asked: bool,
) -> str | None:
    """The sense of an unclear word: a name, "?" when it must be asked, None when no substance is meant."""
    low, high = _window(match, tokens, clause)
    near = [token.text for token in tokens[low:high]]
    if not _phrases(near).isdisjoint(term.unless):
        return None
    if _named_beside(match, term, mentions, clause):
        return None
    around = near[: match.first - low] + ["|"] + near[match.last + 1 - low :]
    # "2ml" is one token; what counts here is the unit.
    measures = {(word.lstrip("0123456789."),) for word in around if word[0].isdigit()}
    phrases = _phrases(around) | measures | {phrase for phrase in _phrases(near) if len(phrase) > 1}
    senses = [name for name, cues in term.means.items() if not phrases.isdisjoint(cues)]
    if len(senses) == 1:
        return senses[0]
    if len(senses) > 1 or _in_short_list(match, term, tokens):
        return "?"
    if term.default and (not term.cue or asked):
        return term.default
    cued = asked or not term.cue or any(w in USE_CUES for w in around) or _beside_drug(mentions, clause)
    cued = cued or ("every", "day") in phrases or ("daily",) in phrases
    counted = match.first > 0 and tokens[match.first - 1].text[0].isdigit()
    if counted and term.words[0] in ("g", "gs"):
        return None
    cued = cued or counted
    return "?" if cued and not _smoked_something(match, term, mentions, clause) else None


def _window(match: _Found, tokens: Sequence[Token], clause: Clause | None) -> tuple[int, int]:
    low, high = max(0, match.first - _WINDOW), min(len(tokens), match.last + 1 + _WINDOW)
    if clause:
        while tokens[low].start < clause.sentence_start:
            low += 1
        while high > low and tokens[high - 1].end > clause.sentence_end:
            high -= 1
    return low, max(high, match.last + 1)


def _phrases(words: Sequence[str]) -> set[Words]:
    """Every run of up to four words."""
    return {tuple(words[i : i + size]) for size in range(1, 5) for i in range(len(words) - size + 1)}


def _named_beside(
    match: _Found, term: AmbiguousTerm, mentions: Sequence[Mention], clause: Clause | None
) -> bool:
    """ "2 bars of xanax", "blue oxys": the substance itself is named in the sentence, the word only describes it."""
    if clause is None:
        return False
    return any(
        m.name in term.candidates
        and max(0, clause.sentence_start - _NEAR_BEFORE) <= m.start < clause.sentence_end
        for m in mentions
        if m.start != match.start
    )


_LISTED = frozenset(
    "bars lean percs perc gear ice speed blues dope pills white brown spice balloons benzos pot e k g".split()
)


def _in_short_list(match: _Found, term: AmbiguousTerm, tokens: Sequence[Token]) -> bool:
    """ "bars and lean": a message of a few words that names two street words is a list of drugs."""
    if len(tokens) > 5 or term.words[0] not in _LISTED:
        return False
    return len({token.text for token in tokens} & _LISTED) > 1


def _beside_drug(mentions: Sequence[Mention], clause: Clause | None) -> bool:
    if clause is None:
        return False
    return any(m.name not in ("alcohol",) and clause.start <= m.start < clause.end for m in mentions)


def _is_smoking(term: SubstanceTerm | AmbiguousTerm) -> bool:
    return term.words[0].startswith("smok")


def _smoked_something(
    match: _Found, term: AmbiguousTerm, mentions: Sequence[Mention], clause: Clause | None
) -> bool:
    """ "I smoke crack": the verb needs no question of its own."""
    if not _is_smoking(term) or clause is None:
        return False
    return any(
        m.name not in ("alcohol", "gambling") and clause.sentence_start <= m.start < clause.sentence_end
        for m in mentions
    )
