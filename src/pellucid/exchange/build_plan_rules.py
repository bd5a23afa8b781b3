"""What a rule asks of a session or a product, in a clause, and what would make room without touching the rule."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from pellucid.consult.evidence import evidence_of
from pellucid.consult.permissions import LEVEL, LICENCE
from pellucid.consult.prepare import wait_around
from pellucid.consult.screen import Screening, usual_performer
from pellucid.exchange.build_plan_words import PlanWords
from pellucid.exchange.build_routine import frequency, half_of_cap
from pellucid.knowledge import expressions
from pellucid.knowledge.schema.base import Record
from pellucid.knowledge.schema.home import Cap, Pair, Product
from pellucid.knowledge.schema.rules import Rule, Window
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.decision import Reason
from pellucid.model.levels import Status
from pellucid.model.plan import Requirement
from pellucid.model.profile import DatedFact
from pellucid.plan.visits import ONE_A_DAY

REASONS = ("reason", "rule", "note")
"""Texts of a record that say why, the first that there is."""

NEXT = ("next", "do")
"""Texts of a record that say what to do."""


class Told(NamedTuple):
    """A rule in words."""

    clause: str
    """What it asks for, as a part of a sentence."""
    room: str
    """What would make room; empty where nothing would."""
    why: str = ""
    next: str = ""


class Ruled(NamedTuple):
    """A rule that stands against something, and what it stands against."""

    member: Requirement
    treatment: str | None
    """The treatment that the plan does without; None where it is a product."""
    words: PlanWords

    @property
    def record(self) -> Record | None:
        """The knowledge record; a few rules of the planner and of permissions have none."""
        return self.words.knowledge.by_ref.get(self.member.what)


def told(ruled: Ruled) -> Told:
    """A rule in words: what it asks for, why, what to do and what would make room."""
    kind = ruled.member.what.partition(".")[0]
    clause, room = CLAUSES.get(kind, _named)(ruled)
    return Told(clause, room, *_reason(ruled))


def _reason(ruled: Ruled) -> tuple[str, str]:
    """The rule's own name with its reason, and what to do."""
    words, ref = ruled.words, ruled.member.what
    if ref.startswith("house."):
        return _why(words.say(f"{ref}.name"), words.say(f"{ref}.reason"), words), words.say(f"{ref}.next")
    if ruled.record is None:
        return "", ""
    found = {name: words.texts.get(ref, name) for name in ruled.record.texts}
    reason = next((found[name] for name in REASONS if name in found), "")
    following = next((found[name] for name in NEXT if name in found), "")
    return _why(found.get("name", ""), reason, words) if reason else "", following


def _why(name: str, reason: str, words: PlanWords) -> str:
    return f"{name}{words.say('report.colon')}{reason}" if name else reason


# --- clauses, by the kind of the record -----------------------------------------------------------------------


def _named(ruled: Ruled) -> tuple[str, str]:
    """Any record that has no clause of its own: its name."""
    name = ruled.words.record(ruled.member.what) or ruled.member.what
    return ruled.words.say("plan.clash.rule", name=name), ruled.words.say("plan.room.other_day")


def _contraindication(ruled: Ruled) -> tuple[str, str]:
    """A contraindication or an age: the days it asks for beside something of the person's own, else its name."""
    record, words = ruled.record, ruled.words
    if not isinstance(record, Rule):
        return _named(ruled)
    own = _own(record.when, ruled)
    ahead = [(fact, day) for fact, day in own if day is not None and day >= (ruled.member.since or words.plan.start)]
    if record.before_days and ahead:
        return words.say("plan.clash.before", n=record.before_days, what=_list(ahead, words)), _room(ruled, "far")
    if record.then and own:
        unit = "days" if record.then.days is not None else "months"
        n = record.then.days if record.then.days is not None else record.then.months
        return words.plan_phrase(f"clash.after.{unit}", n=n, what=_list(own, words)), _room(ruled, "later")
    return words.say("plan.clash.rule", name=words.record(record.ref)), _room(ruled, "")


def _window(ruled: Ruled) -> tuple[str, str]:
    """A window: so many days without something, or between something and the session."""
    window, words = ruled.record, ruled.words
    if not isinstance(window, Window) or ruled.treatment is None:
        return _named(ruled)
    treatment = words.knowledge.get(Treatment, ruled.treatment)
    wait = wait_around(window, treatment, evidence_of(words.profile, words.knowledge))
    if wait is None or window.match is None:
        return _named(ruled)
    if window.match in {"same", "other"}:
        return words.plan_phrase(f"clash.{window.match}", n=wait.whole_days), words.say("plan.room.longer")
    own = _own(window.match, ruled)
    what = _names(own, words) if own else words.builder.wording.condition(window.match)
    clause = words.plan_phrase(f"clash.{window.type}.{window.side}", n=wait.whole_days, what=what)
    return clause, words.plan_phrase(f"room.{window.type}", what=what)


def _treatment(ruled: Ruled) -> tuple[str, str]:
    """The interval between two sessions of one treatment, and how many a series has."""
    record, words = ruled.record, ruled.words
    if not isinstance(record, Treatment) or record.interval_days is None:
        return _named(ruled)
    apart = {"name": words.treatment(record.id), "n": int(record.interval_days.high)}
    if record.sessions is None:
        return words.say("plan.clash.interval", **apart), words.say("plan.room.longer")
    most = int(record.sessions.high)
    return words.say("plan.clash.series", most=most, **apart), words.say("plan.room.longer")


def _house(ruled: Ruled) -> tuple[str, str]:
    """Who may perform it, and treatments without rules."""
    words, ref = ruled.words, ruled.member.what
    known = {LEVEL: "plan.room.licence", LICENCE: "plan.room.licence_confirmed"}
    clause = words.say("plan.clash.rule", name=words.say(f"{ref}.name"))
    return clause, words.say(known[ref]) if ref in known else words.say(f"{ref}.next")


def _scope(ruled: Ruled) -> tuple[str, str]:
    words = ruled.words
    return words.say("plan.clash.rule", name=words.say(f"{LEVEL}.name")), words.say("plan.room.licence")


def _cap(ruled: Ruled) -> tuple[str, str]:
    """How often at most on this person's skin."""
    record, words = ruled.record, ruled.words
    if not isinstance(record, Cap):
        return _named(ruled)
    if record.for_skin(words.plan.skin).default == 0:
        return words.say("plan.clash.cap_nought", name=words.record(record.ref)), words.say("plan.room.answers")
    half = half_of_cap(record.id, words.knowledge)
    times = frequency(record.unit, record.for_skin(words.plan.skin).default, half, words.builder)
    clause = words.say("plan.clash.cap", name=words.record(record.ref), times=times)
    return clause, words.say("plan.room.other_day")


def _pair(ruled: Ruled) -> tuple[str, str]:
    """Two things that don't go together."""
    record, words = ruled.record, ruled.words
    if not isinstance(record, Pair):
        return _named(ruled)
    verdict = words.say(f"pair.{record.verdict}")
    clause = words.say("plan.clash.pair", name=words.record(record.ref), verdict=verdict)
    return clause, words.say("plan.room.other_day")


def _product(ruled: Ruled) -> tuple[str, str]:
    """What leaves a product out or limits it; or, of the basics, the one that is used in another's place."""
    words, record = ruled.words, ruled.record
    if not isinstance(record, Product):
        return _named(ruled)
    name = words.product(record.id)
    if record.basic:
        return words.say("plan.clash.in_its_place", name=name), ""
    conditions = (record.not_when, record.lately.when if record.lately else None)
    own = [each for when in conditions if when for each in _own(when, ruled)]
    if own:
        return words.say("plan.clash.left_out", name=name, what=_names(own, words)), ""
    return words.say("plan.clash.own_limits", name=name), words.say("plan.room.other_day")


def _layer(ruled: Ruled) -> tuple[str, str]:
    """A step that this person's days don't have."""
    name = ruled.words.record(ruled.member.what)
    return ruled.words.say("plan.clash.no_such_step", name=name), ruled.words.say("plan.room.answers")


def _around(ruled: Ruled) -> tuple[str, str]:
    """A line about the days around a visit; what it asks for, it says itself."""
    return ruled.words.say("plan.clash.around"), ruled.words.say("plan.room.other_day")


def _scoring(ruled: Ruled) -> tuple[str, str]:
    """Nothing that would do it fits well enough to be proposed."""
    return ruled.words.say("plan.clash.no_fit"), ruled.words.say("plan.room.answers")


def _seen_first(ruled: Ruled) -> tuple[str, str]:
    """Something that a professional should see before anything new begins."""
    return ruled.words.say("plan.clash.seen_first"), ruled.words.say("plan.room.doctor")


def _planner(ruled: Ruled) -> tuple[str, str]:
    """A rule of the planner itself."""
    if ruled.member.what != ONE_A_DAY:
        return _named(ruled)
    return ruled.words.say("plan.clash.one_a_day"), ruled.words.say("plan.room.other_day")


CLAUSES: dict[str, Callable[[Ruled], tuple[str, str]]] = {
    "contraindication": _contraindication,
    "age": _contraindication,
    "window": _window,
    "treatment": _treatment,
    "house": _house,
    "scope": _scope,
    "cap": _cap,
    "pair": _pair,
    "product": _product,
    "layer": _layer,
    "precare": _around,
    "aftercare": _around,
    "scoring": _scoring,
    "referral": _seen_first,
    "lookalike": _seen_first,
    "plan": _planner,
}


# --- what of the person's own it is about ---------------------------------------------------------------------

Own = tuple[DatedFact, date | None]
"""Something of the person's own, and its day where it is on one."""


def _own(when: str, ruled: Ruled) -> list[Own]:
    """The person's own facts that a condition names, in the order of their days."""
    names = set(expressions.atoms(expressions.parse(when)))
    found = [(fact, _day_of(fact)) for fact in ruled.words.profile.dated if names & set(fact.classes)]
    return sorted(found, key=lambda each: (each[1] or date.min, each[0].where))


def _day_of(fact: DatedFact) -> date | None:
    """The day of something that happens on one day; of a stretch of days the last, where it is known."""
    if fact.ongoing or not fact.days.yes:
        return None
    day = fact.days.yes[-1][1] - 1
    return date.fromordinal(day) if 0 < day < date.max.toordinal() else None


def _list(own: Iterable[Own], words: PlanWords) -> str:
    """In the person's own words, with the day where it is known."""
    quoted = ((words.say("plan.clash.own", what=fact.name), day) for fact, day in own)
    return words.join(
        words.say("plan.clash.on_day", what=what, date=words.day(day)) if day else what for what, day in quoted
    )


def _names(own: Iterable[Own], words: PlanWords) -> str:
    return words.join(dict.fromkeys(words.say("plan.clash.own", what=fact.name) for fact, _ in own))


# --- what would make room -------------------------------------------------------------------------------------


def _room(ruled: Ruled, otherwise: str) -> str:
    """An answer that is still open, a paper or a doctor's word where one would settle it; else another day."""
    words, record = ruled.words, ruled.record
    reason = _reason_today(ruled)
    if reason and reason.asks and not _holds(ruled):
        labels = [words.texts.get(f"question.{path}", "label") for path in reason.asks]
        return words.say("plan.room.answer", list=words.join(labels))
    papers = reason.lifted_by if reason else getattr(record, "lifted_by", ())
    if papers:
        return words.join(words.say(f"clearance.{paper}") for paper in papers)
    status = reason.status.word if reason else getattr(record, "effect", "")
    if status == Status.REFER.word:
        return words.say("plan.room.doctor")
    if otherwise and ruled.treatment and words.knowledge.get(Treatment, ruled.treatment).setting == "home":
        otherwise = "other_day"  # nobody visits anyone for it
    return words.plan_phrase(f"room.{otherwise}") if otherwise else ""


def _holds(ruled: Ruled) -> bool:
    """Whether the answers already say that the rule's condition is so; then no further answer changes it."""
    words, record = ruled.words, ruled.record
    if not isinstance(record, Rule):
        return False
    truth = evidence_of(words.profile, words.knowledge).truth(record.when)
    return spans.contains(truth.yes, (ruled.member.since or words.plan.start).toordinal())


def _reason_today(ruled: Ruled) -> Reason | None:
    """What screening says of the rule on the first day on which it stands in the way."""
    words, member = ruled.words, ruled.member
    if ruled.treatment is None:
        return None
    record = words.knowledge.get(Treatment, ruled.treatment)
    decision = Screening(words.profile, words.knowledge).decide(
        record.id, on=member.since or words.plan.start, performer=usual_performer(record, words.profile.performer)
    )
    return next((reason for reason in decision.reasons if reason.rule == member.what), None)
