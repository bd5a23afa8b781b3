"""Sentences about photos: why something was left out, what would help, and what changed; from ids and numbers."""

from collections.abc import Iterator
from typing import Literal

from pellucid.exchange.photo_model import ChangeReport, PhotoReport
from pellucid.exchange.printable import printable
from pellucid.knowledge.texts import Texts
from pellucid.model.change import Effect
from pellucid.model.photo import Withheld
from pellucid.vision.overlay import PLUG_COLOURS, ColourBy, OverlayWords
from pellucid.vision.overlay_strip import StripWords

WIDE = 0.02
"""Width of an interval from which a change is told in whole percent."""

LEAST_TOLD = 0.01
"""Smaller amounts are told as less than this."""

BY_BLUR = frozenset({"too_blurred", "enlarged"})
"""Reasons that are told without numbers where the photo is too blurred to tell any."""

Quantity = Literal["diameter", "density"]


def why(withheld: Withheld, texts: Texts) -> str:
    """Why a photo can't carry something."""
    numbers = {name: amount(value, texts) for name, value in withheld.numbers}
    phrase = f"photo.why.{withheld.code}"
    if withheld.code in BY_BLUR and "mm" not in numbers:
        phrase += ".by_far"
    told = texts.phrase(phrase, **numbers)
    if not withheld.photos:
        return told
    first, *others = (texts.phrase(f"photo.change.file.{side}", file=file) for side, file in withheld.photos)
    differing = texts.phrase("words.list").join(others)
    return texts.phrase("photo.change.differing", why=told, first=first, others=differing)


def advice(name: str, texts: Texts) -> str:
    """What would make the next photo better."""
    return texts.phrase(f"photo.advice.{name}")


def effect(found: Effect, quantity: Quantity, texts: Texts) -> str:
    """A change with its interval, or that none could be detected and which one could have been.

    An interval beside the change is told in the change's own direction: smaller by 6 % (3 to 9).
    """
    least = percent(found.smallest_detectable)
    if found.direction == "no_detectable_change":
        return texts.phrase(f"photo.change.{quantity}.none", least=least)
    digits = 0 if found.change.high - found.change.low >= WIDE else 1
    ends = sorted((abs(found.change.low), abs(found.change.high)))
    low, value, high = (f"{100 * each:.{digits}f}" for each in (ends[0], abs(found.change.value), ends[1]))
    return texts.phrase(f"photo.change.{quantity}.{found.direction}", value=value, low=low, high=high)


def percent(share: float) -> str:
    """A share in percent, with one decimal below ten where it has one."""
    value = 100 * share
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}".removesuffix(".0")  # noqa: PLR2004 - two digits


def amount(value: float, texts: Texts) -> str:
    """A number with about two digits, without needless noughts."""
    if 0 < value < LEAST_TOLD:
        return texts.phrase("photo.less_than", value=LEAST_TOLD)
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"  # noqa: PLR2004 - as percent


def area(cm2: float | None, texts: Texts) -> str:
    """Square centimetres to a hundredth."""
    return f"{cm2:.2f}" if cm2 and cm2 >= LEAST_TOLD else texts.phrase("photo.less_than", value=LEAST_TOLD)


def millimetres(value: float) -> str:
    """A length to a hundredth of a millimetre."""
    return f"{value:.2f}"


# --- on pictures ------------------------------------------------------------------------------------------


def overlay_words(report: PhotoReport, texts: Texts, colour_by: ColourBy) -> OverlayWords:
    """What is written on the picture of a measured photo."""
    return OverlayWords(
        title=printable(report.file),
        legend=texts.phrase(f"photo.overlay.{colour_by}"),
        density=texts.phrase("photo.overlay.density"),
        presence=texts.phrase("photo.overlay.presence"),
        plugs={plug: texts.phrase(f"photo.plug.{plug}") for plug in PLUG_COLOURS},
        scale_bar=texts.phrase("photo.overlay.scale_bar"),
        lines=tuple(_found(report, texts)),
    )


def _found(report: PhotoReport, texts: Texts) -> Iterator[str]:
    if report.refused:
        yield texts.phrase("photo.refused")
        yield report.refused.why
        return
    yield pores_found(report, texts)
    yield from densities(report, texts)


def pores_found(report: PhotoReport, texts: Texts) -> str:
    """How many pores on how much skin."""
    count, skin = len(report.pores), area(report.sampled_cm2, texts)
    return texts.phrase("photo.pores_one", area=skin) if count == 1 else texts.phrase("photo.pores", n=count, area=skin)


def densities(report: PhotoReport, texts: Texts) -> Iterator[str]:
    """Pores a square centimetre with their intervals: all that the photo can carry, and the large ones."""
    for density, least in ((report.density_per_cm2, report.density_from_mm), (report.density_250_per_cm2, 0.25)):
        if density:
            ends = {name: amount(getattr(density, name), texts) for name in ("value", "low", "high")}
            yield texts.phrase("photo.density", **ends, mm=millimetres(least or 0.0))


def not_compared(report: ChangeReport, texts: Texts) -> list[str]:
    """That nothing was compared and why: each photo that can't be by its name, or what is wrong with all together.

    Nothing where they were compared.
    """
    if report.refused is None:
        return []
    single = [
        texts.phrase(
            "photo.change.refused_photo",
            side=texts.phrase(f"photo.{side}"),
            file=photo.file,
            why=photo.refused.why,
        )
        for side in ("before", "after")
        for photo in getattr(report, side)
        if photo.refused
    ]
    return [texts.phrase("photo.change.refused"), *(single or [report.refused.why])]


def strip_words(report: ChangeReport, texts: Texts) -> StripWords:
    """What is written on the picture of two visits."""
    changed = [effect.sentence for effect in (report.diameter, report.density) if effect]
    return StripWords(
        before=texts.phrase("photo.before"),
        after=texts.phrase("photo.after"),
        scale_bar=texts.phrase("photo.overlay.scale_bar"),
        pairs=texts.phrase("photo.overlay.pairs", n=len(report.pairs)),
        lines=(*map(printable, not_compared(report, texts)), *changed),
    )
