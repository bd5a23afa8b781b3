"""Reading what ``pellucid measure --json`` printed, so that a consultation can take it beside the answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from pellucid.consult.intake import plain_fault
from pellucid.exchange.photo_model import IntervalOut, PhotoReport, ZoneOut, ZoneWord
from pellucid.knowledge.text_file import read_text
from pellucid.model.errors import InputError, Problem
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.photo import Interval

LARGEST_FILE = 100_000_000
"""Bytes; a photo with two thousand pores takes one million."""
PHOTO_HAS = frozenset({"schema_version", "file", "pores", "zones"})
"""What every line has; that of a comparison holds photos of its own instead."""
HOW = "print it with pellucid measure PHOTO --zone cheeks --json"


def read_zones(path: Path) -> dict[ZoneWord, ZoneOut]:
    """The zones in a file of lines of JSON, each as its photos show it together.

    Raises:
        InputError: it can't be read, a line isn't what ``measure --json`` prints, or no photo in it has a zone; every
            fault with its line and path.
    """
    text = read_text(path, largest=LARGEST_FILE, too_large="keep the lines of one consultation", kind="JSON lines")
    photos: list[PhotoReport] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            where = f"{path}: line {number}"
            try:
                photos.append(PhotoReport.model_validate_json(line))
            except ValidationError as error:
                other = [Problem(where, f"is no photo; {HOW}")]
                problems += _problems(error, where) if _looks_like_one(line) else other
    zones = _by_zone(photos)
    if not zones and not problems:
        problems.append(Problem(str(path), _nothing(photos)))
    if problems:
        raise InputError(problems)
    return {name: together(found) for name, found in zones.items()}


def _nothing(photos: Sequence[PhotoReport]) -> str:
    """Why nothing was read where nothing is wrong."""
    if photos and all(photo.refused for photo in photos):
        return "holds only photos in which no pores could be measured; take others, or leave it out"
    return f"says of no pore in which zone it lies; {HOW}" if photos else f"holds no photo; {HOW}"


def measurement_of(zones: Mapping[ZoneWord, ZoneOut]) -> Measurement:
    """Zones as assessment takes them."""
    return Measurement(zones=MappingProxyType({name: ZoneMeasurement(**_fields(zone)) for name, zone in zones.items()}))


def _fields(zone: ZoneOut) -> dict[str, Any]:
    large = zone.pores_250_per_cm2
    return {
        **zone.model_dump(),
        "shape_share": MappingProxyType(dict(zone.shape_share)),
        "pores_250_per_cm2": Interval(large.value, large.low, large.high) if large else None,
    }


def _by_zone(photos: Sequence[PhotoReport]) -> dict[ZoneWord, list[ZoneOut]]:
    found: dict[ZoneWord, list[ZoneOut]] = {}
    for photo in photos:
        for name, zone in photo.zones.items():
            found.setdefault(name, []).append(zone)
    return found


def _looks_like_one(line: str) -> bool:
    """Whether it is worth naming each fault of a line; one that is something else altogether has them all."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= PHOTO_HAS


def _problems(error: ValidationError, where: str) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        path = ""
        for part in fault["loc"]:
            path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
        yield Problem(f"{where}, {path}" if path else where, plain_fault(fault))


# --- several photos of a zone -----------------------------------------------------------------------------


def together(zones: Sequence[ZoneOut]) -> ZoneOut:
    """Several photos of one zone as one.

    Shares are averaged by the pores they are of. How many those are is that of the largest photo: nobody says that the
    others show other skin, and the same pore seen twice tells no more.
    """
    if len(zones) == 1:
        return zones[0]
    shapes = [zone.shapes_told for zone in zones]
    plugs = [zone.plugs_told for zone in zones]
    shares = {
        name: _mean([zone.shape_share.get(name, 0.0) if zone.shape_share else None for zone in zones], shapes)
        for name in sorted({name for zone in zones for name in zone.shape_share})
    }
    return ZoneOut(
        pores_per_cm2=_mean([zone.pores_per_cm2 for zone in zones]),
        mean_diameter_mm=_mean([zone.mean_diameter_mm for zone in zones]),
        shape_share={name: share for name, share in shares.items() if share is not None},
        dark_plug_share=_mean([zone.dark_plug_share for zone in zones], plugs),
        light_plug_share=_mean([zone.light_plug_share for zone in zones], plugs),
        red_rim_share=_mean([zone.red_rim_share for zone in zones]),
        pores_250_per_cm2=_one_interval([zone.pores_250_per_cm2 for zone in zones if zone.pores_250_per_cm2]),
        shapes_told=max((each for each in shapes if each is not None), default=None),
        plugs_told=max((each for each in plugs if each is not None), default=None),
    )


def _one_interval(found: Sequence[IntervalOut]) -> IntervalOut | None:
    """The mean of each end: photos of the same skin err alike, so that several make an interval no narrower."""
    if not found:
        return None
    ends = {name: [getattr(each, name) for each in found] for name in IntervalOut.model_fields}
    return IntervalOut(**{name: sum(values) / len(values) for name, values in ends.items()})


def _mean(values: Sequence[float | None], counts: Sequence[int | None] | None = None) -> float | None:
    """The mean of what is known, weighted by counts where they are known."""
    weights = [1 if each is None else each for each in counts] if counts else [1] * len(values)
    known = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None
