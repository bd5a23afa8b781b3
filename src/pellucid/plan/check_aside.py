"""The rules about halves of days on which the lines around a session leave little or nothing of care at home.

Sunscreen is among them: every morning has it, but for one on which such a line leaves it out.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pellucid.knowledge.schema.treatments import Aftercare, Precare, Treatment
from pellucid.model.plan import Detail, Named, Part, Violation, detail
from pellucid.plan.check_view import Procedure, View, halves, procedures

SUNSCREEN = "am_sunscreen"


class Line(NamedTuple):
    """What one line beside one session leaves of half a day."""

    rule: str
    layers: frozenset[str]
    shows: str | None
    beside: Procedure

    @property
    def detail(self) -> Detail:
        """What stays, and because of what, for people."""
        stays = tuple(Named("layer", name) for name in sorted(self.layers))
        phrase = "beside" if stays else "nothing_beside"
        return detail(phrase, list=stays, what=Named("what", self.beside.name), day=self.beside.on)


Lines = dict[tuple[date, Part], list[Line]]


def sunscreen(view: View) -> Iterator[Violation]:
    """Every morning has sunscreen in its own layer, unless a line beside a session says that none goes on."""
    lines = _lines(view)
    for day in view.planned:
        none = any(SUNSCREEN not in line.layers for line in lines.get((day.on, Part.MORNING), ()))
        products = [view.product(step.product) for step in day.morning if step.layer == SUNSCREEN]
        if not none and not any(product and "sunscreen" in product.actives for product in products):
            yield Violation("sunscreen", day.on, SUNSCREEN, f"layer.{SUNSCREEN}")


def aside(view: View) -> Iterator[Violation]:
    """Near a session nothing stands in a layer that a line of its pre-care or after-care leaves out."""
    lines = _lines(view)
    for day in view.planned:
        for part, steps in halves(day):
            here = lines.get((day.on, part), [])
            told = {line.shows for line in here}
            for line in here:
                for step in steps:
                    if step.layer not in line.layers | told:
                        yield Violation("aside", day.on, step.product or step.layer, line.rule, line.detail)


def stands_aside(view: View, name: str, on: date) -> bool:
    """Whether one of the basics has no layer left on a day, so that nobody can ask for it there."""
    product, lines = view.product(name), _lines(view)
    if product is None or not product.basic:
        return False
    own = [layer for layer in map(view.layer, product.layers) if layer and layer.routine != "deep_clean"]
    return all(any(layer.id not in line.layers for line in lines.get((on, _part(layer.routine)), ())) for layer in own)


def _part(routine: str) -> Part:
    return Part.MORNING if routine == "morning" else Part.EVENING


def _lines(view: View) -> Lines:
    """What is left of the halves of days beside what is done at a clinic; others are not limited."""
    found: Lines = {}
    for done in procedures(view):
        for on, part, line in _beside(view, done):
            found.setdefault((on, part), []).append(line)
    return found


def _beside(view: View, done: Procedure) -> Iterator[tuple[date, Part, Line]]:
    records: list[Precare | Aftercare] = [*view.knowledge.of(Precare).values()]
    records += view.knowledge.of(Aftercare).values()
    for record in records:
        if not _is_for(record, done.treatment):
            continue
        for entry in record.aside:
            for day in view.planned:
                away = (done.on - day.on).days if isinstance(record, Precare) else (day.on - done.on).days
                if entry.days[0] <= away <= entry.days[1]:
                    for part in (Part.MORNING, Part.EVENING):
                        if entry.half is None or entry.half == part:
                            yield day.on, part, Line(record.ref, frozenset(entry.stays), entry.shows, done)


def _is_for(record: Precare | Aftercare, treatment: Treatment) -> bool:
    names = {"all", treatment.id, *treatment.families}
    return bool(names & set(record.applies)) and not names & set(record.excepting)
