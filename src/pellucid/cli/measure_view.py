"""The terminal view of a measured photo and of a comparison: what was found, how sure, and what is left out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import quantiles

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pellucid.cli.label_view import Hanging, printable
from pellucid.exchange import photo_words as words
from pellucid.exchange.photo_model import (
    AdviceOut,
    ChangeReport,
    EffectOut,
    PhotoReport,
    PoreOut,
    WithheldOut,
    ZoneOut,
)
from pellucid.knowledge.texts import Texts

BARS = " ▁▂▃▄▅▆▇█"
"""Heights of a bar."""
BIN_MM = 0.025
"""Width of a bar of the histogram."""
FIRST_MM, LAST_MM = 0.05, 0.6
"""Where the histogram begins and ends; what is larger stands in the last bar."""
FEW = 4
"""Pores below which quartiles say nothing."""
SHAPES = ("round", "oval", "teardrop", "undetermined")
PLUGS = ("dark", "light", "open", "uncertain")

Row = tuple[str, Text]


def print_photo(report: PhotoReport, texts: Texts, console: Console | None = None) -> None:
    """Print what one photo shows."""
    screen = console or Console(highlight=False)
    screen.print(Text(printable(report.file), style="bold underline"))
    if report.refused:
        refused = f"{texts.phrase('photo.refused')} {report.refused.why}"
        screen.print(Hanging(Text(refused, style="bold yellow"), 2))
    screen.print(_table([*_quality(report, texts), *_pores(report, texts), *_zones(report, texts)]))
    _print_notes(report.withheld, report.advice, texts, screen)


def print_change(report: ChangeReport, texts: Texts, console: Console | None = None) -> None:
    """Print what changed between two visits."""
    screen = console or Console(highlight=False)
    if report.refused:
        refused = printable(" ".join(words.not_compared(report, texts)))
        screen.print(Hanging(Text(refused, style="bold yellow"), 0))
    for effect in (report.diameter, report.density):
        if effect:
            screen.print(Text(effect.sentence, style=_style(effect)))
    screen.print(_table(_basis(report, texts)))
    photos = (*report.before, *report.after)
    advice = {each.id: each for photo in photos for each in photo.advice}
    _print_notes(report.withheld, list(advice.values()) if report.refused else [], texts, screen)


def _style(effect: EffectOut) -> str:
    return "bold" if effect.direction == "no_detectable_change" else "bold cyan"


def _table(rows: Iterable[Row]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    for label, text in rows:
        table.add_row(Text(f"  {label}", style="dim"), text)
    return table


def _print_notes(withheld: Sequence[WithheldOut], advice: Sequence[AdviceOut], texts: Texts, screen: Console) -> None:
    """What was left out, and what would help, each below a heading."""
    rows = [(texts.phrase(f"photo.what.{each.what}"), Text(each.why)) for each in withheld]
    for heading, lines in (("photo.left_out", rows), ("photo.advice", [("•", Text(each.text)) for each in advice])):
        if lines:
            screen.print(Text(f"  {texts.phrase(heading)}", style="bold"))
            screen.print(_table([(f"  {label}", text) for label, text in lines]))


# --- one photo --------------------------------------------------------------------------------------------


def _quality(report: PhotoReport, texts: Texts) -> Iterator[Row]:
    quality = report.quality
    yield texts.phrase("photo.label.scale"), _scale(report, texts)
    yield texts.phrase("photo.label.sharpness"), Text(_blur(report, texts))
    shares = {"skin": quality.skin_share, "glare": quality.glare_share, "clipped": quality.clipped_share}
    told = texts.phrase("photo.light", **{name: words.percent(share) for name, share in shares.items()})
    yield texts.phrase("photo.label.light"), Text(told)
    if quality.smallest_presence_mm is not None and quality.smallest_size_mm is not None:
        found, sized = words.millimetres(quality.smallest_presence_mm), words.millimetres(quality.smallest_size_mm)
        yield texts.phrase("photo.label.carries"), Text(texts.phrase("photo.carries", found=found, sized=sized))


def _blur(report: PhotoReport, texts: Texts) -> str:
    sigma = report.quality.psf_sigma_px
    if sigma is None:
        blurred = report.refused is not None and report.refused.code in words.BY_BLUR
        return texts.phrase("photo.blur.too_much" if blurred else "photo.blur.untold")
    if report.px_per_mm is None:
        return texts.phrase("photo.blur", px=f"{sigma:.1f}")
    return texts.phrase("photo.blur_mm", px=f"{sigma:.1f}", mm=words.millimetres(sigma / report.px_per_mm))


def _scale(report: PhotoReport, texts: Texts) -> Text:
    quality = report.quality
    if report.px_per_mm is None or quality.scale_method is None:
        return Text(texts.phrase("photo.scale.none"), style="yellow")
    text = texts.phrase(
        "photo.scale",
        value=f"{report.px_per_mm:.1f}",
        error=words.percent(quality.scale_se or 0.0),
        method=texts.phrase(f"photo.scale.{quality.scale_method}"),
    )
    if quality.tilt_deg is not None:
        text += texts.phrase("photo.tilt", degrees=f"{quality.tilt_deg:.0f}")
    return Text(text)


def _pores(report: PhotoReport, texts: Texts) -> Iterator[Row]:
    if report.refused:
        return
    yield texts.phrase("photo.label.pores"), Text(words.pores_found(report, texts))
    dense = "\n".join(words.densities(report, texts))
    if dense:
        yield texts.phrase("photo.label.density"), Text(dense)
    yield from _sizes(report, texts)
    for field, kinds in (("shape", SHAPES), ("plug", PLUGS)):
        told = _tally(report.pores, field, kinds, texts)
        if told:
            yield texts.phrase(f"photo.label.{field}"), told


def _sizes(report: PhotoReport, texts: Texts) -> Iterator[Row]:
    """Mean, quartiles and a histogram of the pores whose size can be told."""
    sizes = [pore.diameter_mm for pore in report.pores if not pore.presence_only]
    lines = []
    if report.mean_diameter_mm:
        ends = {name: f"{getattr(report.mean_diameter_mm, name):.3f}" for name in ("value", "low", "high")}
        lines.append(texts.phrase("photo.mean", **ends, mm=words.millimetres(report.mean_from_mm or 0.0)))
    if len(sizes) >= FEW:
        low, _, high = (words.millimetres(each) for each in quantiles(sizes, n=4))
        lines.append(texts.phrase("photo.quartiles", low=low, high=high))
        ends = {"low": words.millimetres(FIRST_MM), "high": words.millimetres(LAST_MM)}
        lines.append(texts.phrase("photo.histogram", bars=histogram(sizes), **ends))
    if lines:
        yield texts.phrase("photo.label.size"), Text("\n".join(lines))


def histogram(sizes: Sequence[float]) -> str:
    """How many pores have which size, as one bar for each ``BIN_MM``."""
    count = round((LAST_MM - FIRST_MM) / BIN_MM)
    bins = Counter(min(max(int((size - FIRST_MM) / BIN_MM), 0), count - 1) for size in sizes)
    most = max(bins.values(), default=1)
    return "".join(BARS[-(-bins[place] * (len(BARS) - 1) // most)] for place in range(count))


def _tally(pores: Sequence[PoreOut], field: str, kinds: Sequence[str], texts: Texts) -> Text | None:
    """How many of each kind; None where nothing of it could be told."""
    counted = Counter(getattr(pore, field) for pore in pores)
    if not any(counted[kind] for kind in kinds[:-1]):
        return None
    told = [f"{texts.phrase(f'photo.{field}.{kind}')} {counted[kind]}" for kind in kinds if counted[kind]]
    return Text(" · ".join(told))


def _zones(report: PhotoReport, texts: Texts) -> Iterator[Row]:
    """The figures of each zone; none where the zone is the whole photo, whose figures stand above."""
    whole = report.density_per_cm2.value if report.density_per_cm2 else None
    for name, zone in report.zones.items():
        if zone.pores_per_cm2 != whole:
            yield texts.phrase(f"photo.zone.{name}"), _zone(zone, texts)


def _zone(zone: ZoneOut, texts: Texts) -> Text:
    told = []
    if zone.pores_per_cm2 is not None:
        told.append(texts.phrase("photo.zone_density", n=words.amount(zone.pores_per_cm2, texts)))
    if zone.mean_diameter_mm is not None:
        told.append(texts.phrase("photo.zone_mean", mm=words.millimetres(zone.mean_diameter_mm)))
    return Text(" · ".join(told) or texts.phrase("photo.zone_nothing"))


# --- a comparison -----------------------------------------------------------------------------------------


def _basis(report: ChangeReport, texts: Texts) -> Iterator[Row]:
    """What the comparison stands on."""
    photos = texts.phrase("photo.change.photos", before=len(report.before), after=len(report.after))
    yield texts.phrase("photo.label.compared"), Text(photos)
    if report.refused is None and report.common_cm2 is not None:
        common = texts.phrase("photo.change.common", n=report.compared_pores, area=words.area(report.common_cm2, texts))
        yield "", Text(common)
    for side in ("before", "after"):
        for photo in getattr(report, side):
            yield texts.phrase(f"photo.{side}"), Text(f"{printable(photo.file)}  ").append_text(_scale(photo, texts))
