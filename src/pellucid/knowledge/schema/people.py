"""Records about the person: questions, classes of dated facts, categories with their evidence, referral."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import DottedId, Id, Record, Ref, Sources, Weight

Urgency = Literal["emergency", "same_day", "prompt", "routine", "consider"]
Professional = Literal["emergency", "physician", "dermatologist", "prescriber", "mental_health", "practitioner"]
RecordName = Literal["medicine", "active", "procedure", "hair_removal", "sun", "event", "clearance", "away"]
"""What the entries of a list are; ``clearance`` and ``away`` are no facts that conditions name."""


class Question(Record):
    """One thing that may be asked; its id is its path in an intake file."""

    kind: ClassVar[str] = "question"
    texts: ClassVar[tuple[str, ...]] = ("ask", "why", "label")

    id: DottedId
    section: Id
    type: Literal["yes_no", "choice", "multi", "whole", "number", "day", "text", "records"]
    options: tuple[Id, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    safety: bool = False
    """Whether a missing answer can make a treatment unsafe."""
    fresh_days: Annotated[int, Field(ge=1)] | None = None
    """After how many days the answer is asked again."""
    ask_when: str | None = None
    """Asked only where this may hold."""
    volunteer: bool = False
    """Taken where it is given (an instrument reading, a professional's own grade), never asked for."""
    record: RecordName | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> "Question":
        if (self.type in {"choice", "multi"}) != bool(self.options):
            raise ValueError("options belong to choice and multi questions")
        if (self.type == "records") != (self.record is not None):
            raise ValueError("record belongs to questions of type records")
        return self

    def nested_texts(self) -> dict[str, tuple[str, ...]]:
        """One text an option."""
        return {"options": self.options} if self.options else {}


class Exposure(Record):
    """A class of dated facts: a medicine, a cosmetic active, a procedure, hair removal, sun or an event.

    Conditions name it ``<record>.<id>`` or by one of its groups: ``medicine.retinoid_topical``.
    """

    kind: ClassVar[str] = "exposure"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    id: DottedId
    """``medicine.adapalene``: the record type, a dot, and the class."""
    names: tuple[str, ...] = ()
    """How people write it, lower case; the class id itself always counts."""
    groups: tuple[Id, ...] = ()
    routes: tuple[str, ...] = ()
    """Only with one of these routes; a missing route counts as each of them."""
    prescribed: bool = False
    """Whether it is usually prescribed; the intake can say otherwise."""
    lasting: bool = False
    """Whether it counts for ever once it was (gold treatment)."""


class Category(Record):
    """Something a person's skin may be, with the evidence that counts for it."""

    points: tuple[Weight, ...]


class SkinType(Category):
    """Base type by lipid: dry, normal, combination or oily; exactly one or "cannot tell"."""

    kind: ClassVar[str] = "skin_type"
    texts: ClassVar[tuple[str, ...]] = ("name", "about", "care")


class Modifier(Category):
    """A condition on its own axis, such as dehydrated or sensitive; any number can hold."""

    kind: ClassVar[str] = "modifier"
    texts: ClassVar[tuple[str, ...]] = ("name", "about", "care")

    threshold: Annotated[float, Field(gt=0)]


class PoreType(Category):
    """A look of pores; primary, secondary or "cannot tell"."""

    kind: ClassVar[str] = "pore_type"
    texts: ClassVar[tuple[str, ...]] = ("name", "about", "care")


class Cause(Category):
    """A likely reason for visible or blocked pores, ranked by points."""

    kind: ClassVar[str] = "cause"
    texts: ClassVar[tuple[str, ...]] = ("name", "about", "advice")

    threshold: Annotated[float, Field(gt=0)]


class Concern(Record):
    """Something a person may want looked at."""

    kind: ClassVar[str] = "concern"
    texts: ClassVar[tuple[str, ...]] = ("name", "about")

    when: str


class LookAlike(Category):
    """Something that looks like clogged pores or acne and needs another plan; named as "could be", never as fact."""

    kind: ClassVar[str] = "lookalike"
    texts: ClassVar[tuple[str, ...]] = ("name", "signs", "do")

    threshold: Annotated[float, Field(gt=0)]
    urgency: Urgency | None = None
    to: Professional = "dermatologist"


class Referral(Record):
    """When a professional should look, and how soon."""

    kind: ClassVar[str] = "referral"
    texts: ClassVar[tuple[str, ...]] = ("reason", "do")

    when: str
    urgency: Urgency
    to: Professional


class Severity(Record):
    """A band of acne severity by lesion counts."""

    kind: ClassVar[str] = "severity"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    when: str
    order: int


class PhototypePoint(Record):
    """What an answer says about the phototype: a place on the scale from 1 (I) to 6 (VI), and its weight."""

    kind: ClassVar[str] = "phototype_point"

    when: str
    """One option of one question."""
    place: Annotated[float, Field(ge=1, le=6)]
    weight: Annotated[float, Field(gt=0, le=5)]


class Scoring(Record):
    """How points become a finding: the least points, the least lead over the next, and the scale of confidence."""

    kind: ClassVar[str] = "scoring"

    least_points: Annotated[float, Field(ge=0)]
    least_lead: Annotated[float, Field(ge=0)]
    secondary_share: Annotated[float, Field(ge=0, le=1)] = 0.6
    """A second category is named when it has at least this share of the first one's points."""
    fit: Annotated[float, Field(ge=0, le=5)] = 0
    """How much a finding of this kind counts when options are ranked."""


class SeedItem(Record):
    """An item of the founding documents and the records that carry it."""

    kind: ClassVar[str] = "item"

    id: Annotated[str, Field(pattern=r"^S[0-9]+$")]
    type: str
    where: Annotated[tuple[str, ...], Field(min_length=1)]
    carried_by: tuple[Ref, ...] = ()
    feature: str | None = None
    """For items about the application itself: the part that will carry it, until carried_by names a page."""
    flag: bool = False
    """A claim that is shown as often said, not supported."""
    source: Sources = ("seeds",)
