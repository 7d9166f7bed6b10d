"""Cross-validate needs grouped by voice: train on all voices but a few, test on those (docs/performance.md).

Compares n-grams, sentence vectors and both, leaving each group of voices out once. The frozen voices are never
read here. Each line gives, without an open question, accuracy, macro-F1 and, at a threshold under which nothing
is taken as a need, the share of answers mistaken for a need; and then, when each message comes after a question
that asks for free words (waymark.dialogue.open_question), the share of answers that are lost, of needs that are
still heard and of urgent needs that are.

Rasa's LogisticRegressionClassifier always balances classes and always uses C=1, whatever config.yml says:
only the scale of the sentence vectors can be set there (a scale of s works as C = s²).
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path
from typing import Any, Optional

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report, f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_union

from waymark.config import load_settings
from waymark.dialogue.open_question import (
    ABOUT_SUBSTANCES,
    ANY_FROM,
    CLEAR,
    CLEAR_FROM,
    GREET_FROM,
    URGENT,
    URGENT_FROM,
)
from waymark.understanding.encoder import load_encoder

ROOT = Path(__file__).resolve().parent.parent
FEATURES = ("words", "ngrams", "vectors", "words+vectors", "ngrams+vectors")
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def examples(folder: Path) -> list[tuple[str, str, str]]:
    """(text, intent, voice) of every training message."""
    rows = []
    for path in sorted(folder.glob("v*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text = line.strip().removeprefix("-").strip()
                if text:
                    rows.append((text, block["intent"], path.stem))
    return rows


class Trial:
    """One way of classifying, tried on every group of voices."""

    def __init__(
        self, features: str, scale: float, c: float, class_weight: Optional[str], options: Any
    ) -> None:
        self.features, self.scale, self.c, self.class_weight = features, scale, c, class_weight
        self.char_max, self.min_df, self.folds = options.char_max, options.min_df, options.folds

    def run(self, texts: np.ndarray, intents: np.ndarray, voices: np.ndarray, vectors: np.ndarray) -> None:
        started = time.monotonic()
        self.guessed = np.empty_like(intents)
        self.sure, self.margin = np.zeros(len(texts)), np.zeros(len(texts))
        for train, test in GroupKFold(self.folds).split(texts, intents, voices):
            seen, unseen = self._matrices(texts, vectors, train, test)
            model = LogisticRegression(
                C=self.c, max_iter=300, class_weight=self.class_weight, random_state=42
            )
            model.fit(seen, intents[train])
            chances = model.predict_proba(unseen)
            self.guessed[test] = model.classes_[chances.argmax(axis=1)]
            best = np.sort(chances, axis=1)
            self.sure[test], self.margin[test] = best[:, -1], best[:, -1] - best[:, -2]
        self.seconds = time.monotonic() - started

    def _matrices(
        self, texts: np.ndarray, vectors: np.ndarray, train: np.ndarray, test: np.ndarray
    ) -> tuple[Any, Any]:
        if self.features == "vectors":
            return vectors[train] * self.scale, vectors[test] * self.scale
        counts = [CountVectorizer(lowercase=True, token_pattern=r"(?u)\b\w+\b")]
        if self.features.startswith("ngrams"):
            counts.append(
                CountVectorizer(analyzer="char_wb", ngram_range=(2, self.char_max), min_df=self.min_df)
            )
        union = make_union(*counts)
        seen, unseen = union.fit_transform(texts[train]), union.transform(texts[test])
        if self.features.endswith("vectors"):
            seen = hstack([seen, csr_matrix(vectors[train] * self.scale)]).tocsr()
            unseen = hstack([unseen, csr_matrix(vectors[test] * self.scale)]).tocsr()
        return seen, unseen


def share(hits: np.ndarray, of: np.ndarray) -> float:
    return float(hits[of].mean())


def wanted(need: str) -> float:
    """How sure the classifier must be of a need after a question for free words; what facts say is left out."""
    if need in URGENT | ABOUT_SUBSTANCES:
        return URGENT_FROM
    if need == "greet":
        return GREET_FROM
    return CLEAR_FROM if need in CLEAR else ANY_FROM


def with_open_question(trial: Trial) -> np.ndarray:
    """What the messages count as when each comes after a question that asks for free words.

    A message that FallbackClassifier does not dare to name is an answer too.
    """
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    fallback = next(step for step in pipeline if step["name"] == "FallbackClassifier")
    unsure = (trial.sure < fallback["threshold"]) | (trial.margin < fallback["ambiguity_threshold"])
    unsure |= trial.sure < np.array([wanted(need) for need in trial.guessed])
    return np.where(unsure, "answer", trial.guessed)


def line(trial: Trial, intents: np.ndarray, threshold: float) -> str:
    guessed, sure = trial.guessed, trial.sure
    answers, urgent = intents == "answer", np.isin(intents, list(URGENT))
    taken = np.where(sure < threshold, "answer", guessed)
    after = with_open_question(trial)
    scale = f"{trial.scale:g}" if trial.features.endswith("vectors") else "-"
    return (
        f"| {trial.features:14} | {scale:>5} | {trial.c:5g} | {trial.class_weight or 'none':8} "
        f"| {accuracy_score(intents, guessed):.3f} | {f1_score(intents, guessed, average='macro'):.3f} "
        f"| {share(guessed != 'answer', answers):.3f} | {share(taken != 'answer', answers):.3f} "
        f"| {accuracy_score(intents, taken):.3f} "
        f"| {share(after != 'answer', answers):.3f} | {share(after == intents, ~answers):.3f} "
        f"| {share(after == intents, urgent):.3f} | {trial.seconds:4.0f} |"
    )


def by_threshold(trial: Trial, intents: np.ndarray) -> None:
    for threshold in THRESHOLDS:
        taken = np.where(trial.sure < threshold, "answer", trial.guessed)
        silent, wrong = trial.sure < threshold, (trial.sure >= threshold) & (trial.guessed != intents)
        print(
            f"    below {threshold}: taken as an answer  accuracy {accuracy_score(intents, taken):.3f}  "
            f"answers mistaken for a need {share(taken != 'answer', intents == 'answer'):.3f}  "
            f"not taken for anything {silent.mean():.3f}  taken wrongly {wrong.mean():.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--char-max", type=int, default=4)
    parser.add_argument("--min-df", type=int, default=2)
    parser.add_argument(
        "--features", nargs="+", choices=FEATURES, default=["ngrams", "vectors", "ngrams+vectors"]
    )
    parser.add_argument("--scale", type=float, nargs="+", default=[5.0], help="of the sentence vectors")
    parser.add_argument("--c", type=float, nargs="+", default=[1.0])
    parser.add_argument("--class-weight", nargs="+", choices=("balanced", "none"), default=["balanced"])
    parser.add_argument("--threshold", type=float, default=0.5, help="under it nothing is taken as a need")
    parser.add_argument("--thresholds", action="store_true", help="figures at several thresholds")
    parser.add_argument("--report", action="store_true", help="figures per need")
    options = parser.parse_args()
    texts, intents, voices = map(np.array, zip(*examples(ROOT / "data" / "nlu"), strict=True))
    print(
        f"{len(texts)} messages, {len(set(voices))} voices, {len(set(intents))} needs, {options.folds} groups of voices"
    )
    vectors = load_encoder(load_settings().encoder).encode([str(text) for text in texts])
    print(
        "| features       | scale |     C | weights  | acc.  | F1    | lost  "
        f"| lost at {options.threshold} | acc. at {options.threshold} | after a question: lost | needs heard | urgent heard | s |"
    )
    for features, c, weight in itertools.product(options.features, options.c, options.class_weight):
        for scale in options.scale if features.endswith("vectors") else [1.0]:
            trial = Trial(features, scale, c, None if weight == "none" else weight, options)
            trial.run(texts, intents, voices, vectors)
            print(line(trial, intents, options.threshold), flush=True)
            if options.thresholds:
                by_threshold(trial, intents)
            if options.report:
                print(classification_report(intents, trial.guessed, zero_division=0))


if __name__ == "__main__":
    main()
