"""Codes that people type."""

from waymark.adapters.ids import RandomIds
from waymark.domain.linking import plain_code


def test_a_code_can_be_typed_and_is_never_a_mere_word():
    codes = [RandomIds().code() for _ in range(500)]
    assert all(plain_code(code) == code.replace("-", "") for code in codes)
    assert all(any(letter.isdigit() for letter in code) for code in codes)
    assert len(set(codes)) == len(codes)
