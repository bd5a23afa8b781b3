"""Records about care at home: layers, caps, ramp-ups, pairs, pregnancy, sun, patch test, products."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import Days, Id, Piece, Record, Wait
from pellucid.knowledge.schema.treatments import Suit

SkinColumn = Literal["sensitive", "dry", "normal", "combination", "oily"]


class Layer(Record):
    """A place in the order of a morning, an evening or a deep-clean evening."""

    kind: ClassVar[str] = "layer"
    texts: ClassVar[tuple[str, ...]] = ("name", "how")

    routine: Literal["morning", "evening", "deep_clean"]
    order: Annotated[int, Field(ge=1)]
    optional: bool = False
    ask_when: str | None = None
    """Left out where this does not hold."""
    minutes: Annotated[float, Field(ge=0, le=60)]
    """How long it takes, waiting included."""


class CapValue(Piece):
    """How often: the default, and the range that sources give."""

    default: Annotated[float, Field(ge=0)]
    range: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _inside(self) -> "CapValue":
        if self.range and not self.range[0] <= self.default <= self.range[1]:
            raise ValueError("default lies outside range")
        return self


class Cap(Record):
    """How often at most, by skin type; the sensitive column also holds for a weak barrier."""

    kind: ClassVar[str] = "cap"
    texts: ClassVar[tuple[str, ...]] = ("name", "note")

    unit: Literal["per_day", "per_week", "per_two_weeks"]
    shares: Id | None = None
    """The cap whose budget this one is counted in as well."""
    leads: bool = False
    """Whether a ramp-up leads on beyond the default, up to the top of the range."""
    by_skin: dict[SkinColumn, CapValue]

    def for_skin(self, skin: str) -> CapValue:
        """The value of one column."""
        return {str(column): value for column, value in self.by_skin.items()}[skin]

    @model_validator(mode="after")
    def _all_columns(self) -> "Cap":
        missing = {"sensitive", "dry", "normal", "combination", "oily"} - set(self.by_skin)
        if missing:
            raise ValueError(f"no value for {', '.join(sorted(missing))}")
        return self


class RampStep(Piece):
    """So many weeks at so many times a week."""

    weeks: Annotated[int, Field(ge=1)]
    per_week: Annotated[float, Field(gt=0)]


class Ramp(Record):
    """How a new active is brought in."""

    kind: ClassVar[str] = "ramp"
    texts: ClassVar[tuple[str, ...]] = ("name", "how")

    for_skin: Annotated[tuple[SkinColumn, ...], Field(min_length=1)]
    steps: Annotated[tuple[RampStep, ...], Field(min_length=1)]
    gap_days: Days
    """Before the next new active may start."""


DATED = ("hair_removal.", "procedure.")
"""What is done on one day, as conditions name it."""


class Pair(Record):
    """Two actives and how they go together."""

    kind: ClassVar[str] = "pair"
    texts: ClassVar[tuple[str, ...]] = ("name", "rule")

    first: str
    second: str
    """Actives, medicines or steps, as ``active.retinoid`` or ``layer.mask``; checked to exist."""
    verdict: Literal["allowed", "same_step_no", "same_evening_no", "same_day_no", "split_morning_evening", "never"]
    before: Wait | None = None
    """Where one side is something done on a day, such as waxing: how long before it the other is left out as well."""
    after: Wait | None = None
    """The same for the days after it."""
    disagreement: Id | None = None

    @model_validator(mode="after")
    def _days_beside_what_is_dated(self) -> "Pair":
        dated = any(name.startswith(DATED) for name in (self.first, self.second))
        if (self.before or self.after) and not (dated and self.verdict == "never"):
            raise ValueError("before and after need the verdict never, and a side that is done on a day")
        return self

    @property
    def margins(self) -> tuple[int, int]:
        """Whole days before and after the day itself."""
        return self.before.whole_days if self.before else 0, self.after.whole_days if self.after else 0


class PregnancyRule(Record):
    """What to do with a group of actives or medicines in pregnancy, when planning one, and while breastfeeding."""

    kind: ClassVar[str] = "pregnancy_rule"
    texts: ClassVar[tuple[str, ...]] = ("name", "note")

    matches: Annotated[tuple[str, ...], Field(min_length=1)]
    pregnant: Literal["avoid", "limit", "fine", "prescriber"]
    planning: Literal["avoid", "limit", "fine", "prescriber"]
    breastfeeding: Literal["avoid", "limit", "fine", "prescriber"]
    disagreement: Id | None = None


class SunRule(Record):
    """One line of the sun rule."""

    kind: ClassVar[str] = "sun_rule"
    texts: ClassVar[tuple[str, ...]] = ("rule",)

    when: str | None = None
    spf: Annotated[int, Field(ge=15, le=100)] | None = None


class PatchStep(Record):
    """One step of trying a new product on a small spot."""

    kind: ClassVar[str] = "patch_step"
    texts: ClassVar[tuple[str, ...]] = ("do",)

    order: Annotated[int, Field(ge=1)]
    days: tuple[Days, Days] | None = None


class Lately(Piece):
    """Something that still counts for so many months after it has ended."""

    when: str
    months: Annotated[int, Field(ge=1, le=24)]


class Product(Record):
    """A kind of home product that the routine may place."""

    kind: ClassVar[str] = "product"
    texts: ClassVar[tuple[str, ...]] = ("name", "why", "how")

    layers: Annotated[tuple[Id, ...], Field(min_length=1)]
    actives: tuple[Id, ...] = ()
    cap: Id | None = None
    ramps: tuple[Id, ...] = ()
    rinse_off: bool = False
    """Washed off again: someone who uses it isn't yet used to the same active left on."""
    basic: bool = False
    """Part of everyone's routine (cleanser, moisturiser, sunscreen)."""
    fits: tuple[Suit, ...] = ()
    not_when: str | None = None
    """Left out where this holds or isn't known."""
    screened_as: Id | None = None
    """The treatment at home whose screening holds for it too: placed only where that could be done today."""
    lately: Lately | None = None
    """Left out for so many months after something has ended, too."""
    patch_test: bool = False
    minutes: Annotated[float, Field(ge=0, le=60)] | None = None
    """How long it takes where that is longer than its layer usually takes, such as a mask in place of an active."""


class HomeNumber(Record):
    """A number of days that the home-care rules use; most have no source and are house rules."""

    kind: ClassVar[str] = "home_number"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    days: Days
