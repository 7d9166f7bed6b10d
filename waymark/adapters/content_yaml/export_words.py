"""Load the words of the page with a person's own copy from ``content/privacy/export.yml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Mapping

from waymark.adapters.content_yaml import fields
from waymark.adapters.content_yaml.document import load_document, require_keys
from waymark.domain.alerts import AlertStatus
from waymark.domain.errors import ContentError
from waymark.domain.export_words import ExportWords, SectionWords
from waymark.domain.people import PersonStatus
from waymark.domain.plan import GOAL_DOMAINS, ITEM_STATUSES, LINE_SECTIONS, OTHER_SECTIONS, PlanStatus
from waymark.domain.safety import AlertClass, Level

BODY_KEYS = ("site_notice", "texts", "labels", "sections", "values")
TEXTS: Mapping[str, tuple[str, ...]] = {
    "what_it_is": (),
    "when_opened": (),
    "gone": (),
    "too_fast": (),
    "away": (),
    "notice": (),
    "made": ("when", "zone"),
    "file": (),
    "no_words": (),
}
"""Sentences of the page, each with what is put into it."""

LABELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "title", "show", "download", "contents", "what", "kept", "when", "where", "who", "question", "understood",
            "your_words", "answer", "version", "status", "reason", "changes", "about", "urgency", "shown", "done",
            "more", "said", "name", "age", "country", "time_zone", "standing", "channels", "route", "safe_times", "place",
            "emergency_contact", "not_told", "no_answer", "changed_later", "given", "refused", "approvals", "review_date",
            "missing", "yes", "no",
        ),
        (),
    ),
    "from_team": ("name",),
    "plan_version": ("number", "status"),
    "added": ("new",),
    "removed": ("old",),
    "changed": ("field", "old", "new"),
}  # fmt: skip
"""Names of things, each with what is put into it."""

SECTIONS = ("about", "reach", "consents", "answers", "plan", "versions", "events", "alerts", "tasks", "messages", "readers")
FIXED_VALUES: Mapping[str, tuple[str, ...]] = {
    "person_status": tuple(s.value for s in PersonStatus),
    "plan_status": tuple(s.value for s in PlanStatus),
    "plan_section": (*LINE_SECTIONS, *OTHER_SECTIONS),
    "line_status": ITEM_STATUSES,
    "goal_domain": GOAL_DOMAINS,
    "alert_class": tuple(c.value for c in AlertClass),
    "alert_status": tuple(s.value for s in AlertStatus),
    "level": tuple(level.value for level in Level),
}
"""Values that the code fixes: words for others are refused."""

OPEN_VALUES = ("author", "channel", "consent", "event", "task", "task_status", "field", "action")


def load_export_words(path: Path) -> ExportWords:
    """Read the file; raises ContentError naming the key that is missing, unknown or not a text."""
    header, body = load_document(path, BODY_KEYS)
    values = fields.mapping(body["values"], "values")
    require_keys(values, (*FIXED_VALUES, *OPEN_VALUES), where="values")
    return ExportWords(
        header=header,
        site_notice=fields.optional_text(body["site_notice"], "site_notice"),
        texts=_filled(body["texts"], TEXTS, "texts"),
        labels=_filled(body["labels"], LABELS, "labels"),
        sections=_sections(body["sections"]),
        values={kind: _values(kind, raw) for kind, raw in values.items()},
    )


def _filled(raw: Any, places: Mapping[str, tuple[str, ...]], where: str) -> dict[str, str]:
    """Texts by name; one with another place in braces than the page fills is refused."""
    named = fields.mapping(raw, where)
    require_keys(named, places, where=where)
    texts = {name: fields.text(value, f"{where} {name}") for name, value in named.items()}
    for name, text in texts.items():
        unknown = sorted(set(re.findall(r"\{([^}]*)\}", text)) - set(places[name]))
        if unknown:
            raise ContentError(f"{where} {name}: unknown placeholder {', '.join(unknown)}")
    return texts


def _sections(raw: Any) -> dict[str, SectionWords]:
    named = fields.mapping(raw, "sections")
    require_keys(named, SECTIONS, where="sections")
    found = {}
    for name, words in named.items():
        where = f"sections {name}"
        require_keys(fields.mapping(words, where), ("title", "empty"), where=where)
        found[name] = SectionWords(fields.text(words["title"], where), fields.text(words["empty"], where))
    return found


def _values(kind: str, raw: Any) -> dict[str, str]:
    where = f"values {kind}"
    words = fields.mapping(raw, where)
    if kind in FIXED_VALUES:
        require_keys(words, FIXED_VALUES[kind], where=where)
    return {fields.text(stored, where): fields.text(text, f"{where} {stored}") for stored, text in words.items()}
