"""Read requests of the web channel. Pure: bytes in, a message or the reason why not out."""

from __future__ import annotations

import json
import re
from typing import Any, Optional

from waymark.services.turns import Incoming

MESSAGE_ID = re.compile(r"^[A-Za-z0-9._:-]{1,128}$")
COUNTRY = re.compile(r"^[A-Za-z]{2}$")


class Malformed(ValueError):
    """The request cannot be read; the text says why in plain words."""


def parse_message(body: bytes, session_id: str) -> Incoming:
    """A message with its client-made id and either a text or a button. Raises Malformed."""
    raw = _object(body)
    message_id, text, button = raw.get("message_id"), raw.get("text"), raw.get("button")
    if not isinstance(message_id, str) or not MESSAGE_ID.match(message_id):
        raise Malformed("message_id must be 1 to 128 letters, digits, dots, colons, dashes or underscores.")
    if (text is None) == (button is None):
        raise Malformed("Send either text or button.")
    if button is not None:
        if not isinstance(button, str) or not button or len(button) > 128:
            raise Malformed("button must be the value of a button that was offered.")
        return Incoming("web", session_id, message_id, "", button_id=button)
    if not isinstance(text, str):
        raise Malformed("text must be a text.")
    text = whole(text)
    if not text.strip():
        raise Malformed("The message is empty. Write a word or two.")
    return Incoming("web", session_id, message_id, text)


def whole(text: str) -> str:
    """The text without halves of characters, as a client leaves them when it cuts an emoji, and without NUL."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", " ")


def parse_country(body: bytes, *, required: bool) -> Optional[str]:
    """The country of a session; null and, unless required, an empty body mean none. Raises Malformed."""
    if not body.strip() and not required:
        return None
    country = _object(body).get("country")
    if country is None:
        return None
    if not isinstance(country, str) or not COUNTRY.match(country):
        raise Malformed("country must be a two-letter code such as GB.")
    return country.upper()


def parse_link(body: bytes) -> Optional[str]:
    """The code that was typed; None asks for a new one, as an empty body does. Raises Malformed."""
    if not body.strip():
        return None
    code = _object(body).get("code")
    if code is None:
        return None
    if not isinstance(code, str) or not code.strip():
        raise Malformed("code must be the code as it was shown, such as K7QM-2XPD.")
    return code


def _object(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body)
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The request is not valid JSON.") from error
    if not isinstance(raw, dict):
        raise Malformed("The request must be a JSON object.")
    return raw
