"""Every kind of update that Telegram sends, whole and broken, and what it means."""

from __future__ import annotations

import copy
from dataclasses import astuple
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.front.telegram_update import (
    ALLOWED_UPDATES,
    KNOWN_COMMANDS,
    TelegramUpdate,
    Unreadable,
    UpdateKind,
    parse,
)

UPDATE = 710_000_001
ME = 5_000_000_001
BOT = 7_000_000_002
GROUP = -1_001_234_567_890
PHONE = "+447700900123"
SECRET = ("Marigold", "Featherstone", "marigold_f", "51.4778", "-0.0014", "Old Quay", "BEGIN:VCARD")
"""Names and places that stand in the updates below and must not be kept."""

PERSON = {
    "id": ME, "is_bot": False, "first_name": SECRET[0], "last_name": SECRET[1], "username": SECRET[2],
    "language_code": "en",
}
THE_BOT = {"id": BOT, "is_bot": True, "first_name": "Waymark", "username": "WaymarkExampleBot"}
PRIVATE = {"id": ME, "first_name": SECRET[0], "last_name": SECRET[1], "username": SECRET[2], "type": "private"}
FILE = {"file_id": "AwACAgQAAxkBAAIB", "file_unique_id": "AgADBQ", "file_size": 21_004}
PHOTO = {**FILE, "width": 320, "height": 240}
CLIP = {**PHOTO, "duration": 3}
PLACE = {"latitude": float(SECRET[3]), "longitude": float(SECRET[4])}
POLL = {
    "id": "5", "question": "Tea?", "options": [{"text": "Yes", "voter_count": 0}], "total_voter_count": 0,
    "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
}
ORIGIN = {"type": "hidden_user", "date": 1_760_000_000, "sender_user_name": SECRET[0]}
GROUP_CHATS = [
    {"id": GROUP, "title": "Sunday swimmers", "type": "group"},
    {"id": GROUP, "title": "Sunday swimmers", "username": "sunday_swim", "type": "supergroup", "is_forum": True},
    {"id": GROUP, "title": "Swimming news", "type": "channel"},
]


def message(**parts: Any) -> dict[str, Any]:
    return {"message_id": 41, "from": PERSON, "chat": PRIVATE, "date": 1_760_000_100, **parts}


def sent(**parts: Any) -> dict[str, Any]:
    return {"update_id": UPDATE, "message": message(**parts)}


def edited(**parts: Any) -> dict[str, Any]:
    return {"update_id": UPDATE, "edited_message": message(edit_date=1_760_000_200, **parts)}


def question(**parts: Any) -> dict[str, Any]:
    keyboard = [
        [{"text": "Yes", "callback_data": "q1:yes"}, {"text": "No", "callback_data": "q1:no"}],
        [{"text": "Open the web page", "url": "https://clinic.example/chat"}],
    ]
    return {
        "message_id": 40, "from": THE_BOT, "chat": PRIVATE, "date": 1_760_000_000, "text": "Shall we go on?",
        "reply_markup": {"inline_keyboard": keyboard}, **parts,
    }


def tapped(**parts: Any) -> dict[str, Any]:
    query = {
        "id": "4382bfdwdsb323b2d9", "from": PERSON, "chat_instance": "-38", "data": "q1:no", "message": question(), **parts,
    }
    return {"update_id": UPDATE, "callback_query": {name: part for name, part in query.items() if part is not None}}


def moved(status: str, chat: Optional[dict[str, Any]] = None, **parts: Any) -> dict[str, Any]:
    change = {
        "chat": chat or PRIVATE, "from": PERSON, "date": 1_760_000_300,
        "old_chat_member": {"user": THE_BOT, "status": "left"},
        "new_chat_member": {"user": THE_BOT, "status": status, **parts},
    }
    return {"update_id": UPDATE, "my_chat_member": change}


def read(kind: UpdateKind, **parts: Any) -> TelegramUpdate:
    """What a message of the private chat means."""
    return TelegramUpdate(UPDATE, kind, ME, **{"message_id": 41, **parts})


IGNORED = TelegramUpdate(UPDATE, UpdateKind.IGNORED)
IN_A_GROUP = TelegramUpdate(UPDATE, UpdateKind.GROUP, GROUP)
TAP = TelegramUpdate(
    UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q1:no", callback_id="4382bfdwdsb323b2d9",
    shown_text="Shall we go on?", shown_title="No",
)
COMMAND_MARK = [{"type": "bot_command", "offset": 0, "length": 5}]

WRITTEN = {
    "text": (sent(text="I had four beers"), read(UpdateKind.TEXT, text="I had four beers")),
    "text as typed": (sent(text=" two\n\nlines "), read(UpdateKind.TEXT, text=" two\n\nlines ")),
    "text that answers an own message": (
        sent(text="this one", reply_to_message=question(), quote={"text": "Shall", "position": 0}),
        read(UpdateKind.TEXT, text="this one"),
    ),
    "text without sender": (
        {"update_id": UPDATE, "message": {"message_id": 41, "chat": PRIVATE, "text": "hi"}},
        read(UpdateKind.TEXT, text="hi"),
    ),
    "text without message id": (sent(text="hi", message_id="x"), read(UpdateKind.TEXT, text="hi", message_id=None)),
    "half of an emoji": (sent(text="sad \ud83d"), read(UpdateKind.TEXT, text="sad \ufffd")),
    "two halves of an emoji": (sent(text="\ud83d\ude00"), read(UpdateKind.TEXT, text="😀")),
    "nul": (sent(text="a\x00b"), read(UpdateKind.TEXT, text="a b")),
    "only white space": (sent(text=" \n\t"), read(UpdateKind.OTHER)),
    "only nul": (sent(text="\x00"), read(UpdateKind.OTHER)),
    "empty text": (sent(text=""), read(UpdateKind.OTHER)),
    "edited text": (edited(text="I had five beers"), read(UpdateKind.EDITED, text="I had five beers")),
    "edited to a command": (edited(text="/stop"), read(UpdateKind.EDITED, text="/stop")),
    "edited to nothing": (edited(text=" "), read(UpdateKind.EDITED)),
    "edited caption": (edited(photo=[PHOTO], caption="my plan"), read(UpdateKind.EDITED, text="my plan")),
    "edited photo": (edited(photo=[PHOTO]), read(UpdateKind.EDITED)),
    "edited live location": (edited(location={**PLACE, "heading": 12}), IGNORED),
    "edited something unknown": (edited(hologram={}), IGNORED),
}

COMMANDS = {
    "as listed": (sent(text="/help", entities=COMMAND_MARK), read(UpdateKind.COMMAND, command="help")),
    "upper case": (sent(text="/STOP"), read(UpdateKind.COMMAND, command="stop")),
    "bot name": (sent(text="/Plan@WaymarkExampleBot"), read(UpdateKind.COMMAND, command="plan")),
    "deep link": (sent(text="/start 8fK-_2"), read(UpdateKind.COMMAND, command="start", text="8fK-_2")),
    "argument on the next line": (
        sent(text="/human@WaymarkExampleBot\n please  call\nme "),
        read(UpdateKind.COMMAND, command="human", text="please  call\nme"),
    ),
    "white space around": (sent(text=" /web  "), read(UpdateKind.COMMAND, command="web")),
    "unknown": (sent(text="/settings now"), read(UpdateKind.TEXT, text="/settings now")),
    "only its start is known": (sent(text="/stopping"), read(UpdateKind.TEXT, text="/stopping")),
    "with a full stop": (sent(text="/stop."), read(UpdateKind.TEXT, text="/stop.")),
    "a letter that only looks like one": (sent(text="/ſtop"), read(UpdateKind.TEXT, text="/ſtop")),
    "not the first thing": (sent(text="please /stop"), read(UpdateKind.TEXT, text="please /stop")),
    "only a slash": (sent(text="/"), read(UpdateKind.TEXT, text="/")),
    "in a caption": (sent(photo=[PHOTO], caption="/stop"), read(UpdateKind.PHOTO, text="/stop")),
}

MEDIA = {
    "photo": (sent(photo=[PHOTO, {**PHOTO, "width": 640, "height": 480}]), read(UpdateKind.PHOTO)),
    "photo of an album": (
        sent(photo=[PHOTO], media_group_id="13874", caption="us"), read(UpdateKind.PHOTO, album="13874", text="us"),
    ),
    "live photo": (sent(live_photo=CLIP, photo=[PHOTO]), read(UpdateKind.PHOTO)),
    "voice": (sent(voice={**FILE, "duration": 3}), read(UpdateKind.VOICE)),
    "audio": (sent(audio={**FILE, "duration": 180, "title": "Song"}, caption="listen"), read(UpdateKind.VOICE, text="listen")),
    "video note": (sent(video_note={**FILE, "length": 240, "duration": 3}), read(UpdateKind.VOICE)),
    "sticker": (sent(sticker={**PHOTO, "emoji": "😀", "type": "regular", "is_animated": False, "is_video": False}), read(UpdateKind.STICKER)),
    "video": (sent(video=CLIP, caption="see"), read(UpdateKind.VIDEO, text="see")),
    "animation": (sent(animation=CLIP, document=FILE), read(UpdateKind.VIDEO)),
    "document": (sent(document={**FILE, "file_name": "letter.pdf"}), read(UpdateKind.DOCUMENT)),
    "location": (sent(location=PLACE), read(UpdateKind.LOCATION)),
    "venue": (
        sent(location=PLACE, venue={"location": PLACE, "title": SECRET[5], "address": SECRET[5]}),
        read(UpdateKind.LOCATION),
    ),
    "dice": (sent(dice={"emoji": "🎲", "value": 3}), read(UpdateKind.OTHER)),
    "game": (sent(game={"title": "Lines", "description": "A game", "photo": [PHOTO]}), read(UpdateKind.OTHER)),
    "poll": (sent(poll=POLL), read(UpdateKind.OTHER)),
    "story": (sent(story={"chat": PRIVATE, "id": 3}), read(UpdateKind.OTHER)),
    "paid media": (sent(paid_media={"star_count": 1, "paid_media": []}, caption="c"), read(UpdateKind.OTHER, text="c")),
    "giveaway": (sent(giveaway={"winner_count": 1, "chats": []}), read(UpdateKind.OTHER)),
    "giveaway winners": (sent(giveaway_winners={"giveaway_message_id": 8, "winner_count": 1, "winners": []}), read(UpdateKind.OTHER)),
    "checklist": (sent(checklist={"title": "Week", "tasks": []}), read(UpdateKind.OTHER)),
    "a medium yet unknown": (sent(hologram=FILE, caption="look"), read(UpdateKind.OTHER, text="look")),
    "blank caption": (sent(photo=[PHOTO], caption=" "), read(UpdateKind.PHOTO)),
}

CONTACTS = {
    "own": (
        sent(contact={"phone_number": PHONE, "first_name": SECRET[0], "user_id": ME, "vcard": SECRET[6]}),
        read(UpdateKind.CONTACT, phone=PHONE, phone_is_own=True),
    ),
    "of somebody else": (
        sent(contact={"phone_number": PHONE, "first_name": SECRET[0], "user_id": ME + 1}),
        read(UpdateKind.CONTACT, phone=PHONE),
    ),
    "not on Telegram": (
        sent(contact={"phone_number": PHONE, "first_name": SECRET[0]}), read(UpdateKind.CONTACT, phone=PHONE),
    ),
    "no sender to compare": (
        sent(contact={"phone_number": PHONE, "first_name": SECRET[0]}, **{"from": None}),
        read(UpdateKind.CONTACT, phone=PHONE),
    ),
    "without number": (sent(contact={"first_name": SECRET[0], "phone_number": 7}), read(UpdateKind.CONTACT)),
}

FORWARDED = {
    "text": (sent(text="do it", forward_origin=ORIGIN), read(UpdateKind.FORWARDED, heard="do it")),
    "command": (sent(text="/stop", forward_origin=ORIGIN), read(UpdateKind.FORWARDED, heard="/stop")),
    "older, of a person": (
        sent(text="a", forward_from=PERSON, forward_date=1_760_000_000), read(UpdateKind.FORWARDED, heard="a"),
    ),
    "older, of a person, no date": (sent(text="a", forward_from=PERSON), read(UpdateKind.FORWARDED, heard="a")),
    "older, of a channel": (sent(text="a", forward_from_chat=GROUP_CHATS[2]), read(UpdateKind.FORWARDED, heard="a")),
    "older, of a hidden person": (
        sent(text="a", forward_sender_name=SECRET[0]), read(UpdateKind.FORWARDED, heard="a"),
    ),
    "older, date only": (sent(text="a", forward_date=1_760_000_000), read(UpdateKind.FORWARDED, heard="a")),
    "through a bot": (sent(text="a", via_bot=THE_BOT), read(UpdateKind.FORWARDED, heard="a")),
    "edited by that bot": (edited(text="b", via_bot=THE_BOT), read(UpdateKind.FORWARDED, heard="b")),
    "photo of an album": (
        sent(photo=[PHOTO], caption="see", media_group_id="9", forward_origin=ORIGIN),
        read(UpdateKind.FORWARDED, heard="see", album="9"),
    ),
    "contact": (
        sent(contact={"phone_number": PHONE, "first_name": SECRET[0], "user_id": ME}, forward_origin=ORIGIN),
        read(UpdateKind.FORWARDED),
    ),
    "half of an emoji": (sent(text="\ude00", forward_origin=ORIGIN), read(UpdateKind.FORWARDED, heard="\ufffd")),
}

TAPPED = {
    "question": (tapped(), TAP),
    "message no longer accessible": (
        tapped(message={"chat": PRIVATE, "message_id": 40, "date": 0}),
        TelegramUpdate(
            UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q1:no", callback_id="4382bfdwdsb323b2d9",
        ),
    ),
    "keyboard under a photo": (
        tapped(message=question(text=None, photo=[PHOTO], caption="Look")),
        TelegramUpdate(
            UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q1:no", callback_id="4382bfdwdsb323b2d9",
            shown_text="Look", shown_title="No",
        ),
    ),
    "a button its keyboard does not have": (
        tapped(data="q9:old"),
        TelegramUpdate(
            UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q9:old", callback_id="4382bfdwdsb323b2d9",
            shown_text="Shall we go on?",
        ),
    ),
    "nul in its data": (
        tapped(data="q1:\x00"),
        TelegramUpdate(
            UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q1: ", callback_id="4382bfdwdsb323b2d9",
            shown_text="Shall we go on?",
        ),
    ),
    "a keyboard that is none": (
        tapped(message=question(reply_markup={"inline_keyboard": [7, [None, {"text": 1, "callback_data": "q1:no"}]]})),
        TelegramUpdate(
            UPDATE, UpdateKind.BUTTON, ME, message_id=40, button="q1:no", callback_id="4382bfdwdsb323b2d9",
            shown_text="Shall we go on?",
        ),
    ),
    "game": (tapped(data=None, game_short_name="lines"), IGNORED),
    "empty data": (tapped(data=""), IGNORED),
    "inline message": (tapped(message=None, inline_message_id="AAAA"), IGNORED),
    "message too old to come along": (tapped(message=None), IGNORED),
}

MEMBERSHIP = {
    "blocked": (moved("kicked", until_date=0), TelegramUpdate(UPDATE, UpdateKind.BLOCKED, ME)),
    "unblocked": (moved("member"), TelegramUpdate(UPDATE, UpdateKind.UNBLOCKED, ME)),
    "unknown status": (moved("guest"), IGNORED),
    "status of a wrong type": (moved(["kicked"]), IGNORED),  # type: ignore[arg-type]
    "added to a group": (moved("member", GROUP_CHATS[0]), IN_A_GROUP),
    "made administrator": (moved("administrator", GROUP_CHATS[1]), IN_A_GROUP),
    "made administrator of a channel": (moved("administrator", GROUP_CHATS[2]), IN_A_GROUP),
    "inside with few rights": (moved("restricted", GROUP_CHATS[1], is_member=True), IN_A_GROUP),
    "outside with few rights": (moved("restricted", GROUP_CHATS[1], is_member=False), IGNORED),
    "left, with a mark that only a restricted member has": (moved("left", GROUP_CHATS[1], is_member=True), IGNORED),
    "left a group": (moved("left", GROUP_CHATS[0]), IGNORED),
    "thrown out of a group": (moved("kicked", GROUP_CHATS[1]), IGNORED),
}

SERVICE = {
    name: (sent(**{name: part}), IGNORED)
    for name, part in {
        "pinned_message": question(),
        "new_chat_members": [PERSON],
        "left_chat_member": PERSON,
        "new_chat_title": "Hello",
        "new_chat_photo": [PHOTO],
        "message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400},
        "successful_payment": {"currency": "GBP", "total_amount": 100},
        "refunded_payment": {"currency": "GBP", "total_amount": 100},
        "invoice": {"title": "Tea", "currency": "GBP", "total_amount": 100},
        "users_shared": {"request_id": 1, "users": []},
        "chat_shared": {"request_id": 1, "chat_id": GROUP},
        "write_access_allowed": {},
        "web_app_data": {"data": "x", "button_text": "y"},
        "proximity_alert_triggered": {"distance": 3},
        "chat_background_set": {"type": {}},
        "gift": {"gift": {}},
        "giveaway_completed": {"winner_count": 1},
    }.items()
}

OTHER_UPDATES = {
    name: ({"update_id": UPDATE, name: part}, IGNORED)
    for name, part in {
        "channel_post": message(chat=GROUP_CHATS[2], text="News"),
        "edited_channel_post": message(chat=GROUP_CHATS[2], text="News"),
        "inline_query": {"id": "1", "from": PERSON, "query": "tea", "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": PERSON, "query": "tea"},
        "shipping_query": {"id": "1", "from": PERSON, "invoice_payload": "x"},
        "pre_checkout_query": {"id": "1", "from": PERSON, "currency": "GBP", "total_amount": 100},
        "poll": POLL,
        "poll_answer": {"poll_id": "5", "user": PERSON, "option_ids": [0]},
        "message_reaction": {"chat": PRIVATE, "message_id": 40, "user": PERSON, "new_reaction": []},
        "message_reaction_count": {"chat": PRIVATE, "message_id": 40, "reactions": []},
        "chat_member": {"chat": GROUP_CHATS[1], "from": PERSON, "new_chat_member": {"status": "member"}},
        "chat_join_request": {"chat": GROUP_CHATS[1], "from": PERSON},
        "business_message": message(text="hello"),
        "a_kind_yet_unknown": message(text="hello"),
    }.items()
}

BOTS = {
    "message": (sent(text="beep", **{"from": THE_BOT}), IGNORED),
    "edited": (edited(text="beep", **{"from": THE_BOT}), IGNORED),
    "this bot leaves a group": (
        sent(chat=GROUP_CHATS[0], left_chat_member=THE_BOT, **{"from": THE_BOT}), IGNORED,
    ),
}

BROKEN = {
    "no content": (sent(), IGNORED),
    "no chat": ({"update_id": UPDATE, "message": {"message_id": 41, "from": PERSON, "text": "a"}}, IGNORED),
    "chat without type": (sent(chat={"id": ME}, text="a"), IGNORED),
    "chat of an unknown type": (sent(chat={"id": ME, "type": "sender"}, text="a"), IGNORED),
    "chat type that is a list": (sent(chat={"id": ME, "type": ["private"]}, text="a"), IGNORED),
    "chat id that is a word": (sent(chat={"id": "5", "type": "private"}, text="a"), IGNORED),
    "chat id that is a truth": (sent(chat={"id": True, "type": "private"}, text="a"), IGNORED),
    "text that is a number": (sent(text=7), IGNORED),
    "text that is a list": (sent(text=["a"]), IGNORED),
    "photo that is a word": (sent(photo="x"), IGNORED),
    "contact that is a list": (sent(contact=[PHONE]), IGNORED),
    "album that is a number": (sent(photo=[PHOTO], media_group_id=7), read(UpdateKind.PHOTO)),
    "message that is a list": ({"update_id": UPDATE, "message": [1]}, IGNORED),
    "query that is a word": ({"update_id": UPDATE, "callback_query": "x"}, IGNORED),
    "data that is a number": (tapped(data=3), IGNORED),
    "membership without chat": ({"update_id": UPDATE, "my_chat_member": {}}, IGNORED),
    "nothing but the number": ({"update_id": UPDATE}, IGNORED),
}

GROUPS = {
    f"{name} in a {chat['type']}": (raw, IN_A_GROUP)
    for chat in GROUP_CHATS
    for name, raw in {
        "text": sent(chat=chat, text="private matter"),
        "command": sent(chat=chat, text="/start@WaymarkExampleBot"),
        "edit": edited(chat=chat, text="private matter"),
        "forward": sent(chat=chat, text="private matter", forward_origin=ORIGIN),
        "new member": sent(chat=chat, new_chat_members=[THE_BOT]),
        "tap": tapped(message=question(chat=chat)),
        "game": tapped(message=question(chat=chat), data=None, game_short_name="lines"),
    }.items()
}

TABLES = {
    "written": WRITTEN, "command": COMMANDS, "media": MEDIA, "contact": CONTACTS, "forwarded": FORWARDED,
    "tapped": TAPPED, "membership": MEMBERSHIP, "service": SERVICE, "other update": OTHER_UPDATES, "bot": BOTS,
    "broken": BROKEN, "group": GROUPS,
}
SAMPLES = {f"{table}: {name}": pair for table, rows in TABLES.items() for name, pair in rows.items()}


@pytest.mark.parametrize(("raw", "meaning"), SAMPLES.values(), ids=SAMPLES.keys())
def test_an_update_is_read(raw, meaning):
    before = copy.deepcopy(raw)
    assert parse(raw) == meaning
    assert raw == before


@pytest.mark.parametrize("name", KNOWN_COMMANDS)
def test_every_known_command_is_read(name):
    assert parse(sent(text=f"/{name.title()}")) == read(UpdateKind.COMMAND, command=name)


def test_the_samples_hold_every_kind_of_meaning():
    assert {meaning.kind for _, meaning in SAMPLES.values()} == set(UpdateKind)


def test_kinds_are_named_in_lower_case():
    assert [kind.value for kind in UpdateKind] == [kind.name.lower() for kind in UpdateKind]


def test_only_updates_that_are_read_are_asked_for():
    read_from = {name for raw, meaning in SAMPLES.values() if meaning.kind is not UpdateKind.IGNORED for name in raw}
    assert read_from - {"update_id"} == set(ALLOWED_UPDATES)


@pytest.mark.parametrize("raw", [raw for raw, _ in SAMPLES.values()], ids=SAMPLES.keys())
def test_names_and_places_are_not_kept(raw):
    kept = repr(astuple(parse(raw)))
    assert not [secret for secret in SECRET if secret in kept]


@pytest.mark.parametrize("raw", [raw for raw, _ in SAMPLES.values()], ids=SAMPLES.keys())
def test_what_no_log_may_hold_is_not_in_the_repr(raw):
    update = parse(raw)
    shown = repr(update)
    hidden = [update.chat_id, update.text, update.heard, update.phone, update.shown_text, update.shown_title]
    assert not [part for part in hidden if part and repr(part) in shown]


@pytest.mark.parametrize(
    "raw",
    [
        None, 7, "text", [], [sent(text="a")], {}, {"message": message(text="a")}, {"update_id": "710"},
        {"update_id": None}, {"update_id": True}, {"update_id": 1.0}, {"update_id": [1]},
    ],
)
def test_what_is_no_update_is_refused_without_quoting_it(raw):
    with pytest.raises(Unreadable, match=r"^(An update must be a JSON object\.|update_id must be a whole number\.)$"):
        parse(raw)


WORDS = st.text(max_size=12) | st.sampled_from(["\ud83d", "\x00", "private", "/stop", "kicked", "member"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
NAMES = st.sampled_from(
    [
        "update_id", "message", "edited_message", "callback_query", "my_chat_member", "chat", "id", "type", "from",
        "is_bot", "text", "caption", "photo", "contact", "user_id", "phone_number", "location", "data", "reply_markup",
        "inline_keyboard", "callback_data", "new_chat_member", "status", "forward_origin", "media_group_id",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | WORDS, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES)
def test_anything_is_read_or_refused(raw):
    try:
        update = parse(raw)
    except Unreadable:
        assert not isinstance(raw, dict) or type(raw.get("update_id")) is not int
    else:
        assert update.update_id == raw["update_id"]


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every part of an update stands."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before] * bool(before) + [path for key, part in parts for path in paths(part, (*before, key))]


PARTS = [(raw, path) for raw, _ in SAMPLES.values() for path in paths(raw) if path != ("update_id",)]


@given(st.sampled_from(PARTS), VALUES)
def test_an_update_with_a_wrong_part_is_still_read(part, wrong):
    raw, path = copy.deepcopy(part[0]), part[1]
    place = raw
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    update = parse(raw)
    assert update.update_id == UPDATE
    for text in (update.text, update.heard, update.shown_text, update.shown_title, update.button, update.phone):
        assert text is None or ("\x00" not in text and text.encode("utf-8").decode("utf-8") == text)


@given(st.text(), st.sampled_from(["text", "caption"]), st.sampled_from([sent, edited]))
def test_of_a_group_nothing_is_read(words, place, update):
    assert parse(update(chat=GROUP_CHATS[1], **{place: words})) == IN_A_GROUP


@given(st.text(min_size=1).filter(lambda words: words.strip() and "\x00" not in words and not words.strip().startswith("/")))
def test_what_a_person_writes_arrives_as_written(words):
    assert parse(sent(text=words)) == read(UpdateKind.TEXT, text=words)
