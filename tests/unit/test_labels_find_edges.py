"""Where the ingredient list is: every sort of text that one is printed in. All names of products are made up."""

import pytest
from tests.unit.label_texts import GEL, lists

from pellucid.labels.find import find_parts
from pellucid.labels.normalise import normalise
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import shipped
from pellucid.model.label import Kind


@pytest.mark.parametrize(
    "text",
    [
        f"{GEL} Free of parabens, mineral oil, coal tar, hydroquinone, oxybenzone, triclosan, talc",
        f"{GEL} made without mineral oil, coal tar, hydroquinone, oxybenzone and triclosan.",
        f"Free from parabens\n{GEL}",
        f"This gel is free of parabens and sulfates {GEL}",
    ],
)
def test_what_a_product_is_free_of_needs_no_stop_beside_the_list(text: str) -> None:
    assert lists(text) == [GEL]


@pytest.mark.parametrize(
    ("listed", "footnote"),
    [
        ("Water, Ectoin*, Panthenol, Linalool", "*Ectoine"),
        ("Water, Zorvian Filtrate*, Panthenol, Sorbic Acid", "*PITERA(TM)."),
        ("Water, A70 Propellant**, Panthenol, Urea", "**Propellant is an Isobutane-Propane blend that evaporates."),
        ("Water, Glycerin, Urea, Linalool*", "*Allergen."),
        ("Water, Glycerin, Urea, Parfum*", "*100% Natural Fragrance."),
    ],
)
def test_a_footnote_behind_the_list_is_no_ingredient(listed: str, footnote: str) -> None:
    assert lists(f"{listed}. {footnote}") == [listed]


@pytest.mark.parametrize(
    "text",
    [
        "Water. *Aloe Barbadensis Leaf Juice. *Glycerin. *Urea",
        "Water, Glycerin, *Panthenol, *Urea",
        "Water, Glycerin, Urea. *Panthenol",
    ],
)
def test_a_star_in_front_of_a_name_makes_no_footnote_of_it(text: str) -> None:
    assert lists(text) == [text]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("【霧谷】潔面乳\n全成分：水、甘油、檸檬酸、香精", ["全成分"]),
        ("【Ingrédients】 Aqua, Glycerin, Urea", ["Ingrédients"]),
        ("Water Drench® Gel\nWater, Glycerin, Urea, Panthenol", ["Water Drench® Gel"]),
        ("Ingredients: Talc, Silica. May contain (+/-): Mica, CI 77891", ["Ingredients", "May contain (+/-)"]),
        ("Ingredients: Talc, Silica [+/- (May Contain) Mica, CI 77891]", ["Ingredients", "+/- (May Contain)"]),
        ("Ingredients: Talc. Peut Contenir/+/-:Mica (Ci 77019), Silica", ["Ingredients", "Peut Contenir/+/-"]),
    ],
)
def test_a_heading_is_what_is_printed(text: str, headings: list[str]) -> None:
    found = [part.heading for part in read_label(text).parts]
    assert found == headings
    assert all(heading and heading in text for heading in found)


@pytest.mark.parametrize(
    "text",
    [
        "Mica, Talc, Silica, Dimethicone. May contain [+/- CI 77891, CI 77491].",
        "Mica, Talc, Silica, Dimethicone [+/- CI 77891, CI 77491]",
        "Mica, Talc, Silica, Dimethicone +/- CI 77891, CI 77491",
        "Mica, Talc, Silica, Dimethicone, [May Contain/Peut Contenir/+/-:CI 77891, CI 77491]",
        "Mica, Talc, Silica, Dimethicone May Contain CI 77891, CI 77491",
        "Mica, Talc, Silica, Dimethicone. May contain (+/-): CI 77891, CI 77491",
        "Mica, Talc, Silica, Dimethicone, May contain: CI 77891, CI 77491",
        "Mica, Talc, Silica, Dimethicone [+/-: CI 77891, CI 77491]",
        "Mica, Talc, Silica, Dimethicone (+/- CI 77891, CI 77491)",
        "Mica, Talc, Silica, Dimethicone. Peut contenir : CI 77891, CI 77491",
        "Mica, Talc, Silica, Dimethicone. Kann enthalten: CI 77891, CI 77491",
    ],
)
def test_what_a_product_may_contain_is_a_part_of_its_own(text: str) -> None:
    assert [part.kind for part in find_parts(normalise(text), shipped())] == [Kind.INGREDIENTS, Kind.MAY_CONTAIN]
    assert lists(text) == ["Mica, Talc, Silica, Dimethicone", "CI 77891, CI 77491"]


def test_the_sign_behind_a_name_parts_nothing() -> None:
    text = "Titanium Dioxide (+/-), Mica (+/-), Talc, Silica +/-, Urea"
    assert lists(text) == [text]
