"""The planning problem of one person as plain values: days, openings, items, and what bars what. No solver here.

Days are numbered from 0, the plan's first day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pellucid.model.plan import Part, Pin, Standing
from pellucid.model.slot import Slot

Rules = tuple[str, ...]
"""Knowledge records by ``kind.id``."""

WEEK = 7


ONE_ONLY = ("pm_active", "am_treatment", "pm_cleanse", "am_cleanse", "dc_steam", "dc_exfoliate", "dc_mask")
"""Layers with room for one product."""


MASKS = frozenset({"dc_mask", "dc_exfoliate"})
"""Layers without which an evening is no deep-clean evening."""


class Rate(NamedTuple):
    """At most so many uses in any so many days in a row."""

    uses: int
    days: int

    @property
    def per_week(self) -> float:
        """The most that it comes to in a week."""
        return self.uses * WEEK / self.days


DAILY = Rate(1, 1)


class Stage(NamedTuple):
    """From so many days after the first use on, at most this often."""

    after: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class Opening:
    """A slot that a session may take."""

    slot: Slot
    day: int
    value: int
    """What a session there adds to the goals, before what visits cost the person."""
    cents: int
    """Its price in hundredths, where it counts against the budget."""
    standing: Standing = Standing.PROPOSED
    against: Rules = ()
    """What rules this day out for this treatment, whatever else the plan holds; empty where nothing does."""
    virtual: bool = False
    """A time that the clinic does not offer; it only serves to tell whether another time would help."""
    was: str | None = None
    """The session that the former plan had here."""

    @property
    def treatment(self) -> str:
        """The treatment it is for."""
        return self.slot.treatment


@dataclass(frozen=True, slots=True)
class Item:
    """A home product that the plan may place."""

    product: str
    fit: float
    names: frozenset[str]
    """What it is in the words of conditions: its actives and their groups."""
    morning: tuple[str, ...]
    """Its layers in the morning; used in all of them or in none."""
    evening: tuple[str, ...]
    deep_clean: tuple[str, ...]
    closed: Mapping[int, Rules]
    """Days on which it can't be used, whatever else the plan holds, and the rules behind them."""
    daily: bool = False
    """Used every day that is open, or not at all: nothing about it needs care."""
    rate: Rate = DAILY
    resting: Rate = DAILY
    """While the skin rests after irritation."""
    new: bool = False
    elected: bool = False
    """Whether it has to be chosen at all: something new, or a way to exfoliate that the person doesn't use yet."""
    ramp: str | None = None
    stages: tuple[Stage, ...] = ()
    minutes: float = 0
    """How long it takes, where that is longer than its layer."""
    gap: int = 0
    """Days before the next new product's test may begin."""

    @property
    def halves(self) -> Mapping[Part, tuple[str, ...]]:
        """Its layers in each half of a day; where it has any on a plain evening, those."""
        return {Part.MORNING: self.morning, Part.EVENING: self.evening or self.deep_clean}

    @property
    def scarce(self) -> bool:
        """Whether it is meant for some days of the week only."""
        return self.rate.per_week < WEEK


class Shared(NamedTuple):
    """A budget that several items share."""

    cap: str
    rate: Rate
    resting: Rate
    items: tuple[int, ...]


class Apart(NamedTuple):
    """Two items that must not meet: in the same half of a day, on the same day, or at all."""

    pair: str
    first: int
    second: int
    where: str
    """``evening``, ``morning``, ``half`` (whichever), ``day``."""


class Conflict(NamedTuple):
    """Two openings that can't both be taken."""

    first: int
    second: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class Home:
    """Everything about care at home."""

    items: tuple[Item, ...]
    shared: tuple[Shared, ...]
    apart: tuple[Apart, ...]
    deep_closed: Mapping[int, Rules]
    """Days on which there can be no deep-clean evening."""
    deep_rate: Rate
    test_days: int
    unstartable: Mapping[int, Rules]
    """Days on which neither a test nor a first use may fall."""
    rest: frozenset[int]
    most_new: int
    new_window: int
    """At most ``most_new`` new products in so many days."""
    one_way: tuple[int, ...] = ()
    """Items of which the plan uses one at most: one way to exfoliate."""
    minutes: "Minutes | None" = None
    wished: "tuple[HomeWish, ...]" = ()
    left_out: Mapping[str, Rules] = field(default_factory=dict)
    """Product without a place in the plan to what leaves it out; only there to tell why not."""


class HomeWish(NamedTuple):
    """A treatment at home that was asked for, and what does it: items, a deep-clean evening, or the basics."""

    treatment: str
    items: tuple[int, ...]
    """One use of one of them is enough."""
    evenings: bool
    """Whether a deep-clean evening is what was asked for."""
    basics: bool
    """Whether it takes no more than what everyone uses."""
    closed: Mapping[int, Rules]
    """Days on which it can't be, whatever does it."""
    without: tuple[str, ...]
    """Products that would do it too and have no place in the plan."""


class Minutes(NamedTuple):
    """The limit of a day, and what each layer takes."""

    limit: float
    of_layer: Mapping[str, float]
    morning: frozenset[str]
    """Layers that the basics fill anyway."""
    evening: frozenset[str]
    deep_clean: frozenset[str]


@dataclass(frozen=True, slots=True)
class Former:
    """What the plan before this one held, and which of its days are over."""

    today: int
    """Days before this one can't be changed any more."""
    used: Mapping[tuple[int, int], bool]
    """(item, day) to whether it was used, or was going to be."""
    deep: Mapping[int, bool]
    first_use: Mapping[int, int]
    """Item to the day of its first use, for those that were begun."""
    sessions: Mapping[str, int] = field(default_factory=dict)
    """Treatment to how many sessions of it were still ahead."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the solver is told."""

    start: int
    """Day number of day 0."""
    length: int
    weights: Mapping[str, int]
    openings: tuple[Opening, ...]
    conflicts: tuple[Conflict, ...]
    most: Mapping[str, int]
    """Treatment to the most sessions of it."""
    wanted: tuple[str, ...]
    home: Home
    bars: Mapping[int, Mapping[int, Mapping[int, Rules]]]
    """Opening to item to the days on which a session there rules the item out."""
    deep_bars: Mapping[int, Mapping[int, Rules]]
    """Opening to the days on which a session there rules out a deep-clean evening."""
    hush: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Opening to the days on which, because of a session there, nothing new is tried or begun."""
    pins: tuple[Pin, ...] = ()
    budget: int | None = None
    """In hundredths."""
    away: Mapping[int, str] = field(default_factory=dict)
    """Days away to the requirement's name."""
    former: Former | None = None

    @property
    def today(self) -> int:
        """The first day that can still be changed."""
        return self.former.today if self.former else 0
