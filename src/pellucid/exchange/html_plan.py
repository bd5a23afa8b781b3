"""What the calendar of the HTML report is laid out from: weeks in blocks, days by what is on them, and the legend."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from pellucid.exchange.plan_model import (
    EveningWord,
    PlanDayOut,
    PlanOut,
    PlanRoutineOut,
    PlanSessionOut,
    PlanWeekOut,
    StripeWord,
)

ONE_TABLE = 16
"""Up to so many weeks stand in one table; a longer plan is cut into quarters."""

QUARTER = 13

EVENINGS: tuple[EveningWord, ...] = ("active", "deep_clean", "quiet", "rest")
"""Kinds of evening that the legend explains; any other one is as usual."""


class Block(NamedTuple):
    """Weeks that stand in one table."""

    weeks: Sequence[PlanWeekOut]
    open: bool
    """Whether it is shown at once."""


class PlanView:
    """Which parts of a plan there are, and what its ids mean."""

    def __init__(self, plan: PlanOut) -> None:
        """Remember the plan."""
        self.plan = plan
        self.visits: dict[str, PlanSessionOut] = {each.key: each for each in plan.sessions}
        self.routines: dict[str, PlanRoutineOut] = {each.id: each for each in plan.routines}
        self.stripes = {each.id: each for each in plan.stripes}

    @cached_property
    def days(self) -> list[PlanDayOut]:
        """Every day of the plan."""
        return [day for week in self.plan.weeks for day in week.days]

    @cached_property
    def blocks(self) -> list[Block]:
        """The weeks in tables; of several, the one with today is open, or else the first."""
        weeks = self.plan.weeks
        if len(weeks) <= ONE_TABLE:
            return [Block(weeks, open=True)]
        parts = [weeks[first : first + QUARTER] for first in range(0, len(weeks), QUARTER)]
        now = next((number for number, part in enumerate(parts) if any(week.current for week in part)), 0)
        return [Block(part, open=number == now) for number, part in enumerate(parts)]

    @cached_property
    def evenings(self) -> list[EveningWord]:
        """The kinds of evening that the legend explains."""
        found = {day.evening_kind for day in self.days}
        return [kind for kind in EVENINGS if kind in found]

    @cached_property
    def stripe_kinds(self) -> list[StripeWord]:
        """The kinds of stripe that there are, from the top of a week down."""
        return list(dict.fromkeys(stripe.kind for stripe in self.plan.stripes))

    @cached_property
    def marks(self) -> list[str]:
        """The other marks in the grid."""
        there = {
            "test": any(day.tests for day in self.days),
            "first_use": any(day.first_uses for day in self.days),
            "event": any(day.events for day in self.days),
            "irritation": any(day.irritation for day in self.days),
            "review": any(day.review for day in self.days),
            "done": any(day.standing == "done" for day in self.days),
            "missed": any(day.standing == "missed" for day in self.days),
            "changed": any(day.changed for day in self.days),
        }
        return [mark for mark, is_there in there.items() if is_there]
