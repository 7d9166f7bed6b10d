"""From a person's own copy to what the page prints: sections of tables, in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Optional
from zoneinfo import ZoneInfo

from waymark.domain.export_words import ExportWords
from waymark.domain.facts import AnswerKind
from waymark.domain.intake import Answer, Item, Questionnaire
from waymark.domain.plan import LINE_SECTIONS, OTHER_SECTIONS, line_text
from waymark.front.export_wording import Wording, zone_of
from waymark.services import reading
from waymark.services.export import OwnCopy
from waymark.services.record import CONTACT_FIELDS

Row = tuple[str, ...]

TEXT_VERSION = re.compile(r"\n\[\S+@\S+\]$")
"""Which fixed text it was, kept at its end; the person did not see that."""


@dataclass(frozen=True)
class Table:
    """The first cell of a row names the row. A table that stands alone has no caption of its own."""

    columns: Row
    rows: tuple[Row, ...]
    caption: str = ""


@dataclass(frozen=True)
class Part:
    """A piece of a section; ``title`` is empty where the section has one piece only."""

    tables: tuple[Table, ...]
    title: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    empty: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class CopyPage:
    made: str
    sections: tuple[Section, ...]


class CopyView:
    """Makes the readable page and the file. ``zone`` is the site's, for people whose own is not known."""

    def __init__(
        self, words: ExportWords, questionnaire: Questionnaire, substance_names: Mapping[str, str], zone: ZoneInfo
    ) -> None:
        self._words, self._questionnaire = words, questionnaire
        self._names, self._zone = substance_names, zone

    def page(self, copy: OwnCopy) -> CopyPage:
        """Every section, in the order of the content file; empty ones say so."""
        zone = zone_of(copy.record["person"]["time_zone"], self._zone)
        sheet = _Sheet(copy, Wording(self._words, zone), self._questionnaire, self._names)
        made = self._words.texts["made"].format(when=sheet.wording.moment(copy.made_at), zone=zone.key)
        parts = sheet.parts()
        sections = [Section(name, s.title, s.empty, parts[name]) for name, s in self._words.sections.items()]
        return CopyPage(made, tuple(sections))

    def file(self, copy: OwnCopy) -> dict[str, Any]:
        """The copy for another program, with the notice that goes with it."""
        return {
            "title": self._words.labels["title"],
            "made_at": copy.made_at.isoformat(),
            "notice": self._words.texts["notice"],
            "site_notice": self._words.site_notice,
            "record": copy.record,
        }

    def file_name(self, copy: OwnCopy) -> str:
        """No name and no word about what it is: others may see the folder (privacy.md §5)."""
        return f"my-copy-{copy.made_at.astimezone(self._zone).date().isoformat()}.json"


class _Sheet:
    """One copy on its way to the page."""

    def __init__(self, copy: OwnCopy, wording: Wording, questionnaire: Questionnaire, names: Mapping[str, str]) -> None:
        self._record, self._transcript = copy.record, copy.transcript
        self.wording, self._words = wording, wording.words
        self._questionnaire, self._names = questionnaire, names

    def parts(self) -> dict[str, tuple[Part, ...]]:
        return {
            "about": self._alone(("what", "kept"), self._about()),
            "reach": self._alone(("what", "kept"), self._reach()),
            "consents": self._alone(("when", "what", "answer", "version", "where"), self._consents()),
            "answers": self._alone(("question", "understood", "your_words", "when", "where"), self._answers()),
            "plan": self._plans(),
            "versions": self._alone(("version", "status", "when", "who", "reason", "changes"), self._versions()),
            "events": self._alone(("when", "what", "where", "more"), self._events()),
            "alerts": self._alone(
                ("when", "about", "urgency", "status", "your_words", "shown", "done"), self._alerts()
            ),
            "tasks": self._alone(("what", "status", "when", "said", "done"), self._tasks()),
            "messages": self._alone(("when", "who", "where", "said"), self._messages()),
            "readers": self._alone(("when", "who", "what"), self._readers()),
        }

    def _alone(self, columns: Iterable[str], rows: Iterable[Row]) -> tuple[Part, ...]:
        """One table without a caption, or nothing where there are no rows."""
        listed = tuple(rows)
        return (Part((Table(self._titles(columns), listed),)),) if listed else ()

    def _titles(self, columns: Iterable[str]) -> Row:
        return tuple(self._words.labels[name] for name in columns)

    # --- the person ---------------------------------------------------------------------------------------------

    def _about(self) -> list[Row]:
        person, labels = self._record["person"], self._words.labels
        told = (("name", "alias"), ("age", "age"), ("country", "country"), ("time_zone", "time_zone"))
        rows: list[Row] = [(labels[label], str(person[name] or labels["not_told"])) for label, name in told]
        return [*rows, (labels["standing"], self._words.value("person_status", person["status"]))]

    def _reach(self) -> list[Row]:
        person, labels = self._record["person"], self._words.labels
        rows: list[Row] = [(labels["channels"], self._channel(channel)) for channel in person["channels"]]
        contact = [(labels[name], self.wording.field(name, person["contact"][name])) for name in CONTACT_FIELDS]
        return rows + [(label, text) for label, text in contact if text]

    def _channel(self, channel: Mapping[str, Any]) -> str:
        since = [(name, self.wording.when(channel.get(name))) for name in ("quiet_since", "blocked_at")]
        noted = [f"{self._words.value('field', name)} {at}" for name, at in since if at]
        return "; ".join((f"{self._words.value('channel', channel['channel'])}: {channel['address']}", *noted))

    def _consents(self) -> Iterable[Row]:
        for consent in self._record["consents"]:
            yield (
                self.wording.when(consent["at"]),
                self._words.value("consent", consent["kind"]),
                self._words.labels["given" if consent["given"] else "refused"],
                str(consent["version"]),
                self._words.value("channel", consent["channel"]),
            )

    def _answers(self) -> Iterable[Row]:
        changed = {answer["replaces"] for answer in self._record["answers"]}
        for answer in self._record["answers"]:
            item = self._questionnaire.by_id.get(answer["item"])
            later = f" {self._words.labels['changed_later']}" if answer["id"] in changed else ""
            yield (
                f"{item.label if item else self._words.value('field', answer['item'])}{later}",
                self._meaning(item, answer),
                answer["text"],
                self.wording.when(answer["at"]),
                self._words.value("channel", answer["channel"]),
            )

    def _meaning(self, item: Optional[Item], answer: Mapping[str, Any]) -> str:
        """How the answer was understood; empty where the words say it all."""
        value = answer["value"]
        if isinstance(value, Mapping) and value.get("declined"):
            return self._words.labels["no_answer"]
        if item is None:
            return self.wording.field("", value)
        if item.kind is AnswerKind.CHOICE:
            return next((choice.title for choice in item.choices if choice.value == value), str(value))
        understood = reading.meaning(item, _answer(answer), self._names)
        if understood is None and (isinstance(value, (str, int, float)) or (isinstance(value, Mapping) and "value" in value)):
            understood = self.wording.field("", value)
        return understood if understood and understood != answer["text"] else ""

    # --- the plan -----------------------------------------------------------------------------------------------

    def _plans(self) -> tuple[Part, ...]:
        both = (self._record["plan"], self._record["plan_proposed"])
        return tuple(self._plan(plan) for plan in both if plan is not None)

    def _plan(self, plan: Mapping[str, Any]) -> Part:
        labels = self._words.labels
        tables = [self._plan_lines(name, plan[name]) for name in (*LINE_SECTIONS, *OTHER_SECTIONS) if plan[name]]
        approvals = tuple((self._words.author(a["by"]), self.wording.when(a["at"])) for a in plan["approvals"])
        if approvals:
            tables.append(Table(self._titles(("who", "when")), approvals, labels["approvals"]))
        noted = (("review_date", plan["review_date"]), ("missing", plan["incomplete"]))
        lines = [(labels[name], self.wording.field(name, value)) for name, value in noted]
        return Part(
            title=labels["plan_version"].format(
                number=plan["version"], status=self._words.value("plan_status", plan["status"])
            ),
            lines=tuple(f"{label}: {text}" for label, text in lines if text),
            tables=tuple(tables),
        )

    def _plan_lines(self, section: str, lines: Iterable[Any]) -> Table:
        rows = [self._plan_line(line if isinstance(line, Mapping) else {"text": line}) for line in lines]
        return Table(self._titles(("what", "more")), tuple(rows), self._words.value("plan_section", section))

    def _plan_line(self, line: Mapping[str, Any]) -> Row:
        text = line_text(line)
        if text:
            return text, self.wording.details(line)
        rest = {name: value for name, value in line.items() if name != "name"}
        return str(line.get("name") or self._words.texts["no_words"]), self.wording.details(rest)

    def _versions(self) -> Iterable[Row]:
        for version in self._record["plan_versions"]:
            yield (
                str(version["version"]),
                self._words.value("plan_status", version["status"]),
                self.wording.when(version["at"]),
                self._words.author(version["author"]),
                version["reason"],
                "\n".join(self.wording.change(change) for change in version["changes"]),
            )

    # --- what happened ------------------------------------------------------------------------------------------

    def _events(self) -> Iterable[Row]:
        for event in self._record["events"]:
            yield (
                self.wording.when(event["at"]),
                self._words.value("event", event["kind"]),
                self._words.value("channel", event["channel"]),
                self.wording.details(event["details"]),
            )

    def _alerts(self) -> Iterable[Row]:
        for alert in self._record["alerts"]:
            yield (
                self.wording.when(alert["opened_at"]),
                self._words.value("alert_class", alert["class"]),
                self._words.value("level", alert["level"]),
                self._words.value("alert_status", alert["status"]),
                alert["words"],
                TEXT_VERSION.sub("", alert["text_shown"]),
                "\n".join((*(self._logged(entry) for entry in alert["log"]), alert["outcome"] or "")).strip(),
            )

    def _logged(self, entry: Mapping[str, str]) -> str:
        return f"{self.wording.when(entry['at'])}, {self._words.author(entry['by'])}: {entry['what']}"

    def _tasks(self) -> Iterable[Row]:
        for task in self._record["tasks"]:
            yield (
                self._words.value("task", task["kind"]),
                self._words.value("task_status", task["status"]),
                self.wording.when(task["due_at"]),
                task["details"],
                task["outcome"] or "",
            )

    def _messages(self) -> Iterable[Row]:
        for message in self._transcript:
            yield (
                self.wording.when(message["at"]),
                self._words.author(message["author"]),
                self._words.value("channel", message["channel"]),
                message["text"] or self._words.texts["no_words"],
            )

    def _readers(self) -> Iterable[Row]:
        for entry in self._record["read_by"]:
            yield (
                self.wording.when(entry["at"]),
                self._words.author(entry["actor"]),
                self._words.value("action", entry["action"]),
            )


def _answer(raw: Mapping[str, Any]) -> Answer:
    return Answer(raw["id"], "", raw["item"], raw["value"], raw["text"], raw["at"], raw["channel"], raw["message_id"], "")
