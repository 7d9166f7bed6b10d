"""An alert goes from open to closed, keeps a log, and never gets less urgent by itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.domain.alerts import Alert, AlertStatus, due_at, is_overdue
from waymark.domain.errors import InvalidChange
from waymark.domain.safety import Level

AT = datetime(2030, 1, 31, 12, 0, tzinfo=timezone.utc)
LATER = AT + timedelta(minutes=3)


def an_alert(level=Level.S2, status=AlertStatus.OPEN, **more):
    return Alert("alt1", "per1", "msg1", "suicidal_passive", level.value, status.value, AT, "web", due_at=due_at(level, AT), **more)


@pytest.mark.parametrize(
    ("level", "minutes"), [(Level.S1, 5), (Level.S2, 60), (Level.S3, 24 * 60), (Level.S4, None)]
)
def test_time_to_acknowledge_follows_the_level(level, minutes):
    assert due_at(level, AT) == (AT + timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(
    ("level", "status", "after", "overdue"),
    [
        (Level.S1, AlertStatus.OPEN, timedelta(minutes=5), False),
        (Level.S1, AlertStatus.OPEN, timedelta(minutes=5, seconds=1), True),
        (Level.S1, AlertStatus.ACKNOWLEDGED, timedelta(days=1), False),
        (Level.S1, AlertStatus.CLOSED, timedelta(days=1), False),
        (Level.S4, AlertStatus.OPEN, timedelta(days=365), False),
    ],
)
def test_only_an_open_alert_past_its_time_is_overdue(level, status, after, overdue):
    assert is_overdue(an_alert(level, status), AT + after) is overdue


def test_acknowledging_names_the_first_who_did_and_logs_each():
    alert = an_alert()
    alert.acknowledge("staff:ann", LATER)
    alert.acknowledge("staff:bo", LATER + timedelta(minutes=1))
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("staff:ann", LATER)
    assert [(line["by"], line["what"]) for line in alert.log] == [("staff:ann", "acknowledged"), ("staff:bo", "acknowledged")]


def test_closing_keeps_who_when_and_the_outcome():
    alert = an_alert()
    alert.close("staff:ann", LATER, "  rang her, she is with her sister  ")
    assert (alert.status, alert.closed_by, alert.closed_at) == ("closed", "staff:ann", LATER)
    assert alert.outcome == "rang her, she is with her sister"
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("staff:ann", LATER)


def test_closing_does_not_take_over_the_acknowledgement_of_another():
    alert = an_alert()
    alert.acknowledge("staff:ann", LATER)
    alert.close("staff:bo", LATER + timedelta(hours=1), "reached")
    assert alert.acknowledged_by == "staff:ann"


@pytest.mark.parametrize("outcome", ["", "   ", "\n"])
def test_an_alert_is_not_closed_without_an_outcome(outcome):
    alert = an_alert()
    with pytest.raises(InvalidChange, match="outcome"):
        alert.close("staff:ann", LATER, outcome)
    assert (alert.status, alert.log) == ("open", [])


@pytest.mark.parametrize("change", [lambda a: a.acknowledge("staff:bo", LATER), lambda a: a.close("staff:bo", LATER, "again")])
def test_a_closed_alert_stays_as_it_was_closed(change):
    alert = an_alert()
    alert.close("staff:ann", LATER, "reached")
    with pytest.raises(InvalidChange, match="closed"):
        change(alert)
    assert (alert.closed_by, alert.outcome, alert.status) == ("staff:ann", "reached", "closed")


@given(st.lists(st.sampled_from(list(Level)), max_size=6))
def test_the_level_of_an_episode_only_rises(later):
    alert = an_alert(Level.S3)
    for level in later:
        alert.raise_to(level, f"class_{level.value}", LATER)
    assert Level(alert.level).rank == min([3, *(level.rank for level in later)])
    assert len(alert.log) == len(later)


def test_a_higher_level_brings_its_own_class_and_deadline():
    alert = an_alert(Level.S2)
    alert.raise_to(Level.S1, "overdose_self", LATER)
    assert (alert.alert_class, alert.due_at) == ("overdose_self", LATER + timedelta(minutes=5))


def test_a_lower_level_changes_neither_class_nor_deadline():
    alert = an_alert(Level.S1)
    before = (alert.alert_class, alert.level, alert.due_at)
    alert.raise_to(Level.S3, "immediate_need", LATER)
    assert (alert.alert_class, alert.level, alert.due_at) == before


@pytest.mark.parametrize(("level", "status"), [(Level.S1, "open"), (Level.S2, "open"), (Level.S3, "acknowledged")])
def test_an_acknowledged_alert_opens_again_for_every_new_message_of_a_crisis(level, status):
    alert = an_alert(Level.S2, AlertStatus.ACKNOWLEDGED)
    alert.raise_to(level, "overdose_self", LATER)
    assert alert.status == status


def test_a_note_replaces_the_log_so_that_the_change_is_stored():
    alert = an_alert()
    before = alert.log
    alert.note(LATER, "staff:ann", "no answer")
    assert before == []
    assert alert.log == [{"at": LATER.isoformat(), "by": "staff:ann", "what": "no answer"}]
