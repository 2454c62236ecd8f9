"""what is the vector of a text?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.embedding.calibration import AS_MEASURED, SAME, Calibration, Line
    from index.embedding.cross_encoder import CROSS_WEIGHT, CrossEncoder, MeasureCrossEncoder
    from index.embedding.encoder import EncodeDocuments, Encoder, Measure, ModelEncoder, Tokenizer
    from index.embedding.export_manifest import EXPORT_FOLDER, ExportManifest, part_paths
    from index.embedding.exports import cut_off
    from index.embedding.model_store import DEFAULT_MODEL, MODEL_MARKS, ModelStore, StoredModel, default_model_folder
    from index.embedding.readiness import check_length, check_model, make_ready

__all__ = [
    "AS_MEASURED",
    "CROSS_WEIGHT",
    "DEFAULT_MODEL",
    "EXPORT_FOLDER",
    "MODEL_MARKS",
    "SAME",
    "Calibration",
    "CrossEncoder",
    "EncodeDocuments",
    "Encoder",
    "ExportManifest",
    "Line",
    "Measure",
    "MeasureCrossEncoder",
    "ModelEncoder",
    "ModelStore",
    "StoredModel",
    "Tokenizer",
    "check_length",
    "check_model",
    "cut_off",
    "default_model_folder",
    "make_ready",
    "part_paths",
]

__getattr__ = lazy_face(__name__, __file__)
