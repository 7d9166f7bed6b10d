"""Bring the database to the newest shape. A SQLite file is copied first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Optional

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from waymark.adapters.db.engine import build_engine, revision
from waymark.config import ROOT, Settings, ensure_keys


def migrate(settings: Settings, now: datetime) -> Optional[Path]:
    """Upgrade to head; safe to run twice. Returns the backup of a SQLite file that was changed, if any."""
    config = alembic_config(settings)
    engine = build_engine(settings.db_url)
    current = revision(engine)
    engine.dispose()
    if current == ScriptDirectory.from_config(config).get_current_head():
        return None
    backup = _back_up(settings, now) if current is not None else None
    command.upgrade(config, "head")
    return backup


def alembic_config(settings: Settings) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = settings.db_url
    config.attributes["data_key"] = ensure_keys(settings).data_key
    return config


def _back_up(settings: Settings, now: datetime) -> Optional[Path]:
    url = make_url(settings.db_url)
    if url.get_backend_name() != "sqlite" or not url.database or not Path(url.database).exists():
        return None
    source = Path(url.database)
    target = source.with_name(f"{source.stem}-{now:%Y%m%d-%H%M%S}.bak")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    target.chmod(0o600)
    return target
