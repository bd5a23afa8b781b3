"""What kind of product a label is of: from the words around its list and from what is in it.

Rules of thumb, weighed against each other; how sure it is goes with the answer, and a kind that is given wins.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.labels import KindCue, ProductKind
from pellucid.labels.line import Placed
from pellucid.model.label import Label
from pellucid.model.verdict import ProductGuess

NEAR = 2_000
"""So many characters before the list are looked at, and the first of the text, where a page has its title."""
AFTER = 400
HEADING, TITLE, ELSEWHERE = 5.0, 3.0, 1.0
"""What a word counts by where it stands; each further mention of a kind counts less."""
TITLE_LENGTH = 160
DOUBT = 2.0
"""Weight of what nobody said: a single weak sign never makes a guess sure."""
SAID = 3
"""How much more a word counts than a rule of thumb where it is about being rinsed off."""
AGREEING = 0.75
"""The share of all signs that must agree on whether it is rinsed off."""
LEAST = 6.0
"""Weight without which nothing is taken for rinsed off: it is judged more mildly then."""
SURE = 0.67
"""From this confidence on a guess is called quite sure; below, nothing is settled by it."""
UNSPACED = "\u2e80"
"""From this letter on, scripts write words without spaces between them."""
TOP = 10
"""Names from the top among which a cue looks for what must be missing."""

Signs = dict[str, dict[tuple[str, str], float]]
"""Kind to what speaks for it and how much."""


def guess_kind(
    label: Label, ingredients: Sequence[Placed], knowledge: Knowledge, given: str | None = None
) -> ProductGuess:
    """The kind that most speaks for, and whether such a product is rinsed off.

    Nothing is guessed of several products in one text, and none of them is taken for rinsed off.

    Args:
        label: for the words around its list.
        ingredients: what is in it, with places.
        knowledge: kinds, their words and cues.
        given: a ``product_kind`` that is known.

    Raises:
        UnknownIdError: ``given`` is no kind.
    """
    several = len({each.product for each in ingredients}) > 1
    if given is not None:
        own = knowledge.get(ProductKind, given).rinse_off
        return ProductGuess(given, 1.0, given=True, because=(), rinse_off=None if several else own)
    if several:
        return ProductGuess(None, 0.0, given=False, because=(), rinse_off=None)
    signs: Signs = {}
    for kind, sign, weight in _words(label, knowledge):
        signs.setdefault(kind, {})[sign] = weight
    named = sorted(signs, key=lambda kind: (-sum(signs[kind].values()), kind))
    for cue, sign, weight in _cues(ingredients, knowledge):
        kind = (
            cue.suggests if cue.suggests in named else next((each for each in named if each in cue.also), cue.suggests)
        )
        signs.setdefault(kind, {})[sign] = weight
    weights = {kind: round(sum(found.values()), 2) for kind, found in signs.items()}
    if not weights:
        return ProductGuess(None, 0.0, given=False, because=(), rinse_off=None)
    best = max(weights, key=lambda kind: (weights[kind], kind))
    because = tuple(sorted(signs[best], key=lambda sign: (-signs[best][sign], sign)))
    confidence = round(weights[best] / (sum(weights.values()) + DOUBT), 2)
    rinse_off = _rinse_off(best, signs, knowledge)
    return ProductGuess(best, confidence, given=False, because=because, rinse_off=rinse_off)


def _rinse_off(best: str, signs: Signs, knowledge: Knowledge) -> bool | None:
    """Only where nearly all signs agree, words counting more: what may stay on is judged as if it did."""
    weights = {
        kind: sum(weight * (SAID if sign == "words" else 1) for (sign, _), weight in found.items())
        for kind, found in signs.items()
    }
    own = knowledge.get(ProductKind, best).rinse_off
    told = {kind: knowledge.get(ProductKind, kind).rinse_off for kind in weights}
    said = sum(weight for kind, weight in weights.items() if told[kind] is not None)
    agreeing = sum(weight for kind, weight in weights.items() if told[kind] is own)
    sure = agreeing >= AGREEING * said and (agreeing >= LEAST or not own)
    return own if sure else None


def _words(label: Label, knowledge: Knowledge) -> Iterator[tuple[str, tuple[str, str], float]]:
    pattern, kinds = _vocabulary(knowledge)
    counts: Counter[str] = Counter()
    for text, value in _around(label):
        for found in pattern.finditer(text.casefold()):
            word = found.group()
            kind = kinds[word]
            counts[kind] += 1
            weight = value * (1 + 0.5 * word.count(" ")) / counts[kind]
            yield kind, ("words", f"{word}@{counts[kind]}" if counts[kind] > 1 else word), round(weight, 2)


def _around(label: Label) -> Iterator[tuple[str, float]]:
    """What stands around the first list, with what a word there counts."""
    if not label.parts:
        yield label.text[:NEAR], ELSEWHERE
        return
    first = label.parts[0]
    yield first.heading or "", HEADING
    before = label.text[: first.start]
    yield before[:TITLE_LENGTH], TITLE
    yield before[TITLE_LENGTH:][-NEAR:], ELSEWHERE
    yield label.text[first.end :][:AFTER], ELSEWHERE / 2


def _vocabulary(knowledge: Knowledge) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern of all words, the longest first, and the kind of each; written without spaces they need no edge."""
    found: tuple[re.Pattern[str], dict[str, str]] | None = knowledge.memo.get("kind_words")
    if found is None:
        kinds = {word: record.id for record in knowledge.of(ProductKind).values() for word in record.words}
        ordered = sorted(kinds, key=lambda word: (-len(word), word))
        edged = "|".join(re.escape(word) for word in ordered if word[0] < UNSPACED)
        unspaced = "|".join(re.escape(word) for word in ordered if word[0] >= UNSPACED)
        found = knowledge.memo["kind_words"] = re.compile(rf"\b(?:{edged})\b|{unspaced}"), kinds
    return found


def _cues(ingredients: Sequence[Placed], knowledge: Knowledge) -> Iterator[tuple[KindCue, tuple[str, str], float]]:
    product = ingredients[0].product if ingredients else 0
    own = [each for each in ingredients if each.product == product and each.facts]
    missing = {each.facts.roles[0] for each in own if each.facts and (each.position or TOP) <= TOP}
    for cue in knowledge.of(KindCue).values():
        hits = sum(_hit(each, cue) for each in own)
        if hits >= cue.least and missing.isdisjoint(cue.without):
            yield cue, ("cue", cue.ref), cue.weight


def _hit(each: Placed, cue: KindCue) -> bool:
    if each.facts is None or (cue.within and (each.position or 1) > cue.within):
        return False
    roles = each.facts.roles[:1] if cue.main else each.facts.roles
    return each.facts.inci in cue.ingredients or any(role in cue.roles for role in roles)
