"""Passwords by argon2, one-time codes by TOTP, tokens by SHA-256."""

from __future__ import annotations

from datetime import datetime
from typing import Optional

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from waymark.adapters.crypto import token_hash


class ConsoleCredentials:
    """What ``services.staff_access`` needs to know about secrets."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._decoy = self._hasher.hash("a password that nobody has")

    def hash_password(self, password: str) -> str:
        return self._hasher.hash(password)

    def password_fits(self, password: str, stored: Optional[str]) -> bool:
        """Takes the same time for an unknown name, so that names cannot be guessed by the clock."""
        try:
            return self._hasher.verify(stored or self._decoy, password) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False

    def token_hash(self, token: str) -> str:
        return token_hash(token)

    def new_totp_secret(self) -> str:
        return pyotp.random_base32()

    def totp_step(self, secret: str, code: str, at: datetime) -> Optional[int]:
        """The 30-second step that a code belongs to, one step of clock drift either way; None if wrong."""
        if not secret or not code.strip().isdigit():
            return None
        totp, step = pyotp.TOTP(secret), int(at.timestamp()) // 30
        for candidate in (step, step - 1, step + 1):
            if pyotp.utils.strings_equal(totp.at(candidate * 30), code.strip()):
                return candidate
        return None
