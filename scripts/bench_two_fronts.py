"""Let a crowd talk through two fronts and two Rasa servers on one PostgreSQL, and print what came of it.

``make bench`` runs it. It starts the installation on free ports with data in a temporary folder and writes nothing
into the repository. It ends with code 1 if anything was lost, doubled, out of order or answered wrongly.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator, Sequence

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from integration.databases import Databases  # noqa: E402
from journeys.crowd import NO_ANSWER, Talker, all_at_once, crowd  # noqa: E402
from journeys.reckoning import Reckoning, reckon  # noqa: E402
from journeys.two_fronts import TwoFronts  # noqa: E402

PEOPLE, TURNS = 20, 1000
LOOK_EVERY = 0.2
WORST_DETAILS = 10


def main() -> int:
    cpu = f"{os.cpu_count()} CPUs, {psutil.virtual_memory().total / 2**30:.0f} GB, Python {platform.python_version()}"
    print(f"Two fronts, two Rasa servers, one PostgreSQL. Measured {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC on {cpu}\n", flush=True)
    with installation() as fronts:
        talkers = crowd(fronts.visit, PEOPLE)
        try:
            with Connections(fronts) as connections:
                took = all_at_once(talkers, lambda talker: talker.talk(TURNS // PEOPLE))
                all_at_once(talkers, Talker.ask_again)
            sums = reckon(talkers)
        finally:
            for talker in talkers:
                talker.close()
        talk(sums, took)
        row("database connections, most at once", str(connections.most))
        memory(fronts)
    for line in sums.details[:WORST_DETAILS]:
        print(f"\n{line}")
    return 1 if any(sums.faults.values()) else 0


@contextmanager
def installation() -> Iterator[TwoFronts]:
    """Both fronts running, with data in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        databases = Databases(Path(folder))
        fronts = TwoFronts(Path(folder) / "var", databases.fresh("postgresql"))
        try:
            fronts.start()
            yield fronts
            fronts.stop()
        finally:
            fronts.sweep()
            databases.close()


class Connections:
    """Counts the connections to the database now and then, until the block ends."""

    def __init__(self, fronts: TwoFronts) -> None:
        self.most = 0
        self._fronts, self._over = fronts, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Connections":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self.most = max(self.most, self._fronts.connections())


def talk(sums: Reckoning, took: float) -> None:
    row("people at once, none of whom pauses", str(PEOPLE))
    row("turns", str(sums.turns))
    row("turn, median, ms", f"{statistics.median(sums.times) * 1000:.0f}")
    row("turn, p95, ms", f"{percentile(sums.times, 0.95) * 1000:.0f}")
    row("turns a second", f"{sums.turns / took:.1f}")
    for name, number in sums.faults.items():
        row(name.replace("_", " "), str(number))
    for status, number in sorted(sums.statuses.items()):
        row("no answer, sent again" if status == NO_ANSWER else f"answers with status {status}", str(number))


def memory(fronts: TwoFronts) -> None:
    """What every process holds, shared pages counted for each."""
    total = 0.0
    for name, size in fronts.memory():
        row(f"memory of {name}, MB", f"{size:.0f}")
        total += size
    row("memory together, MB", f"{total:.0f}")


def percentile(times: Sequence[float], part: float) -> float:
    ranked = sorted(times)
    return ranked[max(0, math.ceil(part * len(ranked)) - 1)]


def row(what: str, value: str) -> None:
    print(f"  {what:40} {value:>8}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
