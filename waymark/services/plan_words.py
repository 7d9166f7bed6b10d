"""The plan in the person's words: where it stands, its lines, and who changed what."""

from __future__ import annotations

from typing import Callable, Optional

from waymark.domain.messages import ReplyKind, Say, utter
from waymark.domain.plan import PlanStatus, PlanVersion, line_text, lines
from waymark.services.dialogue import TurnScope
from waymark.services.planning import Planning

STATUS_WORDS = {
    PlanStatus.DRAFT.value: "a draft that you have not confirmed yet",
    PlanStatus.AWAITING_REVIEW.value: "waiting for somebody from the team to look at it",
    PlanStatus.SIGNED.value: "signed by the team, and waiting for your yes",
    PlanStatus.ACTIVE.value: "agreed by you and the team",
    PlanStatus.ON_HOLD.value: "on hold",
    PlanStatus.COMPLETED.value: "completed",
    PlanStatus.REVOKED.value: "withdrawn",
}
SECTION_WORDS = {
    "problems": "What it is about",
    "strengths": "What is strong",
    "goals": "Your goal",
    "interventions": "Step",
    "reasons": "Your reason",
}
DISCREET_SECTIONS = ("goals", "interventions", "reasons")
"""What may stand in a less private chat, at the person's own request (privacy.md §11)."""

LESS_PRIVATE = ("telegram",)


class PlanWords:
    """Says the plan. ``discreet`` words a line for a less private chat."""

    def __init__(self, planning: Planning, discreet: Callable[[str], str]) -> None:
        self._planning, self._discreet = planning, discreet

    def exists(self, scope: TurnScope) -> bool:
        return self._planning.view_in(scope.uow, scope.person.id).newest is not None

    def show(self, scope: TurnScope) -> list[Say]:
        """The newest version and the team's last changes; a signed one opens the question whether to agree."""
        view = self._planning.view_in(scope.uow, scope.person.id)
        shown = view.newest
        if shown is None:
            return [utter("no_plan_yet")]
        private = scope.last.channel not in LESS_PRIVATE
        says = [self._summary(shown, "the plan" if view.proposed is None else "the newest plan", private)]
        changed = [v for v in view.versions if v.author.startswith("staff:") and v.changes]
        says += [self._who_changed(version, private) for version in changed[-2:]]
        if shown.status == PlanStatus.SIGNED.value:
            scope.conversation.push_aside("plan.agree")
            scope.conversation.plan_line = str(shown.version)
            scope.conversation.asked_count = 0
        return says

    def step(self, scope: TurnScope, text: str) -> str:
        """A step of the plan as it may stand where the person is writing."""
        return self._discreet(text) if scope.last.channel in LESS_PRIVATE else text

    def _summary(self, version: PlanVersion, title: str, private: bool) -> Say:
        shown = [(s, line) for s, line in lines(version.body) if private or s in DISCREET_SECTIONS]
        body = "\n".join(f"• {SECTION_WORDS[s]}: {self._line(s, line, private)}" for s, line in shown)
        status = STATUS_WORDS.get(version.status, version.status)
        return utter("plan_shown", number=str(version.version), title=title, status=status, lines=body, kind=ReplyKind.SUMMARY)

    def _line(self, section: str, line: dict[str, object], private: bool) -> str:
        words = line_text(line)
        if not private and self._discreet(words) != words:
            return self._discreet(words)
        return f"“{words}”" if section in ("goals", "reasons") else words

    def _who_changed(self, version: PlanVersion, private: bool) -> Say:
        name = version.author.split(":", 1)[1]
        changes = "\n".join(f"• {self._change(change, private)}" for change in version.changes)
        day = f"{version.at:%A} {version.at.day} {version.at:%B}"
        reason = version.reason if private else self._discreet(version.reason)
        return utter("plan_changed", name=name, day=day, changes=changes, reason=reason, kind=ReplyKind.SUMMARY)

    def _change(self, change: dict[str, Optional[str]], private: bool) -> str:
        if not private and change["section"] not in DISCREET_SECTIONS:
            return self._discreet("")
        old, new = (words if private or words is None else self._discreet(words) for words in (change["old"], change["new"]))
        if change["kind"] == "added":
            return f"added: {new}"
        if change["kind"] == "removed":
            return f"removed: {old}"
        return f"was: {old} → now: {new}"
