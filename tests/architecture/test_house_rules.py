"""Size, names and addresses: small modules, telling names, nothing of one machine."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for folder in ("waymark", "actions") for path in (ROOT / folder).rglob("*.py"))
MODULE_LINES = 400
FUNCTION_LINES = 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}

MACHINE_PATH = re.compile(r"(?<![\w.}$~-])/(?:work|home|root|Users|mnt|media)/[\w.-]+|[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"(?<!emit-)(?:extra-)?index-url\b|(?<!emit-)find-links\b|https?://[^\s\"'<>)]*/simple\b|files\.pythonhosted\.org|"
    r"registry\.npmjs\.org|https?://[^\s\"'<>)]*(?:artifactory|nexus|devpi)"
)
INNER_HOST = re.compile(r"https?://(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+(?:\.\d+)?")


def ignored() -> list[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [line.rstrip("/") for line in lines if line and not line.startswith("#")] + [".git"]


def kept_files(folder: Path = ROOT) -> Iterator[Path]:
    """Every text file that is not ignored by .gitignore."""
    patterns = ignored()
    for path in sorted(folder.iterdir()):
        place = path.relative_to(ROOT).as_posix()
        if any(fnmatchcase(path.name, pattern) or fnmatchcase(place, pattern.lstrip("/")) for pattern in patterns):
            continue
        if path.is_dir():
            yield from kept_files(path)
        elif path.suffix not in (".png", ".ico", ".woff2", ".gz"):
            yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, doc string and comments included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_longer_than_allowed():
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    long = [f"{path.relative_to(ROOT)}: {size} lines" for path, size in sizes.items() if size > MODULE_LINES]
    assert not long, "\n".join(long)


def test_no_function_is_longer_than_allowed():
    long = [
        f"{path.relative_to(ROOT)}: {name}: {size} lines"
        for path in CODE
        for name, size in functions(path)
        if size > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_no_module_has_a_name_that_says_nothing():
    parts = {part for path in CODE for part in path.relative_to(ROOT).with_suffix("").parts}
    words = {word for part in parts for word in part.strip("_").split("_")}
    assert sorted(words & EMPTY_NAMES) == []


def test_every_module_says_what_it_is_for():
    silent = [str(p.relative_to(ROOT)) for p in CODE if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert not silent


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a path of one machine", MACHINE_PATH), ("an address of a package registry", REGISTRY), ("an inner host", INNER_HOST)],
)
def test_no_file_holds(what, pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group(0)}"
        for path in kept_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if (match := pattern.search(line))
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("pattern", "line", "hit"),
    [
        (MACHINE_PATH, "see /home/sam/notes", True),
        (MACHINE_PATH, "open('" + "/" + "work/x.yml')", True),
        (MACHINE_PATH, "docs/work/plan.md or ~/home/x", False),
        (REGISTRY, "--index-url http://example/simple", True),
        (REGISTRY, "--no-emit-index-url", False),
        (REGISTRY, "https://files." + "pythonhosted" + ".org/packages/x", True),
        (INNER_HOST, "http://10.1.2.3/x", True),
        (INNER_HOST, "http://127.0.0.1:8000", False),
    ],
)
def test_the_patterns_find_what_they_look_for(pattern, line, hit):
    assert bool(pattern.search(line)) is hit
