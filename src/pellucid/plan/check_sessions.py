"""The rules about sessions: when they are, how many, what they cost, and what screening says of them."""

from collections.abc import Iterator
from datetime import date
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
from pellucid.model.plan import Detail, Named, Standing, Violation, detail
from pellucid.model.slot import Slot
from pellucid.plan.check_aside import stands_aside
from pellucid.plan.check_view import OVER, View, Visit, day_of, screened_as

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
            yield Violation("treatment_unknown", day, key, "", detail("word", what=slot.treatment))
        elif treatment.setting == "home":
            yield Violation("home_treatment", day, key, treatment.ref)
        if day is None:
            yield Violation("slot_time", None, key, "")
        if not is_priced(slot):
            yield Violation("money", day, key, "", detail("word", what=str(slot.price)))


def is_priced(slot: Slot) -> bool:
    """Whether its price, where it has one, is an amount of money; what is none can't even be compared."""
    return slot.price is None or (slot.price.is_finite() and 0 <= slot.price < MOST_MONEY)


def times(view: View, calendar: "Calendar | None") -> Iterator[Violation]:
    """A session lies in the plan, and a proposed one in a slot that is really offered; what is over is over."""
    for visit in view.ahead:
        if visit.session.standing in OVER:
            word = detail("word", what=Named("standing", visit.session.standing.value))
            yield Violation("standing", visit.on, visit.key, "", word)
    for visit in view.visits:
        if not view.in_plan(visit.on):
            yield Violation(
                "slot_outside", visit.on, visit.key, "", detail("plan", day=view.plan.start, n=view.plan.weeks)
            )
        if visit.session.standing is Standing.PROPOSED:
            yield from _proposed(view, visit, calendar)


def _proposed(view: View, visit: Visit, calendar: "Calendar | None") -> Iterator[Violation]:
    if visit.on < view.profile.today:
        yield Violation("past", visit.on, visit.key, "", detail("planned_on", day=view.profile.today))
    if calendar is not None and is_priced(visit.session.slot):
        refused = offers(calendar, visit.session.slot)
        if refused:
            yield Violation("slot", visit.on, visit.key, "", detail("word", what=Named("refusal", refused)))
    if view.is_away(visit.on):
        yield Violation("away", visit.on, visit.key, "")
    if view.plan.preferences.home_only:
        yield Violation("home_only", visit.on, visit.key, "")


def one_a_day(view: View) -> Iterator[Violation]:
    """There is one session at most on a clinic day."""
    for day, group in groupby(view.visits, key=lambda visit: visit.on):
        visits = list(group)
        if len(visits) > 1 and not all(view.is_over(visit) for visit in visits):
            told = detail("on_day", list=tuple(Named("session", visit.key) for visit in visits), n=len(visits))
            yield Violation("one_a_day", day, visits[-1].key, "", told)


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
                yield Violation("screening", visit.on, visit.key, reason.rule, screened_as(reason))
        if decision.status.bookable and decision.status is not visit.session.status:
            told, right = visit.session.status.word, decision.status.word
            words = detail("should_be", told=Named("status", told), right=Named("status", right))
            yield Violation("status", visit.on, visit.key, visit.treatment.ref, words)


def beside_appointments(view: View) -> Iterator[Violation]:
    """Nothing is proposed that clashes with an appointment that the plan does without: it may take place anyway."""
    over = {_done(visit) for visit in view.visits if view.is_over(visit)}
    for visit in view.visits:
        if visit.session.standing is not Standing.PROPOSED:
            continue
        for other in view.unkept:
            if visit.on == other.on:
                both = Named("session", visit.key), Named("session", other.key)
                yield Violation("one_a_day", visit.on, visit.key, "", detail("on_day", list=both, n=len(both)))
            interval, days = visit.treatment.interval_days, abs(visit.on - other.on).days
            if visit.treatment.id == other.treatment.id and interval and days < interval.high:
                told = detail("apart", n=days, what=Named("session", other.key), least=interval.high)
                yield Violation("interval", visit.on, visit.key, visit.treatment.ref, told)
            for one, done in ((visit, other), (other, visit)):
                for rule in sorted(_against(view, one, {*over, _done(done)}) - _against(view, one, over)):
                    told = detail("with", first=Named("session", one.key), second=Named("session", done.key))
                    yield Violation("screening", visit.on, visit.key, rule, told)


def _done(visit: Visit) -> tuple[str, date]:
    return f"procedure.{visit.treatment.id}", visit.on


def _against(view: View, visit: Visit, done: set[tuple[str, date]]) -> set[str]:
    """The rules that stand against a visit on its day if some things are done."""
    screening = Screening(suppose(view.profile, sorted(done), knowledge=view.knowledge), view.knowledge)
    decision = screening.decide(visit.treatment.id, on=visit.on, performer=visit.session.slot.level)
    return {reason.rule for reason in decision.reasons if not reason.status.bookable}


def intervals(view: View) -> Iterator[Violation]:
    """Two sessions of one treatment keep its interval."""
    for number, later in enumerate(view.visits):
        interval = later.treatment.interval_days
        for earlier in view.visits[:number]:
            if interval is None or earlier.treatment.id != later.treatment.id or view.is_over(later):
                continue
            days = (later.on - earlier.on).days
            if days < interval.high:
                told = detail("gap", n=days, what=Named("session", earlier.key), least=interval.high)
                yield Violation("interval", later.on, later.key, later.treatment.ref, told)


def counts(view: View) -> Iterator[Violation]:
    """No treatment is done more often than a usual series has sessions."""
    for number, visit in enumerate(view.visits):
        series = visit.treatment.sessions
        so_far = 1 + sum(other.treatment.id == visit.treatment.id for other in view.visits[:number])
        if series and so_far > series.high and not view.is_over(visit):
            told = detail("sessions", n=so_far, most=series.high)
            yield Violation("count", visit.on, visit.key, visit.treatment.ref, told)


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
        yield Violation(
            "budget", None, "", "", detail("sum", n=f"{total}{currency}", most=f"{wishes.budget}{currency}")
        )


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
        yield Violation("lines", visit.on, visit.key, line.rule, _wrong(which, "missing", line))
    for line in wrong:
        yield Violation("lines", visit.on, visit.key, line.rule, _wrong(which, "wrong", line))
    if not missing and not wrong:
        yield Violation("lines", visit.on, visit.key, visit.treatment.ref, detail(f"order.{which}"))


def _wrong(which: str, how: str, line: Instruction) -> Detail:
    return detail(f"{how}.{which}", what=Named("do", line.rule), since=line.since, until=line.until)


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
            yield Violation("money", day, slot.id, "", detail("word", what=str(slot.price)))
        elif view.in_plan(day) and day >= view.profile.today and slot.id not in dropped and slot not in firm:
            yield Violation("booked", day, slot.id, "")
    for session in sessions:
        if session.standing is Standing.BOOKED and not (is_priced(session.slot) and session.slot in agreed):
            yield Violation(
                "booked_unknown",
                day_of(session.slot),
                session.key,
                "",
                detail("word", what=Named("slot", session.slot.id)),
            )


def pins(view: View) -> Iterator[Violation]:
    """A product that was pinned to a day is used on it; what is there on all days anyway may stand aside by a rule."""
    for pin in view.plan.preferences.pins:
        kept = any(day.on == pin.on and pin.product in day.used for day in view.plan.days)
        kept = kept or stands_aside(view, pin.product, pin.on)
        over = pin.on in view.history or not view.in_plan(pin.on)
        if not (kept or over or f"{pin.product}@{pin.on}" in _dropped(view, "pin")):
            yield Violation("pin", pin.on, pin.product, "")


def _dropped(view: View, kind: str) -> set[str]:
    """What of one kind the plan says that it does without."""
    return {clash.dropped.what for clash in view.plan.clashes if clash.dropped.kind == kind}
