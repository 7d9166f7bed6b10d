"""Keeps alerts on disk while the database is gone: one sealed, synced file an entry (safety.md §1, Order)."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from waymark.adapters.crypto import FieldCipher

SUFFIX = ".alert"


class FileAlertJournal:
    """A folder of entries. An entry is written whole or not at all, and removed once it is in the database."""

    def __init__(self, folder: Path, cipher: FieldCipher) -> None:
        self._folder, self._cipher = folder, cipher

    def append(self, entry: dict[str, Any]) -> None:
        """Write an entry and force it to disk before returning. The same entry again changes nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._path(entry)
        draft = target.with_suffix(".part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(self._cipher.seal(json.dumps(entry)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def pending(self) -> list[dict[str, Any]]:
        """Entries not yet in the database, oldest first. One that another process is done with meanwhile is left out."""
        found: list[tuple[int, str]] = []
        for path in self._folder.glob(f"*{SUFFIX}") if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):
                found.append((path.stat().st_mtime_ns, path.read_text(encoding="ascii")))
        return [json.loads(self._cipher.open(sealed)) for _, sealed in sorted(found)]

    def done(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            self._path(entry).unlink(missing_ok=True)

    def forget(self, channel: str, address: str) -> None:
        """Remove every entry of an address, as an erasure asks."""
        self.done([e for e in self.pending() if (e.get("channel"), e.get("address")) == (channel, address)])

    def _path(self, entry: dict[str, Any]) -> Path:
        key = "\x1f".join(str(entry.get(name)) for name in ("channel", "address", "channel_message_id"))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}{SUFFIX}"
