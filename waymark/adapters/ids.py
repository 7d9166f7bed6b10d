"""Random ids: nothing about a person can be read from them."""

from __future__ import annotations

import secrets


class RandomIds:
    """Ids such as ``per_4Zk…``: a prefix that names the kind, then 128 random bits."""

    def new(self, prefix: str) -> str:
        return f"{prefix}_{secrets.token_urlsafe(16)}"

    def token(self) -> str:
        """A secret for a link or a cookie."""
        return secrets.token_urlsafe(32)
