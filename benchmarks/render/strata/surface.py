"""The skin as the pixels of one photo see it: how high it is, what is in it, and its pits."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.strata.bank import sample
from benchmarks.render.strata.pose import Pose
from benchmarks.render.strata.skin import PLUGS, Pores, Skin
from benchmarks.render.strata.stamp import Things, stamp

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Skin without its pores."""

    height: Plane
    """Millimetres."""
    melanin: Plane
    blood: Plane
    oil: Plane
    """0 to 1."""
    rough: Plane
    """Micro-relief, variance 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Pits:
    """What pores add to it."""

    height: Plane
    """Millimetres, below 0."""
    hidden: Plane
    """Share of the sky that the wall of the pit hides."""
    dark: Plane
    """Share of what is seen that is oxidised keratin."""
    light: Plane
    """Share of what is seen that is sebum."""


@dataclass(frozen=True, slots=True, eq=False)
class Hairs:
    """Share of a pixel that hair covers."""

    pale: Plane
    dark: Plane


def ground(skin: Skin, pose: Pose) -> Ground:
    """The skin without pores and hair."""
    x, y = pose.places()
    patches, mottle = sample(skin.patches, x, y), sample(skin.mottle, x, y)
    rough = sample(skin.grain, x, y)
    height = np.float32(0.002) * rough
    deep = np.clip(1 + np.float32(0.4) * patches, 0.15, 1.8)
    for texture, depth, width in skin.furrows:
        lines = sample(texture, x, y)
        height -= np.float32(depth) * deep * np.exp(-np.square(lines / np.float32(width)))
    melanin = np.float32(skin.melanin) * np.exp(np.float32(0.07) * mottle + np.float32(0.05) * patches)
    blood = np.float32(skin.blood) * np.exp(np.float32(0.12) * patches - np.float32(0.08) * mottle)
    if skin.vessel_blood:
        lines = sample(skin.vessels, x, y)
        blood += np.float32(skin.vessel_blood) * np.exp(-np.square(lines / 0.12)) * (patches > 0.5)  # noqa: PLR2004 - half
    factor, added, raised = _spots(skin, pose, rough)
    return Ground(
        height=height + raised,
        melanin=melanin * np.exp(factor),
        blood=np.maximum(blood + added, 0.002),
        oil=np.clip(np.float32(skin.oil) * (1 + np.float32(0.35) * patches), 0, 1),
        rough=rough,
    )


def _spots(skin: Skin, pose: Pose, rough: Plane) -> tuple[Plane, Plane, Plane]:
    """Log factor of melanin, blood added and height added."""
    spots = skin.spots
    maps = [np.zeros(rough.shape, np.float32) for _ in range(3)]

    def draw(u: Plane, v: Plane, rows: NDArray[np.int64]) -> list[Plane]:
        def column(values: NDArray[np.float64]) -> Plane:
            return values[rows].astype(np.float32)[:, None, None]

        root = np.sqrt(column(spots.aspect))
        away = np.sqrt(np.square(u / root) + np.square(v * root)) / column(spots.radius)
        wavy = 1 + 0.12 * np.sin(3 * np.arctan2(v, u) + column(spots.x) * 9)
        inside = 1 / (1 + np.exp((away * wavy - 1) / (0.25 * column(spots.soft))))
        dome = np.exp(-2.2 * np.square(away))
        log_melanin = np.log(column(spots.melanin)) * inside
        return [log_melanin, column(spots.blood) * inside, column(spots.height) * dome]

    stamp(Things(spots.x, spots.y, spots.angle, 2.0 * spots.radius), pose, maps, draw)
    return maps[0], maps[1], maps[2]


def pits(pores: Pores, pose: Pose) -> Pits:
    """All pores that the photo sees."""
    maps = [np.zeros(pose.shape, np.float32) for _ in range(4)]
    radius = pores.diameter / 2
    edge_mm = max(0.6 / pose.px_per_mm, 0.008)

    def draw(u: Plane, v: Plane, rows: NDArray[np.int64]) -> list[Plane]:
        def column(values: NDArray[np.float64]) -> Plane:
            return values[rows].astype(np.float32)[:, None, None]

        size, depth, plug = column(radius), column(pores.depth), pores.plug[rows][:, None, None]
        root, tear = np.sqrt(column(pores.aspect)), column(pores.tear)
        along = u / (size * root) - tear / 4
        across = v * root / (size * np.maximum(1 - tear * np.clip(along, -1, 1), 0.2))
        away = np.sqrt(np.square(along) + np.square(across))
        away *= 1 + 0.05 * np.sin(3 * np.arctan2(across, along) + 40 * tear + 9 * depth)
        open_ = np.clip((1 - away) / np.maximum(edge_mm / size, column(pores.soft)) + 0.5, 0, 1)
        funnel = column(pores.funnel)
        cone = 1 - np.minimum(away, 1) ** np.maximum(funnel, 1)
        cap = np.sqrt(np.maximum(1 - np.square(away), 0))
        profile = np.where(funnel > 0, cone, cap)
        shoulder = 0.05 * np.exp(-np.maximum(away - 1, 0) / 0.2)
        drop = depth * np.where(funnel > 0, cone, 1)
        hidden = open_ * (1 - 1 / (1 + np.square(drop)))
        filled = np.clip((column(pores.filling) - away) * size / edge_mm + 0.5, 0, 1) * (plug != PLUGS.index("open"))
        tone = column(pores.tone) * filled
        left = 1 - filled * np.where(plug == PLUGS.index("light"), 0.95, 0.55)
        return [
            -size * (depth * profile * left + shoulder),
            hidden * left,
            tone * (plug == PLUGS.index("dark")),
            tone * (plug == PLUGS.index("light")),
        ]

    things = Things(pores.x, pores.y, pores.angle, 1.5 * radius * np.sqrt(pores.aspect) + 0.03)
    stamp(things, pose, maps, draw)
    return Pits(*maps)


def hairs(skin: Skin, pose: Pose) -> Hairs:
    """Hair over the skin."""
    covers = []
    for dark in (False, True):
        cover = np.zeros(pose.shape, np.uint8)
        for hair in skin.hairs:
            if hair.dark == dark:
                _draw(cover, hair.path, hair.width, pose)
        covers.append(cover.astype(np.float32) / np.float32(255))
    return Hairs(covers[0] * np.float32(0.35), covers[1])


def _draw(cover: NDArray[np.uint8], path: NDArray[np.float64], width: float, pose: Pose) -> None:
    x, y = pose.project(path[:, 0], path[:, 1])
    height, wide = pose.shape
    if x.max() < 0 or y.max() < 0 or x.min() > wide or y.min() > height:
        return
    pixels = width * pose.px_per_mm
    points = np.rint(16 * np.stack([x, y], axis=1)).astype(np.int32).reshape(-1, 1, 2)
    level = int(255 * min(1.0, pixels))
    cv2.polylines(
        cover, [points], isClosed=False, color=(level,), thickness=max(1, round(pixels)), lineType=cv2.LINE_AA, shift=4
    )
