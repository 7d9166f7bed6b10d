"""Safety: the fixed reply from memory, and the alert that goes with it (safety.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Mapping, Optional

from waymark.domain.actors import ASSISTANT
from waymark.domain.alerts import CRISIS
from waymark.domain.conversation import Conversation
from waymark.domain.messages import Say
from waymark.domain.people import Person, PersonStatus
from waymark.domain.resources import Resources
from waymark.domain.safety import AlertClass, Finding, Level, ScreenAction, Who
from waymark.domain.safety_reply import ReplySituation, SafetyReply, SafetyTexts, compose
from waymark.services.alerts import Alerts, AlertSignal, clinician_on_duty, route_of
from waymark.services.dialogue import TurnScope
from waymark.services.ports import Clock, Ids, UnitOfWork, UnitOfWorkFactory
from waymark.services.turns import Incoming, Standing, person_at

REPEAT_AFTER = timedelta(minutes=2)
"""The full S1 text is shown at most once in this time; short check-ins in between (safety.md §1, rule 10)."""

@dataclass(frozen=True)
class SafetyHit:
    """What a message raised and what was shown for it: enough to store the alert now or from the journal."""

    channel: str
    address: str
    channel_message_id: str
    text: str
    alert_class: str
    level: str
    action: str
    rule: str
    shown: str
    at: str

    @classmethod
    def of(cls, incoming: Incoming, finding: Finding, reply: SafetyReply, at: datetime) -> "SafetyHit":
        return cls(
            channel=incoming.channel,
            address=incoming.address,
            channel_message_id=incoming.channel_message_id,
            text=incoming.screened,
            alert_class=finding.alert_class.value,
            level=finding.level.value,
            action=finding.action.value,
            rule=f"{finding.rule_id}@{finding.rule_version}",
            shown="\n".join(r.text for r in reply.replies) + f"\n[{reply.text_id}@{reply.text_version}]",
            at=at.isoformat(),
        )

    def as_dict(self) -> dict[str, str]:
        return dict(self.__dict__)

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "SafetyHit":
        return cls(**{name: str(raw[name]) for name in cls.__dataclass_fields__})


class SafetyDesk:
    """Composes fixed replies without the database and stores what they were about with it."""

    def __init__(
        self,
        uow: UnitOfWorkFactory,
        clock: Clock,
        ids: Ids,
        alerts: Alerts,
        texts: SafetyTexts,
        resources: Resources,
        default_country: Optional[str],
    ) -> None:
        self._uow, self._clock, self._ids, self._alerts = uow, clock, ids, alerts
        self._texts, self._resources, self._country = texts, resources, default_country

    def reply(self, finding: Finding, standing: Standing, *, on_duty: bool, country: Optional[str] = None) -> SafetyReply:
        """The fixed reply for a finding. Pure: everything it needs is in memory."""
        shown_at = standing.safety_text_at
        situation = ReplySituation(
            route_known=standing.route_known,
            on_duty=on_duty,
            shown_recently=shown_at is not None and self._clock.now() - shown_at < REPEAT_AFTER,
        )
        numbers = self._resources.for_country(standing.country or country or self._country)
        return compose(finding, self._texts, numbers, situation)

    def record(self, hit: SafetyHit) -> None:
        """Store the alert and hold the conversation. Safe to repeat: a message raises one alert and holds once."""
        incoming = Incoming(hit.channel, hit.address, hit.channel_message_id, hit.text)
        at, level = datetime.fromisoformat(hit.at), Level(hit.level)
        with self._uow() as uow:
            person = person_at(uow, hit.channel, hit.address, self._clock, self._ids)
            uow.people.lock(person.id)  # a turn under way ends first, so that it cannot undo the hold
            if uow.alerts.by_message(incoming.message_id) is not None:
                return  # from the journal once more: whoever has answered the check is not held again
            conversation = uow.conversations.get(person.id)
            if hit.action == ScreenAction.ASK.value:
                conversation.asked_safety = hit.alert_class
                conversation.push_aside("safety.ask")
            elif hit.action == ScreenAction.REPLY.value:
                self._raise(uow, person, incoming, hit, at, level)
                self._hold(conversation, hit, at, level)
                if hit.alert_class == AlertClass.MINOR.value:
                    person.status = PersonStatus.MINOR  # no question and no plan for somebody under 18
                    conversation.open(None)
                    conversation.resume_item = None
            uow.commit()

    def for_class(self, scope: TurnScope, alert_class: AlertClass, level: Level) -> list[Say]:
        """The fixed text of a class, for a use case that found it without the screen, such as a stated age."""
        finding = Finding(alert_class, level, ScreenAction.REPLY, Who.SELF)
        on_duty = clinician_on_duty(scope.uow, scope.now)
        standing = Standing(country=scope.person.country, route_known=route_of(scope.person) is not None)
        composed = self.reply(finding, standing, on_duty=on_duty)
        scope.conversation.safety_text_at = scope.now
        scope.conversation.safety_class = alert_class.value
        return [Say(text=r.text, kind=r.kind) for r in composed.replies]

    def _raise(self, uow: UnitOfWork, person: Person, incoming: Incoming, hit: SafetyHit, at: datetime, level: Level) -> None:
        signal = AlertSignal(
            message_id=incoming.message_id,
            alert_class=AlertClass(hit.alert_class),
            level=level,
            channel=hit.channel,
            at=at,
            words=hit.text,
            text_shown=hit.shown,
            rule_version=hit.rule[:64],
        )
        self._alerts.raise_in(uow, ASSISTANT, person, signal)

    def _hold(self, conversation: Conversation, hit: SafetyHit, at: datetime, level: Level) -> None:
        conversation.asked_safety = None
        if level not in CRISIS:
            return
        if conversation.open_item == "safety.ask":
            conversation.open(None)
        conversation.safety_class = hit.alert_class
        conversation.push_aside("safety.check")
        if conversation.safety_text_at is None or at - conversation.safety_text_at >= REPEAT_AFTER:
            conversation.safety_text_at = at
