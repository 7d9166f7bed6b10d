"""The fake Bot API refuses what Telegram refuses, in Telegram's words, and keeps count of it."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Coroutine, Iterator

import pytest
from botapi.fake_bot_api import FakeBotApi
from botapi.formatted_text import marked_alone, parsed, units
from botapi.methods_known import METHODS
from botapi.people import User
from botapi.real_library import RealLibrary
from botapi.refusal import Refusal
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    WebAppInfo,
)
from telegram.error import BadRequest, TelegramError

Call = Callable[[Bot, int], Coroutine[Any, Any, Any]]
# The library fills these in itself, or passes them on under another name.
OF_THE_LIBRARY = {
    *("self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs", "filename"),
    *("allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview"),
}
NOWHERE = 777
# Calls that the library's own methods cannot even express.
pytestmark = pytest.mark.filterwarnings("ignore:Please use")


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeBotApi]:
    with FakeBotApi() as made:
        yield made


@pytest.fixture(scope="module")
def library(fake: FakeBotApi) -> Iterator[RealLibrary]:
    made = RealLibrary(fake.url, fake.token)
    yield made
    made.close()


@pytest.fixture
def sam(fake: FakeBotApi) -> User:
    fake.violations.clear()
    user = fake.user()
    user.say("/start")
    return user


def button(**action: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton(action.pop("text", "Press"), **action)


def with_buttons(*buttons: InlineKeyboardButton) -> Call:
    rows = InlineKeyboardMarkup([buttons[start : start + 8] for start in range(0, len(buttons), 8)])
    return lambda bot, chat: bot.send_message(chat, "Well?", reply_markup=rows)


def text(body: str, **more: Any) -> Call:
    return lambda bot, chat: bot.send_message(chat, body, **more)


def raw(method: str, **parameters: Any) -> Call:
    return lambda bot, chat: bot.do_api_request(method, {"chat_id": chat, **parameters})


def commands(*pairs: tuple[str, str]) -> Call:
    return lambda bot, chat: bot.set_my_commands([BotCommand(*pair) for pair in pairs])


def webhook(url: str, **more: Any) -> Call:
    return lambda bot, chat: bot.set_webhook(url, **more)


def document(content: bytes, **more: Any) -> Call:
    return lambda bot, chat: bot.send_document(chat, content, filename="a.txt", **more)


UNKNOWN_TYPE = MessageEntity("nonsense", 0, 1)
REFUSED: dict[str, tuple[Call, str]] = {
    "unknown parameter": (text("Hi", api_kwargs={"colour": "red"}), 'sendMessage has no parameter "colour"'),
    "unknown parameter, editing": (raw("deleteMessage", message_id=1, why="x"), 'deleteMessage has no parameter "why"'),
    "no text": (raw("sendMessage"), "message text is empty"),
    "no message": (raw("deleteMessage"), "message identifier is not specified"),
    "no chat": (lambda bot, chat: bot.do_api_request("sendMessage", {"text": "Hi"}), "chat_id is empty"),
    "no commands": (lambda bot, chat: bot.do_api_request("setMyCommands"), 'parameter "commands" is required'),
    "no file": (raw("sendDocument"), "there is no document in the request"),
    "text for a number": (raw("deleteMessage", message_id="first"), 'field "message_id" must be of type Integer'),
    "text for yes or no": (raw("sendMessage", text="Hi", protect_content="maybe"), '"protect_content" must be of type B'),
    "no JSON": (raw("sendMessage", text="Hi", reply_markup="{"), "can't parse reply_markup JSON object"),
    "list for object": (raw("sendMessage", text="Hi", reply_markup=[]), 'field "reply_markup" must be of type Object'),
    "empty text": (text(""), "message text is empty"),
    "white space": (text(" \n "), "text must be non-empty"),
    "nothing but markup": (text("<b> </b>", parse_mode="HTML"), "text must be non-empty"),
    "long text": (text("x" * 4097), "message is too long"),
    "long text in UTF-16": (text("😀" * 2049), "message is too long"),
    "unknown parse mode": (text("Hi", parse_mode="BBCode"), "unsupported parse_mode"),
    "unclosed tag": (text("<b>Hi", parse_mode="HTML"), 'Can\'t find end tag corresponding to start tag "b"'),
    "unknown tag": (text("<h1>Hi</h1>", parse_mode="HTML"), 'Unsupported start tag "h1" at byte offset 0'),
    "unescaped": (text("Hi.", parse_mode="MarkdownV2"), "Character '.' is reserved and must be escaped"),
    "unknown entity": (text("Hi", entities=[UNKNOWN_TYPE]), "Unsupported type specified"),
    "entity beyond the end": (text("Hi", entities=[MessageEntity("bold", 0, 3)]), "ends after the end of the text"),
    "unknown chat": (lambda bot, chat: bot.send_message(NOWHERE, "Hi"), "chat not found"),
    "no reply": (text("Hi", reply_parameters=ReplyParameters(1)), "message to be replied not found"),
    "no topic": (text("Hi", message_thread_id=5), "message thread not found"),
    "no preview": (
        text("Hi", link_preview_options=LinkPreviewOptions(api_kwargs={"is_big": True})),
        'link_preview_options has no field "is_big"',
    ),
    "long data": (with_buttons(button(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
    "long data in bytes": (with_buttons(button(callback_data="é" * 33)), "BUTTON_DATA_INVALID"),
    "no data": (with_buttons(button(callback_data="")), "Text buttons are unallowed"),
    "no action": (with_buttons(button()), "Text buttons are unallowed in the inline keyboard"),
    "two actions": (with_buttons(button(callback_data="a", url="https://a.example")), "Exactly one of the optional"),
    "unknown field": (with_buttons(button(callback_data="a", api_kwargs={"big": True})), 'has no field "big"'),
    "no title": (with_buttons(button(text="", callback_data="a")), "inline keyboard button text is empty"),
    "too many buttons": (with_buttons(*[button(callback_data="a")] * 101), "reply markup is too long"),
    "too many in a row": (
        text("Hi", reply_markup=InlineKeyboardMarkup([[button(callback_data="a")] * 9])),
        "reply markup is too long",
    ),
    "ftp link": (with_buttons(button(url="ftp://a.example")), "Unsupported URL protocol"),
    "no link": (with_buttons(button(url="a.example")), "Wrong HTTP URL"),
    "link without a domain": (with_buttons(button(url="http://localhost:1/x")), "Wrong HTTP URL"),
    "plain web app": (with_buttons(button(web_app=WebAppInfo("http://a.example"))), "Only HTTPS links are allowed"),
    "nothing to copy": (with_buttons(button(copy_text=CopyTextButton(""))), "BUTTON_COPY_TEXT_INVALID"),
    "pay": (with_buttons(button(pay=True)), "BUTTON_TYPE_INVALID"),
    "no reply buttons": (raw("sendMessage", text="Hi", reply_markup={"keyboard": []}), "reply keyboard has no buttons"),
    "long placeholder": (
        text("Hi", reply_markup=ForceReply(input_field_placeholder="x" * 65)),
        "placeholder must be 1-64",
    ),
    "edit of nothing": (lambda bot, chat: bot.edit_message_text("Hi", chat, 1), "message to edit not found"),
    "deletion of nothing": (lambda bot, chat: bot.delete_message(chat, 1), "message to delete not found"),
    "long answer": (lambda bot, chat: bot.answer_callback_query("1", "x" * 201), "MESSAGE_TOO_LONG"),
    "unknown tap": (lambda bot, chat: bot.answer_callback_query("1"), "query is too old"),
    "unknown action": (lambda bot, chat: bot.send_chat_action(chat, "dancing"), "wrong parameter action in request"),
    "command in capitals": (commands(("Help", "What I can do")), "BOT_COMMAND_INVALID"),
    "long command": (commands(("h" * 33, "What I can do")), "BOT_COMMAND_INVALID"),
    "no command": (commands(("", "What I can do")), "command must be non-empty"),
    "no description": (commands(("help", "")), "command description must be non-empty"),
    "long description": (commands(("help", "x" * 257)), "command description length must not exceed 256"),
    "too many commands": (commands(*[("help", "Help")] * 101), "BOT_COMMANDS_TOO_MUCH"),
    "unknown scope": (
        raw("setMyCommands", chat_id=None, commands=[], scope={"type": "moon"}),
        "can't parse BotCommandScope",
    ),
    "private chat left": (lambda bot, chat: bot.leave_chat(chat), "can't be changed in private chats"),
    "empty file": (document(b""), "file must be non-empty"),
    "long caption": (document(b"x", caption="x" * 1025), "message caption is too long"),
    "file by address": (raw("sendDocument", document="https://a.example/a"), "wrong file identifier"),
    "limit": (lambda bot, chat: bot.get_updates(limit=101), "limit must be between 1 and 100"),
    "unknown updates": (lambda bot, chat: bot.get_updates(allowed_updates=["gossip"]), "no updates of type gossip"),
    "bad secret": (webhook("https://a.example", secret_token="a b"), "secret token contains unallowed characters"),
    "empty secret": (webhook("https://a.example", secret_token=""), "secret token contains unallowed characters"),
    "long secret": (webhook("https://a.example", secret_token="x" * 257), "secret token is too long"),
    "plain webhook": (webhook("http://a.example"), "An HTTPS URL must be provided for webhook"),
    "webhook port": (webhook("https://a.example:8000"), "only on ports 80, 88, 443 or 8443"),
    "connections": (webhook("https://a.example", max_connections=101), "max_connections must be between 1 and 100"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_rule_is_refused_and_noted(fake, library, sam, name):
    call, said = REFUSED[name]
    with pytest.raises(BadRequest):
        library(lambda bot: call(bot, sam.chat_id))
    assert fake.calls[-1].outcome.startswith("400 Bad Request: ")
    (violation,) = fake.violations
    assert violation.startswith(f"{fake.calls[-1].method}: Bad Request: ")
    assert said in violation
    assert sam.inbox == []


ALLOWED: dict[str, Call] = {
    "longest text": text("x" * 4096),
    "longest text after parsing": text("<i>" + "x" * 4096 + "</i>", parse_mode="HTML"),
    "longest data": with_buttons(button(callback_data="x" * 64)),
    "as many buttons as there may be": with_buttons(*[button(callback_data="a")] * 100),
    "every kind of link": with_buttons(
        button(url="https://a.example/x"), button(url="http://127.0.0.1:8000/"), button(url="tg://user?id=5")
    ),
    "reply to nothing, if need be": text(
        "Hi", reply_parameters=ReplyParameters(1, allow_sending_without_reply=True)
    ),
    "an empty keyboard": text("Hi", reply_markup=InlineKeyboardMarkup([])),
    "longest caption": document(b"x", caption="x" * 1024),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_just_within_the_limits_is_taken(fake, library, sam, name):
    library(lambda bot: ALLOWED[name](bot, sam.chat_id))
    assert len(sam.inbox) == 1 and fake.violations == []


def test_an_unknown_method_is_not_found_and_noted(fake, library, sam):
    with pytest.raises(TelegramError):
        library(lambda bot: bot.send_photo(sam.chat_id, b"x"))
    assert fake.violations == ["sendPhoto: Not Found"]


def test_only_own_messages_with_an_inline_keyboard_or_none_can_be_edited(fake, library, sam):
    own = sam.say("mine")
    asked = library(lambda bot: bot.send_message(sam.chat_id, "Well?", reply_markup=ForceReply()))
    for message_id in (own, asked.message_id):
        with pytest.raises(BadRequest, match="can't be edited"):
            library(lambda bot, message_id=message_id: bot.edit_message_text("Changed", sam.chat_id, message_id))
    sent = library(lambda bot: bot.send_message(sam.chat_id, "Well?"))
    with pytest.raises(BadRequest, match="Message_too_long"):
        library(lambda bot: bot.edit_message_text("x" * 4097, sam.chat_id, sent.message_id))
    with pytest.raises(BadRequest, match="(?i)inline keyboard expected"):
        library(
            lambda bot: bot.do_api_request(
                "editMessageReplyMarkup",
                {"chat_id": sam.chat_id, "message_id": sent.message_id, "reply_markup": {"force_reply": True}},
            )
        )
    assert len(fake.violations) == 4


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_the_fake_knows_exactly_the_parameters_of_the_library(method):
    of_the_library = set(inspect.signature(getattr(Bot, method.name)).parameters) - OF_THE_LIBRARY
    assert set(method.parameters) == of_the_library


@pytest.mark.parametrize(
    ("source", "mode", "plain", "kinds"),
    [
        ("a <b>b <i>c</i></b> &amp; &#100;", "HTML", "a b c & d", ["bold", "italic"]),
        ('<a href="https://a.example">x</a><tg-spoiler>y</tg-spoiler>', "html", "xy", ["text_link", "spoiler"]),
        ("<pre><code>1 &lt; 2</code></pre>", "HTML", "1 < 2", ["pre", "code"]),
        ("*b* _i_ __u__ ~s~ ||p||", "MarkdownV2", "b i u s p", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        (r"1\. [x](https://a.example/\)) `a*b`", "MarkdownV2", "1. x a*b", ["text_link", "code"]),
        ("<b>not read</b>", None, "<b>not read</b>", []),
    ],
)
def test_markup_is_read_as_telegram_reads_it(source, mode, plain, kinds):
    text = parsed(source, mode)
    assert text.plain == plain and [entity["type"] for entity in text.entities] == kinds


@pytest.mark.parametrize(
    ("source", "mode"),
    [
        ("</b>", "HTML"),
        ("<b><i>x</b></i>", "HTML"),
        ("1 < 2", "HTML"),
        ("<span>x</span>", "HTML"),
        ("*x", "MarkdownV2"),
        ("*a _b* c_", "MarkdownV2"),
        ("`x", "MarkdownV2"),
        ("(x)", "MarkdownV2"),
        ("*x*", "Markdown"),
    ],
)
def test_broken_markup_is_refused(source, mode):
    with pytest.raises(Refusal):
        parsed(source, mode)


def test_places_are_counted_in_utf_16():
    text = "😀 /help"
    assert units(text) == 8
    assert marked_alone(text) == ({"type": "bot_command", "offset": 3, "length": 5},)
