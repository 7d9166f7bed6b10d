"""Runs all processes: starts them, shows what they say, restarts what dies, leaves nothing behind."""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Callable, Mapping, Optional, Sequence

import httpx

from waymark.config import ROOT, Settings
from waymark.rasa_environment import rasa_environment

PROCESSES = ("actions", "rasa", "front", "console", "worker")
STOP_SECONDS = 8.0
BACK_OFF = (0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_AFTER = 60.0
NEEDED_BYTES = 500 * 1024 * 1024
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something is in the way; the text says what and what to do about it."""


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    process: Optional["subprocess.Popen[str]"] = None
    failures: int = 0
    started_at: float = 0.0
    restart_at: float = 0.0
    output: Optional[threading.Thread] = field(default=None, repr=False)


class Supervisor:
    """Keeps the chosen processes running until it is told to stop."""

    def __init__(self, settings: Settings, names: Sequence[str], say: Callable[[str], None]) -> None:
        self._settings, self._say = settings, say
        self._children = [Child(name, command_of(name, settings)) for name in PROCESSES if name in names]
        self._stopping = threading.Event()

    def run(self) -> int:
        """Start, watch, stop. Returns 0 after a clean stop."""
        check_machine(self._settings, [c.name for c in self._children])
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for child in self._children:
                self._start(child)
            threading.Thread(target=self._announce, daemon=True).start()
            while not self._stopping.wait(0.2):
                for child in self._children:
                    self._watch(child)
        finally:
            self._stop_all()
        return 0

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            cwd=ROOT,
            env=environment(self._settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        child.started_at = time.monotonic()
        child.output = threading.Thread(target=self._relay, args=(child.name, child.process), daemon=True)
        child.output.start()

    def _watch(self, child: Child) -> None:
        process = child.process
        if process is not None and process.poll() is not None:
            _kill_group(process, signal.SIGKILL)
            ran = time.monotonic() - child.started_at
            child.failures = 0 if ran > STEADY_AFTER else child.failures + 1
            pause = BACK_OFF[min(max(child.failures - 1, 0), len(BACK_OFF) - 1)]
            self._say(f"[{child.name}] ended with code {process.returncode}; starting it again in {pause:g} s")
            child.process, child.restart_at = None, time.monotonic() + pause
        elif process is None and time.monotonic() >= child.restart_at:
            self._start(child)

    def _relay(self, name: str, process: "subprocess.Popen[str]") -> None:
        if process.stdout is None:
            return
        for line in process.stdout:
            if line.strip():
                self._say(f"[{name}] {line.rstrip()}")

    def _announce(self) -> None:
        """Print the addresses once everything answers."""
        names = [child.name for child in self._children]
        url = f"{_loopback(self._settings)}:{self._settings.port}"
        while "front" in names and not self._stopping.wait(0.5):
            if _answers(f"{url}/ready") or (set(names) != set(PROCESSES) and _answers(f"{url}/health")):
                break
        if self._stopping.is_set():
            return
        self._say("")
        if "front" in names:
            self._say(f"  Chat:     {self._settings.front_url}/")
        if "console" in names:
            self._say(f"  Console:  {self._settings.console_url}/")
            self._say("  A staff login:  .venv/bin/waymark staff add NAME --role counsellor")
        self._say("  Stop with Ctrl-C.")
        self._say("")

    def _on_signal(self, number: int, frame: Optional[FrameType]) -> None:
        self._stopping.set()

    def _stop_all(self) -> None:
        """Ask every process group to end, then end it."""
        running = [c.process for c in self._children if c.process is not None]
        for process in running:
            _kill_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                logging.getLogger(__name__).info("a process did not end in time and was killed")
            _kill_group(process, signal.SIGKILL)
            process.wait()


def command_of(name: str, settings: Settings) -> Sequence[str]:
    """The command line of a process, all with this interpreter."""
    python = sys.executable
    if name != "rasa":
        modules = {"front": "waymark.front.app", "actions": "actions", "console": "waymark.console.app", "worker": "waymark.worker"}
        return [python, "-m", modules[name]]
    return [
        python,
        *("-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port)),
        *("--model", str(settings.models / "waymark.tar.gz"), "--endpoints", "endpoints.yml"),
        *("--credentials", "credentials.yml"),
    ]


def environment(settings: Settings) -> Mapping[str, str]:
    """What the processes inherit: quiet libraries, no telemetry, and the ports that endpoints.yml names."""
    return {
        **rasa_environment(settings),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SQLALCHEMY_WARN_20": "0",
        "PYTHONUNBUFFERED": "1",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def check_machine(settings: Settings, names: Sequence[str]) -> None:
    """Refuse to start with a port taken, no model or no disk space, in words that say what to do."""
    ports = {
        "front": (settings.host, settings.port, "WAYMARK_PORT"),
        "console": (settings.host, settings.console_port, "WAYMARK_CONSOLE_PORT"),
        "rasa": ("127.0.0.1", settings.rasa_port, "WAYMARK_RASA_PORT"),
        "actions": ("127.0.0.1", settings.actions_port, "WAYMARK_ACTIONS_PORT"),
    }
    for name in names:
        if name in ports and not port_free(*ports[name][:2]):
            host, port, setting = ports[name]
            raise CannotStart(f"Port {port} on {host} is in use. Stop what uses it, or set {setting} to another port.")
    if "rasa" in names and not (settings.models / "waymark.tar.gz").exists():
        raise CannotStart("There is no trained model yet. Run `waymark train` first (`make run` does it for you).")
    if settings.production and "front" in names:
        check_numbers(settings)
    settings.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.var).free
    if free < NEEDED_BYTES:
        raise CannotStart(f"Only {free // 1024**2} MB of disk space are left; at least {NEEDED_BYTES // 1024**2} MB are needed.")


def check_numbers(settings: Settings) -> None:
    """Production shows no number of its own country that nobody has rung (safety.md §7)."""
    from waymark.bootstrap import build_core

    if not settings.country:
        raise CannotStart("Production needs WAYMARK_COUNTRY, so that the right emergency numbers are checked and shown.")
    numbers = build_core(settings).resources.for_country(settings.country)
    unverified = [number.label for number in numbers.numbers if number.verified_on is None]
    if unverified or not numbers.known:
        listed = ", ".join(unverified) or "there is no file for this country"
        raise CannotStart(
            f"Numbers of help for {settings.country} are not verified: {listed}. Ring each, then fill in verified_on and "
            "verified_by in content/resources."
        )


def port_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _loopback(settings: Settings) -> str:
    return f"http://{'127.0.0.1' if settings.host in ('0.0.0.0', '::') else settings.host}"


def _kill_group(process: "subprocess.Popen[str]", number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    """Ask the kernel (Linux) to end this process if the supervisor is killed without a chance to clean up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
