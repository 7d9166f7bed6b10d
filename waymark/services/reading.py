"""Read a message as the answer to one question: meaning in the record's shapes, or what must be asked instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Mapping, Optional, Protocol, Sequence

from waymark.domain.facts import Amount, AnswerKind, Facts, Span, SubstanceFact
from waymark.domain.intake import Answer, Item

SHORT_ANSWER_WORDS = 8
PLAIN_ANSWER_WORDS = 4
BINDING = ("consent.record", "plan.agree", "privacy.delete")
"""Questions whose yes binds: only a plain one counts."""

DOUBT = re.compile(
    r"\b(?:not|never|no|nope|nah|dont|cant|cannot|wont|isnt|wasnt|hardly|unsure|maybe|idk|dunno|nor|without|un\w*safe)\b"
)

HAS_CONTENT = re.compile(r"[^\W_]")

UNSTATED_PERIOD = "occasion"
"""How an amount is read that no period was said with."""


class Reader(Protocol):
    """Finds facts in a text (``waymark.understanding.facts``)."""

    def read(
        self, text: str, *, question: Optional[AnswerKind], now: datetime, country: Optional[str], unit_hint: Optional[str] = None
    ) -> Facts: ...

    def candidates(self, word: str) -> Sequence[str]: ...


@dataclass(frozen=True)
class Read:
    """``value`` is None when the text does not answer; ``unclear`` then may name a word to ask about."""

    value: Any = None
    unclear: Optional[str] = None


def read_answer(item: Item, text: str, facts: Facts, known: Mapping[str, Answer]) -> Read:
    """What ``text`` answers to ``item``. Nothing is guessed: an unclear word is named, not chosen."""
    simple = {
        AnswerKind.FREE_TEXT: text.strip() if HAS_CONTENT.search(text) else None,
        AnswerKind.NAME: facts.name,
        AnswerKind.AGE: facts.age,
        AnswerKind.COUNTRY: facts.country,
        AnswerKind.RULER: span(facts.ruler),
    }
    if item.kind in simple:
        return Read(simple[item.kind])
    if item.kind in (AnswerKind.CHOICE, AnswerKind.YES_NO):
        return Read(_choice(item, text, facts))
    if item.kind is AnswerKind.CONTACT:
        return Read({"kind": facts.contacts[0].kind, "value": facts.contacts[0].value} if facts.contacts else None)
    if item.kind is AnswerKind.SUBSTANCES:
        used = [s for s in facts.substances if not s.negated]
        if not used and facts.ambiguous:
            return Read(unclear=facts.ambiguous[0])
        return Read([substance(s) for s in facts.substances] if used else None)
    if item.kind is AnswerKind.AMOUNT:
        return Read(amount_value(facts, known))
    return Read(last_use_value(facts, known))


def amount_value(facts: Facts, known: Mapping[str, Answer]) -> Optional[dict[str, Any]]:
    """How much and how often, of the main substance unless another one was named with it."""
    named = _named(facts, lambda s: s.amount is not None or s.days_per_week is not None)
    amount = named.amount if named else facts.amount
    days = (named.days_per_week if named else None) or facts.days_per_week
    if amount is None and days is None:
        return None
    return {
        "substance": named.name if named else main_substance(known),
        "amount": amount_dict(amount),
        "days_per_week": span(days),
    }


def last_use_value(facts: Facts, known: Mapping[str, Answer]) -> Optional[dict[str, Any]]:
    named = _named(facts, lambda s: s.last_use is not None)
    last = named.last_use if named else facts.last_use
    if last is None:
        return None
    return {"substance": named.name if named else main_substance(known), "last_use": last.as_dict()}


def main_substance(known: Mapping[str, Answer]) -> Optional[str]:
    """The first substance told that is used, or None."""
    answer = known.get("substance.main")
    listed = answer.value if answer is not None and isinstance(answer.value, list) else []
    return next((s.get("name") for s in listed if not s.get("negated")), None)


def substance(fact: SubstanceFact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "words": fact.words,
        "negated": fact.negated,
        "amount": amount_dict(fact.amount),
        "days_per_week": span(fact.days_per_week),
        "route": list(fact.route),
        "last_use": fact.last_use.as_dict() if fact.last_use else None,
    }


def amount_dict(amount: Optional[Amount]) -> Optional[dict[str, Any]]:
    if amount is None:
        return None
    return {"min": amount.low, "max": amount.high, "unit": amount.unit, "period": amount.period}


def span(found: Optional[Span]) -> Optional[dict[str, float]]:
    return {"min": found.low, "max": found.high} if found else None


def unit_of(answer: Optional[Answer]) -> Optional[str]:
    """The unit an amount was told in, or None."""
    amount = answer.value.get("amount") if answer is not None and isinstance(answer.value, dict) else None
    return str(amount["unit"]) if amount else None


def merged_amount(old: Mapping[str, Any], new: Mapping[str, Any], *, bare: bool) -> dict[str, Any]:
    """A corrected amount. A bare number changes the number alone; unit and period were not in question. An
    amount without a period ("8 cans") keeps the period told before."""
    merged = {**old, **{name: value for name, value in new.items() if value is not None}}
    if bare and old.get("amount") and new.get("amount"):
        merged["amount"] = {**old["amount"], "min": new["amount"]["min"], "max": new["amount"]["max"]}
    elif old.get("amount") and new.get("amount") and new["amount"]["period"] == UNSTATED_PERIOD:
        merged["amount"] = {**new["amount"], "period": old["amount"]["period"]}
    return merged


def words_only(item: Item, text: str) -> Any:
    """Words that could not be read, kept as they are: no substance, amount or time is made up."""
    if item.kind is AnswerKind.SUBSTANCES:
        return [{"name": None, "words": text.strip(), "negated": False, "route": []}]
    return {"substance": None, "amount": None, "days_per_week": None, "last_use": None}


def meaning(item: Item, answer: Answer, names: Mapping[str, str]) -> Optional[str]:
    """How an answer was understood, in words, so that a misreading shows; None where words are the meaning."""
    value = answer.value
    if item.kind is AnswerKind.RULER and isinstance(value, dict):
        return _range(value)
    if item.kind is AnswerKind.SUBSTANCES and isinstance(value, list):
        used = [names.get(str(s["name"]), str(s["name"]).replace("_", " ")) for s in value if s.get("name") and not s["negated"]]
        return ", ".join(used) or None
    if item.kind is AnswerKind.AMOUNT and isinstance(value, dict):
        return _amount_words(value)
    if item.kind is AnswerKind.LAST_USE and isinstance(value, dict):
        on = (value.get("last_use") or {}).get("date")
        return f"{date.fromisoformat(on):%A} {date.fromisoformat(on).day} {date.fromisoformat(on):%B}" if on else None
    return None


def _named(facts: Facts, has: Any) -> Optional[SubstanceFact]:
    return next((s for s in facts.substances if not s.negated and has(s)), None)


def _choice(item: Item, text: str, facts: Facts) -> Optional[str]:
    """A typed answer to a question with buttons: a title or value in the words, or a plain yes or no.

    A yes inside a longer message is no consent to anything, so only short ones count. A word of doubt or denial
    turns "I'm safe" or "I agree" round, so such words are never taken as the choice they hold. A choice that is a
    need of its own, such as asking for a person, is served as that need.
    """
    choices = [choice for choice in item.choices if choice.intent == "answer"]
    plain = _plain(text)
    for choice in choices:
        if plain and plain in (_plain(choice.title), choice.value):
            return choice.value
    values = {choice.value for choice in choices}
    words = plain.split()
    if len(words) > SHORT_ANSWER_WORDS or any(c.intent != "answer" and _plain(c.title) in plain for c in item.choices):
        return None
    if DOUBT.search(plain):
        if "safe" in words:
            return "not_safe" if "not_safe" in values else None
        return _no_of(values) if facts.yes_no is False and len(words) <= PLAIN_ANSWER_WORDS else None
    named = {c.value for c in choices if _plain(c.title) in plain or (len(c.value) > 3 and c.value in words)}
    if len(named) == 1 and item.id not in BINDING:
        return named.pop()
    if facts.yes_no is None or (item.id in BINDING and len(words) > PLAIN_ANSWER_WORDS):
        return None
    return next((v for v in ("yes", "safe") if v in values), None) if facts.yes_no else _no_of(values)


def _no_of(values: set[str]) -> Optional[str]:
    return next((value for value in ("no", "not_safe", "change") if value in values), None)


def _plain(title: str) -> str:
    return re.sub(r"[^\w ]", "", title.lower()).strip()


def _amount_words(value: Mapping[str, Any]) -> Optional[str]:
    parts = []
    amount, days = value.get("amount"), value.get("days_per_week")
    if amount:
        unit = str(amount["unit"]).replace("_", " ")
        plural = "" if amount["max"] == 1 or unit.isupper() else "s"
        per = {"day": "a day", "week": "a week", "month": "a month", "occasion": "each time"}.get(amount["period"], "")
        parts.append(f"{_range(amount)} {unit}{plural} {per}".strip())
    if days:
        parts.append(f"{_range(days)} days a week")
    return ", ".join(parts) or None


def _range(value: Mapping[str, Any]) -> str:
    low, high = value["min"], value["max"]
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


