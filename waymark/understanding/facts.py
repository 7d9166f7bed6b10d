"""Everything a message says, read in the light of the question that was asked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Sequence

from waymark.domain.facts import Amount, AnswerKind, Facts, LastUse, Span
from waymark.understanding.age import parse_age
from waymark.understanding.amounts import AmountMatch, bare_amount, find_amounts, period_of
from waymark.understanding.attach import Found, Use, attach
from waymark.understanding.contact import find_contacts
from waymark.understanding.correction import parse_correction
from waymark.understanding.country import parse_country
from waymark.understanding.frequency import find_frequencies, mask_counted
from waymark.understanding.last_use import LastUseMatch, find_times, parse_last_use
from waymark.understanding.name import parse_name
from waymark.understanding.numbers import NumberMatch, find_numbers
from waymark.understanding.ruler import parse_ruler
from waymark.understanding.substances import (
    Mention,
    SubstanceLexicon,
    UnclearMention,
    find_substances,
    words_of,
)
from waymark.understanding.tokens import prepare
from waymark.understanding.use_context import Standing, UseContext
from waymark.understanding.yes_no import parse_yes_no

_HERE = (Standing.USED, Standing.LIMITED, Standing.STOPPED)
_USE_VERB = re.compile(
    r"\b(?:binge\w*|using|i use|get (?:high|wasted|smashed|hammered)|go on a bender|do it|have it|it's|"
    r"its|about)\b"
)
_PILLS = frozenset(
    "oxycodone hydrocodone codeine dihydrocodeine tramadol morphine alprazolam diazepam clonazepam "
    "lorazepam temazepam"
    " nitrazepam etizolam bromazolam benzodiazepine_unspecified zopiclone zolpidem pregabalin gabapentin "
    "carisoprodol"
    " modafinil mixed_amphetamine_salts methylphenidate dexamfetamine mdma".split()
)


class FactReader:
    """Reads facts from text; holds the lexicon, which is loaded once."""

    def __init__(self, lexicon: SubstanceLexicon) -> None:
        self._lexicon = lexicon

    def read(
        self,
        text: str,
        *,
        question: AnswerKind | None,
        now: datetime,
        country: str | None,
        unit_hint: str | None = None,
    ) -> Facts:
        """Facts in a message. ``now`` is an aware time in the person's zone; ``unit_hint`` the unit of the
        question, for a bare number.

        The amount, frequency and last use of the message as a whole are set only when it holds exactly one of
        each (attached to a substance or not); with several, look at the substances.
        """
        prepared = prepare(text)
        found = self._find(prepared, question, now, country)
        substances = attach(found, now)
        amounts = list(dict.fromkeys(m.amount for m in found.amounts))
        amount = amounts[0] if len(amounts) == 1 else None
        if not found.amounts and question is AnswerKind.AMOUNT and unit_hint:
            amount = bare_amount(prepared, unit_hint)
        return Facts(
            substances=substances,
            amount=amount,
            days_per_week=_only([m.days for m in found.frequencies]),
            last_use=_message_last_use(text, found, question, now, country),
            ruler=parse_ruler(text) if question is AnswerKind.RULER else None,
            yes_no=_yes_no(text, question),
            age=_age(text, question, now, country),
            name=parse_name(text) if question is AnswerKind.NAME else None,
            country=parse_country(text, asked=question is AnswerKind.COUNTRY),
            contacts=find_contacts(text, country),
            correction=parse_correction(text),
            ambiguous=tuple(dict.fromkeys(prepared[m.start : m.end] for m in found.unclear)),
        )

    def candidates(self, word: str) -> tuple[str, ...]:
        """What an ambiguous word may mean, as canonical names; empty for a word that is not ambiguous."""
        wanted = words_of(word)
        listed = [t for t in self._lexicon.ambiguous.get(wanted[0], ()) if wanted] if wanted else []
        return next(
            (t.candidates for t in listed if t.words == wanted), listed[0].candidates if listed else ()
        )

    def _find(self, text: str, question: AnswerKind | None, now: datetime, country: str | None) -> Found:
        context = UseContext.of(text)
        mentions, unclear = find_substances(text, self._lexicon, asked=question is AnswerKind.SUBSTANCES)
        uses = tuple(_uses(text, mentions, context))
        numbers = find_numbers(text)
        stated = find_frequencies(text, numbers)
        masked = mask_counted(text, stated)
        counted = find_amounts(masked, numbers, country=country, asked=question is AnswerKind.AMOUNT)
        amounts = [
            m
            for m in (*counted, *_pills_by_name(masked, numbers, mentions, counted))
            if context.is_own(m.start) and not _in_past(context, m.start, m.end)
        ]
        frequencies = [
            m
            for m in stated
            if context.is_own(m.start)
            and _about_use(m.start, m.end, uses, amounts, context, question)
            and not _in_past(context, m.start, m.end)
        ]
        return Found(
            text,
            context,
            uses,
            tuple(m for m in unclear if _unclear_counts(context, m)),
            tuple(amounts),
            tuple(frequencies),
            tuple(m for m in find_times(text, numbers, now, country) if context.is_own(m.start)),
        )


def _uses(text: str, mentions: Sequence[Mention], context: UseContext) -> list[Use]:
    uses = []
    for mention in mentions:
        if not context.is_own(mention.start):
            continue
        standing = context.standing(mention.start, mention.end)
        if mention.absence:
            denied = standing in (Standing.NOT_USED, Standing.LIMITED)
            standing = Standing.UNCLAIMED if denied else Standing.NOT_USED
        elif mention.kind and standing in (Standing.NOT_USED, Standing.PAST, Standing.LIMITED):
            # "I don't drink gin" says nothing of other alcohol.
            standing = Standing.UNCLAIMED
        if standing is not Standing.UNCLAIMED:
            uses.append(Use(mention, standing, context.clause(mention.start)))
    return uses


def _unclear_counts(context: UseContext, mention: UnclearMention) -> bool:
    if not context.is_own(mention.start):
        return False
    return context.standing(mention.start, mention.end) in _HERE


def _in_past(context: UseContext, start: int, end: int) -> bool:
    return context.standing(start, end) is Standing.PAST


def _about_use(
    start: int,
    end: int,
    uses: Sequence[Use],
    amounts: Sequence[AmountMatch],
    context: UseContext,
    question: AnswerKind | None,
) -> bool:
    """ "I work every day" is no frequency of use: a mention or an amount must share the sentence."""
    if question in (AnswerKind.AMOUNT, AnswerKind.SUBSTANCES):
        return True
    clause = context.clause(start)
    sentence = clause.sentence
    if _USE_VERB.search(context.text, clause.start, clause.end):
        return True
    if any(use.home.sentence == sentence for use in uses):
        return True
    return any(clause.sentence_start <= amount.start < clause.sentence_end for amount in amounts)


def _pills_by_name(
    text: str, numbers: Sequence[NumberMatch], mentions: Sequence[Mention], counted: Sequence[AmountMatch]
) -> list[AmountMatch]:
    """ "2 zopiclone", "10 xanax a day": a number right before a medicine counts pills."""
    found = []
    for number in numbers:
        beside = [
            m
            for m in mentions
            if m.name in _PILLS and m.start >= number.end and not text[number.end : m.start].strip()
        ]
        if beside and not any(c.start < beside[0].end and number.start < c.end for c in counted):
            period, said = period_of(text, number.start, beside[0].end)
            amount = Amount(number.low, number.high, "pill", period)
            found.append(AmountMatch(number.start, beside[0].end, amount, said))
    return found


def _only(spans: Sequence[Span]) -> Span | None:
    return spans[0] if len(set(spans)) == 1 else None


def _message_last_use(
    text: str, found: Found, question: AnswerKind | None, now: datetime, country: str | None
) -> LastUse | None:
    if question is AnswerKind.LAST_USE:
        return parse_last_use(text, now, country)
    sure = [m for m in found.times if m.abstinent or _said_of_use(found, m)]
    values = {m.value for m in sure}
    return values.pop() if len(values) == 1 else None


def _said_of_use(found: Found, match: LastUseMatch) -> bool:
    """Outside the question a time counts when its clause speaks of use."""
    clause = found.context.clause(match.start)
    if any(clause.start <= use.mention.start < clause.end for use in found.uses):
        return True
    words = set(found.text[clause.start : clause.end].split())
    return bool(words & {"used", "relapsed", "slipped", "lapsed", "scored"})


def _yes_no(text: str, question: AnswerKind | None) -> bool | None:
    return parse_yes_no(text, asked=question is AnswerKind.YES_NO)


def _age(text: str, question: AnswerKind | None, now: datetime, country: str | None) -> int | None:
    return parse_age(text, now, asked=question is AnswerKind.AGE, country=country)
