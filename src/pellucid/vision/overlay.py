"""A measured photo as people understand it: every pore ringed by size or by plug, and a map of where they are dense."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.model.photo import PhotoMeasurement, Pore
from pellucid.vision import drawing
from pellucid.vision.card_find import find_card
from pellucid.vision.drawing import Colour, Fonts, Picture
from pellucid.vision.photo import Mask, Photo

ColourBy = Literal["size", "plug"]

LONGEST_PX = 2400
"""Of the photo in the picture; larger ones are shrunk."""
SHORTEST_PX = 1600
"""Smaller photos are enlarged, three times at most."""
MOST_ENLARGED = 3.0
SIZES_MM = (0.1, 0.5)
"""Ends of the scale of sizes: the same for every photo, so that colours can be compared."""
TICKS_MM = (0.1, 0.2, 0.3, 0.4, 0.5)
LEAST_RING_PX = 2.5
"""Half an axis that still looks like a ring."""
SPREAD_MM = 1.5
"""Standard deviation of the kernel of the map of densities."""
LEAST_NEAR = 0.2
"""Share of the kernel that must lie on skin; with less of it a single pore would look like a crowd."""
LEGEND_WIDE = 22
"""Letters."""
HEATED = 0.7
"""How much of the map's colours is seen over the photo below it."""
PLUG_COLOURS: Mapping[str, Colour] = {
    "dark": (230, 97, 1),
    "light": (253, 224, 71),
    "open": (56, 189, 248),
    "uncertain": (205, 212, 210),
}
"""Told apart with every kind of colour vision, as all differ in lightness too."""
PRESENT: Colour = (235, 240, 239)


@dataclass(frozen=True, slots=True)
class OverlayWords:
    """What is written on a picture, in one language."""

    title: str
    legend: str
    """Heading of the colours: sizes or plugs."""
    density: str
    """Heading of the map."""
    presence: str
    """Of pores too small to size."""
    plugs: Mapping[str, str]
    scale_bar: str
    """With ``{n}`` for the millimetres."""
    lines: tuple[str, ...] = ()
    """Below the title: what was found, or why nothing was."""


def overlay(
    photo: Photo, shown: PhotoMeasurement, words: OverlayWords, fonts: Fonts, *, colour_by: ColourBy = "size"
) -> Picture:
    """Draw a measured photo.

    Args:
        photo: the one that was measured.
        shown: what was measured on it.
        words: all that is written.
        fonts: files that can draw these words.
        colour_by: what the rings' colours tell.

    Returns:
        a picture with the photo, a map of densities beside it and the legend.
    """
    factor = _factor(photo)
    height, width = (max(round(side * factor), 1) for side in photo.pixels.shape[:2])
    picture = drawing.seen(photo, width, height)
    small = drawing.seen(photo, max(width // 2, 1), max(height // 2, 1))
    main = drawing.dimmed(picture)
    _rings(main, shown, factor, colour_by)
    card = card_in(photo, shown, small.shape[:2])
    return _laid_out(main, _Side(small, shown, factor / 2, colour_by, card), words, fonts)


def _factor(photo: Photo) -> float:
    longest: int = max(photo.pixels.shape[:2])
    if longest > LONGEST_PX:
        return LONGEST_PX / longest
    return max(min(SHORTEST_PX / longest, MOST_ENLARGED), 1.0)


def moved(x_px: float, y_px: float, factor: float) -> tuple[float, float]:
    """A place of the photo in a picture of it at another size."""
    return (x_px + 0.5) * factor - 0.5, (y_px + 0.5) * factor - 0.5


# --- the photo with its pores -----------------------------------------------------------------------------


def _rings(picture: Picture, shown: PhotoMeasurement, factor: float, colour_by: ColourBy) -> None:
    scale = shown.quality.px_per_mm
    if scale is None:
        return
    thick = drawing.line_width(picture)
    for pore, colour in zip(shown.pores, colours(shown.pores, colour_by), strict=True):
        place = moved(pore.x_px, pore.y_px, factor)
        if pore.presence_only and colour_by == "size":
            drawing.dot(picture, place, PRESENT, thick=thick)
            continue
        half = 0.5 * pore.diameter_mm * scale * factor
        stretch = pore.aspect**0.5
        axes = tuple(max(half * each, LEAST_RING_PX) + thick for each in (stretch, 1 / stretch))
        drawing.ring(picture, place, (axes[0], axes[1]), pore.angle_deg, colour, thick=thick)


def colours(pores: tuple[Pore, ...], colour_by: ColourBy) -> list[Colour]:
    """The colour of each pore."""
    if colour_by == "plug":
        return [PLUG_COLOURS[pore.plug] for pore in pores]
    low, high = SIZES_MM
    return drawing.scale_colours([(pore.diameter_mm - low) / (high - low) for pore in pores])


# --- the side: map and legend -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What stands beside the photo."""

    picture: Picture
    shown: PhotoMeasurement
    factor: float
    colour_by: ColourBy
    card: Mask | None
    """Where ``picture`` shows a card."""


def card_in(photo: Photo, shown: PhotoMeasurement, shape: tuple[int, int]) -> Mask | None:
    """Where a picture of a photo shows the card that told its scale; its window too, where that isn't cut out."""
    card = find_card(photo) if shown.quality.scale_method == "card" else None
    if card is None:
        return None
    height, width = card.mask.shape
    in_window = (card.window[round(each.y_px) % height, round(each.x_px) % width] for each in shown.pores)
    covered = card.mask if any(in_window) else card.mask | card.window
    return cv2.resize(covered.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST).astype(bool)


def density_map(
    shown: PhotoMeasurement, shape: tuple[int, int], factor: float, card: Mask | None = None
) -> NDArray[np.float32] | None:
    """Pores a square centimetre around each place of a picture, smoothed over some millimetres.

    Told up to the outermost pores: farther, nobody knows whether it is skin. Half the usual way from pore to pore
    beyond them counts as skin, as pores on the edge stand for skin on both their sides.

    Args:
        shown: what was measured.
        shape: height and width of the picture.
        factor: how large it is beside the photo.
        card: (height, width), where the picture shows a card; it is left out.

    Returns:
        (height, width), 0 beyond the outermost pores; None where no scale is known or no pore was found.
    """
    scale = shown.quality.px_per_mm
    if scale is None or not shown.pores:
        return None
    counts, inside = np.zeros(shape, np.float32), np.zeros(shape, np.uint8)
    places = np.array([moved(pore.x_px, pore.y_px, factor) for pore in shown.pores])
    columns, rows = np.clip(np.rint(places), 0, (shape[1] - 1, shape[0] - 1)).astype(int).T
    np.add.at(counts, (rows, columns), [pore.confidence for pore in shown.pores])
    hull = cv2.convexHull(np.column_stack([columns, rows]).astype(np.int32))
    apart = max(round((cv2.contourArea(hull) / len(places)) ** 0.5), 1)
    cv2.fillConvexPoly(inside, hull, 1)
    counted = cv2.polylines(inside.copy(), [hull], isClosed=True, color=1, thickness=apart)
    if card is not None:
        inside[card], counted[card] = 0, 0
    sigma = SPREAD_MM * scale * factor
    spread, near = (
        cv2.GaussianBlur(plane.astype(np.float32), (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
        for plane in (counts, counted)
    )
    return np.asarray(inside * spread / np.maximum(near, LEAST_NEAR) * (10 * scale * factor) ** 2, np.float32)


def _heated(side: _Side) -> tuple[Picture, float]:
    """The map over the greyed photo, and the density at the end of its scale."""
    grey = np.asarray(cv2.convertScaleAbs(drawing.greyed(side.picture), alpha=drawing.DIMMED), np.uint8)
    heat = density_map(side.shown, side.picture.shape[:2], side.factor, side.card)
    if heat is None:
        return grey, 0.0
    top = nice_top(float(heat.max()))
    coloured = cv2.applyColorMap(cv2.convertScaleAbs(heat, alpha=255 / top), cv2.COLORMAP_INFERNO)
    mixed = cv2.addWeighted(grey, 1 - HEATED, cv2.cvtColor(coloured, cv2.COLOR_BGR2RGB), HEATED, 0)
    return np.asarray(np.where((heat > 0)[:, :, None], mixed, grey), np.uint8), top


def nice_top(value: float) -> float:
    """The next round number up."""
    exponent = 10.0 ** np.floor(np.log10(max(value, 1e-6)))
    return float(next(step * exponent for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * exponent >= value))


def _laid_out(main: Picture, side: _Side, words: OverlayWords, fonts: Fonts) -> Picture:
    """Photo and side under a title."""
    unit = max(max(main.shape[:2]) // 70, 14)
    scale = side.shown.quality.px_per_mm
    if scale:
        drawing.marked_scale(main, 2 * side.factor * scale, words.scale_bar, unit, fonts)
    heated, top = _heated(side)
    width = LEGEND_WIDE * unit
    parts = [drawing.paragraph([words.density], width, unit, fonts), heated]
    if top:
        ticks = {share: f"{share * top:g}" for share in (0, 0.5, 1)}
        parts.append(drawing.colour_bar(ticks, (cv2.COLORMAP_INFERNO, 0.0), width, unit, fonts))
    parts.append(drawing.paragraph([words.legend], width, unit, fonts))
    parts += _sizes(words, unit, fonts) if side.colour_by == "size" else _plugs(words, unit, fonts)
    body = drawing.row([main, drawing.column(parts, unit // 3)], unit)
    head = drawing.paragraph([words.title], body.shape[1], round(1.3 * unit), fonts)
    lines = drawing.paragraph(words.lines, body.shape[1], unit, fonts, colour=drawing.SOFT)
    return drawing.framed(drawing.column([head, lines, body], unit // 2), unit)


def _sizes(words: OverlayWords, unit: int, fonts: Fonts) -> list[Picture]:
    """The scale of sizes, and what is too small for it."""
    low, high = SIZES_MM
    ticks = {(tick - low) / (high - low): f"{tick:g}" for tick in TICKS_MM}
    bar = drawing.colour_bar(ticks, (cv2.COLORMAP_VIRIDIS, drawing.SCALE_FROM), LEGEND_WIDE * unit, unit, fonts)
    sign = drawing.ground(round(drawing.LINE_STEP * unit), round(1.5 * unit))
    drawing.dot(sign, (0.5 * unit, 0.7 * unit), PRESENT, thick=2)
    return [bar, _signed(sign, words.presence, unit, fonts)]


def _plugs(words: OverlayWords, unit: int, fonts: Fonts) -> list[Picture]:
    """The ring of each plug."""
    parts = []
    for plug, colour in PLUG_COLOURS.items():
        sign = drawing.ground(round(drawing.LINE_STEP * unit), round(1.5 * unit))
        drawing.ring(sign, (0.5 * unit, 0.7 * unit), (0.4 * unit, 0.4 * unit), 0, colour, thick=2)
        parts.append(_signed(sign, words.plugs[plug], unit, fonts))
    return parts


def _signed(sign: Picture, text: str, unit: int, fonts: Fonts) -> Picture:
    return drawing.row([sign, drawing.paragraph([text], LEGEND_WIDE * unit - sign.shape[1], unit, fonts)])
