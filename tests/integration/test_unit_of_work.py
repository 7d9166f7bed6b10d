"""A transaction holds or leaves no trace; what is sealed is unreadable below; times keep their zone."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest

from waymark.bootstrap import Core
from waymark.domain.errors import StorageConflict, StorageUnavailable
from waymark.domain.people import ChannelIdentity, Person

NOW = datetime(2030, 3, 12, 9, 0, tzinfo=timezone.utc)


def add_person(core: Core, person_id: str, alias: str | None = None) -> None:
    with core.uow() as uow:
        uow.people.add(Person(person_id, NOW, alias=alias))
        uow.commit()


def test_leaving_without_a_commit_undoes_everything(core: Core) -> None:
    with core.uow() as uow:
        uow.people.add(Person("per_1", NOW))
        uow.flush()
        assert uow.people.get("per_1") is not None
    with core.uow() as uow:
        assert uow.people.get("per_1") is None


def test_an_error_undoes_everything(core: Core) -> None:
    with pytest.raises(ZeroDivisionError), core.uow() as uow:
        uow.people.add(Person("per_1", NOW))
        uow.flush()
        _ = 1 / 0
    with core.uow() as uow:
        assert uow.people.get("per_1") is None


def test_what_was_committed_is_there_and_readable_after_the_end(core: Core) -> None:
    add_person(core, "per_1", alias="Sam")
    with core.uow() as uow:
        person = uow.people.get("per_1")
    assert person is not None and (person.alias, person.created_at) == ("Sam", NOW)


def test_one_address_belongs_to_one_person(core: Core) -> None:
    for person_id in ("per_1", "per_2"):
        add_person(core, person_id)
    with core.uow() as uow:
        uow.people.add_identity(ChannelIdentity("adr_1", "per_1", "web", "ses_1", NOW))
        uow.commit()
    with pytest.raises(StorageConflict), core.uow() as uow:
        uow.people.add_identity(ChannelIdentity("adr_2", "per_2", "web", "ses_1", NOW))
        uow.commit()


def test_words_are_sealed_in_the_table(core: Core) -> None:
    add_person(core, "per_1", alias="Zebulonia")
    with core.engine.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT alias FROM people").one()
    assert "Zebulonia" not in stored and core.cipher.open(stored) == "Zebulonia"


@pytest.mark.parametrize("word", ["naïve 🙈", "nul \x00 byte", "lone \ud83d surrogate", "", "x" * 50_000])
def test_any_text_comes_back_as_it_was(core: Core, word: str) -> None:
    add_person(core, "per_1", alias=word)
    with core.uow() as uow:
        person = uow.people.get("per_1")
    assert person is not None and person.alias == word


def test_times_come_back_aware_and_equal_whatever_their_zone(core: Core) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    with core.uow() as uow:
        uow.people.add(Person("per_1", elsewhere))
        uow.commit()
    with core.uow() as uow:
        person = uow.people.get("per_1")
    assert person is not None and person.created_at == NOW and person.created_at.tzinfo is not None


def test_a_time_without_a_zone_is_refused(core: Core) -> None:
    with pytest.raises(StorageUnavailable) as refused, core.uow() as uow:
        uow.people.add(Person("per_1", NOW.replace(tzinfo=None)))
        uow.commit()
    assert "without a zone" in str(refused.value.__cause__)


def test_two_who_change_one_person_take_turns(core: Core) -> None:
    """Each adds one to a counter they read; without a lock one of the changes would be lost."""
    add_person(core, "per_1")
    rounds, helpers = 10, 3

    def count() -> None:
        for _ in range(rounds):
            with core.uow() as uow:
                person = uow.people.lock("per_1")
                assert person is not None
                person.age = (person.age or 0) + 1
                uow.commit()

    threads = [threading.Thread(target=count) for _ in range(helpers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with core.uow() as uow:
        person = uow.people.get("per_1")
    assert person is not None and person.age == rounds * helpers
