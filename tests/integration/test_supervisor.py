"""``waymark run`` refuses in plain words, and leaves nothing running however it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Iterator

import httpx
import psutil
import pytest
from journeys.house import ROOT, WAYMARK, House, wait_for

from waymark.config import Settings
from waymark.supervisor import CannotStart, check_machine, port_free

LIGHT = ("actions", "console", "worker")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose supervisor is started by the test itself, without Rasa, so that it is quick."""
    made = House(tmp_path / "var")
    made.run("migrate")
    yield made
    made.sweep()


def run(house: House, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*WAYMARK, "run", *arguments],
        cwd=ROOT,
        env=house.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def light(house: House) -> "subprocess.Popen[str]":
    """A running supervisor with the three quick processes."""
    supervisor = run(house, "--only", ",".join(LIGHT))
    children = wait_for("three children", lambda: len(kids := psutil.Process(supervisor.pid).children()) == 3 and kids, 60)
    assert len(children) == 3
    wait_for("the console to answer", lambda: _answers(f"{house.console_url}/health"), 60)
    return supervisor


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_every_process_and_the_code_is_0(house: House, number: signal.Signals) -> None:
    supervisor = light(house)
    supervisor.send_signal(number)
    said, _ = supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0, said
    assert house.processes() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed parent")
def test_a_supervisor_that_is_killed_takes_its_processes_along(house: House) -> None:
    supervisor = light(house)
    supervisor.kill()
    supervisor.wait(10)
    wait_for("all processes to end", lambda: house.processes() == [], 15)


def test_only_the_chosen_processes_run(house: House) -> None:
    supervisor = run(house, "--only", "console")
    wait_for("the console to answer", lambda: _answers(f"{house.console_url}/health"), 60)
    assert [mark for mark in ("waymark.console.app", "actions", "waymark.worker") if _runs(supervisor.pid, mark)] == [
        "waymark.console.app"
    ]
    supervisor.terminate()
    assert supervisor.wait(30) == 0


def test_a_process_of_an_unknown_name_is_refused(house: House) -> None:
    supervisor = run(house, "--only", "kitchen")
    said, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 2 and "kitchen" in said


def test_a_port_in_use_is_named_with_the_setting_that_moves_it(house: House) -> None:
    port = int(house.environment["WAYMARK_CONSOLE_PORT"])
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        assert not port_free("127.0.0.1", port)
        supervisor = run(house, "--only", "console")
        said, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 2
    assert str(port) in said and "WAYMARK_CONSOLE_PORT" in said and "Traceback" not in said
    assert house.processes() == []


def test_without_a_model_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "models", tmp_path / "nothing")
    house = House(tmp_path / "var")
    settings = Settings(var_dir=str(house.var), rasa_port=int(house.environment["WAYMARK_RASA_PORT"]))
    with pytest.raises(CannotStart, match="waymark train"):
        check_machine(settings, ["rasa"])
    check_machine(settings, ["worker"])


def test_a_process_that_dies_is_named_and_started_again(house: House) -> None:
    supervisor = light(house)
    worker = next(p for p in psutil.Process(supervisor.pid).children() if "waymark.worker" in " ".join(p.cmdline()))
    worker.kill()
    wait_for("another worker", lambda: _runs(supervisor.pid, "waymark.worker") not in (None, worker.pid), 30)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=30)
    assert "[worker] ended with code -9; starting it again" in said
    assert supervisor.returncode == 0 and house.processes() == []


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _runs(supervisor: int, mark: str) -> int | None:
    """The id of the living child with that mark in its command line."""
    for child in psutil.Process(supervisor).children():
        if child.status() != psutil.STATUS_ZOMBIE and mark in " ".join(child.cmdline()):
            return child.pid
    return None
