"""``pellucid compare``: two visits beside each other, and what changed between them."""

from collections.abc import Sequence
from pathlib import Path

import click

from pellucid.cli.measure import bundled_fonts, given_scale, pictures, tell
from pellucid.exchange.files import write_all
from pellucid.exchange.photo_build import build_change
from pellucid.exchange.photo_words import strip_words
from pellucid.knowledge.load import load as load_knowledge
from pellucid.model.errors import InputError
from pellucid.vision import drawing
from pellucid.vision.compare import compare
from pellucid.vision.load import load
from pellucid.vision.overlay_strip import strip
from pellucid.vision.photo import Photo


def run(
    before: Sequence[Path],
    after: Sequence[Path],
    *,
    px_per_mm: float | None,
    px_per_mm_after: float | None,
    profile: Path | None,
    ruler_mm: float | None,
    as_json: bool,
    out: Path | None,
    language: str,
) -> None:
    """Compare and print; every photo that can't be read is named, and then nothing is compared."""
    (picture,) = pictures(out, 1, (*before, *after))
    scale = given_scale(px_per_mm, profile, "--px-per-mm")
    scale_after = given_scale(px_per_mm_after, profile, "--px-per-mm-after") if px_per_mm_after else None
    texts = load_knowledge().texts(language)
    sides = _loaded(before, after)
    change = compare(*sides, scale=scale, scale_after=scale_after, ruler_mm=ruler_mm)
    report = build_change(change, texts)
    if picture:
        drawn = strip(sides[0][0], sides[1][0], change, strip_words(report, texts), bundled_fonts())
        write_all(picture.parent, {picture.name: drawing.png(drawn)})
    if as_json:
        click.echo(report.model_dump_json())
        return
    from pellucid.cli.measure_view import print_change

    print_change(report, texts)
    if picture:
        click.echo(f"  {picture}")


def _loaded(before: Sequence[Path], after: Sequence[Path]) -> tuple[list[Photo], list[Photo]]:
    """Both sides' photos, all of them read before any is measured."""
    sides: tuple[list[Photo], list[Photo]] = ([], [])
    faults = 0
    for side, paths in zip(sides, (before, after), strict=True):
        for path in paths:
            try:
                side.append(load(path))
            except InputError as error:
                faults += 1
                tell(error, path)
    if faults:
        raise click.exceptions.Exit(2)
    return sides
