"""The questionnaire as data: items, what is known, and which item comes next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Iterable, Mapping, Optional

from waymark.domain.facts import AnswerKind


@dataclass(frozen=True)
class Choice:
    """A button of a question; typed words count as well."""

    title: str
    value: str
    intent: str = "answer"


@dataclass(frozen=True)
class Condition:
    """Asks an item only if another answer fits: ``known``, ``unknown``, ``is`` or ``is_not`` a value."""

    item: str
    test: str
    value: Optional[str] = None

    def holds(self, known: Mapping[str, "Answer"]) -> bool:
        answer = known.get(self.item)
        if self.test == "known":
            return answer is not None and not answer.declined
        if self.test == "unknown":
            return answer is None
        matches = answer is not None and str(answer.value) == self.value
        return matches if self.test == "is" else not matches


@dataclass(frozen=True)
class Item:
    """One question. ``step`` is the point of the ten steps that it serves; ``label`` names it in a read-back.

    ``ask`` holds variants of the question, ``again`` how it is asked after an interruption, ``retry`` what
    is said when an answer could not be read, ``acknowledge`` what may be said about an answer.
    """

    id: str
    kind: AnswerKind
    label: str
    step: str
    why: str
    ask: tuple[str, ...]
    again: tuple[str, ...]
    retry: tuple[str, ...]
    acknowledge: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    when: tuple[Condition, ...] = ()
    skippable: bool = True
    health: bool = True
    in_order: bool = True


@dataclass(eq=False)
class Answer:
    """An answer as given: its meaning in ``value``, the person's own words in ``text``.

    ``replaces`` names the older answer of the same item; nothing is overwritten. ``declined`` answers are
    kept as declined. ``message_id`` says where it was said.
    """

    id: str
    person_id: str
    item: str
    value: Any
    text: str
    at: datetime
    channel: str
    message_id: str
    content_version: str
    replaces: Optional[str] = None
    seq: Optional[int] = None

    @property
    def declined(self) -> bool:
        return isinstance(self.value, dict) and bool(self.value.get("declined"))


DECLINED = {"declined": True}


@dataclass(frozen=True)
class Questionnaire:
    """Items in the order they are asked, and items that only a service opens (safety check, read-back)."""

    id: str
    version: str
    items: tuple[Item, ...]
    by_id: Mapping[str, Item] = field(default_factory=dict)

    @classmethod
    def of(cls, id: str, version: str, items: Iterable[Item]) -> "Questionnaire":
        listed = tuple(items)
        return cls(id=id, version=version, items=listed, by_id={item.id: item for item in listed})

    def next_item(self, known: Mapping[str, Answer]) -> Optional[Item]:
        """The first item in order that applies and is not answered or declined; None when all are done."""
        for item in self.items:
            if item.in_order and item.id not in known and all(c.holds(known) for c in item.when):
                return item
        return None

    def left(self, known: Mapping[str, Answer]) -> int:
        """How many questions are left, as far as can be told now."""
        return sum(
            1 for i in self.items if i.in_order and i.id not in known and all(c.holds(known) for c in i.when)
        )


def current(answers: Iterable[Answer]) -> dict[str, Answer]:
    """The answer in force for each item: the newest in order of storing."""
    known: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.seq or 0):
        known[answer.item] = answer
    return known
