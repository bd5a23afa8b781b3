"""From measurements to what leaves: rounded to what is worth telling, with sentences in one language."""

from collections.abc import Iterable, Mapping

from pellucid.exchange import photo_model as out
from pellucid.exchange import photo_words as words
from pellucid.knowledge.texts import Texts
from pellucid.model.change import Change, Effect
from pellucid.model.measurement import Measurement, ZoneMeasurement
from pellucid.model.photo import Interval, PhotoMeasurement, PhotoQuality, Pore, SkinColour, Withheld


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
        quality=_quality(photo.quality),
        pores=[_pore(pore) for pore in photo.pores],
        density_per_cm2=_maybe(photo.density_per_cm2, 2),
        density_from_mm=_rounded(photo.density_from_mm, 4),
        density_250_per_cm2=_maybe(photo.density_250_per_cm2, 2),
        mean_diameter_mm=_maybe(photo.mean_diameter_mm, 4),
        mean_from_mm=_rounded(photo.mean_from_mm, 4),
        sampled_cm2=_rounded(photo.sampled_cm2, 3),
        colour=_colour(photo.colour) if photo.colour else None,
        zones={name: _zone(zone) for name, zone in zones.items()},  # type: ignore[misc]
        refused=_one_withheld(photo.refused, texts),
        withheld=_withheld(photo.withheld, texts),
        advice=[out.AdviceOut(id=each, text=words.advice(each, texts)) for each in photo.quality.advice],
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
        relative_scale=_maybe(change.relative_scale, 4),
        pairs=[
            out.PorePairOut(**{name: round(getattr(pair, name), 2) for name in out.PorePairOut.model_fields})
            for pair in change.pairs
        ],
        refused=_one_withheld(change.refused, texts),
        withheld=_withheld(change.withheld, texts),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)


def _interval(interval: Interval, digits: int) -> out.IntervalOut:
    return out.IntervalOut(
        value=round(interval.value, digits), low=round(interval.low, digits), high=round(interval.high, digits)
    )


def _maybe(interval: Interval | None, digits: int) -> out.IntervalOut | None:
    return _interval(interval, digits) if interval else None


def _quality(quality: PhotoQuality) -> out.PhotoQualityOut:
    return out.PhotoQualityOut(
        scale_method=quality.scale_method,
        scale_se=_rounded(quality.scale_se, 5),
        tilt_deg=_rounded(quality.tilt_deg, 1),
        psf_sigma_px=round(quality.psf_sigma_px, 3),
        noise=round(quality.noise, 5),
        clipped_share=round(quality.clipped_share, 4),
        glare_share=round(quality.glare_share, 4),
        skin_share=round(quality.skin_share, 4),
        smallest_presence_mm=_rounded(quality.smallest_presence_mm, 4),
        smallest_size_mm=_rounded(quality.smallest_size_mm, 4),
    )


def _pore(pore: Pore) -> out.PoreOut:
    return out.PoreOut(
        x_px=round(pore.x_px, 2),
        y_px=round(pore.y_px, 2),
        diameter_mm=max(round(pore.diameter_mm, 4), 0.0001),
        diameter_se_mm=round(pore.diameter_se_mm, 4),
        aspect=round(pore.aspect, 3),
        aspect_se=round(pore.aspect_se, 3),
        angle_deg=round(pore.angle_deg, 1) % 180,
        angle_se_deg=round(pore.angle_se_deg, 1),
        shape=pore.shape,
        plug=pore.plug,
        confidence=round(pore.confidence, 3),
        contrast=round(pore.contrast, 4),
        presence_only=pore.presence_only,
        zone=pore.zone,  # type: ignore[arg-type]
    )


def _colour(colour: SkinColour) -> out.SkinColourOut:
    return out.SkinColourOut(
        ita_deg=_rounded(colour.ita_deg, 1),
        a_star=_rounded(colour.a_star, 2),
        redness=round(colour.redness, 4),
        melanin=round(colour.melanin, 4),
        haemoglobin=round(colour.haemoglobin, 4),
        shine_share=_rounded(colour.shine_share, 4),
    )


def _zone(zone: ZoneMeasurement) -> out.ZoneOut:
    return out.ZoneOut(
        pores_per_cm2=_rounded(zone.pores_per_cm2, 2),
        mean_diameter_mm=_rounded(zone.mean_diameter_mm, 4),
        shape_share={name: round(share, 4) for name, share in zone.shape_share.items()},  # type: ignore[misc]
        dark_plug_share=_rounded(zone.dark_plug_share, 4),
        light_plug_share=_rounded(zone.light_plug_share, 4),
        red_rim_share=_rounded(zone.red_rim_share, 4),
        pores_250_per_cm2=_maybe(zone.pores_250_per_cm2, 2),
        shapes_told=zone.shapes_told,
        plugs_told=zone.plugs_told,
    )


def _one_withheld(withheld: Withheld | None, texts: Texts) -> out.WithheldOut | None:
    return _withheld([withheld], texts)[0] if withheld else None


def _withheld(withheld: Iterable[Withheld], texts: Texts) -> list[out.WithheldOut]:
    return [out.WithheldOut(what=each.what, code=each.code, why=words.why(each, texts)) for each in withheld]


def _effect(effect: Effect | None, quantity: words.Quantity, texts: Texts) -> out.EffectOut | None:
    if effect is None:
        return None
    return out.EffectOut(
        change=_interval(effect.change, 5),
        smallest_detectable=round(effect.smallest_detectable, 5),
        direction=effect.direction,
        sentence=words.effect(effect, quantity, texts),
    )
