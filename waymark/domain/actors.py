"""Who does something: every write and every read of a record names an actor."""

from __future__ import annotations

from dataclasses import dataclass

from waymark.domain.staff import StaffMember


@dataclass(frozen=True)
class Actor:
    """``label`` goes into the audit trail and into authorship: person, assistant, staff:NAME, system:NAME, api."""

    label: str

    @classmethod
    def staff(cls, member: StaffMember) -> "Actor":
        return cls(f"staff:{member.name}")


PERSON = Actor("person")
ASSISTANT = Actor("assistant")
WORKER = Actor("system:worker")
COMMAND_LINE = Actor("system:command-line")
API = Actor("api")
