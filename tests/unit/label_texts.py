"""Lists of invented products, and what the finder takes for lists in a text."""

from pellucid.labels.find import find_parts
from pellucid.labels.normalise import normalise
from pellucid.labels.vocabulary import shipped

GEL = "Water, Glycerin, Butylene Glycol, Panthenol, Phenoxyethanol"
OIL = "Squalane, Simmondsia Chinensis (Jojoba) Seed Oil, Tocopherol"
LOTION = "Aqua, Glycerin, Niacinamide, Parfum"


def lists(text: str) -> list[str]:
    """The text of each list that is found."""
    normal = normalise(text)
    return [normal.text[part.start : part.end] for part in find_parts(normal, shipped())]
