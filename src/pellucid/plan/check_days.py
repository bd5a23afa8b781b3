"""The rules about one day at home: that it is there, its layers and products, minutes, rest and days away."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pellucid.model.plan import Day, Named, Part, Standing, Step, Violation, detail
from pellucid.plan.check_view import View, halves, uses_on

CLEANSING = frozenset({"am_cleanse", "pm_cleanse", "dc_cleanse", "dc_second_cleanse"})
"""Layers in which the face is washed."""

ONE_OF = frozenset({"pm_active", "am_treatment", "dc_steam", "dc_exfoliate", "dc_mask"}) | CLEANSING
"""Layers with room for one product."""

RETINOID = "active.retinoid"
ACID = "active.exfoliating_acid"


def laid_out(view: View) -> Iterator[Violation]:
    """There is one day for each date of the plan, in order."""
    there = [day.on for day in view.plan.days]
    for number in range(*view.stretch):
        on = date.fromordinal(number)
        if on not in there:
            yield Violation("day_missing", on, "", "")
    for on in sorted(set(there)):
        if there.count(on) > 1:
            yield Violation("day_twice", on, "", "", detail("times", n=there.count(on)))
        if not view.in_plan(on):
            yield Violation("day_outside", on, "", "", detail("plan", day=view.plan.start, n=view.plan.weeks))
    for before, after in pairwise(there):
        if after < before:
            yield Violation("day_order", after, "", "", detail("after", what=before))


def standing(view: View) -> Iterator[Violation]:
    """Only what is over is done or missed, and no day at home is booked."""
    for day in view.plan.days:
        if not (day.standing is Standing.PROPOSED or view.is_over(day)):
            yield Violation("standing", day.on, "", "", detail("word", what=Named("standing", day.standing.value)))


def layers(view: View) -> Iterator[Violation]:
    """Each step stands in a layer of its half of the day, in order, with a product that belongs there."""
    for day in view.planned:
        for part, steps in halves(day):
            yield from _order(view, day, steps)
            for number, step in enumerate(steps):
                yield from _step(view, day, part, step)
                if step in steps[:number]:
                    yield Violation("step_twice", day.on, step.product or step.layer, f"layer.{step.layer}")


def _step(view: View, day: Day, part: Part, step: Step) -> Iterator[Violation]:
    layer, product = view.layer(step.layer), view.product(step.product)
    routine = "morning" if part is Part.MORNING else "deep_clean" if day.deep_clean else "evening"
    if layer is None:
        yield Violation("layer_unknown", day.on, step.layer, "")
    elif layer.routine != routine:
        told = detail("not", told=Named("routine", layer.routine), right=Named("routine", routine))
        yield Violation("half", day.on, step.layer, layer.ref, told)
    if step.product and product is None:
        yield Violation("product_unknown", day.on, step.product, "")
    elif product and step.layer not in product.layers:
        yield Violation("layer", day.on, product.id, product.ref, detail("word", what=Named("layer", step.layer)))
    if product and RETINOID in view.actives[product.id]:
        if part is Part.MORNING:
            yield Violation("retinoid_morning", day.on, product.id, product.ref)
        elif day.deep_clean:
            yield Violation("retinoid_deep_clean", day.on, product.id, product.ref)


def _order(view: View, day: Day, steps: tuple[Step, ...]) -> Iterator[Violation]:
    known = [layer for step in steps if (layer := view.layer(step.layer))]
    for before, after in pairwise(known):
        if after.routine == before.routine and after.order < before.order:
            yield Violation("layer_order", day.on, after.id, after.ref, detail("after", what=Named("layer", before.id)))


def one_of(view: View) -> Iterator[Violation]:
    """Some layers have room for one product."""
    for day in view.planned:
        uses = list(uses_on(day))
        for layer in sorted(ONE_OF):
            there = sorted({use.product for use in uses if use.layer == layer})
            if len(there) > 1:
                products = tuple(Named("product", name) for name in there)
                told = detail("products", list=products, n=len(there))
                yield Violation("one_of", day.on, layer, f"layer.{layer}", told)


def deep_clean(view: View) -> Iterator[Violation]:
    """A deep-clean evening has a mask or an exfoliating step, one acid at most, and its place in the person's days."""
    for day in view.planned:
        if not day.deep_clean:
            continue
        uses = [use for use in uses_on(day) if use.part is Part.EVENING]
        if not any(use.layer in {"dc_mask", "dc_exfoliate"} for use in uses):
            yield Violation("deep_clean_empty", day.on, "home_deep_clean", "treatment.home_deep_clean")
        acids = [use for use in uses if ACID in view.actives.get(use.product, ())]
        if any(use.layer == "dc_exfoliate" for use in acids):
            for wash in acids:
                if wash.layer == "dc_second_cleanse":
                    yield Violation("acid_wash", day.on, wash.product, "layer.dc_second_cleanse")
        if view.is_away(day.on):
            yield Violation("away_deep_clean", day.on, "home_deep_clean", "")
        if view.resting(day.on):
            yield Violation("rest_deep_clean", day.on, "home_deep_clean", "home_number.rest_after_irritation")


def minutes(view: View) -> Iterator[Violation]:
    """A day with more than the basics takes no more minutes than the person has; each layer counts once."""
    most = view.plan.preferences.minutes_per_day
    if most is None:
        return
    for day in view.planned:
        products = [view.product(use.product) for use in uses_on(day)]
        if all(product and product.basic for product in products):
            continue
        longest: dict[str, float] = {}
        for step in (*day.morning, *day.evening):
            layer, product = view.layer(step.layer), view.product(step.product)
            takes = max(layer.minutes if layer else 0, (product.minutes if product else None) or 0)
            longest[step.layer] = max(longest.get(step.layer, 0), takes)
        total = sum(longest.values())
        if total > most:
            yield Violation("minutes", day.on, "", "", detail("minutes", n=total, most=most))
