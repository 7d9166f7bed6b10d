"""Needs that a service decides about: greeting, a human, a call, the plan, privacy, a craving, deletion."""

from __future__ import annotations

from actions.base import TurnAction
from waymark.bootstrap import Core
from waymark.domain.messages import Outcome
from waymark.services.dialogue import TurnScope


class Greet(TurnAction):
    def name(self) -> str:
        return "action_greet"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.greet(scope)


class AskHuman(TurnAction):
    def name(self) -> str:
        return "action_ask_human"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.human(scope)


class CallMeBack(TurnAction):
    def name(self) -> str:
        return "action_call_me_back"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.call_back(scope)


class AskPrivacy(TurnAction):
    def name(self) -> str:
        return "action_ask_privacy"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.who_sees(scope)


class AskMyPlan(TurnAction):
    def name(self) -> str:
        return "action_ask_my_plan"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.my_plan(scope)


class ChangeGoal(TurnAction):
    def name(self) -> str:
        return "action_change_goal"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.change_plan(scope)


class CravingNow(TurnAction):
    def name(self) -> str:
        return "action_craving_now"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.craving(scope)


class DeleteMyData(TurnAction):
    def name(self) -> str:
        return "action_delete_my_data"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.delete(scope)


class ExportMyData(TurnAction):
    def name(self) -> str:
        return "action_export_my_data"

    def work(self, services: Core, scope: TurnScope) -> Outcome:
        return services.needs.export(scope)
