"""Numbers from photos or instruments, as assessment takes them; where they come from is ``vision``'s matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pellucid.model.photo import Interval, PhotoMeasurement


@dataclass(frozen=True, slots=True)
class ZoneMeasurement:
    """What was measured on one zone of the face (``forehead``, ``nose``, ``cheeks``, ``chin``, ``jaw``).

    Shares are parts of one of the pores whose shape could be told; None where it was not measured.
    """

    pores_per_cm2: float | None = None
    mean_diameter_mm: float | None = None
    shape_share: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """``round``, ``oval``, ``teardrop`` to their share."""
    dark_plug_share: float | None = None
    light_plug_share: float | None = None
    red_rim_share: float | None = None
    pores_250_per_cm2: Interval | None = None
    """Of pores of 0.25 mm and more, which people see in a mirror; None where the photo can't show all of them, or too
    little of the zone."""
    shapes_told: int | None = None
    """Of how many pores ``shape_share`` is a share; None where that isn't known."""
    plugs_told: int | None = None
    """Of how many pores the shares of plugs are."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One set of measurements of one person; it adds to answers and never decides on safety."""

    zones: Mapping[str, ZoneMeasurement] = field(default_factory=lambda: MappingProxyType({}))
    sebum_t_zone: float | None = None
    """Sebumeter reading, micrograms per square centimetre."""
    sebum_cheek: float | None = None
    corneometer: float | None = None
    """Corneometer reading, arbitrary units."""
    photos: tuple[PhotoMeasurement, ...] = ()
    """What each photo shows by itself, pore by pore."""
    note: str = ""
