"""what do the numbers of this model mean?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embedding import Calibration, CrossEncoder, ModelEncoder
    from index.progress import Progress

__all__ = ["calibrate", "calibrate_cross_encoder"]


def calibrate(encoder: ModelEncoder, tell: Progress) -> Calibration:
    """Return what the numbers of a model mean beside the default model's, which takes half a minute."""
    # it brings all that answers, and scipy: only a model that was never used needs it
    from assistant.calibration.calibrating import calibrate as measured

    return measured(encoder, tell)


def calibrate_cross_encoder(encoder: CrossEncoder, tell: Progress) -> Calibration:
    """Return what a cross-encoder's scores mean and how much they weigh, which takes a minute or two."""
    from assistant.calibration.cross_encoding import calibrate_cross_encoder as measured

    return measured(encoder, tell)
