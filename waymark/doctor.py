"""Checks an installation and says in plain words what to do."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Callable, Iterable, Optional
from urllib.parse import urlsplit

import yaml
from alembic.script import ScriptDirectory

from waymark.adapters.db.engine import CONNECTIONS_A_PROCESS, ServerState, revision, server_state
from waymark.adapters.notify.telegram_check import check_bot
from waymark.bootstrap import Core
from waymark.config import Settings, SettingsError
from waymark.domain.errors import StorageUnavailable
from waymark.migrating import alembic_config
from waymark.supervisor import NEEDED_BYTES, PROCESSES, port_free
from waymark.training import is_stale

WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Health(str, Enum):
    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One check: how it stands and what to do."""

    name: str
    health: Health
    words: str


def examine(core: Core) -> list[Finding]:
    """Every check, in the order a newcomer would mend them."""
    checks: Iterable[Callable[[Core], Finding]] = (
        _python, _disk, _keys, _database, _audit, _model, _ports, _clock, _team, _mail, _telegram, _numbers, _content
    )
    return [check(core) for check in checks]


def _python(core: Core) -> Finding:
    fits = sys.version_info[:2] == (3, 10)
    words = f"Python {sys.version.split()[0]}" + ("" if fits else "; Waymark needs Python 3.10 because Rasa 3.6 does")
    return Finding("python", Health.OK if fits else Health.BROKEN, words)


def _disk(core: Core) -> Finding:
    core.settings.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(core.settings.var).free
    enough = free >= NEEDED_BYTES
    return Finding("disk", Health.OK if enough else Health.BROKEN, f"{free // 1024**2} MB free" + ("" if enough else "; make room"))


def _keys(core: Core) -> Finding:
    if core.settings.production:
        return Finding("keys", Health.OK, "set by the environment")
    words = "development keys under var/. For production set WAYMARK_SECRET_KEY to a long random text and WAYMARK_DATA_KEY to a Fernet key"
    return Finding("keys", Health.LOOK, words)


def _database(core: Core) -> Finding:
    script = ScriptDirectory.from_config(alembic_config(core.settings))
    head, known = script.get_current_head(), {step.revision for step in script.walk_revisions()}
    try:
        current, server = revision(core.engine), server_state(core.engine)
    except (StorageUnavailable, SettingsError) as error:
        return Finding("database", Health.BROKEN, f"cannot be reached. {error}")
    if current is not None and current not in known:
        words = f"was made by a newer Waymark (its revision {current} is not known here). Install that version, or put a backup back"
        return Finding("database", Health.BROKEN, words)
    if server and server.read_only:
        return Finding("database", Health.BROKEN, f"is reached, but cannot be used. {server.read_only}")
    if current != head:
        stands = f"is at revision {current}, needed is {head}" if current else "is empty"
        first = f" First: {server.no_new_tables}" if server and server.no_new_tables else ""
        return Finding("database", Health.BROKEN, f"{stands}. Run `waymark migrate`.{first}")
    return _connections(f"reached, revision {current}", server)


def _connections(reached: str, server: Optional[ServerState]) -> Finding:
    if server is None:
        return Finding("database", Health.OK, reached)
    pooled = CONNECTIONS_A_PROCESS * len(PROCESSES) + 1  # and the one that holds the front's locks
    words = f"{reached}; the server allows {server.max_connections} connections, and Waymark's pools may open {pooled}"
    if server.max_connections < pooled:
        return Finding("database", Health.LOOK, f"{words}. Raise max_connections in postgresql.conf and restart the server")
    return Finding("database", Health.OK, words)


def _audit(core: Core) -> Finding:
    try:
        broken = core.audit_trail.first_break()
    except (StorageUnavailable, SettingsError):
        return Finding("audit trail", Health.LOOK, "not checked, since the database is not ready")
    if broken:
        return Finding("audit trail", Health.BROKEN, f"was changed at entry {broken}. Compare with a backup")
    return Finding("audit trail", Health.OK, "whole")


def _model(core: Core) -> Finding:
    if not is_stale(core.settings):
        return Finding("model", Health.OK, "trained from the present data")
    return Finding("model", Health.BROKEN, "missing, or older than the training data. Run `waymark train`")


def _ports(core: Core) -> Finding:
    settings = core.settings
    used = [
        str(port)
        for host, port in (
            (settings.host, settings.port),
            (settings.host, settings.console_port),
            ("127.0.0.1", settings.rasa_port),
            ("127.0.0.1", settings.actions_port),
        )
        if not port_free(host, port)
    ]
    if used:
        return Finding("ports", Health.LOOK, f"in use: {', '.join(used)}. Fine if Waymark is running, else free them")
    return Finding("ports", Health.OK, "free")


def _clock(core: Core) -> Finding:
    off = abs((core.clock.now() - datetime.now(timezone.utc)).total_seconds())
    if off > 1:
        return Finding("clock", Health.LOOK, f"the product's clock is set {off:.0f} s away from the machine's")
    return Finding("clock", Health.OK, f"machine time, zone {core.settings.time_zone}")


def _team(core: Core) -> Finding:
    if not core.settings.clinic_name:
        return Finding("team", Health.LOOK, "no team is set (WAYMARK_CLINIC_NAME), and the assistant says so to everyone")
    return Finding("team", Health.OK, core.settings.clinic_name)


def _mail(core: Core) -> Finding:
    return Finding("mail", Health.LOOK, "mail is not sent by this version; alerts are in the console")


def _telegram(core: Core) -> Finding:
    settings = core.settings
    if not settings.telegram_token:
        return Finding("telegram", Health.OK, "off (no token)")
    wrong = _wrong_mode(settings)
    if wrong:
        return Finding("telegram", Health.BROKEN, wrong)
    bot = check_bot(settings.telegram_token, settings.telegram_api, settings.telegram_mode)
    return Finding("telegram", Health.OK if bot.ok else Health.BROKEN, bot.words)


def _wrong_mode(settings: Settings) -> Optional[str]:
    """What hinders the chosen way of fetching messages, if anything."""
    if settings.telegram_mode == "polling":
        return None
    if settings.telegram_mode != "webhook":
        return "WAYMARK_TELEGRAM_MODE must be polling or webhook"
    address = urlsplit(settings.public_url)
    if address.scheme != "https" or not address.hostname:
        return "a webhook needs WAYMARK_PUBLIC_URL to be an address that begins with https://. Set it, or set WAYMARK_TELEGRAM_MODE to polling"
    if settings.telegram_secret and not WEBHOOK_SECRET.fullmatch(settings.telegram_secret):
        return (
            "WAYMARK_TELEGRAM_SECRET may hold 1 to 256 letters, digits, _ or -. Leave it empty, and one is made from the "
            "secret key, or make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        )
    return None


def _numbers(core: Core) -> Finding:
    open_ones = core.resources.unverified()
    if not open_ones:
        return Finding("numbers", Health.OK, "every number of help was verified")
    words = f"{len(open_ones)} numbers of help were never verified. Ring them and fill in verified_on and verified_by in content/resources"
    return Finding("numbers", Health.LOOK, words)


def _content(core: Core) -> Finding:
    files = sorted(core.settings.content.rglob("*.yml"))
    unreviewed = [f for f in files if yaml.safe_load(f.read_text(encoding="utf-8")).get("reviewed_by") is None]
    if not unreviewed:
        return Finding("content", Health.OK, "every content file was reviewed")
    return Finding("content", Health.LOOK, f"{len(unreviewed)} of {len(files)} content files were not reviewed by a clinician")
