"""Colour of skin from what is in it: light of every band passes the epidermis twice and is scattered in the dermis.

Melanin and baseline absorption and scattering as in Jacques, Phys. Med. Biol. 58 (2013) R37; haemoglobin as compiled by
Prahl (omlc.org); what a thick scattering layer sends back as in the dipole of Jensen et al., SIGGRAPH 2001.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Colours = NDArray[np.float32]
"""(height, width, 3): linear red, green, blue."""

_HAEMOGLOBIN = np.array(
    """
    400 266232 223296
    420 480360 407560
    440 102580 413280
    460 44480 23389
    480 26629 14550
    500 20933 20862
    520 24202 31590
    540 53236 46592
    550 43016 53412
    560 32613 53788
    570 44496 45072
    580 50104 37020
    590 14401 28324
    600 3200 14677
    620 942 6510
    640 442 4345
    660 320 3227
    680 278 2408
    700 290 1794
    """.split(),  # noqa: SIM905 - a table is read by rows
    float,
).reshape(-1, 3)
"""Nanometres, and molar extinction with and without oxygen, 1 / (cm M)."""
_BANDS = np.arange(400, 701, 12.0)
_BLOOD_PER_CM = 2.303 * 150 / 64500
"""Absorption of whole blood (150 g/l) for a molar extinction of 1 / (cm M)."""
_EPIDERMIS_CM = 0.006
_PATH = 2.6
"""Length of the way of scattered light through the epidermis, in and out, in thicknesses."""
_INTERNAL = 2.9
"""(1 + F) / (1 - F), for light that is mirrored back inside skin."""
_SATURATION = 0.7
_SURFACE = 0.012
"""Sent back by the horny layer before any colour is met."""
_SENSORS = ((600.0, 42.0), (540.0, 40.0), (462.0, 34.0))
_TO_SRGB = np.array([[1.16, -0.14, -0.02], [-0.08, 1.14, -0.06], [0.0, -0.14, 1.14]])

MELANIN = (0.012, 0.026, 0.045, 0.09, 0.18, 0.34)
"""Volume share of melanosomes in the epidermis, phototype I to VI."""
MOST_MELANIN = 0.9
MOST_BLOOD = 0.16
_STEPS = 64

DARK_KERATIN = np.array([0.085, 0.055, 0.038], np.float32)
"""Oxidised top of a plug."""
SEBUM = np.array([0.70, 0.60, 0.43], np.float32)


def colour(melanin: Plane, blood: Plane) -> Colours:
    """Linear light that skin sends back, 1 for a perfect white.

    Args:
        melanin: volume share in the epidermis.
        blood: volume share in the dermis.
    """
    across = np.sqrt(np.clip(melanin / MOST_MELANIN, 0, 1)) * np.float32(_STEPS - 1)
    down = np.sqrt(np.clip(blood / MOST_BLOOD, 0, 1)) * np.float32(_STEPS - 1)
    return np.asarray(cv2.remap(_table(), across, down, cv2.INTER_LINEAR), np.float32)


@cache
def _table() -> Colours:
    """Colours by the roots of blood (rows) and melanin (columns)."""
    steps = np.linspace(0, 1, _STEPS) ** 2
    sent = _reflectance(steps * MOST_MELANIN, steps * MOST_BLOOD)
    sensors = np.array([np.exp(-0.5 * ((_BANDS - middle) / width) ** 2) for middle, width in _SENSORS])
    sensors /= sensors.sum(axis=1, keepdims=True)
    return np.asarray(np.maximum(sent @ (_TO_SRGB @ sensors).T, 0.0) + _SURFACE, np.float32)


def _reflectance(melanin: NDArray[np.float64], blood: NDArray[np.float64]) -> NDArray[np.float64]:
    """(blood, melanin, bands)."""
    oxy, deoxy = (np.exp(np.interp(_BANDS, _HAEMOGLOBIN[:, 0], np.log(_HAEMOGLOBIN[:, k]))) for k in (1, 2))
    of_blood = _BLOOD_PER_CM * (_SATURATION * oxy + (1 - _SATURATION) * deoxy)
    baseline = 0.244 + 85.3 * np.exp(-(_BANDS - 154) / 66.2)
    scattering = 46 * (_BANDS / 500) ** -1.42
    absorption = blood[:, None] * of_blood + baseline
    albedo = scattering / (scattering + absorption)
    root = np.sqrt(3 * (1 - albedo))
    dermis = albedo / 2 * (1 + np.exp(-4 / 3 * _INTERNAL * root)) * np.exp(-root)
    of_melanin = 6.6e11 * _BANDS**-3.33
    through = np.exp(-_PATH * _EPIDERMIS_CM * (melanin[:, None] * of_melanin + baseline))
    return np.asarray(1.6 * dermis[:, None] * through[None] * (1 - 0.3 * dermis[:, None]))
