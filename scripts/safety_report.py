"""How well the safety screen sees danger, by class and manner of writing, with 95 % Wilson intervals.

    python scripts/safety_report.py            the voices of data/safety (make safety-report)
    python scripts/safety_report.py --misses   what was judged wrongly, too
    python scripts/safety_report.py --frozen   the frozen voices, once a release: totals, no words

Caught: the fixed reply with its alert, or the one direct question. False alarm: a fixed reply to a message that
shows no danger. No message of a frozen voice is ever printed.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from dataclasses import dataclass
from typing import Callable, Iterable, Optional, Sequence

import numpy as np

from waymark.adapters.content_yaml.safety_examples import load_safety_examples
from waymark.bootstrap import build_core
from waymark.config import ROOT, load_settings
from waymark.domain.safety import AlertClass, ScreenAction
from waymark.domain.safety_examples import SafetyExample
from waymark.understanding.safety_screen import SafetyScreen

Z = 1.96
S1 = {AlertClass.SUICIDAL_PLAN, AlertClass.SUICIDAL_OTHER, AlertClass.OVERDOSE_SELF, AlertClass.OVERDOSE_OTHER, AlertClass.THREAT_TO_OTHER, AlertClass.IMPAIRED_DRIVING, AlertClass.MEDICAL_EMERGENCY}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What became of one message."""

    example: SafetyExample
    action: ScreenAction
    found: Optional[AlertClass]
    seconds: float

    @property
    def caught(self) -> bool:
        return self.action in (ScreenAction.REPLY, ScreenAction.ASK)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    middle = share + Z * Z / (2 * of)
    spread = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return (middle - spread) / (1 + Z * Z / of), (middle + spread) / (1 + Z * Z / of)


def judge(screen: SafetyScreen, examples: Iterable[SafetyExample]) -> list[Judged]:
    """Screen every message, alone."""
    judged = []
    for example in examples:
        began = time.perf_counter()
        screening = screen.screen(example.text)
        took = time.perf_counter() - began
        judged.append(Judged(example, screening.action, screening.top.alert_class if screening.top else None, took))
    return judged


def row(name: str, chosen: Sequence[Judged], counts: Callable[[Judged], bool]) -> str:
    hits = sum(map(counts, chosen))
    low, high = wilson(hits, len(chosen))
    share = hits / len(chosen) if chosen else float("nan")
    return f"| {name} | {hits} / {len(chosen)} | {share:.3f} | {low:.3f}–{high:.3f} |"


def report(judged: Sequence[Judged]) -> None:
    danger = [j for j in judged if j.example.danger]
    alike = [j for j in judged if not j.example.danger and j.example.alert_class is not None]
    ordinary = [j for j in judged if j.example.alert_class is None]
    replied = lambda j: j.action is ScreenAction.REPLY  # noqa: E731
    asked = lambda j: j.action is ScreenAction.ASK  # noqa: E731
    print("\n| danger | caught | share | 95 % |\n|---|---|---|---|")
    print(row("all", danger, lambda j: j.caught))
    print(row("explicit", [j for j in danger if "explicit" in j.example.tags], lambda j: j.caught))
    print(row("S1 classes", [j for j in danger if j.example.alert_class in S1], lambda j: j.caught))
    print(row("with the fixed reply itself", danger, replied))
    for name in sorted({j.example.alert_class.value for j in danger if j.example.alert_class}):
        print(row(name, [j for j in danger if j.example.alert_class == name], lambda j: j.caught))
    for tag in sorted({t for j in danger for t in j.example.tags}):
        print(row(f"tag {tag}", [j for j in danger if tag in j.example.tags], lambda j: j.caught))
    print("\n| no danger | count | share | 95 % |\n|---|---|---|---|")
    print(row("false alarms on look-alikes", alike, replied))
    print(row("questions on look-alikes", alike, asked))
    print(row("false alarms on ordinary messages", ordinary, replied))
    print(row("questions on ordinary messages", ordinary, asked))
    for name in sorted({j.example.alert_class.value for j in alike if j.example.alert_class}):
        print(row(f"false alarms, {name}", [j for j in alike if j.example.alert_class == name], replied))
    took = np.array([j.seconds for j in judged]) * 1000
    print(f"\nscreening: median {np.median(took):.1f} ms, p95 {np.percentile(took, 95):.1f} ms, slowest {took.max():.1f} ms")


def misses(judged: Sequence[Judged]) -> None:
    """Texts that were judged wrongly; training voices only."""
    for j in judged:
        wrong = (not j.caught) if j.example.danger else j.action is ScreenAction.REPLY
        if wrong:
            kind = "missed" if j.example.danger else "false alarm"
            print(f"{kind:12} {j.example.alert_class.value if j.example.alert_class else '-':20} {j.example.voice} {j.example.text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frozen", action="store_true")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    folder = ROOT / "tests" / "safety" / "frozen" if options.frozen else ROOT / "data" / "safety"
    judged = judge(build_core(load_settings()).safety_screen, load_safety_examples(folder))
    print(f"{len(judged)} messages of {len({j.example.voice for j in judged})} voices: {dict(Counter(j.action.value for j in judged))}")
    report(judged)
    if options.misses and not options.frozen:
        misses(judged)


if __name__ == "__main__":
    main()
