"""The one verb: an ingredient text of any shape becomes a ``Label``."""

from pellucid.labels.find import find_parts, state_of
from pellucid.labels.link import Linker
from pellucid.labels.marks import ACTIVE, MAY_CONTAIN
from pellucid.labels.normalise import Normal, normalise, with_signs
from pellucid.labels.tokenise import Tokeniser
from pellucid.labels.vocabulary import Vocabulary, shipped
from pellucid.model.label import Ingredient, Kind, Label, LabelState, Part

LONGEST_SPELLED = 20_000
"""In a longer text misspellings are not looked for: no label is that long, and each takes about a millisecond."""
MISSPELLINGS_LEFT = "misspellings_not_looked_for"
"""The note on such a text."""
_MARKS = {Kind.ACTIVE: ACTIVE, Kind.MAY_CONTAIN: MAY_CONTAIN}


def read_label(text: str, *, vocabulary: Vocabulary | None = None, misspelling: bool = True) -> Label:
    """Find the lists in a text and recognise every ingredient in them. Never raises; linear in the text's length.

    Args:
        text: what is printed, with whatever stands around it.
        vocabulary: the names to recognise; the shipped ones if None.
        misspelling: whether names that are spelled wrong are recognised too.
    """
    vocabulary = shipped() if vocabulary is None else vocabulary
    spelled = misspelling and len(text) <= LONGEST_SPELLED
    normal = normalise(text)
    listed = with_signs(normal, text)
    tokeniser = _tokeniser(vocabulary, misspelling=spelled)
    parts = find_parts(normal, vocabulary)
    ingredients: list[Ingredient] = []
    for part in parts:
        found = tokeniser.tokens(listed[part.start : part.end], _MARKS.get(part.kind), part.start)
        ingredients += found if normal.text is text else _placed(text, normal, found)
    notes = (MISSPELLINGS_LEFT,) if misspelling and not spelled else ()
    state = state_of(normal, parts, ingredients)
    if state is LabelState.NO_LIST:
        return Label(text, (), (), state, notes)
    return Label(text, tuple(_moved(part, normal) for part in parts), tuple(ingredients), state, notes)


def _tokeniser(vocabulary: Vocabulary, *, misspelling: bool) -> Tokeniser:
    memo = vocabulary.memo
    if (Tokeniser, misspelling) not in memo:
        memo[Tokeniser, misspelling] = Tokeniser(Linker(vocabulary, misspelling=misspelling))
    return memo[Tokeniser, misspelling]  # type: ignore[no-any-return]


def _placed(text: str, normal: Normal, found: list[Ingredient]) -> list[Ingredient]:
    """The same with the text as it was printed and its place there."""
    make = tuple.__new__
    placed = []
    for _, start, end, inci, method, confidence, percent, marks in found:
        first, last = normal.original(start, end)
        placed.append(make(Ingredient, (text[first:last], first, last, inci, method, confidence, percent, marks)))
    return placed


def _moved(part: Part, normal: Normal) -> Part:
    if normal.starts is None:
        return part
    start, end = normal.original(part.start, part.end)
    return Part(part.kind, start, end, part.heading, part.product)
