"""what is the vector of a text?"""

from index.embedding.encoder import DEFAULT_MODEL, EncodeDocuments, Encoder, ModelEncoder, default_model_folder
from index.embedding.exports import cut_off
from index.embedding.onnx_model import EXPORT_FOLDER, part_paths

__all__ = [
    "DEFAULT_MODEL",
    "EXPORT_FOLDER",
    "EncodeDocuments",
    "Encoder",
    "ModelEncoder",
    "cut_off",
    "default_model_folder",
    "part_paths",
]
