"""From a ``CarePlan`` to a ``PlanOut``: ids, days and numbers become words of one language. It decides nothing."""

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_bands import bands_out
from pellucid.exchange.build_plan_changes import changes_out
from pellucid.exchange.build_plan_clashes import clashes_out
from pellucid.exchange.build_plan_days import Grid, events_of
from pellucid.exchange.build_plan_pairs import dated_pauses, pause_text
from pellucid.exchange.build_plan_routines import routines_of
from pellucid.exchange.build_plan_stripes import stripes_out
from pellucid.exchange.build_plan_visits import AHEAD, in_order, sessions_out
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.build_routine import Half, half_of, stages_out
from pellucid.exchange.model import Report
from pellucid.exchange.parts import LineOut
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import PatchStep, Product, Ramp
from pellucid.knowledge.texts import Texts
from pellucid.model.plan import CarePlan, Introduction
from pellucid.model.profile import Profile

TENTH = Decimal("0.1")


def build_plan(plan: CarePlan, profile: Profile, *, knowledge: Knowledge, texts: Texts) -> out.PlanOut:
    """Put a care plan into words.

    Args:
        plan: as the planner made it; it is not judged here.
        profile: whom it is for, on the day on which it is shown: the week of that day is marked.
        knowledge: what the plan was made with.
        texts: the words of the language to put it in.

    Raises:
        UnknownIdError: the plan names a treatment, product or layer that the knowledge doesn't have.
    """
    words = PlanWords(plan, profile, knowledge, texts)
    routines = routines_of(words)
    sessions, bands = sessions_out(words), bands_out(in_order(plan), words)
    stripes = stripes_out(bands, words)
    weeks = Grid(words, routines, sessions, bands, stripes).weeks()
    return out.PlanOut(
        start=plan.start,
        until=plan.until,
        weeks_count=plan.weeks,
        today=profile.today,
        revision=plan.revision,
        title=words.say("plan.title", n=plan.weeks) if plan.weeks > 1 else words.say("plan.title.one"),
        text=words.stretch(plan.start, plan.until),
        skin=plan.skin,
        skin_text=words.say(f"skin_column.{plan.skin}"),
        summary=list(_summary(words)),
        sessions=sessions,
        weeks=weeks,
        routines=list(routines.values()),
        bands=bands,
        stripes=stripes,
        introductions=[_introduction(each, words) for each in plan.introductions],
        patch_test=_patch_test(words),
        clashes=clashes_out(words),
        set_aside=list(plan.set_aside),
        keep=list(plan.keep),
        dates=_dates(words),
        costs=_costs(words),
        quality=_quality(words),
        changes=changes_out(words),
        knowledge=plan.knowledge,
        sources=words.builder.all_sources(),
    )


def with_plan(report: Report, plan: out.PlanOut) -> Report:
    """The report with the plan in it, and with the plan's sources among its own."""
    sources = {source.id: source for source in (*report.sources, *plan.sources)}
    return report.model_copy(update={"plan": plan, "sources": [sources[name] for name in sorted(sources)]})


def _summary(words: PlanWords) -> Iterator[str]:
    """What the plan comes to: visits, evenings, what is new, and whether something had to go."""
    plan = words.plan
    coming = [each.slot for each in plan.sessions if each.standing in AHEAD and each.day >= words.profile.today]
    ahead = sorted(slot.local for slot in coming)
    if not plan.sessions:
        yield words.say("plan.summary.no_visits")
    elif not ahead:
        yield words.say("plan.summary.visits_over")
    elif len(ahead) == 1:
        yield words.say("plan.summary.visit", date=words.moment(ahead[0]))
    else:
        yield words.say("plan.summary.visits", n=len(ahead), date=words.moment(ahead[0]))
    evenings = sum(day.deep_clean for day in plan.days)
    if evenings:
        yield words.say("plan.summary.deep_clean", n=evenings)
    if plan.introductions:
        yield words.say("plan.summary.new", list=words.join(words.product(each.product) for each in plan.introductions))
    if plan.clashes:
        yield words.say("plan.summary.clashes", n=len(plan.clashes))
    yield from _in_other_money(words)


def _in_other_money(words: PlanWords) -> Iterator[str]:
    """A budget that the clinic's prices can't be held against."""
    own = words.plan.preferences.currency
    theirs = sorted({each.slot.currency for each in words.plan.sessions if each.slot.price and each.slot.currency})
    if words.plan.preferences.budget is not None and own and theirs and own not in theirs:
        yield words.say("plan.summary.currency", own=own, theirs=", ".join(theirs))


def _introduction(new: Introduction, words: PlanWords) -> out.IntroductionOut:
    product = words.knowledge.get(Product, new.product)
    ramp = words.knowledge.get(Ramp, new.ramp) if new.ramp else None
    days = [day.on for day in words.plan.days if new.product in day.tests]
    tested_until = max(days, default=new.tested_from)
    return out.IntroductionOut(
        product=new.product,
        **{field: words.texts.get(product.ref, field) for field in ("name", "why", "how")},
        text=words.texts.get(ramp.ref, "how") if ramp else words.say("ramp.plain"),
        tested_from=new.tested_from,
        tested_until=tested_until,
        test_text=words.stretch(new.tested_from, tested_until),
        first_use=new.first_use,
        first_text=words.full_day(new.first_use),
        stages=stages_out(new.stages, _half(new.product, words), words.builder),
        sources=words.sources((*product.source, *(ramp.source if ramp else ()))),
    )


def _half(product: str, words: PlanWords) -> Half:
    """The half of the day in which the plan uses a product; where it doesn't yet, those in which it has a place."""
    layers = {step.layer for day in words.plan.days for step in (*day.morning, *day.evening) if step.product == product}
    return half_of(layers or words.knowledge.get(Product, product).layers, words.knowledge)


def _patch_test(words: PlanWords) -> list[LineOut]:
    """How to try something on a small spot, where the plan brings something in."""
    steps = sorted(words.knowledge.of(PatchStep).values(), key=lambda step: step.order)
    return [
        LineOut(rule=step.ref, text=words.texts.get(step.ref, "do"), sources=words.sources(step.source))
        for step in steps
        if words.plan.introductions
    ]


def _dates(words: PlanWords) -> list[out.PlanDateOut]:
    """Reviews, events, what was logged, and what the person has done that products pause around, in order."""
    found = [out.PlanDateOut(on=on, kind="review", text=words.say("plan.date.review")) for on in words.plan.reviews]
    found += [out.PlanDateOut(on=on, kind="event", text=words.join(names)) for on, names in events_of(words).items()]
    for entry in words.plan.log:
        if entry.what == "irritation":
            found.append(out.PlanDateOut(on=entry.on, kind="irritation", text=words.say("plan.date.irritation")))
        elif entry.what == "missed":
            found.append(out.PlanDateOut(on=entry.on, kind="missed", text=words.say("plan.date.missed")))
    found += [
        out.PlanDateOut(on=pause.on, kind="event", text=pause_text(pause, words))
        for pause in dated_pauses(words)
        if pause.on
    ]
    return sorted(found, key=lambda each: (each.on, each.kind))


def _costs(words: PlanWords) -> list[out.CostOut]:
    """What the visits that lie ahead cost, by currency; a visit without a price is left out."""
    wishes = words.plan.preferences
    slots = [each.slot for each in words.plan.sessions if each.standing in AHEAD]
    found = []
    for currency in sorted({slot.currency or "" for slot in slots if slot.price is not None}):
        prices = [slot.price for slot in slots if slot.price is not None and (slot.currency or "") == currency]
        budget = wishes.budget if wishes.budget is not None and wishes.currency in {None, currency} else None
        text = words.say("plan.cost", sum=words.money(sum(prices, Decimal()), currency), n=len(prices))
        told = words.say("plan.budget", sum=words.money(budget, currency)) if budget is not None else None
        found.append(out.CostOut(currency=currency, text=text, visits=len(prices), budget_text=told))
    return found


def _quality(words: PlanWords) -> out.QualityOut:
    """Whether a better plan can exist, and by how much at most."""
    plan = words.plan
    if plan.proven:
        return out.QualityOut(proven=True, within_percent=0, text=words.say("plan.quality.proven"))
    if not plan.bound or not 0 <= plan.objective <= plan.bound:
        return out.QualityOut(proven=False, within_percent=None, text=words.say("plan.quality.unknown"))
    short = (Decimal(100) * (plan.bound - plan.objective) / plan.bound).quantize(TENTH, rounding=ROUND_UP)
    text = words.say("plan.quality.within", n=f"{short.normalize():f}")
    return out.QualityOut(proven=False, within_percent=float(short), text=text)
