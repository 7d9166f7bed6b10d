"""Both databases, each test with an empty one of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from integration.databases import KINDS, Databases, core_on
from waymark.bootstrap import Core


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(kind: str, databases: Databases) -> str:
    """An empty SQLite file, and an empty PostgreSQL database."""
    return databases.fresh(kind)


@pytest.fixture
def core(kind: str, databases: Databases, tmp_path: Path) -> Iterator[Core]:
    """The services on a migrated database."""
    built = core_on(databases.ready(kind), tmp_path)
    yield built
    built.engine.dispose()
