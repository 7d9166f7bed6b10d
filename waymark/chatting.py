"""Talk to the running web channel from a terminal, or send a script line by line."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import httpx


class ChatUnreachable(Exception):
    """The front door does not answer at its address."""


class TerminalChat:
    """One session of the web channel. A line that is the number of a button taps it."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=60.0, trust_env=False)
        self._buttons: list[dict[str, str]] = []
        try:
            answer = self._http.post("/web/sessions", json={})
        except httpx.HTTPError as error:
            raise ChatUnreachable(f"Nobody answers at {base_url}. Is `waymark run` running?") from error
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def send(self, line: str) -> list[dict[str, Any]]:
        """Send a line and return the replies, or the error as a reply of kind ``error``."""
        body: dict[str, str] = {"message_id": uuid.uuid4().hex}
        tapped = self._tapped(line)
        if tapped is not None:
            body["button"] = tapped
        else:
            body["text"] = line
        try:
            answer = self._http.post("/web/messages", json=body, headers=self._headers)
        except httpx.HTTPError as error:
            raise ChatUnreachable("The connection broke off.") from error
        content = answer.json()
        replies: list[dict[str, Any]] = list(content.get("replies", []))
        if answer.status_code != 200:
            replies.append({"kind": "error", "text": content["message"], "buttons": []})
        self._buttons = [button for reply in replies for button in reply["buttons"]]
        return replies

    def _tapped(self, line: str) -> Optional[str]:
        plain = line.strip()
        if plain.startswith("#") and plain[1:].isdigit() and 1 <= int(plain[1:]) <= len(self._buttons):
            return self._buttons[int(plain[1:]) - 1]["value"]
        return next((b["value"] for b in self._buttons if b["title"].lower() == plain.lower()), None)


def chat(base_url: str, script: Optional[Path], say: Callable[[str], None]) -> None:
    """Run a conversation: lines of the script, or what is typed until end of file."""
    talk = TerminalChat(base_url)
    say("Type to talk, #1 or the title to press a button, Ctrl-D to leave.")
    for line in _lines(script):
        if script is not None:
            say(f"you: {line}")
        number = 0
        for reply in talk.send(line):
            mark = "" if reply["kind"] == "message" else f" ({reply['kind']})"
            say(f"waymark{mark}: {reply['text']}")
            for button in reply["buttons"]:
                number += 1
                say(f"   #{number} {button['title']}")


def _lines(script: Optional[Path]) -> Iterator[str]:
    if script is not None:
        yield from (line for line in script.read_text(encoding="utf-8").splitlines() if line.strip())
        return
    while True:
        try:
            line = input("you: ")
        except EOFError:
            return
        if line.strip():
            yield line
