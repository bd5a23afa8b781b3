"""``pellucid measure``: one photo after another, measured and printed, and drawn where a picture is asked for."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from pellucid.exchange.files import write_all
from pellucid.exchange.photo_build import build_photos
from pellucid.exchange.photo_model import PhotoReport
from pellucid.exchange.photo_words import overlay_words
from pellucid.exchange.printable import FONTS
from pellucid.knowledge.load import load as load_knowledge
from pellucid.knowledge.text_file import read_text
from pellucid.knowledge.texts import Texts
from pellucid.model.errors import InputError, Problem
from pellucid.vision import drawing
from pellucid.vision.load import load
from pellucid.vision.measure import measure
from pellucid.vision.overlay import ColourBy, overlay
from pellucid.vision.profile import read_profile
from pellucid.vision.scale_of import Given
from pellucid.vision.zones import NAMES, Zones

LARGEST_PROFILE = 100_000
"""Bytes; a profile takes three hundred."""
SIDES = 4
"""Numbers of a box: x and y of its upper left corner, width, height."""
LEAST_SIDE_PX = 2
"""Width and height of a box at least; one of a single pixel has no area."""


class Asked(NamedTuple):
    """What was asked of every photo."""

    scale: Given
    ruler_mm: float | None
    zones: Zones
    texts: Texts
    colour_by: ColourBy
    as_json: bool


def run(
    photos: Sequence[Path],
    *,
    px_per_mm: float | None,
    profile: Path | None,
    ruler_mm: float | None,
    zones: Sequence[str],
    as_json: bool,
    out: Path | None,
    colour_by: ColourBy,
    language: str,
) -> None:
    """Measure and print photo after photo.

    What is wrong with an option ends it before the first photo. A photo that can't be read is named and the others are
    measured all the same; the exit code is 2 then.
    """
    asked = Asked(
        scale=given_scale(px_per_mm, profile, "--px-per-mm"),
        ruler_mm=ruler_mm,
        zones=zones_of(zones),
        texts=load_knowledge().texts(language),
        colour_by=colour_by,
        as_json=as_json,
    )
    faults = 0
    for photo, picture in zip(photos, pictures(out, len(photos), photos), strict=True):
        try:
            _one(photo, picture, asked)
        except InputError as error:
            faults += 1
            tell(error, photo)
    if faults:
        raise click.exceptions.Exit(2)


def _one(path: Path, picture: Path | None, asked: Asked) -> None:
    photo = load(path)
    measurement = measure(photo, scale=asked.scale, zones=asked.zones, ruler_mm=asked.ruler_mm)
    (report,) = build_photos(measurement, asked.texts)
    if picture:
        drawn = overlay(
            photo,
            measurement.photos[0],
            overlay_words(report, asked.texts, asked.colour_by),
            bundled_fonts(),
            colour_by=asked.colour_by,
        )
        write_all(picture.parent, {picture.name: drawing.png(drawn)})
    _print(report, picture, asked)


def _print(report: PhotoReport, picture: Path | None, asked: Asked) -> None:
    if asked.as_json:
        click.echo(report.model_dump_json())
        return
    from pellucid.cli.measure_view import print_photo

    print_photo(report, asked.texts)
    if picture:
        click.echo(f"  {picture}")
    click.echo()


def tell(error: InputError, photo: Path) -> None:
    """Say on standard error what is wrong with one photo."""
    for problem in error.problems:
        where = str(photo) if problem.where in {"", str(photo), photo.name} else f"{photo}: {problem.where}"
        click.echo(f"pellucid: {where}: {problem.message}", err=True)


def bundled_fonts() -> drawing.Fonts:
    """The fonts that come with the package."""
    return drawing.Fonts(FONTS / "PellucidSans-Regular.ttf", FONTS / "PellucidSansTC-Regular.otf")


def pictures(out: Path | None, count: int, photos: Sequence[Path]) -> Sequence[Path | None]:
    """Where each of so many pictures goes: the name as given for one, numbered for several.

    Raises:
        InputError: it is no name for a PNG, or a picture would take the place of one of the photos.
    """
    if out is None:
        return [None] * count
    if out.suffix.lower() != ".png":
        raise InputError([Problem("--overlay", f"{out.name!r} must end in .png")])
    numbered = [out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, count + 1)]
    found = [out] if count == 1 else numbered
    not_onto(photos, found, "--overlay")
    return found


def not_onto(photos: Sequence[Path], places: Sequence[Path], option: str) -> None:
    """Refuse to write onto one of the photos.

    Raises:
        InputError: one of the places is a photo's.
    """
    there = [place for place in places if place.exists()]
    taken = [place for place in there if any(photo.exists() and place.samefile(photo) for photo in photos)]
    if taken:
        raise InputError(Problem(option, f"{place} is a photo to be read; choose another name") for place in taken)


def given_scale(px_per_mm: float | None, profile: Path | None, option: str) -> Given:
    """The scale as given by hand.

    Raises:
        InputError: both were given, or the profile can't be used.
    """
    if profile is None:
        return px_per_mm
    if px_per_mm is not None:
        raise InputError([Problem("--profile", f"a profile has a scale of its own; leave out {option} or the profile")])
    text = read_text(profile, largest=LARGEST_PROFILE, too_large="write it with pellucid calibrate", kind="JSON")
    return read_profile(text, str(profile))


def zones_of(given: Sequence[str]) -> Zones:
    """``cheeks`` for the whole photo, or ``nose=120,80,600,400`` for boxes in it.

    Raises:
        InputError: a name is no zone, a box is no box, or one zone is the whole photo beside others.
    """
    if not given:
        return None
    problems = [problem for each in given for problem in _zone_problems(each)]
    names = Counter(each.partition("=")[0] for each in given)
    problems += [
        Problem("--zone", f"{name} is there more than once; draw one box around it")
        for name, count in names.items()
        if count > 1
    ]
    whole = [each for each in given if "=" not in each]
    if not problems and whole and len(given) > 1:
        example = f"{whole[0]}=120,80,600,400"
        problems = [Problem("--zone", f"{whole[0]} takes the whole photo; give each zone its box, such as {example}")]
    if problems:
        raise InputError(problems)
    return whole[0] if whole else _boxes(given)


def _zone_problems(given: str) -> list[Problem]:
    name, equals, box = given.partition("=")
    problems = []
    if name not in NAMES:
        problems.append(Problem("--zone", f"{name!r} is no zone; use one of {', '.join(NAMES)}"))
    sides = _sides(box)
    if equals and sides is None:
        problems.append(
            Problem("--zone", f"{given!r}: write the box in pixels as x,y,width,height, such as {name}=120,80,600,400")
        )
    if sides and min(sides[2:]) < LEAST_SIDE_PX:
        needed = f"its width and height must be larger, {LEAST_SIDE_PX} pixels or more each"
        problems.append(Problem("--zone", f"{given!r} is too small a box: {needed}"))
    return problems


def _sides(box: str) -> tuple[float, ...] | None:
    try:
        sides = tuple(float(each) for each in box.split(","))
    except ValueError:
        return None
    return sides if len(sides) == SIDES and all(map(math.isfinite, sides)) else None


def _boxes(given: Sequence[str]) -> Mapping[str, Sequence[tuple[float, float]]]:
    found: dict[str, Sequence[tuple[float, float]]] = {}
    for each in given:
        name, _, box = each.partition("=")
        x, y, width, height = _sides(box) or (0.0, 0.0, 0.0, 0.0)
        found[name] = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return found
