"""The few ways in which the mornings and evenings of a care plan go, each with a letter for the grid."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.knowledge.schema.home import Product
from pellucid.model.plan import Day, Step

LETTERS = 26


class Way(NamedTuple):
    """One way a half of a day goes."""

    part: Literal["morning", "evening"]
    deep_clean: bool
    steps: tuple[Step, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """What is put on, each once."""
        return tuple(dict.fromkeys(step.product for step in self.steps if step.product))


Routines = Mapping[Way, out.PlanRoutineOut]


def ways_of(day: Day) -> Iterator[Way]:
    """How the halves of a day go; a half without a step is left out."""
    if day.morning:
        yield Way("morning", deep_clean=False, steps=day.morning)
    if day.evening:
        yield Way("evening", deep_clean=day.deep_clean, steps=day.evening)


def routines_of(words: PlanWords) -> Routines:
    """Every way of the plan in words: mornings first, then by the first day."""
    days: dict[Way, list[date]] = {}
    for day in sorted(words.plan.days, key=lambda each: each.on):
        for way in ways_of(day):
            days.setdefault(way, []).append(day.on)
    found: dict[Way, out.PlanRoutineOut] = {}
    for part in ("morning", "evening"):
        ways = [way for way in days if way.part == part]
        found |= {way: _routine(number, way, days[way], ways, words) for number, way in enumerate(ways, start=1)}
    return found


def _routine(number: int, way: Way, days: list[date], ways: list[Way], words: PlanWords) -> out.PlanRoutineOut:
    label = letters(number)
    return out.PlanRoutineOut(
        id=f"{way.part}-{number}",
        part=way.part,
        label=label,
        name=words.plan_phrase(f"routine.{way.part}", label=label),
        text=_apart(way, ways, words),
        deep_clean=way.deep_clean,
        steps=[_step(step, words) for step in way.steps],
        since=days[0],
        until=days[-1],
        days=len(days),
    )


def letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    before, last = divmod(number - 1, LETTERS)
    return (letters(before) if before else "") + chr(ord("A") + last)


def _apart(way: Way, ways: Iterable[Way], words: PlanWords) -> str:
    """What sets a way apart: the products beyond the basics that not every way of this half of the day has."""
    products = words.knowledge.of(Product)
    shared = set(way.products).intersection(*(each.products for each in ways if not each.deep_clean))
    own = [each for each in way.products if not products[each].basic and each not in shared]
    text = words.join(words.product(each) for each in own)
    if way.deep_clean:
        return words.say("plan.routine.deep_clean", list=text) if text else words.say("plan.evening.deep_clean")
    return text or _least(way, ways, words) or words.say("plan.routine.basics")


def _least(way: Way, ways: Iterable[Way], words: PlanWords) -> str:
    """All that is left of a way that has not even the basics, such as on the morning of a visit; empty for others."""
    products = words.knowledge.of(Product)
    plain = [step for each in ways if not each.deep_clean for step in each.steps]
    basics = {step.layer for step in plain if step.product and products[step.product].basic}
    if basics <= {step.layer for step in way.steps}:
        return ""
    text = words.join(_step(step, words).text for step in way.steps)
    return words.say("plan.routine.only", list=text) if way.products else text


def _step(step: Step, words: PlanWords) -> out.StepOut:
    layer = words.texts.get(f"layer.{step.layer}", "name")
    product = words.product(step.product) if step.product else None
    return out.StepOut(
        layer=step.layer, layer_name=layer, product=step.product or None, product_name=product, text=product or layer
    )
