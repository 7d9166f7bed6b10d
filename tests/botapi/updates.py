"""The queue of updates: numbers that rise by one, confirmation by offset, and one long poll at a time."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Optional

from botapi.bot_api_rules import NOT_SENT_BY_DEFAULT, UPDATE_TYPES
from botapi.state import State

# How far beyond the newest update an offset may point before the server takes it for a mistake and starts over.
FARTHEST_OFFSET = 10

Update = dict[str, Any]


@dataclass(eq=False)
class Pending:
    """An update that the bot has not confirmed. ``queue`` names those that are delivered one after the other."""

    update: Update
    queue: str
    again: bool = False
    handed_out: bool = False


@dataclass(eq=False)
class Poll:
    """A ``getUpdates`` that waits. ``wake`` may be called from any thread."""

    wake: Callable[[], object]
    conflict: str = ""


class UpdateQueue:
    """Updates in the order in which they happened. Use it only while holding ``state.changed``."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._next_id = random.randint(100_000_000, 900_000_000)
        self._poll: Optional[Poll] = None
        self.made: dict[int, tuple[Update, str]] = {}
        self.handed_out: Counter[int] = Counter()
        self.pending: list[Pending] = []
        self.allowed: frozenset[str] = frozenset(UPDATE_TYPES - NOT_SENT_BY_DEFAULT)
        self.wake_webhook: Callable[[], object] = lambda: None

    # --- something happens ------------------------------------------------------------------------------------

    def add(self, kind: str, body: dict[str, Any], queue: str) -> int:
        """An update of that kind; gives its number. The bot gets it only if it allowed that kind."""
        return self.add_raw({"update_id": self._next_id, kind: body}, queue)

    def add_raw(self, update: Update, queue: str) -> int:
        """An update just as it is; gives its number, which is filled in when there is none."""
        copy: Update = json.loads(json.dumps({"update_id": self._next_id, **update}))
        number = int(copy["update_id"])
        self._next_id = max(self._next_id, number + 1)
        self.made[number] = (copy, queue)
        kinds = [kind for kind in copy if kind != "update_id"]
        if not kinds or any(kind in self.allowed or kind not in UPDATE_TYPES for kind in kinds):
            self._queue(Pending(copy, queue))
        self._state.active()
        return number

    def add_again(self, number: int) -> None:
        """Deliver an old update once more, confirmed or not, as after a fall of one of Telegram's servers."""
        update, queue = self.made[number]
        self._queue(Pending(update, queue, again=True))
        self._state.active()

    def _queue(self, pending: Pending) -> None:
        self.pending.append(pending)
        if self._poll is not None:
            self._poll.wake()
        self.wake_webhook()

    # --- the bot takes them -----------------------------------------------------------------------------------

    def allow(self, kinds: Optional[Iterable[str]]) -> None:
        """Which kinds of update the bot wants from now on; None leaves it, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or frozenset(UPDATE_TYPES - NOT_SENT_BY_DEFAULT)

    def start_of(self, offset: int) -> int:
        """The number of the first update wanted: a negative offset counts from the end."""
        if offset > self._next_id + FARTHEST_OFFSET:
            return 0
        return max(self._next_id + offset, 0) if offset < 0 else offset

    def take(self, start: int, limit: int) -> list[Update]:
        """Forget all before ``start`` and give the next ones, oldest first."""
        before = len(self.pending)
        self.pending = [
            p for p in self.pending if (not p.handed_out if p.again else p.update["update_id"] >= start)
        ]
        if len(self.pending) < before:
            self._state.active()
        taken = sorted(self.pending, key=lambda p: (not p.again, p.update["update_id"]))[:limit]
        for pending in taken:
            self.hand_out(pending)
        return [pending.update for pending in taken]

    def hand_out(self, pending: Pending) -> None:
        """Note that the bot was given it."""
        pending.handed_out = True
        self.handed_out[pending.update["update_id"]] += 1

    def confirm(self, pending: Pending) -> None:
        """The bot has taken it, as a webhook says by its answer."""
        if pending in self.pending:
            self.pending.remove(pending)
            self._state.active()

    def drop(self) -> None:
        """Forget everything that is not confirmed."""
        self.pending.clear()
        self._state.active()

    # --- long polls -------------------------------------------------------------------------------------------

    @property
    def polled(self) -> bool:
        """Whether a long poll waits at the moment."""
        return self._poll is not None

    def begin_poll(self, poll: Poll) -> None:
        """From now on this poll is the one that waits; an earlier one ends with a conflict."""
        self.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._poll = poll
        self._state.changed.notify_all()

    def end_poll(self, why: str) -> None:
        """End the poll that waits, if there is one, with a conflict."""
        if self._poll is not None:
            self._poll.conflict = f"Conflict: {why}"
            self._poll.wake()
            self._poll = None

    def leave_poll(self, poll: Poll) -> None:
        """A poll waits no longer."""
        if self._poll is poll:
            self._poll = None
