"""The commands about photos: arguments and options; each imports what it needs when it runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from pellucid.cli.options import LANGUAGES, Number

Option = Callable[[Callable[..., None]], Callable[..., None]]

PX_PER_MM = Number(0.5, 1000)
"""From a whole face in a small photo to a microscope."""
RULER_MM = Number(40, 62.5)
"""What a line of 50 mm can measure where a printer changed its size."""
RULER = click.option(
    "--card-ruler-mm",
    "ruler_mm",
    type=RULER_MM,
    metavar="MM",
    help="How long the card's printed line of 50 mm really is.",
)
PHOTO_FILE = click.Path(path_type=Path, dir_okay=False)
PROFILE = click.option(
    "--profile",
    type=PHOTO_FILE,
    metavar="FILE.json",
    help="Profile of the device, as pellucid calibrate writes it.",
)


def _picture(drawn: str) -> Option:
    return click.option("--overlay", "out", type=PHOTO_FILE, metavar="OUT.png", help=drawn)


def _language(of: str) -> Option:
    return click.option("--lang", "language", type=LANGUAGES, default="en", help=of)


@click.command()
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True, type=PHOTO_FILE)
@click.option("--px-per-mm", type=PX_PER_MM, metavar="N", help="Scale where no card in the photo tells it.")
@PROFILE
@RULER
@click.option(
    "--zone",
    "zones",
    multiple=True,
    metavar="NAME[=X,Y,W,H]",
    help="Part of the face that the photo shows (forehead, nose, cheeks, chin, jaw), or a box of it in pixels.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object a photo, one a line.")
@_picture("Draw the pores over the photo; for several photos out-1.png, out-2.png and so on.")
@click.option(
    "--colour-by", type=click.Choice(["size", "plug"]), default="size", show_default=True, help="Colour of the rings."
)
@_language("Language of the sentences.")
def measure(photos: tuple[Path, ...], **asked: Any) -> None:
    """Measure the pores in each PHOTO in millimetres, or say why it can't be done.

    A photo that can't carry a measurement says so, and that is a result: exit code 0. One that can't be read is named,
    the others are measured, and the exit code is 2.

    \b
    Examples:
      pellucid measure examples/photos/cheek.jpg
      pellucid measure left.jpg right.jpg --zone cheeks --json > cheeks.jsonl
      pellucid measure nose.png --px-per-mm 28.5 --overlay nose-pores.png
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    from pellucid.cli.measure import run

    run(photos, **asked)


class ComparePhotos(click.Command):
    """Takes every file behind ``--after`` for a photo after, up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read ``--after b1 b2`` as ``--after b1 --after b2``; who asks for help gets it, whatever stands before."""
        if any(name in args for name in ctx.help_option_names):
            return super().parse_args(ctx, ctx.help_option_names[:1])
        return super().parse_args(ctx, list(_one_by_one(args, ctx)))


def _one_by_one(args: list[str], ctx: click.Context) -> Iterator[str]:
    after = waiting = False
    for arg in args:
        option = arg.startswith("-")
        if waiting and option:
            break
        after = arg.startswith("--after") if option else after
        waiting = arg == "--after"
        if after and not option:
            yield "--after"
        if not waiting:
            yield arg
    if waiting:
        raise click.UsageError("Name at least one photo behind --after.", ctx)


@click.command(cls=ComparePhotos)
@click.argument("before", metavar="BEFORE...", nargs=-1, required=True, type=PHOTO_FILE)
@click.option(
    "--after",
    type=PHOTO_FILE,
    required=True,
    multiple=True,
    help="A photo of the same skin later; more can follow it.",
)
@click.option("--px-per-mm", type=PX_PER_MM, metavar="N", help="Scale of the photos, where no card tells it.")
@click.option("--px-per-mm-after", type=PX_PER_MM, metavar="N", help="Of those after, where it differs.")
@PROFILE
@RULER
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object.")
@_picture("Draw both visits side by side, with the pores that were compared.")
@_language("Language of the sentences.")
def compare(before: tuple[Path, ...], after: tuple[Path, ...], **asked: Any) -> None:
    """Compare photos of the same skin, BEFORE and after: what changed, or the least that could have been seen.

    \b
    Examples:
      pellucid compare examples/photos/before.jpg --after examples/photos/after.jpg
      pellucid compare a1.jpg a2.jpg --after b1.jpg b2.jpg --overlay strip.png
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    from pellucid.cli.compare_photos import run

    run(before, after, **asked)


@click.command()
@click.option(
    "--out",
    type=PHOTO_FILE,
    default=Path("card.pdf"),
    show_default=True,
    help="Where the PDF goes.",
)
@click.option(
    "--paper", type=click.Choice(["a4", "letter"], case_sensitive=False), default="a4", show_default=True, help="Paper."
)
@_language("Language that comes first; the card has both.")
def card(out: Path, paper: str, language: str) -> None:
    """Write the card that tells size and colour in a photo, as a PDF to print.

    \b
    Example:
      pellucid card --out card.pdf --paper letter
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    from pellucid.cli.card import run

    run(out, paper="letter" if paper.lower() == "letter" else "a4", language=language)


@click.command()
@click.argument("photo", type=PHOTO_FILE)
@click.option("--name", required=True, help="What to call the device.")
@click.option(
    "--out",
    type=PHOTO_FILE,
    default=Path("profile.json"),
    show_default=True,
    help="Where the profile goes.",
)
@RULER
@_language("Language of the messages.")
def calibrate(photo: Path, name: str, out: Path, ruler_mm: float | None, language: str) -> None:
    """Measure the scale of a dermatoscope by a PHOTO of the card, or of its small tile, taken through it.

    \b
    Example:
      pellucid calibrate tile.jpg --name "Handyscope" --out profile.json
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    from pellucid.cli.calibrate import run

    run(photo, name=name, out=out, ruler_mm=ruler_mm, language=language)
