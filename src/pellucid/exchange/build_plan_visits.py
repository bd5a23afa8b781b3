"""The visits of a care plan in words."""

from zoneinfo import ZoneInfo

from pellucid.consult.screen import Screening
from pellucid.consult.suppose import suppose
from pellucid.exchange import plan_model as out
from pellucid.exchange import when
from pellucid.exchange.build_plan_pauses import paused_around
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.parts import QuestionOut
from pellucid.knowledge.schema.home import Product
from pellucid.knowledge.schema.people import Question
from pellucid.model.decision import Instruction
from pellucid.model.levels import Status
from pellucid.model.plan import CarePlan, Session, Standing

AHEAD = frozenset({Standing.PROPOSED, Standing.BOOKED})
"""A visit that is over, or that nobody came to, has nothing to be ready for or to stand against."""


def sessions_out(words: PlanWords) -> list[out.PlanSessionOut]:
    """Every visit, in the order of time."""
    return [_session(number, visit, words) for number, visit in enumerate(in_order(words.plan), start=1)]


def in_order(plan: CarePlan) -> list[Session]:
    """The visits of a plan in the order of time."""
    return sorted(plan.sessions, key=lambda each: (each.slot.starts, each.key))


def _session(number: int, session: Session, words: PlanWords) -> out.PlanSessionOut:
    slot = session.slot
    ends = slot.ends.astimezone(ZoneInfo(slot.zone))
    practitioner = words.plan.name("practitioner", slot.practitioner)
    room, location = words.plan.name("room", slot.room), words.plan.name("location", slot.location)
    return out.PlanSessionOut(
        key=session.key,
        number=number,
        treatment=slot.treatment,
        name=words.treatment(slot.treatment),
        on=session.day,
        starts=slot.local,
        ends=ends,
        zone=slot.zone,
        date_text=words.full_day(session.day),
        time_text=words.clock(slot.local, ends),
        start_text=f"{slot.local:%H:%M}",
        zone_text=words.say("calendar.zone", zone=slot.zone),
        practitioner=practitioner,
        room=room,
        location=location,
        place_text=words.join(filter(None, (location, room, practitioner))),
        price_text=words.money(slot.price, slot.currency) if slot.price is not None else None,
        standing=session.standing.value,
        standing_text=words.plan_phrase(f"standing.{session.standing.value}"),
        status=session.status.word,  # type: ignore[arg-type]
        status_text=words.say(f"status.{session.status.word}.short"),
        reasons=_why_with_care(session, words),
        preparation=_lines(session, "before", words),
        aftercare=_lines(session, "after", words),
        confirm=_asked_again(session, words),
        changed=_new(session.changed, words),
    )


def _why_with_care(session: Session, words: PlanWords) -> list[out.VisitReasonOut]:
    """Why a visit that lies ahead asks for care: what screening says on its day, with the plan followed up to it."""
    if session.status is not Status.CAUTION or session.standing not in AHEAD:
        return []
    decision = _followed(session, words).decide(session.slot.treatment, on=session.day, performer=session.slot.level)
    reasons = [words.builder.reason(each) for each in decision.reasons if each.status is Status.CAUTION]
    return [
        out.VisitReasonOut(
            rule=each.rule,
            name=each.name,
            text=each.text,
            left_out=words.treatment(each.leave_out) if each.leave_out else "",
            sources=each.sources,
        )
        for each in reasons
    ]


def _followed(session: Session, words: PlanWords) -> Screening:
    """Screening of the person as they will be: the other visits done, and care at home as laid out until then."""
    products = words.knowledge.of(Product)
    done = {(f"procedure.{each.slot.treatment}", each.day) for each in words.plan.sessions if each is not session}
    for day in words.plan.days:
        if day.on <= session.day:
            done |= {(f"active.{active}", day.on) for name in day.used for active in products[name].actives}
    return Screening(suppose(words.profile, sorted(done), knowledge=words.knowledge), words.knowledge)


def _asked_again(session: Session, words: PlanWords) -> list[QuestionOut]:
    """The questions to ask again; a plan that was kept for long may name one that knowledge no longer has."""
    known = words.knowledge.of(Question)
    return [words.builder.question(path) for path in session.confirm if path in known]


def _new(changed: int, words: PlanWords) -> bool:
    return 0 < changed == words.plan.revision


def _lines(session: Session, side: str, words: PlanWords) -> list[out.DatedLineOut]:
    """What to do on one side of a visit: what prepares for it or follows it, and the pauses of the plan's products."""
    told = session.preparation if side == "before" else session.aftercare
    lines = [_line(line, side, session, words) for line in told]
    lines += [
        _line(each.line, side, session, words).model_copy(update={"name": each.line.concerns, "concerns": ""})
        for each in paused_around(session, words)
        if each.side == side
    ]
    day = "since" if side == "before" else "until"
    return sorted(lines, key=lambda line: (getattr(line, day), line.rule))


def _line(line: Instruction, side: str, session: Session, words: PlanWords) -> out.DatedLineOut:
    said = when.before if side == "before" else when.after
    days = words.said(said(line.since, line.until, session.day))
    return out.DatedLineOut(**words.builder.instruction(line).model_dump(), when=days)
