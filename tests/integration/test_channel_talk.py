"""What Telegram answers by itself, on both databases: notice, commands, codes, edits, shared numbers, unreadable kinds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Iterator, Optional

import pytest

from waymark.bootstrap import Core
from waymark.domain.channel_texts import NOTICE_KIND
from waymark.domain.intake import Answer
from waymark.domain.people import PersonStatus
from waymark.domain.safety import Screening
from waymark.front.link_guard import LinkGuard
from waymark.services.channel_talk import CHANNEL, COMMANDS, Said
from waymark.services.turns import Accepted, Arrival, Incoming

NOTHING_FOUND = Screening.of([])


@dataclass
class Chat:
    """A private chat with the bot, as far as the services see it."""

    core: Core
    address: str = "4711"
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(900_001))
    last: Optional[Accepted] = None

    def __post_init__(self) -> None:
        self.talk = self.core.channel_talk(LinkGuard())

    def sends(self, kind: str, text: str = "", *, update: Optional[int] = None, **said: Any) -> list[str]:
        """Have an update taken; gives the texts that the channel itself answers, none if the dialogue is to answer."""
        command = said.get("command")
        incoming = Incoming(
            CHANNEL, self.address, str(update or next(self.numbers)), text,
            button_id=said.pop("button", None), command=COMMANDS[command] if command else None, reference=said.pop("reference", None),
        )  # fmt: skip
        self.last = self.core.turns.accept(incoming, NOTHING_FOUND, self.talk.itself(Said(kind, **said)))
        return [reply.text for reply in self.last.replies]

    def says(self, text: str, **more: Any) -> list[str]:
        return self.sends("text", text, **more)

    def taps(self, title: str) -> list[str]:
        assert self.last is not None
        offered = {b["title"]: b["value"] for reply in self.last.replies for b in reply.buttons}
        return self.sends("button", button=offered[title])

    def waits(self) -> list[str]:
        """Texts and commands that the dialogue has to answer."""
        return [m.text for m in self.core.turns.waiting()]

    @property
    def person(self) -> str:
        return str(self.last and self.last.person_id)


@pytest.fixture
def chat(core: Core) -> Chat:
    return Chat(core)


@pytest.fixture
def settled(chat: Chat) -> Chat:
    """Has answered the notice with "continue here", and has a record."""
    chat.sends("command", "/start", command="start")
    chat.taps("Continue here")
    chat.core.turns.finish(chat.person, [chat.last.message_id], [])
    with chat.core.uow() as uow:
        uow.people.get(chat.person).status = PersonStatus.ACTIVE
        uow.commit()
    return chat


def test_the_notice_comes_before_the_first_question_and_what_was_said_is_answered_after_it(chat: Chat) -> None:
    (notice,) = chat.says("i cant stop drinking")
    assert "not end-to-end encrypted" in notice
    assert chat.waits() == []
    (again,) = chat.says("hello?")
    assert again == chat.core.channel_texts.notice.again
    assert chat.taps("Continue here") == []
    assert chat.waits() == ["i cant stop drinking", "hello?"]
    with chat.core.uow() as uow:
        (choice,) = [c for c in uow.consents.of(chat.person) if c.kind == NOTICE_KIND]
    assert choice.given and choice.channel == CHANNEL and choice.version == chat.core.channel_texts.version


def test_start_alone_leads_into_the_talk_once_the_notice_is_answered(chat: Chat) -> None:
    (notice,) = chat.sends("command", "/start", command="start")
    assert "not end-to-end encrypted" in notice
    assert chat.taps("Continue here") == []
    assert chat.last is not None and chat.last.arrival is Arrival.NEW
    assert chat.last.message.button["intent"] == "greet"


def test_stop_at_the_notice_keeps_no_words(chat: Chat) -> None:
    chat.says("i drink too much")
    (stopped,) = chat.taps("Stop")
    assert "not kept" in stopped and chat.waits() == []
    with chat.core.uow() as uow:
        assert [m.text for m in uow.messages.transcript(chat.person) if getattr(m, "text", "") == "i drink too much"] == []
    (notice,) = chat.says("hm, are you there?")
    assert "not end-to-end encrypted" in notice or notice == chat.core.channel_texts.notice.again


def test_the_web_choice_gives_a_code_that_brings_what_was_said_to_the_web(chat: Chat) -> None:
    chat.says("i drink too much")
    (there,) = chat.taps("Use the web chat")
    code = there.split("code: ")[1][:9]
    joined = chat.core.links.redeem("web", "ses_new", code)
    assert joined.id == chat.person
    assert "http://127.0.0.1" in there


@pytest.mark.parametrize("kind", ["voice", "sticker", "photo", "video", "document", "location", "forwarded", "other"])
def test_a_kind_that_cannot_be_read_gets_its_short_answer_once(settled: Chat, kind: str) -> None:
    (answer,) = settled.sends(kind, update=77)
    assert answer.split(".")[0] == settled.core.channel_texts.kinds[kind].split(".")[0] and "{" not in answer
    first = settled.last
    settled.sends(kind, update=77)
    assert settled.last.arrival is Arrival.ANSWERED and [r.id for r in settled.last.replies] == [r.id for r in first.replies]
    assert settled.core.deliveries.waiting(CHANNEL) == 2  # the notice, and this answer once


def test_a_caption_is_read_as_what_the_person_says(settled: Chat) -> None:
    assert settled.sends("photo", "my wife left today") == []
    assert settled.waits() == ["my wife left today"]
    with settled.core.uow() as uow:
        texts = [m.text for m in uow.messages.transcript(settled.person)]
    assert settled.core.channel_texts.caption_read in texts


@pytest.mark.parametrize(("command", "intent"), [("plan", "ask_my_plan"), ("delete", "delete_my_data"), ("export", "export_my_data"), ("human", "ask_human")])
def test_commands_reach_the_dialogue_as_what_they_ask_for(settled: Chat, command: str, intent: str) -> None:
    assert settled.sends("command", f"/{command}", command=command) == []
    assert settled.last.message.button["intent"] == intent and settled.waits() == [f"/{command}"]


@pytest.mark.parametrize("command", ["help", "stop", "web"])
def test_commands_that_the_channel_answers(chat: Chat, command: str) -> None:
    (answer,) = chat.sends("command", f"/{command}", command=command)
    assert answer and chat.waits() == []


@pytest.mark.parametrize("command", ["human", "delete"])
def test_a_person_and_deleting_can_be_asked_for_before_the_notice(chat: Chat, command: str) -> None:
    assert chat.sends("command", f"/{command}", command=command) == []
    assert chat.waits() == [f"/{command}"]


@pytest.mark.parametrize("command", ["plan", "export"])
def test_the_record_is_not_shown_before_the_notice_is_answered(chat: Chat, command: str) -> None:
    (notice,) = chat.sends("command", f"/{command}", command=command)
    assert "not end-to-end encrypted" in notice and chat.waits() == []
    chat.taps("Continue here")
    assert chat.waits() == [f"/{command}"]


def test_stop_means_quiet_until_start(settled: Chat) -> None:
    settled.sends("command", "/stop", command="stop")
    with settled.core.uow() as uow:
        assert uow.people.identity(CHANNEL, settled.address).quiet_since is not None
    settled.sends("command", "/start", command="start")
    with settled.core.uow() as uow:
        assert uow.people.identity(CHANNEL, settled.address).quiet_since is None
        assert settled.core.channel_texts.loud in [m.text for m in uow.messages.transcript(settled.person)]


# --- edits -------------------------------------------------------------------------------------------------------


def answered(chat: Chat, item: str, value: Any, text: str, reference: str) -> None:
    """The message with that number in the chat gave an answer."""
    chat.says(text, reference=reference)
    core, message = chat.core, chat.last.message
    core.turns.finish(chat.person, [message.id], [])
    with core.uow() as uow:
        answer = Answer(core.ids.new("ans"), chat.person, item, value, text, core.clock.now(), CHANNEL, message.id, "test@1")
        uow.answers.add(answer)
        uow.commit()


def test_an_edit_asks_before_it_changes_an_answer(settled: Chat) -> None:
    answered(settled, "person.age", 34, "34", reference="12")
    (ask,) = settled.sends("edited", "35", edited="12")
    assert "“35”" in ask
    with settled.core.uow() as uow:
        assert [a.value for a in uow.answers.of(settled.person)] == [34]
        conversation = uow.conversations.get(settled.person)
        assert conversation.open_item == "edit.confirm" and conversation.detail == {"items": ["person.age"], "text": "35"}
    settled.taps("Yes, change it")
    message = settled.last.message
    settled.core.dialogue.run("validate_questionnaire", (message.id,), settled.core.intake.take)
    with settled.core.uow() as uow:
        assert [(a.value, a.replaces is not None) for a in uow.answers.of(settled.person)] == [(34, False), (35, True)]


def test_an_edit_of_a_message_that_gave_no_answer_changes_nothing(settled: Chat) -> None:
    settled.says("hm", reference="13")
    assert settled.sends("edited", "hmm", edited="13") == [settled.core.channel_texts.edited.instead["unchanged"]]


def test_no_leaves_the_answer_as_it_was(settled: Chat) -> None:
    answered(settled, "person.age", 34, "34", reference="12")
    settled.sends("edited", "35", edited="12")
    settled.taps("No, leave it")
    settled.core.dialogue.run("validate_questionnaire", (settled.last.message_id,), settled.core.intake.take)
    with settled.core.uow() as uow:
        assert [a.value for a in uow.answers.of(settled.person)] == [34]


# --- shared numbers ----------------------------------------------------------------------------------------------

NUMBER = "+447700900123"


def test_a_shared_number_is_kept_only_after_a_yes(settled: Chat) -> None:
    (ask,) = settled.sends("contact", phone=NUMBER, phone_is_own=True)
    assert NUMBER not in ask
    with settled.core.uow() as uow:
        assert uow.people.get(settled.person).contact == {} and list(uow.answers.of(settled.person)) == []
        assert NUMBER not in "".join(m.text for m in uow.messages.transcript(settled.person))
    settled.taps("Yes, keep it")
    settled.core.dialogue.run("validate_questionnaire", (settled.last.message_id,), settled.core.intake.take)
    with settled.core.uow() as uow:
        assert uow.people.get(settled.person).contact == {"route": NUMBER}


def test_a_no_to_the_number_keeps_nothing_of_it(settled: Chat) -> None:
    settled.sends("contact", phone=NUMBER, phone_is_own=True)
    settled.taps("No")
    settled.core.dialogue.run("validate_questionnaire", (settled.last.message_id,), settled.core.intake.take)
    with settled.core.uow() as uow:
        assert uow.people.get(settled.person).contact == {}
        assert NUMBER not in str(uow.conversations.get(settled.person).detail)


def test_somebody_elses_number_and_a_number_before_consent_are_not_kept(settled: Chat, core: Core) -> None:
    texts = core.channel_texts.contact.instead
    assert settled.sends("contact", phone=NUMBER, phone_is_own=False) == [texts["other_person"]]
    newcomer = Chat(core, "4712", itertools.count(5))
    assert newcomer.sends("contact", phone=NUMBER, phone_is_own=True) == [texts["not_now"]]


# --- codes, blocking, staff ------------------------------------------------------------------------------------------


def test_a_code_from_the_web_joins_the_chat_and_counts_once(chat: Chat) -> None:
    core = chat.core
    issued = core.links.issue("web", "ses_1")
    with core.uow() as uow:
        web_person = uow.people.by_address("web", "ses_1").id
    replies = chat.sends("command", f"/start {issued.code.replace('-', '')}", command="start")
    assert replies[0] == core.channel_texts.link["done"] and "not end-to-end encrypted" in replies[1]
    assert chat.person == web_person
    other = Chat(core, "4712", itertools.count(5))
    assert other.says(issued.code) == [core.channel_texts.link["refused"]]
    assert chat.taps("Continue here") == [] and chat.last.person_id == web_person


def test_words_that_look_a_little_like_a_code_are_words(settled: Chat) -> None:
    for words in ("strength", "2 beers pm", "nothing2", "drank 12 beers"):
        settled.says(words)
    assert settled.waits()[-1] == "drank 12 beers"


def test_whoever_tries_codes_is_slowed_down(chat: Chat) -> None:
    for _ in range(5):
        assert chat.says("ABCD-2345") == [chat.core.channel_texts.link["refused"]]
    assert chat.says("ABCD-2345") == [chat.core.channel_texts.link["too_many"]]


def test_blocking_and_opening_again_is_remembered(settled: Chat) -> None:
    settled.talk.shut_out(settled.address, blocked=True)
    with settled.core.uow() as uow:
        assert uow.people.identity(CHANNEL, settled.address).blocked_at is not None
    settled.talk.shut_out(settled.address, blocked=False)
    with settled.core.uow() as uow:
        assert uow.people.identity(CHANNEL, settled.address).blocked_at is None


def test_the_channel_is_silent_while_somebody_of_the_team_talks(settled: Chat) -> None:
    with settled.core.uow() as uow:
        uow.conversations.get(settled.person).taken_over_by = "staff:Robin"
        uow.commit()
    assert settled.sends("sticker") == []
    assert settled.waits() == []


def test_an_update_of_a_group_is_handled_once(chat: Chat) -> None:
    assert chat.talk.first_time("k") is True
    assert chat.talk.first_time("k") is False
