"""What a person may ask for at any moment: a human, a call, their plan, privacy, a craving, deletion."""

from __future__ import annotations

from typing import Optional

from waymark.domain.actors import PERSON
from waymark.domain.messages import Outcome, ReplyKind, Say, utter
from waymark.domain.people import Event, PersonStatus
from waymark.domain.plan import PlanStatus, PlanVersion, line_text, lines
from waymark.domain.safety import AlertClass, Level
from waymark.services.alerts import Alerts, AlertSignal, clinician_on_duty, route_of
from waymark.services.dialogue import TurnScope
from waymark.services.planning import Planning
from waymark.services.ports import Ids

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


class Needs:
    """Serves one need; the open question is kept and comes back afterwards."""

    def __init__(self, planning: Planning, alerts: Alerts, ids: Ids, clinic_name: str, clinic_hours: str) -> None:
        self._planning, self._alerts, self._ids = planning, alerts, ids
        self._clinic, self._hours = clinic_name, clinic_hours

    def phrase(self, name: str) -> Outcome:
        """A need that a phrase alone serves, such as who the assistant is."""
        return Outcome(says=(utter(name, clinic=self._clinic),), open=True)

    def who_sees(self, scope: TurnScope) -> Outcome:
        """Who can read what is written, in true lines."""
        name = "privacy_with_team" if self._clinic else "privacy_without_team"
        return Outcome(says=(utter(name, clinic=self._clinic),), open=True)

    def human(self, scope: TurnScope) -> Outcome:
        """Ask a person of the team to come in. Nothing is promised that nobody is there to keep."""
        return self._ask_for_person(scope, AlertClass.HUMAN_REQUESTED, "human_asked")

    def call_back(self, scope: TurnScope) -> Outcome:
        """Ask to be called. Without a route the question for one is opened first."""
        if not self._clinic:
            return Outcome(says=(utter("no_team"),), open=True)
        if route_of(scope.person) is None:
            held = (scope.conversation.open_item or "").startswith("safety.")
            if scope.person.status is PersonStatus.ACTIVE and not held:
                scope.conversation.push_aside("contact.route")
            self._raise(scope, AlertClass.CALL_BACK)
            return Outcome(says=(utter("call_needs_route"),), open=True)
        return self._ask_for_person(scope, AlertClass.CALL_BACK, "call_asked")

    def craving(self, scope: TurnScope) -> Outcome:
        """One useful minute, before consent and forms (conversation.md §8): withdrawal check, then one thing to do."""
        event = Event(self._ids.new("evt"), scope.person.id, "craving", scope.now, scope.last.channel, {"asked": True})
        scope.uow.history.add_event(event)
        scope.conversation.push_aside("craving.after")
        return Outcome(says=(utter("craving_first"), utter("craving_minute")), open=True)

    def delete(self, scope: TurnScope) -> Outcome:
        """Deleting has a confirming step."""
        scope.conversation.push_aside("privacy.delete")
        return Outcome(says=(utter("delete_what"),), open=True)

    def my_plan(self, scope: TurnScope) -> Outcome:
        """The plan in the person's words: where it stands, its lines, and who changed what."""
        view = self._planning.view_in(scope.uow, scope.person.id)
        shown = view.newest
        if shown is None:
            return Outcome(says=(utter("no_plan_yet"),), open=True)
        says = [self._plan_summary(shown, "the plan" if view.proposed is None else "the newest plan")]
        changed = [v for v in view.versions if v.author.startswith("staff:") and v.changes]
        says += [self._who_changed(version) for version in changed[-2:]]
        if shown.status == PlanStatus.SIGNED.value:
            scope.conversation.push_aside("plan.agree")
            scope.conversation.plan_line = str(shown.version)
            scope.conversation.asked_count = 0
        return Outcome(says=tuple(says), open=True)

    def change_plan(self, scope: TurnScope) -> Outcome:
        """A wish to change a goal or a line: before the team has it the line is changed, later it is passed on."""
        newest = self._planning.view_in(scope.uow, scope.person.id).newest
        if newest is None:
            return Outcome(says=(utter("no_plan_yet"),), open=True)
        scope.conversation.push_aside("plan.line" if newest.status == PlanStatus.DRAFT.value else "plan.objection")
        return Outcome(open=True)

    def export(self, scope: TurnScope) -> Outcome:
        """A copy of what is kept, as far as this channel shows it: the plan and the answers by label."""
        answers = [a for a in scope.uow.answers.of(scope.person.id) if not a.declined]
        listed = "\n".join(f"• {a.at:%d.%m.%Y}: “{a.text}”" for a in answers)
        return Outcome(says=(utter("your_copy", lines=listed or "• nothing yet", kind=ReplyKind.SUMMARY),), open=True)

    def greet(self, scope: TurnScope) -> Outcome:
        """The introduction goes before the first words of all; later a greeting is answered as one."""
        first = scope.conversation.greeted_at == scope.now
        return Outcome(says=() if first else (utter("hello_again"),), open=True)

    def _plan_summary(self, version: PlanVersion, title: str) -> Say:
        body = "\n".join(
            f"• {SECTION_WORDS[section]}: {_line_words(section, line)}" for section, line in lines(version.body)
        )
        status = STATUS_WORDS.get(version.status, version.status)
        return utter("plan_shown", number=str(version.version), title=title, status=status, lines=body, kind=ReplyKind.SUMMARY)

    def _who_changed(self, version: PlanVersion) -> Say:
        name = version.author.split(":", 1)[1]
        changes = "\n".join(f"• {_change_words(change)}" for change in version.changes)
        day = f"{version.at:%A} {version.at.day} {version.at:%B}"
        return utter("plan_changed", name=name, day=day, changes=changes, reason=version.reason, kind=ReplyKind.SUMMARY)

    def _ask_for_person(self, scope: TurnScope, kind: AlertClass, phrase: str) -> Outcome:
        if not self._clinic:
            return Outcome(says=(utter("no_team"),), open=True)
        self._raise(scope, kind)
        route = route_of(scope.person)
        on_duty = clinician_on_duty(scope.uow, scope.now)
        says = [utter(phrase, clinic=self._clinic)]
        if not on_duty:
            says.append(utter("nobody_there_now", hours=self._hours or "not set"))
        if route is None:
            says.append(utter("no_route_yet"))
        return Outcome(says=tuple(says), open=True)

    def _raise(self, scope: TurnScope, kind: AlertClass) -> None:
        part = scope.last
        signal = AlertSignal(part.message_id, kind, Level.S3, part.channel, scope.now, part.text, "", "dialogue")
        self._alerts.raise_in(scope.uow, PERSON, scope.person, signal)


def _line_words(section: str, line: dict[str, object]) -> str:
    words = line_text(line)
    return f"“{words}”" if section in ("goals", "reasons") else words


def _change_words(change: dict[str, Optional[str]]) -> str:
    if change["kind"] == "added":
        return f"added: {change['new']}"
    if change["kind"] == "removed":
        return f"removed: {change['old']}"
    return f"was: {change['old']} → now: {change['new']}"


