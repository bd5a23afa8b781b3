"""What the drawings in ``templates/ui/pictures`` need besides their own lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FOLDER = Path(__file__).parent / "templates" / "ui" / "pictures"
PARTS = frozenset({"patch"})
"""Drawings that are only parts of others."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of the face map."""

    name: str
    label: "_StrPromise"
    area: str
    """Outline, as an SVG path in the map's own 320 by 400."""
    places: tuple[tuple[int, int], ...]
    """Where its name stands."""
    marks: tuple[tuple[int, int], ...]
    """Where its tick stands."""


ZONES = (
    Zone(
        "forehead",
        _("Forehead"),
        "M160 52C210 52 240 80 250 122C226 112 204 114 188 128C178 134 142 134 132 128C116 114 94 112 70 122"
        "C80 80 110 52 160 52Z",
        ((160, 96),),
        ((160, 112),),
    ),
    Zone(
        "cheeks",
        _("Cheeks"),
        "M68 196C88 190 114 190 130 200C136 226 128 262 114 280C98 290 84 276 77 252C71 234 66 214 68 196Z"
        "M252 196C232 190 206 190 190 200C184 226 192 262 206 280C222 290 236 276 243 252C249 234 254 214 252 196Z",
        ((99, 238), (221, 238)),
        ((98, 256), (222, 256)),
    ),
    Zone(
        "nose",
        _("Nose"),
        "M160 146C168 146 172 156 173 176C175 206 190 226 190 244C190 258 176 264 160 264C144 264 130 258 130 244"
        "C130 226 145 206 147 176C148 156 152 146 160 146Z",
        ((160, 240),),
        ((160, 253),),
    ),
    Zone(
        "chin",
        _("Chin"),
        "M160 318C178 318 192 326 192 340C192 354 178 363 160 363C142 363 128 354 128 340C128 326 142 318 160 318Z",
        ((160, 340),),
        ((160, 352),),
    ),
    Zone(
        "jaw",
        _("Jaw"),
        "M248 261C237 300 219 331 202 348C198 350 194 346 196 340C202 322 206 308 218 298C232 288 236 270 240 262"
        "C242 256 250 254 248 261Z"
        "M72 261C83 300 101 331 118 348C122 350 126 346 124 340C118 322 114 308 102 298C88 288 84 270 80 262"
        "C78 256 70 254 72 261Z",
        ((40, 330), (280, 330)),
        ((104, 316), (216, 316)),
    ),
)


def names() -> list[str]:
    """Every drawing that can be asked for."""
    return sorted(file.stem for file in FOLDER.glob("*.html") if file.stem not in PARTS)


def details(name: str, picked: Collection[str] = ()) -> Mapping[str, Any]:
    """What a drawing's template is given besides the options of whoever asks for it."""
    if name != "face_map":
        return {}
    return {"zones": ZONES, "marked": [str(zone.label) for zone in ZONES if zone.name in picked]}
