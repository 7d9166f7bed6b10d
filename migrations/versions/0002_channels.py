"""Channels: sealed addresses, deliveries, links between channels, copies to fetch.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import hashlib
from typing import Any, Callable

import sqlalchemy as sa
from alembic import op

from waymark.adapters.db.types import fingerprints, open_text, seal_text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel_identities") as table:
        table.add_column(sa.Column("address_hash", sa.String(64)))
        table.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("quiet_since", sa.DateTime(timezone=True)))
        table.drop_constraint("uq_channel_identities_address", type_="unique")
        table.alter_column("address", type_=sa.Text(), existing_type=sa.String(128), existing_nullable=False)
    with op.batch_alter_table("inbox") as table:
        table.drop_constraint("uq_inbox_message", type_="unique")
        table.alter_column("address", type_=sa.Text(), existing_type=sa.String(128), existing_nullable=False)
        table.add_column(sa.Column("reference", sa.String(64)))
    _rewrite("channel_identities", "id", lambda old: {"address": seal_text(old), "address_hash": fingerprints(old)[0]})
    _rewrite("inbox", "id", lambda old: {"address": seal_text(old)})
    with op.batch_alter_table("channel_identities") as table:
        table.alter_column("address_hash", existing_type=sa.String(64), nullable=False)
        table.create_unique_constraint("uq_channel_identities_address", ["channel", "address_hash"])
    _hash_ended_sessions()
    _create_tables()


def _create_tables() -> None:
    _create("deliveries", sa.Column("seq", sa.Integer(), autoincrement=True, primary_key=True),
        sa.Column("outbox_id", sa.String(40), nullable=False, unique=True), _person(),
        sa.Column("channel", sa.String(16), nullable=False), sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False), sa.Column("parts_sent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False), sa.Column("next_try_at", sa.DateTime(timezone=True)),
        sa.Column("sent_at", sa.DateTime(timezone=True)), sa.Column("sent_refs", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(64)))  # fmt: skip
    op.create_index("ix_deliveries_status", "deliveries", ["channel", "status"])
    _create("handled_updates", sa.Column("key", sa.String(64), primary_key=True), _time("at"))
    _create("link_codes", sa.Column("code_hash", sa.String(64), primary_key=True), _person(),
        sa.Column("channel", sa.String(16), nullable=False), _time("created_at"), _time("expires_at"),
        sa.Column("used_at", sa.DateTime(timezone=True)))  # fmt: skip
    _create("export_tickets", sa.Column("ticket_hash", sa.String(64), primary_key=True), _person(),
        sa.Column("channel", sa.String(16), nullable=False), _time("created_at"), _time("expires_at"),
        sa.Column("opened_at", sa.DateTime(timezone=True)))  # fmt: skip
    for name in ("deliveries", "link_codes", "export_tickets"):
        op.create_index(f"ix_{name}_person_id", name, ["person_id"])


def downgrade() -> None:
    for name in ("export_tickets", "link_codes", "handled_updates", "deliveries"):
        op.drop_table(name)
    op.drop_table("ended_sessions")
    op.create_table("ended_sessions", sa.Column("session_id", sa.String(64), nullable=False), _time("ended_at"),
        sa.PrimaryKeyConstraint("session_id", name="pk_ended_sessions"))  # fmt: skip
    _rewrite("channel_identities", "id", lambda old: {"address": open_text(old)})
    _rewrite("inbox", "id", lambda old: {"address": open_text(old)})
    with op.batch_alter_table("inbox") as table:
        table.drop_column("reference")
        table.alter_column("address", type_=sa.String(128), existing_type=sa.Text(), existing_nullable=False)
        table.create_unique_constraint("uq_inbox_message", ["channel", "address", "channel_message_id"])
    with op.batch_alter_table("channel_identities") as table:
        table.drop_constraint("uq_channel_identities_address", type_="unique")
        table.drop_column("address_hash")
        table.drop_column("blocked_at")
        table.drop_column("quiet_since")
        table.alter_column("address", type_=sa.String(128), existing_type=sa.Text(), existing_nullable=False)
        table.create_unique_constraint("uq_channel_identities_address", ["channel", "address"])


def _create(name: str, *columns: Any) -> None:
    op.create_table(name, *columns)


def _person() -> sa.Column[Any]:
    return sa.Column("person_id", sa.String(40), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _rewrite(table: str, key: str, change: Callable[[str], dict[str, str]]) -> None:
    """Give every row of a table what ``change`` makes of its address."""
    connection = op.get_bind()
    for row in connection.execute(sa.text(f"SELECT {key} AS k, address FROM {table}")).mappings().all():
        values = change(row["address"])
        columns = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(sa.text(f"UPDATE {table} SET {columns} WHERE {key} = :k"), {**values, "k": row["k"]})


def _hash_ended_sessions() -> None:
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT session_id, ended_at FROM ended_sessions")).all()
    op.drop_table("ended_sessions")
    op.create_table("ended_sessions", sa.Column("session_hash", sa.String(64), nullable=False), _time("ended_at"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_ended_sessions"))  # fmt: skip
    for session_id, ended_at in kept:
        hashed = hashlib.sha256(session_id.encode()).hexdigest()
        insert = "INSERT INTO ended_sessions (session_hash, ended_at) VALUES (:hashed, :ended_at)"
        connection.execute(sa.text(insert), {"hashed": hashed, "ended_at": ended_at})
