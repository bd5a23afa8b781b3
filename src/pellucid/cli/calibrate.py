"""``pellucid calibrate``: the scale of a device that always photographs from one distance."""

from pathlib import Path

import click

from pellucid.cli.measure import not_onto
from pellucid.exchange.files import write_all
from pellucid.knowledge.load import load as load_knowledge
from pellucid.vision.load import load
from pellucid.vision.profile import calibrate


def run(photo: Path, *, name: str, out: Path, ruler_mm: float | None, language: str) -> None:
    """Measure a device by a photo of the card, write its profile, and say what was found."""
    not_onto([photo], [out], "--out")
    profile = calibrate(load(photo), name=name, ruler_mm=ruler_mm)
    write_all(out.parent, {out.name: profile.model_dump_json(indent=2) + "\n"})
    texts = load_knowledge().texts(language)
    click.echo(
        texts.phrase(
            "photo.calibrate.written",
            file=out,
            name=profile.name,
            scale=f"{profile.px_per_mm:.2f}",
            error=f"{100 * profile.relative_se:.1f}",
        )
    )
    if ruler_mm is None:
        click.echo(texts.phrase("photo.calibrate.no_ruler"))
