"""How a measurement joins the answers: a calibrated number replaces the answer to the question it measures."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.profile import Profile
from pellucid.model.truth import NO, YES, Truth

COUNTS_FROM = 0.3
"""Share of a zone's pores from which a shape or plug is said to be there; a house rule."""

SHAPES = ("round", "oval", "teardrop")
T_ZONE = ("forehead", "nose", "chin")


def with_measurement(profile: Profile, measurement: Measurement) -> Profile:
    """The profile with measured facts in place of the answers they measure; safety facts stay as answered."""
    facts = dict(profile.facts)
    for zone, measured in measurement.zones.items():
        facts.update(_zone(zone, measured))
    facts.update(_plugs(measurement))
    numbers = dict(profile.numbers)
    for path, value in (
        ("instruments.sebum_t_zone", measurement.sebum_t_zone),
        ("instruments.sebum_cheek", measurement.sebum_cheek),
        ("instruments.corneometer", measurement.corneometer),
    ):
        if value is not None:
            numbers[path] = (value, value)
    return replace(profile, facts=facts, numbers=MappingProxyType(numbers))


def _truth(share: float | None) -> Truth:
    return YES if share is not None and share >= COUNTS_FROM else NO


def _zone(zone: str, measured: ZoneMeasurement) -> Iterator[tuple[str, Truth]]:
    if measured.shape_share:
        yield from ((f"pores.{zone}.look.{shape}", _truth(measured.shape_share.get(shape))) for shape in SHAPES)
        yield f"pores.{zone}.look.none_visible", NO
    if measured.red_rim_share is not None:
        yield f"pores.{zone}.look.red_rim", _truth(measured.red_rim_share)


def _plugs(measurement: Measurement) -> Iterator[tuple[str, Truth]]:
    for name, zones in (("t_zone_plugs", T_ZONE), ("cheek_plugs", ("cheeks",))):
        measured = [measurement.zones[zone] for zone in zones if zone in measurement.zones]
        dark = [zone.dark_plug_share for zone in measured if zone.dark_plug_share is not None]
        light = [zone.light_plug_share for zone in measured if zone.light_plug_share is not None]
        if dark:
            yield f"pores.{name}.dark", _truth(max(dark))
        if light:
            yield f"pores.{name}.light", _truth(max(light))
        if dark and light:
            yield f"pores.{name}.none", NO if max(*dark, *light) >= COUNTS_FROM else YES
