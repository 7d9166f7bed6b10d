"""Questions with consequences: consent, age, safety check, craving, draft plan, agreement, deletion."""

from __future__ import annotations

import re
from typing import Any, Callable, Mapping, Optional, Protocol

from waymark.domain.actors import ASSISTANT, PERSON
from waymark.domain.consent import ConsentText
from waymark.domain.drafting import DraftContent
from waymark.domain.errors import DomainError
from waymark.domain.intake import Answer, Item, Questionnaire, current
from waymark.domain.messages import Button, ButtonPayload, Part, ReplyKind, Say, utter
from waymark.domain.people import Consent, Event, PersonStatus
from waymark.domain.plan import PlanStatus, newest
from waymark.domain.safety import AlertClass, Level, level_when_confirmed
from waymark.services import reading
from waymark.services.alerts import Alerts, AlertSignal
from waymark.services.audit import Audit
from waymark.services.dialogue import TurnScope
from waymark.services.links import Links
from waymark.services.plan_words import PlanWords
from waymark.services.planning import Planning
from waymark.services.ports import Ids

ADULT = 18
LINE_NUMBER = re.compile(r"\b(?:line|number|no\.?|#)?\s*(\d{1,2})\b", re.IGNORECASE)
LINE_WITH_WORDS = re.compile(r"^\W*(?:line|number|no\.?|#)\s*(\d{1,2})\b\W*(?:is wrong\b|should (?:be|say|read)\b|to\b|is\b|:|-)?\W*(.*)$", re.IGNORECASE | re.DOTALL)


class FixedTexts(Protocol):
    """Fixed safety texts for a class and level, worded for the person (``services.safety``)."""

    def for_class(self, scope: TurnScope, alert_class: AlertClass, level: Level) -> list[Say]: ...


class Erasing(Protocol):
    def scrub_in(self, scope: TurnScope) -> None: ...

    def erase_in(self, scope: TurnScope) -> None: ...


class SituationHandlers:
    """One handler an item id. A handler returns what to say, or None for the usual acknowledgement."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        consent: ConsentText,
        planning: Planning,
        alerts: Alerts,
        safety_texts: FixedTexts,
        erasing: Erasing,
        audit: Audit,
        ids: Ids,
        draft_content: DraftContent,
        clinic_name: str,
        plan_words: PlanWords,
        links: Links,
        web_url: str,
    ) -> None:
        self._questionnaire, self._consent, self._planning = questionnaire, consent, planning
        self._alerts, self._safety_texts, self._erasing = alerts, safety_texts, erasing
        self._audit, self._ids, self._names = audit, ids, draft_content.substance_names
        self._clinic, self._plan_words, self._links, self._web_url = clinic_name, plan_words, links, web_url
        self._handlers: Mapping[str, Callable[[TurnScope, Any, Part], Optional[list[Say]]]] = {
            "consent.record": self._consented,
            "person.age": self._age_told,
            "safety.check": self._safety_checked,
            "safety.ask": self._safety_asked,
            "craving.after": self._craving_after,
            "plan.confirm": self._plan_confirmed,
            "plan.line": self._line_chosen,
            "plan.line_words": self._line_reworded,
            "plan.agree": self._plan_agreed,
            "plan.objection": self._plan_objected,
            "privacy.delete": self._deletion_decided,
            "plan.where": self._plan_placed,
            "edit.confirm": self._edit_confirmed,
            "contact.confirm": self._number_confirmed,
        }

    def answered(self, scope: TurnScope, item: Item, value: Any, part: Part) -> Optional[list[Say]]:
        handler = self._handlers.get(item.id)
        if handler is None:
            return None
        if not item.in_order:
            scope.uow.messages.close_buttons(scope.person.id, item.id, scope.now)
            if isinstance(value, dict) and value.get("declined"):
                scope.conversation.come_back()
                return []
        return handler(scope, value, part)

    def try_words(self, scope: TurnScope, item: Item, part: Part) -> Optional[list[Say]]:
        """Words such as "line 2 should say wine" answer several plan questions at once."""
        if item.id not in ("plan.confirm", "plan.line"):
            return None
        match = LINE_WITH_WORDS.match(part.text)
        if match is None and item.id == "plan.line":
            match = LINE_NUMBER.search(part.text)
        if match is None:
            return None
        number, words = match.group(1), match.group(2) if match.re is LINE_WITH_WORDS else ""
        said = self._line_chosen(scope, number, part)
        if not words.strip() or scope.conversation.open_item != "plan.line_words":
            return said
        return self._line_reworded(scope, words.strip(), part)

    def after_intake(self, scope: TurnScope) -> list[Say]:
        """The intake is done: draft the plan and read it back, unless there is one already."""
        if scope.person.status is not PersonStatus.ACTIVE:
            return []
        last = newest(scope.uow.plans.versions(scope.person.id))
        if last is not None and last.status != PlanStatus.DRAFT.value:
            return []
        return self._read_back(scope)

    # --- consent and age --------------------------------------------------------------------------------

    def _consented(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        given = value == "yes"
        scope.uow.consents.add(
            Consent(
                id=self._ids.new("con"),
                person_id=scope.person.id,
                kind=self._consent.kind,
                version=self._consent.version,
                given=given,
                at=scope.now,
                channel=part.channel,
                message_id=part.message_id,
                text_hash=self._consent.digest,
            )
        )
        self._audit.record(scope.uow, PERSON, "consent.given" if given else "consent.refused", scope.person.id)
        if given:
            scope.person.status = PersonStatus.ACTIVE
            return [utter("consent_thanks")]
        scope.person.status = PersonStatus.DECLINED
        self._erasing.scrub_in(scope)
        return [utter("consent_refused", buttons=(Button("I have a craving", ButtonPayload("craving_now")),))]

    def _age_told(self, scope: TurnScope, value: Any, part: Part) -> Optional[list[Say]]:
        if not isinstance(value, int) or value >= ADULT:
            return None
        scope.person.age = value
        return self._minor(scope, part)

    def _minor(self, scope: TurnScope, part: Part) -> list[Say]:
        """The intake ends kindly, and somebody is told (safety.md §3 C12)."""
        scope.person.status = PersonStatus.MINOR
        says = self._safety_texts.for_class(scope, AlertClass.MINOR, Level.S3)
        self._raise(scope, part, AlertClass.MINOR, Level.S3, says)
        scope.conversation.open(None)
        scope.conversation.resume_item = None
        return says

    # --- safety and craving -------------------------------------------------------------------------------

    def _safety_checked(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        if value == "not_safe":
            raised = AlertClass(scope.conversation.safety_class or AlertClass.SUICIDAL_ACTIVE.value)
            says = self._safety_texts.for_class(scope, raised, Level.S1)
            self._raise(scope, part, raised, Level.S1, says)
            return says
        if value != "safe":
            return []
        scope.conversation.come_back()
        scope.conversation.safety_class = None
        return [utter("glad_safe_go_on" if scope.conversation.open_item else "glad_safe")]

    def _safety_asked(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        """A yes to the direct question that the screen did not take as one is a yes all the same."""
        asked = AlertClass(scope.conversation.asked_safety or AlertClass.SUICIDAL_ACTIVE.value)
        scope.conversation.asked_safety = None
        scope.conversation.come_back()
        if value != "yes":
            return [utter("glad_safe_go_on" if scope.conversation.open_item else "glad_safe")]
        if asked is AlertClass.MINOR:
            return self._minor(scope, part)
        level = level_when_confirmed(asked)
        says = self._safety_texts.for_class(scope, asked, level)
        self._raise(scope, part, asked, level, says)
        scope.conversation.push_aside("safety.check")
        return says

    def _craving_after(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        now = scope.now
        details = {"after": value}
        scope.uow.history.add_event(Event(self._ids.new("evt"), scope.person.id, "craving", now, part.channel, details))
        scope.conversation.come_back()
        if value == "withdrawal":
            says = self._safety_texts.for_class(scope, AlertClass.WITHDRAWAL_DANGER, Level.S2)
            self._raise(scope, part, AlertClass.WITHDRAWAL_DANGER, Level.S2, says)
            scope.conversation.push_aside("safety.check")
            return says
        if value == "strong":
            buttons = (Button("Talk to a person", ButtonPayload("ask_human")),)
            return [utter("craving_still_strong", buttons=buttons)]
        return [utter("craving_eased")]

    # --- the draft and the plan -----------------------------------------------------------------------------

    def _read_back(self, scope: TurnScope) -> list[Say]:
        """Make the draft and read it back, each line with the person's own words."""
        version = self._planning.draft_in(scope.uow, scope.person)
        scope.conversation.open("plan.confirm")
        known = current(scope.uow.answers.of(scope.person.id))
        lines = "\n".join(f"{number}. {self._line(item, known[item.id])}" for number, item in self._lines(known))
        next_steps = "\n".join(
            f"• {self._plan_words.step(scope, line['text'])} {line['why']}" for line in version.body["interventions"]
        )
        says = [utter("read_back", lines=lines, kind=ReplyKind.SUMMARY)]
        if next_steps:
            says.append(utter("read_back_next", steps=next_steps, kind=ReplyKind.SUMMARY))
        return says

    def _lines(self, known: Mapping[str, Answer]) -> list[tuple[int, Item]]:
        told = [
            item
            for item in self._questionnaire.items
            if item.in_order and item.health and item.id in known and not known[item.id].declined
        ]
        return list(enumerate((item for item in told if item.id != "opening.words"), start=1))

    def _line(self, item: Item, answer: Answer) -> str:
        meaning = reading.meaning(item, answer, self._names)
        words = f"“{answer.text}”"
        return f"{item.label}: {meaning} ({words})" if meaning else f"{item.label}: {words}"

    def _plan_confirmed(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        if value == "change":
            scope.conversation.open("plan.line")
            return []
        if not self._is_draft(scope):
            scope.conversation.come_back()
            return [utter("plan_changed_meanwhile")]
        self._planning.confirm_in(scope.uow, scope.person)
        scope.conversation.forget_aside("plan.")
        scope.conversation.open(None)
        return [utter("plan_sent" if self._clinic else "plan_kept")]

    def _is_draft(self, scope: TurnScope) -> bool:
        """Only a draft can be confirmed or changed line by line; later versions belong to the review."""
        last = newest(scope.uow.plans.versions(scope.person.id))
        return last is not None and last.status == PlanStatus.DRAFT.value

    def _line_chosen(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        if not self._is_draft(scope):
            scope.conversation.come_back()
            return [utter("plan_changed_meanwhile")]
        lines = dict(self._lines(current(scope.uow.answers.of(scope.person.id))))
        number = int(value) if str(value).isdigit() else 0
        if number not in lines:
            scope.conversation.open("plan.line")
            return [utter("no_such_line", count=str(len(lines)))]
        scope.conversation.open("plan.line_words")
        scope.conversation.plan_line = lines[number].id
        return []

    def _line_reworded(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        item = self._questionnaire.by_id[scope.conversation.plan_line or ""]
        if not self._rewrite(scope, item, str(value), part):
            scope.conversation.open("plan.line_words")
            scope.conversation.misses += 1
            scope.conversation.detail = {"retry": True}
            return []
        scope.conversation.plan_line = None
        return [utter("line_changed"), *self._read_back(scope)]

    _rewrite: Callable[[TurnScope, Item, str, Part], bool]

    def use_rewriter(self, rewrite: Callable[[TurnScope, Item, str, Part], bool]) -> None:
        """Give the handlers the intake's way of replacing an answer (set once by ``bootstrap``)."""
        self._rewrite = rewrite

    def _plan_agreed(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        if value in ("no", "change"):
            scope.conversation.open("plan.objection")
            return []
        scope.conversation.come_back()
        number = int(scope.conversation.plan_line or 0)
        try:
            version = self._planning.agree_in(scope.uow, scope.person, number)
        except DomainError:
            return [utter("plan_changed_meanwhile")]
        scope.conversation.plan_line = None
        return [utter("plan_active", version=str(version.version))]

    def _plan_objected(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        self._planning.object_in(scope.uow, scope.person, str(value))
        scope.conversation.come_back()
        return [utter("objection_kept")]

    def _plan_placed(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        """The plan where the person wants it: here, or in the web chat by a code."""
        scope.conversation.come_back()
        if value == "here":
            return self._plan_words.show(scope)
        code = self._links.issue_in(scope.uow, scope.person, part.channel, scope.now).code
        return [utter("plan_on_web", url=self._web_url, code=code)]

    # --- edits and shared numbers ------------------------------------------------------------------------------

    def _edit_confirmed(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        """A yes puts the edited words in place of the answers that the message gave before."""
        detail = dict(scope.conversation.detail)
        scope.conversation.come_back()
        if value != "yes":
            return [utter("edit_left")]
        items = [self._questionnaire.by_id[name] for name in detail.get("items", ()) if name in self._questionnaire.by_id]
        changed = [item for item in items if self._rewrite(scope, item, str(detail.get("text", "")), part)]
        return [utter("edit_kept" if changed else "edit_unread")]

    def _number_confirmed(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        """A yes keeps the number that was shared; the question for a way to reach them is answered with it."""
        phone = str(scope.conversation.detail.get("phone") or "")
        if value != "yes" or not self._rewrite(scope, self._questionnaire.by_id["contact.route"], phone, part):
            scope.conversation.come_back()
            return [utter("number_left")]
        scope.uow.messages.close_buttons(scope.person.id, "contact.route", scope.now)
        scope.conversation.forget_aside("contact.route")
        scope.conversation.come_back()
        return [utter("number_kept")]

    # --- deletion ----------------------------------------------------------------------------------------------

    def _deletion_decided(self, scope: TurnScope, value: Any, part: Part) -> list[Say]:
        if value != "yes":
            scope.conversation.come_back()
            return [utter("nothing_deleted")]
        scope.conversation.open(None)
        scope.conversation.resume_item = None
        scope.person.status = PersonStatus.DECLINED  # so that the rest of this turn neither asks nor keeps anything
        self._erasing.erase_in(scope)
        return [utter("all_deleted", kind=ReplyKind.NOTICE)]

    def _raise(self, scope: TurnScope, part: Part, kind: AlertClass, level: Level, says: list[Say]) -> None:
        shown = "\n".join(say.text or "" for say in says)
        signal = AlertSignal(part.message_id, kind, level, part.channel, scope.now, part.text, shown, "dialogue")
        self._alerts.raise_in(scope.uow, ASSISTANT, scope.person, signal)
