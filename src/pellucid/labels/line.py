"""Where a list passes about 1 %: an estimate from the first name of which no product holds more.

Names stand in order of share down to 1 % and in any order below (Regulation (EC) 1223/2009, Article 19; 21 CFR 701.3).
So nothing after a name of which there is at most 1 % is above 1 % either; what stands before it may be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.ingredients import IngredientFacts
from pellucid.knowledge.schema.labels import LineMarker
from pellucid.model.label import Ingredient, Kind, Label
from pellucid.model.verdict import Line, Mention

ALPHABETICAL = 6
"""So many names in the order of the alphabet are no chance: such a list doesn't go by share."""
UNORDERED = (Kind.ACTIVE, Kind.MAY_CONTAIN)


class Placed(NamedTuple):
    """An ingredient in its own list."""

    number: int
    """Its place in ``label.ingredients``."""
    ingredient: Ingredient
    facts: IngredientFacts | None
    part: int
    product: int
    position: int | None

    def mention(self, line: Line | None) -> Mention:
        """The place as a verdict tells it."""
        one = self.ingredient
        return Mention(self.number, self.position, one.text, one.inci, one.percent, self._low(line))

    def _low(self, line: Line | None) -> bool | None:
        if self.ingredient.percent is not None:
            return self.ingredient.percent <= 1
        return None if line is None or self.position is None else self.position >= line.position


def placed(label: Label, knowledge: Knowledge) -> tuple[Placed, ...]:
    """Every ingredient with its place in the list that it stands in; both come in order of the text."""
    names = knowledge.ingredients.names
    found, number, position = [], 0, 0
    for index, one in enumerate(label.ingredients):
        while number + 1 < len(label.parts) and one.start >= label.parts[number].end:
            number, position = number + 1, 0
        part = label.parts[number] if label.parts else None
        position += 1
        loose = "may_contain" in one.marks or (part is not None and part.kind in UNORDERED)
        facts = names.get(one.inci) if one.inci else None
        found.append(Placed(index, one, facts, number, part.product if part else 0, None if loose else position))
    return tuple(found)


def find_lines(ingredients: Sequence[Placed], knowledge: Knowledge) -> dict[int, Line]:
    """The line of each list that shows one, by the number of its part."""
    lists: dict[int, list[Placed]] = {}
    for each in ingredients:
        if each.position is not None:
            lists.setdefault(each.part, []).append(each)
    found = ((part, next(_markers(each, knowledge), None)) for part, each in lists.items() if not _by_alphabet(each))
    return {part: line for part, line in found if line}


def _markers(ordered: Sequence[Placed], knowledge: Knowledge) -> Iterator[Line]:
    records = knowledge.of(LineMarker).values()
    for each in ordered:
        if each.facts is None or each.position is None or (each.ingredient.percent or 0) > 1:
            continue
        record = next((one for one in records if one.concerns(each.facts.inci, each.facts.roles)), None)
        if record and each.position >= record.from_position:
            own = replace(each.mention(None), low=True)
            yield Line(each.product, each.position, own, record.basis, record.ref, record.source)


def _by_alphabet(ordered: Sequence[Placed]) -> bool:
    names = [each.ingredient.text.casefold() for each in ordered]
    return len(names) >= ALPHABETICAL and names == sorted(names)
