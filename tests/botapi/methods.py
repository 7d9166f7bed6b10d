"""What each method of the bot does to the chats."""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Mapping, Optional

from botapi import bot_api_rules as rules
from botapi.faults import Pace
from botapi.keyboards import inline_rows, reply_titles
from botapi.methods_known import TOO_OLD
from botapi.refusal import Refusal, bad
from botapi.state import Chat, Message, State
from botapi.updates import UpdateQueue
from botapi.webhook import Hook, Webhook

Params = Mapping[str, Any]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Methods:
    """Carries out the calls that need no waiting. Use it only while holding ``state.changed``."""

    def __init__(self, state: State, updates: UpdateQueue, webhook: Webhook, pace: Pace) -> None:
        self._state, self._updates, self._webhook, self._pace = state, updates, webhook, pace
        self._does: dict[str, Callable[[Params], Any]] = {
            "getMe": self.get_me,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": lambda params: webhook.info(),
            "sendMessage": self.send_message,
            "sendDocument": self.send_document,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "answerCallbackQuery": self.answer_callback_query,
            "sendChatAction": self.send_chat_action,
            "setMyCommands": self.set_my_commands,
            "deleteMessage": self.delete_message,
            "leaveChat": self.leave_chat,
        }

    def call(self, method: str, params: Params) -> Any:
        """The result of a call with checked parameters. Raises a refusal when Telegram would not do it."""
        result = json.loads(json.dumps(self._does[method](params)))
        self._state.active()
        return result

    # --- the bot itself ---------------------------------------------------------------------------------------

    def get_me(self, params: Params) -> dict[str, Any]:
        more = {
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return {**self._state.bot, **more}

    def set_my_commands(self, params: Params) -> bool:
        scope = json.dumps(params.get("scope", {"type": "default"}), sort_keys=True)
        self._state.commands[scope, params.get("language_code", "")] = [
            (command["command"], command["description"]) for command in params["commands"]
        ]
        return True

    def set_webhook(self, params: Params) -> bool:
        if params.get("drop_pending_updates"):
            self._updates.drop()
        self._updates.allow(params.get("allowed_updates"))
        self._webhook.hook = Hook()
        if params["url"]:
            self._webhook.hook = Hook(
                url=params["url"],
                secret=params.get("secret_token"),
                max_connections=params.get("max_connections", 40),
                has_certificate="certificate" in params,
            )
            self._updates.end_poll("terminated by setWebhook request")
            self._updates.wake_webhook()
        return True

    def delete_webhook(self, params: Params) -> bool:
        return self.set_webhook({"url": "", **params})

    # --- messages ---------------------------------------------------------------------------------------------

    def send_message(self, params: Params) -> dict[str, Any]:
        text = rules.read_text(params, "text", rules.LONGEST_TEXT, "message is too long")
        chat = self._open_chat(params)
        body: dict[str, Any] = {"text": text.plain}
        if text.entities:
            body["entities"] = list(text.entities)
        return self._send(chat, params, body).body

    def send_document(self, params: Params) -> dict[str, Any]:
        chat, document = self._open_chat(params), params["document"]
        text = rules.read_text({"caption": "", **params}, "caption", rules.LONGEST_CAPTION, "")
        file_id = f"document-{len(self._state.calls)}"
        file = {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_name": document.name}
        body: dict[str, Any] = {"document": {**file, "file_size": len(document.content)}}
        if text.plain:
            body["caption"] = text.plain
        if text.entities:
            body["caption_entities"] = list(text.entities)
        message = self._send(chat, params, body)
        message.document = (document.name, document.content)
        return message.body

    def _send(self, chat: Chat, params: Params, content: Params) -> Message:
        reply = self._reply(chat, params.get("reply_parameters"))
        self._pace.take(chat.id)
        markup = params.get("reply_markup") or {}
        head: dict[str, Any] = {
            "message_id": self._state.new_message_id(),
            "from": self._state.bot,
            "chat": chat.body,
            "date": int(time.time()),
        }
        inline = not markup or "inline_keyboard" in markup
        message = Message({**head, **reply, **content}, from_bot=True, editable=inline)
        if inline:
            _set_keyboard(message, markup)
        elif "keyboard" in markup:
            chat.reply_keyboard = reply_titles(markup)
        elif "remove_keyboard" in markup:
            chat.reply_keyboard = []
        chat.messages[head["message_id"]] = message
        return message

    def _reply(self, chat: Chat, wanted: Optional[Params]) -> dict[str, Any]:
        if wanted is None:
            return {}
        original = chat.messages.get(wanted["message_id"])
        if original is not None:
            return {"reply_to_message": {k: v for k, v in original.body.items() if k != "reply_to_message"}}
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")

    def edit_message_text(self, params: Params) -> dict[str, Any]:
        text = rules.read_text(params, "text", rules.LONGEST_TEXT, "MESSAGE_TOO_LONG")
        message = self._message_to_edit(params)
        if "text" not in message.body:
            raise bad("there is no text in the message to edit")
        same_text = message.text == text.plain and tuple(message.body.get("entities", ())) == text.entities
        self._edit(message, params, same_text)
        message.body["text"] = text.plain
        message.body.pop("entities", None)
        if text.entities:
            message.body["entities"] = list(text.entities)
        return message.body

    def edit_message_reply_markup(self, params: Params) -> dict[str, Any]:
        message = self._message_to_edit(params)
        self._edit(message, params, same_text=True)
        return message.body

    def _edit(self, message: Message, params: Params, same_text: bool) -> None:
        markup = params.get("reply_markup")
        if same_text and inline_rows(markup) == message.body.get("reply_markup"):
            raise bad(NOT_MODIFIED, counts=False)
        self._pace.take(message.body["chat"]["id"])
        message.edits.append(message.text)
        message.body["edit_date"] = int(time.time())
        _set_keyboard(message, markup)

    def _message_to_edit(self, params: Params) -> Message:
        chat = self._open_chat(params)
        message = chat.messages.get(params["message_id"])
        if message is None:
            raise bad("message to edit not found")
        if not message.from_bot or not message.editable:
            raise bad("message can't be edited")
        return message

    def delete_message(self, params: Params) -> bool:
        chat = self._known_chat(params)
        message = chat.messages.get(params["message_id"])
        if message is None:
            raise bad("message to delete not found")
        if not chat.private and not message.from_bot:
            raise bad("message can't be deleted")
        del chat.messages[params["message_id"]]
        return True

    def send_chat_action(self, params: Params) -> bool:
        self._open_chat(params)
        return True

    def answer_callback_query(self, params: Params) -> bool:
        tap = self._state.taps.get(params["callback_query_id"])
        if tap is None or tap.expired:
            raise bad(TOO_OLD)
        if tap.answered:
            # A bot that was given the tap twice, or never heard that its answer arrived, cannot know.
            raise bad(TOO_OLD, counts=not tap.answer_lost and self._updates.handed_out[tap.update_id] < 2)
        tap.answered = True
        if params.get("text"):
            self._state.chats[tap.chat_id].toasts.append(params["text"])
        return True

    # --- chats ------------------------------------------------------------------------------------------------

    def leave_chat(self, params: Params) -> bool:
        chat = self._open_chat(params)
        if chat.private:
            raise bad("chat member status can't be changed in private chats")
        self.change_membership(chat, "left", self._state.bot)
        return True

    def change_membership(self, chat: Chat, new: str, by: Params) -> int:
        """The bot's place in a chat changes; gives the number of the update that says so."""
        old, chat.membership = chat.membership, new
        body = {
            "chat": chat.body,
            "from": by,
            "date": int(time.time()),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(new),
        }
        return self._updates.add("my_chat_member", body, f"chat {chat.id}")

    def _member(self, status: str) -> dict[str, Any]:
        return {"user": self._state.bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    def _known_chat(self, params: Params) -> Chat:
        chat = self._state.chats.get(params["chat_id"])
        if chat is None or not chat.known:
            raise bad("chat not found")
        return chat

    def _open_chat(self, params: Params) -> Chat:
        chat = self._known_chat(params)
        if chat.membership == "member":
            return chat
        if chat.private:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        kind = f"{chat.body['type']} chat"
        why = f"was kicked from the {kind}" if chat.membership == "kicked" else f"is not a member of the {kind}"
        raise Refusal(403, f"Forbidden: bot {why}")


def _set_keyboard(message: Message, markup: Optional[Params]) -> None:
    rows = inline_rows(markup)
    message.body.pop("reply_markup", None)
    if rows is not None:
        message.body["reply_markup"] = rows
