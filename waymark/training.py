"""Train the Rasa model, with progress shown; knows whether the model is older than what it is made from."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator

from waymark.config import ROOT, Settings
from waymark.rasa_environment import rasa_environment

MODEL = "waymark"
DIALOGUE_DATA = ("data/nlu", "data/rules", "data/responses")
"""What Rasa reads; ``data/safety`` is for the screen."""

SOURCES = (*DIALOGUE_DATA, "domain.yml", "config.yml")
STEP = re.compile(r"(Starting to train component|Finished training component) '(\w+)'")


class TrainingFailed(Exception):
    """Rasa could not train; the text holds the last lines it printed."""


def is_stale(settings: Settings) -> bool:
    """Whether there is no model, or the training data, domain or configuration changed since."""
    stamp = _stamp(settings)
    model = settings.models / f"{MODEL}.tar.gz"
    return not model.exists() or not stamp.exists() or stamp.read_text(encoding="ascii") != fingerprint()


def train(settings: Settings, say: Callable[[str], None]) -> float:
    """Train and write ``models/waymark.tar.gz``; returns the seconds it took. Raises TrainingFailed."""
    settings.models.mkdir(parents=True, exist_ok=True)
    mark = fingerprint()
    started = time.monotonic()
    command = [sys.executable, "-m", "rasa", "train", "--data", *DIALOGUE_DATA, "--fixed-model-name", MODEL, "--out", str(settings.models)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=rasa_environment(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line.rstrip())
        match = STEP.search(line)
        if match:
            verb = "training" if match.group(1).startswith("Starting") else "done    "
            say(f"  {time.monotonic() - started:5.0f} s  {verb}  {match.group(2)}")
    if process.wait() != 0:
        raise TrainingFailed("\n".join(lines[-15:]))
    _stamp(settings).write_text(mark, encoding="ascii")
    return time.monotonic() - started


def fingerprint() -> str:
    """A digest of everything the model is made from."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in SOURCES:
        source = ROOT / name
        if source.is_file():
            yield source
        else:
            yield from sorted(path for path in source.rglob("*.yml"))


def _stamp(settings: Settings) -> Path:
    return settings.models / f"{MODEL}.sha256"
