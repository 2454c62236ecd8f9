"""which slot does this question ask for?

Its form often says so: a question for what somebody did asks for an Example, one for a way to do something for a How,
one for a meaning, a reason or a comparison for a What. Where no form matches, as for a bare symptom or the mere name of
a thing, the question's vector decides, by a linear classifier that was fitted on questions about many subjects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.answering.settings import ANSWER
from index.embedding import DEFAULT_MODEL, Calibration
from index.records import SLOTS, Slot, Vectors

Logits: TypeAlias = npt.NDArray[np.float64]
"""The logarithm of each slot's probability up to a constant, in the order of SLOTS: shape (slots,)."""

SlotWeights: TypeAlias = npt.NDArray[np.float64]
"""The weights of the classifier: shape (dimension + 1, slots), the last row the bias."""

WEIGHTS_FILE: Final = Path(__file__).with_name("slot_weights.npy")
"""`SlotWeights` for the vectors of the default model, fitted to the tuning half of `tests/cases/slots.jsonl` by
`python -m tests.fit_slots`."""


class Form(NamedTuple):
    """A form of questions: the slot that they ask for, an example, and a pattern that matches them."""

    slot: Slot
    example: str
    pattern: str


_SOMEBODY: Final = r"(?:(?:any|some)(?:body|one)|people|others?|other \w+|he|she|they|you|teams?|we)"
_QUESTION_WORD: Final = r"(?:what|which|who|where|when|how)\b"
_PERSON: Final = r"(?:i|we|you|one|someone)"
_ADVICE: Final = r"(?:should|can|could|must|do|would|might|am|are)"
_PAST: Final = (
    r"(?:did|was|were|had|got|went|made|ran|held|caught|led|kept|found|took|gave|won|lost|came|became|broke|saw|paid|"
    r"sold|chose|built|wrote|drew|fell|began|brought|bought|grew|spent|(?!indeed|embed)[\w-]{2,}[^\W e]ed)"
)
_NOT_PAST_AFTER: Final = r"(?!(?:is|are|do|does|to|should|can|if|when)\b)"

FORMS: Final = (
    # a case, asked for by name
    Form(
        "Example",
        "could you give an example",
        r"\bexamples?\b|\bfor instance\b|\b(?:an|any) instances?\b|\bsnippets?\b|\bsample (?!size|mean)\w+",
    ),
    Form(
        "Example",
        "any good stories about it?",
        r"\bstor(?:y|ies)\b|\banecdotes?\b|\billustration\b|\b(?:any|past|recent|previous|real) (?:real )?incidents?\b"
        r"|\bincident reviews? of\b|\b(?:a|any|use) cases?\b|\bcase stud",
    ),
    Form(
        "Example",
        "a practical use of decorators",
        r"(?:^|\b(?:an?|any|some|with) )(?:practical|real|famous|concrete|actual|typical)\b(?! (?:difference|reason))",
    ),
    Form(
        "Example",
        "how does this look in practice",
        r"\bin (?:practice|the wild|real life|production|action|the real world|code)\b|\bat scale\b|\bfor real\b",
    ),
    Form(
        "Example", "tell me about a time it failed", r"\bwhat happened\b|\btell me about (?:a time|somebody|someone)\b"
    ),
    Form(
        "Example",
        "show me a rollback",
        r"\b(?:show|give) (?:me|us) (?!how to|the|(?:an? )?(?:\w+ )?(?:definition|overview|summary|recipe|guide))",
    ),
    # what others have done: notes tell what something is and how it is done in the present tense, a case in the past
    Form(
        "Example",
        "did it ever break",
        rf"^did\b|\b(?:has|have|had|did|does) {_SOMEBODY}\b(?!.* (?:mean|say)\b)|\bha(?:s|ve) .*\bever\b",
    ),
    Form(
        "Example", "who has tried this?", rf"\bwho(?: has| have| else)? (?:\w+ )?(?:{_PAST}|done|seen|used|run|tried)\b"
    ),
    Form(
        "Example",
        "when teams migrated the database, why so late",
        rf"^(?:\w+ )?{_QUESTION_WORD}(?: {_NOT_PAST_AFTER}[\w'’/-]+){{0,4}}? {_PAST}\b(?! (?:meant|for))",
    ),
    Form("Example", "which team has a vault", r"\b(?:which|what|how) (?:[\w-]+ )?(?:has|have) (?!to\b)"),
    Form(
        "Example",
        "is there somebody here with a vault",
        rf"\b(?:some|any)(?:body|one)(?: else| ever)? (?:here|who|that|{_PAST}|has|have)\b",
    ),
    Form("Example", "a shop that sold out", rf"^an? (?:[\w-]+ ){{1,4}}(?:who|that|where|{_PAST})\b"),
    # a way to do it
    Form(
        "How",
        "is there a checklist",
        r"\b(?:steps?|tips?|tricks|advice|checklist|tutorial|procedure|instructions|guide|rules? of thumb)\b",
    ),
    Form(
        "How",
        "walk me through a release",
        r"\bbest practices?\b|\brecipes? for\b|\bwalk me through\b|\bways? (?:to|of)\b|\bhow to\b|\bis it possible\b",
    ),
    Form(
        "How",
        "the safest way for a beginner",
        r"\b(?:best|easiest|right|correct|proper|quickest|safest|simplest) way\b|\bwhat (?:now|next|helps)\b",
    ),
    Form(
        "How",
        "where do i put the config",
        rf"\b{_QUESTION_WORD}(?: [\w'’-]+){{0,3}}? {_ADVICE} {_PERSON}\b(?:(?! mean| call| define| explain).)*$",
    ),
    Form(
        "How",
        "should i squash commits",
        r"\bshould (?:i|we|one)\b(?!.*\bcare\b)|\bwhere to (?:start|look|begin)\b|\bneed (?:to|help)\b",
    ),
    Form(
        "How", "which command lists pods", r"\b(?:what|which) (?:command|setting|option|flag|parameter|field|tool)s?\b"
    ),
    Form("How", "i want to undo a commit", r"\b(?:want|trying|like|have|wish) to\b(?!.*\b(?:understand|know what))"),
    # what it is, why, and how it compares
    Form(
        "What",
        "why is it slow",
        r"\bwhy\b|\bhow come\b|\bwhat for\b|\b(?:the|its|any) (?:point|purpose|benefit|idea|reason|role|importance)\b",
    ),
    Form(
        "What",
        "what is meant by drift: define it",
        r"\bdefin(?:e|ition)\b|\bmean(?:s|t|ing)?\b|\bstands? for\b|\brefers? to\b|\beli5\b|\bthe (?:term|concept)\b",
    ),
    Form(
        "What",
        "how does it differ from puppet",
        r"\bdifferen(?:ce|t)\b|\bdiffers?\b|\bcompared (?:to|with)\b|\bvs\b|\bversus\b|\bthe same (?:thing|as)\b",
    ),
    Form(
        "What",
        "pros and cons of a monorepo",
        r"\bpros and cons\b|\b(?:dis)?advantages?\b|\b(?:benefits|drawbacks|downsides|risks)\b|\bworth (?:it|the)\b",
    ),
    Form(
        "What",
        "an overview of caching",
        r"\b(?:overview|summary|basics|fundamentals|introduction|explained)\b|\bin (?:short|a nutshell)\b",
    ),
    Form(
        "What",
        "describe it in simple words",
        r"\bin (?:simple|plain) \w+|\b(?:explain|describe|summari[sz]e|tell (?:me|us) (?:about|what))\b",
    ),
    Form(
        "What",
        "what happens on a merge",
        r"\bwhat (?:happens|even|exactly|kind of|sort of|type of|makes|counts|causes)\b|\bis it true\b",
    ),
    Form(
        "What",
        "what does the gil do",
        r"\b(?:what|which) (?:[\w-]+ )?(?:does|do) (?!i\b|we\b)|\b(?:who|what)(?:['’]?s| is| are)\b",
    ),
    Form(
        "What",
        "how important are backups",
        r"\bhow (?:important|useful|bad|serious|common|would you (?:define|describe))\b|\bin (?:what|which) way\b",
    ),
    # any other `how`, and the words of a symptom
    Form(
        "How",
        "how do lists grow",
        r"\bhow\b|\bset(?:ting)? ?up\b|\btroubleshoot|\bfix\b|\bget(?:ting)? rid of\b|n['’]t\b",
    ),
    Form(
        "How",
        "my build keeps failing",
        r"\b(?:keeps?|always|never|no longer|suddenly|cannot|unable|nobody|stuck|slow|broken|breaks?|error|denied)\b",
    ),
    Form(
        "How",
        "the deployment failed",
        r"\b(?:fail(?:s|ed|ing|ure)?|refus(?:es?|ed)|crash\w*|wrong|missing|lost|hangs?)\b",
    ),
    # the same in German, in French, and in Spanish, Italian, Portuguese and Dutch, where no English form fits
    Form(
        "Example",
        "gibt es dafür ein beispiel?",
        r"\bbeispiel(?:e|en)?\b|\bzum beispiel\b",
    ),
    Form(
        "How",
        "wie entkalke ich den Kessel?",
        r"^(?:und )?(?:wie|womit|wodurch)\b(?! (?:heißt|viel|viele|lange|oft|weit|groß)\b)",
    ),
    Form(
        "What",
        "was ist ein Sauerteig?",
        r"^(?:und )?(?:was (?:ist|sind|heißt|macht)|wer|warum|wieso|weshalb|wozu)\b|\bunterschied\b|\bbedeutet\b",
    ),
    Form(
        "Example",
        "un exemple de règle ?",
        r"\bexemples?\b|\bpar exemple\b",
    ),
    Form(
        "How",
        "comment annuler une commande ?",
        r"^(?:et )?comment (?:je|on|faire|puis|peut|dois|fait|se|(?!after|over|under|another|other)\w+(?:er|ir)\b)",
    ),
    Form(
        "What",
        "qu'est-ce que le levain ?",
        r"^(?:qu['’]est-ce|c['’]est quoi|pourquoi|quelle? est|que signifie)",
    ),
    Form(
        "Example",
        "¿hay un ejemplo de regla?",
        r"\bejemplos?\b|\besemp(?:io|i)\b|\bexemplos?\b|\bvoorbeeld(?:en)?\b",
    ),
    Form(
        "How",
        "cómo se anula un pedido?",
        r"^(?:c[oó]mo|come (?:si|posso|faccio|devo|fare|funziona)|hoe (?:kan|moet|kun|werkt|maak|doe))\b",
    ),
    Form(
        "What",
        "che cos'è il lievito?",
        r"^(?:qué|que|por qu[eêé]|cuál|che|cos['’]?|cosa|perché|cos'è|o que|qual|wat|waarom)\b",
    ),
    # whether something may be done, and whether it is so; of English questions, their meaning tells it as often
    Form(
        "How",
        "kann man den Teig einfrieren?",
        r"^(?:und )?(?:(?:kann|können|darf|dürfen) (?:man|ich|wir)|ist es möglich|(?:peut|puis|peux)-(?:on|je|tu)|"
        r"est-ce (?:que je peux|qu['’]on peut)|est-il possible|puedo|podemos|se puede|es posible|posso|possiamo|"
        r"si può|è possibile|é possível|(?:kan|mag|kunnen) (?:ik|men|je|we)|is het mogelijk)\b",
    ),
    Form(
        "What",
        "ist Roggen säuerlich?",
        r"^(?:und )?(?:(?:ist|sind)(?! to\b)|est-ce (?:que?\b|qu['’])|est-(?:il|elle|ce)|sont-(?:ils|elles)|"
        r"es (?:el|la|un|una|mi)|son (?:los|las|mis)|è|sono|é|são|(?:is|zijn) (?:het|de|een|mijn))\b",
    ),
    # the same in Chinese, Japanese and Korean
    Form("Example", "有规则的例子吗？", r"例子|举例|舉例|例えば|具体例|事例|예시|예를"),
    Form("How", "怎么备份数据库？", r"怎么|怎麼|怎样|如何|どうやって|どうすれば|方法|やり方|어떻게|방법"),
    Form("What", "什么是持续集成？", r"什么是|什麼是|是什么|是什麼|为什么|為什麼|区别|とは|何ですか|なぜ|무엇|차이|왜"),
)
"""The first form that matches decides; none before a form matches its example."""

_GROUPS: Final = tuple(
    (slot, re.compile("|".join(form.pattern for form in forms)))
    for slot, forms in groupby(FORMS, lambda form: form.slot)
)
"""The slots in the order of FORMS, each with the patterns of the forms that follow each other there as one."""


def likeliest(preferences: Mapping[Slot, float]) -> Slot | None:
    """Return the most probable slot, or None where all are equally probable.

    >>> [likeliest(slot_preferences(question)) for question in ("what is GitOps", "has anybody done this?", "gitops")]
    ['What', 'Example', None]
    """
    best = max(SLOTS, key=preferences.__getitem__)
    return best if preferences[best] > 1 / len(SLOTS) + 1e-9 else None


FITTED: Final = "slots"
"""The name under which the calibration of another model has its `SlotWeights`, row after row."""


def weights_of(model: str, calibration: Calibration) -> SlotWeights | None:
    """Return the weights of the classifier for a model's vectors; None where none were fitted."""
    if model == DEFAULT_MODEL:
        return _weights()
    fitted = np.array(calibration.fitted.get(FITTED, ()), dtype=np.float64)
    return fitted.reshape(-1, len(SLOTS)) if len(fitted) else None


def slot_preferences(
    question: str, vector: Vectors | None = None, weights: SlotWeights | None = None
) -> Mapping[Slot, float]:
    """Return the probability that a question asks for each slot; the sum is 1.

    Form and meaning of the question decide: `vector` is the question's, shape (dimension,), and `weights` are those for
    its model. Without either, the form alone decides.
    """
    logits = _by_form(question)
    if vector is not None and weights is not None and _normal(question):
        logits = logits + (ANSWER.meaning_weight if logits.any() else ANSWER.open_weight) * _by_meaning(vector, weights)
    odds = np.exp(logits - logits.max())
    return dict(zip(SLOTS, (odds / odds.sum()).tolist(), strict=True))


def _by_form(question: str) -> Logits:
    """Return what the form of a question says; the same number for each slot where no form matches."""
    normalized = _normal(question)
    asked_for = next((slot for slot, pattern in _GROUPS if pattern.search(normalized)), None)
    if asked_for is None:
        return np.zeros(len(SLOTS))
    rest = (1 - ANSWER.named_slot) / (len(SLOTS) - 1)
    return np.asarray(np.log([ANSWER.named_slot if slot == asked_for else rest for slot in SLOTS]))


def _by_meaning(vector: Vectors, weights: SlotWeights) -> Logits:
    """Return the logarithms of the probabilities that the classifier gives (multinomial logistic regression)."""
    logits: Logits = vector @ weights[:-1] + weights[-1]
    logits -= logits.max()
    return logits - float(np.log(np.exp(logits).sum()))


@lru_cache(maxsize=1)
def _weights() -> SlotWeights:
    return np.asarray(np.load(WEIGHTS_FILE), dtype=np.float64)


def _normal(question: str) -> str:
    """Return a question as the forms match it: in small letters, with single spaces, without signs in front."""
    return " ".join(question.casefold().split()).lstrip("\"'¿-–—*.,:;!? ")
