"""Load the rules of the safety screen from ``content/safety`` (docs/clinical/safety.md §2–§3)."""

from __future__ import annotations

import re
import sre_parse
from pathlib import Path
from typing import Any, Mapping, Optional

from waymark.adapters.content_yaml import fields
from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.content import ContentHeader
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass, Level, ScreenAction, When
from waymark.domain.safety_rules import Feature, SafetyRule, SafetyRules, Subject, Verdict

CONTENT = Path(__file__).resolve().parents[3] / "content"
REQUIRED = ("id", "alert_class", "level", "action", "who", "patterns", "examples", "look_alikes")
OPTIONAL = (
    "pairs",
    "unless",
    "unless_sentence",
    "by_when",
    "if_other",
    "if_negated",
    "heed_negation",
    "heed_frame",
    "requires",
    "raised_by",
    "means_or_plan",
    "confidence",
)
_NAME = re.compile(r"<([a-z_]+)>")


def load_safety_rules(directory: Path = CONTENT / "safety") -> SafetyRules:
    """Read ``lexicon.yml`` and every file in ``rules/``; raises ContentError naming file and key."""
    header, lexicon = load_document(directory / "lexicon.yml", ("parts", "features"))
    parts = _parts(lexicon["parts"], "lexicon.yml")
    features = {
        fields.member(Feature, name, "lexicon.yml"): _patterns(found, parts, f"lexicon.yml {name}")
        for name, found in lexicon["features"].items()
    }
    rules: list[SafetyRule] = []
    headers: list[ContentHeader] = [header]
    for path in sorted((directory / "rules").glob("*.yml")):
        file_header, body = load_document(path, ("rules",))
        headers.append(file_header)
        rules.extend(_rule(raw, parts, file_header, path.name) for raw in fields.listed(body["rules"], path.name))
    _unique([rule.id for rule in rules])
    return SafetyRules(rules=tuple(rules), headers=tuple(headers), features=features)


def _rule(raw: Any, parts: Mapping[str, str], header: ContentHeader, where: str) -> SafetyRule:
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: a rule must be a mapping")
    where = f"{where} {raw.get('id', '?')}"
    require_keys(raw, REQUIRED, optional=OPTIONAL, where=where)
    return SafetyRule(
        id=str(raw["id"]),
        version=f"{header.id}@{header.version}",
        alert_class=fields.member(AlertClass, raw["alert_class"], where),
        verdict=_verdict({"level": raw["level"], "action": raw["action"]}, where),
        subject=fields.member(Subject, raw["who"], where),
        patterns=_patterns(raw["patterns"], parts, where) + _pairs(raw.get("pairs", []), parts, where),
        unless=_patterns(raw.get("unless", []), parts, where),
        unless_sentence=_patterns(raw.get("unless_sentence", []), parts, where),
        by_when={fields.member(When, k, where): _maybe(v, where) for k, v in raw.get("by_when", {}).items()},
        if_other=_maybe(raw.get("if_other"), where),
        if_negated=_maybe(raw.get("if_negated"), where),
        heed_negation=fields.flag(raw.get("heed_negation", True), where),
        heed_frame=fields.flag(raw.get("heed_frame", True), where),
        requires=tuple(fields.member(Feature, name, where) for name in raw.get("requires", [])),
        raised_by=tuple(fields.member(Feature, name, where) for name in raw.get("raised_by", [])),
        means_or_plan=fields.flag(raw.get("means_or_plan", False), where),
        confidence=float(raw.get("confidence", 0.9)),
        examples=_texts(raw["examples"], where),
        look_alikes=_texts(raw["look_alikes"], where),
    )


def _parts(raw: Mapping[str, Any], where: str) -> dict[str, str]:
    """Named pieces of patterns; a piece may use the ones above it."""
    parts: dict[str, str] = {}
    for name, value in raw.items():
        text = "|".join(_texts(value, where)) if isinstance(value, list) else str(value)
        parts[name] = f"(?:{_fill(text, parts, f'{where} {name}')})"
    return parts


def _fill(pattern: str, parts: Mapping[str, str], where: str) -> str:
    def part(match: re.Match[str]) -> str:
        if match.group(1) not in parts:
            raise ContentError(f"{where}: unknown part <{match.group(1)}>")
        return parts[match.group(1)]

    return _NAME.sub(part, pattern)


def _patterns(raw: Any, parts: Mapping[str, str], where: str) -> tuple[str, ...]:
    filled = tuple(_fill(text, parts, where) for text in _texts(raw, where))
    for pattern in filled:
        try:
            sre_parse.parse(pattern)
        except re.error as error:
            raise ContentError(f"{where}: bad pattern {pattern!r} ({error})") from error
    return filled


def _pairs(raw: Any, parts: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Two ideas near each other in either order, as two patterns."""
    found: list[str] = []
    for pair in fields.listed(raw, where):
        if len(_texts(pair, where)) != 2:
            raise ContentError(f"{where}: a pair has two patterns")
        first, second = pair
        found += [rf"\b{first} <far>{second}\b", rf"\b{second} <far>{first}\b"]
    return _patterns(found, parts, where)


def _maybe(raw: Any, where: str) -> Optional[Verdict]:
    return None if raw is None else _verdict(raw, where)


def _verdict(raw: Any, where: str) -> Verdict:
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: a verdict has level and action")
    require_keys(raw, ("level", "action"), optional=("alert_class",), where=where)
    named = raw.get("alert_class")
    return Verdict(
        level=fields.member(Level, raw["level"], where),
        action=fields.member(ScreenAction, raw["action"], where),
        alert_class=fields.member(AlertClass, named, where) if named else None,
    )





def _texts(raw: Any, where: str) -> tuple[str, ...]:
    if any(not isinstance(text, str) for text in fields.listed(raw, where)):
        raise ContentError(f"{where}: every text in a list must be quoted text")
    return tuple(raw)


def _unique(ids: list[str]) -> None:
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise ContentError(f"rules: id used twice: {', '.join(doubled)}")
