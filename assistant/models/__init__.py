"""which models are there, and how does a library come to another one?"""

from assistant.models.fetched import Listing, fetch, look_up, repository
from assistant.models.known import KnownModel, known_models, remember, resolve
from assistant.models.switching import seconds_to_embed

__all__ = [
    "KnownModel",
    "Listing",
    "fetch",
    "known_models",
    "look_up",
    "remember",
    "repository",
    "resolve",
    "seconds_to_embed",
]
