"""The consent text a person is shown, with the version that is stored (privacy.md §1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentText:
    """One purpose, two wordings: with a care team attached and without one."""

    kind: str
    version: str
    with_team: str
    without_team: str
    digest: str

    def shown(self, clinic_name: str) -> str:
        """The words as a person sees them. No team is named where none is attached."""
        return self.with_team.format(clinic=clinic_name) if clinic_name else self.without_team
