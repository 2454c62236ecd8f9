"""what are the words of a string?"""

from typing import TYPE_CHECKING

from index.faces import lazy_face

if TYPE_CHECKING:
    from index.text.abbreviations import Renamed, renamed
    from index.text.calendar_days import calendar_name, calendar_names, dates, day_of_path, days, month_of, without_year
    from index.text.codes import NUMBER_WORDS, NumberMatch, number_matches, other_measures
    from index.text.contraries import contraries_stated, contrary_words
    from index.text.encodings import LATIN_1, SAMPLE, decode, latin1, storable, utf16_encoding
    from index.text.file_names import is_jsonl, plain_name, readable_name
    from index.text.languages import asking_words, function_words, function_words_of, language_of, stemmed_language
    from index.text.letters import has_run, is_plain_run
    from index.text.names import written_names
    from index.text.normal_form import PLAIN_WORD, compared, composed, is_accented, single_spaced, unaccented
    from index.text.opposites import Opposites, undone
    from index.text.ordinals import numbered
    from index.text.periods import SAID, Period, period
    from index.text.regional_spelling import regional_spellings, spelling_forms
    from index.text.spelling import Replaced, bases, mend, respelled
    from index.text.subjects import called, merged, offered, spellings
    from index.text.word_forms import other_forms
    from index.text.words import (
        STOP_WORDS,
        Word,
        asked_terms,
        asked_words,
        digit_words,
        joined_parts,
        plain_words,
        said_stems,
        stem,
        stemmed_words,
        stems,
        stop_word_terms,
        terms,
        title_hash,
        title_key,
        word_tokens,
    )

__all__ = [
    "LATIN_1",
    "NUMBER_WORDS",
    "PLAIN_WORD",
    "SAID",
    "SAMPLE",
    "STOP_WORDS",
    "NumberMatch",
    "Opposites",
    "Period",
    "Renamed",
    "Replaced",
    "Word",
    "asked_terms",
    "asked_words",
    "asking_words",
    "bases",
    "calendar_name",
    "calendar_names",
    "called",
    "compared",
    "composed",
    "contraries_stated",
    "contrary_words",
    "dates",
    "day_of_path",
    "days",
    "decode",
    "digit_words",
    "function_words",
    "function_words_of",
    "has_run",
    "is_accented",
    "is_jsonl",
    "is_plain_run",
    "joined_parts",
    "language_of",
    "latin1",
    "mend",
    "merged",
    "month_of",
    "number_matches",
    "numbered",
    "offered",
    "other_forms",
    "other_measures",
    "period",
    "plain_name",
    "plain_words",
    "readable_name",
    "regional_spellings",
    "renamed",
    "respelled",
    "said_stems",
    "single_spaced",
    "spelling_forms",
    "spellings",
    "stem",
    "stemmed_language",
    "stemmed_words",
    "stems",
    "stop_word_terms",
    "storable",
    "terms",
    "title_hash",
    "title_key",
    "unaccented",
    "undone",
    "utf16_encoding",
    "without_year",
    "word_tokens",
    "written_names",
]

__getattr__ = lazy_face(__name__, __file__)
