"""A care plan as a FHIR CarePlan with its Appointments.

Care at home is said as a rule of time only where that is exact: every day, or the same weekdays of every week, between
two days; anything else is the list of its days.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.appointment import Appointment, AppointmentParticipant
from fhir.resources.R4B.careplan import CarePlan as FhirCarePlan
from fhir.resources.R4B.careplan import CarePlanActivity, CarePlanActivityDetail
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.reference import Reference
from fhir.resources.R4B.timing import Timing, TimingRepeat

from pellucid.care import HOME_DEEP_CLEAN
from pellucid.exchange.build_plan_clashes import clashes_out
from pellucid.exchange.build_plan_visits import in_order
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.fhir_codes import BASE, Export, concept, identifier, period
from pellucid.model.plan import CarePlan, Day, Introduction, Part, Session, Standing

APPOINTMENT_STATUS = {
    Standing.PROPOSED: "proposed",
    Standing.BOOKED: "booked",
    Standing.DONE: "fulfilled",
    Standing.MISSED: "noshow",
}

EVENT_TIMING = {Part.MORNING: "MORN", Part.EVENING: "EVE"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(days=7)

# --- appointments -----------------------------------------------------------------------------------------


def appointments(export: Export) -> list[Appointment]:
    """One appointment a session, in the order of time."""
    return [_appointment(session, export) for session in in_order(export.plan)]


def appointment_key(session: Session, plan: CarePlan) -> tuple[str, object, object]:
    """What tells one session from another, whatever its date."""
    return "Appointment", plan.start, session.key


def _appointment(session: Session, export: Export) -> Appointment:
    slot, plan, texts = session.slot, export.plan, export.texts
    proposed = session.standing is Standing.PROPOSED
    standing = texts.phrase(f"plan.standing.{session.standing}")
    return Appointment(
        id=export.id(*appointment_key(session, plan)),
        language=export.language,
        status=APPOINTMENT_STATUS[session.standing],
        serviceType=[export.treatment(slot.treatment)],
        start=slot.local,
        end=slot.ends.astimezone(ZoneInfo(slot.zone)),
        minutesDuration=round((slot.ends - slot.starts).total_seconds() / 60),
        comment=f"{standing}\n{texts.phrase(f'status.{session.status.word}.short')}",
        participant=[
            AppointmentParticipant(actor=actor, status="needs-action" if proposed else "accepted")
            for actor in _actors(session, export)
        ],
        requestedPeriod=[period(plan.start, plan.until)] if proposed else None,
    )


def _actors(session: Session, export: Export) -> Iterator[Reference]:
    """The person; then who, where and with what, by the clinic's own names: the bundle has no resources for them."""
    slot, name = session.slot, export.plan.name
    yield export.patient
    place = [(slot.location, name("location", slot.location)), (slot.room, name("room", slot.room))]
    ids, words = ("/".join(each[side] for each in place if each[0]) for side in (0, 1))
    named = [("PractitionerRole", "practitioner", slot.practitioner, name("practitioner", slot.practitioner))]
    named += [("Location", "room", ids, words)]
    named += [("Device", "device", device, name("device", device)) for device in slot.devices]
    for kind, what, of, told in named:
        if of:
            yield Reference(type=kind, identifier=identifier(what, of), display=told)


# --- the plan ---------------------------------------------------------------------------------------------


def care_plan(export: Export) -> FhirCarePlan:
    """The plan with its visits by reference and care at home in full."""
    plan = export.plan
    title = export.texts.phrase("fhir.title")
    visits = [CarePlanActivity(reference=export.reference(*appointment_key(each, plan))) for each in in_order(plan)]
    return FhirCarePlan(
        id=export.id("CarePlan", plan.start),
        language=export.language,
        instantiatesUri=[f"{BASE}:knowledge:{plan.knowledge}"],
        status="active" if _begun(plan) else "draft",
        intent="plan",
        category=[concept("plan", "pore_care", title)],
        title=title,
        subject=export.patient,
        period=period(plan.start, plan.until),
        supportingInfo=[export.reference("QuestionnaireResponse", export.care.profile.answered_on)],
        activity=[*visits, *(CarePlanActivity(detail=detail) for detail in _at_home(export))] or None,
        note=[Annotation(text=text) for text in _notes(export)],
    )


def _begun(plan: CarePlan) -> bool:
    """Whether anybody acts on it yet; until something is booked or done it is only a proposal."""
    standings = {each.standing for each in plan.sessions} | {day.standing for day in plan.days}
    return bool(plan.log or standings - {Standing.PROPOSED})


def _notes(export: Export) -> Iterator[str]:
    plan, texts = export.plan, export.texts
    yield texts.phrase("notice.intended_use")
    yield from (clash.text for clash in clashes_out(PlanWords(plan, export.care.profile, export.knowledge, texts)))
    comma = texts.phrase("words.list")
    if plan.set_aside:
        yield texts.phrase("fhir.set_aside", list=comma.join(plan.set_aside))
    if plan.keep:
        yield texts.phrase("routine.keep", list=comma.join(plan.keep))


# --- care at home -----------------------------------------------------------------------------------------


def _at_home(export: Export) -> Iterator[CarePlanActivityDetail]:
    plan, texts = export.plan, export.texts
    for (product, part), days in _uses(plan).items():
        told = texts.phrase(
            "fhir.home", part=texts.phrase(f"heading.{part}"), how=texts.get(f"product.{product}", "how")
        )
        yield _detail(_product(product, export), _status(days), _timing([day.on for day in days], part), told)
    deep_clean = [day for day in plan.days if day.deep_clean]
    if deep_clean:
        code = export.treatment(HOME_DEEP_CLEAN)
        timing = _timing([day.on for day in deep_clean], Part.EVENING)
        yield _detail(code, _status(deep_clean), timing, texts.phrase("heading.deep_clean"))
    yield from (_patch_test(each, export) for each in plan.introductions)
    if plan.reviews:
        code = concept("plan", "review", texts.phrase("fhir.review"))
        yield _detail(code, "not-started", Timing.model_validate({"event": list(plan.reviews)}), None)


def _uses(plan: CarePlan) -> dict[tuple[str, Part], list[Day]]:
    """Product and half of the day, to the days on which it is used."""
    uses: dict[tuple[str, Part], list[Day]] = {}
    for day in plan.days:
        for part, steps in ((Part.MORNING, day.morning), (Part.EVENING, day.evening)):
            for product in dict.fromkeys(step.product for step in steps if step.product):
                uses.setdefault((product, part), []).append(day)
    return uses


def _product(product: str, export: Export) -> CodeableConcept:
    return concept("product", product, export.texts.get(f"product.{product}", "name"))


def _detail(code: CodeableConcept, status: str, timing: Timing, description: str | None) -> CarePlanActivityDetail:
    return CarePlanActivityDetail(code=code, status=status, scheduledTiming=timing, description=description)


def _patch_test(introduction: Introduction, export: Export) -> CarePlanActivityDetail:
    last = introduction.first_use - timedelta(days=1)
    days = [day for day in export.plan.days if introduction.tested_from <= day.on <= last]
    return CarePlanActivityDetail(
        code=_product(introduction.product, export),
        status=_status(days),
        scheduledPeriod=period(introduction.tested_from, last),
        description=export.texts.phrase("fhir.patch_test"),
    )


def _status(days: Sequence[Day]) -> str:
    over = [day.standing is not Standing.PROPOSED for day in days]
    if over and all(over):
        return "completed"
    return "in-progress" if any(over) else "not-started"


def _timing(days: Sequence[date], part: Part) -> Timing:
    """Days in order as a rule where it gives exactly these days, else as they are."""
    first, last = days[0], days[-1]
    weekdays = sorted({day.weekday() for day in days})
    ruled = [day for day in _between(first, last) if day.weekday() in weekdays]
    if ruled != list(days) or last - first < WEEK:
        return Timing.model_validate({"event": list(days)})
    repeat = TimingRepeat(
        boundsPeriod=period(first, last),
        frequency=1,
        period=Decimal(1),
        periodUnit="d",
        dayOfWeek=[WEEKDAYS[each] for each in weekdays] if len(weekdays) < len(WEEKDAYS) else None,
        when=[EVENT_TIMING[part]],
    )
    return Timing(repeat=repeat)


def _between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
