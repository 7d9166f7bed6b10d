"""Fixtures of the console tests: a clinic to change, and one to look at."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Iterator

import pytest
from small_clinic import Clinic, build_clinic, open_clinic


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clinic that nobody has written to yet; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("staffed")
    build_clinic(folder).core.engine.dispose()
    return folder


@pytest.fixture
def clinic(staffed: Path, tmp_path: Path) -> Iterator[Clinic]:
    opened = open_clinic(Path(shutil.copytree(staffed, tmp_path / "clinic")))
    yield opened
    opened.core.engine.dispose()


@pytest.fixture(scope="module")
def shared_clinic(staffed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """For tests that only look: one a module."""
    opened = open_clinic(Path(shutil.copytree(staffed, tmp_path_factory.mktemp("shared") / "clinic")))
    yield opened
    opened.core.engine.dispose()
