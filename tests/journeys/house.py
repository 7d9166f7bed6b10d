"""A whole installation of its own, started through ``waymark run``, for tests that talk to it from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Callable, Mapping, Optional, TypeVar

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
WAYMARK = (sys.executable, "-m", "waymark.cli")
CLINIC = "Test Clinic"
API_TOKEN = "journeys-read-token"
MARKS = {
    "front": "waymark.front.app",
    "rasa": "rasa run",
    "actions": "-m actions",
    "console": "waymark.console.app",
    "worker": "waymark.worker",
}
READY_WITHIN = 180.0
STOPPED_WITHIN = 30.0
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], Optional[T]], within: float = 30.0, every: float = 0.05) -> T:
    """The first true value that ``look`` gives; fails with ``what`` when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited {within:g} s in vain for {what}")
        time.sleep(every)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at the moment."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class House:
    """Five processes under one supervisor, on free ports, with data of their own."""

    def __init__(
        self,
        var: Path,
        database_url: str = "",
        server_folder: Optional[Path] = None,
        settings: Optional[Mapping[str, str]] = None,
    ) -> None:
        """``database_url`` empty: a SQLite file below ``var``. ``server_folder``: where PostgreSQL keeps its data."""
        self.var, self.server_folder = var, server_folder
        front, console, rasa, actions = free_ports(4)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
        self.environment = {
            **kept,
            "WAYMARK_VAR": str(var),
            "WAYMARK_DATABASE_URL": database_url or f"sqlite:///{var / 'waymark.db'}",
            "WAYMARK_PORT": str(front),
            "WAYMARK_CONSOLE_PORT": str(console),
            "WAYMARK_RASA_PORT": str(rasa),
            "WAYMARK_ACTIONS_PORT": str(actions),
            "WAYMARK_CLINIC_NAME": CLINIC,
            "WAYMARK_API_TOKEN": API_TOKEN,
            "PYTHONUNBUFFERED": "1",
            **(settings or {}),
        }
        self.url, self.console_url = f"http://127.0.0.1:{front}", f"http://127.0.0.1:{console}"
        self.log: list[str] = []
        self._supervisor: Optional[subprocess.Popen[str]] = None
        self._web = httpx.Client(timeout=10.0, trust_env=False)

    @property
    def database_url(self) -> str:
        return self.environment["WAYMARK_DATABASE_URL"]

    @property
    def memory_url(self) -> str:
        """Where Rasa keeps its events: beside the record on PostgreSQL, in a file of its own with SQLite."""
        return f"sqlite:///{self.var / 'tracker.db'}" if self.on_sqlite else self.database_url

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """The SQLite file of the record."""
        assert self.on_sqlite, self.database_url
        return Path(self.database_url.removeprefix("sqlite:///"))

    # --- start and stop -------------------------------------------------------------------------------------

    def start(self) -> float:
        """Migrate, start everything and wait until it is ready; gives the seconds from start to ready."""
        assert (ROOT / "models" / "waymark.tar.gz").exists(), "there is no trained model; run `waymark train` first"
        self.run("migrate")
        began = time.monotonic()
        self._supervisor = self._launch()
        self.wait_ready()
        return time.monotonic() - began

    def stop(self) -> None:
        """Ask the supervisor to end, as a service manager would; nothing of the house may be left."""
        if self._supervisor is None:
            return
        self._supervisor.send_signal(signal.SIGTERM)
        try:
            code = self._supervisor.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.sweep()
            raise AssertionError(f"the supervisor did not end in {STOPPED_WITHIN:g} s\n{self.last_words()}") from None
        left = [(p.pid, p.cmdline()) for p in self.processes()]
        self.sweep()
        self._supervisor = None
        self._web.close()
        assert left == [], f"still running after the stop: {left}"
        assert code == 0, self.last_words()

    def sweep(self) -> None:
        """End whatever is left of this house."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def wait_ready(self, within: float = READY_WITHIN) -> None:
        def ready() -> bool:
            assert self._supervisor is not None and self._supervisor.poll() is None, self.last_words()
            return self.ready()

        try:
            wait_for("the house to be ready", ready, within, every=0.2)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.last_words()}") from None

    def ready(self) -> bool:
        """Whether the front, Rasa, the actions and the console all answer."""
        return self._answers(f"{self.url}/ready") and self._answers(f"{self.console_url}/health")

    def run(self, *arguments: str) -> str:
        """Run a ``waymark`` command with the settings of this house; gives what it printed."""
        done = subprocess.run(
            [*WAYMARK, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"waymark {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    # --- processes --------------------------------------------------------------------------------------------

    def processes(self) -> list[psutil.Process]:
        """Every living process that carries the data folder of this house, whoever started it."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("WAYMARK_VAR") == str(self.var):
                    found.append(process)
        return found

    def child(self, name: str) -> Optional[psutil.Process]:
        """The process of that name below a supervisor of this house."""
        for supervisor in self._supervisors():
            for process in psutil.Process(supervisor.pid).children():
                with suppress(psutil.NoSuchProcess):
                    if MARKS[name] in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                        return process
        return None

    def _supervisors(self) -> "list[subprocess.Popen[str]]":
        assert self._supervisor is not None
        return [self._supervisor]

    def kill(self, name: str) -> int:
        """``kill -9`` a process, as a fall does; gives its id."""
        process = wait_for(f"{name} to run", lambda: self.child(name))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        return process.pid

    def wait_restarted(self, name: str, old: int, within: float = READY_WITHIN) -> None:
        """Until the supervisor has put another process in the place of ``old`` and everything answers."""
        wait_for(f"{name} to be started again", lambda: (p := self.child(name)) is not None and p.pid != old, within)
        self.wait_ready(within)

    def _launch(self, *options: str, **settings: str) -> "subprocess.Popen[str]":
        """A supervisor with the settings of this house, some of them changed; what it prints goes to the log."""
        supervisor = subprocess.Popen(
            [*WAYMARK, "run", *options],
            cwd=ROOT,
            env={**self.environment, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
        threading.Thread(target=self._listen, args=(supervisor,), daemon=True).start()
        return supervisor

    def last_words(self, lines: int = 60) -> str:
        return "\n".join(self.log[-lines:])

    def _listen(self, supervisor: "subprocess.Popen[str]") -> None:
        for line in supervisor.stdout or ():
            self.log.append(line.rstrip())

    def _answers(self, url: str) -> bool:
        try:
            return self._web.get(url, timeout=5.0).status_code == 200
        except httpx.HTTPError:
            return False
