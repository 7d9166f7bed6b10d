"""Field encryption for free text, and hashes for tokens (privacy.md §5)."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CryptoError(Exception):
    """A stored value cannot be read with the keys at hand."""


class FieldCipher:
    """Encrypts short texts. ``keys`` are Fernet keys, the newest first: it writes, all of them read."""

    def __init__(self, keys: str) -> None:
        listed = [key.strip() for key in keys.split(",") if key.strip()]
        if not listed:
            raise CryptoError("no data key is set")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in listed])
        except ValueError as error:
            raise CryptoError("WAYMARK_DATA_KEY is not a list of Fernet keys") from error
        self._keys = [key.encode() for key in listed]

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode("utf-8", "surrogatepass")
        except InvalidToken as error:
            raise CryptoError("a stored text cannot be read with the present data keys") from error

    def fingerprints(self, text: str) -> list[str]:
        """What finds a sealed text again: one keyed hash a data key, that of the newest key first."""
        return [hmac.new(key, b"fingerprint\x1f" + text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest() for key in self._keys]


def token_hash(token: str) -> str:
    """What is stored of a secret link or cookie; the token itself never is."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_secret(secret_key: str, purpose: str) -> str:
    """A secret for one purpose, so that no two uses share a key."""
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()
