"""What every table definition starts from: the metadata, names of constraints, and common columns."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import Column, Enum, ForeignKey, Integer, MetaData

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def person_fk(**options: Any) -> Column[Any]:
    """The person that a row belongs to and goes with."""
    return Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False, **options)


def stable_enum(kind: type[enum.Enum]) -> Enum:
    """An enum stored as its value, so that renaming a member changes nothing."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e], validate_strings=True, create_constraint=False)


def seq() -> Column[Any]:
    """Order of storing. It is the primary key so that SQLite and PostgreSQL both count it up."""
    return Column("seq", Integer, primary_key=True, autoincrement=True)
