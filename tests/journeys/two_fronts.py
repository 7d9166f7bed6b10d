"""An installation on PostgreSQL and, beside it, a second front with a Rasa and an action server of its own."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Iterator

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from journeys.house import MARKS, ROOT, WAYMARK, House, free_ports, wait_for
from journeys.person import Visitor

SECOND = ("front", "rasa", "actions")


class SecondFront(House):
    """Front, Rasa and actions under a supervisor of their own; data folder, keys and database are the first house's."""

    def launch(self) -> None:
        self._supervisor = subprocess.Popen(
            [*WAYMARK, "run", "--only", ",".join(SECOND)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
        threading.Thread(target=self._listen, args=(self._supervisor,), daemon=True).start()

    def ready(self) -> bool:
        return self._answers(f"{self.url}/ready")

    def processes(self) -> list[psutil.Process]:
        """Every living process below this supervisor; the first house has the same data folder."""
        with suppress(psutil.NoSuchProcess):
            if self._supervisor is not None:
                supervisor = psutil.Process(self._supervisor.pid)
                return [supervisor, *supervisor.children(recursive=True)]
        return []

    def fall(self) -> None:
        """``kill -9`` the front; the supervisor is held, so that nobody starts it again before ``rise``."""
        assert self._supervisor is not None
        front = wait_for("front to run", lambda: self.child("front"))
        psutil.Process(self._supervisor.pid).suspend()
        front.kill()
        wait_for("front to fall", lambda: self.child("front") is None)  # the supervisor reads its end when it wakes

    def rise(self) -> None:
        assert self._supervisor is not None
        psutil.Process(self._supervisor.pid).resume()
        self.wait_ready()


class TwoFronts:
    """Two fronts on one database. Each hands a person's turns to the same one of the two Rasa servers."""

    def __init__(self, var: Path, database_url: str) -> None:
        ports = free_ports(4)
        both = {
            "WAYMARK_DATABASE_URL": database_url,
            "WAYMARK_RASA_URLS": ",".join(f"http://127.0.0.1:{port}" for port in ports[:2]),
            "WAYMARK_ACTIONS_URLS": ",".join(f"http://127.0.0.1:{port}" for port in ports[2:]),
        }
        own = [{"WAYMARK_RASA_PORT": str(r), "WAYMARK_ACTIONS_PORT": str(a)} for r, a in zip(ports[:2], ports[2:], strict=True)]
        self.database_url = database_url
        self.first = House(var, settings={**both, **own[0]})
        self.second = SecondFront(var, settings={**both, **own[1]})
        self.second.console_url = self.first.console_url

    @property
    def fronts(self) -> tuple[House, House]:
        return self.first, self.second

    def start(self) -> None:
        """Everything at once, as after a power cut: both Rasa servers find an empty database."""
        self.first.run("migrate")
        self.second.launch()
        try:
            self.first.start()  # ready means that both Rasa servers are, whichever front is asked
        except AssertionError as error:
            raise AssertionError(f"{error}\n--- the second front\n{self.second.last_words()}") from None
        self.second.wait_ready()

    def stop(self) -> None:
        self.second.stop()
        self.first.stop()

    def sweep(self) -> None:
        self.second.sweep()
        self.first.sweep()

    def visit(self, **options: str) -> tuple[Visitor, Visitor]:
        """One new web session, open at both fronts."""
        here = Visitor(self.first, **options)
        return here, Visitor(self.second, token=here.token, session_id=here.session_id)

    # --- what it costs ----------------------------------------------------------------------------------------

    def connections(self) -> int:
        """Connections to the database now, this look not counted."""
        engine = create_engine(make_url(self.database_url), future=True)
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        try:
            with engine.connect() as connection:
                return int(connection.execute(text(query)).scalar_one())
        finally:
            engine.dispose()

    def memory(self) -> Iterator[tuple[str, float]]:
        """Resident megabytes of each process of ours, by its name."""
        for number, front in enumerate(self.fronts, start=1):
            for name in MARKS if front is self.first else SECOND:
                process = running(front, name)
                with suppress(psutil.NoSuchProcess):
                    size = sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])
                    yield f"{name} {number}", size / 2**20


def running(front: House, name: str) -> psutil.Process:
    """That process of a house, waited for if it is being started."""
    return wait_for(f"{name} to run", lambda: front.child(name))
