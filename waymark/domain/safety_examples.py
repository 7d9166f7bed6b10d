"""Messages that teach and measure the safety screen: what each shows, and in what manner it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from waymark.domain.safety import AlertClass

TAGS = (
    "explicit", "indirect", "misspelt", "slang", "obfuscated", "long", "mixed_negation", "esl", "code_switch", "teen", "humour", "help",
)  # fmt: skip
"""Manners of writing by which the report counts (docs/clinical/safety.md §2)."""


@dataclass(frozen=True)
class SafetyExample:
    """One message of one voice.

    ``alert_class`` names the class that it shows (``danger``) or only looks like; None for an ordinary message.
    """

    voice: str
    text: str
    alert_class: Optional[AlertClass]
    danger: bool
    tags: frozenset[str] = frozenset()
