"""What came of the falls: every message kept once and answered once, nothing said twice, every alert there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Optional, Sequence

from journeys.falling_people import IN_DOUBT, Diary, Said, Talker, TelegramTalker, WebTalker, first_text
from journeys.person import Reply, Visitor
from waymark.services.turns import Incoming

SAFETY_WITHIN = 2.0
"""Seconds (docs/clinical/safety.md §1: the fixed reply comes within two)."""
CRISIS = ("S1", "S2")


@dataclass
class Row:
    """The figures of one fault. Times are seconds; ``telegram`` is how long a safety reply took there, at most.

    ``put_off``: messages on the web that were answered with "not kept" first and sent again by the widget.
    """

    injected: int = 0
    sent: int = 0
    kept: int = 0
    answered: int = 0
    put_off: int = 0
    twice: int = 0
    in_doubt: int = 0
    wanted: int = 0
    found: int = 0
    slowest: Optional[float] = None
    telegram: Optional[float] = None
    lost: int = 0
    unordered: int = 0

    def wrong(self, fault: str) -> int:
        """How much was lost or wrong. A front that is down itself answers nobody."""
        slow = self.slowest is not None and self.slowest >= SAFETY_WITHIN and fault != "front killed"
        gaps = (self.sent - self.kept, self.sent - self.answered, self.wanted - self.found)
        return sum(map(abs, gaps)) + self.twice + self.lost + self.unordered + int(slow)


HEAD = (
    "injected", "sent", "kept once", "answered once", "put off", "said twice", "in doubt again", "alerts wanted", "found",
    "slowest safety ms", "on Telegram ms", "answers lost", "order broken",
)  # fmt: skip


@dataclass
class Table:
    """One row for each fault, and what was found wrong in words."""

    rows: dict[str, Row] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)

    def row(self, fault: str) -> Row:
        return self.rows.setdefault(fault, Row())

    @property
    def wrong(self) -> int:
        return sum(row.wrong(fault) for fault, row in self.rows.items())

    def add(self, fault: str, name: str, number: int = 1, where: str = "") -> None:
        if number:
            setattr(self.row(fault), name, getattr(self.row(fault), name) + number)
            if where:
                self.details.append(f"[{fault}] {name} {number}: {where}")

    def took(self, fault: str, name: str, seconds: Optional[float]) -> None:
        """Keep the longest."""
        row = self.row(fault)
        if seconds is not None:
            setattr(row, name, max(seconds, getattr(row, name) or 0.0))

    def __str__(self) -> str:
        lines: list[tuple[str, ...]] = [("fault", *HEAD)]
        for fault, row in self.rows.items():
            times = ("-" if t is None else f"{t * 1000:.0f}" for t in (row.slowest, row.telegram))
            numbers = (row.injected, row.sent, row.kept, row.answered, row.put_off, row.twice, row.in_doubt, row.wanted, row.found)
            lines.append((fault, *map(str, numbers), *times, str(row.lost), str(row.unordered)))
        widths = [max(len(word) for word in column) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(word.ljust(width) if place == 0 else word.rjust(width) for place, (word, width) in enumerate(zip(line, widths, strict=True)))
            for line in lines
        )


def count_web(table: Table, talker: WebTalker) -> None:
    """A talk on the web, by its history, its record and what each message was answered with."""
    history, record = talker.visitor.history(), talker.visitor.record(messages=True)
    _count_told(table, taken(talker), history)
    kept = [str(m["message_id"]) for m in history if m["direction"] == "in"]
    inner = {str(m["message_id"]): str(m["id"]) for m in history if m["direction"] == "in"}
    in_record = Counter(str(m["id"]) for m in record["messages"] if m["direction"] == "in")
    for said in taken(talker):
        times = kept.count(said.id) if in_record[inner.get(said.id, "")] == 1 else 0
        _kept(table, said, times)
    _order(table, talker.said, kept)
    _count_person(table, talker.said, record, talker.stuck, talker.diary)
    known = {reply["id"] for said in talker.said for reply in said.replies}
    extra = [m["text"] for m in history if m["direction"] == "out" and m["author"] == "assistant" and m["id"] not in known]
    table.add(talker.said[-1].fault, "twice", len(extra), f"said for no message: {extra}")


def count_stranger(table: Table, visitor: Visitor, said: Said) -> None:
    """Somebody who said one thing on the web, that they are in danger, and agreed to nothing."""
    history = visitor.history()
    _count_told(table, [said], history)
    _kept(table, said, [m["message_id"] for m in history if m["direction"] == "in"].count(said.id))
    _alerts(table, [said], visitor.alerts())


def _count_told(table: Table, said: Sequence[Said], history: Sequence[Reply]) -> None:
    shown = Counter(str(m["id"]) for m in history if m["direction"] == "out")
    for one in said:
        table.row(one.fault).sent += 1
        kinds = {reply["kind"] for reply in one.replies}
        told = bool(one.replies) and ("safety" in kinds or not one.in_danger)
        again = [reply["text"] for reply in one.replies if shown[str(reply["id"])] != 1]
        table.row(one.fault).answered += int(told and not again)
        if not told or again:
            table.details.append(f"[{one.fault}] answered {one.words!r} {one.statuses[-5:]} {kinds}; not once in the history: {again}")
        table.add(one.fault, "put_off", int("not_kept" in one.errors))
        wrong = one.errors - {"not_kept", "dialogue_down", "too_fast", "question_closed"}
        table.add(one.fault, "lost", len(wrong), f"{one.words!r} was answered with {wrong}")
        if one.in_danger:
            table.took(one.fault, "slowest", one.took)
    last = said[0]
    before: Optional[str] = None
    by_id = {one.id: one for one in said}
    for message in history:
        if message["direction"] == "in":
            last, before = by_id.get(str(message["message_id"]), last), None
        else:
            table.add(last.fault, "twice", int(message["text"] == before), f"twice in the history: {before!r}")
            before = str(message["text"])


def count_telegram(table: Table, talker: TelegramTalker, record: dict[str, Any]) -> None:
    """A talk on Telegram, by its record and by what stands in the chat."""
    messages = [m for m in record["messages"] if m["channel"] == "telegram"]
    kept = [str(m["id"]) for m in messages if m["direction"] == "in"]
    inner = {said.id: inner_id(talker.user.chat_id, said.id) for said in talker.said}
    for said in taken(talker):
        table.row(said.fault).sent += 1
        _kept(table, said, kept.count(inner[said.id]))
        table.took(said.fault, "telegram", said.took if said.in_danger else None)
    outer = {number: update for update, number in inner.items()}
    _order(table, talker.said, [outer.get(number, number) for number in kept])
    _answered_in_turn(table, talker, messages, outer)
    _chat(table, talker, messages)
    _count_person(table, talker.said, record, talker.stuck, talker.diary)


def taken(talker: Talker) -> list[Said]:
    """What had to be kept and answered."""
    return [said for said in talker.said if not said.refused]


def inner_id(chat_id: int, update_id: str) -> str:
    """The id under which an update is kept."""
    return Incoming("telegram", str(chat_id), update_id, "").message_id


def _answered_in_turn(
    table: Table, talker: TelegramTalker, messages: Sequence[dict[str, Any]], outer: dict[str, str]
) -> None:
    """After each message something is said before the next one, unless both came at once and share the answer."""
    answers: dict[str, list[str]] = {}
    open_now: list[str] = []
    last = ""
    for message in messages:
        if message["direction"] == "out":
            for waiting in open_now or [last]:
                answers.setdefault(waiting, []).append(message["text"])
            last, open_now = (open_now[-1] if open_now else last), []
        else:
            open_now.append(outer.get(str(message["id"]), ""))
    for said in taken(talker):
        told = answers.get(said.id, []) if said.took is not None or not said.in_danger else []
        table.row(said.fault).answered += int(bool(told))
        if not told:
            table.details.append(f"[{said.fault}] answered: nothing was said to {said.words!r} on Telegram")


def _chat(table: Table, talker: TelegramTalker, messages: Sequence[dict[str, Any]]) -> None:
    """What stands in the chat is what the record says was told, once and in order; safety goes before its turn."""
    told = [str(m["text"]).strip() for m in messages if m["direction"] == "out"]
    safety = _safety_texts(messages, talker)
    shown: list[str] = []
    arrivals = sorted([(m.at, m) for m in talker.user.inbox], key=lambda pair: pair[0])
    asked_at = sorted(said.at for said in talker.said)
    before, before_at = "", 0.0
    for at, message in arrivals:
        text, fault = first_text(message).strip(), talker.diary.at(at)
        again = text == before and not any(before_at < moment < at for moment in asked_at)
        if (message.edits[0] if message.edits else message.text).startswith(IN_DOUBT):
            table.add(fault, "in_doubt")
            again = text in shown and shown.count(text) >= told.count(text)
        elif again:
            table.add(fault, "twice", 1, f"twice in the chat: {text!r}")
        if not again:
            shown.append(text)
        before, before_at = text, at
    fault = talker.said[-1].fault
    doubted = [m.text[:80] for _, m in arrivals if (m.edits[0] if m.edits else m.text).startswith(IN_DOUBT)]
    missing, extra = list((Counter(told) - Counter(shown)).elements()), list((Counter(shown) - Counter(told)).elements())
    table.add(fault, "lost", len(missing), f"kept as told and not in the chat: {missing}; repeated in doubt: {doubted}")
    table.add(fault, "twice", len(extra), f"in the chat and not kept as told: {extra}")
    if not missing and not extra:
        plain = [[text for text in side if text not in safety] for side in (told, shown)]
        where = next((pair for pair in zip(*plain, strict=False) if pair[0] != pair[1]), None)
        table.add(fault, "unordered", int(where is not None), f"told {where and where[0]!r}, in the chat {where and where[1]!r}")


def _safety_texts(messages: Sequence[dict[str, Any]], talker: TelegramTalker) -> set[str]:
    cries, found, after = {said.words for said in talker.said if said.in_danger}, set(), False
    for message in messages:
        if message["direction"] == "in":
            after = message["text"] in cries
        elif after:
            found.add(str(message["text"]).strip())
    return found


def _kept(table: Table, said: Said, times: int) -> None:
    table.row(said.fault).kept += int(times == 1)
    if times != 1:
        table.details.append(f"[{said.fault}] kept {times} times: {said.words!r} {said.statuses[-5:]}")


def _order(table: Table, said: Sequence[Said], kept: Sequence[str]) -> None:
    """Kept in the order of sending; danger goes before its turn."""
    rounds = {one.id: one for one in said if not one.in_danger}
    in_order = [rounds[number] for number in kept if number in rounds]
    for earlier, later in zip(in_order, in_order[1:], strict=False):
        if later.round < earlier.round:
            table.add(later.fault, "unordered", 1, f"{later.words!r} was kept after {earlier.words!r}")


def _count_person(
    table: Table, said: Sequence[Said], record: dict[str, Any], stuck: str, diary: Diary
) -> None:
    """Alerts, and the answers in force; a talk that could not go on counts as one lost."""
    _alerts(table, said, record["alerts"])
    table.add(said[-1].fault, "lost", int(bool(stuck)), stuck)
    given: dict[str, list[Said]] = {}
    for one in said:
        if one.item and not one.refused and not one.item.startswith(("consent.", "plan.", "safety.")):
            given.setdefault(one.item, []).append(one)
    for item, ones in given.items():
        answers = [a for a in record["answers"] if a["item"] == item]
        words = [one.words for one in ones]
        if not answers or answers[-1]["text"] not in words:
            kept = [(a["text"], a["value"]) for a in answers]
            table.add(ones[-1].fault, "lost", 1, f"{item}: said {words}, kept {kept}\n{_around(record, words)}")


def _around(record: dict[str, Any], words: Sequence[str]) -> str:
    """The talk about where these words were said."""
    lines = [(m["text"], f"    {m['at'][14:23]} {'>' if m['direction'] == 'in' else '<'} {m['text'][:90]!r}") for m in record["messages"]]
    places = [place for place, (text, _) in enumerate(lines) if text in words]
    return "\n".join(line for _, line in lines[max(0, places[0] - 6) : places[-1] + 8]) if places else "    not in the talk"


def _alerts(table: Table, said: Sequence[Said], alerts: Sequence[dict[str, Any]]) -> None:
    """All cries of a person are one open alert, with the words of each once."""
    crisis = [a for a in alerts if a["level"] in CRISIS]
    for one in said:
        if one.in_danger:
            found = len(crisis) == 1 and crisis[0]["status"] == "open" and crisis[0]["words"].count(one.words) == 1
            table.row(one.fault).wanted += 1
            table.row(one.fault).found += int(found)
            if not found:
                shown = [(a["status"], a["words"]) for a in crisis]
                table.details.append(f"[{one.fault}] alerts for {one.words!r} {one.statuses[-3:]}: {shown}")
