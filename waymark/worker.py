"""The worker: replays the alert journal, escalates, and removes what may not be kept."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType
from typing import Optional

from sqlalchemy.exc import SQLAlchemyError

from waymark.bootstrap import Core, build_core
from waymark.domain.actors import WORKER
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
        """One round: journal, escalation, erasures, and now and then retention."""
        self.replay_journal()
        marked = self._core.alerts.escalate_overdue(WORKER)
        if marked:
            logger.warning("%s alerts were not acknowledged in time", len(marked))
        self._core.privacy.finish_erasures()
        if self._rounds % PURGE_EVERY_ROUNDS == 0:
            hours = self._core.settings.retention_pending_hours
            removed = self._core.privacy.purge_unkept(WORKER, timedelta(hours=hours))
            if removed:
                logger.info("removed the words of %s people without consent", removed)
        self._rounds += 1

    def replay_journal(self) -> int:
        """Store alerts that were journalled while the database was away; returns how many."""
        entries = self._core.journal.pending()
        for entry in entries:
            self._core.safety_desk.record(SafetyHit.from_dict(entry))
            self._core.journal.done([entry])
        return len(entries)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.round()
            except SQLAlchemyError as error:
                logger.error("this round failed and is tried again: %s", type(error).__name__)
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
