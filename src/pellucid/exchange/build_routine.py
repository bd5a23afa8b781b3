"""The routine of a report in words."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Protocol

from pellucid.consult.evidence import evidence_of, holds_today
from pellucid.exchange import model as out
from pellucid.exchange.parts import StageOut
from pellucid.exchange.wording import number
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema import home
from pellucid.knowledge.schema.learn import Advice
from pellucid.knowledge.texts import Texts
from pellucid.model.care import Care
from pellucid.model.routine import Caution, Layer, Limit, RampStage, RampUp, Routine

if TYPE_CHECKING:
    from pellucid.exchange.build import Builder


def routine_out(care: Care, builder: "Builder") -> out.RoutineOut:
    """The home routine with its words."""
    routine, texts = care.routine, builder.texts
    return out.RoutineOut(
        skin=routine.skin,
        skin_text=texts.phrase(f"skin_column.{routine.skin}"),
        simple=routine.simple,
        keep=list(routine.keep),
        morning=_layers(routine.morning, builder),
        evening=_layers(routine.evening, builder),
        deep_clean=_layers(routine.deep_clean, builder),
        limits=[_limit(limit, builder) for limit in routine.limits],
        ramps=[_ramp(ramp, _layers_of(ramp.product, routine), builder) for ramp in routine.ramps],
        left_out=[
            out.LeftOutOut(
                product=each.product,
                name=texts.get(f"product.{each.product}", "name"),
                because=[builder.wording.name(name) for name in each.because],
                unknown=each.unknown,
            )
            for each in routine.left_out
        ],
        pairs=[_caution(each, "rule", builder) for each in routine.pairs],
        pregnancy=[_caution(each, "note", builder) for each in routine.pregnancy],
        sun=_lines(home.SunRule, routine.sun, "rule", builder),
        patch_test=_lines(home.PatchStep, _patch_order(builder), "do", builder) if routine.ramps else [],
        habits=_lines(Advice, _habits(care, builder), "do", builder),
    )


def _layers_of(product: str, routine: Routine) -> list[str]:
    """The layers in which a routine has a product."""
    layers = (*routine.morning, *routine.evening, *routine.deep_clean)
    return [layer.layer for layer in layers if product in {each.product for each in layer.products}]


def _layers(layers: Iterable[Layer], builder: "Builder") -> list[out.LayerOut]:
    texts = builder.texts
    return [
        out.LayerOut(
            layer=layer.layer,
            name=texts.get(f"layer.{layer.layer}", "name"),
            how=texts.get(f"layer.{layer.layer}", "how"),
            products=[
                out.PlacedOut(
                    product=each.product,
                    **{field: texts.get(f"product.{each.product}", field) for field in ("name", "why", "how")},
                    new=each.new,
                    because=builder.fits(each.because),
                    sources=builder.sources(each.sources),
                )
                for each in layer.products
            ],
            sources=builder.sources(layer.sources),
        )
        for layer in layers
    ]


EVERY = {2.33: "third", 3.5: "other", 7.0: "every"}
"""Times a week that are said in mornings, evenings or days."""

Half = Literal["morning", "evening", "day"]
"""The half of the day in which something is used; ``day`` where it may be either."""

UNITS = {"per_day": "a_day", "per_week": "a_week", "per_two_weeks": "in_two_weeks"}


class Speaks(Protocol):
    """Whatever has the words of a language."""

    @property
    def texts(self) -> Texts:
        """These words."""


def half_of(layers: Iterable[str], knowledge: Knowledge) -> Half:
    """The half of the day that layers stand in."""
    known = knowledge.of(home.Layer)
    halves = {"morning" if known[name].routine == "morning" else "evening" for name in layers}
    if len(halves) != 1:
        return "day"
    return "morning" if "morning" in halves else "evening"


def half_of_cap(cap: str, knowledge: Knowledge) -> Half:
    """The half of the day of all that a cap counts."""
    caps = knowledge.of(home.Cap)
    products = (each for each in knowledge.of(home.Product).values() if each.cap)
    counted = [each for each in products if each.cap and cap in {each.cap, caps[each.cap].shares}]
    return half_of((layer for each in counted for layer in each.layers), knowledge)


def frequency(unit: str, times: float, half: Half, builder: Speaks) -> str:
    """How often, in words: ``every third evening``, ``once a week``, ``leave it out for now``."""
    texts = builder.texts
    if times == 0:
        return texts.phrase("frequency.leave_out")
    if unit == "per_week" and round(times, 2) in EVERY:
        return texts.phrase(f"frequency.{EVERY[round(times, 2)]}_{half}")
    if times == 1:
        return texts.phrase(f"frequency.once_{UNITS[unit]}")
    return texts.phrase(f"frequency.times_{UNITS[unit]}", n=number(times))


def _limit(limit: Limit, builder: "Builder") -> out.LimitOut:
    texts = builder.texts
    half = half_of_cap(limit.cap, builder.knowledge)
    start, most = (frequency(limit.unit, times, half, builder) for times in (limit.default, limit.most))
    text = (
        texts.phrase("limit.same", most=most) if start == most else texts.phrase("limit.range", start=start, most=most)
    )
    return out.LimitOut(
        cap=limit.cap,
        name=texts.get(f"cap.{limit.cap}", "name"),
        note=texts.get(f"cap.{limit.cap}", "note"),
        unit=limit.unit,
        start=limit.default,
        most=limit.most,
        text=text,
        shares=limit.shares,
        sources=builder.sources(limit.sources),
    )


def stages_out(stages: Iterable[RampStage], half: Half, builder: "Builder") -> list[StageOut]:
    """The steps of a ramp-up in words; those that read alike, one after another, are one."""
    found: list[StageOut] = []
    for stage in stages:
        text = frequency("per_week", stage.per_week, half, builder)
        if not found or found[-1].text != text:
            found.append(StageOut(since=stage.since, per_week=stage.per_week, text=text))
    return found


def _ramp(ramp: RampUp, placed: Iterable[str], builder: "Builder") -> out.RampOut:
    texts = builder.texts
    half = half_of(placed or builder.knowledge.get(home.Product, ramp.product).layers, builder.knowledge)
    return out.RampOut(
        product=ramp.product,
        name=texts.get(f"product.{ramp.product}", "name"),
        patch_test_from=ramp.patch_test_from,
        stages=stages_out(ramp.stages, half, builder),
        text=texts.get(f"ramp.{ramp.ramp}", "how") if ramp.ramp else texts.phrase("ramp.plain"),
        sources=builder.sources(ramp.sources),
    )


def _caution(caution: Caution, field: str, builder: "Builder") -> out.CautionOut:
    return out.CautionOut(
        rule=caution.rule,
        verdict=caution.verdict,
        name=builder.texts.get(caution.rule, "name"),
        text=builder.texts.get(caution.rule, field),
        sources=builder.sources(caution.sources),
        disagreement=builder.disagreement(caution.disagreement),
    )


def _lines(
    kind: type[home.SunRule | home.PatchStep | Advice], ids: Iterable[str], field: str, builder: "Builder"
) -> list[out.LineOut]:
    records = builder.knowledge.of(kind)
    return [
        out.LineOut(
            rule=records[name].ref,
            text=builder.texts.get(records[name].ref, field),
            sources=builder.sources(records[name].source),
        )
        for name in ids
    ]


def _patch_order(builder: "Builder") -> list[str]:
    steps = builder.knowledge.of(home.PatchStep).values()
    return [step.id for step in sorted(steps, key=lambda step: step.order)]


def _habits(care: Care, builder: "Builder") -> list[str]:
    """Habits that the person's own answers point to; general advice stays on the learning pages."""
    evidence = evidence_of(care.profile, builder.knowledge)
    return [
        advice.id
        for advice in builder.knowledge.of(Advice).values()
        if advice.when and holds_today(evidence.truth(advice.when), evidence)
    ]
