"""What a channel says by itself, before and beside the dialogue. Loaded from ``content/telegram``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Mapping

NOTICE_KIND = "telegram_notice"
"""Kind of the consent that answers the channel's notice."""

NOTICE_ITEM = "telegram.notice"


@dataclass(frozen=True)
class NoticeTexts:
    """The privacy notice before the first question on the channel (privacy.md §11)."""

    text: str
    again: str
    choices: Mapping[str, str]
    stopped: str
    web: str


@dataclass(frozen=True)
class AskTexts:
    """A question with a yes and a no, and what is said instead of it."""

    ask: str
    choices: Mapping[str, str]
    instead: Mapping[str, str]


@dataclass(frozen=True)
class ChannelTexts:
    """All texts of one channel. ``kinds`` are answers to messages that cannot be read, by kind."""

    version: str
    notice: NoticeTexts
    commands: Mapping[str, str]
    help: str
    quiet: str
    loud: str
    link: Mapping[str, str]
    kinds: Mapping[str, str]
    caption_read: str
    edited: AskTexts
    contact: AskTexts
    group: str
    closed: str
    in_doubt: str
    fault: str
    not_shown_here: tuple[str, ...]
    hidden_line: str

    def discreet(self, line: str) -> str:
        """A line of a plan as it may stand on this channel: without medicines, diagnoses and scores. An empty one stands
        for a line of which nothing may be shown."""
        lowered = line.lower()
        hidden = not lowered.strip() or any(word.lower() in lowered for word in self.not_shown_here)
        return self.hidden_line if hidden else line

    @property
    def notice_digest(self) -> str:
        """Tells which wording of the notice was answered."""
        return hashlib.sha256(self.notice.text.encode()).hexdigest()
