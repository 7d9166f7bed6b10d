"""What runs inside Rasa: the choice of wording, the two patches, and the sealed memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Iterator

import pytest
import rasa
from jsonschema import Draft202012Validator, ValidationError
from rasa.core.actions.action import RemoteAction, create_bot_utterance
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.common import all_subclasses

from waymark.adapters.db.tracker_rows import RasaTrackerRows, tracker_url
from waymark.config import ROOT, Settings
from waymark.dialogue import patches
from waymark.dialogue.nlg import LeastRecentlySaid, UnknownPhrase, least_recent
from waymark.dialogue.tracker_store import SealedTrackerStore

PHRASE = "utter_ask_who_are_you"
GOOD_ANSWERS = (
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "answer", "value": None}], "responses": [{"text": "hello"}]},
    {"events": [], "responses": [{"response": "utter_hello_again", "buttons": [], "custom": {"kind": "message"}}]},
)
BAD_ANSWERS = ({"events": [{"event": 3}], "responses": []}, {"events": {}}, [], {"events": ["slot"]})


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The whole domain, with the phrases of ``data/responses``."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )
    return importer.get_domain()


@pytest.fixture
def endpoints(monkeypatch: pytest.MonkeyPatch) -> AvailableEndpoints:
    monkeypatch.setenv("WAYMARK_ACTIONS_PORT", "5055")
    return AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))


@pytest.fixture
def patched() -> Iterator[None]:
    patches.apply_patches()
    yield


# --- wording ---------------------------------------------------------------------------------------------------


def say(nlg: LeastRecentlySaid, tracker: DialogueStateTracker, phrase: str = PHRASE, **values: Any) -> str:
    """Have a phrase chosen and said, as the processor does it."""
    message = asyncio.run(nlg.generate(phrase, tracker, "web", **values))
    assert message is not None
    words = str(message["text"])
    tracker.update(create_bot_utterance(message))
    return words


def test_the_wording_said_longest_ago_comes_next(domain: Domain, endpoints: AvailableEndpoints) -> None:
    nlg = NaturalLanguageGenerator.create(endpoints.nlg, domain)
    assert isinstance(nlg, LeastRecentlySaid)
    variants = [variant["text"] for variant in domain.responses[PHRASE]]
    assert len(variants) >= 3
    tracker = DialogueStateTracker.from_events("per_1", [])
    said = [say(nlg, tracker) for _ in range(2 * len(variants))]
    assert sorted(said[: len(variants)]) == sorted(variants)
    assert said[len(variants) :] == said[: len(variants)]


def test_what_was_said_to_one_person_does_not_count_for_another(domain: Domain) -> None:
    nlg = LeastRecentlySaid(None, domain)
    one, other = (DialogueStateTracker.from_events(name, []) for name in ("per_1", "per_2"))
    assert say(nlg, one) == say(nlg, other)
    assert say(nlg, one) != say(nlg, other, "utter_ask_are_you_human")


def test_values_are_filled_in(domain: Domain) -> None:
    words = say(LeastRecentlySaid(None, domain), DialogueStateTracker.from_events("per_1", []), "utter_resumed", left="7")
    assert "7" in words and "{" not in words


def test_an_unknown_phrase_is_an_error_and_not_silence(domain: Domain) -> None:
    with pytest.raises(UnknownPhrase):
        say(LeastRecentlySaid(None, domain), DialogueStateTracker.from_events("per_1", []), "utter_nothing_of_the_kind")


@pytest.mark.parametrize(
    ("count", "said", "following"), [(1, [0, 0], 0), (3, [], 0), (3, [0], 1), (3, [0, 1, 2], 0), (3, [2, 0, 1], 2), (2, [0, 1, 0], 1)]
)
def test_the_least_recent_is_chosen(count: int, said: list[int], following: int) -> None:
    assert least_recent(count, said) == following


# --- patches ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", GOOD_ANSWERS)
def test_a_good_answer_of_the_action_server_passes(patched: None, answer: Any) -> None:
    assert RemoteAction._validate_action_result(None, answer) is True


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_a_bad_answer_is_refused_as_without_the_patch(patched: None, answer: Any) -> None:
    schema = RemoteAction.action_response_format_spec()
    assert list(Draft202012Validator(schema).iter_errors(answer)), "Rasa itself would let this pass"
    with pytest.raises(ValidationError):
        RemoteAction._validate_action_result(None, answer)


def test_every_event_type_is_found_by_its_name(patched: None) -> None:
    kinds = {kind.type_name: kind for kind in all_subclasses(Event) if kind.type_name not in ("event", "agent")}
    assert len(kinds) > 15
    for name in [*kinds, *kinds]:
        found = Event.resolve_by_type(name)
        assert found is not None and found.type_name == name


def test_events_are_read_back_as_they_were(patched: None) -> None:
    for event in (SlotSet("answer", {"a": 1}), UserUttered("hello", intent={"name": "greet", "confidence": 1.0})):
        assert Event.from_parameters(event.as_dict()) == event


def test_an_unknown_event_type_is_no_better_known_the_second_time(patched: None) -> None:
    name = "nothing_of_the_kind"
    assert Event.resolve_by_type(name, SlotSet) is SlotSet
    for _ in range(2):
        with pytest.raises(ValueError, match=name):
            Event.resolve_by_type(name)


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.20")
    with pytest.raises(patches.UnknownRasaVersion, match="3.6.20"):
        patches.apply_patches()


# --- memory ----------------------------------------------------------------------------------------------------


@pytest.fixture
def store(
    endpoints: AvailableEndpoints, domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SealedTrackerStore:
    """The store of endpoints.yml on a database of its own."""
    monkeypatch.setenv("WAYMARK_VAR", str(tmp_path))
    monkeypatch.setenv("WAYMARK_DATABASE_URL", f"sqlite:///{tmp_path / 'waymark.db'}")
    made = TrackerStore.create(endpoints.tracker_store, domain)
    assert type(made) is SealedTrackerStore
    return made


def remember(store: SealedTrackerStore, person_id: str, words: str) -> None:
    tracker = DialogueStateTracker.from_events(person_id, [])
    tracker.update(UserUttered(words, intent={"name": "answer", "confidence": 1.0}))
    asyncio.run(store.save(tracker))


def test_what_rasa_remembers_is_sealed_and_comes_back(store: SealedTrackerStore, tmp_path: Path) -> None:
    remember(store, "per_1", "the marzipan lighthouse")
    tracker = asyncio.run(store.retrieve("per_1"))
    assert tracker is not None and tracker.latest_message is not None
    assert tracker.latest_message.text == "the marzipan lighthouse"
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"per_1" in stored and b"marzipan" not in stored


def test_a_person_is_removed_from_rasas_memory_and_nobody_else(store: SealedTrackerStore, tmp_path: Path) -> None:
    for person_id in ("per_1", "per_2"):
        remember(store, person_id, "hello")
    settings = Settings(var_dir=str(tmp_path), database_url=f"sqlite:///{tmp_path / 'waymark.db'}")
    rows = RasaTrackerRows(settings)
    assert rows.forget("per_1") >= 1
    assert rows.forget("per_1") == 0
    assert asyncio.run(store.retrieve("per_1")) is None
    assert asyncio.run(store.retrieve("per_2")) is not None
    assert tracker_url(settings).endswith("tracker.db")


def test_forgetting_where_rasa_never_ran_removes_nothing(tmp_path: Path) -> None:
    settings = Settings(var_dir=str(tmp_path), database_url=f"sqlite:///{tmp_path / 'waymark.db'}")
    assert RasaTrackerRows(settings).forget("per_1") == 0
