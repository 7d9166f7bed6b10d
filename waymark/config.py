"""Settings from the environment or a ``.env`` file (interfaces §2); every one is documented in README."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Mapping, Optional
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or cannot be used; the text says which one and what to do."""


def _env(name: str, default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"env": name, "help": help_text})


@dataclass(frozen=True)
class Settings:
    """All settings, typed. Field metadata holds the environment name and one line of help for README."""

    env: str = _env("WAYMARK_ENV", "development", "development or production")
    var_dir: str = _env("WAYMARK_VAR", "var", "directory for the database, keys and the alert journal")
    database_url: str = _env("WAYMARK_DATABASE_URL", "", "SQLAlchemy URL; empty = a SQLite file under var/")
    redis_url: str = _env("WAYMARK_REDIS_URL", "", "Redis for sites that want one; empty = none")
    host: str = _env("WAYMARK_HOST", "127.0.0.1", "address that front and console listen on")
    port: int = _env("WAYMARK_PORT", 8000, "port of the front door")
    console_port: int = _env("WAYMARK_CONSOLE_PORT", 8080, "port of the staff console and the read API")
    rasa_port: int = _env("WAYMARK_RASA_PORT", 5005, "loopback port of Rasa")
    actions_port: int = _env("WAYMARK_ACTIONS_PORT", 5055, "loopback port of the action server")
    public_url: str = _env("WAYMARK_PUBLIC_URL", "", "address under which people reach the front door")
    secret_key: str = _env("WAYMARK_SECRET_KEY", "", "signs sessions; production refuses to start without it")
    data_key: str = _env("WAYMARK_DATA_KEY", "", "Fernet keys for free text, newest first, comma-separated")
    telegram_token: str = _env("WAYMARK_TELEGRAM_TOKEN", "", "bot token; empty = channel off")
    telegram_mode: str = _env("WAYMARK_TELEGRAM_MODE", "polling", "polling or webhook")
    telegram_api: str = _env("WAYMARK_TELEGRAM_API", "", "base URL of the Bot API")
    telegram_secret: str = _env("WAYMARK_TELEGRAM_SECRET", "", "webhook secret")
    smtp_url: str = _env("WAYMARK_SMTP_URL", "", "mail server; empty = no mail")
    mail_from: str = _env("WAYMARK_MAIL_FROM", "", "sender address of mail")
    rasa_urls: str = _env("WAYMARK_RASA_URLS", "", "addresses of several Rasa servers, comma-separated; empty = the one on WAYMARK_RASA_PORT")
    actions_urls: str = _env("WAYMARK_ACTIONS_URLS", "", "the action server of each Rasa server, in the same order; empty = the one on WAYMARK_ACTIONS_PORT")
    clinic_name: str = _env("WAYMARK_CLINIC_NAME", "", "name of the team; empty = the assistant says that no team is attached")
    clinic_phone: str = _env("WAYMARK_CLINIC_PHONE", "", "telephone of the team")
    clinic_hours: str = _env("WAYMARK_CLINIC_HOURS", "", "opening hours in plain words")
    country: str = _env("WAYMARK_COUNTRY", "", "ISO country code for emergency numbers; empty = ask")
    time_zone: str = _env("WAYMARK_TIME_ZONE", "UTC", "IANA time zone used until a person's own is known")
    allowed_origins: str = _env("WAYMARK_ALLOWED_ORIGINS", "", "sites that may embed the widget, comma-separated")
    api_token: str = _env("WAYMARK_API_TOKEN", "", "bearer token of the read API; empty = off")
    encoder: str = _env("WAYMARK_ENCODER", "", "directory of a sentence-transformer; empty = the default")
    therapeutic_chat: str = _env("WAYMARK_THERAPEUTIC_CHAT", "on", "on, or off = intake, logistics and resources only")
    loc_edition: str = _env("WAYMARK_LOC_EDITION", "3", "numbering of levels of care: 3 or 4")
    retention_transcript_days: int = _env("WAYMARK_RETENTION_TRANSCRIPT_DAYS", 90, "days until transcripts are removed")
    retention_abandoned_days: int = _env("WAYMARK_RETENTION_ABANDONED_DAYS", 30, "days until an abandoned intake is removed")
    retention_pending_hours: int = _env("WAYMARK_RETENTION_PENDING_HOURS", 24, "hours until words without consent are removed")
    clock: str = _env("WAYMARK_CLOCK", "", "development only: ISO time at which the clock starts")
    clock_file: str = _env("WAYMARK_CLOCK_FILE", "", "development only: file holding an ISO time, read at every use")

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def var(self) -> Path:
        path = Path(self.var_dir)
        return path if path.is_absolute() else ROOT / path

    @property
    def models(self) -> Path:
        return ROOT / "models"

    @property
    def content(self) -> Path:
        return ROOT / "content"

    @property
    def db_url(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'waymark.db'}"

    @property
    def front_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def console_url(self) -> str:
        return f"http://{self.host}:{self.console_port}"

    @property
    def dialogue_servers(self) -> tuple[tuple[str, str], ...]:
        """Addresses of each Rasa server and of its action server."""
        rasa = _listed(self.rasa_urls) or (f"http://127.0.0.1:{self.rasa_port}",)
        actions = _listed(self.actions_urls) or (f"http://127.0.0.1:{self.actions_port}",) * len(rasa)
        return tuple(zip(rasa, actions, strict=True))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def origins(self) -> tuple[str, ...]:
        return _listed(self.allowed_origins)


def load_settings(environ: Optional[Mapping[str, str]] = None, env_file: Optional[Path] = None) -> Settings:
    """Read the settings; the environment wins over the ``.env`` file.

    Raises SettingsError for a value of the wrong type and for what production may not do: run without
    secrets, or with a settable clock.
    """
    source = {**_read_env_file(env_file or ROOT / ".env"), **(os.environ if environ is None else environ)}
    values: dict[str, object] = {}
    for spec in fields(Settings):
        name = spec.metadata["env"]
        raw = source.get(name, "")
        if raw == "":
            continue
        values[spec.name] = _integer(name, raw) if isinstance(spec.default, int) else raw
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def ensure_keys(settings: Settings) -> Settings:
    """Return settings with both keys present; in development they are made once and kept under var/."""
    if settings.secret_key and settings.data_key:
        return settings
    values = {spec.name: getattr(settings, spec.name) for spec in fields(Settings)}
    values["secret_key"] = settings.secret_key or _kept_key(settings.var / "secret-key", secrets.token_urlsafe(48))
    values["data_key"] = settings.data_key or _kept_key(settings.var / "data-key", Fernet.generate_key().decode())
    return Settings(**values)


def _check(settings: Settings) -> None:
    if settings.env not in ("development", "production"):
        raise SettingsError("WAYMARK_ENV must be development or production.")
    try:
        ZoneInfo(settings.time_zone)
        if settings.clock:
            datetime.fromisoformat(settings.clock)
    except ZoneInfoNotFoundError as error:
        raise SettingsError(f"WAYMARK_TIME_ZONE is not a known time zone: {settings.time_zone}.") from error
    except ValueError as error:
        raise SettingsError("WAYMARK_CLOCK must be an ISO time such as 2030-01-31T08:00:00+00:00.") from error
    if settings.country and not (len(settings.country) == 2 and settings.country.isalpha()):
        raise SettingsError("WAYMARK_COUNTRY must be a two-letter country code such as GB.")
    if settings.rasa_urls and settings.actions_urls and len(_listed(settings.rasa_urls)) != len(_listed(settings.actions_urls)):
        raise SettingsError("WAYMARK_ACTIONS_URLS must name one action server for each server of WAYMARK_RASA_URLS.")
    if settings.telegram_mode not in ("polling", "webhook"):
        raise SettingsError("WAYMARK_TELEGRAM_MODE must be polling or webhook.")
    if not settings.production:
        return
    if not settings.secret_key or not settings.data_key:
        raise SettingsError("Production needs WAYMARK_SECRET_KEY and WAYMARK_DATA_KEY. `waymark doctor` tells how to make them.")
    if settings.clock or settings.clock_file:
        raise SettingsError("WAYMARK_CLOCK and WAYMARK_CLOCK_FILE are for development; production refuses them.")


def _listed(raw: str) -> tuple[str, ...]:
    return tuple(part.strip().rstrip("/") for part in raw.split(",") if part.strip())


def _integer(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError as error:
        raise SettingsError(f"{name} must be a whole number, not {raw!r}.") from error


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text and not text.startswith("#") and "=" in text:
            name, _, value = text.partition("=")
            pairs[name.strip()] = value.strip().strip("'\"")
    return pairs


def _kept_key(path: Path, fresh: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(fresh)
    return fresh
