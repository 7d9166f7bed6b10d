"""Let everything fall, many times, while people talk; print what came of it and fail if anything was lost or wrong.

``make bench`` runs it last. It takes about an hour: first an installation on SQLite, then one on PostgreSQL, each with
people on the web and on a stand-in for Telegram. ``--seed`` repeats a run, ``--only sqlite`` or ``--only postgresql``
takes one half.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from integration.databases import KINDS, Databases  # noqa: E402
from journeys.falling import Falls, shuffled  # noqa: E402

TIMES = {
    "sqlite": {
        "worker killed": 44,
        "worker killed at its journal": 6,
        "front killed": 5,
        "rasa killed": 5,
        "actions killed": 5,
        "console killed": 5,
        "database gone": 4,
        "database held": 3,
        "disk full": 4,
        "clock +1 h": 2,
        "clock +25 h": 2,
        "clock -1 h": 2,
        "Telegram down": 3,
    },
    "postgresql": {
        "worker killed": 3,
        "front killed": 3,
        "rasa killed": 1,
        "actions killed": 2,
        "console killed": 1,
        "database restarted": 5,
        "database gone": 3,
        "database held": 2,
        "clock +1 h": 1,
        "clock +25 h": 1,
        "clock -1 h": 1,
        "Telegram down": 2,
    },
}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    arguments.add_argument("--only", choices=KINDS)
    given = arguments.parse_args()
    return int(any([falls(kind, given.seed) for kind in KINDS if given.only in (None, kind)]))


def falls(kind: str, seed: int) -> int:
    """One installation; gives how much was lost or wrong."""
    print(f"falls on {kind}, seed {seed}", flush=True)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="waymark-falls-") as folder:
        databases = Databases(Path(folder) / "databases") if kind == "postgresql" else None
        try:
            table = Falls(Path(folder) / "house", seed, databases, tell=lambda line: print(line, flush=True)).run(shuffled(TIMES[kind], seed))
        finally:
            if databases is not None:
                databases.close()
    print(f"\n{table}\n{table.wrong} lost or wrong, after {(time.perf_counter() - began) / 60:.0f} minutes")
    print(*table.details, "", sep="\n", flush=True)
    return table.wrong


if __name__ == "__main__":
    sys.exit(main())
