"""The visits of a care plan in words."""

from zoneinfo import ZoneInfo

from pellucid.exchange import plan_model as out
from pellucid.exchange import when
from pellucid.exchange.build_plan_bands import pauses_of, side_of
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.parts import QuestionOut
from pellucid.knowledge.schema.people import Question
from pellucid.model.decision import Instruction
from pellucid.model.plan import CarePlan, Session


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
        preparation=_lines(session, "before", words),
        aftercare=_lines(session, "after", words),
        confirm=_asked_again(session, words),
        changed=_new(session.changed, words),
    )


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
        _line(line, side, session, words).model_copy(update={"name": line.concerns, "concerns": ""})
        for line in pauses_of(session, words)
        if side_of(line, words) == side
    ]
    day = "since" if side == "before" else "until"
    return sorted(lines, key=lambda line: (getattr(line, day), line.rule))


def _line(line: Instruction, side: str, session: Session, words: PlanWords) -> out.DatedLineOut:
    said = when.before if side == "before" else when.after
    days = words.said(said(line.since, line.until, session.day))
    return out.DatedLineOut(**words.builder.instruction(line).model_dump(), when=days)
