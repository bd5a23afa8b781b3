"""What an ingredient can be in a cosmetic for; ``ingredients.csv`` takes its roles from here."""

from typing import ClassVar

from pellucid.knowledge.schema.base import Record


class IngredientRole(Record):
    """One role, such as humectant or preservative, with its name and what such an ingredient does."""

    kind: ClassVar[str] = "ingredient_role"
    texts: ClassVar[tuple[str, ...]] = ("name", "does")
