"""The ground both halves of the model stand on: variables, goals, and rules to switch off when telling why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from pellucid.plan.problem import Problem, Rate, Rules

Expr = cp_model.LinearExpr
IntVar = cp_model.IntVar

MINUTE_PARTS = 10
"""Minutes are counted in tenths."""


@dataclass
class Encoder:
    """One CP-SAT model under construction.

    Where it ``explains``, every requirement has a switch by its name: what is switched off does not bind, so that the
    solver can say which of them clash. Where it doesn't, all of them bind and the goals count.
    """

    problem: Problem
    explains: bool = False
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    switches: dict[str, IntVar] = field(default_factory=dict)
    goals: list[tuple[int, Expr]] = field(default_factory=list)

    def var(self, name: str) -> IntVar:
        """A new yes-or-no variable."""
        return self.model.new_bool_var(name)

    def switch(self, requirement: str) -> IntVar:
        """The switch of a requirement."""
        if requirement not in self.switches:
            self.switches[requirement] = self.var(requirement)
        return self.switches[requirement]

    def under(self, *requirements: str) -> list[IntVar]:
        """What a constraint is enforced by: nothing at all, unless this explains."""
        return [self.switch(each) for each in requirements] if self.explains else []

    def forbid(self, together: Iterable[IntVar], rules: Rules) -> None:
        """Not all of these at once; each of the rules says so by itself."""
        clause = [each.negated() for each in together]
        if not self.explains:
            self.model.add_bool_or(clause)
            return
        for rule in rules:
            self.model.add_bool_or([*clause, self.switch(rule).negated()])

    def require(self, constraint: object, *requirements: str) -> None:
        """A linear constraint, bound by requirements where this explains."""
        added = self.model.add(constraint)  # type: ignore[arg-type]  # bounded linear expressions have no common type
        if self.explains and requirements:
            added.only_enforce_if(self.under(*requirements))

    def aim(self, weight: int, what: Expr) -> None:
        """Count something for the goals, as often as its weight says; negative to avoid it."""
        if weight and not self.explains:
            self.goals.append((weight, what))

    def at_most(self, uses: Mapping[int, Expr], rate: Rate, today: int, requirement: str, upto: int) -> None:
        """At most so many uses in so many days, in every stretch that ends from today on.

        A stretch that reaches back into days that are over can only forbid a further use, not undo what was done.
        """
        if rate.uses >= rate.days:
            return
        for last in range(today, upto):
            stretch = [uses[day] for day in range(max(0, last - rate.days + 1), last + 1) if day in uses]
            if last - rate.days + 1 < today and today > 0:
                self.no_more(uses, last, rate, requirement)
            elif len(stretch) > rate.uses and (last >= rate.days - 1 or last == upto - 1):
                self.require(sum(stretch) <= rate.uses, requirement)

    def no_more(self, uses: Mapping[int, Expr], day: int, rate: Rate, requirement: str) -> None:
        """A use on this day only where it makes no more than so many in the days up to it."""
        if day not in uses:
            return
        if rate.uses == 0:
            self.require(uses[day] == 0, requirement)
            return
        before = [uses[each] for each in range(max(0, day - rate.days + 1), day) if each in uses]
        if len(before) >= rate.uses:
            self.require(sum(before) <= rate.uses - 1 + rate.days * (1 - uses[day]), requirement)

    def finish(self) -> None:
        """Set the objective."""
        if self.goals:
            self.model.maximize(sum(weight * what for weight, what in self.goals))
