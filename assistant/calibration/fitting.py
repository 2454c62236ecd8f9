"""what weighs how much by another model: logistic regressions on a few questions"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.answering import SETTINGS, Coverage, Features
from assistant.calibration.measuring import CalibrationQuestion
from index.embedding import Encoder
from index.records import SLOTS

Numbers: TypeAlias = npt.NDArray[np.float64]

PENALTY: Final = 1.0
"""How much it costs to weigh a feature otherwise than by the default model, each in its own spread. By
multilingual-e5-small the other half of the bundled questions is told with an AUROC of .953 by 1, .956 by 0.3, .944 by 3
and .928 without any fitting; a household's by .81 to .82 with any of them."""

BUNDLED_SLOPE: Final = 2.64
BUNDLED_OFFSET: Final = 2.34
"""How much easier questions about the bundled topics are than those that the default model's confidence was fitted to:
the slope and the offset of its log-odds that fit them best. They are taken off again, so that a probability means as
much by every model."""

SLOT_PENALTY: Final = 3.0
"""The inverse penalty of the classifier of slots, as for the default model."""


class Weighed(NamedTuple):
    """A question with its features and whether its answer is right."""

    features: Features
    covered: Coverage
    is_right: bool
    """Whether the topic that answers it came first."""

    @property
    def is_weighed(self) -> bool:
        """Whether weights alone decide."""
        return not (self.covered.is_refuted.any() or self.covered.is_absent or self.covered.is_its_name)


def fit_confidence(weighed: Sequence[Weighed]) -> list[float]:
    """Return the weight of each feature, and the bias: the default model's where there is nothing to learn from."""
    from scipy.optimize import minimize  # a third of a second, which no question needs

    prior = np.array([*SETTINGS.weights, SETTINGS.bias])
    chosen = [question for question in weighed if question.is_weighed]
    right = np.array([question.is_right for question in chosen], dtype=np.float64)
    if not 0 < right.sum() < len(right):
        return [float(value) for value in prior]
    rows = np.array([[*question.features, 1.0] for question in chosen])
    spread = rows.std(axis=0)

    def loss(weights: Numbers) -> float:
        log_odds = rows @ weights
        missed = float(np.sum(np.logaddexp(0, log_odds) - right * log_odds))
        return missed + PENALTY * float(np.sum(((weights - prior) * spread) ** 2))

    weights = minimize(loss, prior, method="L-BFGS-B").x
    weights[-1] -= BUNDLED_OFFSET
    return [float(value) for value in weights / BUNDLED_SLOPE]


def fit_slots(encoder: Encoder, questions: Sequence[CalibrationQuestion]) -> list[float]:
    """Return the weights that tell a question's slot by its vector: a row for each dimension, and the bias last."""
    from sklearn.linear_model import LogisticRegression  # a second, which no question needs

    vectors = encoder.encode_queries([question.text for question in questions])
    model = LogisticRegression(C=SLOT_PENALTY, max_iter=2_000).fit(vectors, [question.slot for question in questions])
    order = [list(model.classes_).index(slot) for slot in SLOTS]
    return np.vstack([model.coef_[order].T, model.intercept_[order]]).ravel().tolist()
