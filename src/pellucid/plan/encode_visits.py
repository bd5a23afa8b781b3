"""Sessions in the solver's words: which openings are taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

from ortools.sat.python import cp_model

from pellucid.model.plan import Standing
from pellucid.plan.encode import Encoder, IntVar
from pellucid.plan.problem import Conflict, Opening


@dataclass
class Visits:
    """The variables of the sessions."""

    taken: dict[int, IntVar] = field(default_factory=dict)
    """Opening to whether a session takes it."""
    dropped: dict[str, IntVar] = field(default_factory=dict)
    """Requirement to whether the plan does without it."""
    kept: list[IntVar] = field(default_factory=list)
    """For each pinned use whether the visits leave room for it."""


def encode_visits(encoder: Encoder, *, alone: bool = True, costs: Mapping[str, int] | None = None) -> Visits:
    """Everything that holds between sessions; found ``alone``, before care at home, they leave room for pinned uses.

    ``costs`` is what a session of each treatment costs care at home, where that is to count.
    """
    problem = encoder.problem
    visits = Visits()
    for number, opening in enumerate(problem.openings):
        visits.taken[number] = encoder.var(f"take {opening.slot.id}")
        _alone(encoder, visits, number, opening)
    for conflict in problem.conflicts if encoder.explains else ():
        encoder.forbid((visits.taken[conflict.first], visits.taken[conflict.second]), conflict.rules)
    if not encoder.explains:
        for clique in cliques(problem.conflicts):
            encoder.model.add_at_most_one(visits.taken[number] for number in clique)
        _beside_bookings(encoder, visits)
    _counts(encoder, visits)
    _wishes(encoder, visits)
    if not encoder.explains:
        _goals(encoder, visits, costs or {})
        if alone:
            _pinned(encoder, visits)
    return visits


def _alone(encoder: Encoder, visits: Visits, number: int, opening: Opening) -> None:
    """What holds for one opening whatever else is taken."""
    taken = visits.taken[number]
    if opening.against:
        encoder.forbid((taken,), opening.against)
    if opening.virtual:
        encoder.forbid((taken,), (f"slots.{opening.treatment}",))
    if opening.standing is Standing.BOOKED:
        name = f"booked.{opening.slot.id}"
        if encoder.explains:
            encoder.require(taken == 1, name)
        else:
            visits.dropped[name] = encoder.var(f"drop {name}")
            encoder.model.add(taken + visits.dropped[name] == 1)
    elif opening.day in encoder.problem.away:
        encoder.forbid((taken,), (encoder.problem.away[opening.day],))


def _beside_bookings(encoder: Encoder, visits: Visits) -> None:
    """Nothing is proposed that clashes with an appointment that no rule stands against, whether or not it is kept."""
    openings = encoder.problem.openings
    for conflict in encoder.problem.conflicts:
        for number, other in ((conflict.first, conflict.second), (conflict.second, conflict.first)):
            standing = openings[number].standing, openings[other].standing
            if standing == (Standing.PROPOSED, Standing.BOOKED) and not openings[other].against:
                encoder.model.add(visits.taken[number] == 0)


def cliques(conflicts: tuple[Conflict, ...]) -> list[list[int]]:
    """Sets of openings of which at most one can be taken, that together say what the pairs say.

    The solver sees much further with "at most one of these ten" than with forty-five pairs.
    """
    near: dict[int, set[int]] = {}
    for conflict in conflicts:
        near.setdefault(conflict.first, set()).add(conflict.second)
        near.setdefault(conflict.second, set()).add(conflict.first)
    covered: set[tuple[int, int]] = set()
    found = []
    for conflict in conflicts:
        pair = conflict.first, conflict.second
        if pair in covered:
            continue
        clique = list(pair)
        for other in sorted(near[pair[0]] & near[pair[1]]):
            if all(other in near[member] for member in clique):
                clique.append(other)
        covered.update(combinations(sorted(clique), 2))
        found.append(sorted(clique))
    return found


def _counts(encoder: Encoder, visits: Visits) -> None:
    problem = encoder.problem
    numbered = list(enumerate(problem.openings))
    for treatment, most in problem.most.items():
        mine = [visits.taken[number] for number, opening in numbered if opening.treatment == treatment]
        if len(mine) > most:
            encoder.require(sum(mine) <= most, f"treatment.{treatment}")
    proposed = [(number, opening) for number, opening in numbered if opening.standing is Standing.PROPOSED]
    priced = [(opening.cents, visits.taken[number]) for number, opening in proposed if opening.cents]
    if problem.budget is not None and priced:
        encoder.require(sum(cents * taken for cents, taken in priced) <= problem.budget, "budget.all")


def _wishes(encoder: Encoder, visits: Visits) -> None:
    problem = encoder.problem
    for treatment in problem.wanted:
        mine = [visits.taken[number] for number, each in enumerate(problem.openings) if each.treatment == treatment]
        name = f"want.{treatment}"
        if encoder.explains:
            encoder.require(sum(mine) >= 1, name)
        else:
            visits.dropped[name] = encoder.var(f"drop {name}")
            encoder.model.add_bool_or([*mine, visits.dropped[name]])


def _goals(encoder: Encoder, visits: Visits, costs: Mapping[str, int]) -> None:
    """Results sooner, few visits, cost, preferred days; each wish, booking and former session kept."""
    problem, weights = encoder.problem, encoder.problem.weights
    for number, opening in enumerate(problem.openings):
        encoder.aim(opening.value - costs.get(opening.treatment, 0), visits.taken[number])
    for name, dropped in visits.dropped.items():
        encoder.aim(-weights["wish" if name.startswith("want.") else "booked"], dropped)
    _each_visit_costs_more(encoder, visits)
    sessions: dict[str, list[int]] = {}
    for number, opening in enumerate(problem.openings):
        if opening.was:
            sessions.setdefault(opening.was, []).append(number)
    _no_more_than_before(encoder, visits)
    for numbers in sessions.values():
        encoder.aim(weights["changed_session"], cp_model.LinearExpr.sum([visits.taken[each] for each in numbers]))


def _pinned(encoder: Encoder, visits: Visits) -> None:
    """A visit leaves room for a pinned use at home, where it can."""
    problem = encoder.problem
    products = {item.product: number for number, item in enumerate(problem.home.items)}
    for pin in problem.pins:
        number, day = products.get(pin.product), pin.on.toordinal() - problem.start
        if number is None or not problem.today <= day < problem.length:
            continue
        kept = encoder.var(f"kept {pin.product} {pin.on}")
        encoder.aim(problem.weights["pin"], kept)
        visits.kept.append(kept)
        for opening, bars in problem.bars.items():
            if day in bars.get(number, {}):
                encoder.model.add_at_most_one(kept, visits.taken[opening])


def _no_more_than_before(encoder: Encoder, visits: Visits) -> None:
    """Planning again may replace a session, and adds one only for a reason."""
    problem = encoder.problem
    if problem.former is None:
        return
    for treatment in sorted({each.treatment for each in problem.openings}):
        mine = [visits.taken[n] for n, each in enumerate(problem.openings) if each.treatment == treatment]
        more = encoder.model.new_int_var(0, len(mine), f"more {treatment}")
        encoder.model.add(more >= cp_model.LinearExpr.sum(mine) - problem.former.sessions.get(treatment, 0))
        encoder.aim(-problem.weights["changed_session"], more)


def _each_visit_costs_more(encoder: Encoder, visits: Visits) -> None:
    """The first visit costs the person once the weight, the second twice: few visits, and none without a reason."""
    weight = encoder.problem.weights["visit"]
    taken = [visits.taken[number] for number, each in enumerate(encoder.problem.openings)]
    if not weight or not taken:
        return
    days = len({opening.day for opening in encoder.problem.openings})
    steps = [encoder.var(f"visit {number}") for number in range(1, days + 1)]
    encoder.model.add(cp_model.LinearExpr.sum(steps) == cp_model.LinearExpr.sum(taken))
    for number, step in enumerate(steps, start=1):
        encoder.aim(-weight * number, step)
        if number > 1:
            encoder.model.add_implication(step, steps[number - 2])
