"""Tables of the channels: addresses, what still has to be sent, links between channels, copies to fetch.

An address is kept sealed; it is found by a keyed fingerprint, so that neither the file, its log nor a backup shows it.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from waymark.adapters.db.schema import metadata, person_fk, seq
from waymark.adapters.db.types import EncryptedJSON, EncryptedText, UTCDateTime

channel_identities = Table(
    "channel_identities",
    metadata,
    Column("id", String(40), primary_key=True),
    person_fk(index=True),
    Column("channel", String(16), nullable=False),
    Column("address", EncryptedText, nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("blocked_at", UTCDateTime),
    Column("quiet_since", UTCDateTime),
    UniqueConstraint("channel", "address_hash", name="uq_channel_identities_address"),
)
ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("ended_at", UTCDateTime, nullable=False),
)
deliveries = Table(
    "deliveries",
    metadata,
    seq(),
    Column("outbox_id", String(40), nullable=False, unique=True),
    person_fk(index=True),
    Column("channel", String(16), nullable=False),
    Column("address", EncryptedText, nullable=False),
    Column("status", String(16), nullable=False),
    Column("parts_sent", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", UTCDateTime),
    Column("sent_at", UTCDateTime),
    Column("sent_refs", EncryptedJSON, nullable=False),
    Column("problem", String(64)),
    Index("ix_deliveries_status", "channel", "status"),
)
handled_updates = Table(
    "handled_updates",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)
link_codes = Table(
    "link_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    person_fk(index=True),
    Column("channel", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
)
export_tickets = Table(
    "export_tickets",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    person_fk(index=True),
    Column("channel", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("opened_at", UTCDateTime),
)
