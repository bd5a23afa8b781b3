"""How a measurement stands beside the answers: it supports, contradicts or adds to them, and never replaces one.

What the answers leave open, the photos fill. Where both speak and differ, neither counts: the name is unknown, so that
what leans on it grows less sure. Only the look of pores and their plugs are looked at; nothing here is about safety.
docs/adr/0016-photo-beside-answers.md tells why.
"""

import math
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from pellucid.model.assessment import Observation
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.profile import Profile
from pellucid.model.truth import NO, UNKNOWN, YES, Truth, either, negate

COUNTS_FROM = 0.3
"""Share of a zone's pores from which a shape or plug is said to be there; a house rule."""
SHOW_FROM = 10.0
"""Pores of 0.25 mm and more in a cm² from which they are said to show; a house rule."""
QUANTILE = 1.96
"""Of the normal distribution, for an interval that holds 95 %."""

SHAPES = ("round", "oval", "teardrop")
PLUGS = ("dark", "light")
PLUG_ZONES = {"t_zone_plugs": ("forehead", "nose", "chin"), "cheek_plugs": ("cheeks",)}
ORDER = ("contradicts", "adds", "supports")


def observe(profile: Profile, measurement: Measurement) -> tuple[Observation, ...]:
    """What photos show of the look of pores and their plugs, beside what the person said; contradictions first.

    A share counts as there, or as not there, only where its 95 % interval (Wilson's, for as many pores as it is a
    share of) lies on one side of ``COUNTS_FROM``; in between, the photo says nothing. The number of large pores
    likewise says that some show, or none, only where its interval lies on one side of ``SHOW_FROM``.
    """
    found = [each for zone, measured in measurement.zones.items() for each in _look(profile, zone, measured)]
    found += _plugs(profile, measurement)
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.bearing), each.name)))


def with_measurement(profile: Profile, measurement: Measurement, observed: tuple[Observation, ...]) -> Profile:
    """The profile as assessment reads it: what only photos tell is filled in, what is contested is unknown.

    Args:
        profile: stays as it is.
        measurement: readings of instruments replace readings that were typed in.
        observed: what ``observe`` found for the same two.
    """
    facts = dict(profile.facts)
    for each in observed:
        facts[each.name] = _settled(each, facts.get(each.name, UNKNOWN))
    contested = {each.name for each in observed if each.bearing == "contradicts"}
    for question in {_question(each) for each in observed}:
        facts.update(_rest(question, facts, contested))
    numbers = dict(profile.numbers)
    for path, value in (
        ("instruments.sebum_t_zone", measurement.sebum_t_zone),
        ("instruments.sebum_cheek", measurement.sebum_cheek),
        ("instruments.corneometer", measurement.corneometer),
    ):
        if value is not None:
            numbers[path] = (value, value)
    return replace(profile, facts=facts, numbers=MappingProxyType(numbers))


def _settled(observation: Observation, said: Truth) -> Truth:
    match observation.bearing:
        case "supports":
            return said
        case "contradicts":
            return UNKNOWN
        case "adds":
            return YES if observation.measured else NO


def _question(observation: Observation) -> str:
    return observation.name.rpartition(".")[0]


def _rest(question: str, facts: Mapping[str, Truth], contested: Container[str]) -> Iterator[tuple[str, Truth]]:
    """What follows from the options that were observed for the others of their question, such as "none"."""
    if not question.endswith(".look"):
        dark, light = (facts.get(f"{question}.{plug}", UNKNOWN) for plug in PLUGS)
        yield f"{question}.none", negate(either(dark, light))
    elif f"{question}.none_visible" in contested:
        yield from ((f"{question}.{shape}", UNKNOWN) for shape in SHAPES)
    elif YES in (facts.get(f"{question}.{shape}", UNKNOWN) for shape in SHAPES):
        yield f"{question}.none_visible", NO


# --- what is measured, and what was said --------------------------------------------------------------------------


def _there(share: float, pores: int | None) -> bool | None:
    """Whether a share is surely at least ``COUNTS_FROM``, surely less, or neither."""
    low, high = _interval(share, pores)
    if low >= COUNTS_FROM:
        return True
    return False if high < COUNTS_FROM else None


def _interval(share: float, pores: int | None) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; the share itself where nobody says of how many pores it is."""
    if pores is None:
        return share, share
    if pores <= 0:
        return 0.0, 1.0
    spread = QUANTILE**2 / pores
    middle = (share + spread / 2) / (1 + spread)
    half = QUANTILE * math.sqrt(share * (1 - share) / pores + spread / (4 * pores)) / (1 + spread)
    return middle - half, middle + half


def _answered(profile: Profile, name: str) -> bool | None:
    """What was said; "hard to tell" is no answer."""
    question, _, _ = name.rpartition(".")
    return None if profile.says(f"{question}.cannot_tell") else profile.says(name)


def _look(profile: Profile, zone: str, measured: ZoneMeasurement) -> Iterator[Observation]:
    """The shapes and red rims of one zone, or that no pore shows; where none does, nobody asks for shapes."""
    question = f"pores.{zone}.look"
    none_said = _answered(profile, f"{question}.none_visible")
    none_shows = _none_shows(measured)
    if none_shows is not None and none_said is not False:
        large = measured.pores_250_per_cm2
        yield Observation(f"{question}.none_visible", zone, none_said, none_shows, large.value if large else 0.0, None)
    if none_said or (none_shows and none_said is None):
        return
    for shape in SHAPES if measured.shape_share else ():
        share = measured.shape_share.get(shape, 0.0)
        yield from _seen(profile, f"{question}.{shape}", zone, share, measured.shapes_told)
    if measured.red_rim_share is not None:
        yield from _seen(profile, f"{question}.red_rim", zone, measured.red_rim_share, None)


def _none_shows(measured: ZoneMeasurement) -> bool | None:
    """Whether surely fewer than ``SHOW_FROM`` large pores a cm² are there, surely as many, or neither."""
    large = measured.pores_250_per_cm2
    if large is None or large.low < SHOW_FROM <= large.high:
        return None
    return large.high < SHOW_FROM


def _seen(profile: Profile, name: str, zone: str, share: float, pores: int | None) -> Iterator[Observation]:
    there = _there(share, pores)
    if there is not None:
        yield Observation(name, zone, _answered(profile, name), there, share, pores)


def _plugs(profile: Profile, measurement: Measurement) -> Iterator[Observation]:
    """Plugs are there where one zone has them, and aren't where every zone that the question is about was looked at."""
    for question, zones in PLUG_ZONES.items():
        measured = {zone: measurement.zones[zone] for zone in zones if zone in measurement.zones}
        for plug in PLUGS:
            shares = [
                (share, zone, each.plugs_told)
                for zone, each in measured.items()
                if (share := each.dark_plug_share if plug == "dark" else each.light_plug_share) is not None
            ]
            verdicts = [_there(share, pores) for share, _, pores in shares]
            if True in verdicts or (len(shares) == len(zones) and set(verdicts) == {False}):
                there = True in verdicts
                share, zone, pores = max(each for each, said in zip(shares, verdicts, strict=True) if said is there)
                name = f"pores.{question}.{plug}"
                yield Observation(name, zone, _answered(profile, name), there, share, pores)
