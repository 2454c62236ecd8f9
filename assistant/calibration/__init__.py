"""what do the numbers of this model mean?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embedding import Calibration, ModelEncoder, Tell

__all__ = ["calibrate"]


def calibrate(encoder: ModelEncoder, tell: Tell) -> Calibration:
    """Return what the numbers of a model mean beside the default model's, which takes half a minute."""
    # it brings all that answers, and scipy: only a model that was never used needs it
    from assistant.calibration.calibrating import calibrate as measured

    return measured(encoder, tell)
