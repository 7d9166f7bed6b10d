"""Actions, rules and the domain name each other: nothing is missing and nothing is left over."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml
from rasa_sdk import Action

import actions

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
FORMS = DOMAIN["forms"]
ALWAYS_THERE = {"nlu_fallback"}
"""Intents that Rasa itself gives."""


def rules() -> list[dict[str, Any]]:
    files = sorted((ROOT / "data" / "rules").glob("*.yml"))
    return [rule for path in files for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]]


def steps(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in listed:
        yield step
        yield from steps(step.get("or", []))


def used(kind: str) -> set[str]:
    return {step[kind] for rule in rules() for step in steps(rule["steps"]) if kind in step}


def action_classes() -> dict[str, type[Action]]:
    """Every concrete action of the package by its name."""
    found: dict[str, type[Action]] = {}
    for module in pkgutil.iter_modules(actions.__path__, "actions."):
        if module.name == "actions.__main__":
            continue
        for cls in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(cls) and issubclass(cls, Action) and not inspect.isabstract(cls) and cls is not Action:
                assert found.setdefault(cls().name(), cls) is cls, f"{cls().name()} has two classes"
    return found


CLASSES = action_classes()
FORM_ACTIONS = {f"validate_{form}" for form in FORMS} | {
    f"action_ask_{slot}" for form in FORMS.values() for slot in form["required_slots"]
}
"""What the form itself calls."""


def test_every_action_of_the_domain_has_a_class():
    assert sorted(set(DOMAIN["actions"]) - set(CLASSES)) == []


def test_every_action_class_is_in_the_domain():
    assert sorted(set(CLASSES) - set(DOMAIN["actions"])) == []


def test_every_action_of_the_domain_is_used_by_a_rule_or_the_form():
    assert sorted(set(DOMAIN["actions"]) - used("action") - FORM_ACTIONS) == []


def test_every_action_of_a_rule_is_in_the_domain():
    assert sorted(used("action") - set(DOMAIN["actions"]) - set(FORMS)) == []


def intents() -> set[str]:
    return {name for entry in DOMAIN["intents"] for name in ([entry] if isinstance(entry, str) else entry)}


def test_every_intent_has_a_rule_and_every_rule_a_known_intent():
    assert sorted(intents() - used("intent")) == []
    assert sorted(used("intent") - intents() - ALWAYS_THERE) == []


def test_rules_are_named_as_sentences_and_once():
    names = [rule["rule"] for rule in rules()]
    assert len(set(names)) == len(names)
    assert [name for name in names if len(name.split()) < 3 or not name[0].isupper()] == []


def test_the_form_takes_only_what_no_other_rule_serves():
    """An intent with a rule of its own must not fill the slot; rasa.md §5 names the trap."""
    taken = {"answer", "affirm", "deny", "unsure"}
    for slot in DOMAIN["slots"].values():
        for mapping in slot["mappings"]:
            assert set(mapping["not_intent"]) == intents() - taken


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_an_action_run_is_short(name):
    source = inspect.getsource(CLASSES[name].run)
    body = source[source.index(":\n") :].strip().splitlines()
    assert len(body) <= 15
