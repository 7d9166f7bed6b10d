"""Deleting takes everything along, wherever it lies; what was written is unreadable on the disk."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Callable

import pytest
from cryptography.fernet import Fernet

from journeys.house import House, wait_for
from journeys.person import Visitor
from journeys.staff import Colleague

Come = Callable[..., Visitor]
ALIAS = "Zebulonia"


def told_everything(visitor: Visitor, telltale: str) -> Visitor:
    """A person with words, answers, a draft plan and an alert. ``telltale`` is a word that nobody else says."""
    visitor.tell("hello", f"the {telltale} lighthouse keeper drinks lager")
    visitor.tap("Yes, you may")
    visitor.tell(ALIAS, "34", "uk", f"sam@{telltale}.example", f"never at the {telltale} factory", "6 cans every day", "yesterday")
    visitor.tell("8", f"because of the {telltale}", "5", f"to see the {telltale} lighthouse sober")
    visitor.say(f"can i talk to a human about the {telltale}")
    assert telltale in visitor.record()["plan"]["goals"][0]["words"]
    assert visitor.alerts() != []
    return visitor


def rows_of(file: Path, key: Path) -> list[str]:
    """Every row of every table, with sealed texts opened."""
    cipher = Fernet(key.read_text(encoding="ascii").strip().encode())
    found = []
    with closing(sqlite3.connect(file, timeout=30)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                opened = [_open(cipher, value) for value in row]
                found.append(f"{table}: {json.dumps(opened, default=str, ensure_ascii=False)}")
    return found


def _open(cipher: Fernet, value: object) -> object:
    if isinstance(value, str) and value.startswith("gAAAA"):
        return cipher.decrypt(value.encode()).decode("utf-8", "surrogatepass")
    return value


def traces(house: House, *strings: str) -> list[str]:
    """Rows in either database, and files under ``var``, that hold one of the strings."""
    rows = [row for file in (house.database, house.memory) for row in rows_of(file, house.var / "data-key")]
    found = [row for row in rows if any(s in row for s in strings)]
    for file in sorted(house.var.rglob("*")):
        if file.is_file() and any(s.encode() in file.read_bytes() for s in strings):
            found.append(f"file {file.name}")
    return found


def test_what_is_written_cannot_be_read_in_the_files(house: House, visitor: Come) -> None:
    told_everything(visitor(), "marzipan")
    rows = [row for file in (house.database, house.memory) for row in rows_of(file, house.var / "data-key")]
    for word in (ALIAS, "marzipan", "sam@marzipan.example"):
        assert any(word in row for row in rows), f"{word} is not kept at all"
        for file in (house.database, house.memory):
            assert word.encode() not in file.read_bytes(), f"{word} stands in {file.name}"


def test_deleting_in_the_chat_asks_first_and_then_takes_everything(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "nougat")
    person_id = person.person_id
    person.say("delete everything you have on me")
    assert person.asked == "privacy.delete"
    person.tap("No, keep it")
    assert person.was_told("nothing_deleted") and person.record()["answers"]

    person.say("delete everything you have on me")
    person.tap("Yes, delete it")
    assert person.was_told("all_deleted")
    assert_gone(house, person, person_id, "nougat")


def test_the_command_deletes_as_the_person_would(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "rhubarb")
    person_id = person.person_id
    assert "Erased" in house.run("erase", person_id)
    assert_gone(house, person, person_id, "rhubarb")


def test_after_deleting_the_same_session_starts_afresh(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "liquorice")
    old = person.person_id
    house.run("erase", old)
    person.say("hello")
    assert person.asked == "opening.words" and ALIAS not in person.words()
    assert person.person_id != old
    assert len(person.history()) == 1 + len(person.last)


def test_refused_consent_leaves_no_words_behind(house: House, visitor: Come) -> None:
    person = visitor()
    person.tell("hello", "it began on the turnip submarine")
    person.tap("Not now")
    wait_for("the words to be gone", lambda: traces(house, "turnip") == [], within=20)
    assert person.record()["person"]["status"] == "declined"


def test_each_read_of_a_record_is_audited_and_the_trail_is_whole(house: House, visitor: Come, counsellor: Colleague) -> None:
    person = told_everything(visitor(), "butterscotch")
    counsellor.page(f"/people/{person.person_id}")
    person.record()
    auditor = Colleague.hired(house, "Vera", "auditor")
    page = auditor.page("/audit")
    assert f"staff:{counsellor.name}" in page or counsellor.name in page
    assert "butterscotch" not in page and ALIAS not in page
    auditor.close()


def test_the_commands_show_the_record_and_refuse_an_unknown_person(house: House, visitor: Come) -> None:
    person = told_everything(visitor(), "marmalade")
    printed = json.loads(house.run("record", person.person_id))
    assert printed["person"]["alias"] == ALIAS
    with pytest.raises(AssertionError, match="no such person"):
        house.run("erase", "per_nobody")


def assert_gone(house: House, person: Visitor, person_id: str, telltale: str) -> None:
    assert person.people() == []
    assert person.read(f"/api/people/{person_id}/record").status_code == 404
    assert person.history() == []
    wait_for("every trace to be gone", lambda: traces(house, telltale) == [], within=20)
    events = [row for row in rows_of(house.memory, house.var / "data-key") if person_id in row]
    assert events == []
