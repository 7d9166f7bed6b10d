"""The words of the page with a person's own copy are whole, and nothing foreign gets in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from waymark.adapters.content_yaml.export_words import FIXED_VALUES, SECTIONS, load_export_words
from waymark.domain.errors import ContentError
from waymark.domain.safety import AlertClass

FILE = Path(__file__).resolve().parents[2] / "content" / "privacy" / "export.yml"
WORDS = load_export_words(FILE)
SUBSTANCE_WORDS = re.compile(r"alcohol|drug|drink|substance|addict|treatment|recovery|clinic|rehab|sober", re.IGNORECASE)


def changed(tmp_path, change):
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    change(raw)
    copy = tmp_path / "export.yml"
    copy.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return copy


def test_the_title_says_nothing_about_what_it_is():
    assert not SUBSTANCE_WORDS.search(WORDS.labels["title"])
    assert not SUBSTANCE_WORDS.search(WORDS.texts["what_it_is"] + WORDS.texts["gone"] + WORDS.texts["when_opened"])


def test_sections_come_in_the_order_of_the_file():
    assert tuple(WORDS.sections) == SECTIONS


def test_no_notice_of_a_law_is_shipped():
    assert WORDS.site_notice is None
    assert "A clinic in the United States must add its own notice here" in FILE.read_text(encoding="utf-8")


def test_a_notice_that_a_site_sets_is_read(tmp_path):
    copy = changed(tmp_path, lambda raw: raw.update(site_notice="Our notice."))
    assert load_export_words(copy).site_notice == "Our notice."


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda raw: raw.update(surprise=1), "surprise"),
        (lambda raw: raw.pop("source"), "source"),
        (lambda raw: raw["texts"].update(surprise="x"), "texts: unknown key surprise"),
        (lambda raw: raw["texts"].pop("gone"), "texts: missing gone"),
        (lambda raw: raw["labels"].update(surprise="x"), "labels: unknown key surprise"),
        (lambda raw: raw["labels"].update(title=""), "labels title"),
        (lambda raw: raw["sections"].update(surprise={"title": "x", "empty": "y"}), "sections: unknown key surprise"),
        (lambda raw: raw["sections"]["about"].update(surprise="x"), "sections about: unknown key surprise"),
        (lambda raw: raw["values"].update(surprise={}), "values: unknown key surprise"),
        (lambda raw: raw["values"]["alert_class"].update(surprise="x"), "values alert_class: unknown key surprise"),
        (lambda raw: raw["values"]["level"].pop("S1"), "values level: missing S1"),
        (lambda raw: raw["values"]["channel"].update(web=1), "values channel web"),
        (lambda raw: raw["texts"].update(made="Made on {day}"), "texts made: unknown placeholder day"),
        (lambda raw: raw["labels"].update(title="{name}"), "labels title: unknown placeholder name"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_name(tmp_path, change, named):
    with pytest.raises(ContentError, match=re.escape(named)):
        load_export_words(changed(tmp_path, change))


def test_every_value_that_the_code_fixes_has_words_of_its_own():
    for kind, stored in FIXED_VALUES.items():
        assert set(WORDS.values[kind]) == set(stored)
    assert not [c.value for c in AlertClass if "_" in WORDS.value("alert_class", c.value)]


def test_a_value_without_words_is_readable():
    assert WORDS.value("action", "goal.add_first") == "goal add first"
    assert (WORDS.author("staff:J. Doe"), WORDS.author("person"), WORDS.author("J. Doe (lead)")) == ("J. Doe (team)", "you", "J. Doe (lead)")
