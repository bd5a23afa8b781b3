"""Which layers of care at home stand aside near a session, as the lines of its pre-care and after-care say."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pellucid.consult.rules import targets
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Layer
from pellucid.knowledge.schema.treatments import Aftercare, Aside, Precare
from pellucid.model.plan import Part, Step
from pellucid.plan.problem import Rules


class Keep(NamedTuple):
    """What one line leaves of a half of a day."""

    rule: str
    stays: frozenset[str]
    """Layers."""
    shows: str | None
    """A layer that is only something to do, in place of those that stand aside."""


Keeps = tuple[Keep, ...]

Halves = Mapping[tuple[int, Part], Keeps]
"""Days from a session (negative: before it) and the half, to what the lines leave of it."""


def near(treatment: str, knowledge: Knowledge) -> Halves:
    """The halves of days near a session of a treatment on which layers stand aside."""
    found: dict[tuple[int, Part], Keeps] = {}
    for line, way in _lines(treatment, knowledge):
        for aside in line.aside:
            keep = Keep(line.ref, frozenset(aside.stays), aside.shows)
            for half in _halves(aside, way):
                found[half] = (*found.get(half, ()), keep)
    return found


def _lines(treatment: str, knowledge: Knowledge) -> Iterator[tuple[Precare | Aftercare, int]]:
    """The treatment's lines that leave something out at home, and which way their days are counted."""
    lines: list[tuple[Precare | Aftercare, int]] = [(line, -1) for line in knowledge.of(Precare).values()]
    lines += [(line, 1) for line in knowledge.of(Aftercare).values()]
    for line, way in lines:
        if line.aside and treatment in targets(line.applies, line.excepting, knowledge):
            yield line, way


def _halves(aside: Aside, way: int) -> Iterator[tuple[int, Part]]:
    first, last = aside.days
    for days in range(first, last + 1):
        for part in Part:
            if aside.half in {None, part.value}:
                yield way * days, part


def left(steps: tuple[Step, ...], keeps: Keeps) -> tuple[Step, ...]:
    """What is left of the steps of a half of a day, with what is done in place of the others at its end."""
    staying = [step for step in steps if all(step.layer in keep.stays for keep in keeps)]
    shown = dict.fromkeys(keep.shows for keep in keeps if keep.shows)
    return (*staying, *(Step(layer, "") for layer in shown))


def no_room(layers: Mapping[Part, tuple[str, ...]], halves: Halves, *, daily: bool) -> dict[int, Rules]:
    """Days from a session on which there is no room for a product that stands in these layers, with the rules.

    What is used in all its halves or in none has no room where one of them stands aside; what is there every day
    anyway goes on in the other half.
    """
    own = [part for part in Part if layers[part]]
    found: dict[int, Rules] = {}
    for offset in sorted({offset for offset, _ in halves}):
        barred = [rules for part in own if (rules := _against(layers[part], halves.get((offset, part), ())))]
        if barred and (len(barred) == len(own) or not daily):
            found[offset] = tuple(dict.fromkeys(rule for rules in barred for rule in rules))
    return found


def _against(layers: tuple[str, ...], keeps: Keeps) -> Rules:
    """The lines that leave out one of the layers."""
    return tuple(keep.rule for keep in keeps if not keep.stays.issuperset(layers))


def no_deep_clean(treatment: str, knowledge: Knowledge) -> dict[int, Rules]:
    """Days from a session whose evening is no deep-clean evening, because one of its layers stands aside."""
    layers = tuple(layer.id for layer in knowledge.of(Layer).values() if layer.routine == "deep_clean")
    found = {}
    for (offset, part), keeps in near(treatment, knowledge).items():
        rules = _against(layers, keeps) if part is Part.EVENING else ()
        if rules:
            found[offset] = rules
    return found
