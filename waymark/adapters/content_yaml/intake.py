"""Load the questionnaire, the consent text, first reflections and the rules of the first draft."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Mapping

from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.consent import ConsentText
from waymark.domain.drafting import DraftContent, PlanRule
from waymark.domain.errors import ContentError
from waymark.domain.facts import AnswerKind
from waymark.domain.intake import Choice, Condition, Item, Questionnaire
from waymark.domain.reflecting import Reflection, ReflectionBank

ITEM_OPTIONAL = ("acknowledge", "choices", "when", "health")
ITEM_REQUIRED = ("id", "kind", "label", "step", "why", "ask", "again", "retry", "skippable")
CONDITION_TESTS = ("known", "unknown", "is", "is_not")


def load_questionnaire(folder: Path) -> Questionnaire:
    """The first talk in order, plus the items that only a situation opens."""
    header, body = load_document(folder / "session_1.yml", ["items"])
    moments_header, moments = load_document(folder / "moments.yml", ["items"])
    items = [_item(raw, in_order=True) for raw in body["items"]]
    items += [_item(raw, in_order=False) for raw in moments["items"]]
    ids = [item.id for item in items]
    if len(set(ids)) != len(ids):
        raise ContentError("intake: an item id stands twice")
    known = set(ids)
    for item in items:
        for condition in item.when:
            if condition.item not in known and not condition.item.startswith("setting."):
                raise ContentError(f"{item.id}: its condition names an unknown item {condition.item}")
    return Questionnaire.of(header.id, f"{header.version}+{moments_header.version}", items)


def load_consent(path: Path) -> ConsentText:
    header, body = load_document(path, ["kind", "purpose", "text_with_team", "text_without_team"])
    text = f"{body['text_with_team']}\n{body['text_without_team']}"
    return ConsentText(
        kind=body["kind"],
        version=header.version,
        with_team=body["text_with_team"].strip(),
        without_team=body["text_without_team"].strip(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def load_draft_content(path: Path) -> DraftContent:
    header, body = load_document(path, ["first_review_days", "news", "substance_names", "steps_missing", "rules"])
    return DraftContent(
        version=f"{header.id}@{header.version}",
        rules=tuple(_rule(raw) for raw in body["rules"]),
        substance_names=dict(body["substance_names"]),
        steps_missing=dict(body["steps_missing"]),
        first_review_days=int(body["first_review_days"]),
        news=body["news"],
    )


def load_reflections(path: Path) -> ReflectionBank:
    _, body = load_document(path, ["reflections", "fallback"])
    listed = []
    for raw in body["reflections"]:
        require_keys(raw, ("id", "cues", "unless", "complex", "texts"), where=f"{path.name}: {raw.get('id')}")
        listed.append(
            Reflection(
                id=raw["id"],
                cues=tuple(re.compile(cue, re.IGNORECASE) for cue in raw["cues"]),
                unless=tuple(re.compile(cue, re.IGNORECASE) for cue in raw["unless"]),
                complex=bool(raw["complex"]),
                texts=tuple(raw["texts"]),
            )
        )
    return ReflectionBank(reflections=tuple(listed), fallback=tuple(body["fallback"]))


def _item(raw: Mapping[str, Any], *, in_order: bool) -> Item:
    where = f"item {raw.get('id')}"
    require_keys(raw, ITEM_REQUIRED, optional=ITEM_OPTIONAL, where=where)
    try:
        kind = AnswerKind(raw["kind"])
    except ValueError as error:
        raise ContentError(f"{where}: unknown kind {raw['kind']}") from error
    return Item(
        id=raw["id"],
        kind=kind,
        label=raw["label"],
        step=raw["step"],
        why=raw["why"],
        ask=tuple(raw["ask"]),
        again=tuple(raw["again"]),
        retry=tuple(raw["retry"]),
        acknowledge=tuple(raw.get("acknowledge", ())),
        choices=tuple(_choice(choice, where) for choice in raw.get("choices", ())),
        when=tuple(_condition(condition, where) for condition in raw.get("when", ())),
        skippable=bool(raw["skippable"]),
        health=bool(raw.get("health", True)),
        in_order=in_order,
    )


def _choice(raw: Mapping[str, Any], where: str) -> Choice:
    require_keys(raw, ("title", "value"), optional=("intent",), where=f"{where}, choice")
    return Choice(title=raw["title"], value=raw["value"], intent=raw.get("intent", "answer"))


def _condition(raw: Mapping[str, Any], where: str) -> Condition:
    require_keys(raw, ("item", "test"), optional=("value",), where=f"{where}, when")
    if raw["test"] not in CONDITION_TESTS:
        raise ContentError(f"{where}: unknown test {raw['test']}")
    return Condition(item=raw["item"], test=raw["test"], value=raw.get("value"))


RULE_REQUIRED = ("id", "text", "why", "owner", "frequency", "start_in_days", "review_in_days", "evidence_item")
RULE_CONDITIONS = ("substances", "min_days_per_week", "importance_below", "confidence_below", "importance_from")


def _rule(raw: Mapping[str, Any]) -> PlanRule:
    require_keys(raw, RULE_REQUIRED, optional=RULE_CONDITIONS, where=f"plan rule {raw.get('id')}")
    conditions: dict[str, Any] = {name: raw.get(name) for name in RULE_CONDITIONS if name != "substances"}
    substances = tuple(raw["substances"]) if raw.get("substances") else None
    return PlanRule(**{name: raw[name] for name in RULE_REQUIRED}, **conditions, substances=substances)
