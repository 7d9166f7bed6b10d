"""Who may do what and see whom (docs/clinical/privacy.md §2)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from waymark.domain.staff import RIGHTS, Right, Role, StaffMember, may_see

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)

ALLOWED = {
    Role.COUNSELLOR: {
        "see_worklist", "see_person", "edit_plan", "sign_plan", "write_to_person", "see_alerts", "close_alert"
    },
    Role.LEAD: {
        "see_worklist", "see_person", "edit_plan", "sign_plan", "write_to_person", "see_alerts", "close_alert", "assign"
    },
    Role.ON_CALL: {"see_alerts", "close_alert", "see_person", "write_to_person"},
    Role.ADMIN: {"manage_staff"},
    Role.AUDITOR: {"see_audit"},
}  # fmt: skip


def a_member(role, **more):
    return StaffMember("stf1", "Ann", role.value, AT, **more)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role, right):
    assert a_member(role).may(right) is (right.value in ALLOWED[role])


def test_every_role_has_its_rights_listed():
    assert set(RIGHTS) == set(Role) == set(ALLOWED)


def test_a_role_that_is_none_may_do_nothing():
    with pytest.raises(ValueError, match="visitor"):
        StaffMember("stf1", "Ann", "visitor", AT).may(Right.SEE_PERSON)


@pytest.mark.parametrize(
    ("role", "assigned_to", "open_alert", "sees"),
    [
        (Role.LEAD, "stf2", False, True),
        (Role.LEAD, None, False, True),
        (Role.COUNSELLOR, "stf1", False, True),
        (Role.COUNSELLOR, None, False, True),
        (Role.COUNSELLOR, "stf2", False, False),
        (Role.COUNSELLOR, "stf2", True, False),
        (Role.ON_CALL, "stf1", False, False),
        (Role.ON_CALL, None, False, False),
        (Role.ON_CALL, "stf2", True, True),
        (Role.ADMIN, "stf1", True, False),
        (Role.ADMIN, None, True, False),
        (Role.AUDITOR, "stf1", True, False),
        (Role.AUDITOR, None, False, False),
    ],
)
def test_a_record_opens_for_those_who_care_for_the_person(role, assigned_to, open_alert, sees):
    assert may_see(a_member(role), assigned_to, open_alert) is sees


@pytest.mark.parametrize(
    ("until", "on_duty"),
    [(None, False), (AT - timedelta(seconds=1), False), (AT, False), (AT + timedelta(seconds=1), True)],
)
def test_duty_ends_at_its_hour(until, on_duty):
    assert a_member(Role.ON_CALL, on_duty_until=until).on_duty(AT) is on_duty
