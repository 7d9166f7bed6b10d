"""Sentence vectors."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from waymark.understanding import encoder as module
from waymark.understanding.encoder import EncoderError, SentenceEncoder, default_directory, load_encoder

SMALL = ("config.json", "tokenizer.json")
REFERENCE = (0.23396, 0.06191, 0.14076)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


def fresh(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Forget everything remembered and count, from now on, how many texts are computed in each call."""
    computed: list[int] = []
    compute = encoder._compute
    encoder._recent.clear()
    monkeypatch.setattr(encoder, "_compute", lambda texts: computed.append(len(texts)) or compute(texts))
    return computed


@pytest.mark.parametrize(
    ("text", "like", "unlike"),
    [
        ("i need a drink right now", "really craving some booze", "please delete my data"),
        ("can a person ring me", "i want someone to phone me", "what is the capital of france"),
        ("lets stop here and go on tomorrow", "can we pause this for today", "i smoke two packs of cigarettes"),
        ("who can see what i write here", "can other people see my messages", "good morning"),
    ],
)
def test_like_meanings_are_closer(encoder: SentenceEncoder, text: str, like: str, unlike: str) -> None:
    one, near, far = encoder.encode([text, like, unlike])
    assert one @ near > one @ far + 0.1


def test_every_vector_has_length_one(encoder: SentenceEncoder) -> None:
    rows = encoder.encode(["hello", "", "i want to talk about my drinking " * 40])
    assert rows.shape == (3, 384) and rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_same_vector_alone_and_among_others(encoder: SentenceEncoder) -> None:
    texts = ["hello", "i had 6 pints", "no", "my son uses and i am worried", "i had 5 pints", "hello"]
    encoder._recent.clear()
    together = encoder.encode(texts)
    encoder._recent.clear()
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_agrees_with_the_reference(encoder: SentenceEncoder) -> None:
    """Products of vectors that the original implementation of the model computes."""
    one, two, three = encoder.encode(["i need a drink right now", "hello", "please delete my data"])
    assert (one @ two, one @ three, two @ three) == pytest.approx(REFERENCE, abs=1e-4)


def test_recent_texts_are_not_computed_again(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = fresh(encoder, monkeypatch)
    first = encoder.encode(["one text", "another text", "one text"])
    first[:] = 0.0
    second = encoder.encode(["another text", "a third text"])
    assert computed == [2, 1]
    np.testing.assert_allclose(np.linalg.norm(second, axis=1), 1.0, atol=1e-5)


def test_oldest_texts_are_forgotten(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = fresh(encoder, monkeypatch)
    monkeypatch.setattr(module, "REMEMBERED", 2)
    for text in ("a", "b", "a", "c", "a", "b"):
        encoder.encode([text])
    assert len(computed) == 4  # a, b, c and b again
    assert len(encoder._recent) == 2


def test_words_are_not_kept(encoder: SentenceEncoder) -> None:
    encoder.encode(["nobody must find this sentence"])
    assert not any(b"sentence" in key for key in encoder._recent)


HOSTILE = [
    "", " ", "\n\t", "\x00", "\ud800", "\udfff\ud800 hi", "😀" * 500, "a" * 1_000_000, "word " * 200_000, "\u202e\u200b\ufeff",
    "[CLS] [SEP] [MASK] [PAD]", "/intent{\"x\": 1}", "é" * 300, "漢字" * 3_000, "z̸̢̛" * 2_000, "'; drop table --",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_fine(encoder: SentenceEncoder, text: str) -> None:
    row = encoder.encode([text])
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5)


def test_only_the_beginning_counts(encoder: SentenceEncoder) -> None:
    one, two = encoder.encode(["drink " * 200, "drink " * 200 + "and something else"])
    np.testing.assert_allclose(one, two, atol=1e-5)


def test_threads_share_one_encoder(encoder: SentenceEncoder) -> None:
    texts = [f"message {n % 7}" for n in range(28)]
    encoder._recent.clear()
    expected = encoder.encode(texts)
    encoder._recent.clear()
    results: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        results[number] = np.concatenate([encoder.encode([text]) for text in texts])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for rows in results.values():
        np.testing.assert_allclose(rows, expected, atol=1e-5)


# --- loading ----------------------------------------------------------------------------------------------------


def copied(folder: Path) -> Path:
    for name in SMALL:
        shutil.copy(default_directory() / name, folder / name)
    (folder / "model.safetensors").symlink_to(default_directory() / "model.safetensors")
    return folder


def test_loaded_once_for_the_process(encoder: SentenceEncoder) -> None:
    assert load_encoder() is encoder


def test_another_directory(tmp_path: Path, encoder: SentenceEncoder) -> None:
    other = load_encoder(str(copied(tmp_path)))
    assert other is not encoder
    np.testing.assert_allclose(other.encode(["hello"]), encoder.encode(["hello"]), atol=1e-6)


def test_wrong_digest_is_refused(tmp_path: Path) -> None:
    copied(tmp_path)
    with pytest.raises(EncoderError, match="requirements-model.lock"):
        SentenceEncoder.from_directory(tmp_path, sha256="0" * 64)


def test_changed_default_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    changed = bytearray((default_directory() / "model.safetensors").read_bytes())
    changed[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(changed)
    monkeypatch.setattr(module, "default_directory", lambda: tmp_path)
    load_encoder.cache_clear()
    try:
        with pytest.raises(EncoderError, match="is not the file"):
            load_encoder()
    finally:
        load_encoder.cache_clear()


@pytest.mark.parametrize("missing", [*SMALL, "model.safetensors"])
def test_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    (copied(tmp_path) / missing).unlink()
    with pytest.raises(EncoderError, match=missing):
        SentenceEncoder.from_directory(tmp_path)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    (copied(tmp_path) / "config.json").write_text(json.dumps({"model_type": "gpt2"}), encoding="utf-8")
    with pytest.raises(EncoderError, match="not a BERT"):
        SentenceEncoder.from_directory(tmp_path)


@pytest.mark.parametrize("name", SMALL)
def test_broken_file_is_refused(tmp_path: Path, name: str) -> None:
    (copied(tmp_path) / name).write_text("{", encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be read"):
        SentenceEncoder.from_directory(tmp_path)


def test_broken_weights_are_refused(tmp_path: Path) -> None:
    (copied(tmp_path) / "model.safetensors").unlink()
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(EncoderError, match="cannot be read"):
        SentenceEncoder.from_directory(tmp_path)


def test_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package_here")
    with pytest.raises(EncoderError, match="make install"):
        default_directory()
