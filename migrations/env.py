"""Alembic environment: the database of the settings, the tables of ``waymark.adapters.db``."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import types

from waymark.adapters.crypto import FieldCipher
from waymark.adapters.db.engine import build_engine
from waymark.adapters.db.mapping import metadata
from waymark.adapters.db.types import use_cipher
from waymark.config import ensure_keys, load_settings


def render_item(kind: str, obj: Any, autogen_context: Any) -> Any:
    """Write our column types as the plain types they are stored in, so that migrations stand alone."""
    if kind == "type" and isinstance(obj, types.TypeDecorator):
        impl = obj.impl_instance if hasattr(obj, "impl_instance") else obj.impl
        return "sa.DateTime(timezone=True)" if isinstance(impl, types.DateTime) else "sa.Text()"
    return False


def run() -> None:
    attributes = context.config.attributes
    url = attributes.get("url") or load_settings().db_url
    use_cipher(FieldCipher(attributes.get("data_key") or ensure_keys(load_settings()).data_key))
    engine = build_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":  # a table is rebuilt by dropping it, which must not empty those below it
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
