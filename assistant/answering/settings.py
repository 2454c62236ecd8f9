"""what answering weighs: the numbers that decide together which slot, which entry and which passage of it is shown"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The weights and thresholds that choose the passage shown; those of its probability are `ConfidenceSettings`."""

    # which slot is asked for

    named_slot: float = 0.9
    """The probability of the slot that a form names; on both halves of `tests/cases/slots.jsonl` it is right at least
    as often."""
    meaning_weight: float = 1.5
    """The weight of the classifier's logarithms beside those of the form, where a form matches: from 1 to 3 are
    alike."""
    open_weight: float = 0.5
    """The same where no form matches: the classifier was often wrong there, and the entries tell more. 0.25 to 1 are
    alike on the questions shipped; on others, not kept here, the right slot was shown for 92 % with 0.5, 84 % with
    1.5."""

    # which entry of the topic is shown

    slot_preference: float = 0.5
    """How much better an entry must score to be shown in place of one whose slot is certainly asked for. On the tuning
    half of `tests/cases/questions.jsonl` the right slot is shown for 97 % with 0.3, for 98 % with 0.5 to 0.7."""
    entry_weight: float = 1.5
    """The weight of an entry's similarity token by token. The right slot is shown for 100 % of the bundled questions,
    in both halves alike, and 94 % of `tests/cases/household.jsonl`; by the cosine of the best passage alone for 98 and
    94 %. From 1 to 2 are alike."""
    contained_preference: float = 2.0
    """How much better an entry must score to be shown in place of one that alone holds all the words asked for, were it
    wholly open which slot is meant. The sentence is right for 84 % of `tests/cases/household.jsonl`, for 80 % without;
    from 1.6 to 2.5 are alike."""

    # which passage of the entry is shown

    number_bonus: float = 0.15
    """Added to the worth of a unit with a number of the kind that is asked for."""
    lacking_loss: float = 1.0
    """Taken off the worth of a unit that tells no time where the question asks how long something takes, and another
    unit tells one: however much of the question it says, it does not answer."""
    undenied_loss: float = 0.3
    """Taken off the worth of a unit that denies nothing where the question asks what is not, and another unit does.
    With 1.0, any other word of denial ("only", "without") is shown, and 2 % more near misses of SQuAD 2.0 answered."""
    code_bonus: float = 0.45
    """Added to the worth of a unit with a command where a way to do something is asked for: above it, a description
    often says no more than the question. On the half for work of the bank over public notes, .3 shows the right passage
    for .683, .45 and .6 alike for .698."""
    code_loss: float = 0.1
    """Taken off the worth of code where a meaning is asked for: the sentence beside it says what it is."""
    max_doing: float = 0.1
    """The probability of a way to do something or an example up to which a meaning counts as asked for."""
    fragment_words: int = 2
    fragment_loss: float = 0.2
    """The words up to which a sentence is a fragment, and what is taken off its worth: it is a label, or an echo of the
    question."""
    links_loss: float = 1.0
    """Taken off the worth of a line of nothing but links, or a placeholder: it is shown only where nothing else is."""
    field_loss: float = 0.1
    """Taken off the worth of a field ("Licence: MIT"): where nothing decides, a sentence says more of a topic."""
    named_field_bonus: float = 0.4
    """Added to the worth of a field or a row whose name says in another word what is asked for ("Location: hall" where
    something is looked for): a sentence that introduces the thing repeats more of the question. The same for an item
    that is asked for by name in a list of what is allowed, or is not, and for an item or a row that says all that the
    one of several things is or does that is asked for ("which valve always leaks?")."""
    definition_bonus: float = 0.3
    """Added to the worth of a unit that begins with the name of what is to be explained, and says what it is ("Weir: a
    low dam"): others hold the name as well."""
    link_field_loss: float = 0.4
    """The same for a field of nothing but addresses ("More information: ...")."""
    order_loss: float = 0.005
    """Taken off the worth of each unit against the one before: the first says most where nothing else decides."""
    order_units: int = 10
    """Units after which no more is taken off: else no row far down a table is shown, whatever it says. Of 300 rows the
    right one is shown for 60 of 60 questions that name it and a column, and for 17 where the loss grows to the end."""
    echo_words: int = 12
    echo_loss: float = 0.5
    """The words up to which a unit may be an echo, and what is taken off its worth: all its words stand in the question
    or the headings, and it is neither a sentence nor a command to run."""
    in_place_weight: float = 1.0
    """The weight of contextual token vectors beside static ones."""
    heading_share: float = 0.2
    """The weight of the question's words that stand in the headings, where it has other words as well."""
    label_share: float = 0.9
    """The share of a label's similarity that counts for a unit below it."""
    label_lead: float = 0.1
    """How much more of the question a label must say than a unit below it, to be shown with it."""
    outside_loss: float = 0.1
    """Taken off the worth of a unit outside the embedded passage that matched best."""
    list_slack: float = 0.05
    """How much less than the best item the others of a list may be worth, for the list to be shown as a whole."""
    neighbour_slack: float = 0.3
    """How much less than the best sentence, as a share of its worth, a neighbour may be worth to be shown with it. The
    passage so shown holds the answer for .91 of questions on paragraphs of Wikipedia (SQuAD 2.0) and .88 (CLAPnq), with
    214 and 281 characters; the sentence alone for .87 and .82, with 175 and 229; both neighbours always for .93, with
    300 and 340."""
    runner_up_slack: float = 0.07
    """How much less than the best passage, as a share of its worth, the second best may be worth to be shown as well,
    where both together are no longer than `LONGEST_SHOWN`: the numbers can't tell which of the two answers, and a
    reader sees it at once. On the half for work of the bank over public notes, the right passage is shown for .75 with
    148 characters, for .70 with 127 by the best alone; on the household's, CLAPnq and SQuAD 2.0 for .01 more with 5 to
    13 characters. From .05 to .1 are alike."""

    # a comparison

    one_sided: float = 0.05
    """The probability that notes answer a comparison though no passage tells of one of its sides: they may say it in
    other words."""


ANSWER: Final = AnswerSettings()
"""What was measured to be best."""
