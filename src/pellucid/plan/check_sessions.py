"""The rules about sessions: when they are, how many, what they cost, and what screening says of them."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from pellucid.booking.availability import offers
from pellucid.consult.prepare import aftercare, preparation
from pellucid.consult.screen import Screening
from pellucid.consult.suppose import suppose
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model.decision import Instruction
from pellucid.model.plan import Standing, Violation
from pellucid.model.slot import Slot
from pellucid.plan.check_view import OVER, View, Visit, day_of

if TYPE_CHECKING:
    from pellucid.booking.calendar import Calendar

MOST_MONEY = Decimal(10**9)
"""A price from here on, in whatever currency, is a typing error."""


def readable(view: View) -> Iterator[Violation]:
    """Every session has its own key, a treatment done in a clinic, and a time and price that make sense."""
    for number, session in enumerate(view.plan.sessions):
        slot, key = session.slot, session.key
        treatment = view.knowledge.of(Treatment).get(slot.treatment)
        day = day_of(slot)
        if key in {other.key for other in view.plan.sessions[:number]}:
            yield Violation("key_twice", day, key, "")
        if treatment is None:
            yield Violation("treatment_unknown", day, key, "", slot.treatment)
        elif treatment.setting == "home":
            yield Violation("home_treatment", day, key, treatment.ref)
        if day is None:
            yield Violation("slot_time", None, key, "")
        if not is_priced(slot):
            yield Violation("money", day, key, "", str(slot.price))


def is_priced(slot: Slot) -> bool:
    """Whether its price, where it has one, is an amount of money; what is none can't even be compared."""
    return slot.price is None or (slot.price.is_finite() and 0 <= slot.price < MOST_MONEY)


def times(view: View, calendar: "Calendar | None") -> Iterator[Violation]:
    """A session lies in the plan, and a proposed one in a slot that is really offered; what is over is over."""
    for visit in view.ahead:
        if visit.session.standing in OVER:
            yield Violation("standing", visit.on, visit.key, "", visit.session.standing.value)
    for visit in view.visits:
        if not view.in_plan(visit.on):
            yield Violation("slot_outside", visit.on, visit.key, "", f"{view.plan.start} + {view.plan.weeks} weeks")
        if visit.session.standing is Standing.PROPOSED:
            yield from _proposed(view, visit, calendar)


def _proposed(view: View, visit: Visit, calendar: "Calendar | None") -> Iterator[Violation]:
    if visit.on < view.profile.today:
        yield Violation("past", visit.on, visit.key, "", f"planned on {view.profile.today}")
    if calendar is not None and is_priced(visit.session.slot):
        refused = offers(calendar, visit.session.slot)
        if refused:
            yield Violation("slot", visit.on, visit.key, "", refused)
    if view.is_away(visit.on):
        yield Violation("away", visit.on, visit.key, "")
    if view.plan.preferences.home_only:
        yield Violation("home_only", visit.on, visit.key, "")


def one_a_day(view: View) -> Iterator[Violation]:
    """There is one session at most on a clinic day."""
    for day, group in groupby(view.visits, key=lambda visit: visit.on):
        visits = list(group)
        if len(visits) > 1 and not all(view.is_over(visit) for visit in visits):
            keys = ", ".join(visit.key for visit in visits)
            yield Violation("one_a_day", day, visits[-1].key, "", f"{keys}: {len(visits)} on 1 day, at most 1")


def screened(view: View) -> Iterator[Violation]:
    """Screening lets each session be, once everything else in the plan is done as laid out."""
    for number, visit in enumerate(view.visits):
        if view.is_over(visit):
            continue
        others = [*view.visits[:number], *view.visits[number + 1 :]]
        done = {(f"procedure.{other.treatment.id}", other.on) for other in others}
        for use in view.uses:
            if use.on <= visit.on:
                done |= {(f"active.{active}", use.on) for active in view.knowledge.get(Product, use.product).actives}
        supposed = suppose(view.profile, sorted(done), knowledge=view.knowledge)
        screening = Screening(supposed, view.knowledge)
        decision = screening.decide(visit.treatment.id, on=visit.on, performer=visit.session.slot.level)
        for reason in decision.reasons:
            if not reason.status.bookable:
                until = f" until {reason.until}" if reason.until else ""
                yield Violation("screening", visit.on, visit.key, reason.rule, f"{reason.status.word}{until}")
        if decision.status.bookable and decision.status is not visit.session.status:
            told, right = visit.session.status.word, decision.status.word
            yield Violation("status", visit.on, visit.key, visit.treatment.ref, f"{told}, should be {right}")


def intervals(view: View) -> Iterator[Violation]:
    """Two sessions of one treatment keep its interval."""
    for number, later in enumerate(view.visits):
        interval = later.treatment.interval_days
        for earlier in view.visits[:number]:
            if interval is None or earlier.treatment.id != later.treatment.id or view.is_over(later):
                continue
            days = (later.on - earlier.on).days
            if days < interval.high:
                detail = f"{days} days after {earlier.key}, at least {interval.high:g}"
                yield Violation("interval", later.on, later.key, later.treatment.ref, detail)


def counts(view: View) -> Iterator[Violation]:
    """No treatment is done more often than a usual series has sessions."""
    for number, visit in enumerate(view.visits):
        series = visit.treatment.sessions
        so_far = 1 + sum(other.treatment.id == visit.treatment.id for other in view.visits[:number])
        if series and so_far > series.high and not view.is_over(visit):
            detail = f"{so_far} sessions, at most {series.high:g}"
            yield Violation("count", visit.on, visit.key, visit.treatment.ref, detail)


def budget(view: View) -> Iterator[Violation]:
    """Proposed and booked sessions together cost no more than was given for them, in the same currency.

    Appointments that cost more by themselves are the person's own; then nothing that costs is proposed beside them.
    """
    wishes = view.plan.preferences
    if wishes.budget is None:
        return
    prices = [
        (session.standing, session.slot.price or Decimal(0))
        for session in view.plan.sessions
        if session.standing in {Standing.PROPOSED, Standing.BOOKED}
        and is_priced(session.slot)
        and (None in {session.slot.currency, wishes.currency} or session.slot.currency == wishes.currency)
    ]
    total = sum((price for _, price in prices), Decimal(0))
    proposed = any(price for standing, price in prices if standing is Standing.PROPOSED)
    if not wishes.budget.is_finite() or (proposed and total > wishes.budget):
        currency = f" {wishes.currency}" if wishes.currency else ""
        yield Violation("budget", None, "", "", f"{total}{currency}, at most {wishes.budget}{currency}")


def lines(view: View) -> Iterator[Violation]:
    """A session carries exactly the lines of preparation and aftercare that hold for it on its day."""
    for visit in view.ahead:
        treatment, day, knowledge = visit.treatment.id, visit.on, view.knowledge
        before = preparation(view.profile, treatment, on=day, knowledge=knowledge)
        after = aftercare(view.profile, treatment, on=day, knowledge=knowledge)
        yield from _differences(visit, "preparation", visit.session.preparation, before)
        yield from _differences(visit, "aftercare", visit.session.aftercare, after)


def _differences(
    visit: Visit, which: str, told: tuple[Instruction, ...], right: tuple[Instruction, ...]
) -> Iterator[Violation]:
    if told == right:
        return
    missing = [line for line in right if line not in told]
    wrong = [line for line in told if line not in right]
    for line in missing:
        yield Violation("lines", visit.on, visit.key, line.rule, f"{which}: {line.since} to {line.until} is missing")
    for line in wrong:
        yield Violation("lines", visit.on, visit.key, line.rule, f"{which}: {line.since} to {line.until} is wrong")
    if not missing and not wrong:
        yield Violation("lines", visit.on, visit.key, visit.treatment.ref, f"{which}: in another order, or told twice")


def booked(view: View) -> Iterator[Violation]:
    """Appointments that stand are sessions as they were booked, and nothing else is marked as booked."""
    wishes, sessions = view.plan.preferences, view.plan.sessions
    dropped = _dropped(view, "booked")
    agreed = [slot for slot in wishes.booked if is_priced(slot)]
    firm = [each.slot for each in sessions if each.standing is not Standing.PROPOSED and is_priced(each.slot)]
    for slot in wishes.booked:
        day = day_of(slot)
        if day is None:
            yield Violation("slot_time", None, slot.id, "")
        elif not is_priced(slot):
            yield Violation("money", day, slot.id, "", str(slot.price))
        elif view.in_plan(day) and day >= view.profile.today and slot.id not in dropped and slot not in firm:
            yield Violation("booked", day, slot.id, "")
    for session in sessions:
        if session.standing is Standing.BOOKED and not (is_priced(session.slot) and session.slot in agreed):
            yield Violation("booked_unknown", day_of(session.slot), session.key, "", session.slot.id)


def pins(view: View) -> Iterator[Violation]:
    """A product that was pinned to a day is used on it."""
    for pin in view.plan.preferences.pins:
        kept = any(day.on == pin.on and pin.product in day.used for day in view.plan.days)
        over = pin.on in view.history or not view.in_plan(pin.on)
        if not (kept or over or f"{pin.product}@{pin.on}" in _dropped(view, "pin")):
            yield Violation("pin", pin.on, pin.product, "")


def _dropped(view: View, kind: str) -> set[str]:
    """What of one kind the plan says that it does without."""
    return {clash.dropped.what for clash in view.plan.clashes if clash.dropped.kind == kind}
