"""Finds in the source which phrases (``utter_…``) and questions the code names."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*sorted((ROOT / "waymark").rglob("*.py")), *sorted((ROOT / "actions").glob("*.py"))]


@dataclass(frozen=True)
class Utterance:
    """One place where a phrase is said: its name without ``utter_`` and what is put in."""

    name: str
    params: frozenset[str]
    place: str


@lru_cache(maxsize=1)
def utterances() -> list[Utterance]:
    """Every phrase that an ``utter(…)`` call can name, followed through variables and arguments."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    return [said for path, tree in trees.items() for said in _in_module(path, tree, trees)]


def items_named() -> dict[str, str]:
    """Questions that the code opens or looks up by name, with the place."""
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for constant in _item_arguments(node):
                if "." in constant:
                    found[constant] = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
    return found


def _item_arguments(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("push_aside", "open"):
        return [value for argument in node.args for value in _constants(argument)]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "by_id":
        return _constants(node.slice)
    return []


def _in_module(path: Path, tree: ast.Module, trees: dict[Path, ast.Module]) -> Iterator[Utterance]:
    for function in (n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))):
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
            if not isinstance(call.func, ast.Name) or call.func.id != "utter" or not call.args:
                continue
            params = frozenset(k.arg for k in call.keywords if k.arg and k.arg not in ("kind", "buttons"))
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            for name in _names(call.args[0], function, trees):
                yield Utterance(name, params, place)


def _names(argument: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef, trees: dict[Path, ast.Module]) -> list[str]:
    if not isinstance(argument, ast.Name):
        return _constants(argument)
    assigned = [
        name
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == argument.id for t in node.targets)
        for name in _constants(node.value)
    ]
    position = [a.arg for a in function.args.args].index(argument.id) if not assigned else -1
    return assigned or _given_by_callers(function.name, position - 1, trees)


def _given_by_callers(method: str, position: int, trees: dict[Path, ast.Module]) -> list[str]:
    """Constants that callers of a method pass at a position; ``self.need`` stands for the needs of the classes."""
    found: list[str] = []
    for tree in trees.values():
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
            if not isinstance(call.func, ast.Attribute) or call.func.attr != method or len(call.args) <= position:
                continue
            given = call.args[position]
            if isinstance(given, ast.Attribute):
                found += _class_values(tree, given.attr)
            found += _constants(given)
    return found


def _class_values(tree: ast.Module, attribute: str) -> list[str]:
    return [
        name
        for cls in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef))
        for node in cls.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == attribute for t in node.targets)
        for name in _constants(node.value)
    ]


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
