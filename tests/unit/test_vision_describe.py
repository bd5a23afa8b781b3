"""Names for shapes and plugs: told beyond the errors, left open within them."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.drawn_pores import draw, found

from pellucid.vision.describe import OVAL_FROM, plugs, shapes
from pellucid.vision.fit import Fits, fit_pores


def fits(**figures: float) -> Fits:
    """One pore of ten pixels, round, open and well known, but for the figures given."""
    usual = dict.fromkeys(Fits.__slots__, 0.0)
    usual |= {"diameter_px": 10.0, "aspect": 1.0, "aspect_se": 0.05, "taper_se": 0.05, "contrast": 0.06}
    usual |= {"contrast_se": 0.01}
    return Fits(**{name: np.array([value]) for name, value in (usual | figures).items()})


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        ({}, "round"),
        ({"aspect": 1.6}, "oval"),
        ({"aspect": OVAL_FROM + 0.02}, "undetermined"),
        ({"aspect": OVAL_FROM - 0.02}, "undetermined"),
        ({"aspect": 1.6, "aspect_se": 0.5}, "undetermined"),
        ({"aspect_se": 0.5}, "undetermined"),
        ({"aspect": 1.4, "taper": 0.3}, "teardrop"),
        ({"aspect": 1.4, "taper": -0.3}, "teardrop"),
        ({"aspect": 1.6, "taper": 0.3, "taper_se": 0.3}, "oval"),
        ({"aspect": 1.6, "taper": 0.04, "taper_se": 0.001}, "oval"),
        ({"aspect": 1.6, "diameter_px": 4.5}, "undetermined"),
    ],
)
def test_a_shape_is_told_beyond_its_errors(figures: dict[str, float], name: str) -> None:
    assert shapes(fits(**figures), tilt_deg=None) == [name]


@pytest.mark.parametrize(("tilt", "name"), [(None, "oval"), (24.9, "oval"), (25.1, "undetermined")])
def test_beyond_25_degrees_no_shape_is_told(tilt: float | None, name: str) -> None:
    assert shapes(fits(aspect=1.6), tilt_deg=tilt) == [name]


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        ({}, "open"),
        ({"contrast": 0.5}, "dark"),
        ({"contrast": 0.5, "contrast_se": 0.4}, "uncertain"),
        ({"contrast": 0.17}, "uncertain"),
        ({"contrast": -0.1}, "light"),
        ({"contrast": -0.01}, "uncertain"),
        ({"contrast": 0.5, "diameter_px": 3.0}, "uncertain"),
    ],
)
def test_a_plug_is_told_beyond_its_errors(figures: dict[str, float], name: str) -> None:
    assert plugs(fits(**figures)) == [name]


def test_nothing_has_no_names() -> None:
    nothing = Fits(*(np.empty(0),) * len(Fits.__slots__))
    assert shapes(nothing, tilt_deg=None) == []
    assert plugs(nothing) == []


@pytest.mark.parametrize(
    ("form", "name"), [({}, "round"), ({"aspect": 2.0}, "oval"), ({"aspect": 1.5, "taper": 0.6}, "teardrop")]
)
def test_drawn_mouths_are_called_what_they_are(form: dict[str, float], name: str) -> None:
    drawn = draw(14, softness=0.15, noise=0.003, **form)  # type: ignore[arg-type]
    told = Counter[str](shapes(fit_pores(drawn.field, found(drawn, 14)), tilt_deg=0.0))
    assert told[name] > 0.6 * told.total()
    assert told.total() - told[name] - told["undetermined"] < 0.2 * told.total()


@pytest.mark.parametrize(("depth", "name"), [(0.5, "dark"), (0.06, "open"), (-0.15, "light")])
def test_drawn_mouths_are_filled_with_what_they_show(depth: float, name: str) -> None:
    drawn = draw(10, softness=0.15, depth=depth, noise=0.003)
    told = Counter[str](plugs(fit_pores(drawn.field, found(drawn, 10))))
    assert told[name] > 0.8 * told.total()


def test_a_brighter_photo_changes_no_name() -> None:
    drawn = draw(10, aspect=1.6, softness=0.15, noise=0.003)
    brighter = replace(drawn.field, absorbance=drawn.field.absorbance - 0.5)
    one, other = (fit_pores(field, found(drawn, 10)) for field in (drawn.field, brighter))
    assert shapes(one, tilt_deg=None) == shapes(other, tilt_deg=None)
    assert plugs(one) == plugs(other)
