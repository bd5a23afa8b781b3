"""What is known of a kind of home product for one person: how well it fits, when it is ruled out, whether it is new."""

from collections.abc import Iterable
from datetime import date, timedelta

from pellucid.consult.evidence import Evidence, holds_today
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.people import Scoring
from pellucid.model.assessment import Assessment
from pellucid.model.profile import DatedFact
from pellucid.model.routine import RampStage
from pellucid.model.truth import NO, Truth, either

MOST_NEW = 2
"""New products to try in twelve weeks: with more, nobody can tell which one the skin reacts to. A house rule."""

EXFOLIATION = "exfoliation"

DAYS_A_MONTH = 31
"""A month at its longest: the stricter reading."""

Fits = dict[str, tuple[float, tuple[tuple[str, float, tuple[str, ...]], ...]]]


def product_fit(
    product: home.Product, assessment: Assessment
) -> tuple[float, tuple[tuple[str, float, tuple[str, ...]], ...]]:
    """How well it fits the findings and goals, and what speaks for and against, what counts most first."""
    because = [
        (suit.what, round(suit.weight * assessment.fits[suit.what], 3), suit.source)
        for suit in product.fits
        if suit.what in assessment.fits
    ]
    because.sort(key=lambda reason: (-abs(reason[1]), reason[0]))
    return round(sum(weight for _, weight, _ in because), 3), tuple(because)


def least_fit(knowledge: Knowledge) -> float:
    """From which fit on a product that isn't basic is placed."""
    return knowledge.get(Scoring, "product").least_points


def step_minutes(layer: home.Layer, product: home.Product | None) -> float:
    """How long one step takes, in minutes: the layer's own time, or the product's where that is longer."""
    return max(layer.minutes, (product.minutes or 0) if product else 0)


def never(product: home.Product, skin: str, knowledge: Knowledge) -> bool:
    """Whether the skin's own cap is nought, so that the product has no place however well it fits."""
    if product.cap is None:
        return False
    return knowledge.get(home.Cap, product.cap).for_skin(skin).default == 0


def ruled_out(product: home.Product, evidence: Evidence) -> Truth:
    """On which days the product is left out: where its condition holds, and for a while after what it names."""
    truth = evidence.truth(product.not_when) if product.not_when else NO
    if product.lately is None:
        return truth
    return either(truth, evidence.truth(product.lately.when).dilated(0, DAYS_A_MONTH * product.lately.months))


def in_use(product: home.Product, evidence: Evidence) -> bool:
    """Whether the person uses one of its actives today, in a form that makes them used to this one."""
    return any(uses(f"active.{active}", evidence, left_on=not product.rinse_off) for active in product.actives)


def uses(name: str, evidence: Evidence, *, left_on: bool) -> bool:
    """Whether the person uses an active today; only one that stays on makes them used to one that stays on."""
    return any(
        name in fact.classes
        and not (left_on and fact.record == "active" and fact.detail.get("form") != "leave_on")
        and _going_on(fact, evidence)
        for fact in evidence.profile.dated
    )


def _going_on(fact: DatedFact, evidence: Evidence) -> bool:
    """In use, whether or not a plan lets it pause today."""
    begun = bool(fact.days.yes) and fact.days.yes[0][0] <= evidence.profile.today.toordinal()
    return begun and (fact.ongoing or holds_today(fact.days, evidence))


def in_budget(product: home.Product, knowledge: Knowledge) -> bool:
    """Whether it counts in the week's one exfoliation budget."""
    return product.cap is not None and (
        product.cap == EXFOLIATION or knowledge.get(home.Cap, product.cap).shares == EXFOLIATION
    )


def basics(products: Iterable[home.Product], fits: Fits) -> list[home.Product]:
    """Of variants that share their first layer, the one that fits best."""
    best: dict[str, home.Product] = {}
    for product in products:
        if product.basic:
            rival = best.get(product.layers[0])
            if rival is None or fits[product.id][0] > fits[rival.id][0]:
                best[product.layers[0]] = product
    return list(best.values())


def ramp_for(product: home.Product, skin: str, knowledge: Knowledge) -> home.Ramp | None:
    """How it is brought in on this kind of skin; None where it needs no ramp-up."""
    return next(
        (ramp for name in product.ramps if skin in (ramp := knowledge.get(home.Ramp, name)).for_skin),
        None,
    )


def stages_from(ramp: home.Ramp | None, start: date) -> tuple[tuple[RampStage, ...], date]:
    """The steps of a ramp-up with their dates, and the day on which the last one has gone on for its weeks."""
    stages = []
    for step in ramp.steps if ramp else ():
        stages.append(RampStage(start, step.per_week))
        start += timedelta(weeks=step.weeks)
    return tuple(stages), start
