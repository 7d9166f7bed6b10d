"""What a person may ask for at any moment: a human, a call, their plan, privacy, a craving, deletion."""

from __future__ import annotations

from waymark.domain.actors import PERSON
from waymark.domain.linking import EXPORT_PATH
from waymark.domain.messages import Outcome, utter
from waymark.domain.people import Event, PersonStatus
from waymark.domain.plan import PlanStatus
from waymark.domain.safety import AlertClass, Level
from waymark.services.alerts import Alerts, AlertSignal, clinician_on_duty, route_of
from waymark.services.dialogue import TurnScope
from waymark.services.export import Exports
from waymark.services.plan_words import LESS_PRIVATE, PlanWords
from waymark.services.planning import Planning
from waymark.services.ports import Ids


class Needs:
    """Serves one need; the open question is kept and comes back afterwards."""

    def __init__(
        self,
        planning: Planning,
        plan_words: PlanWords,
        alerts: Alerts,
        exports: Exports,
        ids: Ids,
        *,
        clinic_name: str,
        clinic_hours: str,
        front_url: str,
    ) -> None:
        self._planning, self._plan_words, self._alerts = planning, plan_words, alerts
        self._exports, self._ids = exports, ids
        self._clinic, self._hours = clinic_name, clinic_hours
        self._front_url = front_url.rstrip("/")

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
        """The plan in the person's words. In a less private chat it is asked first where to show it."""
        if scope.last.channel in LESS_PRIVATE and self._plan_words.exists(scope):
            scope.conversation.push_aside("plan.where")
            return Outcome(open=True)
        return Outcome(says=tuple(self._plan_words.show(scope)), open=True)

    def change_plan(self, scope: TurnScope) -> Outcome:
        """A wish to change a goal or a line: before the team has it the line is changed, later it is passed on."""
        newest = self._planning.view_in(scope.uow, scope.person.id).newest
        if newest is None:
            return Outcome(says=(utter("no_plan_yet"),), open=True)
        scope.conversation.push_aside("plan.line" if newest.status == PlanStatus.DRAFT.value else "plan.objection")
        return Outcome(open=True)

    def export(self, scope: TurnScope) -> Outcome:
        """A link to a copy of what is kept, in every channel and before consent as well."""
        link = f"{self._front_url}{EXPORT_PATH}{self._exports.issue_in(scope)}"
        return Outcome(says=(utter("your_copy", link=link),), open=True)

    def greet(self, scope: TurnScope) -> Outcome:
        """The introduction goes before the first words of all; later a greeting is answered as one."""
        first = scope.conversation.greeted_at == scope.now
        return Outcome(says=() if first else (utter("hello_again"),), open=True)

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
