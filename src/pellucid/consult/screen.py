"""Whether, when and by whom a treatment may be done: every reason on its days, the worst one wins.

A treatment's days come from one place (``Verdicts``): the decision for a day, the days that are permitted, and the
earliest one are read off the same runs, so they can't disagree.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pellucid.consult.evidence import evidence_of
from pellucid.consult.permissions import may_be_pardoned, pardons, performer_reasons
from pellucid.consult.rules import CompiledRule, Ruling, rulings
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.model import spans
from pellucid.model.decision import Decision, Reason
from pellucid.model.ids import AnswerPath
from pellucid.model.levels import Level, Status
from pellucid.model.profile import Profile
from pellucid.model.spans import FUTURE, PAST, Run, Spans, as_date

WAITS = frozenset({Status.DEFER, Status.BLOCKED})
"""What no paper lifts."""

HORIZON_DAYS = 3 * 366
"""How far ahead an earliest date is looked for."""


class Screening:
    """One profile under one knowledge base: every rule worked out once, any treatment asked about."""

    def __init__(self, profile: Profile, knowledge: Knowledge, about: frozenset[str] | None = None) -> None:
        """Work out the rules; raises nothing for missing answers, which stay unknown.

        With ``about``, only the rules that hang on one of these names: enough to see what a supposed session closes.
        """
        self.profile = profile
        self.knowledge = knowledge
        self.evidence = evidence_of(profile, knowledge)
        self._plain: dict[str, list[tuple[Reason, Run]]] = {}
        """Treatment to the reasons that are the same whoever performs and that nothing lifts."""
        self._special: dict[str, list[tuple[Ruling, str | None]]] = {}
        for ruling in rulings(self.evidence, about):
            self._place(ruling)
        self._found: dict[tuple[str, Level], list[tuple[Reason, Run]]] = {}

    def _place(self, ruling: Ruling) -> None:
        rule = ruling.rule
        plain = rule.effect[0] == rule.effect[4] and not may_be_pardoned(rule, self.profile, self.knowledge)
        made: dict[str | None, list[tuple[Reason, Run]]] = {}
        for treatment, part in reach(rule, self.knowledge):
            if not plain:
                self._special.setdefault(treatment, []).append((ruling, part))
                continue
            if part not in made:
                made[part] = list(self._reasons_of(ruling, part, Level.L0, None))
            self._plain.setdefault(treatment, []).extend(made[part])

    def decide(self, treatment: str, *, on: date, performer: Level) -> Decision:
        """The decision for one treatment on one day; see ``screen``."""
        day = on.toordinal()
        reasons = [reason for reason, run in self._all(treatment, performer) if run[0] <= day < run[1]]
        if len(reasons) > 1:
            reasons = _told_once(sorted(reasons, key=_worst_first))
        status = reasons[0].status if reasons else Status.ALLOWED
        until = None if status.bookable else _first_free(self.closed(treatment, performer), day)
        return Decision(treatment, on, performer, status, until, tuple(reasons), self.knowledge.digest)

    def closed(self, treatment: str, performer: Level) -> Spans:
        """Days on which the treatment can't be booked."""
        return spans.normalise(run for reason, run in self._all(treatment, performer) if not reason.status.bookable)

    def once_settled(self, treatment: str, performer: Level, after: date) -> date | None:
        """The first day from ``after`` on on which nothing but questions and referrals stands in the way.

        None where something blocks it, or waits for an end that isn't known.
        """
        waits = [
            (reason, run)
            for reason, run in self._all(treatment, performer)
            if not reason.status.bookable and reason.status not in {Status.ASK, Status.REFER}
        ]
        return first_open(spans.normalise(run for _, run in waits), after)

    def _all(self, treatment: str, performer: Level) -> list[tuple[Reason, Run]]:
        found = self._found.get((treatment, performer))
        if found is None:
            found = self._found[treatment, performer] = list(self._work_out(treatment, performer))
        return found

    def _work_out(self, treatment: str, performer: Level) -> Iterator[tuple[Reason, Run]]:
        record = self.knowledge.get(Treatment, treatment)
        for reason in performer_reasons(record, performer, self.profile.region, self.knowledge):
            yield reason, (PAST, FUTURE)
        yield from self._plain.get(treatment, ())
        for ruling, part in self._special.get(treatment, ()):
            yield from self._reasons_of(ruling, part, performer, treatment)

    def _reasons_of(
        self, ruling: Ruling, part: str | None, performer: Level, treatment: str | None
    ) -> Iterator[tuple[Reason, Run]]:
        rule = ruling.rule
        effect = rule.effect[performer]
        after = rule.then if effect == rule.effect[0] else min(rule.then, effect)
        unknown = Status.CAUTION if max(effect, after) <= Status.CAUTION else Status.ASK
        if after == effect:  # one stretch, so that its reason ends when the wait does
            known = [(effect, effect, spans.union(ruling.during, ruling.after))]
        else:
            known = [(effect, effect, ruling.during), (after, after, ruling.after)]
        # Where nobody knows, the wait may be what holds; no paper settles that.
        worst_unknown = next((each for each in (effect, after) if each in WAITS), max(effect, after))
        for status, worst, days in (*known, (unknown, worst_unknown, ruling.unknown)):
            if not days or status is Status.ALLOWED:
                continue
            asks = ruling.asks if days is ruling.unknown else rule.asks if status is Status.ASK else ()
            lifted = pardons(rule, worst, treatment, self.profile, self.knowledge) if treatment else ()
            for rest, by in _split(days, lifted):
                told = _capped(status, part, by)
                yield from ((_reason(rule, told, run, part, by, asks), run) for run in rest)


def _reason(  # noqa: PLR0913, PLR0917 - one place where a reason is put together
    rule: CompiledRule, status: Status, run: Run, part: str | None, by: str | None, asks: tuple[AnswerPath, ...]
) -> Reason:
    return Reason(
        rule=rule.ref,
        status=status,
        since=as_date(run[0]),
        until=as_date(run[1]),
        sources=rule.sources,
        asks=asks,
        part=part,
        disagreement=rule.disagreement,
        lifted_by=rule.lifted_by if status > Status.CAUTION else (),
        lifted=by,
        days=rule.then_days + 1 if rule.then_days else None,
    )


Reach = tuple[tuple[str, str | None], ...]


def reach(rule: CompiledRule, knowledge: Knowledge) -> Reach:
    """The treatments that a rule touches: those it names, and those with a part that it names.

    A part that a treatment can't do without counts in full. An optional part that is ruled out is left out, so its
    rules count as caution, with the part named. Windows are the whole treatment's own.
    """
    memo: dict[tuple[str, frozenset[str]], Reach] = knowledge.memo.setdefault("reach", {})
    key = rule.ref, rule.treatments  # not its identity: threads that compile at once make a rule more than once
    found = memo.get(key)
    if found is None:
        found = memo[key] = tuple(_touched(rule, knowledge))
    return found


def _touched(rule: CompiledRule, knowledge: Knowledge) -> Iterator[tuple[str, str | None]]:
    is_window = rule.ref.startswith("window.")
    for treatment in knowledge.of(Treatment).values():
        parts = [] if is_window else [part for part in treatment.parts if part.treatment in rule.treatments]
        if treatment.id in rule.treatments or any(not part.optional for part in parts):
            yield treatment.id, None
        else:
            yield from ((treatment.id, part.treatment) for part in parts)


def _split(days: Spans, lifted: tuple[tuple[Run, str], ...]) -> Iterator[tuple[Spans, str | None]]:
    """The days on which nothing lifts the rule, and those on which a paper or override does."""
    rest = days
    for run, by in lifted:
        pardoned = spans.intersection(rest, (run,))
        if pardoned:
            yield pardoned, by
            rest = spans.difference(rest, pardoned)
    if rest:
        yield rest, None


def _told_once(reasons: list[Reason]) -> list[Reason]:
    """A rule that holds through two columns, or with a longer wait for some, is told once: as it lasts longest."""
    told: dict[tuple[str, Status, str | None], Reason] = {}
    for reason in reasons:
        told.setdefault((reason.rule, reason.status, reason.part), reason)
    return list(told.values())


def _capped(status: Status, part: str | None, by: str | None) -> Status:
    return min(status, Status.CAUTION) if part or by else status


def _worst_first(reason: Reason) -> tuple[int, float, str, str]:
    lasts = -reason.until.toordinal() if reason.until else -FUTURE
    return -reason.status, lasts, reason.rule, reason.part or ""


def _first_free(closed: Spans, day: int) -> date | None:
    run = spans.run_of(closed, day)
    if run is None or run[1] > day + HORIZON_DAYS:
        return None
    return as_date(run[1])


def screen(  # noqa: PLR0913 - the signature that every face of the product calls
    profile: Profile,
    treatment: str,
    *,
    on: date,
    performer: Level,
    region: str | None = None,
    knowledge: Knowledge,
) -> Decision:
    """Screen one treatment for one person, performer and day.

    Args:
        profile: frozen facts; what they leave out is unknown, never "no".
        treatment: id of a treatment in the knowledge base.
        on: the day of the session.
        performer: licence level of the person who would do it.
        region: whose rules hold; the profile's own where left out.
        knowledge: the knowledge base, with a clinic's rules if any.

    Returns:
        The worst status of all reasons that hold on that day, with every reason.

    Raises:
        UnknownIdError: there is no such treatment.
    """
    return Screening(in_region(profile, region), knowledge).decide(treatment, on=on, performer=performer)


def screen_all(
    profile: Profile, *, on: date, performer: Level | None = None, knowledge: Knowledge
) -> tuple[Decision, ...]:
    """Screen every treatment; where no performer is named, each by the lowest level that may perform it."""
    screening = Screening(profile, knowledge)
    return tuple(
        screening.decide(treatment.id, on=on, performer=usual_performer(treatment, performer))
        for treatment in knowledge.of(Treatment).values()
    )


def usual_performer(treatment: Treatment, performer: Level | None) -> Level:
    """The performer to screen for: the one named (home care is done at home), else the lowest proposed level."""
    lowest = Level[treatment.level.level]
    if performer is None or lowest is Level.L0:
        return max(lowest, performer or Level.L0)
    return performer


def permitted_spans(  # noqa: PLR0913 - as screen
    profile: Profile,
    treatment: str,
    horizon: tuple[date, date],
    *,
    performer: Level,
    region: str | None = None,
    knowledge: Knowledge,
) -> tuple[tuple[date, date], ...]:
    """The days on which a treatment may be booked, as half-open stretches within the horizon.

    The horizon is half-open too: first day, and the day after the last. A day is in a stretch exactly when
    ``screen`` on that day is allowed or caution.
    """
    start, end = (day.toordinal() for day in horizon)
    closed = Screening(in_region(profile, region), knowledge).closed(treatment, performer)
    free = spans.clip(spans.complement(closed), start, end)
    return tuple((date.fromordinal(first), date.fromordinal(last)) for first, last in free)


def earliest_date(  # noqa: PLR0913 - as screen
    profile: Profile,
    treatment: str,
    *,
    after: date,
    performer: Level,
    region: str | None = None,
    knowledge: Knowledge,
) -> date | None:
    """The first day from ``after`` on on which it may be booked; None where no such day is known."""
    closed = Screening(in_region(profile, region), knowledge).closed(treatment, performer)
    return first_open(closed, after)


def first_open(closed: Spans, after: date) -> date | None:
    """The first day outside the closed runs, from a day on, within the horizon."""
    day = after.toordinal()
    return after if not spans.contains(closed, day) else _first_free(closed, day)


def in_region(profile: Profile, region: str | None) -> Profile:
    """The profile under another region's rules."""
    if region is None or region == profile.region:
        return profile
    return replace(profile, region=region)
