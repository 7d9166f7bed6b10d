"""The rules of each method: which parameters there are, of what kind, and within which limits.

Where the documentation names a limit and the real server only bends what goes beyond it or looks away (an unknown
parameter, a ``limit`` of 500), the call is refused here: a test shall see the mistake.
"""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any, Callable, Mapping, Optional
from urllib.parse import urlsplit

from botapi.formatted_text import Text, marked_alone, parsed, units
from botapi.keyboards import check_fields, check_markup, check_url
from botapi.methods_known import Method, Upload
from botapi.refusal import Refusal, bad

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_ANSWER = 200
LARGEST_FILE_BYTES = 50 * 1024 * 1024
MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
WEBHOOK_PORTS = (80, 88, 443, 8443)
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
NOT_SENT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
UPDATE_TYPES = NOT_SENT_BY_DEFAULT | set(
    "message edited_message channel_post edited_channel_post business_connection business_message guest_message "
    "edited_business_message deleted_business_messages inline_query chosen_inline_result callback_query "
    "shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_join_request "
    "chat_boost removed_chat_boost managed_bot".split()
)
CHAT_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
ENTITY_TYPES = frozenset(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler "
    "blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time".split()
)
SCOPES: Mapping[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
# What the fake has no world for: the real server answers so when there is no such thing.
NOT_THERE = {
    "message_thread_id": "message thread not found",
    "business_connection_id": "business connection not found",
    "message_effect_id": "EFFECT_ID_INVALID",
    "direct_messages_topic_id": "direct messages topic not found",
    "suggested_post_parameters": "suggested posts can be sent only to channel direct messages",
    "inline_message_id": "MESSAGE_ID_INVALID",
}


def check(method: Method, given: Mapping[str, Any], files: Mapping[str, Upload]) -> dict[str, Any]:
    """The parameters of a call, each of its proper type.

    Raises a refusal (400) for a parameter that does not exist, is of the wrong type, missing or out of its limits.
    """
    params: dict[str, Any] = {}
    used: set[str] = set()
    for name, value in {**given, **{name: file for name, file in files.items() if name in method.parameters}}.items():
        if name not in method.parameters:
            raise bad(f'{method.name} has no parameter "{name}"')
        if isinstance(value, str) and value.startswith("attach://") and method.parameters[name] == "file":
            name_of_part = value[len("attach://") :]
            if name_of_part not in files:
                raise bad(f"there is no file {name_of_part} in the request")
            used.add(name_of_part)
            value = files[name_of_part]
        params[name] = _typed(name, value, method.parameters[name])
    for name in files:
        if name not in method.parameters and name not in used:
            raise bad(f'{method.name} has no parameter "{name}"')
    for name, said in method.required.items():
        if params.get(name) is None or params[name] == "" and name != "url":
            raise bad(said)
    for name, said in NOT_THERE.items():
        if name in params:
            raise bad(said)
    if params.get("allow_paid_broadcast"):
        raise bad("FLOODSKIP_NOT_ALLOWED")
    if method.name in LIMITS:
        LIMITS[method.name](params)
    return params


def _typed(name: str, value: Any, kind: str) -> Any:
    if kind in ("object", "array") and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    if kind in ("integer", "chat") and isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    if kind == "chat" and value == "":
        return value
    if kind == "chat" and isinstance(value, str):
        raise bad("chat not found")
    wanted: Mapping[str, tuple[type, ...]] = {
        "string": (str,),
        "boolean": (bool,),
        "integer": (int,),
        "chat": (int,),
        "object": (dict,),
        "array": (list,),
        "file": (Upload, str),
    }
    if not isinstance(value, wanted[kind]) or (kind in ("integer", "chat") and isinstance(value, bool)):
        raise bad(f'field "{name}" must be of type {kind.capitalize()}')
    return value


def read_text(params: Mapping[str, Any], name: str, limit: int, too_long: str) -> Text:
    """The plain text and entities of ``text`` or ``caption``, as people will see it.

    Raises a refusal (400) when the markup is wrong, nothing is left, or it is longer than ``limit`` UTF-16 units.
    """
    entities = params.get("entities" if name == "text" else "caption_entities")
    if entities is not None:
        _check_entities(entities, params[name])
        text = Text(params[name], tuple(entities))
    else:
        text = parsed(params[name], params.get("parse_mode"))
    text = _trimmed(text)
    if name == "text" and not text.plain.strip():
        raise bad("text must be non-empty")
    if units(text.plain) > limit:
        raise bad(too_long)
    for entity in text.entities:
        if entity["type"] == "text_link":
            check_url(str(entity["url"]), f"entity URL '{entity['url']}'")
    return text


def _trimmed(text: Text) -> Text:
    """Without white space around it, and with what Telegram marks by itself."""
    plain = text.plain.rstrip() if text.entities else text.plain.strip()
    entities = [
        {**entity, "length": min(entity["length"], units(plain) - entity["offset"])} for entity in text.entities
    ]
    given = [entity for entity in entities if entity["length"] > 0]
    more = [
        entity
        for entity in marked_alone(plain)
        if all(
            other["offset"] + other["length"] <= entity["offset"]
            or entity["offset"] + entity["length"] <= other["offset"]
            for other in given
        )
    ]
    return Text(plain, tuple(sorted(given + more, key=lambda entity: (entity["offset"], -entity["length"]))))


def _check_entities(entities: list[Any], text: str) -> None:
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in ENTITY_TYPES:
            raise bad("can't parse MessageEntity: Unsupported type specified")
        for field in ("offset", "length", *(("url",) if entity["type"] == "text_link" else ())):
            if field not in entity:
                raise bad(f'can\'t parse MessageEntity: Can\'t find field "{field}"')
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0:
            raise bad(f"receive an entity with incorrect offset {start}")
        if start >= units(text):
            raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
        if end > units(text):
            raise bad(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )


def _check_sent_text(params: Mapping[str, Any]) -> None:
    read_text(params, "text", LONGEST_TEXT, "message is too long")
    check_markup(params.get("reply_markup"))
    _check_preview_and_reply(params)


def _check_edited_text(params: Mapping[str, Any]) -> None:
    read_text(params, "text", LONGEST_TEXT, "MESSAGE_TOO_LONG")
    check_markup(params.get("reply_markup"), inline_only=True)
    _check_preview_and_reply(params)


def _check_document(params: Mapping[str, Any]) -> None:
    document = params["document"]
    if isinstance(document, str):
        raise bad("wrong file identifier/HTTP URL specified")
    if not document.content:
        raise bad("file must be non-empty")
    if len(document.content) > LARGEST_FILE_BYTES:
        raise Refusal(413, "Request Entity Too Large", counts=True)
    read_text({"caption": "", **params}, "caption", LONGEST_CAPTION, "message caption is too long")
    check_markup(params.get("reply_markup"))
    _check_preview_and_reply(params)


def _check_preview_and_reply(params: Mapping[str, Any]) -> None:
    flags = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
    preview = params.get("link_preview_options", {})
    check_fields(preview, {"url": str, **dict.fromkeys(flags, bool)}, "link_preview_options")
    reply = params.get("reply_parameters")
    if reply is not None:
        known = {"message_id": int, "chat_id": int, "allow_sending_without_reply": bool, "quote": str}
        quote = {"quote_parse_mode": str, "quote_entities": list, "quote_position": int}
        check_fields(reply, {**known, **quote, "checklist_task_id": int, "poll_option_id": str}, "reply_parameters")
        if "message_id" not in reply:
            raise bad('can\'t find field "message_id"')


def _check_edited_markup(params: Mapping[str, Any]) -> None:
    check_markup(params.get("reply_markup"), inline_only=True)


def _check_answer(params: Mapping[str, Any]) -> None:
    if units(params.get("text", "")) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    if params.get("url"):
        raise bad("URL_INVALID")
    if params.get("cache_time", 0) < 0:
        raise bad("cache time must not be negative")


def _check_action(params: Mapping[str, Any]) -> None:
    if params["action"] not in CHAT_ACTIONS:
        raise bad("wrong parameter action in request")


def _check_commands(params: Mapping[str, Any]) -> None:
    if len(params["commands"]) > MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in params["commands"]:
        if not isinstance(command, dict):
            raise bad("can't parse BotCommand: expected an Object")
        check_fields(command, {"command": str, "description": str}, "BotCommand")
        for field in ("command", "description"):
            if field not in command:
                raise bad(f'can\'t parse BotCommand: Can\'t find field "{field}"')
        if not command["command"]:
            raise bad("command must be non-empty")
        if not COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise bad("command description must be non-empty")
        if units(command["description"]) > LONGEST_COMMAND_DESCRIPTION:
            raise bad(f"command description length must not exceed {LONGEST_COMMAND_DESCRIPTION}")
    scope = params.get("scope", {"type": "default"})
    if scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    for field in SCOPES[scope["type"]]:
        if field not in scope:
            raise bad(f'can\'t parse BotCommandScope: Can\'t find field "{field}"')
    if not re.fullmatch(r"|[a-z]{2}", params.get("language_code", "")):
        raise bad("invalid language code specified")


def _check_updates(params: Mapping[str, Any]) -> None:
    if not 1 <= params.get("limit", 100) <= 100:
        raise bad("limit must be between 1 and 100")
    if params.get("timeout", 0) < 0:
        raise bad("timeout must not be negative")
    _check_allowed(params.get("allowed_updates"))


def _check_allowed(allowed: Optional[list[Any]]) -> None:
    for kind in allowed or ():
        if kind not in UPDATE_TYPES:
            raise bad(f"there are no updates of type {kind}")


def _check_webhook(params: Mapping[str, Any]) -> None:
    _check_allowed(params.get("allowed_updates"))
    if not 1 <= params.get("max_connections", 40) <= 100:
        raise bad("max_connections must be between 1 and 100")
    secret = params.get("secret_token")
    if secret is not None and len(secret) > 256:
        raise bad("secret token is too long")
    if secret is not None and not SECRET_TOKEN.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if params["url"] and not on_this_machine(params["url"]):
        address = urlsplit(params["url"])
        if not address.hostname or address.scheme not in ("http", "https"):
            raise bad("invalid webhook URL specified")
        if address.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (address.port or 443) not in WEBHOOK_PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def on_this_machine(url: str) -> bool:
    """Whether an address is on loopback; only the fake delivers there, over plain HTTP and to any port."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


LIMITS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "sendMessage": _check_sent_text,
    "editMessageText": _check_edited_text,
    "editMessageReplyMarkup": _check_edited_markup,
    "answerCallbackQuery": _check_answer,
    "sendChatAction": _check_action,
    "setMyCommands": _check_commands,
    "getUpdates": _check_updates,
    "setWebhook": _check_webhook,
    "sendDocument": _check_document,
}
