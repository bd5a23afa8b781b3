"""A home routine: layers for morning, evening and a deep-clean evening, how often, and how to bring in what is new."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Placed:
    """A product in a layer, with what speaks for it."""

    product: str
    because: tuple[tuple[str, float, tuple[str, ...]], ...] = ()
    """(finding or goal, weight, sources), what counts most first."""
    sources: tuple[str, ...] = ()
    new: bool = False
    """Whether it holds an active that the person doesn't use yet."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One step of a routine."""

    layer: str
    products: tuple[Placed, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """How often at most: start at ``default``; ``most`` only when the skin stays calm."""

    cap: str
    unit: str
    default: float
    most: float
    shares: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RampStage:
    """From a day on, so many times a week."""

    since: date
    per_week: float


@dataclass(frozen=True, slots=True)
class RampUp:
    """How one new product is brought in, dated; the patch test comes first."""

    product: str
    ramp: str | None
    patch_test_from: date
    stages: tuple[RampStage, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A product that would fit and is not placed, and why: a safety fact holds, or nobody knows."""

    product: str
    because: tuple[str, ...]
    unknown: bool


@dataclass(frozen=True, slots=True)
class Caution:
    """Something of the person's own that needs care: a pair, or a product in pregnancy."""

    rule: str
    verdict: str
    concerns: tuple[str, ...]
    sources: tuple[str, ...]
    disagreement: str | None = None


@dataclass(frozen=True, slots=True)
class Routine:
    """The home routine of one person."""

    skin: str
    """The column of caps that holds: sensitive, dry, normal, combination or oily."""
    simple: bool
    """Whether nothing new is brought in until a professional has looked."""
    morning: tuple[Layer, ...]
    evening: tuple[Layer, ...]
    deep_clean: tuple[Layer, ...]
    """Empty where a deep-clean evening is not advised."""
    limits: tuple[Limit, ...]
    ramps: tuple[RampUp, ...]
    left_out: tuple[LeftOut, ...]
    pairs: tuple[Caution, ...]
    pregnancy: tuple[Caution, ...]
    sun: tuple[str, ...]
    """Ids of the sun rules that hold."""
    keep: tuple[str, ...] = ()
    """What a prescriber gave for the face, in the person's words: it goes on as they said."""
