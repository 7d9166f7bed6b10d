"""README names every setting and every command, and nothing that does not exist."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from pathlib import Path
from typing import Iterator

import pytest

from waymark.cli import COMMANDS, build_parser
from waymark.config import Settings

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
SETTINGS = sorted(spec.metadata["env"] for spec in fields(Settings))
written = pytest.mark.skipif(not README.exists(), reason="README.md is not written yet")


def commands(parser: argparse.ArgumentParser, before: str = "waymark") -> Iterator[str]:
    """``waymark run``, ``waymark staff add`` …: every command that can be typed."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not nested:
        yield before
    for action in nested:
        for name, below in action.choices.items():
            yield from commands(below, f"{before} {name}")


COMMAND_LINES = sorted(commands(build_parser()))


def readme() -> str:
    return README.read_text(encoding="utf-8")


@written
@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_readme(name):
    assert re.search(rf"`{name}`", readme())


@written
@pytest.mark.parametrize("command", COMMAND_LINES)
def test_every_command_is_in_the_readme(command):
    assert re.search(rf"\b{command}\b", readme())


@written
def test_the_readme_names_no_setting_that_does_not_exist():
    scripts = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "scripts").iterdir() if p.is_file())
    named = set(re.findall(r"\bWAYMARK_[A-Z_]+\b", readme()))
    assert sorted(name for name in named - set(SETTINGS) if name not in scripts) == []


@written
def test_the_readme_names_no_command_that_does_not_exist():
    known = {line.split()[1] for line in COMMAND_LINES}
    named = set(re.findall(r"(?:`|\$ |bin/)waymark ([a-z-]+)", readme()))
    assert sorted(named - known) == []


@pytest.mark.parametrize("spec", fields(Settings), ids=lambda spec: spec.name)
def test_every_setting_has_a_name_and_a_line_of_help(spec):
    assert re.fullmatch(r"WAYMARK_[A-Z_]+", spec.metadata["env"])
    assert len(spec.metadata["help"].split()) >= 2


def test_settings_have_different_names():
    assert len(set(SETTINGS)) == len(SETTINGS)


def test_every_command_has_something_that_does_it():
    assert {line.split()[1] for line in COMMAND_LINES} == set(COMMANDS)
