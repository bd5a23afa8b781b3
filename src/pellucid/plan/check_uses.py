"""The rules about the use of a product: for whom, how far from a session, and how often."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pellucid.consult.dated import NON_PRESCRIPTION, recognise
from pellucid.consult.evidence import Evidence, evidence_of, open_questions
from pellucid.consult.suppose import suppose
from pellucid.knowledge import expressions
from pellucid.knowledge.expressions import AllOf, AnyOf, Atom, Expression, Not
from pellucid.knowledge.schema.home import Cap, Lately, Product, Ramp
from pellucid.knowledge.schema.rules import Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.levels import Level
from pellucid.model.plan import Day, Detail, Named, Violation, detail
from pellucid.model.profile import DatedFact
from pellucid.plan.check_days import CLEANSING
from pellucid.plan.check_view import Procedure, View, halves, procedures, screened_as, uses_on

DAYS_A_MONTH = 31
"""A month at its longest."""

HOME_DEEP_CLEAN = "home_deep_clean"

PLAIN_CARE = "active.plain_care"
"""What moisturises or cleanses and no more."""


def used(view: View, day: Day) -> list[Product]:
    """The products used on a day, each once."""
    names = sorted({use.product for use in uses_on(day)})
    return [product for name in names if (product := view.product(name))]


# --- for whom ---------------------------------------------------------------------------------------------


def permitted(view: View) -> Iterator[Violation]:
    """Nothing is used on a day on which the person's own facts rule it out or leave it open."""
    conditional = [name for name in view.used_on if (product := view.product(name)) and product.not_when]
    planned = {name: _as_planned(view, name) for name in conditional}
    for day in view.planned:
        for product in used(view, day):
            if product.not_when:
                yield from _not_when(product, product.not_when, day.on, planned[product.id])
            for cap in view.caps(product):
                if cap.for_skin(view.column(day.on)).default == 0:
                    column = detail("word", what=Named("column", view.column(day.on)))
                    yield Violation("permitted_never", day.on, product.id, cap.ref, column)
            if product.basic:
                continue
            if product.lately:
                yield from _lately(product, product.lately, day.on, view.evidence)
            if product.screened_as:
                yield from _screened(view, "permitted_screening", product.id, product.screened_as, day.on)
        if day.deep_clean:
            yield from _screened(view, "permitted_deep_clean", HOME_DEEP_CLEAN, HOME_DEEP_CLEAN, day.on)


def _as_planned(view: View, product: str) -> Evidence:
    """The person with all sessions done and every other product in use from its first to its last day in the plan."""
    supposed = {(f"procedure.{visit.treatment.id}", visit.on) for visit in view.visits}
    for other, days in view.used_on.items():
        record = view.product(other)
        if record and other != product:
            in_use = [date.fromordinal(day) for day in range(min(days).toordinal(), max(days).toordinal() + 1)]
            supposed |= {(f"active.{active}", day) for active in record.actives for day in in_use}
    return evidence_of(suppose(view.profile, sorted(supposed), knowledge=view.knowledge), view.knowledge)


def _not_when(product: Product, when: str, on: date, evidence: Evidence) -> Iterator[Violation]:
    day, truth = on.toordinal(), evidence.truth(when)
    if spans.contains(truth.yes, day):
        atoms = dict.fromkeys(expressions.atoms(expressions.parse(when)))
        names = [name for name in atoms if spans.contains(evidence.name(name).yes, day)]
        yield Violation("permitted", on, product.id, product.ref, _names(names))
    elif spans.contains(truth.unknown, day):
        asks = open_questions(when, evidence)
        yield Violation("permitted_unknown", on, product.id, product.ref, _names(asks))


def _names(names: Iterable[str]) -> Detail:
    return detail("list", list=tuple(Named("name", name) for name in names))


def _lately(product: Product, lately: Lately, on: date, evidence: Evidence) -> Iterator[Violation]:
    truth, ago = evidence.truth(lately.when), DAYS_A_MONTH * lately.months
    held = spans.union(truth.yes, truth.unknown)
    if any(spans.contains(held, on.toordinal() - days) for days in range(ago + 1)):
        told = detail("lately", what=Named("condition", lately.when), n=ago)
        yield Violation("permitted_lately", on, product.id, product.ref, told)


def _screened(view: View, code: str, what: str, treatment: str, on: date) -> Iterator[Violation]:
    decision = view.with_sessions.decide(treatment, on=on, performer=Level.L0)
    for reason in decision.reasons:
        if not reason.status.bookable:
            yield Violation(code, on, what, reason.rule, screened_as(reason))


def set_aside(view: View) -> Iterator[Violation]:
    """The plan tells which of the person's own actives that need care it leaves out from now on, and no others."""
    if not view.planned:
        return
    going_on = {
        (name, product.rinse_off)
        for day in view.planned
        for product in used(view, day)
        for name in view.actives[product.id]
    }
    right = {
        fact.name
        for fact in view.profile.dated
        if _to_pause(view, fact) and (fact.classes[0], fact.detail.get("form") == "rinse_off") not in going_on
    }
    yield from (Violation("set_aside_missing", None, name, "") for name in sorted(right - set(view.plan.set_aside)))
    yield from (Violation("set_aside_wrong", None, name, "") for name in sorted(set(view.plan.set_aside) - right))


def _to_pause(view: View, fact: DatedFact) -> bool:
    """Whether a plan may leave it out: a cosmetic in use that needs care, and nothing that may be a medicine."""
    if fact.record != "active" or not fact.ongoing or not fact.classes:
        return False
    medicine = recognise("medicine", fact.name, view.knowledge)
    products = view.knowledge.of(Product).values()
    needs_no_care = {
        f"active.{name}" for each in products if not each.cap and not each.patch_test for name in each.actives
    }
    gentle = {PLAIN_CARE, *needs_no_care} & set(fact.classes)
    return not gentle and all(each.id in NON_PRESCRIPTION for each in medicine)


# --- how far from a session -------------------------------------------------------------------------------


def windows(view: View) -> Iterator[Violation]:
    """Nothing that a window tells to pause is used on its days, both ends included."""
    for done in procedures(view):
        for window in view.knowledge.of(Window).values():
            wait = _wait(window, done.treatment, view.evidence)
            if window.type == "use" and window.match and wait is not None:
                yield from _too_close(view, done, window, expressions.parse(window.match), wait)


def _too_close(view: View, done: Procedure, window: Window, match: Expression, wait: int) -> Iterator[Violation]:
    for day in view.planned:
        days = (done.on - day.on).days if window.side == "before" else (day.on - done.on).days
        for product in used(view, day) if 0 <= days <= wait else ():
            if _matches(match, view.actives[product.id]):
                what = Named("what", done.name)
                told = detail(f"window_{window.side}", n=days, what=what, day=done.on, least=wait + 1)
                yield Violation("window", day.on, product.id, window.ref, told)


def _wait(window: Window, treatment: Treatment, evidence: Evidence) -> int | None:
    """The longest wait of the treatment's columns, with those for some people where this person may be one of them."""
    waits = []
    for column in treatment.columns:
        cell = window.columns.get(column)
        if cell is None:
            continue
        waits.append(cell.whole_days)
        for extra in cell.extra:
            truth = evidence.truth(extra.when)
            if truth.yes or truth.unknown:
                waits.append(extra.whole_days)
    return max(waits, default=None)


def _matches(expression: Expression, names: frozenset[str]) -> bool:
    """Whether a window is about a product with these actives; a number, which no product has, is taken to fit."""
    match expression:
        case Atom(path=path):
            return path in names
        case Not(part=part):
            return not _matches(part, names)
        case AnyOf(parts=parts):
            return any(_matches(part, names) for part in parts)
        case AllOf(parts=parts):
            return all(_matches(part, names) for part in parts)
        case _:
            return True


# --- how often --------------------------------------------------------------------------------------------


class Rate(NamedTuple):
    """So many uses in so many days, the day itself counted."""

    uses: int
    days: int

    def broken(self, on: date, used_on: Counter[date]) -> int:
        """How many uses the days up to this one hold, where that is too many; else none."""
        found = sum(used_on[on - timedelta(days=back)] for back in range(self.days))
        return found if found > self.uses else 0

    def detail(self, found: int) -> Detail:
        """The numbers, for people."""
        if self.days == 1:
            return detail("in_a_day", n=found, most=self.uses)
        return detail("in_days", n=found, days=self.days, most=self.uses)


def rate(times: float, days: int) -> Rate:
    """A number of times in some days as whole numbers: 2.33 a week is 1 in 3 days."""
    if times == int(times) or times > days:
        return Rate(int(times), days)
    return Rate(1, round(days / times))


UNIT_DAYS = {"per_day": 1, "per_week": 7, "per_two_weeks": 14}


def caps(view: View) -> Iterator[Violation]:
    """No product, nor all that share its budget together, is used more often than the cap of that day's column."""
    pools = {cap.id: _uses_in(view, cap) for cap in view.knowledge.of(Cap).values()}
    for day in view.planned:
        for product in used(view, day):
            for cap in view.caps(product):
                limit = rate(_limit(view, cap, product, day.on), UNIT_DAYS[cap.unit])
                found = limit.broken(day.on, pools[cap.id])
                if found and limit.uses and cap.id != "cleanse":
                    yield Violation("cap", day.on, product.id, cap.ref, limit.detail(found))


def _uses_in(view: View, cap: Cap) -> Counter[date]:
    """The days of all uses that count in one cap."""
    found: Counter[date] = Counter()
    for name, days in view.used_on.items():
        product = view.product(name)
        if product and cap.id in {each.id for each in view.caps(product)}:
            found.update(days)
    return found


def _limit(view: View, cap: Cap, product: Product, on: date) -> float:
    """How often: the default, or beyond it where the cap lets a ramp-up or a habit lead on and the skin has no rest."""
    value = cap.for_skin(view.column(on))
    top = value.range[1] if value.range else value.default
    if not cap.leads or view.resting(on):
        return value.default
    if view.is_new(product):
        return top if view.ramp(product) else value.default
    told = [times for fact in view.own(product) if (times := fact.detail.get("times_per_week")) is not None]
    return min(max(value.default, *told), top) if told else value.default


def washes(view: View) -> Iterator[Violation]:
    """The face is washed no more often than the skin bears, and deep-cleaned no more often either."""
    cleanse, deep = view.knowledge.get(Cap, "cleanse"), view.knowledge.get(Cap, "deep_clean")
    evenings = Counter(day.on for day in view.days if day.deep_clean)
    for day in view.planned:
        washed = sum(any(step.layer in CLEANSING for step in steps) for _, steps in halves(day))
        limit = rate(cleanse.for_skin(view.column(day.on)).default, UNIT_DAYS[cleanse.unit])
        found = limit.broken(day.on, Counter({day.on: washed}))
        if found:
            yield Violation("cap_cleanse", day.on, "am_cleanse", cleanse.ref, limit.detail(found))
        limit = rate(deep.for_skin(view.column(day.on)).default, UNIT_DAYS[deep.unit])
        found = limit.broken(day.on, evenings)
        if day.deep_clean and found:
            yield Violation("cap_deep_clean", day.on, HOME_DEEP_CLEAN, deep.ref, limit.detail(found))


def ramps(view: View) -> Iterator[Violation]:
    """A new product is used no more often than the stage of its ramp-up lets."""
    for day in view.planned:
        for product in used(view, day):
            ramp = view.ramp(product)
            if ramp is None or not view.is_new(product):
                continue
            limit = _stage(ramp, (day.on - view.first_use(product.id)).days)
            found = limit.broken(day.on, view.used_on[product.id])
            if found:
                yield Violation("ramp", day.on, product.id, ramp.ref, limit.detail(found))


def _stage(ramp: Ramp, days: int) -> Rate:
    """How often so many days after the first use; the last step goes on."""
    for step in ramp.steps:
        days -= 7 * step.weeks
        if days < 0:
            return rate(step.per_week, 7)
    return rate(ramp.steps[-1].per_week, 7)
