"""What Telegram says by itself: every text is there, and nothing private stands in a plan that is shown there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from waymark.adapters.content_yaml.channel_texts import load_channel_texts
from waymark.domain.errors import ContentError

FILE = Path(__file__).resolve().parents[2] / "content" / "telegram" / "replies.yml"
TEXTS = load_channel_texts(FILE)


@pytest.mark.parametrize("line", ["Naltrexone 50 mg daily", "Take your medication", "AUDIT score 22", ""])
def test_a_line_with_a_medicine_or_a_score_is_not_shown_on_telegram(line):
    assert TEXTS.discreet(line) == TEXTS.hidden_line


@pytest.mark.parametrize("line", ["See my kids on Sundays, sober", "Ring my sister before I go to the shop"])
def test_the_persons_own_lines_are_shown(line):
    assert TEXTS.discreet(line) == line


def test_a_step_of_the_first_plan_that_names_a_medicine_is_hidden():
    rules = yaml.safe_load((FILE.parents[1] / "plan" / "first_plan.yml").read_text(encoding="utf-8"))["rules"]
    naming = [rule["text"] for rule in rules if "aloxone" in rule["text"]]
    assert naming and all(TEXTS.discreet(text) == TEXTS.hidden_line for text in naming)


def test_commands_fit_what_telegram_allows():
    for name, words in TEXTS.commands.items():
        assert name.isalpha() and name.islower() and 1 <= len(words) <= 256


def test_a_missing_or_unknown_text_is_an_error(tmp_path):
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for change in (lambda r: r["kinds"].pop("voice"), lambda r: r["link"].update(extra="x"), lambda r: r.pop("group")):
        broken = yaml.safe_load(yaml.safe_dump(raw))
        change(broken)
        file = tmp_path / "replies.yml"
        file.write_text(yaml.safe_dump(broken, sort_keys=False), encoding="utf-8")
        with pytest.raises(ContentError):
            load_channel_texts(file)
