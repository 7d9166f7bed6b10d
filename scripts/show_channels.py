"""Walk the first issue's path on every channel and database, send every kind of Telegram update, and print what came of it.

``make bench`` runs it. Whole installations run on free ports with data in a temporary folder; Telegram is the strict
fake of the tests. The steps and what must come of them are those of the journeys. Ends with 1 if anything differs.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from integration.databases import KINDS as DATABASES  # noqa: E402
from integration.databases import Databases  # noqa: E402
from journeys.person import Visitor  # noqa: E402
from journeys.staff import Colleague  # noqa: E402
from journeys.telegram_house import TelegramHouse  # noqa: E402
from journeys.telegram_kinds import GROUP, KINDS, Kind, Met, meet, meet_group, newcomer  # noqa: E402
from journeys.telegram_person import Texter  # noqa: E402
from journeys.whole_path import Path as Way  # noqa: E402
from journeys.whole_path import TelegramPath, WebPath  # noqa: E402

LINE = 62
"""Characters of an answer's first line that are shown."""


@dataclass(frozen=True)
class Walked:
    """How one walk went; ``fault`` is empty if it ended in an active plan."""

    channel: str
    database: str
    turns: int
    seconds: float
    fault: str


def main() -> int:
    walks: list[Walked] = []
    met: dict[str, list[tuple[Kind, Met]]] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="waymark-channels-") as folder:
        for database in DATABASES:
            with running(Path(folder) / database, database) as house:
                walks += walk_all(house, database)
                met[database] = list(meet_all(house))
                faults += [f"{database}: {violation}" for violation in house.fake.violations]
    faults += [f"{w.channel}, {w.database}: {w.fault}" for w in walks if w.fault]
    faults += [f"{database}: {k.name}, {k.came}: {m}" for database, rows in met.items() for k, m in rows if not m.fits(k)]
    show_walks(walks)
    show_kinds(met)
    print("\n".join(["", *faults]) if faults else "\nNothing differed, and no rule of the Bot API was broken.")
    return 1 if faults else 0


@contextmanager
def running(folder: Path, database: str) -> Iterator[TelegramHouse]:
    """One installation on that kind of database, while the caller works with it."""
    (folder / "var").mkdir(parents=True)
    databases = Databases(folder)
    server_folder = databases.server_folder if database == "postgresql" else None
    house = TelegramHouse(folder / "var", databases.fresh(database), server_folder)
    try:
        house.start()
        yield house
        house.stop()
    finally:
        house.sweep()
        databases.close()


def walk_all(house: TelegramHouse, database: str) -> list[Walked]:
    counsellor, visitor = Colleague.hired(house, "Robin"), Visitor(house)
    try:
        return [
            walked("web", database, WebPath(visitor), counsellor),
            walked("telegram", database, TelegramPath(Texter(house)), counsellor),
        ]
    finally:
        visitor.close()
        counsellor.close()


def walked(channel: str, database: str, way: Way, counsellor: Colleague) -> Walked:
    fault = ""
    try:
        way.walk(counsellor)
    except AssertionError as error:
        fault = str(error) or "a step did not end as it must"
    return Walked(channel, database, way.turns, way.seconds, fault)


def meet_all(house: TelegramHouse) -> Iterator[tuple[Kind, Met]]:
    sender = newcomer(house)
    for kind in KINDS:
        yield kind, meet(sender, kind)
    yield GROUP, meet_group(house)


def show_walks(walks: Sequence[Walked]) -> None:
    print("The path of the first issue, from the first words to a plan that both have agreed to")
    rows = [(w.channel, w.database, str(w.turns), f"{w.seconds:.1f}", "no" if w.fault else "yes") for w in walks]
    show(("channel", "database", "turns", "seconds", "reached active plan"), rows)


def show_kinds(met: "dict[str, list[tuple[Kind, Met]]]") -> None:
    """Times answered and whether words are kept stand there once for each database if they differ."""
    print("\nEvery kind of Telegram update, delivered twice")
    rows = []
    for several in zip(*met.values(), strict=True):
        kind, first = several[0]
        times = unlike([str(m.times_answered) for _, m in several])
        kept = unlike(["yes" if m.kept_words else "no" for _, m in several])
        rows.append((kind.name, kind.came, first.first_line[:LINE] or "(none)", times, kept))
    show(("kind", "what came", "first line of the answer", "answered", "words kept"), rows)


def unlike(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else " / ".join(values)


def show(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
