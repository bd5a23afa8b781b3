"""Small pieces that pictures for people are put together from: text, rings, colour scales, scale bars.

A picture brings its own light ground, so that it reads alike on a light and a dark page. What lies on a photo is
drawn twice, first wider and dark, so that it stands out from any skin.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pellucid.vision.photo import Photo

Picture = NDArray[np.uint8]
"""(height, width, 3), red, green, blue, encoded as sRGB."""
Colour = tuple[int, int, int]

GROUND: Colour = (246, 248, 247)
INK: Colour = (21, 33, 31)
SOFT: Colour = (84, 98, 95)
HALO: Colour = (12, 16, 15)
WHITE: Colour = (255, 255, 255)
SHIFT = 4
"""Bits after the point in places given to OpenCV."""
DIMMED = 0.72
GREYED = 0.55
"""How much of its light a photo keeps below what is drawn on it, and how much of its colour it loses."""
SCALE_FROM = 0.22
"""Where the colour scale begins: darker ones can't be told from skin."""
LINES = 700
"""How many of its lines a picture is long."""
LINE_STEP = 1.4
"""From line to line, for the size of the letters."""
FIRST_WIDE_LETTER = "\u2e80"
"""From here on letters are Han or kana, which the font for them has."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font files."""

    latin: Path
    han: Path

    def of(self, text: str, size: int) -> ImageFont.FreeTypeFont:
        """The font that can draw a text, at so many pixels."""
        return _font(self.han if any(char >= FIRST_WIDE_LETTER for char in text) else self.latin, size)


@lru_cache(maxsize=16)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def ground(height: int, width: int) -> Picture:
    """An empty picture."""
    return np.full((height, width, 3), GROUND, np.uint8)


def seen(photo: Photo, width: int, height: int) -> Picture:
    """A photo with eight bits at another size."""
    pixels = photo.pixels
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    shrinks = width < pixels.shape[1]
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def dimmed(picture: Picture) -> Picture:
    """A picture a little darker and greyer, as ground for colours."""
    return np.asarray(cv2.addWeighted(picture, DIMMED * (1 - GREYED), greyed(picture), DIMMED * GREYED, 0), np.uint8)


def greyed(picture: Picture) -> Picture:
    """A picture without its colours."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def put(picture: Picture, part: Picture, x: int, y: int) -> None:
    """Lay a picture onto another."""
    picture[y : y + part.shape[0], x : x + part.shape[1]] = part


def scale_colours(shares: Sequence[float]) -> list[Colour]:
    """Colours of a perceptually uniform scale (viridis) for numbers from 0 to 1."""
    if not shares:
        return []
    steps = np.rint((SCALE_FROM + np.clip(shares, 0, 1) * (1 - SCALE_FROM)) * 255).astype(np.uint8)
    found = cv2.applyColorMap(steps.reshape(-1, 1), cv2.COLORMAP_VIRIDIS)[:, 0, ::-1]
    return [(int(red), int(green), int(blue)) for red, green, blue in found]


def ring(  # noqa: PLR0913 - an ellipse has as many
    picture: Picture,
    place: tuple[float, float],
    axes: tuple[float, float],
    angle: float,
    colour: Colour,
    *,
    thick: int = 1,
) -> None:
    """An ellipse's outline.

    Args:
        picture: drawn on.
        place: its middle, x and y, in pixels.
        axes: half its long and half its short axis, in pixels.
        angle: of the long axis, in degrees, from x towards y.
        colour: of the line.
        thick: width of the line in pixels, with another on either side of it.
    """
    one = 1 << SHIFT
    middle = (round(place[0] * one), round(place[1] * one))
    halves = (round(axes[0] * one), round(axes[1] * one))
    for line, width in ((HALO, thick + 2), (colour, thick)):
        cv2.ellipse(picture, middle, halves, angle, 0, 360, line, width, cv2.LINE_AA, SHIFT)


def dot(picture: Picture, place: tuple[float, float], colour: Colour, *, thick: int = 1) -> None:
    """A small dot, about two lines wide."""
    one = 1 << SHIFT
    middle = (round(place[0] * one), round(place[1] * one))
    cv2.circle(picture, middle, round((thick + 1.2) * one), HALO, -1, cv2.LINE_AA, SHIFT)
    cv2.circle(picture, middle, round((thick + 0.2) * one), colour, -1, cv2.LINE_AA, SHIFT)


class Pen:
    """Writes on a picture."""

    def __init__(self, picture: Picture, fonts: Fonts) -> None:
        """Start on a picture; ``done`` brings the words onto it."""
        self._onto = picture
        self._image = Image.fromarray(picture)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts = fonts

    def write(
        self, text: str, place: tuple[float, float], size: int, *, colour: Colour = INK, anchor: str = "la"
    ) -> None:
        """Write one line; ``anchor`` as Pillow has it, such as ``la`` for left and top."""
        self._draw.text(place, text, fill=colour, font=self._fonts.of(text, size), anchor=anchor)

    def on_photo(self, text: str, place: tuple[float, float], size: int, *, anchor: str = "la") -> None:
        """Write one line in white on a photo."""
        font = self._fonts.of(text, size)
        edge = max(size // 8, 2)
        self._draw.text(place, text, fill=WHITE, font=font, anchor=anchor, stroke_width=edge, stroke_fill=HALO)

    def done(self) -> Picture:
        """The picture with the words."""
        self._onto[:] = np.asarray(self._image)
        return self._onto


# --- pieces with words, and how they are put together -----------------------------------------------------


def paragraph(texts: Sequence[str], width: int, size: int, fonts: Fonts, *, colour: Colour = INK) -> Picture:
    """Texts below each other, in lines no wider than the picture.

    Args:
        texts: each begins a line of its own.
        width: of the picture, in pixels.
        size: of the letters, in pixels.
        fonts: files that can draw them.
        colour: of the letters.
    """
    lines = [line for text in texts for line in _lines(text, width, fonts.of(text, size))]
    step = round(LINE_STEP * size)
    pen = Pen(ground(max(step * len(lines), 1), width), fonts)
    for number, line in enumerate(lines):
        pen.write(line, (0, number * step), size, colour=colour)
    return pen.done()


def _lines(text: str, width: int, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines end at blanks, and anywhere in Han."""
    han = any(char >= FIRST_WIDE_LETTER for char in text)
    lines = [""]
    for part in list(text) if han else [f"{word} " for word in text.split()]:
        if lines[-1] and font.getlength(f"{lines[-1]}{part}".rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [line.strip() for line in lines]


def colour_bar(ticks: Mapping[float, str], colours: tuple[int, float], width: int, size: int, fonts: Fonts) -> Picture:
    """A colour scale lying on its side, with its numbers below.

    Args:
        ticks: place on the scale, from 0 to 1, to what stands there.
        colours: OpenCV's number of a map of colours, and where in it the scale begins, from 0 to 1.
        width: of the picture, in pixels.
        size: of the letters, in pixels.
        fonts: files that can draw them.
    """
    colour_map, first = colours
    steps = np.rint(np.linspace(first, 1, width) * 255).astype(np.uint8).reshape(1, -1)
    line = cv2.cvtColor(cv2.applyColorMap(steps, colour_map), cv2.COLOR_BGR2RGB)
    thick = max(size // 2, 1)
    picture = ground(thick + 2 * size, width)
    put(picture, np.asarray(np.repeat(line, thick, axis=0), np.uint8), 0, 0)
    pen = Pen(picture, fonts)
    for share, text in ticks.items():
        anchor = "la" if share <= 0 else "ra" if share >= 1 else "ma"
        pen.write(text, (share * width, thick + 0.3 * size), round(0.9 * size), anchor=anchor)
    return pen.done()


def column(parts: Sequence[Picture], gap: int = 0) -> Picture:
    """Pictures below each other, all at the left."""
    height = sum(part.shape[0] for part in parts) + gap * (len(parts) - 1)
    picture = ground(height, max(part.shape[1] for part in parts))
    y = 0
    for part in parts:
        put(picture, part, 0, y)
        y += part.shape[0] + gap
    return picture


def row(parts: Sequence[Picture], gap: int = 0) -> Picture:
    """Pictures beside each other, all at the top."""
    turned = column([np.swapaxes(part, 0, 1) for part in parts], gap)
    return np.ascontiguousarray(np.swapaxes(turned, 0, 1))


def framed(picture: Picture, margin: int) -> Picture:
    """A picture with an empty margin."""
    height, width = picture.shape[:2]
    whole = ground(height + 2 * margin, width + 2 * margin)
    put(whole, picture, margin, margin)
    return whole


def marked_scale(picture: Picture, px_per_mm: float, words: str, size: int, fonts: Fonts) -> None:
    """Draw a scale bar on a photo, with its length; ``words`` hold ``{n}`` for the millimetres."""
    millimetres, y = scale_bar(picture, px_per_mm, picture.shape[1] / 4)
    pen = Pen(picture, fonts)
    pen.on_photo(words.format(n=f"{millimetres:g}"), (size, y - size // 3), size, anchor="ld")
    pen.done()


def scale_bar(picture: Picture, px_per_mm: float, most_px: float) -> tuple[float, int]:
    """Draw a bar in the lower left corner as long as a round number of millimetres.

    Returns:
        the millimetres, and the y of the bar.
    """
    exponent = 10.0 ** math.floor(math.log10(most_px / px_per_mm))
    millimetres = max(step * exponent for step in (1, 2, 5) if step * exponent * px_per_mm <= most_px)
    height = picture.shape[0]
    thick = max(height // 160, 4)
    x, y = 3 * thick, height - 4 * thick
    end = x + round(millimetres * px_per_mm)
    cv2.rectangle(picture, (x - 2, y - 2), (end + 2, y + thick + 2), HALO, -1)
    cv2.rectangle(picture, (x, y), (end, y + thick), WHITE, -1)
    return millimetres, y


def line_width(picture: Picture) -> int:
    """How wide a line should be to be seen when the whole picture is looked at."""
    longest: int = max(picture.shape[:2])
    return max(round(longest / LINES), 1)


def png(picture: Picture) -> bytes:
    """A picture as PNG."""
    return cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))[1].tobytes()
