"""A message on its way: when it may be tried, what a fall leaves in doubt, when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from waymark.domain.delivery import BACK_OFF, LONGEST_WAIT, Delivery, DeliveryStatus

NOW = datetime(2030, 1, 31, 8, 0, tzinfo=timezone.utc)


def delivery() -> Delivery:
    return Delivery("rep_1", "per_1", "telegram", "4711")


def test_a_new_message_may_go_at_once():
    assert delivery().due(NOW) and not delivery().in_doubt


def test_each_failure_waits_longer_up_to_the_last_step():
    one, waits = delivery(), []
    for _ in range(len(BACK_OFF) + 2):
        one.begin()
        one.put_off(NOW)
        waits.append(one.next_try_at - NOW)
    assert waits == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert not one.due(NOW) and one.due(NOW + BACK_OFF[-1])


def test_the_wait_that_the_channel_asks_for_is_kept_within_reason():
    one = delivery()
    one.begin()
    one.put_off(NOW, timedelta(seconds=37))
    assert one.next_try_at == NOW + timedelta(seconds=37)
    one.put_off(NOW, timedelta(days=3))
    assert one.next_try_at == NOW + LONGEST_WAIT


def test_a_clock_that_went_back_does_not_hold_a_message_for_long():
    one = delivery()
    one.begin()
    one.put_off(NOW + timedelta(hours=5))
    assert one.due(NOW)


def test_what_was_under_way_at_a_fall_is_in_doubt_until_it_arrives():
    one = delivery()
    one.begin()
    assert one.in_doubt
    one.put_off(NOW, in_doubt=True)
    assert one.in_doubt
    one.part_arrived(12)
    one.arrived(NOW)
    assert one.status == DeliveryStatus.SENT.value and one.sent_refs == [12] and one.parts_sent == 1 and not one.in_doubt


def test_what_can_never_arrive_says_why():
    one = delivery()
    one.begin()
    one.give_up("forbidden")
    assert (one.status, one.problem, one.next_try_at) == ("failed", "forbidden", None)
