"""From measurements to what leaves: rounded to what is worth telling, with sentences in one language."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from pellucid.exchange import photo_model as out
from pellucid.exchange import photo_words as words
from pellucid.knowledge.texts import Texts
from pellucid.model.change import Change, Effect
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.photo import Interval, PhotoMeasurement, Pore, PoreErrors, Withheld

PHOTO_FIGURES = (
    "density_per_cm2",
    "density_from_mm",
    "density_250_per_cm2",
    "mean_diameter_mm",
    "mean_from_mm",
    "sampled_cm2",
)
"""Of a photo as a whole, told as they were measured."""
PORE_ERRORS = tuple(field.name for field in fields(PoreErrors))
PORE_FIGURES = tuple(name for name in out.PoreOut.model_fields if name not in PORE_ERRORS)
DIGITS = {
    **dict.fromkeys(("density_per_cm2", "density_250_per_cm2", "pores_per_cm2", "pores_250_per_cm2"), 2),
    **dict.fromkeys(("x_px", "y_px", "x_se_px", "y_se_px", "a_star"), 2),
    **dict.fromkeys(("corr_x_y", "corr_diameter_aspect", "corr_diameter_angle", "corr_aspect_angle"), 2),
    **dict.fromkeys(("psf_sigma_px", "aspect", "aspect_se", "confidence", "sampled_cm2"), 3),
    **dict.fromkeys(("tilt_deg", "angle_deg", "angle_se_deg", "ita_deg"), 1),
    **dict.fromkeys(("scale_se", "noise"), 5),
}
"""Decimals of figures, by name; the others have four."""


def build_photos(measurement: Measurement, texts: Texts) -> list[out.PhotoReport]:
    """One report for each photo of a measurement; its zones stand with the only photo there is."""
    only = measurement.photos[0] if len(measurement.photos) == 1 else None
    return [build_photo(photo, measurement.zones if photo is only else {}, texts) for photo in measurement.photos]


def build_photo(photo: PhotoMeasurement, zones: Mapping[str, ZoneMeasurement], texts: Texts) -> out.PhotoReport:
    """What was measured on one photo.

    Args:
        photo: what was measured.
        zones: the zones of the face that this photo shows, as measured.
        texts: the words of the language.
    """
    return out.PhotoReport(
        schema_version=out.SCHEMA_VERSION,
        file=photo.file,
        language=texts.language,  # type: ignore[arg-type]
        px_per_mm=_rounded(photo.quality.px_per_mm, 3),
        quality=out.PhotoQualityOut(**_figures(photo.quality, out.PhotoQualityOut)),
        pores=[_pore(pore) for pore in photo.pores],
        colour=out.SkinColourOut(**_figures(photo.colour, out.SkinColourOut)) if photo.colour else None,
        zones={name: _zone(zone) for name, zone in zones.items()},  # type: ignore[misc]
        refused=_one_withheld(photo.refused, texts),
        withheld=_withheld(photo.withheld, texts),
        advice=[out.AdviceOut(id=each, text=words.advice(each, texts)) for each in photo.quality.advice],
        **_figures(photo, PHOTO_FIGURES),
    )


def build_change(change: Change, texts: Texts) -> out.ChangeReport:
    """Two visits compared."""
    return out.ChangeReport(
        schema_version=out.SCHEMA_VERSION,
        language=texts.language,  # type: ignore[arg-type]
        before=[build_photo(photo, {}, texts) for photo in change.before],
        after=[build_photo(photo, {}, texts) for photo in change.after],
        common_cm2=_rounded(change.common_cm2, 3),
        diameter=_effect(change.diameter, "diameter", texts),
        compared_pores=change.compared_pores,
        density=_effect(change.density, "density", texts),
        relative_scale=_rounded(change.relative_scale, 4),
        pairs=[
            out.PorePairOut(**{name: round(getattr(pair, name), 2) for name in out.PorePairOut.model_fields})
            for pair in change.pairs
        ],
        refused=_one_withheld(change.refused, texts),
        withheld=_withheld(change.withheld, texts),
    )


def _figures(measured: object, wanted: type[out.Measured] | Iterable[str]) -> dict[str, Any]:
    """Some fields of what was measured, rounded, as they leave under the same names."""
    names = wanted.model_fields if isinstance(wanted, type) else wanted
    return {name: _rounded(getattr(measured, name), DIGITS.get(name, 4)) for name in names}


def _rounded(value: Any, digits: int) -> Any:
    """A number or an interval with so many decimals; what is neither stays as it is."""
    if isinstance(value, Interval):
        return out.IntervalOut(**{end: round(getattr(value, end), digits) for end in out.IntervalOut.model_fields})
    return round(value, digits) if isinstance(value, float) else value


def _pore(pore: Pore) -> out.PoreOut:
    figures = _figures(pore, PORE_FIGURES)
    figures |= _figures(pore.errors, PORE_ERRORS) if pore.errors else {}
    figures["diameter_mm"] = max(figures["diameter_mm"], 0.0001)
    figures["angle_deg"] %= 180
    return out.PoreOut(**figures)


def _zone(zone: ZoneMeasurement) -> out.ZoneOut:
    shares = {name: round(share, 4) for name, share in zone.shape_share.items()}
    return out.ZoneOut(**_figures(zone, out.ZoneOut) | {"shape_share": shares})


def _one_withheld(withheld: Withheld | None, texts: Texts) -> out.WithheldOut | None:
    return _withheld([withheld], texts)[0] if withheld else None


def _withheld(withheld: Iterable[Withheld], texts: Texts) -> list[out.WithheldOut]:
    return [
        out.WithheldOut(
            what=each.what,
            code=each.code,
            why=words.why(each, texts),
            photos=tuple(out.NamedPhotoOut(side=side, file=file) for side, file in each.photos),
        )
        for each in withheld
    ]


def _effect(effect: Effect | None, quantity: words.Quantity, texts: Texts) -> out.EffectOut | None:
    if effect is None:
        return None
    return out.EffectOut(
        change=_rounded(effect.change, 5),
        smallest_detectable=round(effect.smallest_detectable, 5),
        direction=effect.direction,
        sentence=words.effect(effect, quantity, texts),
    )
