"""Zones of the face as a person draws them, and what is said of those that are none."""

from typing import Any

import numpy as np
import pytest

from pellucid.model.errors import InputError
from pellucid.vision.zones import NAMES, zone_map

SHAPE = (100, 200)
LEFT = [(0, 0), (99, 0), (99, 99), (0, 99)]
RIGHT = [(100, 0), (199, 0), (199, 99), (100, 99)]


def test_without_zones_no_place_has_one() -> None:
    assert zone_map(None, SHAPE).at(5, 5) is None


@pytest.mark.parametrize("name", NAMES)
def test_one_name_is_the_zone_of_the_whole_photo(name: str) -> None:
    zones = zone_map(name, SHAPE)
    assert zones.names == (name,)
    assert zones.at(150, 5) == name
    assert zones.mask(name) is None


def test_polygons_tell_the_zone_of_each_place() -> None:
    zones = zone_map({"nose": LEFT, "cheeks": RIGHT}, SHAPE)
    assert [zones.at(x, 50) for x in (10, 98.6, 101, 199)] == ["nose", "nose", "cheeks", "cheeks"]
    nose = zones.mask("nose")
    assert nose is not None
    assert np.count_nonzero(nose) == 100 * 100


def test_places_outside_all_polygons_and_at_the_rim_of_the_photo() -> None:
    zones = zone_map({"chin": [(50, 50), (80, 50), (80, 80)]}, SHAPE)
    assert zones.at(10, 10) is None
    assert zone_map({"chin": RIGHT}, SHAPE).at(199.4, 99.4) == "chin"


def test_a_polygon_may_reach_beyond_the_photo() -> None:
    zones = zone_map({"jaw": [(-50, -50), (60, -50), (60, 500), (-50, 500)]}, SHAPE)
    assert zones.at(0, 0) == "jaw"
    assert zones.at(100, 50) is None


@pytest.mark.parametrize(
    ("zones", "where", "what"),
    [
        ("noze", "zones", "is no zone; use one of forehead, nose"),
        ({"noze": LEFT}, "zones.noze", "is no zone"),
        ({"nose": [(0, 0), (5, 5)]}, "zones.nose", "needs three corners"),
        ({"nose": []}, "zones.nose", "needs three corners"),
        ({"nose": [(0, 0, 1), (5, 5, 1), (9, 0, 1)]}, "zones.nose", "each as x and y"),
        ({"nose": [("a", 0), (5, 5), (9, 0)]}, "zones.nose", "each as x and y"),
        ({"nose": "round"}, "zones.nose", "each as x and y"),
        ({"nose": None}, "zones.nose", "each as x and y"),
        ({"nose": [(0, 0), (5, 0), (float("nan"), 4)]}, "zones.nose", "no place in the photo"),
        ({"nose": [(0, 0), (5, 0), (1e9, 4)]}, "zones.nose", "x goes from 0 to 199"),
        ({"nose": [(0, 0), (5, 5), (10, 10)]}, "zones.nose", "has no area"),
        ({"nose": [(300, 0), (350, 0), (350, 40)]}, "zones.nose", "lies outside the photo, which is 200 pixels wide"),
        (7, "zones", "give the name of a zone"),
    ],
)
def test_what_is_no_zone_is_told_with_its_place(zones: Any, where: str, what: str) -> None:
    with pytest.raises(InputError) as told:
        zone_map(zones, SHAPE)
    assert [problem.where for problem in told.value.problems] == [where]
    assert what in str(told.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        zone_map({"noze": LEFT, "chin": [(0, 0)]}, SHAPE)
    assert len(told.value.problems) == 2
