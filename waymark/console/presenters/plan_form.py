"""The edit form of a plan: fields with what is stored or typed, and what was typed read back as edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional

from waymark.console.presenters import wording
from waymark.console.presenters.plan import DATE_FIELDS, FIELD_TITLES, SECTION_TITLES, line_title
from waymark.console.presenters.times import iso_day
from waymark.domain.errors import InvalidChange
from waymark.domain.plan import EDITABLE_FIELDS, GOAL_DOMAINS, ITEM_STATUSES, lines

CHOICES = {"domain": GOAL_DOMAINS, "status": ITEM_STATUSES}
ADDED = ("text", "owner", "frequency", "start", "review")
Typed = Callable[[str], str]


@dataclass(frozen=True)
class Field:
    """``kind`` is text, line, date or choice."""

    name: str
    title: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FormLine:
    id: str
    title: str
    fields: tuple[Field, ...]
    said: tuple[str, ...]
    remove: str
    removed: bool


@dataclass(frozen=True)
class FormSection:
    title: str
    lines: tuple[FormLine, ...]


@dataclass(frozen=True)
class PlanForm:
    base_version: str
    sections: tuple[FormSection, ...]
    added: tuple[Field, ...]
    adding: bool
    review_date: Field
    reason: str


@dataclass(frozen=True)
class Edit:
    """What the form asks the service to do."""

    base_version: int
    reason: str
    edits: Mapping[str, Mapping[str, str]]
    removed: tuple[str, ...]
    added: Optional[Mapping[str, str]]
    review_date: Optional[str]


def blank(body: Mapping[str, Any], version: int) -> PlanForm:
    """The form as first opened."""
    return _form(body, lambda name, stored: stored, base=str(version), removed=frozenset())


def refilled(body: Mapping[str, Any], typed: Typed, sent: frozenset[str], removed: frozenset[str]) -> PlanForm:
    """The form with everything that was typed, whatever was wrong with it."""

    def value(name: str, stored: str) -> str:
        return typed(name) if name in sent else stored

    return _form(body, value, base=typed("base_version"), removed=removed)


def read(body: Mapping[str, Any], typed: Typed, sent: frozenset[str], removed: frozenset[str]) -> Edit:
    """Only what differs from the stored version. Raises InvalidChange for a version or date that is none."""
    if not typed("base_version").isdigit():
        raise InvalidChange("the form does not say which version it is about; open it again")
    edits: dict[str, dict[str, str]] = {}
    for section, line in lines(body):
        for name in EDITABLE_FIELDS[section]:
            key = _key(line["id"], name)
            if key in sent and line["id"] not in removed and typed(key).strip() != _stored(line, name).strip():
                edits.setdefault(line["id"], {})[name] = _checked(name, typed(key))
    added = {name: typed(f"new.{name}").strip() for name in ADDED}
    wanted = any(added.values())
    review = _checked("review_date", typed("review_date"))
    return Edit(
        base_version=int(typed("base_version")),
        reason=typed("reason"),
        edits=edits,
        removed=tuple(sorted(removed)),
        added={name: _checked(name, text) for name, text in added.items()} if wanted else None,
        review_date=review if review != (body.get("review_date") or "") else None,
    )


def _form(body: Mapping[str, Any], value: Callable[[str, str], str], *, base: str, removed: frozenset[str]) -> PlanForm:
    sections = []
    for section, title in SECTION_TITLES.items():
        shown = tuple(_line(section, line, value, removed) for line in body.get(section, []))
        sections.append(FormSection(title, shown))
    added = tuple(_field(f"new.{name}", name, value(f"new.{name}", "")) for name in ADDED)
    return PlanForm(
        base_version=base,
        sections=tuple(sections),
        added=added,
        adding=any(field.value for field in added),
        review_date=_field("review_date", "review_date", value("review_date", str(body.get("review_date") or ""))),
        reason=value("reason", ""),
    )


def _line(section: str, line: Mapping[str, Any], value: Callable[[str, str], str], removed: frozenset[str]) -> FormLine:
    line_id = str(line["id"])
    fields = tuple(
        _field(_key(line_id, name), name, value(_key(line_id, name), _stored(line, name)))
        for name in EDITABLE_FIELDS[section]
    )
    said = tuple(wording.quoted(str(e.get("words", ""))) for e in line.get("evidence", []) if e.get("words"))
    return FormLine(line_id, line_title(section, line_id), fields, said, line_id, line_id in removed)


def _field(key: str, name: str, value: str) -> Field:
    title = FIELD_TITLES[name]
    if name in CHOICES:
        known = [(choice, wording.plain(choice)) for choice in CHOICES[name]]
        other = [] if value in CHOICES[name] else [(value, wording.plain(value) or "not set")]
        return Field(key, title, "choice", value, tuple(other + known))
    if name in DATE_FIELDS:
        # A date box would drop a stored text that is no date, such as "after the holidays".
        return Field(key, title, "date" if not value or iso_day(value) else "line", value)
    return Field(key, title, "text" if name in ("text", "words") else "line", value)


def _checked(name: str, text: str) -> str:
    value = text.strip()
    if name in DATE_FIELDS and value and iso_day(value) is None:
        raise InvalidChange(f"{FIELD_TITLES[name].lower()}: write the date as year-month-day, such as 2030-01-31")
    return value


def _key(line_id: str, name: str) -> str:
    return f"line.{line_id}.{name}"


def _stored(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    return "" if value is None else str(value)
