"""The fake Bot API behaves towards the real library as Telegram does: updates, people, and what they see."""

from __future__ import annotations

import time
from typing import Any, Iterator

import httpx
import pytest
from botapi.fake_bot_api import FakeBotApi
from botapi.people import User
from botapi.real_library import RealLibrary
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError

YES_NO = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Yes", callback_data="answer:yes"), InlineKeyboardButton("No", callback_data="answer:no")],
        [InlineKeyboardButton("More", url="https://clinic.example/more")],
    ]
)


@pytest.fixture
def fake() -> Iterator[FakeBotApi]:
    with FakeBotApi() as made:
        yield made


@pytest.fixture
def library(fake: FakeBotApi) -> Iterator[RealLibrary]:
    made = RealLibrary(fake.url, fake.token)
    yield made
    made.close()


@pytest.fixture
def sam(fake: FakeBotApi) -> User:
    """Somebody who has written to the bot before, with nothing left to confirm."""
    user = fake.user()
    user.say("/start")
    fake.forget_updates()
    return user


def updates(library: RealLibrary, **parameters: Any) -> list[Update]:
    return list(library(lambda bot: bot.get_updates(**parameters)))


def ids(found: list[Update]) -> list[int]:
    return [update.update_id for update in found]


# --- who is calling ---------------------------------------------------------------------------------------------


def test_the_bot_learns_who_it_is(fake, library):
    me = library(lambda bot: bot.get_me())
    assert (me.id, me.username, me.is_bot) == (123456, "waymark_test_bot", True)
    assert [(call.method, call.outcome) for call in fake.calls] == [("getMe", "ok")]


@pytest.mark.parametrize(("token", "status"), [("123456:another-token", 401), ("nonsense", 404)])
def test_a_wrong_token_is_refused(fake, token, status):
    answer = httpx.get(f"{fake.url}/bot{token}/getMe", trust_env=False)
    assert answer.status_code == status
    assert answer.json()["error_code"] == status and answer.json()["ok"] is False
    stranger = RealLibrary(fake.url, token)
    with pytest.raises(InvalidToken):
        stranger(lambda bot: bot.get_me())
    stranger.close()


@pytest.mark.parametrize(
    "sent",
    [
        {"params": {"chat_id": "{chat}", "text": "Hello"}},
        {"data": {"chat_id": "{chat}", "text": "Hello"}},
        {"json": {"chat_id": "{chat}", "text": "Hello", "reply_markup": {"inline_keyboard": []}}},
        {"data": {"chat_id": "{chat}"}, "files": {"text": (None, "Hello")}},
    ],
    ids=["query", "form", "json", "multipart"],
)
def test_parameters_come_in_every_way_that_telegram_reads(fake, sam, sent):
    filled = {k: {n: str(sam.chat_id) if v == "{chat}" else v for n, v in part.items()} for k, part in sent.items()}
    method = "GET" if "params" in filled else "POST"
    answer = httpx.request(method, f"{fake.url}/bot{fake.token}/sendMessage", trust_env=False, **filled)
    assert answer.json()["result"]["text"] == "Hello"
    assert sam.texts == ["Hello"] and fake.violations == []


# --- updates ----------------------------------------------------------------------------------------------------


def test_updates_rise_by_one_and_stay_until_confirmed(fake, library):
    user = fake.user()
    numbers = [user.say(text) and user.last_update_id for text in ("one", "two", "three")]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert ids(updates(library)) == ids(updates(library)) == numbers
    assert ids(updates(library, limit=1)) == numbers[:1]
    assert ids(updates(library, offset=numbers[1])) == numbers[1:]
    assert fake.unconfirmed == numbers[1:]
    assert ids(updates(library, offset=numbers[2] + 1)) == [] and fake.unconfirmed == []


def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(fake, library):
    user = fake.user()
    for text in ("one", "two", "three"):
        user.say(text)
    assert [update.message.text for update in updates(library, offset=-2)] == ["two", "three"]
    assert [update.message.text for update in updates(library)] == ["two", "three"]


def test_a_long_poll_wakes_at_once(fake, library):
    user, poll = fake.user(), library.begin(lambda bot: bot.get_updates(timeout=30))
    fake.wait_for_poll()
    said_at = time.monotonic()
    user.say("hello")
    assert poll.result(10)[0].message.text == "hello"
    assert time.monotonic() - said_at < 2


def test_a_long_poll_without_news_ends_empty(fake, library):
    began = time.monotonic()
    assert updates(library, timeout=1) == []
    assert 0.9 <= time.monotonic() - began < 5


def test_of_two_polls_the_later_one_stays(fake, library):
    first = library.begin(lambda bot: bot.get_updates(timeout=30))
    fake.wait_for_poll()
    second = library.begin(lambda bot: bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        first.result(10)
    fake.user().say("hello")
    assert second.result(10)[0].message.text == "hello"
    assert fake.violations == []


def test_only_allowed_kinds_of_update_come(fake, library):
    user = fake.user()
    assert updates(library, allowed_updates=["message"]) == []
    message_id = user.say("hello")
    user.edit(message_id, "hello again")
    assert [update.effective_message.text for update in updates(library)] == ["hello"]
    assert len(fake.updates) == 2
    updates(library, allowed_updates=[])
    user.edit(message_id, "and again")
    assert updates(library)[-1].edited_message.text == "and again"


def test_an_old_update_can_come_again_just_as_it_was(fake, library, sam):
    sam.say("once")
    number = sam.last_update_id
    first = updates(library)
    assert updates(library, offset=number + 1) == []
    fake.redeliver(number)
    again = updates(library, offset=number + 1)
    assert [update.to_dict() for update in again] == [update.to_dict() for update in first]
    assert updates(library, offset=number + 1) == [] and fake.unconfirmed == []


def test_a_raw_update_comes_as_it_is(fake, library):
    number = fake.raw({"something_new": {"a": 1}})
    (update,) = updates(library)
    assert update.update_id == number and update.api_kwargs == {"something_new": {"a": 1}}


# --- what people do ---------------------------------------------------------------------------------------------


def test_everything_that_people_send_has_its_proper_shape(fake, library):
    user = fake.user()
    user.say("/start please ask @waymark or sam@example.org 😀 /help")
    user.send_photo("look", album="7")
    user.send_photo(album="7")
    user.send_voice()
    user.send_sticker()
    user.send_document("a letter")
    user.send_video("a film")
    user.send_contact("+447700900123")
    user.send_contact("+447700900124", own=False)
    user.send_location()
    user.forward("somebody else said this")
    user.send_other()
    messages = [update.message for update in updates(library)]
    assert {(m.chat.id, m.from_user.first_name, m.chat.type) for m in messages} == {(user.chat_id, "Sam", "private")}
    assert [m.message_id for m in messages] == sorted({m.message_id for m in messages})
    start, photo, other_photo, voice, sticker, document, video, own, others, place, forwarded, dice = messages
    assert start.parse_entities(["bot_command"]) and list(start.parse_entities().values()) == [
        "/start",
        "@waymark",
        "sam@example.org",
        "/help",
    ]
    assert photo.caption == "look" and photo.media_group_id == other_photo.media_group_id == "7" and photo.photo
    assert voice.voice.duration and sticker.sticker.emoji and document.caption == "a letter" and video.video.width
    assert own.contact.user_id == own.from_user.id and others.contact.user_id is None
    assert place.location and dice.dice.emoji and forwarded.forward_origin.sender_user.first_name == "Alex"


def test_a_long_text_is_sent_in_pieces(fake, library):
    fake.user().say("😀" * 3000)
    assert [len(update.message.text) for update in updates(library)] == [2048, 952]


def test_a_tap_names_the_newest_message_with_that_button_and_waits_for_its_answer(fake, library, sam):
    library(lambda bot: bot.send_message(sam.chat_id, "First?", reply_markup=YES_NO))
    sent = library(lambda bot: bot.send_message(sam.chat_id, "Second?", reply_markup=YES_NO))
    library(lambda bot: bot.send_message(sam.chat_id, "No buttons here"))
    tap = sam.tap("No")
    (update,) = updates(library)
    query = update.callback_query
    assert (query.id, query.data, query.message.message_id) == (tap, "answer:no", sent.message_id)
    assert query.message.reply_markup == YES_NO and sam.unanswered_taps == [tap]
    library(lambda bot: bot.answer_callback_query(tap, "Thank you"))
    assert sam.toasts == ["Thank you"] and sam.unanswered_taps == []
    with pytest.raises(AssertionError, match="no button 'Maybe'"):
        sam.tap("Maybe")
    with pytest.raises(AssertionError, match="no button 'More'"):
        sam.tap("More")


def test_an_answer_counts_once(fake, library, sam):
    library(lambda bot: bot.send_message(sam.chat_id, "Well?", reply_markup=YES_NO))
    tap, late = sam.tap("Yes", times=2), sam.tap("No")
    library(lambda bot: bot.answer_callback_query(tap))
    fake.expire_taps()
    for query in (tap, late, "12345"):
        with pytest.raises(BadRequest, match="Query is too old"):
            library(lambda bot, query=query: bot.answer_callback_query(query))
    assert len(fake.violations) == 3 and len(sam.unanswered_taps) == 2


def test_who_cannot_know_that_the_answer_arrived_may_answer_again(fake, library, sam):
    library(lambda bot: bot.send_message(sam.chat_id, "Well?", reply_markup=YES_NO))
    tap = sam.tap("Yes")
    fake.drop("answerCallbackQuery")
    with pytest.raises(NetworkError):
        library(lambda bot: bot.answer_callback_query(tap, "Yes"))
    with pytest.raises(BadRequest):
        library(lambda bot: bot.answer_callback_query(tap, "Yes"))
    assert sam.toasts == ["Yes"] and fake.violations == []


def test_who_blocks_the_bot_is_not_reached_until_unblocking(fake, library, sam):
    sam.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        library(lambda bot: bot.send_message(sam.chat_id, "Are you there?"))
    with pytest.raises(AssertionError, match="unblock"):
        sam.say("I cannot say this")
    sam.unblock()
    library(lambda bot: bot.send_message(sam.chat_id, "Hello again"))
    changes = [update.my_chat_member for update in updates(library)]
    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert sam.texts == ["Hello again"] and fake.violations == []


def test_a_group_is_joined_heard_and_left(fake, library):
    group = fake.group("Friends")
    group.say("nobody hears this")
    group.add_bot()
    group.say("hello bot")
    change, joined, said = updates(library)
    assert change.my_chat_member.new_chat_member.status == "member" and joined.message.new_chat_members
    assert said.message.text == "hello bot" and said.message.chat.title == "Friends" and said.message.chat.id < 0
    library(lambda bot: bot.leave_chat(group.chat_id))
    assert updates(library)[-1].my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        library(lambda bot: bot.send_message(group.chat_id, "Hello"))
    group.add_bot()
    group.remove_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        library(lambda bot: bot.send_message(group.chat_id, "Hello"))
    assert fake.violations == []


# --- what people see --------------------------------------------------------------------------------------------


def test_a_message_is_shown_with_its_buttons_and_its_edits(fake, library, sam):
    sent = library(
        lambda bot: bot.send_message(sam.chat_id, "<b>Is</b> it &lt;5?", parse_mode="HTML", reply_markup=YES_NO)
    )
    assert sent.text == "Is it <5?" and sent.parse_entity(sent.entities[0]) == "Is"
    (shown,) = sam.wait_for(1)
    assert shown.buttons == [("Yes", "answer:yes"), ("No", "answer:no")]
    assert shown.url_buttons == [("More", "https://clinic.example/more")] and shown.at <= time.monotonic()
    library(lambda bot: bot.edit_message_text("It is.", sam.chat_id, sent.message_id))
    assert [(s.text, s.buttons, s.edits) for s in sam.inbox] == [("It is.", [], ["Is it <5?"])]
    library(lambda bot: bot.edit_message_reply_markup(sam.chat_id, sent.message_id, reply_markup=YES_NO))
    assert sam.inbox[0].buttons == shown.buttons and len(sam.inbox[0].edits) == 2
    library(lambda bot: bot.delete_message(sam.chat_id, sent.message_id))
    assert sam.inbox == []


def test_an_edit_that_changes_nothing_is_refused_but_is_no_violation(fake, library, sam):
    sent = library(lambda bot: bot.send_message(sam.chat_id, "Well?", reply_markup=YES_NO))
    for call in (
        lambda bot: bot.edit_message_text("Well?", sam.chat_id, sent.message_id, reply_markup=YES_NO),
        lambda bot: bot.edit_message_reply_markup(sam.chat_id, sent.message_id, reply_markup=YES_NO),
    ):
        with pytest.raises(BadRequest, match="Message is not modified"):
            library(call)
    assert fake.violations == [] and sam.inbox[0].edits == []


def test_a_document_arrives_with_name_content_and_caption(fake, library, sam):
    library(lambda bot: bot.send_document(sam.chat_id, b"all of it", filename="data.json", caption="Your data"))
    (shown,) = sam.inbox
    assert shown.document == ("data.json", b"all of it") and shown.text == "Your data" and fake.violations == []


def test_reply_keyboards_commands_and_actions_are_kept(fake, library, sam):
    library(lambda bot: bot.send_message(sam.chat_id, "Pick", reply_markup=ReplyKeyboardMarkup([["One", "Two"]])))
    assert sam.reply_keyboard == ["One", "Two"]
    library(lambda bot: bot.send_message(sam.chat_id, "Done", reply_markup=ReplyKeyboardRemove()))
    assert sam.reply_keyboard == []
    library(lambda bot: bot.send_chat_action(sam.chat_id, "typing"))
    library(lambda bot: bot.set_my_commands([BotCommand("help", "What I can do")], language_code="en"))
    assert list(fake.commands.values()) == [[("help", "What I can do")]]
    assert ("sendChatAction", {"chat_id": sam.chat_id, "action": "typing"}) in [call[:2] for call in fake.calls]


def test_waiting_says_what_it_waits_for(fake, library, sam):
    with pytest.raises(AssertionError, match="in vain"):
        sam.wait_for(1, within=0.05)
    soon = library.begin(lambda bot: bot.send_message(sam.chat_id, "There you are"))
    assert sam.wait_for(lambda inbox: any("you are" in shown.text for shown in inbox))[0].text == "There you are"
    soon.result(10)
    sam.say("unread")
    with pytest.raises(AssertionError, match="not idle"):
        fake.wait_idle(within=0.05)
    updates(library, offset=sam.last_update_id + 1)
    confirmed_at = time.monotonic()
    fake.wait_idle(quiet=0.2)
    assert time.monotonic() - confirmed_at >= 0.15
