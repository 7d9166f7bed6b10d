"""What must be true after a crowd has talked: nothing lost, doubled or out of order, and every answer kept as given."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Sequence

from journeys.crowd import LAST_EVENTS_WITHIN, Sent, Talker, kept
from journeys.house import wait_for
from journeys.person import Reply, texts

FIRST_WORDS = "an automated program, not a person"
FAULT_WORDS = "Something went wrong on my side"


@dataclass
class Reckoning:
    """Counts over all people; ``details`` say where each fault was."""

    turns: int = 0
    times: list[float] = field(default_factory=list)
    statuses: "Counter[int]" = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    replies_doubled: int = 0
    replies_differ: int = 0
    unanswered: int = 0
    broken: int = 0
    wrong_answers: int = 0
    events_missed: int = 0
    details: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        names = (
            "lost", "doubled", "out_of_order", "replies_doubled", "replies_differ", "unanswered", "broken", "wrong_answers", "events_missed",
        )  # fmt: skip
        return {name: int(getattr(self, name)) for name in names}

    def count(self, name: str, number: int, where: object) -> None:
        if number:
            setattr(self, name, getattr(self, name) + number)
            self.details.append(f"{name} {number}: {where}")


def reckon(talkers: Sequence[Talker]) -> Reckoning:
    """Judge all of them by the history of both fronts, the record of the read API and what the event streams gave."""
    sums = Reckoning()
    for talker in talkers:
        sums.turns += len(talker.sent)
        sums.times += [sent.took for sent in talker.sent if sent.took is not None]
        for sent in talker.sent:
            sums.statuses.update(sent.statuses)
        here, there = talker.both[0].history(), talker.both[1].history()
        sums.count("replies_differ", int(here != there), "the two fronts show another history")
        _messages(sums, talker, here)
        _replies(sums, talker, here)
        _record(sums, talker, here)
        _events(sums, talker, here)
    return sums


def _messages(sums: Reckoning, talker: Talker, history: Sequence[Reply]) -> None:
    """Each message that was taken is kept once, and in the order of sending."""
    times = Counter(kept(history))
    taken = {sent.message_id: sent for sent in talker.sent if set(sent.statuses) & {200, 503}}
    lost = [sent for sent in taken.values() if not times[sent.message_id]]
    sums.count("lost", len(lost), _said(lost))
    sums.count("doubled", sum(n - 1 for n in times.values() if n > 1), f"{[i for i, n in times.items() if n > 1]}")
    rounds = [taken[i].round for i in kept(history) if i in taken]
    turned = sum(later < earlier for earlier, later in zip(rounds, rounds[1:], strict=False))
    sums.count("out_of_order", turned, f"{rounds}")


def _replies(sums: Reckoning, talker: Talker, history: Sequence[Reply]) -> None:
    """Each message has one answer, the same from either front and at every asking; no other answer was given."""
    shown = [str(m["id"]) for m in history if m["direction"] == "out"]
    known: set[str] = set()
    for sent in talker.sent:
        given = {tuple(_ids(replies)) for replies in sent.replies}
        known |= {i for ids in given for i in ids}
        sums.count("unanswered", int(not sent.refused and (not given or given == {()})), _said([sent]))
        sums.count("replies_differ", int(len(given) > 1), _said([sent]))
        said = [r["text"] for r in sent.replies[0]] if sent.replies else []
        sums.count("broken", sum(FAULT_WORDS in text for text in said), _said([sent]))
        sums.count("replies_doubled", len(said) - len(set(said)), f"{_said([sent])} → {said}")
    extra = [m["text"] for m in history if m["direction"] == "out" and m["id"] not in known]
    sums.count("replies_doubled", len(extra), f"given for no message: {extra}")
    sums.count("replies_doubled", len(shown) - len(set(shown)), "one reply stands twice in the history")
    sums.count("lost", len(known - set(shown)), "a reply is not in the history")
    hellos = sum(FIRST_WORDS in str(m["text"]) and m["kind"] == "notice" for m in history)
    sums.count("replies_doubled", max(0, hellos - 1), "introduced itself twice")


def _record(sums: Reckoning, talker: Talker, history: Sequence[Reply]) -> None:
    """The record holds the same messages, and each answer once, as it was given."""
    record = talker.both[0].record(messages=True)
    said = [(m["direction"], m["text"]) for m in record["messages"]]
    sums.count("replies_differ", int(said != [(m["direction"], m["text"]) for m in history]), "record and history differ")
    answers = Counter(a["item"] for a in record["answers"])
    twice = {item: n for item, n in answers.items() if n > 1}
    sums.count("doubled", sum(n - 1 for n in twice.values()), f"answers kept more than once: {twice}\n{texts(history)}")
    consents = len(record["consents"])
    sums.count("doubled", max(0, consents - 1), f"{consents} consents")
    wrong = {item: given for item, given in talker.given.items() if not _holds(record, item, given)}
    sums.count("wrong_answers", len(wrong), f"{wrong}\n{record['answers']}\n{texts(history)}")


def _holds(record: dict[str, Any], item: str, given: Any) -> bool:
    """Whether what was given is in force. An answer that was given before consent or declined has its own form."""
    person = record["person"]
    if item in ("person.alias", "person.age", "person.country"):
        return bool(person[item.removeprefix("person.")] == given)
    if item == "contact.route":
        return bool(person["contact"]["route"] == given)
    if item == "substance.main":
        return [s["name"] for s in record["substances"]] == [given]
    answer = next((a for a in reversed(record["answers"]) if a["item"] == item), None)
    if answer is None:
        return False
    if item.startswith("ruler."):
        return bool(answer["value"] == {"min": given, "max": given})
    return bool(answer["text"] == given)


def _events(sums: Reckoning, talker: Talker, history: Sequence[Reply]) -> None:
    """The stream that was open from the start gave every reply once and in order."""
    shown = [str(m["id"]) for m in history if m["direction"] == "out"]
    try:
        wait_for("the last events", lambda: len(talker.events.came) >= len(shown), LAST_EVENTS_WITHIN)
    except AssertionError:
        sums.details.append(f"events late: {len(talker.events.came)} of {len(shown)} came")
    came = _ids(talker.events.came)
    sums.count("events_missed", len(set(shown) - set(came)), f"{len(came)} of {len(shown)} came")
    sums.count("replies_doubled", len(came) - len(set(came)), "an event came twice")
    sums.count("out_of_order", int(came != [i for i in shown if i in set(came)]), f"events\n{came}\n{shown}")


def _ids(replies: Sequence[Reply]) -> list[str]:
    return [str(reply["id"]) for reply in replies]


def _said(messages: Sequence[Sent]) -> str:
    return str([(sent.body, sent.statuses) for sent in messages])
