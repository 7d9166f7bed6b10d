"""What the Bot API says when it does not do what it was asked."""

from __future__ import annotations

from typing import Any, Optional

PHRASES = {
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Refusal(Exception):
    """A call that is answered with an error.

    ``counts`` says whether the bot broke a rule of the API. What Telegram alone is to blame for, and what a bot
    cannot know beforehand (a person has blocked it), does not count.
    """

    def __init__(
        self, status: int, description: str, counts: bool = False, retry_after: Optional[int] = None
    ) -> None:
        super().__init__(f"{status} {description}")
        self.status, self.description, self.counts, self.retry_after = status, description, counts, retry_after

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(description: str, counts: bool = True) -> Refusal:
    """The answer 400 to a call that breaks a rule."""
    return Refusal(400, f"Bad Request: {description}", counts)


def too_many(retry_after: int) -> Refusal:
    """The answer 429: again in so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def outage(status: int, retry_after: Optional[int] = None) -> Refusal:
    """The answer that a fault made to order gives: its usual words, nothing counted against the bot."""
    if status == 429:
        return too_many(1 if retry_after is None else retry_after)
    return Refusal(status, PHRASES.get(status, f"Bad Request: made to fail with {status}"), retry_after=retry_after)
