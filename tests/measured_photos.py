"""Measurements as photos give them, for tests of what is done with them."""

from dataclasses import replace
from typing import Any

from pellucid.exchange.photo_build import build_photo
from pellucid.exchange.photo_model import PhotoReport
from pellucid.knowledge.load import load
from pellucid.model.measurement import ZoneMeasurement
from pellucid.model.photo import Interval, PhotoMeasurement, PhotoQuality, Plug, Pore, Shape, Withheld

QUALITY = PhotoQuality(28.5, "card", 0.011, 4.0, 1.3, 0.01, 0.002, 0.01, 0.9, 0.1, 0.14)
LOOKS: tuple[tuple[Shape, Plug], ...] = (
    ("undetermined", "uncertain"),
    ("round", "dark"),
    ("round", "open"),
    ("oval", "light"),
    ("teardrop", "dark"),
)
PORES = tuple(
    Pore(20.0 * n + 0.123456, 40.0, 0.15 + 0.01 * n, 0.02, 1.2, 0.1, 179.97, 9.0, shape, plug, 0.9, 0.1, n == 0)
    for n, (shape, plug) in enumerate(LOOKS)
)
PHOTO = PhotoMeasurement(
    file="cheek.jpg",
    quality=QUALITY,
    pores=PORES,
    sampled_cm2=1.31,
    density_per_cm2=Interval(212.0, 190.0, 236.0),
    density_from_mm=0.14,
    density_250_per_cm2=Interval(43.0, 33.0, 55.0),
    mean_diameter_mm=Interval(0.308, 0.301, 0.315),
    mean_from_mm=0.25,
)
REFUSED = replace(PHOTO, pores=(), refused=Withheld("pores", "other_skin"), density_per_cm2=None)


def zone(**measured: Any) -> ZoneMeasurement:
    """A zone with round pores, unless told otherwise."""
    usual = {"shape_share": {"round": 0.8, "oval": 0.15, "teardrop": 0.05}, "shapes_told": 150}
    return ZoneMeasurement(**{**usual, **measured})


def report(photo: PhotoMeasurement = PHOTO, /, **zones: ZoneMeasurement) -> PhotoReport:
    """What leaves for one photo, in English."""
    return build_photo(photo, zones, load().texts("en"))


def line(photo: PhotoMeasurement = PHOTO, /, **zones: ZoneMeasurement) -> str:
    """One line of what ``measure --json`` prints."""
    return report(photo, **zones).model_dump_json()
