"""What every content file carries, whatever it holds (docs/architecture.md, content)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Optional


@dataclass(frozen=True)
class ContentHeader:
    """Identity, origin and review state of a content file.

    ``reviewed_by`` and ``reviewed_on`` are None until a named clinician reviewed it: an honest value that
    no program fills in. Records keep ``id`` and ``version`` of what was shown.
    """

    id: str
    version: str
    locale: str
    title: str
    source: str
    licence: str
    reviewed_by: Optional[str]
    reviewed_on: Optional[date]
    status: str
