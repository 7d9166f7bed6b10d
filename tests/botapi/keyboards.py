"""Which keyboards Telegram takes under a message, and what a person sees of them."""

from __future__ import annotations

from typing import Any, Mapping, Optional
from urllib.parse import urlsplit

from botapi.formatted_text import units
from botapi.refusal import Refusal, bad

MOST_BUTTONS = 100
MOST_BUTTONS_IN_A_ROW = 8
LONGEST_CALLBACK_DATA_BYTES = 64
LONGEST_COPIED_TEXT = 256
STYLES = ("primary", "success", "danger")
LOOKS = {"text": str, "style": str, "icon_custom_emoji_id": str}
INLINE_ACTIONS: Mapping[str, type] = {
    "url": str,
    "callback_data": str,
    "web_app": dict,
    "login_url": dict,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
    "callback_game": dict,
    "pay": bool,
}
REPLY_ACTIONS: Mapping[str, type] = {
    "request_contact": bool,
    "request_location": bool,
    "request_poll": dict,
    "request_users": dict,
    "request_chat": dict,
    "request_managed_bot": dict,
    "web_app": dict,
}
KINDS: Mapping[str, Mapping[str, type]] = {
    "inline_keyboard": {},
    "keyboard": {
        "resize_keyboard": bool,
        "one_time_keyboard": bool,
        "is_persistent": bool,
        "selective": bool,
        "input_field_placeholder": str,
    },
    "remove_keyboard": {"selective": bool},
    "force_reply": {"selective": bool, "input_field_placeholder": str},
}
TYPE_NAMES = {str: "String", bool: "Boolean", dict: "Object", list: "Array", int: "Integer"}


def check_markup(markup: Optional[Mapping[str, Any]], inline_only: bool = False) -> None:
    """Raise a refusal (400) unless Telegram would take this ``reply_markup``; an empty one counts as none."""
    if not markup:
        return
    kinds = [kind for kind in KINDS if kind in markup]
    if len(kinds) != 1:
        raise bad("reply markup must be exactly one of " + ", ".join(KINDS))
    kind = kinds[0]
    if inline_only and kind != "inline_keyboard":
        raise bad("inline keyboard expected")
    known = {kind: list if kind in ("inline_keyboard", "keyboard") else bool, **KINDS[kind]}
    check_fields(markup, known, "reply markup")
    if kind == "inline_keyboard":
        _check_rows(markup[kind], _check_inline_button)
    elif kind == "keyboard":
        if not markup[kind]:
            raise bad("reply keyboard has no buttons")
        _check_rows(markup[kind], _check_reply_button)
    elif markup[kind] is not True:
        raise bad(f'field "{kind}" must be True')
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= units(placeholder) <= 64:
        raise bad("input field placeholder must be 1-64 characters long")


def check_fields(given: Mapping[str, Any], known: Mapping[str, type], what: str) -> None:
    """Raise a refusal (400) for a field that does not exist or is of another type."""
    for name, value in given.items():
        if name not in known:
            raise bad(f'{what} has no field "{name}"')
        if not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise bad(f'field "{name}" must be of type {TYPE_NAMES[known[name]]}')


def _check_rows(rows: Any, check_button: Any) -> None:
    count = 0
    for row in rows:
        if not isinstance(row, list):
            raise bad("a keyboard must be an Array of Arrays")
        if len(row) > MOST_BUTTONS_IN_A_ROW:
            raise bad("reply markup is too long")
        for button in row:
            check_button(button)
        count += len(row)
    if count > MOST_BUTTONS:
        raise bad("reply markup is too long")


def _unparsable(kind: str, why: str) -> Refusal:
    return bad(f"can't parse {kind} button: {why}")


def _check_looks(button: Any, kind: str) -> None:
    if not isinstance(button, dict):
        raise _unparsable(kind, f"{kind.capitalize()} button must be an Object")
    if "text" not in button:
        raise _unparsable(kind, 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _unparsable(kind, 'Field "text" must be of type String')
    if not button["text"].strip():
        raise bad(f"{kind} button text is empty")
    if button.get("style", STYLES[0]) not in STYLES:
        raise _unparsable(kind, "Invalid button style specified")


def _check_inline_button(button: Any) -> None:
    _check_looks(button, "inline keyboard")
    check_fields(button, {**LOOKS, **INLINE_ACTIONS}, "inline keyboard button")
    actions = [name for name in INLINE_ACTIONS if name in button]
    if not actions or button[actions[0]] == "" and actions[0] in ("url", "callback_data"):
        raise _unparsable("inline keyboard", "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsable("inline keyboard", "Exactly one of the optional fields must be used: " + ", ".join(actions))
    action, value = actions[0], button[actions[0]]
    if action == "callback_data" and len(value.encode("utf-8")) > LONGEST_CALLBACK_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if action == "url":
        check_url(value, f"inline keyboard button URL '{value}'")
    if action == "web_app":
        _check_web_app(value, "inline keyboard")
    if action == "copy_text" and not 1 <= units(str(value.get("text", ""))) <= LONGEST_COPIED_TEXT:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    if action in ("pay", "callback_game"):
        raise bad("BUTTON_TYPE_INVALID")


def _check_reply_button(button: Any) -> None:
    button = {"text": button} if isinstance(button, str) else button
    _check_looks(button, "keyboard")
    check_fields(button, {**LOOKS, **REPLY_ACTIONS}, "keyboard button")
    if len([name for name in REPLY_ACTIONS if name in button]) > 1:
        raise _unparsable("keyboard", "At most one of the optional fields must be used")
    if "web_app" in button:
        _check_web_app(button["web_app"], "keyboard")


def _check_web_app(web_app: Mapping[str, Any], kind: str) -> None:
    url = str(web_app.get("url", ""))
    if not url.startswith("https://"):
        raise bad(f"{kind} button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def check_url(url: str, what: str) -> None:
    """Raise a refusal (400) unless it is a whole http, https or tg address.

    Telegram also takes an address without a scheme; here that counts as a mistake.
    """
    scheme, colon, _ = url.partition("://")
    if not colon:
        raise bad(f"{what} is invalid: Wrong HTTP URL")
    if scheme.lower() not in ("http", "https", "tg"):
        raise bad(f"{what} is invalid: Unsupported URL protocol")
    host = urlsplit(url).hostname or ""
    if not host:
        raise bad(f"{what} is invalid: URL host is empty")
    if scheme.lower() != "tg" and "." not in host or any(c.isspace() for c in url):
        raise bad(f"{what} is invalid: Wrong HTTP URL")


def inline_rows(markup: Optional[Mapping[str, Any]]) -> Optional[dict[str, Any]]:
    """The inline keyboard to keep under a message; None when there is none, as empty rows leave none."""
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    return {"inline_keyboard": rows} if rows else None


def inline_buttons(markup: Optional[Mapping[str, Any]], action: str) -> list[tuple[str, str]]:
    """The title and value of each inline button that does this, in reading order."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [(button["text"], button[action]) for row in rows for button in row if action in button]


def reply_titles(markup: Mapping[str, Any]) -> list[str]:
    """The titles of a reply keyboard, in reading order."""
    return [button if isinstance(button, str) else button["text"] for row in markup["keyboard"] for button in row]
