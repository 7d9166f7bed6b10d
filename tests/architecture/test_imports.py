"""Who may import whom (docs/architecture.md §2), checked by import-linter and, by name, from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = sorted((ROOT / "waymark" / "domain").rglob("*.py"))
CODE = sorted(path for folder in ("waymark", "actions") for path in (ROOT / folder).rglob("*.py"))
SQL_BY_NAME = {
    "waymark/bootstrap.py": {"sqlalchemy.engine.Engine"},
    "waymark/migrating.py": {"sqlalchemy.engine.make_url"},
}
"""What may be named outside the database adapters: the engine's type, and an address to find a SQLite file by."""


def imported(path: Path) -> Iterator[str]:
    """Full names of everything a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def report() -> "subprocess.CompletedProcess[str]":
    """The linter's verdict. It has a process of its own: what other tests import must not count, nor get in its way."""
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_import_contracts_hold(report):
    assert report.returncode == 0, report.stdout + report.stderr


def test_every_contract_of_the_layer_picture_is_there(report):
    for name in ("Thin edges", "Edges never import", "Services see", "Understanding is", "know Rasa", "know SQL"):
        assert f"{name}" in report.stdout and "0 broken" in report.stdout


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_the_domain_imports_the_standard_library_only(path):
    foreign = [
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("waymark.domain.")
    ]
    assert not foreign


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_time_ids_and_chance_come_into_the_domain_as_arguments(path):
    """The domain reads no clock, makes no ids and throws no dice."""
    source = path.read_text(encoding="utf-8")
    calls = [c.func for c in ast.walk(ast.parse(source)) if isinstance(c, ast.Call)]
    clocks = [f.attr for f in calls if isinstance(f, ast.Attribute) and f.attr in ("now", "today", "utcnow", "uuid4")]
    assert not clocks
    assert not {name.split(".")[0] for name in imported(path)} & {"random", "secrets", "uuid", "time"}


def test_sql_stays_in_the_database_adapters():
    """A new module counts at once, whether or not a contract lists it; a fault is caught as StorageUnavailable."""
    places = {path.relative_to(ROOT).as_posix(): path for path in CODE}
    known = {
        f"{place}: {name}"
        for place, path in places.items()
        if not place.startswith("waymark/adapters/db/")
        for name in imported(path)
        if name.split(".")[0] == "sqlalchemy" and name not in SQL_BY_NAME.get(place, ())
    }
    assert not known
