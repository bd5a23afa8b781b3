"""What is said of ingredients and clogging, with the grade of evidence and what such ratings are worth."""

from collections.abc import Iterator

from pellucid.knowledge.schema.ingredients import ComedogenicityGrade, IngredientStatement
from pellucid.labels.bottle import Bottle, Item
from pellucid.labels.notes import write
from pellucid.model.plan import Named
from pellucid.model.verdict import Note, Text

STATEMENT = "ratings_are_not_products"
LISTED = "d"
NOT_SEEN = "not_seen"


def clogging(bottle: Bottle) -> Iterator[Note]:
    """Ratings by grade and finding, the best evidence first, and what they don't say; none for what is rinsed off."""
    if bottle.product.rinse_off:
        return
    known = bottle.knowledge.ingredients.comedogenicity
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in bottle.items:
        rating = known.get(item.inci)
        if rating and rating.finding != NOT_SEEN:
            groups.setdefault((rating.grade, rating.finding), []).append(item)
    for (grade, finding), items in sorted(groups.items()):
        ratings = [known[item.inci] for item in items]
        yield write(
            "clogging_listed" if grade == LISTED else "clogging_tested",
            bottle.knowledge.get(ComedogenicityGrade, grade),
            bottle.knowledge,
            items=items,
            values={"grade": Named("comedogenicity_grade", grade)},
            more=(Text(f"comedogenicity_finding.{finding}", "say"), Text(f"comedogenicity_grade.{grade}", "meaning")),
            sources=tuple(dict.fromkeys(source for rating in ratings for source in rating.source)),
            verified=all(rating.verified for rating in ratings),
        )
    if groups:
        statement = bottle.knowledge.get(IngredientStatement, STATEMENT)
        yield write("clogging_statement", statement, bottle.knowledge, more=(Text(statement.ref, "say"),))
