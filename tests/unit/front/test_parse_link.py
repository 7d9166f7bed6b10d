"""The body of a request for a link: nothing, a code, or something that cannot be read."""

from __future__ import annotations

from typing import Optional

import pytest

from waymark.front.parsing import Malformed, parse_link


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", None),
        (b"  \n", None),
        (b"{}", None),
        (b'{"code": null}', None),
        (b'{"other": 1}', None),
        (b'{"code": "K7QM-2XPD"}', "K7QM-2XPD"),
        (b'{"code": "nonsense"}', "nonsense"),
    ],
)
def test_a_code_or_the_wish_for_one(body: bytes, code: Optional[str]) -> None:
    assert parse_link(body) == code


@pytest.mark.parametrize("body", [b"code", b"[]", b'"K7QM-2XPD"', b'{"code": 1}', b'{"code": ""}', b'{"code": " "}', b"\xff"])
def test_what_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse_link(body)
