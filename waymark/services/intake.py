"""The intake: one engine for every question. It takes what was said, keeps it, and opens what comes next."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Protocol
from zoneinfo import ZoneInfo

from waymark.domain.facts import AnswerKind, Facts
from waymark.domain.intake import DECLINED, Answer, Choice, Item, Questionnaire, current
from waymark.domain.messages import Button, ButtonPayload, Outcome, Part, ReplyKind, Say, utter
from waymark.domain.people import PersonStatus
from waymark.domain.reflecting import ReflectionBank
from waymark.services import reading
from waymark.services.alerts import renew_routes
from waymark.services.dialogue import TurnScope
from waymark.services.ports import Ids

MISSES_BEFORE_WORDS_COUNT = 2
"""After so many unread answers the person's words are kept as they are, so that nobody is stuck."""

DECLINED_BY_NO = (AnswerKind.NAME, AnswerKind.CONTACT, AnswerKind.COUNTRY)
"""Questions for which a plain no means "rather not say"."""

TAKEN_AS_WORDS = (AnswerKind.SUBSTANCES, AnswerKind.AMOUNT, AnswerKind.LAST_USE)


class Moments(Protocol):
    """What happens when a question that has consequences is answered (``services.moments``)."""

    def answered(self, scope: TurnScope, item: Item, value: Any, part: Part) -> Optional[list[Say]]: ...

    def after_intake(self, scope: TurnScope) -> list[Say]: ...

    def try_words(self, scope: TurnScope, item: Item, part: Part) -> Optional[list[Say]]: ...


class Intake:
    """Takes answers, asks questions and handles skip, why, repeat, pause and corrections."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        reader: reading.Reader,
        reflections: ReflectionBank,
        moments: Moments,
        ids: Ids,
        settings_country: Optional[str],
        zone: ZoneInfo,
        consent_text: str,
    ) -> None:
        self.questionnaire = questionnaire
        self._reader, self._reflections, self._moments, self._ids = reader, reflections, moments, ids
        self._country, self._zone, self._consent_text = settings_country, zone, consent_text

    def take(self, scope: TurnScope) -> Outcome:
        """Use every message of the turn, in order; then open what comes next."""
        says: list[Say] = []
        scope.conversation.paused = False
        for part in scope.parts:
            says += self._take_part(scope, part)
        says += self._advance(scope)
        return Outcome(says=tuple(says), open=scope.conversation.open_item is not None)

    def note(self, scope: TurnScope) -> None:
        """Keep facts that were said beside a need; the open question stays open."""
        for part in scope.parts:
            if part.button is None:
                self._keep_side_facts(scope, self._facts(scope, part.text, None, None), part)

    def ask(self, scope: TurnScope) -> Outcome:
        """Put the open question; nothing is open when the person paused or all is asked."""
        says = self._advance(scope)
        item = self.open_item(scope)
        if item is None or scope.conversation.paused:
            return Outcome(says=tuple(says), open=False)
        question = self._question(scope, item)
        scope.conversation.asked_count += 1
        scope.conversation.detail = {k: v for k, v in scope.conversation.detail.items() if k != "retry"}
        return Outcome(says=(*says, question), open=True)

    def skip(self, scope: TurnScope) -> Outcome:
        """Keep the open question as declined and go on. A question about keeping data cannot be skipped."""
        item = self.open_item(scope)
        if item is None:
            return Outcome(says=(utter("nothing_to_skip"),), open=False)
        if not item.skippable:
            return Outcome(says=(utter("cannot_skip"),), open=True)
        says = self._store(scope, item, dict(DECLINED), scope.last)
        says = [utter("skipped"), *says, *self._advance(scope)]
        return Outcome(says=tuple(says), open=scope.conversation.open_item is not None)

    def why(self, scope: TurnScope) -> Outcome:
        """Say why the open question is asked."""
        item = self.open_item(scope)
        if item is None:
            return Outcome(says=(utter("nothing_asked"),), open=False)
        return Outcome(says=(Say(text=item.why),), open=True)

    def repeat(self, scope: TurnScope) -> Outcome:
        """The open question is put again in its first words by the ``ask`` that follows."""
        scope.conversation.asked_count = 0
        return Outcome(open=self.open_item(scope) is not None)

    def pause(self, scope: TurnScope) -> Outcome:
        scope.conversation.paused = True
        left = self.questionnaire.left(self.known(scope))
        return Outcome(says=(utter("paused", left=str(left)),), open=False)

    def resume(self, scope: TurnScope) -> Outcome:
        scope.conversation.paused = False
        if scope.person.status is PersonStatus.DECLINED:
            scope.person.status = PersonStatus.PENDING  # a no may become a yes: the question is asked again
            scope.conversation.open("consent.record")
        self._advance_if_none(scope)
        if scope.conversation.open_item is None:
            return Outcome(says=(utter("nothing_to_resume"),), open=False)
        left = self.questionnaire.left(self.known(scope))
        return Outcome(says=(utter("resumed", left=str(left)),), open=True)

    def go_back(self, scope: TurnScope) -> Outcome:
        """Open the last answered question again; its old answer stays in the history."""
        last = scope.conversation.last_item
        item = self.questionnaire.by_id.get(last or "")
        if item is None or not item.in_order or item.id == "consent.record":
            return Outcome(says=(utter("nothing_to_change"),), open=scope.conversation.open_item is not None)
        scope.conversation.open(item.id)
        return Outcome(says=(utter("going_back", label=item.label.lower()),), open=True)

    def known(self, scope: TurnScope) -> dict[str, Answer]:
        """Answers in force, and settings that make a question needless."""
        known = current(scope.uow.answers.of(scope.person.id))
        country = scope.person.country or self._country
        if country:
            known["setting.country"] = _setting(scope, country)
        return known

    def open_item(self, scope: TurnScope) -> Optional[Item]:
        return self.questionnaire.by_id.get(scope.conversation.open_item or "")

    def replace(self, scope: TurnScope, item: Item, text: str, part: Part) -> bool:
        """Read ``text`` as a new answer to an item answered before; False if it cannot be read as one."""
        known = self.known(scope)
        old = known.get(item.id)
        hint = reading.unit_of(old)
        facts = self._facts(scope, text, item, hint)
        value = reading.read_answer(item, text, facts, known).value
        if value is None:
            return False
        if item.kind is AnswerKind.AMOUNT and old is not None and isinstance(old.value, dict):
            value = reading.merged_amount(old.value, value, bare=text.strip().replace(".", "").isdigit())
        self._keep(scope, item, value, text.strip(), part)
        return True

    # --- one message ----------------------------------------------------------------------------------

    def _take_part(self, scope: TurnScope, part: Part) -> list[Say]:
        self._advance_if_none(scope)
        item = self.open_item(scope)
        if part.button is not None and part.button.item is not None:
            return self._take_button(scope, item, part)
        if item is None:
            return [self._free_talk(scope, part)]
        facts = self._facts(scope, part.text, item, None)
        if item.id.startswith("safety.") and part.open_item != item.id:
            self._keep_side_facts(scope, facts, part)  # sent before the check was asked, so it does not answer it
            return []
        corrected = self._correct(scope, item, facts, part)
        if corrected is not None:
            return corrected
        words = self._moments.try_words(scope, item, part)
        if words is not None:
            return words
        read = reading.read_answer(item, part.text, facts, self.known(scope))
        if read.value is None and facts.yes_no is False and item.kind in DECLINED_BY_NO:
            return [utter("skipped"), *self._store(scope, item, dict(DECLINED), part)]
        if read.value is None:
            return self._missed(scope, item, read, facts, part)
        says = self._store(scope, item, read.value, part)
        self._keep_side_facts(scope, facts, part)
        return says

    def _take_button(self, scope: TurnScope, item: Optional[Item], part: Part) -> list[Say]:
        button = part.button
        if button is None or item is None or button.item != item.id or button.value is None:
            return [utter("already_answered")]
        value: Any = button.value
        if item.kind is AnswerKind.RULER:
            value = {"min": float(button.value), "max": float(button.value)}
        elif item.kind is AnswerKind.SUBSTANCES:
            words = str(scope.conversation.detail.get("unclear") or part.text)
            value = [{"name": button.value, "words": words, "negated": False, "route": []}]
        return self._store(scope, item, value, part)

    def _missed(self, scope: TurnScope, item: Item, read: reading.Read, facts: Facts, part: Part) -> list[Say]:
        """The answer could not be read: keep what else was said, ask about an unclear word, or take the words."""
        self._keep_side_facts(scope, facts, part)
        conversation = scope.conversation
        if conversation.open_item != item.id:
            return []
        conversation.misses += 1
        has_words = reading.HAS_CONTENT.search(part.text) is not None
        if conversation.misses > MISSES_BEFORE_WORDS_COUNT and item.kind in TAKEN_AS_WORDS and has_words:
            return [utter("kept_as_words"), *self._store(scope, item, reading.words_only(item, part.text), part)]
        kept = {k: v for k, v in conversation.detail.items() if k != "unclear"}
        conversation.detail = {**kept, "retry": True, **({"unclear": read.unclear} if read.unclear else {})}
        return []

    def _store(self, scope: TurnScope, item: Item, value: Any, part: Part) -> list[Say]:
        """Keep an answer to the open question, close it, and say what fits."""
        handled = self._moments.answered(scope, item, value, part)
        if not item.in_order:
            return handled or []
        if scope.person.status is not PersonStatus.MINOR:
            self._keep(scope, item, value, part.text.strip(), part)
        scope.uow.messages.close_buttons(scope.person.id, item.id, scope.now)
        if scope.conversation.open_item == item.id:
            scope.conversation.last_item = item.id
            scope.conversation.come_back()
        if handled is not None:
            return handled
        return self._acknowledge(scope, item, value, part)

    def _keep(self, scope: TurnScope, item: Item, value: Any, text: str, part: Part) -> Answer:
        old = current(scope.uow.answers.of(scope.person.id)).get(item.id)
        answer = Answer(
            id=self._ids.new("ans"),
            person_id=scope.person.id,
            item=item.id,
            value=value,
            text=text,
            at=scope.now,
            channel=part.channel,
            message_id=part.message_id,
            content_version=f"{self.questionnaire.id}@{self.questionnaire.version}",
            replaces=old.id if old else None,
        )
        scope.uow.answers.add(answer)
        _apply_to_person(scope, item, value)
        if item.id.startswith("contact."):
            renew_routes(scope.uow, scope.person)
        return answer

    def _keep_side_facts(self, scope: TurnScope, facts: Facts, part: Part) -> None:
        """What was said beside the answer is kept too, so that it is never asked."""
        if scope.person.status in (PersonStatus.DECLINED, PersonStatus.MINOR):
            return
        known = self.known(scope)
        used = [s for s in facts.substances if not s.negated]
        if used and "substance.main" not in known:
            listed = [reading.substance(s) for s in facts.substances]
            known["substance.main"] = self._keep(scope, self.questionnaire.by_id["substance.main"], listed, part.text.strip(), part)
        if reading.main_substance(known) is None:
            return
        for item_id, value in (
            ("substance.amount", reading.amount_value(facts, known)),
            ("substance.last_use", reading.last_use_value(facts, known)),
        ):
            if value is not None and item_id not in known:
                self._keep(scope, self.questionnaire.by_id[item_id], value, part.text.strip(), part)

    def _correct(self, scope: TurnScope, item: Item, facts: Facts, part: Part) -> Optional[list[Say]]:
        """ "not 12, 20": replace the answer that held the wrong value; None if this is no correction of one."""
        correction = facts.correction
        if correction is None:
            return None
        known = self.known(scope)
        recent = [a for a in sorted(known.values(), key=lambda a: -(a.seq or 0)) if self._correctable(a)]
        if correction.wrong is not None:
            recent = [a for a in recent if correction.wrong.lower() in a.text.lower()]
        for answer in recent[:3] if correction.wrong else recent[:1]:
            target = self.questionnaire.by_id[answer.item]
            if self.replace(scope, target, correction.right, part):
                return [utter("corrected", label=target.label.lower(), value=correction.right)]
        fresh = self._facts(scope, correction.right, item, None)
        value = reading.read_answer(item, correction.right, fresh, known).value
        return self._store(scope, item, value, part) if value is not None and item.in_order else None

    def _correctable(self, answer: Answer) -> bool:
        """Free words and a consent are not changed by a number in passing."""
        item = self.questionnaire.by_id.get(answer.item)
        return item is not None and item.in_order and item.kind not in (AnswerKind.FREE_TEXT, AnswerKind.CHOICE)

    def _facts(self, scope: TurnScope, text: str, item: Optional[Item], unit_hint: Optional[str]) -> Facts:
        zone = ZoneInfo(scope.person.time_zone) if scope.person.time_zone else self._zone
        kind = item.kind if item else None
        country = scope.person.country or self._country
        return self._reader.read(text, question=kind, now=scope.now.astimezone(zone), country=country, unit_hint=unit_hint)

    # --- what comes next --------------------------------------------------------------------------------

    def _advance(self, scope: TurnScope) -> list[Say]:
        """Open the next question; when none is left, what follows the intake."""
        if scope.conversation.open_item is not None or scope.person.status in (PersonStatus.MINOR, PersonStatus.DECLINED):
            return []
        self._advance_if_none(scope)
        if scope.conversation.open_item is not None:
            return []
        return self._moments.after_intake(scope)

    def _advance_if_none(self, scope: TurnScope) -> None:
        conversation = scope.conversation
        if conversation.open_item is None and scope.person.status in (PersonStatus.PENDING, PersonStatus.ACTIVE):
            following = self.questionnaire.next_item(self.known(scope))
            conversation.open(following.id if following else None)

    def _question(self, scope: TurnScope, item: Item) -> Say:
        conversation = scope.conversation
        unclear = conversation.detail.get("unclear")
        if unclear:
            return self._clarify(item, str(unclear))
        variants = item.ask if conversation.asked_count == 0 else item.again
        turn = conversation.asked_count
        if conversation.detail.get("retry"):
            variants, turn = item.retry, max(conversation.misses - 1, 0)
        text = _fill(variants[turn % len(variants)], self._placeholders(scope))
        buttons = tuple(_button(item, choice) for choice in item.choices)
        if conversation.misses and item.skippable:
            buttons += (Button("Skip this", ButtonPayload("skip_question")),)
        kind = ReplyKind.NOTICE if item.id == "consent.record" and variants is item.ask else ReplyKind.MESSAGE
        return Say(text=text, buttons=buttons, kind=kind)

    def _clarify(self, item: Item, word: str) -> Say:
        buttons = tuple(
            Button(name.replace("_", " ").capitalize(), ButtonPayload("answer", item.id, name))
            for name in self._reader.candidates(word)
        )
        return utter("clarify_word", word=word, buttons=buttons)

    def _placeholders(self, scope: TurnScope) -> Mapping[str, str]:
        importance = self.known(scope).get("ruler.importance")
        number = reading.meaning(self.questionnaire.by_id["ruler.importance"], importance, {}) if importance else None
        return {"consent_text": self._consent_text, "importance": number or "that"}

    def _acknowledge(self, scope: TurnScope, item: Item, value: Any, part: Part) -> list[Say]:
        if isinstance(value, dict) and value.get("declined"):
            return []
        turn = len(scope.uow.answers.of(scope.person.id))
        if item.id == "opening.words":
            return [Say(text=self._reflections.choose(part.text, turn))]
        if not item.acknowledge:
            return []
        shown = value["value"] if item.kind is AnswerKind.CONTACT else value
        return [Say(text=_fill(item.acknowledge[turn % len(item.acknowledge)], {"value": str(shown)}))]

    def _free_talk(self, scope: TurnScope, part: Part) -> Say:
        """Nothing is open: a true word back, and a few ways to go on."""
        turn = scope.conversation.misses = scope.conversation.misses + 1
        buttons = (
            Button("My plan", ButtonPayload("ask_my_plan")),
            Button("I have a craving", ButtonPayload("craving_now")),
            Button("Talk to a person", ButtonPayload("ask_human")),
        )
        if not reading.HAS_CONTENT.search(part.text):
            return utter("not_readable", buttons=buttons)
        return utter("free_talk", buttons=buttons, reflection=self._reflections.choose(part.text, turn))


def _button(item: Item, choice: Choice) -> Button:
    """A choice that is a need of its own, such as asking for a call, is not an answer to the item."""
    if choice.intent != "answer":
        return Button(choice.title, ButtonPayload(choice.intent))
    return Button(choice.title, ButtonPayload(choice.intent, item.id, choice.value))


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _apply_to_person(scope: TurnScope, item: Item, value: Any) -> None:
    """Facts about who somebody is live on the person as well."""
    if isinstance(value, dict) and value.get("declined"):
        return
    if item.id == "person.alias":
        scope.person.alias = value
    elif item.id == "person.age":
        scope.person.age = value
    elif item.id == "person.country":
        scope.person.country = value
    elif item.id == "contact.route":
        scope.person.contact = {**scope.person.contact, "route": value["value"]}
    elif item.id == "contact.safe_times":
        scope.person.contact = {**scope.person.contact, "safe_times": value}


def _setting(scope: TurnScope, value: str) -> Answer:
    return Answer("setting", scope.person.id, "setting.country", value, value, scope.now, "setting", "", "")
