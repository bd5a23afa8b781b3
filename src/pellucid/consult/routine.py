"""The home routine: which kinds of product, in which layer, how often, and how new ones are brought in.

Few changes at a time: the basics for everyone, and the few actives that fit best and that nothing rules out. An
unknown safety fact leaves a product out and says what asking would settle.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from pellucid.consult.cautions import pair_cautions, pregnancy_cautions, sun_rules
from pellucid.consult.evidence import Evidence, holds_today, names_that_hold, open_questions, open_today
from pellucid.consult.products import (
    DAYS_A_MONTH,
    MOST_NEW,
    Fits,
    basics,
    in_budget,
    in_use,
    least_fit,
    never,
    product_fit,
    ramp_for,
    ruled_out,
    stages_from,
    uses,
)
from pellucid.consult.screen import Screening, first_open
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.model import spans
from pellucid.model.assessment import Assessment
from pellucid.model.decision import Decision
from pellucid.model.levels import Level, Status
from pellucid.model.routine import Layer, LeftOut, Limit, Placed, RampUp, Routine
from pellucid.model.truth import YES

ONE_OF = frozenset({"am_treatment"})
"""Layers in which one leave-on treatment is enough."""

SEEN_FIRST = frozenset({"emergency", "same_day", "prompt"})

STRICT_MODIFIERS = frozenset({"sensitive", "barrier_weak", "redness_prone"})


def make_routine(
    screening: Screening,
    assessment: Assessment,
    *,
    today: date,
    deep_clean: bool,
    only: Collection[str] | None = None,
) -> Routine:
    """Lay out the home routine.

    Args:
        screening: the person's screening, for what rules products out and what is already in use.
        assessment: for what fits.
        today: the day from which new products are brought in.
        deep_clean: whether a deep-clean evening at home may be advised (its own screening says so).
        only: the products that a care plan uses, where there is one; the routine then holds just these.
    """
    evidence, knowledge = screening.evidence, screening.knowledge
    skin = skin_column(assessment)
    simple = keeps_simple(assessment)
    fits = {product.id: product_fit(product, assessment) for product in knowledge.of(home.Product).values()}
    allowed, left_out = _allowed(fits, skin, screening)
    chosen = _chosen(allowed, fits, evidence, simple=simple)
    if only is not None:
        chosen = {name: knowledge.get(home.Product, name) for name in only}
    routines = {part: _layers(part, chosen, fits, evidence) for part in ("morning", "evening", "deep_clean")}
    if simple or not (deep_clean and _wants_deep_clean(routines["deep_clean"], knowledge)):
        routines["deep_clean"] = ()
    placed = {each.product for layers in routines.values() for layer in layers for each in layer.products}
    return Routine(
        skin=skin,
        simple=simple,
        **routines,
        limits=_limits(placed, skin, knowledge, deep_clean=bool(routines["deep_clean"])),
        ramps=_ramps(placed, fits, skin, today, evidence),
        left_out=left_out,
        pairs=pair_cautions(placed, evidence),
        pregnancy=pregnancy_cautions(placed, evidence),
        keep=kept(evidence),
        sun=sun_rules(evidence),
    )


def keeps_simple(assessment: Assessment) -> bool:
    """Whether nothing new is brought in: something that a professional should see first may be behind it."""
    return bool(seen_first(assessment))


def seen_first(assessment: Assessment) -> tuple[str, ...]:
    """The rules that ask for a professional's look before anything new is brought in."""
    return tuple(
        each.rule for each in assessment.referrals if each.urgency in SEEN_FIRST or each.rule.startswith("lookalike.")
    )


def skin_column(assessment: Assessment) -> str:
    """The column of caps that holds; the strictest where the type could not be told."""
    if STRICT_MODIFIERS & {found.id for found in assessment.modifiers}:
        return "sensitive"
    found = assessment.skin_type.id
    return found if found in {"dry", "normal", "combination", "oily"} else "sensitive"


def _allowed(fits: Fits, skin: str, screening: Screening) -> tuple[list[home.Product], tuple[LeftOut, ...]]:
    """Products that nothing rules out, and those that would fit and are ruled out or not cleared."""
    allowed, left_out = [], []
    evidence, today = screening.evidence, screening.profile.today
    for product in evidence.knowledge.of(home.Product).values():
        if never(product, skin, evidence.knowledge):
            continue
        decision = screening.decide(product.screened_as, on=today, performer=Level.L0) if product.screened_as else None
        truth = ruled_out(product, evidence)
        out, unknown = holds_today(truth, evidence), open_today(truth, evidence)
        if decision and not decision.status.bookable:
            if fits[product.id][0] >= least_fit(evidence.knowledge):
                left_out.append(_screened_out(product, decision))
        elif not (out or unknown):
            allowed.append(product)
        elif fits[product.id][0] >= least_fit(evidence.knowledge):
            told = ruled_out_by(product, evidence) if out else open_questions(product.not_when or "", evidence)
            left_out.append(LeftOut(product.id, tuple(told), unknown=not out))
    return allowed, tuple(left_out)


def _screened_out(product: home.Product, decision: Decision) -> LeftOut:
    """A product whose treatment at home can't be done today: the rules that say so, or the open questions."""
    worst = decision.status
    if worst is Status.ASK:
        return LeftOut(product.id, decision.asks, unknown=True)
    return LeftOut(product.id, tuple(each.rule for each in decision.reasons if each.status is worst), unknown=False)


def ruled_out_by(product: home.Product, evidence: Evidence) -> tuple[str, ...]:
    """The answers that leave a product out, also those that still count for a while after they ended."""
    found = names_that_hold(product.not_when or "", evidence) if product.not_when else ()
    if product.lately is None:
        return found
    lasting = DAYS_A_MONTH * product.lately.months
    return tuple(dict.fromkeys((*found, *names_that_hold(product.lately.when, evidence, lasting=lasting))))


def _chosen(
    allowed: Iterable[home.Product], fits: Fits, evidence: Evidence, *, simple: bool
) -> dict[str, home.Product]:
    """The basics (best variant of each), and the few best-fitting others: little that is new, one way to exfoliate."""
    products = list(allowed)
    chosen = {product.id: product for product in basics(products, fits)}
    least, new = least_fit(evidence.knowledge), 0
    names = [f"active.{active}" for active in ("exfoliating_acid", "scrub")]
    own = any(uses(name, evidence, left_on=True) or open_today(evidence.name(name), evidence) for name in names)
    exfoliates = False
    for product in sorted(products, key=lambda each: (-fits[each.id][0], each.id)):
        used, budgeted = in_use(product, evidence), in_budget(product, evidence.knowledge)
        is_new = product.patch_test and not used
        if product.basic or fits[product.id][0] < least or (simple and not used) or (is_new and new == MOST_NEW):
            continue
        if budgeted and (exfoliates or (own and not used)):
            continue
        new += is_new
        exfoliates = exfoliates or budgeted
        chosen[product.id] = product
    return chosen


def _layers(part: str, chosen: Mapping[str, home.Product], fits: Fits, evidence: Evidence) -> tuple[Layer, ...]:
    layers = []
    rules = [layer for layer in evidence.knowledge.of(home.Layer).values() if layer.routine == part]
    for rule in sorted(rules, key=lambda each: each.order):
        arises = evidence.truth(rule.ask_when) if rule.ask_when else YES
        if not (holds_today(arises, evidence) or open_today(arises, evidence)):
            continue
        products = _in_layer(rule, chosen, fits, evidence)
        if products or not (rule.optional or rule.id == "dc_mask"):
            layers.append(Layer(rule.id, products, rule.source))
    has_mask = any(layer.layer == "dc_mask" for layer in layers)
    return tuple(layer for layer in layers if layer.layer != "dc_rinse" or has_mask)


def _in_layer(
    rule: home.Layer, chosen: Mapping[str, home.Product], fits: Fits, evidence: Evidence
) -> tuple[Placed, ...]:
    """The products of a layer, best first; a deep-clean evening has one acid at most, and not in the wash."""
    here = [product for product in chosen.values() if rule.id in product.layers]
    if rule.routine == "deep_clean" and any("dc_exfoliate" in each.layers for each in chosen.values()):
        here = [each for each in here if each.basic or "dc_second_cleanse" not in each.layers]
    here.sort(key=lambda each: (-fits[each.id][0], each.id))
    return tuple(
        Placed(each.id, fits[each.id][1], each.source, new=each.patch_test and not in_use(each, evidence))
        for each in (here[:1] if rule.id in ONE_OF else here)
    )


def kept(evidence: Evidence) -> tuple[str, ...]:
    """What a prescriber gave for the face and is in use: it goes on as they said, and has no layer of ours."""
    own = {"medicine.retinoid_topical", "medicine.topical_antibiotic", "medicine.benzoyl_peroxide"}
    return tuple(
        fact.name
        for fact in evidence.profile.dated
        if fact.ongoing
        and fact.record == "medicine"
        and (own & set(fact.classes) or fact.detail.get("route") == "topical")
    )


def _wants_deep_clean(layers: Iterable[Layer], knowledge: Knowledge) -> bool:
    """Only where a mask or an exfoliating step was found to fit: nobody needs a ritual without a reason."""
    fitting = [each for layer in layers if layer.layer in {"dc_mask", "dc_exfoliate"} for each in layer.products]
    return any(sum(weight for _, weight, _ in each.because) >= least_fit(knowledge) for each in fitting)


def _limits(placed: set[str], skin: str, knowledge: Knowledge, *, deep_clean: bool) -> tuple[Limit, ...]:
    products = knowledge.of(home.Product)
    wanted = {products[name].cap for name in placed} | {"cleanse", "exfoliation"}
    if deep_clean:
        wanted.add("deep_clean")
    found = []
    for cap in knowledge.of(home.Cap).values():
        if cap.id in wanted:
            value = cap.for_skin(skin)
            most = value.range[1] if value.range else value.default
            found.append(Limit(cap.id, cap.unit, value.default, most, cap.shares, cap.source))
    return tuple(found)


def _ramps(placed: set[str], fits: Fits, skin: str, today: date, evidence: Evidence) -> tuple[RampUp, ...]:
    """New actives one after the other, the best-fitting first, each after its use test and the gap of the last."""
    found = []
    numbers = evidence.knowledge.of(home.HomeNumber)
    start = _calm_day(today, evidence)
    products = evidence.knowledge.of(home.Product)
    for name in sorted(placed, key=lambda each: (-fits[each][0], each)):
        product = products[name]
        if not product.patch_test or in_use(product, evidence):
            continue
        ramp = ramp_for(product, skin, evidence.knowledge)
        first_use = start + timedelta(days=numbers["use_test"].days)
        stages, _ = stages_from(ramp, first_use)
        sources = (*(ramp.source if ramp else ()), *evidence.knowledge.get(home.PatchStep, "repeat").source)
        found.append(RampUp(name, ramp.id if ramp else None, start, stages, tuple(dict.fromkeys(sources))))
        start += timedelta(days=ramp.gap_days if ramp else numbers["between_new_actives"].days)
    return tuple(found)


def _calm_day(today: date, evidence: Evidence) -> date:
    """The first day on which something new may be started: not shortly before an event or strong sun."""
    numbers = evidence.knowledge.of(home.HomeNumber)
    event = evidence.name("event.important").dilated(numbers["calm_before_event"].days, 0)
    sun = evidence.name("sun.exposure").dilated(numbers["calm_before_sun"].days, 0)
    return first_open(spans.union(event.yes, sun.yes), today) or today
