"""Staff members, their roles and what each role may do (privacy.md §2, role views)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Optional


class Role(str, Enum):
    COUNSELLOR = "counsellor"
    LEAD = "lead"
    ON_CALL = "on_call"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Right(str, Enum):
    """What a route or a use case asks for."""

    SEE_WORKLIST = "see_worklist"
    SEE_PERSON = "see_person"
    EDIT_PLAN = "edit_plan"
    SIGN_PLAN = "sign_plan"
    WRITE_TO_PERSON = "write_to_person"
    SEE_ALERTS = "see_alerts"
    CLOSE_ALERT = "close_alert"
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    ASSIGN = "assign"


_CARE = {
    Right.SEE_WORKLIST,
    Right.SEE_PERSON,
    Right.EDIT_PLAN,
    Right.SIGN_PLAN,
    Right.WRITE_TO_PERSON,
    Right.SEE_ALERTS,
    Right.CLOSE_ALERT,
}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.COUNSELLOR: frozenset(_CARE),
    Role.LEAD: frozenset(_CARE | {Right.ASSIGN}),
    Role.ON_CALL: frozenset({Right.SEE_ALERTS, Right.CLOSE_ALERT, Right.SEE_PERSON, Right.WRITE_TO_PERSON}),
    Role.ADMIN: frozenset({Right.MANAGE_STAFF}),
    Role.AUDITOR: frozenset({Right.SEE_AUDIT}),
}


@dataclass(eq=False)
class StaffMember:
    """A named staff login. There are no shared accounts."""

    id: str
    name: str
    role: str
    created_at: datetime
    password_hash: Optional[str] = None
    totp_secret: Optional[str] = None
    last_totp_step: Optional[int] = None
    enrolled_at: Optional[datetime] = None
    enrol_token_hash: Optional[str] = None
    enrol_expires_at: Optional[datetime] = None
    failed_logins: int = 0
    locked_until: Optional[datetime] = None
    on_duty_until: Optional[datetime] = None

    def may(self, right: Right) -> bool:
        return right in RIGHTS[Role(self.role)]

    def on_duty(self, now: datetime) -> bool:
        return self.on_duty_until is not None and now < self.on_duty_until


@dataclass(eq=False)
class StaffSession:
    """A signed-in browser; ends after 15 idle minutes (privacy.md §2, automatic logoff)."""

    token_hash: str
    staff_id: str
    csrf: str
    created_at: datetime
    seen_at: datetime


GENESIS = "0" * 64
"""What the first entry of the audit trail follows."""


@dataclass(eq=False)
class AuditEntry:
    """One read or write, chained by hash so that a removed or changed entry shows."""

    id: str
    at: datetime
    actor: str
    action: str
    person_id: Optional[str]
    target: str
    previous_hash: str
    hash: str
    seq: Optional[int] = None


def may_see(staff: StaffMember, assigned_to: Optional[str], has_open_alert: bool) -> bool:
    """Whether this staff member may open a person's record.

    A lead sees everyone; a counsellor their own people and those nobody has taken; on-call people with an
    open alert; others nobody (privacy.md §2).
    """
    role = Role(staff.role)
    if role is Role.LEAD:
        return True
    if role is Role.COUNSELLOR:
        return assigned_to in (None, staff.id)
    return role is Role.ON_CALL and has_open_alert
