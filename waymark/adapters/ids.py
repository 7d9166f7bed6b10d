"""Random ids: nothing about a person can be read from them."""

from __future__ import annotations

import secrets

from waymark.domain.linking import CODE_LENGTH, LETTERS


class RandomIds:
    """Ids such as ``per_4Zk…``: a prefix that names the kind, then 128 random bits."""

    def new(self, prefix: str) -> str:
        return f"{prefix}_{secrets.token_urlsafe(16)}"

    def token(self) -> str:
        """A secret for a link or a cookie."""
        return secrets.token_urlsafe(32)

    def code(self) -> str:
        """A short code for a person to type, in two groups. It has a digit, so that no word can be taken for one."""
        letters = ""
        while not any(letter.isdigit() for letter in letters):
            letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        return f"{letters[: CODE_LENGTH // 2]}-{letters[CODE_LENGTH // 2 :]}"
