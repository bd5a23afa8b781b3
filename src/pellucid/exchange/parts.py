"""The small parts that a report and a care plan are both put together from."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

StatusWord = Literal["allowed", "caution", "ask", "defer", "refer", "blocked"]


class Part(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceOut(Part):
    """A source that the report leans on."""

    id: str
    title: str
    strength: str
    strength_text: str
    seen: str
    """How much of its text was seen when it was entered: full, part, abstract, quoted or no."""
    verified: bool
    url: str | None = None


class QuestionOut(Part):
    """A question, with the path its answer has in an intake file."""

    path: str
    label: str
    """What it is about, in a few words."""
    text: str
    why: str


class InstructionOut(Part):
    """Something to do, pause or avoid, with its dates."""

    rule: str
    action: Literal["pause", "ask_prescriber", "avoid", "do"]
    name: str
    text: str
    since: date
    until: date
    concerns: str
    applies: bool | None
    sources: list[str]
    range_days: tuple[int, int] | None
    hours: int | None


class StageOut(Part):
    """From a day on, so often."""

    since: date
    per_week: float
    text: str


class LineOut(Part):
    """A line of advice."""

    rule: str
    text: str
    sources: list[str]
