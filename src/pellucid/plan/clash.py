"""Why something can't be had: the smallest set of requirements that clash, found by the solver itself.

Every requirement has a switch. With the objective gone, the solver says which switches can't all be on; then each is
tried without, and what is not needed for the clash goes.
"""

from collections.abc import Iterable
from datetime import timedelta

from ortools.sat.python import cp_model

from pellucid.consult.products import never
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.home import Product
from pellucid.model.plan import Clash, Requirement
from pellucid.plan.encode import Encoder
from pellucid.plan.encode_home import encode_home
from pellucid.plan.encode_visits import encode_visits
from pellucid.plan.pose import Asked, openings_of, pose
from pellucid.plan.problem import Former, Opening, Problem
from pellucid.plan.solve import settings

LIMIT = 5.0
"""Deterministic time for one question to the solver."""

WISHES = ("want", "booked", "pin")
"""What a plan can do without; everything else stays."""

LIMITS = ("budget", "minutes", "away", "slots")
"""What the person or the clinic sets."""


class Requirements:
    """Every requirement of one problem with its switch."""

    def __init__(self, problem: Problem) -> None:
        """Build the model; care at home comes in where a choice for it is pinned."""
        self.problem = problem
        self.encoder = Encoder(problem, explains=True)
        visits = encode_visits(self.encoder)
        if problem.pins:
            encode_home(self.encoder, visits, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of every requirement, in order."""
        return tuple(sorted(self.encoder.switches))

    def clash(self, names: Iterable[str]) -> tuple[str, ...] | None:
        """Some of these that can't all be kept; None where they can."""
        model, switches = self.encoder.model, self.encoder.switches
        model.clear_assumptions()
        chosen = [name for name in names if name in switches]
        model.add_assumptions([switches[name] for name in chosen])
        solver = cp_model.CpSolver()
        settings(solver, LIMIT)
        status = solver.solve(model)
        if status != cp_model.INFEASIBLE:
            return None
        found = set(solver.sufficient_assumptions_for_infeasibility())
        core = tuple(name for name in chosen if switches[name].index in found)
        return core or tuple(chosen)

    def smallest(self, names: Iterable[str]) -> tuple[str, ...]:
        """A clash of which no member can be left out; empty where these can all be kept."""
        core = self.clash(names)
        if core is None:
            return ()
        for name in sorted(core, key=_last_resort):
            without = [each for each in core if each != name]
            smaller = self.clash(without) if name in core else None
            core = smaller or core
        return core


def _last_resort(name: str) -> tuple[int, str]:
    """What is tried without first: other wishes, then the limits that person and clinic set, then rules."""
    kind = name.partition(".")[0]
    return (0 if kind in WISHES else 1 if kind in LIMITS else 2), name


def clashes(asked: Asked, dropped: tuple[str, ...], former: Former | None = None) -> tuple[Clash, ...]:
    """For each wish that the plan does without, the requirements that rule it out."""
    if not dropped:
        return ()
    openings = openings_of(asked, former, named=True)
    plain = {name: _ruled_out_throughout(name, openings) or _not_for_this_skin(name, asked) for name in dropped}
    requirements = None
    if not all(plain.values()):
        requirements = Requirements(pose(asked, former, named=True))
    found = []
    for name, rule in plain.items():
        members: tuple[str, ...] = (name, rule) if rule else ()
        if requirements is not None and not members:
            kept = [each for each in requirements.names if each == name or each not in dropped]
            members = requirements.smallest(kept)
        told = {each: _requirement(each, name, openings, asked) for each in (name, *members)}
        found.append(Clash(told[name], tuple(told[each] for each in members)))
    return tuple(found)


def _ruled_out_throughout(name: str, openings: tuple[Opening, ...]) -> str | None:
    """The rule that stands against a wish on every day, whether or not the clinic has a time: it needs no solver."""
    kind, _, what = name.partition(".")
    mine = [
        opening.against
        for opening in openings
        if (kind == "want" and opening.treatment == what) or (kind == "booked" and opening.slot.id == what)
    ]
    return next((rule for rule in mine[0] if all(rule in against for against in mine)), None) if mine else None


def _not_for_this_skin(name: str, asked: Asked) -> str | None:
    """The cap of a pinned product that has no place on this skin at all."""
    kind, _, what = name.partition(".")
    product = asked.knowledge.of(Product).get(what.partition("@")[0]) if kind == "pin" else None
    out = product is not None and never(product, asked.person.skin, asked.knowledge)
    return f"cap.{product.cap}" if product and out else None


def satisfiable(asked: Asked, members: Iterable[str], former: Former | None = None) -> bool:
    """Whether requirements, by name, can all be kept when nothing else is asked."""
    return Requirements(pose(asked, former, named=True)).clash(sorted(members)) is None


def _requirement(name: str, wish: str, openings: tuple[Opening, ...], asked: Asked) -> Requirement:
    kind, _, what = name.partition(".")
    if kind in (*WISHES, *LIMITS):
        return Requirement(kind, what)
    treatment = wish.partition(".")[2].partition("@")[0]
    days = [
        opening.day
        for opening in openings
        if name in opening.against and opening.treatment == treatment and not opening.virtual
    ]
    mine = [opening for opening in openings if opening.treatment == treatment]
    if all(name in opening.against for opening in mine):
        days = []  # it holds throughout, so that no day needs naming
    since, until = ((asked.start + timedelta(days=day)) for day in (min(days), max(days))) if days else (None, None)
    return Requirement("rule", name, _sources(name, asked.knowledge), since, until)


def _sources(rule: str, knowledge: Knowledge) -> tuple[str, ...]:
    record = knowledge.by_ref.get(rule)
    return record.source if record else ("house",)
