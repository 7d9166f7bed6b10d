"""Two patches for Rasa 3.6.21 (docs/performance.md); any other version is refused.

A: the JSON schema of action server answers was checked anew on every call (63 % of an action turn); the
   validator is built once. C: ``Event.resolve_by_type`` walked the class tree for every stored event; found
   classes are remembered by name, a miss never is.
"""

from __future__ import annotations

from typing import Any, Optional, Type

import rasa
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

PATCHED_VERSION = "3.6.21"


class UnknownRasaVersion(RuntimeError):
    """The patches were written for one version of Rasa and this is another."""


def apply_patches() -> None:
    """Install both patches; calling it again changes nothing. Raises UnknownRasaVersion."""
    if rasa.__version__ != PATCHED_VERSION:
        raise UnknownRasaVersion(f"Waymark's patches are for Rasa {PATCHED_VERSION}; this is {rasa.__version__}")
    _validate_with_one_validator()
    _remember_event_types()


def _validate_with_one_validator() -> None:
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = next(validator.iter_errors(result), None)
        if error is not None:
            raise ValidationError(f"the action server's answer does not have the agreed shape: {error.message}")
        return True

    RemoteAction._validate_action_result = validate


def _remember_event_types() -> None:
    original = getattr(Event.resolve_by_type, "__wrapped__", Event.resolve_by_type)
    found: dict[str, Type[Event]] = {}

    def resolve(type_name: str, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
        known = found.get(type_name)
        if known is not None:
            return known
        resolved = original(type_name, default)
        if resolved is not None and resolved is not default:
            found[type_name] = resolved
        return resolved

    resolve.__wrapped__ = original  # type: ignore[attr-defined]
    Event.resolve_by_type = staticmethod(resolve)
