"""An optional finer acne grade: area factor times the worst lesion, summed over six areas (0 to 44).

Source GAGS (Doshi 1997): the factors and lesion points are published facts whose text was not seen when they were
entered, so the grade is shown as "not verified" and decides nothing.
"""

from collections.abc import Mapping
from typing import Any

FACTORS = {
    "lesions.worst_forehead": 2,
    "lesions.worst_right_cheek": 2,
    "lesions.worst_left_cheek": 2,
    "lesions.worst_nose": 1,
    "lesions.worst_chin": 1,
    "lesions.worst_chest_and_back": 3,
}
LESIONS = ("none", "comedone", "papule", "pustule", "nodule")


def area_grade(answers: Mapping[Any, Any]) -> int | None:
    """The sum over six areas; None unless every area was answered."""
    if not FACTORS.keys() <= answers.keys():
        return None
    return sum(factor * LESIONS.index(answers[path]) for path, factor in FACTORS.items())
