"""Plain words for stored values. Unknown values are shown as they are, only readable."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from waymark.domain.people import Person

PLAN_STATUS = {
    "draft": "Being read back to the person",
    "awaiting_review": "Awaiting review",
    "signed": "Signed, waiting for the person’s yes",
    "active": "In force",
    "on_hold": "On hold",
    "completed": "Replaced by a newer version",
    "revoked": "Withdrawn",
}
LEVEL = {
    "S1": "S1 – life at risk now",
    "S2": "S2 – serious, within the hour",
    "S3": "S3 – needs a person today",
    "S4": "S4 – watch",
}
ITEM = {
    "opening.words": "What brought them here",
    "consent.record": "May we keep this",
    "person.alias": "What to call them",
    "person.age": "Age",
    "person.country": "Country",
    "contact.route": "How to reach them",
    "contact.safe_times": "When it is safe to reach them",
    "substance.main": "What they use",
    "substance.amount": "How much",
    "substance.last_use": "Last time",
    "ruler.importance": "How much it matters (0 to 10)",
    "reason.words": "Their reason",
    "ruler.confidence": "How sure they feel (0 to 10)",
    "goal.words": "Their goal",
}
ROLE = {"on_call": "on call"}
BARE = ("name", "unit", "value", "substance")
NO_ROUTE = "No route to contact"
NO_NAME = "no name given"


def plain(value: Optional[str]) -> str:
    """``work_finance`` → ``work finance``."""
    return (value or "").replace("_", " ").replace(".", " ")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plan_status(status: str) -> str:
    return PLAN_STATUS.get(status, capital(plain(status)))


def item(name: str) -> str:
    return ITEM.get(name, capital(plain(name)))


def role(name: str) -> str:
    return ROLE.get(name, name)


def short_id(person_id: str) -> str:
    """Enough of an id to tell two people without a name apart."""
    return person_id.partition("_")[2][:6]


def called(person: Person) -> str:
    return person.alias or NO_NAME


def author(label: str) -> str:
    """Who wrote something: person, assistant (automated), NAME (team)."""
    if label.startswith("staff:"):
        return f"{label.partition(':')[2]} (team)"
    return {"person": "Person", "assistant": "Assistant (automated)"}.get(label, capital(label))


def quoted(words: str) -> str:
    return f"“{words.strip()}”"


def understood(value: Any) -> str:
    """What the program made of an answer, in one readable line."""
    if isinstance(value, dict):
        if value.get("declined"):
            return "declined"
        return _parts(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(text for text in map(understood, value) if text)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _parts(value: Mapping[str, Any]) -> str:
    """``{name: alcohol, amount: {min: 2, max: 3}}`` → ``alcohol, amount 2 to 3``; what is not there is left out."""
    if value.get("negated"):
        return f"not {understood(value.get('name')) or understood(value.get('words'))}"
    said = []
    if value.get("min") is not None or value.get("max") is not None:
        low, high = understood(value.get("min")), understood(value.get("max"))
        said.append(low if low == high else f"{low or 'up'} to {high}" if high else f"{low} or more")
    skipped = ("min", "max", "words", "negated")
    for key, part in value.items():
        text = understood(part) if part not in (None, "") and part is not False and key not in skipped else ""
        if text:
            said.append(text if key in BARE else f"{plain(key)} {text}")
    return ", ".join(said)
