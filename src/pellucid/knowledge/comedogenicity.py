"""How far an ingredient was found to clog pores: ``comedogenicity.csv``, with the grade of evidence beside each.

How to use it: ``ratings[inci]`` has a grade (``ComedogenicityGrade``), what was found (``ComedogenicityFinding``)
and, for a test on rabbit ears, the lowest and highest score given, from 0 to 5. A rating is of the raw ingredient,
mostly undiluted: never add ratings up, never judge a product by them, and always show the statement
``ratings_are_not_products`` with them.
"""

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pellucid.knowledge.schema.base import Piece, Sources
from pellucid.knowledge.schema.ingredients import Inci
from pellucid.knowledge.tables import Row, make, read_table
from pellucid.model.errors import Problem

COLUMNS = ("inci", "grade", "finding", "low", "high", "source", "verified")

Score = Annotated[int, Field(ge=0, le=5)]


class Rating(Piece):
    """What is known of one ingredient."""

    inci: Inci
    grade: Literal["a", "b", "c", "d"]
    """The best evidence there is: a finished products on people, b the ingredient on people, c rabbit ear, d a list."""
    finding: Literal["clogged", "slight", "mixed", "not_seen", "listed"]
    low: Score | None = None
    high: Score | None = None
    source: Sources
    verified: bool

    @model_validator(mode="after")
    def _says_what_was_found(self) -> "Rating":
        if (self.low is None) != (self.high is None) or (self.low or 0) > (self.high or 0):
            raise ValueError("give low and high, in this order, or neither")
        if (self.grade == "d") != (self.finding == "listed"):
            raise ValueError("grade d means listed without a named test, and nothing else does")
        return self


def read_ratings(folder: Traversable, problems: list[Problem]) -> tuple[Mapping[str, Rating], bytes]:
    """The ratings by INCI name and the table's bytes; what is wrong is added to ``problems``."""
    rows, raw = read_table(folder / "comedogenicity.csv", COLUMNS, problems)
    ratings: dict[str, Rating] = {}
    for row in rows:
        made = make(Rating, row, _given(row), problems)
        if made is None:
            continue
        if made.inci in ratings:
            problems.append(Problem(row.where("inci"), "this ingredient is there twice"))
        ratings[made.inci] = made
    return MappingProxyType(ratings), raw


def _given(row: Row) -> dict[str, object]:
    scores = {column: row.cells[column] or None for column in ("low", "high")}
    return {**row.cells, **scores, "source": row.values("source")}
