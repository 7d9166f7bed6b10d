"""Ties amounts, frequencies and times of a message to the substance each belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Sequence

from waymark.domain.facts import Span, SubstanceFact
from waymark.understanding.amounts import AmountMatch
from waymark.understanding.frequency import FrequencyMatch
from waymark.understanding.last_use import LastUseMatch
from waymark.understanding.route import find_routes
from waymark.understanding.substances import Mention, UnclearMention
from waymark.understanding.tokens import Clause
from waymark.understanding.units import CURRENCIES, implied_by, unit_fits
from waymark.understanding.use_context import Standing, UseContext

# A substance not used for this long is no longer use: it is kept as a fact about not using.
_LONG_AGO = timedelta(days=365)
_JOINED = re.compile(r"(?:\s*(?:,|and\b|&|n\b|or\b|with\b|\+|plus\b|/|some\b|a bit of\b))+\s*")
_FAR = 10_000
_OTHER_CLAUSE, _OTHER_SENTENCE, _AHEAD, _HINT = 100, 400, 40, 60
_OF_WORD = re.compile(r"\s+(?:of|ae)\s+(?!it\b|them|that|the\b|those|this|my\b|each|day)[a-z]+")
# "Used on top yesterday": on top of a prescribed medicine, so not that medicine.
_ON_TOP = re.compile(r"\bon top\b")


@dataclass(frozen=True)
class Use:
    """A mention that is the person's own, with what is claimed about it."""

    mention: Mention
    standing: Standing
    home: Clause


@dataclass(frozen=True)
class Found:
    """Matches in one message before they are tied together."""

    text: str
    context: UseContext
    uses: tuple[Use, ...]
    unclear: tuple[UnclearMention, ...]
    amounts: tuple[AmountMatch, ...]
    frequencies: tuple[FrequencyMatch, ...]
    times: tuple[LastUseMatch, ...]


def _spread(found: Found, index: int) -> list[int]:
    """The mention and those listed with it: "coke and ket every weekend" speaks of both."""
    members = [index]
    while members[0] > 0:
        first, before = found.uses[members[0]].mention, found.uses[members[0] - 1].mention
        if not _JOINED.fullmatch(found.text[before.end : first.start]):
            break
        members.insert(0, members[0] - 1)
    return members


def attach(found: Found, now: datetime) -> tuple[SubstanceFact, ...]:
    """Tie amounts, frequencies and times to the mention they belong to; one fact a substance and amount."""
    amounts: dict[int, list[AmountMatch]] = {}
    for amount in found.amounts:
        index = _owner(found, amount.start, amount.end, amount.amount.unit)
        if index is not None:
            amounts.setdefault(index, []).append(amount)
    days: dict[int, Span] = {}
    times: dict[int, LastUseMatch] = {}
    for often in found.frequencies:
        owner = _owner_of_frequency(found, often, amounts)
        days.update({i: often.days for i in (_spread(found, owner) if owner is not None else ())})
    for time in found.times:
        owner = _owner(found, time.start, time.end, None, any_standing=True)
        times.update({i: time for i in (_spread(found, owner) if owner is not None else ())})
    facts: list[SubstanceFact] = []
    for index, use in enumerate(found.uses):
        base = _fact(found, use, days.get(index), times.get(index), now)
        own = amounts.get(index, [])
        if use.standing is Standing.STOPPED and own:
            own = [m for m in own if found.context.clause(m.start).start != use.home.start]
            # "Quit twice. Back to six cans a night": the later amount says that use goes on.
            base = replace(base, negated=False) if own else base
        facts.extend(replace(base, amount=m.amount) for m in own)
        if not own:
            facts.append(base)
    return _merged(facts)


def _owner_of_frequency(
    found: Found, often: FrequencyMatch, amounts: dict[int, list[AmountMatch]]
) -> int | None:
    """A frequency in the clause of an amount belongs to the substance of that amount."""
    clause = found.context.clause(often.start)
    owned = {id(match): index for index, matches in amounts.items() for match in matches}
    beside = [
        # "Half a litre every night and 30mg diazepam": what comes before is meant first.
        (often.start - match.end if match.end <= often.start else match.start - often.end + _AHEAD, number)
        for number, match in enumerate(found.amounts)
        if clause.start <= match.start < clause.end
    ]
    if beside:
        return owned.get(id(found.amounts[min(beside)[1]]))
    return _owner(found, often.start, often.end, None)


def _fact(
    found: Found, use: Use, days: Span | None, time: LastUseMatch | None, now: datetime
) -> SubstanceFact:
    mention, clause = use.mention, use.home
    words = found.text[mention.start : mention.end]
    last = time.value if time else None
    recent = last is not None and last.on is not None and now.date() - last.on <= _LONG_AGO
    if use.standing in (Standing.NOT_USED, Standing.PAST):
        return SubstanceFact(mention.name, words, negated=True)
    if use.standing is Standing.STOPPED or (last is not None and not recent):
        return SubstanceFact(mention.name, words, negated=not recent, last_use=last)
    routes = find_routes(found.text, clause.start, clause.end)
    return SubstanceFact(
        mention.name, words, days_per_week=days, last_use=last, route=_fitting(mention.name, routes)
    )


def _fitting(name: str, routes: tuple[str, ...]) -> tuple[str, ...]:
    if name not in ("cannabis", "synthetic_cannabinoid"):
        # "Just vapes and the odd bag of ket": the word is a substance of its own.
        routes = tuple(route for route in routes if route != "vape")
    return () if name in ("alcohol", "gambling", "nicotine_tobacco", "nicotine_vape") else routes


def _owner(found: Found, start: int, end: int, unit: str | None, *, any_standing: bool = False) -> int | None:
    """Index of the mention that a quantity or time belongs to, by clause, then nearness; None when unclear."""
    clause = found.context.clause(start)
    if _ON_TOP.search(found.text, clause.start, clause.end) or _of_something_else(found, end, unit):
        return None
    only_one = len({use.mention.name for use in found.uses}) == 1 and not found.unclear
    reach = 1 if unit is not None or only_one else 0
    best: tuple[int, int] | None = None
    for index, use in enumerate(found.uses):
        if abs(use.home.sentence - clause.sentence) > reach:
            continue
        if unit is not None and not unit_fits(unit, use.mention.name):
            continue
        if not any_standing and not _can_own(use, clause):
            continue
        score = _distance(found, use.mention, use.home, start, end, clause) - _hint(unit, use.mention.name)
        if best is None or score < best[0]:
            best = (score, index)
    if best is None or _nearest_unclear(found, start, end, clause) < best[0]:
        return None
    return best[1]


def _of_something_else(found: Found, end: int, unit: str | None) -> bool:
    """ "A bottle of rye": an amount of a word that is not known belongs to nothing that is."""
    named = _OF_WORD.match(found.text, end) if unit is not None else None
    if not named:
        return False
    return not any(use.mention.end > end and use.mention.start <= named.end() + 8 for use in found.uses)


def _can_own(use: Use, clause: Clause) -> bool:
    apart = use.standing is Standing.LIMITED and use.home.start != clause.start
    return apart or use.standing in (Standing.USED, Standing.STOPPED)


def _distance(
    found: Found, mention: Mention | UnclearMention, home: Clause, start: int, end: int, clause: Clause
) -> int:
    ahead = mention.start >= end
    if ahead and found.text[end : mention.start].strip() in ("of", "", "o", "ae", "worth of"):
        return -1
    score = max(0, mention.start - end if ahead else start - mention.end)
    if home.start != clause.start:
        score += _OTHER_CLAUSE if home.sentence == clause.sentence else _OTHER_SENTENCE
        # Across a comma what is said belongs to what came before it.
        score += _AHEAD if ahead else 0
    return score


def _hint(unit: str | None, name: str) -> int:
    if name in implied_by(unit or "") or (unit in CURRENCIES and name == "gambling"):
        return _HINT
    return 0


def _nearest_unclear(found: Found, start: int, end: int, clause: Clause) -> int:
    """ "Now it's dope every day": what stands nearest to an unclear word is not given to a clear one."""
    return min(
        (
            _distance(found, mention, home, start, end, clause)
            for mention in found.unclear
            if (home := found.context.clause(mention.start)).sentence == clause.sentence
        ),
        default=_FAR,
    )


def _merged(facts: Sequence[SubstanceFact]) -> tuple[SubstanceFact, ...]:
    """One fact a substance, except that different amounts (cans and a bottle of wine) stay apart.

    A claim of use outweighs a denial of the same substance elsewhere in the message.
    """
    used = {fact.name for fact in facts if not fact.negated}
    kept: list[SubstanceFact] = []
    for fact in facts:
        if fact.negated and fact.name in used:
            continue
        at = next((i for i, other in enumerate(kept) if _joins(other, fact)), None)
        if at is None:
            kept.append(fact)
        else:
            kept[at] = _join(kept[at], fact)
    return tuple(kept)


def _joins(one: SubstanceFact, other: SubstanceFact) -> bool:
    same = one.name == other.name and one.negated == other.negated
    return same and (one.amount is None or other.amount is None or one.amount == other.amount)


def _join(one: SubstanceFact, other: SubstanceFact) -> SubstanceFact:
    words = one.words if one.amount or not other.amount else other.words
    return replace(
        one,
        words=words,
        amount=one.amount or other.amount,
        days_per_week=one.days_per_week or other.days_per_week,
        last_use=one.last_use or other.last_use,
        route=tuple(dict.fromkeys(one.route + other.route)),
    )
