"""Ways of drawing numbers that the family shares."""

import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator


def within(rng: Rng, low: float, high: float) -> float:
    """Draw one number, evenly on a log scale."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def many_within(rng: Rng, limits: tuple[float, float], count: int) -> NDArray[np.float64]:
    """As ``within``, many."""
    return np.asarray(np.exp(rng.uniform(np.log(limits[0]), np.log(limits[1]), count)))
