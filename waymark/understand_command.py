"""What the product makes of a text, without a server or a database (``waymark understand``).

Needs and talk are understood by the trained model inside Rasa and are not part of this command yet: they are
given as empty. Safety and facts are the same code that the running product uses.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Iterable, Iterator, Mapping, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from waymark.adapters.clock import aware
from waymark.bootstrap import Core, build_core
from waymark.domain.errors import InvalidChange
from waymark.domain.facts import AnswerKind
from waymark.domain.safety import ScreenContext


def understand_lines(lines: Iterable[str]) -> Iterator[str]:
    """One JSON line out for each JSON line in; a line that cannot be read gives ``{"error": …}``."""
    core = build_core()
    for line in lines:
        if not line.strip():
            continue
        try:
            yield json.dumps(understand(core, json.loads(line)), ensure_ascii=False)
        except (json.JSONDecodeError, KeyError, TypeError, InvalidChange) as error:
            yield json.dumps({"error": f"this line cannot be read: {error}"})


def understand(core: Core, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Safety, facts and what must be asked about, for one text and the question before it."""
    text, question = str(asked["text"]), asked.get("question")
    now = _now(asked.get("now"), asked.get("time_zone"))
    screening = core.safety_screen.screen(text, ScreenContext(question_text=question))
    facts = core.fact_reader.read(text, question=kind_of(core, question), now=now, country=asked.get("country"))
    top = screening.top
    found = facts.as_dict()
    return {
        "safety": {
            "class": top.alert_class.value if top else None,
            "level": top.level.value if top else None,
            "action": screening.action.value,
            "confidence": top.confidence if top else None,
        },
        "needs": [],
        "facts": {name: value for name, value in found.items() if name != "ambiguous"},
        "talk": None,
        "clarify": list(facts.ambiguous),
    }


def kind_of(core: Core, question: Optional[str]) -> Optional[AnswerKind]:
    """The kind of answer that a question of ours, given by its words, asks for."""
    if not question:
        return None
    asked = question.strip().lower()
    for item in core.questionnaire.by_id.values():
        if asked in (wording.lower() for wording in (*item.ask, *item.again, *item.retry)):
            return item.kind
    return None


def _now(given: Optional[str], zone: Optional[str]) -> datetime:
    try:
        moment = aware(datetime.fromisoformat(given)) if given else datetime.now(timezone.utc)
        return moment.astimezone(ZoneInfo(zone)) if zone else moment
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise InvalidChange("now must be an ISO time and time_zone an IANA name") from error
