"""The product's clock. In development it can start elsewhere or follow a file, so that time can jump."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Optional

from waymark.config import Settings


class ClockError(Exception):
    """The clock file cannot be read as an ISO time."""


class SystemClock:
    """Aware UTC time, shifted by a fixed offset (none in production)."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._offset


class FileClock:
    """Reads an ISO time from a file at every use; development only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: Optional[datetime] = None

    def now(self) -> datetime:
        text = self._path.read_text(encoding="ascii").strip()
        if not text and self._last is not None:  # the writer is between truncating and writing
            return self._last
        try:
            self._last = aware(datetime.fromisoformat(text))
        except ValueError as error:
            raise ClockError(f"{self._path.name} does not hold an ISO time") from error
        return self._last


def build_clock(settings: Settings) -> "SystemClock | FileClock":
    """The clock that the settings ask for."""
    if settings.clock_file:
        return FileClock(Path(settings.clock_file))
    if settings.clock:
        return SystemClock(aware(datetime.fromisoformat(settings.clock)) - datetime.now(timezone.utc))
    return SystemClock()


def aware(moment: datetime) -> datetime:
    """Read a time without a zone as UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
