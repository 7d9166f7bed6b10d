"""The worker: replays the alert journal, escalates, and removes what may not be kept."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType
from typing import Callable, Optional

from waymark.bootstrap import Core, build_core
from waymark.domain.actors import WORKER
from waymark.domain.errors import StorageUnavailable
from waymark.services.privacy import TURNS_END_WITHIN
from waymark.services.safety import SafetyHit

logger = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
PURGE_EVERY_ROUNDS = 150


class Worker:
    """Does its rounds until it is told to stop; a round that fails is tried again in the next."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._rounds = 0

    def round(self) -> None:
        """One round: journal, escalation, erasures, and now and then retention.

        A step that fails is told and tried again in the next round; it never keeps the other steps from theirs.
        """
        steps: list[Callable[[], object]] = [self.replay_journal, self.escalate, self.finish_erasures]
        if self._rounds % PURGE_EVERY_ROUNDS == 0:
            steps.append(self.purge)
        self._rounds += 1
        for step in steps:
            try:
                step()
            except StorageUnavailable as error:
                logger.error("%s waits for the database: %s", step.__name__, error)
            except Exception:  # noqa: BLE001 - one broken step must not stop escalation
                logger.exception("%s failed and is tried again", step.__name__)

    def replay_journal(self) -> int:
        """Store alerts that were journalled while the database was away; returns how many."""
        entries = self._core.journal.pending()
        for entry in entries:
            self._core.safety_desk.record(SafetyHit.from_dict(entry))
            self._core.journal.done([entry])
        return len(entries)

    def escalate(self) -> None:
        marked = self._core.alerts.escalate_overdue(WORKER)
        if marked:
            logger.warning("%s alerts were not acknowledged in time", len(marked))

    def finish_erasures(self) -> None:
        self._core.privacy.finish_erasures(settled_for=TURNS_END_WITHIN)

    def purge(self) -> None:
        hours = self._core.settings.retention_pending_hours
        self._core.privacy.drop_run_out()
        removed = self._core.privacy.purge_unkept(WORKER, timedelta(hours=hours))
        if removed:
            logger.info("removed the words of %s people without consent", removed)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.round()
            stop.wait(EVERY_SECONDS)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    stop = threading.Event()

    def on_signal(number: int, frame: Optional[FrameType]) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    Worker(build_core()).run(stop)


if __name__ == "__main__":
    main()
