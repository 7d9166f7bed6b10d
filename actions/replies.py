"""Hand an outcome to Rasa: phrases by name, worded texts as they are, buttons as data."""

from __future__ import annotations

import json

from rasa_sdk.executor import CollectingDispatcher

from waymark.domain.messages import Outcome, Say


def say(dispatcher: CollectingDispatcher, outcome: Outcome) -> None:
    """Queue everything the outcome says, in order."""
    for one in outcome.says:
        say_one(dispatcher, one)


def say_one(dispatcher: CollectingDispatcher, one: Say) -> None:
    buttons = [{"title": b.title, "payload": json.dumps(b.payload.as_dict())} for b in one.buttons]
    custom = {"kind": one.kind.value}
    if one.response is not None:
        dispatcher.utter_message(response=one.response, buttons=buttons, json_message=custom, **one.params)
    else:
        dispatcher.utter_message(text=one.text, buttons=buttons, json_message=custom)
