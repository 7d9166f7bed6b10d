"""The treatment plan: lines, versions, approvals and what is in force (docs/clinical/plan.md §1)."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Iterable, Mapping, Optional

from waymark.domain.errors import InvalidChange


class PlanStatus(str, Enum):
    """States of a plan version (interfaces §4)."""

    DRAFT = "draft"
    AWAITING_REVIEW = "awaiting_review"
    SIGNED = "signed"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    REVOKED = "revoked"


Body = dict[str, Any]
"""A plan's contents as stored: sections of lines, each line a mapping with an ``id``."""

LINE_SECTIONS = ("problems", "strengths", "goals", "interventions", "reasons")
OTHER_SECTIONS = (
    "triggers",
    "coping",
    "supporters",
    "medication_flags",
    "life_skills",
    "aftercare",
)
EDITABLE_FIELDS = {
    "problems": ("text",),
    "strengths": ("text",),
    "goals": ("words", "domain", "status"),
    "interventions": ("text", "owner", "frequency", "start", "review", "status"),
    "reasons": ("words",),
}
GOAL_DOMAINS = (
    "sobriety",
    "health",
    "relationships",
    "work_finance",
    "coping_skills",
    "housing_legal",
    "other",
)
ITEM_STATUSES = (
    "proposed",
    "accepted",
    "active",
    "on_hold",
    "completed",
    "cancelled",
    "rejected",
    "disputed",
)


@dataclass(eq=False)
class PlanVersion:
    """One version of a person's plan. Once it left DRAFT its body never changes; an edit makes a new one."""

    id: str
    person_id: str
    version: int
    status: str
    author: str
    at: datetime
    reason: str
    body: Body
    changes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(eq=False)
class Approval:
    """One side's yes to one version: the person's or a clinician's."""

    id: str
    plan_version_id: str
    person_id: str
    version: int
    by: str
    role: str
    at: datetime


CLINICIAN = "clinician"
PERSON = "person"


def empty_body() -> Body:
    body: Body = {section: [] for section in (*LINE_SECTIONS, *OTHER_SECTIONS)}
    body["incomplete"] = []
    body["review_date"] = None
    return body


def lines(body: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every line with its section, in the order shown."""
    return [(section, line) for section in LINE_SECTIONS for line in body.get(section, [])]


def line_text(line: Mapping[str, Any]) -> str:
    """What a line says: a goal and a reason are the person's words, other lines have a text."""
    return str(line.get("text") or line.get("words") or "")


def apply_edit(body: Body, edits: Mapping[str, Mapping[str, str]], removed: Iterable[str]) -> Body:
    """A new body with fields of lines changed and lines removed.

    ``edits`` maps a line id to its changed fields. Raises InvalidChange for an unknown line, a field that may
    not be edited, an emptied text, an unknown status or goal domain, or an intervention without an owner.
    """
    fresh = copy.deepcopy(body)
    found = {line["id"]: (section, line) for section, line in lines(fresh)}
    for line_id, changed in edits.items():
        if line_id not in found:
            raise InvalidChange(f"the plan has no line {line_id}")
        section, line = found[line_id]
        for name, value in changed.items():
            _check_field(section, name, value)
            line[name] = value
    gone = set(removed)
    unknown = gone - set(found)
    if unknown:
        raise InvalidChange(f"the plan has no line {', '.join(sorted(unknown))}")
    for section in LINE_SECTIONS:
        fresh[section] = [line for line in fresh[section] if line["id"] not in gone]
    return fresh


def add_intervention(body: Body, *, text: str, owner: str, frequency: str, start: str, review: str) -> Body:
    """A new body with one more intervention written by staff; every field is required (plan.md §1)."""
    given = {"text": text, "owner": owner, "frequency": frequency, "start": start, "review": review}
    for name, value in given.items():
        _check_field("interventions", name, value)
    fresh = copy.deepcopy(body)
    numbers = [int(known["id"][1:]) for known in fresh["interventions"] if str(known["id"])[1:].isdigit()]
    line = {"id": f"I{max(numbers, default=0) + 1}", "rule": "staff", "why": "Added by the team.", "evidence": []}
    fresh["interventions"].append({**line, **given, "status": "proposed"})
    return fresh


def _check_field(section: str, name: str, value: str) -> None:
    if name not in EDITABLE_FIELDS[section]:
        raise InvalidChange(f"{name} of a line in {section} cannot be changed here")
    if not value.strip():
        raise InvalidChange(f"{name} cannot be empty")
    if name == "status" and value not in ITEM_STATUSES:
        raise InvalidChange(f"{value} is not a status")
    if name == "domain" and value not in GOAL_DOMAINS:
        raise InvalidChange(f"{value} is not a goal domain")


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What changed between two bodies: one entry a field, with old and new value."""
    before = {line["id"]: (section, line) for section, line in lines(old)}
    after = {line["id"]: (section, line) for section, line in lines(new)}
    changes: list[dict[str, Any]] = []
    for line_id, (section, line) in before.items():
        if line_id not in after:
            changes.append(_change("removed", section, line_id, None, line_text(line), None))
            continue
        for name in EDITABLE_FIELDS[section]:
            if line.get(name) != after[line_id][1].get(name):
                changes.append(_change("changed", section, line_id, name, line.get(name), after[line_id][1].get(name)))
    for line_id, (section, line) in after.items():
        if line_id not in before:
            changes.append(_change("added", section, line_id, None, None, line_text(line)))
    if old.get("review_date") != new.get("review_date"):
        changes.append(_change("changed", "plan", "review_date", "review_date", old.get("review_date"), new.get("review_date")))
    return changes


def _change(kind: str, section: str, line: str, name: Optional[str], old: Any, new: Any) -> dict[str, Any]:
    return {"kind": kind, "section": section, "line": line, "field": name, "old": old, "new": new}


def approved_by(approvals: Iterable[Approval], version: int) -> set[str]:
    """Which sides approved that version."""
    return {approval.role for approval in approvals if approval.version == version}


def in_force(versions: Iterable[PlanVersion], approvals: Iterable[Approval]) -> Optional[PlanVersion]:
    """The newest version that both the person and a clinician approved, or None."""
    given = list(approvals)
    both = [v for v in versions if approved_by(given, v.version) >= {PERSON, CLINICIAN}]
    return max(both, key=lambda v: v.version, default=None)


def newest(versions: Iterable[PlanVersion]) -> Optional[PlanVersion]:
    return max(versions, key=lambda v: v.version, default=None)
