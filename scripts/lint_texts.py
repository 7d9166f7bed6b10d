#!/usr/bin/env python3
"""Check every text the assistant can say against content/writing/rules.yml.

Usage: python scripts/lint_texts.py [FOLDER]     FOLDER holds content/ and data/; the repository by default.
Prints findings as ``file:line: text: rule`` and exits with 1 if there is any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from waymark.adapters.content_yaml.writing import complex_reflections, load_writing_rules, spoken_texts
from waymark.domain.errors import ContentError
from waymark.domain.text_rules import Finding, check_complex_share, check_texts

ROOT = Path(__file__).resolve().parent.parent


def findings(root: Path) -> list[Finding]:
    """Everything the linter finds in the texts under ``root``."""
    rules = load_writing_rules(root / "content" / "writing" / "rules.yml")
    found = check_texts(spoken_texts(root), rules)
    share = check_complex_share(complex_reflections(root), rules)
    return [*found, Finding("content/reflections", 1, "(all reflections)", share)] if share else found


def main(arguments: list[str]) -> int:
    try:
        found = findings(Path(arguments[0]).resolve() if arguments else ROOT)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    for finding in found:
        print(finding)
    print(f"{len(found)} findings" if found else "Every text keeps the writing rules.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
