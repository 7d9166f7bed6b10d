"""The methods that the fake knows, and the parameters that each one takes (Bot API 10.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Method:
    """The parameters of one method by name; the required ones with what is said when one is missing."""

    name: str
    parameters: Mapping[str, str]
    required: Mapping[str, str]


CHAT = {"chat_id": "chat"}
SENT = {
    "business_connection_id": "string",
    "message_thread_id": "integer",
    "direct_messages_topic_id": "integer",
    "disable_notification": "boolean",
    "protect_content": "boolean",
    "allow_paid_broadcast": "boolean",
    "message_effect_id": "string",
    "suggested_post_parameters": "object",
    "reply_parameters": "object",
    "reply_markup": "object",
}
EDITED = {
    "business_connection_id": "string",
    "message_id": "integer",
    "inline_message_id": "string",
    "reply_markup": "object",
}
TEXT = {"text": "string", "parse_mode": "string", "entities": "array", "link_preview_options": "object"}
DOCUMENT = {
    "document": "file",
    "thumbnail": "file",
    "caption": "string",
    "parse_mode": "string",
    "caption_entities": "array",
    "disable_content_type_detection": "boolean",
}
UPDATES = {"offset": "integer", "limit": "integer", "timeout": "integer", "allowed_updates": "array"}
WEBHOOK = {
    "url": "string",
    "certificate": "file",
    "ip_address": "string",
    "max_connections": "integer",
    "allowed_updates": "array",
    "drop_pending_updates": "boolean",
    "secret_token": "string",
}
ANSWER = {
    "callback_query_id": "string",
    "text": "string",
    "show_alert": "boolean",
    "url": "string",
    "cache_time": "integer",
}
NO_CHAT = {"chat_id": "chat_id is empty"}
NO_TEXT = {"text": "message text is empty"}
NO_MESSAGE = {"message_id": "message identifier is not specified"}
METHODS = {
    method.name.lower(): method
    for method in (
        Method("getMe", {}, {}),
        Method("getUpdates", UPDATES, {}),
        Method("setWebhook", WEBHOOK, {"url": 'parameter "url" is required'}),
        Method("deleteWebhook", {"drop_pending_updates": "boolean"}, {}),
        Method("getWebhookInfo", {}, {}),
        Method("sendMessage", {**CHAT, **TEXT, **SENT}, {**NO_TEXT, **NO_CHAT}),
        Method("editMessageText", {**CHAT, **TEXT, **EDITED}, {**NO_TEXT, **NO_CHAT, **NO_MESSAGE}),
        Method("editMessageReplyMarkup", {**CHAT, **EDITED}, {**NO_CHAT, **NO_MESSAGE}),
        Method("answerCallbackQuery", ANSWER, {"callback_query_id": TOO_OLD}),
        Method(
            "sendChatAction",
            {**CHAT, "action": "string", "message_thread_id": "integer", "business_connection_id": "string"},
            {**NO_CHAT, "action": "wrong parameter action in request"},
        ),
        Method(
            "setMyCommands",
            {"commands": "array", "scope": "object", "language_code": "string"},
            {"commands": 'parameter "commands" is required'},
        ),
        Method("deleteMessage", {**CHAT, "message_id": "integer"}, {**NO_CHAT, **NO_MESSAGE}),
        Method("leaveChat", CHAT, NO_CHAT),
        Method(
            "sendDocument",
            {**CHAT, **DOCUMENT, **SENT},
            {**NO_CHAT, "document": "there is no document in the request"},
        ),
    )
}
