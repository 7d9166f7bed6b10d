"""A plan version as a readable document, its approvals, its neighbours and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Optional, Sequence
from zoneinfo import ZoneInfo

from waymark.console.presenters import times, wording
from waymark.domain import plan as plans
from waymark.domain.plan import PlanStatus, PlanVersion
from waymark.domain.staff import Right, StaffMember
from waymark.services.planning import PlanView

SECTION_TITLES = {
    "problems": "Problems",
    "strengths": "Strengths",
    "goals": "Goals",
    "reasons": "Reasons for change",
    "interventions": "What will be done",
}
LINE_TITLES = {"problems": "Problem", "strengths": "Strength", "goals": "Goal", "reasons": "Reason", "interventions": "Step"}
FIELD_TITLES = {
    "text": "Text",
    "words": "In the person’s words",
    "domain": "Area of life",
    "status": "Status",
    "owner": "Who does it",
    "frequency": "How often",
    "start": "Start",
    "review": "Review",
    "review_date": "Review date of the plan",
}
EMPTY = {
    "problems": "None written down yet.",
    "strengths": "None written down yet.",
    "goals": "No goal yet.",
    "reasons": "None told yet.",
    "interventions": "Nothing planned yet.",
}
DATE_FIELDS = ("start", "review", "review_date")


@dataclass(frozen=True)
class Line:
    """One line: ``details`` are (title, value), ``said`` the person's own sentences behind it."""

    id: str
    text: str
    own_words: bool
    details: tuple[tuple[str, str], ...]
    why: str
    said: tuple[str, ...]
    drafted: str


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True)
class Approvals:
    person: str
    clinician: str


@dataclass(frozen=True)
class Document:
    version: int
    status: str
    author: str
    at: str
    reason: str
    sections: tuple[Section, ...]
    incomplete: tuple[str, ...]
    review_date: str
    approvals: Approvals
    drafted: bool


@dataclass(frozen=True)
class VersionRow:
    number: int
    status: str
    author: str
    at: str
    reason: str
    changes: int


@dataclass(frozen=True)
class Change:
    kind: str
    where: str
    old: str
    new: str


@dataclass(frozen=True)
class PlanPage:
    """``newest`` is the document shown; ``in_force`` is the number of the version in force, or None."""

    newest: Document
    in_force: Optional[int]
    versions: tuple[VersionRow, ...]
    may_sign: bool
    may_edit: bool


def present(view: PlanView, newest: PlanVersion, member: StaffMember, zone: ZoneInfo) -> PlanPage:
    """The newest version with everything around it."""
    waiting, read_back = PlanStatus.AWAITING_REVIEW.value, PlanStatus.DRAFT.value
    return PlanPage(
        newest=document(view, newest, zone),
        in_force=view.in_force.version if view.in_force else None,
        versions=tuple(_row(v, zone) for v in sorted(view.versions, key=lambda v: v.version, reverse=True)),
        may_sign=newest.status == waiting and member.may(Right.SIGN_PLAN),
        may_edit=newest.status != read_back and member.may(Right.EDIT_PLAN),
    )


def document(view: PlanView, version: PlanVersion, zone: ZoneInfo) -> Document:
    """One version as read on paper."""
    body = version.body
    return Document(
        version=version.version,
        status=wording.plan_status(version.status),
        author=wording.author(version.author),
        at=times.moment(version.at, zone),
        reason=version.reason,
        sections=tuple(_section(name, body.get(name, [])) for name in SECTION_TITLES),
        incomplete=tuple(wording.capital(str(text)) for text in body.get("incomplete", [])),
        review_date=times.day(body.get("review_date")),
        approvals=_approvals(view, version, zone),
        drafted=any(v.author == "assistant" for v in view.versions),
    )


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is different, line by line."""
    return tuple(_change(change) for change in plans.diff(old, new))


def line_title(section: str, line_id: str) -> str:
    """``Step I2``."""
    return f"{LINE_TITLES.get(section, wording.capital(section))} {line_id}"


def _section(name: str, lines: Sequence[Mapping[str, Any]]) -> Section:
    return Section(name, SECTION_TITLES[name], tuple(_line(name, line) for line in lines), EMPTY[name])


def _line(section: str, line: Mapping[str, Any]) -> Line:
    text = plans.line_text(line)
    shown = [name for name in plans.EDITABLE_FIELDS[section] if name not in ("text", "words")]
    said = [str(e.get("words", "")).strip() for e in line.get("evidence", []) if isinstance(e, Mapping)]
    # What the team changed is not the person's sentence any more, so it loses its quotation marks.
    own = section in ("goals", "reasons") and (not said or text.strip() in said)
    rule = str(line.get("rule") or "")
    return Line(
        id=str(line["id"]),
        text=wording.quoted(text) if own else text,
        own_words=own,
        details=tuple((FIELD_TITLES[name], field_words(name, line.get(name))) for name in shown),
        why=str(line.get("why") or ""),
        said=tuple(wording.quoted(words) for words in said if words and not (own and words == text.strip())),
        drafted=wording.plain(rule) if rule and rule != "staff" else "",
    )


def field_words(name: str, value: Any) -> str:
    """A field's value as printed."""
    if value in (None, ""):
        return "not set"
    if name in DATE_FIELDS:
        return times.day(str(value))
    return wording.plain(str(value)) if name in ("status", "domain") else str(value)


def _approvals(view: PlanView, version: PlanVersion, zone: ZoneInfo) -> Approvals:
    given = [a for a in view.approvals if a.version == version.version]
    return Approvals(
        person=_yes((a for a in given if a.role == plans.PERSON), zone, named=False),
        clinician=_yes((a for a in given if a.role == plans.CLINICIAN), zone, named=True),
    )


def _yes(given: Iterable[plans.Approval], zone: ZoneInfo, *, named: bool) -> str:
    approval = next(iter(given), None)
    if approval is None:
        return ""
    by = f"{wording.author(approval.by)}, " if named else ""
    return f"yes, {by}{times.moment(approval.at, zone)}"


def _row(version: PlanVersion, zone: ZoneInfo) -> VersionRow:
    return VersionRow(
        version.version,
        wording.plan_status(version.status),
        wording.author(version.author),
        times.moment(version.at, zone),
        version.reason,
        len(version.changes),
    )


def _change(change: Mapping[str, Any]) -> Change:
    name = change["field"]
    if change["section"] == "plan":
        where = FIELD_TITLES["review_date"]
    else:
        where = line_title(change["section"], change["line"])
        where += f" – {FIELD_TITLES.get(name, wording.plain(name))}" if name else ""
    old, new = (_value(name, change[side]) for side in ("old", "new"))
    return Change(change["kind"], where, old, new)


def _value(name: Optional[str], value: Any) -> str:
    return field_words(name, value) if name else str(value or "")
