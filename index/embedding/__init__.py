"""what is the vector of a text?"""

from index.embedding.calibration import AS_MEASURED, SAME, Calibration, Line
from index.embedding.cross_encoder import CrossEncoder, MeasureCrossEncoder
from index.embedding.encoder import EncodeDocuments, Encoder, Measure, ModelEncoder, Tell, Tokenizer
from index.embedding.exports import cut_off
from index.embedding.model_store import DEFAULT_MODEL, ModelStore, StoredModel, default_model_folder
from index.embedding.onnx_model import EXPORT_FOLDER, ExportManifest, part_paths

__all__ = [
    "AS_MEASURED",
    "DEFAULT_MODEL",
    "EXPORT_FOLDER",
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
    "Tell",
    "Tokenizer",
    "cut_off",
    "default_model_folder",
    "part_paths",
]
