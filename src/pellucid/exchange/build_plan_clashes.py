"""What could not be had, and why: the wish that went, and everything that stands against it, in plain words."""

from datetime import date

from pellucid.exchange import plan_model as out
from pellucid.exchange.build_plan_rules import Ruled, Told, told
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.model.plan import UNDECIDED, Clash, Requirement
from pellucid.model.slot import Slot


def clashes_out(words: PlanWords) -> list[out.ClashOut]:
    """Every wish that the plan does without, in the order in which the planner gives them."""
    return [_clash(clash, words) for clash in words.plan.clashes]


def _clash(clash: Clash, words: PlanWords) -> out.ClashOut:
    dropped = clash.dropped
    against = sorted((each for each in clash.members if each != dropped), key=lambda each: each.kind != "rule")
    treatment = _treatment_of(dropped, words)
    clauses = [(member, _told(member, treatment, words)) for member in against]
    members = [_member(member, each, words) for member, each in clauses]
    listed = words.say("plan.clash.and").join(dict.fromkeys(each.clause for _, each in clauses))
    name, on = _name_and_day(dropped, words)
    return out.ClashOut(
        kind=dropped.kind,  # type: ignore[arg-type]
        what=dropped.what,
        title=words.say("plan.clash.title", name=name, date=on) if on else name,
        text=words.plan_phrase(f"clash.lead.{dropped.kind}", name=name, date=on, list=listed),
        members=members,
        sources=list(dict.fromkeys(source for member in members for source in member.sources)),
    )


def _member(member: Requirement, each: Told, words: PlanWords) -> out.MemberOut:
    days = words.stretch(member.since, member.until) if member.since and member.until else ""
    return out.MemberOut(
        kind=member.kind,  # type: ignore[arg-type]
        ref=member.ref,
        what=member.what,
        text=capital(each.clause),
        why=each.why,
        next=each.next,
        room=each.room,
        since=member.since,
        until=member.until,
        when=words.say("plan.clash.days", days=days) if days else "",
        sources=words.sources(member.sources),
    )


def capital(text: str) -> str:
    """A clause as a sentence of its own begins."""
    return text[:1].upper() + text[1:]


def _told(member: Requirement, treatment: str | None, words: PlanWords) -> Told:
    if member.kind == "rule":
        return told(Ruled(member, treatment, words))
    name, on = _name_and_day(member, words)
    kind = f"{member.kind}.{member.what}" if member.kind == UNDECIDED else member.kind
    clause = words.plan_phrase(f"clash.{kind}", name=name, date=on, what=_limit(member, words))
    return Told(clause, words.plan_phrase(f"room.{member.kind}", name=name))


# --- what a requirement is about ------------------------------------------------------------------------------


def _name_and_day(member: Requirement, words: PlanWords) -> tuple[str, str]:
    """The treatment or product, and the day where the requirement has one."""
    if member.kind == "booked":
        slot = _slot(member, words)
        return words.treatment(_treatment_of(member, words) or ""), words.moment(slot.local) if slot else ""
    if member.kind == "pin":
        product, _, on = member.what.partition("@")
        return words.product(product), words.day(date.fromisoformat(on))
    return (words.treatment(member.what), "") if member.kind in {"want", "slots"} else ("", "")


def _treatment_of(member: Requirement, words: PlanWords) -> str | None:
    """The treatment that a requirement is about; None where it is about a product or nothing of the kind."""
    if member.kind == "booked":
        slot = _slot(member, words)
        return slot.treatment if slot else member.what.partition("@")[0]
    return member.what if member.kind in {"want", "slots"} else None


def _slot(member: Requirement, words: PlanWords) -> Slot | None:
    sessions = [session.slot for session in words.plan.sessions]
    return next((slot for slot in (*words.plan.preferences.booked, *sessions) if slot.id == member.what), None)


def _limit(member: Requirement, words: PlanWords) -> str:
    """The limit behind a requirement: money, minutes or days away."""
    wishes = words.plan.preferences
    if member.kind == "budget" and wishes.budget is not None:
        return words.money(wishes.budget, wishes.currency)
    if member.kind == "minutes" and wishes.minutes_per_day is not None:
        return words.say("plan.minutes", n=wishes.minutes_per_day)
    if member.kind == "away":
        found = [each for each in wishes.away if str(each.since) in member.what]
        return words.join(words.stretch(each.since, each.until) for each in found or wishes.away)
    return member.what
