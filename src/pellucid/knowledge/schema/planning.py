"""Records for the planner: the soft goals, each with how much it counts. Hard rules are in the other files."""

from typing import Annotated, ClassVar

from pydantic import Field

from pellucid.knowledge.schema.base import Record


class PlanGoal(Record):
    """Something that makes one plan better than another, where both keep every rule."""

    kind: ClassVar[str] = "plan_goal"
    texts: ClassVar[tuple[str, ...]] = ("name",)

    weight: Annotated[int, Field(ge=0, le=100_000)]
    """In points, for each time that it happens; what is counted stands at its record in ``planning.toml``."""
