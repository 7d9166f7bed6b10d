"""The words of the page on which a person reads their own copy (privacy.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from waymark.domain.content import ContentHeader


@dataclass(frozen=True)
class SectionWords:
    """Heading of a section, and what stands there when nothing is kept."""

    title: str
    empty: str


@dataclass(frozen=True)
class ExportWords:
    """``texts`` are sentences, ``labels`` names of things, ``values`` plain words for stored values by kind.

    ``site_notice`` is a notice that the law of the place asks for; None where none was set.
    """

    header: ContentHeader
    site_notice: Optional[str]
    texts: Mapping[str, str]
    labels: Mapping[str, str]
    sections: Mapping[str, SectionWords]
    values: Mapping[str, Mapping[str, str]]

    def value(self, kind: str, stored: Any) -> str:
        """A stored value in plain words. One that has no words of its own is shown as it is, only readable."""
        known = self.values[kind].get(str(stored))
        return known or str(stored).replace("_", " ").replace(".", " ")

    def author(self, label: str) -> str:
        """Who wrote or did something: you, the assistant, NAME from the team."""
        if label.startswith("staff:"):
            return self.labels["from_team"].format(name=label.partition(":")[2])
        return self.values["author"].get(label, label)
