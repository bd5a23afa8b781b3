"""The rules about what is new to the person: tried first, one at a time, and in calm days."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pellucid.model import spans
from pellucid.model.plan import Introduction, Named, Violation, detail
from pellucid.plan.check_uses import used
from pellucid.plan.check_view import View

MOST_NEW, MOST_NEW_DAYS = 2, 84
"""So many introductions in so many days: with more, nobody can tell which one the skin reacts to. A house rule."""

ROUNDING = 0.01
"""How far a number told with two decimals may lie from the one that holds."""

USE_TEST = "home_number.use_test"
REST = "home_number.rest_after_irritation"

CALM = (
    ("introduction_event", "event.important", "calm_before_event"),
    ("introduction_sun", "sun.exposure", "calm_before_sun"),
)
"""Code, what must not be near, and for how many days ahead of it."""


def introduced(view: View) -> Iterator[Violation]:
    """What needs a test and is new has an introduction, and is used from its first use on."""
    for day in view.planned:
        for product in used(view, day):
            if not product.patch_test or not view.is_new(product):
                continue
            if product.id not in {each.product for each in view.plan.introductions}:
                yield Violation("introduction", day.on, product.id, product.ref)
            elif day.on < view.first_use(product.id):
                told = detail("first_use", day=view.first_use(product.id))
                yield Violation("introduction_early", day.on, product.id, product.ref, told)


def tests(view: View) -> Iterator[Violation]:
    """The days of a test say so, and no others, and nothing is tested while the skin has its rest."""
    for day in view.planned:
        testing = {each.product for each in view.plan.introductions if each.tested_from <= day.on < each.first_use}
        for product in sorted(testing - set(day.tests)):
            yield Violation("test_missing", day.on, product, USE_TEST)
        for product in sorted(set(day.tests)):
            if view.product(product) is None:
                yield Violation("product_unknown", day.on, product, "")
            if product not in testing:
                yield Violation("test_stray", day.on, product, USE_TEST)
            if view.resting(day.on):
                yield Violation("rest_new", day.on, product, REST)


def introductions(view: View) -> Iterator[Violation]:
    """Each introduction that lies ahead is of a known product, with the right length of test and the right stages."""
    days = view.number("use_test")
    for number, each in enumerate(view.introduced()):
        if each.product in {other.product for other in view.introduced()[:number]}:
            yield Violation("introduction_twice", each.tested_from, each.product, "")
        if {each.tested_from, each.first_use} <= view.history:
            continue
        if view.product(each.product) is None:
            yield Violation("product_unknown", each.tested_from, each.product, "")
        if (each.first_use - each.tested_from).days != days:
            told = detail("test_days", n=(each.first_use - each.tested_from).days, days=days)
            yield Violation("introduction_test", each.tested_from, each.product, USE_TEST, told)
        started = each.tested_from not in view.history
        if each.tested_from < view.plan.start or (started and each.tested_from < view.profile.today):
            told = detail("planned_on", day=view.profile.today)
            yield Violation("introduction_past", each.tested_from, each.product, "", told)
        yield from _stages(view, each)
        for day in (each.tested_from, each.first_use):
            if day not in view.history:
                yield from _calm(view, each, day)


def _stages(view: View, each: Introduction) -> Iterator[Violation]:
    """The ramp-up that an introduction tells is the one that holds; a cap may hold its steps lower, nothing higher."""
    product = view.product(each.product)
    ramp = view.ramp(product) if product else None
    day, right = each.first_use.toordinal(), []
    for step in ramp.steps if ramp else ():
        right.append((day, step.per_week))
        day += 7 * step.weeks
    told = [(stage.since.toordinal(), stage.per_week) for stage in each.stages]
    same = [day for day, _ in told] == [day for day, _ in right]
    within = all(often <= most + ROUNDING for (_, often), (_, most) in zip(told, right, strict=False))
    if product and (each.ramp != (ramp.id if ramp else None) or not (same and within)):
        yield Violation("introduction_ramp", each.first_use, each.product, ramp.ref if ramp else product.ref)


def _calm(view: View, each: Introduction, day: date) -> Iterator[Violation]:
    """Nothing new starts shortly before a day that matters or strong sun, during them, on a day away or at rest."""
    for code, name, number in CALM:
        for fact in view.profile.dated:
            near = spans.dilate(spans.union(fact.days.yes, fact.days.unknown), view.number(number), 0)
            if name in fact.classes and spans.contains(near, day.toordinal()):
                told = detail("near", what=fact.name, n=view.number(number))
                yield Violation(code, day, each.product, f"home_number.{number}", told)
    if view.is_away(day):
        yield Violation("introduction_away", day, each.product, "")
    if view.resting(day):
        yield Violation("introduction_rest", day, each.product, REST)


def one_at_a_time(view: View) -> Iterator[Violation]:
    """The skin has time to show how it bears one new product before the next is tried."""
    known = [each for each in view.introduced() if view.product(each.product)]
    for before, after in pairwise(known):
        product = view.product(before.product)
        ramp = view.ramp(product) if product else None
        gap = ramp.gap_days if ramp else view.number("between_new_actives")
        days = (after.tested_from - before.tested_from).days
        if days < gap and after.tested_from not in view.history:
            rule = ramp.ref if ramp else "home_number.between_new_actives"
            told = detail("gap", n=days, what=Named("product", before.product), least=gap)
            yield Violation("introduction_gap", after.tested_from, after.product, rule, told)
    for number, each in enumerate(known):
        near = [other for other in known[: number + 1] if (each.tested_from - other.tested_from).days < MOST_NEW_DAYS]
        if len(near) > MOST_NEW and each.tested_from not in view.history:
            told = detail("in_days", n=len(near), days=MOST_NEW_DAYS, most=MOST_NEW)
            yield Violation("introduction_many", each.tested_from, each.product, "", told)
