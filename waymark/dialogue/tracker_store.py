"""Rasa's memory, in the product's own database settings and sealed with its data key."""

from __future__ import annotations

from typing import Any, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from waymark.adapters.db.tracker_rows import tracker_engine, tracker_url
from waymark.adapters.db.types import EncryptedText
from waymark.bootstrap import build_core

# Events hold what people write. Sealing the column keeps Rasa's own code unchanged.
SQLTrackerStore.SQLEvent.__table__.c.data.type = EncryptedText()


class SealedTrackerStore(SQLTrackerStore):
    """Set in endpoints.yml as ``tracker_store: type``."""

    engine: Any

    def __init__(self, domain: Optional[Domain], host: Optional[str] = None, event_broker: Optional[EventBroker] = None, **kwargs: Any) -> None:
        core = build_core()
        core.prepare_encryption()
        super().__init__(domain=domain, host=tracker_url(core.settings), event_broker=event_broker)
        # Rasa's own engine hands out connections that broke with the server: Rasa then takes the person for a new
        # one and drops what was said. Ours tries a connection first, holds fewer, and keeps values out of errors.
        self.engine.dispose()
        self.engine = tracker_engine(core.settings)
        self.sessionmaker.configure(bind=self.engine)

    @classmethod
    def from_endpoint_config(cls, domain: Domain, endpoint: EndpointConfig, **kwargs: Any) -> "SealedTrackerStore":
        return cls(domain)
