"""From answers to a draft plan: every line carries the sentence of the person it rests on (plan.md §6, §10).

The draft is a pure function of the answers, the rules (content) and the date: same answers, same plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Mapping, Optional

from waymark.domain.intake import Answer
from waymark.domain.plan import Body, empty_body


@dataclass(frozen=True)
class PlanRule:
    """One finding → plan line. Conditions that are None do not matter; all that are set must hold."""

    id: str
    text: str
    why: str
    owner: str
    frequency: str
    start_in_days: int
    review_in_days: int
    evidence_item: str
    substances: Optional[tuple[str, ...]] = None
    min_days_per_week: Optional[float] = None
    importance_below: Optional[int] = None
    confidence_below: Optional[int] = None
    importance_from: Optional[int] = None


@dataclass(frozen=True)
class Findings:
    """What the answers say, as the rules look at it."""

    substances: tuple[str, ...]
    days_per_week: Optional[float]
    importance: Optional[float]
    confidence: Optional[float]


@dataclass(frozen=True)
class DraftContent:
    """Rules and fixed wording that a plan needs; both come from ``content/plan``.

    ``news`` is sent unasked when the plan was signed, so it holds nothing of the plan (privacy.md §11).
    """

    version: str
    rules: tuple[PlanRule, ...]
    substance_names: Mapping[str, str]
    steps_missing: Mapping[str, str]
    first_review_days: int
    news: str


def findings(known: Mapping[str, Answer]) -> Findings:
    used = [s for s in _value_list(known.get("substance.main")) if not s.get("negated")]
    days = _value_dict(known.get("substance.amount")).get("days_per_week") or {}
    return Findings(
        substances=tuple(str(s["name"]) for s in used if s.get("name")),
        days_per_week=days.get("min") if isinstance(days, dict) else None,
        importance=_ruler(known.get("ruler.importance")),
        confidence=_ruler(known.get("ruler.confidence")),
    )


def draft(known: Mapping[str, Answer], content: DraftContent, today: date) -> Body:
    """The first draft of a plan from the answers in force."""
    body = empty_body()
    found = findings(known)
    body["problems"] = _problems(known, content)
    body["strengths"] = _strengths(known, found)
    body["goals"] = _goals(known)
    body["reasons"] = _quoted("R", known, "reason.words")
    body["interventions"] = [
        _intervention(number, rule, known, today)
        for number, rule in enumerate((r for r in content.rules if fits(r, found)), start=1)
        if _told(known, rule.evidence_item)
    ]
    body["review_date"] = (today + timedelta(days=content.first_review_days)).isoformat()
    body["incomplete"] = _incomplete(known, content)
    return body


def fits(rule: PlanRule, found: Findings) -> bool:
    """Whether a rule's conditions hold. An unknown value never fires a rule that looks at it."""
    if rule.substances is not None and not set(rule.substances) & set(found.substances):
        return False
    bounds = (
        (rule.importance_below, found.importance, -1),
        (rule.confidence_below, found.confidence, -1),
        (rule.importance_from, found.importance, 1),
        (rule.min_days_per_week, found.days_per_week, 1),
    )
    for bound, value, direction in bounds:
        if bound is None:
            continue
        if value is None or (value >= bound if direction < 0 else value < bound):
            return False
    return True


def evidence(answer: Answer) -> dict[str, str]:
    """The person's own sentence behind a line, and where it was said."""
    return {"answer": answer.id, "item": answer.item, "message_id": answer.message_id, "words": answer.text}


def _problems(known: Mapping[str, Answer], content: DraftContent) -> list[dict[str, Any]]:
    said = [known[i] for i in ("substance.main", "substance.amount", "substance.last_use") if _told(known, i)]
    if not _told(known, "substance.main"):
        return []
    used = [s for s in _value_list(known["substance.main"]) if not s.get("negated")]
    names = [content.substance_names.get(str(s["name"]), str(s["name"])) if s.get("name") else str(s["words"]) for s in used]
    if not names:
        return []
    line = {"id": "P1", "text": _listed(names), "status": "proposed", "evidence": [evidence(a) for a in said]}
    return [line]


def _strengths(known: Mapping[str, Answer], found: Findings) -> list[dict[str, Any]]:
    """Strengths that the answers themselves show; nothing is made up."""
    answer = known.get("ruler.importance")
    if answer is None or found.importance is None or found.importance < 7:
        return []
    value = int(found.importance)
    text = f"This change matters: {value} of 10."
    return [{"id": "S1", "text": text, "evidence": [evidence(answer)]}]


def _goals(known: Mapping[str, Answer]) -> list[dict[str, Any]]:
    if not _told(known, "goal.words"):
        return []
    answer = known["goal.words"]
    smart = {name: None for name in ("specific", "measurable", "achievable", "relevant", "time_bound")}
    return [
        {
            "id": "G1",
            "words": answer.text,
            "domain": "sobriety",
            "status": "proposed",
            "smart": smart,
            "objectives": [],
            "evidence": [evidence(answer)],
        }
    ]


def _quoted(prefix: str, known: Mapping[str, Answer], item: str) -> list[dict[str, Any]]:
    if not _told(known, item):
        return []
    return [{"id": f"{prefix}1", "words": known[item].text, "evidence": [evidence(known[item])]}]


def _intervention(number: int, rule: PlanRule, known: Mapping[str, Answer], today: date) -> dict[str, Any]:
    answer = known[rule.evidence_item]
    return {
        "id": f"I{number}",
        "rule": rule.id,
        "text": rule.text,
        "why": rule.why.format(words=answer.text),
        "evidence": [evidence(answer)],
        "owner": rule.owner,
        "frequency": rule.frequency,
        "start": (today + timedelta(days=rule.start_in_days)).isoformat(),
        "review": (today + timedelta(days=rule.review_in_days)).isoformat(),
        "status": "proposed",
    }


def _incomplete(known: Mapping[str, Answer], content: DraftContent) -> list[str]:
    """What the completeness gate misses (plan.md §3): steps not covered yet and questions left open."""
    missing = list(content.steps_missing.values())
    for item, label in (("substance.main", "what is used"), ("goal.words", "a goal"), ("ruler.importance", "importance")):
        if not _told(known, item):
            missing.append(f"not answered: {label}")
    return missing


def _told(known: Mapping[str, Answer], item: str) -> bool:
    return item in known and not known[item].declined


def _value_list(answer: Optional[Answer]) -> list[dict[str, Any]]:
    return list(answer.value) if answer is not None and isinstance(answer.value, list) else []


def _value_dict(answer: Optional[Answer]) -> dict[str, Any]:
    return dict(answer.value) if answer is not None and isinstance(answer.value, dict) else {}


def _ruler(answer: Optional[Answer]) -> Optional[float]:
    if answer is None or answer.declined or not isinstance(answer.value, dict):
        return None
    low, high = answer.value.get("min"), answer.value.get("max")
    return (float(low) + float(high)) / 2 if low is not None and high is not None else None


def _listed(names: list[str]) -> str:
    words = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return words[:1].upper() + words[1:]
