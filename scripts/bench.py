"""Measure a whole installation of its own, now, on this machine, and print the figures. Writes nothing into the repository.

``make bench`` starts the installation three times on free ports with data in a temporary folder, talks to it
through the web channel as people do, and times the screen and the reading of facts alone.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Iterator, Sequence

import psutil
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from journeys.house import MARKS, House  # noqa: E402
from journeys.person import Visitor  # noqa: E402

from waymark.bootstrap import build_core  # noqa: E402
from waymark.config import Settings  # noqa: E402

STARTS = 3
TURNS = 200
AT_ONCE = 10
SAFETY_MESSAGES = 40
TOLD = (
    "hello",
    "things got out of hand, and my kids notice",
    "yes",
    "sam",
    "34",
    "uk",
    "no thanks",
    "lager mostly",
    "12 cans a day, every day",
    "not 12, 20",
    "last night",
    "can i talk to a human",
    "8",
    "because my kids deserve better",
    "4",
    "be sober enough to keep my job and see my kids",
    "yes",
    "what's on my plan",
)
DANGER = "i have the pills here and i'm going to kill myself tonight"


def main() -> None:
    cpu = f"{os.cpu_count()} CPUs, {psutil.virtual_memory().total / 2**30:.0f} GB, Python {platform.python_version()}"
    print(f"Measured {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC on {cpu}\n", flush=True)
    understanding()
    starts = [timed_start() for _ in range(STARTS - 1)]
    with installation() as (house, began):
        starts.append(first_reply(house, began))
        show("trained start to first reply, s", starts, unit=1.0, digits=1)
        memory(house, "at rest")
        one_after_the_other(house)
        all_at_once(house)
        safety(house)
        memory(house, "after the talks")


@contextmanager
def installation() -> Iterator[tuple[House, float]]:
    """A running house in a temporary folder, and when its start began."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        house = House(Path(folder))
        began = time.perf_counter()
        try:
            house.start()
            yield house, began
            house.stop()
        finally:
            house.sweep()


def timed_start() -> float:
    with installation() as (house, began):
        return first_reply(house, began)


def first_reply(house: House, began: float) -> float:
    """Seconds from ``waymark migrate`` and ``waymark run`` to the first words of the assistant."""
    with visiting(house) as person:
        assert person.say("hello")
    return time.perf_counter() - began


def one_after_the_other(house: House) -> None:
    times: list[float] = []
    while len(times) < TURNS:
        with visiting(house) as person:
            talk(person, times, TURNS - len(times))
    show(f"turn, one person at a time ({len(times)} turns), ms", times)


def all_at_once(house: House) -> None:
    """The same talk by several people at the same time."""
    times: list[float] = []
    faults: list[BaseException] = []

    def go() -> None:
        own: list[float] = []
        try:
            while len(own) < TURNS // AT_ONCE:
                with visiting(house) as person:
                    talk(person, own, TURNS // AT_ONCE - len(own))
            times.extend(own)
        except (AssertionError, OSError) as error:
            faults.append(error)

    threads = [threading.Thread(target=go) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    show(f"turn, {AT_ONCE} people at once ({len(times)} turns), ms", times)
    print(f"  {len(times) / took:.1f} turns a second; {len(faults)} talks failed{': ' + str(faults[0])[:200] if faults else ''}")


def talk(person: Visitor, times: list[float], most: int) -> None:
    """The scripted first talk; each turn's time goes to ``times``. Waiting for the rate guard does not count."""
    for words in TOLD[:most]:
        while True:
            began = time.perf_counter()
            answer = person.send(text=words)
            took = time.perf_counter() - began
            if answer.status_code != 429:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.status_code == 200, answer.text
        times.append(took)


def safety(house: House) -> None:
    times = []
    for _ in range(SAFETY_MESSAGES):
        with visiting(house, country="GB") as person:
            began = time.perf_counter()
            answer = person.send(text=DANGER)
            times.append(time.perf_counter() - began)
            assert answer.json()["replies"][0]["kind"] == "safety", answer.text
    show(f"safety reply with its alert stored ({len(times)} people), ms", times)


def memory(house: House, when: str) -> None:
    print(f"memory {when}, MB (resident)")
    total = 0.0
    for name in MARKS:
        process = house.child(name)
        assert process is not None, f"{name} is not running"
        size = sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 2**20
        total += size
        print(f"  {name:8} {size:7.0f}")
    print(f"  {'together':8} {total:7.0f}", flush=True)


def understanding() -> None:
    """The screen and the reading of facts alone, a message, over the examples of content/safety and data/nlu."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        core = build_core(Settings(var_dir=folder))
        screen, reader = core.safety_screen, core.fact_reader
    texts = [*safety_examples(), *nlu_examples()]
    now = datetime.now(timezone.utc)
    show(f"safety screen of a message ({len(texts)} examples), ms", timed(screen.screen, texts), digits=2)
    show(
        f"reading facts from a message ({len(texts)} examples), ms",
        timed(lambda text: reader.read(text, question=None, now=now, country="GB"), texts),
        digits=2,
    )


def timed(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    work(texts[0])  # what is built at the first use is not part of a message
    times = []
    for text in texts:
        began = time.perf_counter()
        work(text)
        times.append(time.perf_counter() - began)
    return times


def safety_examples() -> Iterator[str]:
    for path in sorted((ROOT / "content" / "safety" / "rules").glob("*.yml")):
        yield from strings_below(yaml.safe_load(path.read_text(encoding="utf-8")), ("example", "positive", "look"))


def strings_below(node: object, names: tuple[str, ...], inside: bool = False) -> Iterator[str]:
    """Every text under a key that starts with one of the names."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from strings_below(value, names, inside or str(key).startswith(names))
    elif isinstance(node, list):
        for value in node:
            yield from strings_below(value, names, inside)
    elif inside and isinstance(node, str):
        yield node


def nlu_examples() -> Iterator[str]:
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            for line in str(block.get("examples", "")).splitlines():
                if line.startswith("- "):
                    yield line[2:]


@contextmanager
def visiting(house: House, **options: str) -> Iterator[Visitor]:
    person = Visitor(house, **options)
    try:
        yield person
    finally:
        person.close()


def show(what: str, times: Sequence[float], unit: float = 1000.0, digits: int = 0) -> None:
    """Median, 95th percentile and longest."""
    ranked = sorted(times)
    p95 = ranked[max(0, math.ceil(0.95 * len(ranked)) - 1)]
    figures = (("median", statistics.median(ranked)), ("p95", p95), ("max", ranked[-1]))
    print(f"{what}\n  " + "   ".join(f"{name} {value * unit:.{digits}f}" for name, value in figures), flush=True)


if __name__ == "__main__":
    main()
