"""One transaction over all repositories; it rolls back unless it was committed.

Faults of the database leave here as ``StorageUnavailable``, so that nobody above needs to know SQL.
"""

from __future__ import annotations

from types import TracebackType
from typing import Optional

from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from waymark.adapters.db import channel_repositories as channels
from waymark.adapters.db import repositories as sql
from waymark.adapters.db.staff_repositories import SqlHistory, SqlPrivacy, SqlStaff
from waymark.domain.errors import StorageConflict, StorageUnavailable


class SqlUnitOfWork:
    """``with uow: … uow.commit()``; leaving without a commit undoes everything."""

    def __init__(self, factory: "sessionmaker[Session]") -> None:
        self._factory = factory
        self._session: Optional[Session] = None

    def __enter__(self) -> "SqlUnitOfWork":
        session = self._session = self._factory()
        self.people = sql.SqlPeople(session)
        self.sessions = channels.SqlSessions(session)
        self.conversations = sql.SqlConversations(session)
        self.messages = sql.SqlMessages(session)
        self.answers = sql.SqlAnswers(session)
        self.consents = sql.SqlConsents(session)
        self.plans = sql.SqlPlans(session)
        self.alerts = sql.SqlAlerts(session)
        self.staff = SqlStaff(session)
        self.history = SqlHistory(session)
        self.privacy = SqlPrivacy(session)
        self.deliveries = channels.SqlDeliveries(session)
        self.links = channels.SqlLinks(session)
        self.updates = channels.SqlUpdates(session)
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        session, self._session = self._session, None
        if session is not None:
            try:
                session.expunge_all()  # what was read stays readable; a rollback would empty it
                session.rollback()
                session.close()
            except SQLAlchemyError as closing:
                raise StorageUnavailable(type(closing).__name__) from closing
        if isinstance(error, IntegrityError):
            raise StorageConflict(type(error).__name__) from error
        if isinstance(error, SQLAlchemyError):
            raise StorageUnavailable(type(error).__name__) from error

    def commit(self) -> None:
        self._open().commit()

    def flush(self) -> None:
        self._open().flush()

    def _open(self) -> Session:
        if self._session is None:
            raise RuntimeError("the unit of work is not open")
        return self._session


class SqlUnitOfWorkFactory:
    """Makes units of work on one engine."""

    def __init__(self, engine: Engine) -> None:
        self._factory = sessionmaker(engine, future=True, expire_on_commit=False, autoflush=True)

    def __call__(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._factory)
