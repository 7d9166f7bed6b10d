"""Ways of taking a substance."""

from __future__ import annotations

import pytest

from waymark.understanding.route import find_routes

CASES: list[tuple[str, tuple[str, ...]]] = [
    ("i inject heroin", ("inject",)), ("shooting up", ("inject",)), ("iv only", ("inject",)), ("slamming tina", ("inject",)),
    ("mainlining", ("inject",)), ("smoked on foil", ("smoke",)), ("chasing the dragon", ("smoke",)), ("on the pipe", ("smoke",)),
    ("bong hits", ("smoke",)), ("snorted a line", ("snort",)), ("sniffing ket", ("snort",)), ("up my nose", ("snort",)),
    ("railing addys", ("snort",)), ("swallowed them", ("swallow",)), ("bombed a gram", ("swallow",)), ("by mouth", ("swallow",)),
    ("dropping pills", ("swallow",)), ("vaped it", ("vape",)), ("vaping thc", ("vape",)), ("boofing", ("rectal",)),
    ("plugged it", ("rectal",)), ("smoke and inject", ("inject", "smoke")), ("i never inject", ()), ("don't smoke it", ()),
    ("used to inject", ()), ("i drink it", ()), ("", ()), ("give it a shot", ()), ("the pipeline burst", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_reads_routes(text: str, expected: tuple[str, ...]) -> None:
    assert find_routes(text, 0, len(text)) == expected
