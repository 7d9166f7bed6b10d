"""Tables of the record and their mapping to the plain classes of the domain.

The classes know nothing of it; ``start_mappers`` is called once a process by ``bootstrap``.
"""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import registry

from waymark.adapters.db.types import EncryptedJSON, EncryptedText, UTCDateTime
from waymark.domain import alerts, conversation, intake, people, plan, staff

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)
mapper_registry = registry(metadata=metadata)


def _person_fk(**options: Any) -> Column[Any]:
    return Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, **options)


def _stable_enum(kind: type[enum.Enum]) -> Enum:
    return Enum(kind, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e], validate_strings=True, create_constraint=False)


def _seq() -> Column[Any]:
    """Order of storing. It is the primary key so that SQLite and PostgreSQL both count it up."""
    return Column("seq", Integer, primary_key=True, autoincrement=True)


people_table = Table(
    "people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("status", _stable_enum(people.PersonStatus), nullable=False),
    Column("alias", EncryptedText),
    Column("age", Integer),
    Column("country", String(2)),
    Column("time_zone", String(64)),
    Column("contact", EncryptedJSON, nullable=False),
    Column("assigned_to", String(40), index=True),
)
channel_identities = Table(
    "channel_identities",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(index=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("channel", "address", name="uq_channel_identities_address"),
)
ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("ended_at", UTCDateTime, nullable=False),
)
consents = Table(
    "consents",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(index=True),
    Column("kind", String(32), nullable=False),
    Column("version", String(32), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("message_id", String(80), nullable=False),
    Column("text_hash", String(64), nullable=False),
)
events = Table(
    "person_events",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(index=True),
    Column("kind", String(32), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("details", EncryptedJSON, nullable=False),
)
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(index=True),
    Column("kind", String(32), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("priority", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime),
    Column("assigned_to", String(40)),
    Column("status", String(16), nullable=False),
    Column("outcome", EncryptedText),
    Column("details", EncryptedText, nullable=False),
)
conversations = Table(
    "conversations",
    metadata,
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("open_item", String(64)),
    Column("resume_item", String(200)),
    Column("asked_count", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("last_item", String(64)),
    Column("paused", Boolean, nullable=False),
    Column("greeted_at", UTCDateTime),
    Column("automated_notice_at", UTCDateTime),
    Column("taken_over_by", String(40)),
    Column("safety_text_at", UTCDateTime),
    Column("safety_class", String(32)),
    Column("asked_safety", String(32)),
    Column("plan_line", String(32)),
    Column("detail", EncryptedJSON, nullable=False),
)
inbox = Table(
    "inbox",
    metadata,
    _seq(),
    Column("id", String(40), nullable=False, unique=True),
    _person_fk(),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("channel_message_id", String(128), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text", EncryptedText, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("button", JSON),
    Column("status", String(16), nullable=False),
    Column("open_item", String(64)),
    Column("safety", JSON),
    Column("needs", JSON, nullable=False),
    Column("reply_group", String(40)),
    UniqueConstraint("channel", "address", "channel_message_id", name="uq_inbox_message"),
    Index("ix_inbox_person_seq", "person_id", "seq"),
    Index("ix_inbox_status", "status"),
)
outbox = Table(
    "outbox",
    metadata,
    _seq(),
    Column("id", String(40), nullable=False, unique=True),
    _person_fk(),
    Column("channel", String(16), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("author", String(64), nullable=False),
    Column("text", EncryptedText, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("buttons", EncryptedJSON, nullable=False),
    Column("reply_group", String(40), index=True),
    Index("ix_outbox_person_seq", "person_id", "seq"),
)
offered_buttons = Table(
    "offered_buttons",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(index=True),
    Column("outbox_id", String(40), nullable=False),
    Column("payload", EncryptedJSON, nullable=False),
    Column("item", String(64)),
    Column("closed_at", UTCDateTime),
)
turn_outcomes = Table(
    "turn_outcomes",
    metadata,
    Column("message_id", ForeignKey("inbox.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("outcome", EncryptedJSON, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)
answers = Table(
    "answers",
    metadata,
    _seq(),
    Column("id", String(40), nullable=False, unique=True),
    _person_fk(),
    Column("item", String(64), nullable=False),
    Column("value", EncryptedJSON, nullable=False),
    Column("text", EncryptedText, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("message_id", String(80), nullable=False),
    Column("content_version", String(64), nullable=False),
    Column("replaces", String(40)),
    Index("ix_answers_person_item", "person_id", "item"),
)
plan_versions = Table(
    "plan_versions",
    metadata,
    Column("id", String(40), primary_key=True),
    _person_fk(),
    Column("version", Integer, nullable=False),
    Column("status", String(24), nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("reason", EncryptedText, nullable=False),
    Column("body", EncryptedJSON, nullable=False),
    Column("changes", EncryptedJSON, nullable=False),
    UniqueConstraint("person_id", "version", name="uq_plan_versions_number"),
)
plan_approvals = Table(
    "plan_approvals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("plan_version_id", ForeignKey("plan_versions.id", ondelete="CASCADE"), nullable=False),
    _person_fk(index=True),
    Column("version", Integer, nullable=False),
    Column("by", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("plan_version_id", "role", name="uq_plan_approvals_side"),
)
alerts_table = Table(
    "alerts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), nullable=False, index=True),
    Column("message_id", String(160), nullable=False, unique=True),
    Column("alert_class", String(32), nullable=False),
    Column("level", String(4), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("words", EncryptedText, nullable=False),
    Column("text_shown", EncryptedText, nullable=False),
    Column("route", EncryptedText),
    Column("rule_version", String(64), nullable=False),
    Column("due_at", UTCDateTime),
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", UTCDateTime),
    Column("outcome", EncryptedText),
    Column("closed_by", String(80)),
    Column("closed_at", UTCDateTime),
    Column("escalated_at", UTCDateTime),
    Column("log", EncryptedJSON, nullable=False),
)
alert_messages = Table(
    "alert_messages",
    metadata,
    Column("message_id", String(160), primary_key=True),
    Column("alert_id", String(40), nullable=False, index=True),
)
erasures = Table(
    "erasures",
    metadata,
    Column("person_id", String(40), primary_key=True),
    Column("requested_at", UTCDateTime, nullable=False),
    Column("done_at", UTCDateTime),
)
staff_table = Table(
    "staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("password_hash", String(256)),
    Column("totp_secret", EncryptedText),
    Column("last_totp_step", Integer),
    Column("enrolled_at", UTCDateTime),
    Column("enrol_token_hash", String(64), index=True),
    Column("enrol_expires_at", UTCDateTime),
    Column("failed_logins", Integer, nullable=False),
    Column("locked_until", UTCDateTime),
    Column("on_duty_until", UTCDateTime),
)
staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
)
audit = Table(
    "audit",
    metadata,
    _seq(),
    Column("id", String(40), nullable=False, unique=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(48), nullable=False),
    Column("person_id", String(40), index=True),
    Column("target", String(160), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
)

MAPPINGS = (
    (people.Person, people_table),
    (people.ChannelIdentity, channel_identities),
    (people.Consent, consents),
    (people.Event, events),
    (people.Task, tasks),
    (conversation.Conversation, conversations),
    (conversation.InboxMessage, inbox),
    (conversation.OutboxMessage, outbox),
    (conversation.OfferedButton, offered_buttons),
    (conversation.TurnOutcome, turn_outcomes),
    (intake.Answer, answers),
    (plan.PlanVersion, plan_versions),
    (plan.Approval, plan_approvals),
    (alerts.Alert, alerts_table),
    (staff.StaffMember, staff_table),
    (staff.StaffSession, staff_sessions),
    (staff.AuditEntry, audit),
)


def start_mappers() -> None:
    """Map the domain's classes to these tables; calling it again changes nothing."""
    if mapper_registry.mappers:
        return
    for kind, table in MAPPINGS:
        mapper_registry.map_imperatively(kind, table)
