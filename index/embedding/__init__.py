"""what is the vector of a text?"""

from index.embedding.encoder import EncodeDocuments, Encoder, ModelEncoder, Tokenizer
from index.embedding.exports import cut_off
from index.embedding.model_store import DEFAULT_MODEL, ModelStore, StoredModel, default_model_folder
from index.embedding.onnx_model import EXPORT_FOLDER, part_paths

__all__ = [
    "DEFAULT_MODEL",
    "EXPORT_FOLDER",
    "EncodeDocuments",
    "Encoder",
    "ModelEncoder",
    "ModelStore",
    "StoredModel",
    "Tokenizer",
    "cut_off",
    "default_model_folder",
    "part_paths",
]
