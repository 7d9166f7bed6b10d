"""Anonymous web sessions: a signed token that needs no database to be checked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

from itsdangerous import BadSignature, URLSafeSerializer

LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class WebSession:
    """``country`` is the one chosen when the session began."""

    session_id: str
    expires_at: datetime
    country: Optional[str] = None


class SessionTokens:
    """Makes and checks tokens, which carry all that is known of a session, so that any front can serve it. Ended
    sessions are remembered here and, by the caller, in the database."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="web-session")
        self._ended: set[str] = set()

    def create(self, now: datetime, country: Optional[str] = None) -> tuple[WebSession, str]:
        session = WebSession(f"ses_{secrets.token_urlsafe(18)}", now + LIFETIME, country)
        token = self._serializer.dumps([session.session_id, session.expires_at.isoformat(), country])
        return session, str(token)

    def check(self, authorization: Optional[str], now: datetime) -> Optional[WebSession]:
        """The session of an ``Authorization`` header; None when missing, forged, expired or ended."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        try:
            session_id, expires, *chosen = self._serializer.loads(token.strip())
            session = WebSession(str(session_id), datetime.fromisoformat(str(expires)), chosen[0] if chosen else None)
        except (BadSignature, ValueError, TypeError):
            return None
        if now >= session.expires_at or session.session_id in self._ended:
            return None
        return session

    def end(self, session_id: str) -> None:
        self._ended.add(session_id)

    def is_ended(self, session_id: str) -> bool:
        return session_id in self._ended
