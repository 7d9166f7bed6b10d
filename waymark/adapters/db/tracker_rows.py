"""Where Rasa keeps its conversation events, and how to remove a person from there."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from waymark.adapters.db.engine import build_engine
from waymark.config import Settings
from waymark.domain.errors import StorageUnavailable

TABLE = "events"


def tracker_url(settings: Settings) -> str:
    """PostgreSQL holds the tracker beside our tables; with SQLite it has a file of its own, so that Rasa's
    writes never wait for ours."""
    if settings.db_url.startswith("sqlite"):
        return f"sqlite:///{settings.var / 'tracker.db'}"
    return settings.db_url


def tracker_engine(settings: Settings) -> Engine:
    """An engine for Rasa's events, with the settings of our own."""
    return build_engine(tracker_url(settings))


class RasaTrackerRows:
    """Deletes a person's events from Rasa's table."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def forget(self, person_id: str) -> int:
        """Remove every event of the person; returns how many. None where Rasa never ran."""
        engine = tracker_engine(self._settings)
        try:
            return self._remove(engine, person_id)
        except SQLAlchemyError as error:
            raise StorageUnavailable(type(error).__name__) from error
        finally:
            engine.dispose()

    def _remove(self, engine: Engine, person_id: str) -> int:
        if not inspect(engine).has_table(TABLE):
            return 0
        with engine.begin() as connection:
            removed = connection.execute(text(f"DELETE FROM {TABLE} WHERE sender_id = :person"), {"person": person_id})
        if engine.dialect.name == "sqlite":
            with closing(engine.raw_connection()) as driver:  # outside the transaction that the engine would begin
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(removed.rowcount)
