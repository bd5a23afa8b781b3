"""Where the ingredient list is: every sort of text that one is printed in. All names of products are made up."""

import pytest
from tests.unit.label_texts import GEL, LOTION, OIL, lists

from pellucid.labels.find import find_parts, state_of
from pellucid.labels.normalise import normalise
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import shipped
from pellucid.model.label import Kind, LabelState


@pytest.mark.parametrize(
    "text",
    [
        GEL,
        f"  {GEL}.  ",
        f"Ingredients: {GEL}",
        f"INGREDIENTS {GEL}",
        f"Full ingredients list:\n{GEL}\n\nMade in Portugal",
        f"-Mossbell Water: Soothes skin. -Panthenol and Glycerin: Bind moisture. {GEL}.",
        f"A veil of glycerin and panthenol that helps your skin feel calm {GEL}.",
        f"-Panthenol\n-Glycerin\n\n{GEL}",
        f"Rich in vitamins A, C, and niacinamide. {GEL}",
        f"{GEL}. Please be aware that ingredient lists may change. Refer to the box.",
        f"{GEL} Please be aware that ingredient lists may change.",
        f"{GEL}. Free of parabens, mineral oil, talc and fragrance.",
        f"{GEL}. Directions: apply to damp skin, wait, rinse with water.",
        f"{GEL}. Dermatologist tested. 97 % natural origin.",
        f"{GEL}\nMade in Portugal",
        f"Free of: Parabens, Mineral Oil, Talc, Fragrance. Ingredients: {GEL}",
        f"Directions: apply, massage, rinse with water. Ingredients: {GEL}. Warnings: keep from eyes, heat, children.",
        f"Key ingredients: Niacinamide, Squalane, Allantoin, Urea. Ingredients: {GEL}",
        f"Key ingredients:\n- Niacinamide\n- Squalane\n- Urea\n\nIngredients: {GEL}",
        f"<p><b>Ingredients:</b> {GEL}</p><p>Store cool.</p>",
    ],
)
def test_one_list_is_found_whole_and_alone(text: str) -> None:
    assert [found.rstrip(".") for found in lists(text)] in ([GEL], [text.rstrip()])
    assert [one.text for one in read_label(text).ingredients] == GEL.split(", ")


@pytest.mark.parametrize(
    "text",
    [
        f"Ingrédients : {LOTION}. Ne pas avaler.",
        f"Conseils d'utilisation : appliquer le soir, masser, rincer. Ingrédients : {LOTION}.",
        f"Sans parabènes, alcool, parfum. Ingrédients : {LOTION}",
        f"Anwendung: abends auftragen. Inhaltsstoffe: {LOTION}. Hergestellt in Portugal.",
        f"Bestandteile: {LOTION}",
        f"Modo de empleo: aplicar por la noche. Ingredientes: {LOTION}. Hecho en Portugal.",
        f"Ingredienti: {LOTION}",
        f"INCI: {LOTION}",
        f"Ingredients (INCI): {LOTION}",
        f"INGREDIENTS/INGRÉDIENTS/INHALTSSTOFFE: {LOTION}",
    ],
)
def test_headings_in_several_languages(text: str) -> None:
    assert lists(text) == [LOTION]


@pytest.mark.parametrize("heading", ["全成分", "成分", "成份", "全成分表"])
def test_chinese_and_japanese_headings_and_separators(heading: str) -> None:
    text = f"使用方法:早晚使用。{heading}:{LOTION.replace(', ', '、')}。注意事項:避免接觸眼睛。"
    assert lists(text) == [LOTION.replace(", ", ",")]


def test_strengths_all_along_make_no_active_part_of_the_only_list() -> None:
    text = "Water (70%), Glycerin (10%), Niacinamide (5%), Phenoxyethanol (1%)"
    assert [part.kind for part in find_parts(normalise(text), shipped())] == [Kind.INGREDIENTS]


def test_strengths_all_along_the_first_of_two_lists_make_it_the_active_one() -> None:
    parts = find_parts(normalise(f"Avobenzone 3%, Homosalate 5%, Octisalate 5%. Protects your skin. {GEL}"), shipped())
    assert [part.kind for part in parts] == [Kind.ACTIVE, Kind.INGREDIENTS]


def test_a_list_goes_on_behind_a_comma_after_a_blank_line() -> None:
    text = "Water, Glycerin, Niacinamide,\n\nCarbomer, Xanthan Gum"
    assert lists(text) == [text]


def test_a_list_without_separators() -> None:
    bare = "Water Glycerin Niacinamide Butylene Glycol Phenoxyethanol Xanthan Gum"
    assert lists(bare) == [bare]
    assert lists(f"Ingredients: {bare}") == [bare]


def test_one_name_a_line_under_the_product_s_name() -> None:
    listed = "Water\nGlycerin\nButylene Glycol\nPhenoxyethanol"
    text = f"Mossbell Day Gel\n{listed}\n\nDirections\nApply daily."
    (part,) = find_parts(normalise(text), shipped())
    assert text[part.start : part.end] == listed
    assert part.heading == "Mossbell Day Gel"


def test_bullets_between_names() -> None:
    assert lists(f"• {GEL.replace(', ', ' • ')}") == [GEL.replace(", ", " • ")]


def test_lines_broken_inside_names() -> None:
    text = "INGREDIENTS: Water, Butylene\nGlycol, Glycerin, Xanthan\nGum, Phenoxyethanol.\nMade in Portugal"
    assert [one.inci for one in read_label(text).ingredients] == [
        "WATER",
        "BUTYLENE GLYCOL",
        "GLYCERIN",
        "XANTHAN GUM",
        "PHENOXYETHANOL",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Active ingredients: Salicylic Acid 2 %. Inactive ingredients: Water, Glycerin, Citric Acid. Directions: daily",
        "Active Ingredient: Salicylic Acid 2 % Inactive Ingredients: Water, Glycerin, Citric Acid",
        "Active ingredient\nSalicylic Acid 2 %\nPurpose\nAcne\nInactive ingredients\nWater, Glycerin, Citric Acid",
        "Facts Active ingredients Salicylic Acid 2 % Purpose Acne Inactive ingredients Water, Glycerin, Citric Acid",
        "Active ingredients Purpose\nSalicylic Acid 2 % Acne\n\nInactive ingredients Water, Glycerin, Citric Acid",
        "Active Ingredient (Purpose): Salicylic Acid 2 %\nInactive Ingredients: Water, Glycerin, Citric Acid",
        "Wirkstoff: Salicylic Acid 2 %. Sonstige Bestandteile: Water, Glycerin, Citric Acid.",
        "Principes actifs : Salicylic Acid 2 %. Autres ingrédients : Water, Glycerin, Citric Acid.",
        "Active ingredient: Salicylic Acid 2 %\nPurpose: Acne\nInactive ingredients: Water, Glycerin, Citric Acid",
        "Active ingredient: Salicylic Acid 2 % Purpose: Acne\nInactive ingredients: Water, Glycerin, Citric Acid",
        "Active ingredient:\nSalicylic Acid 2 %\nPurpose:\nAcne\nInactive ingredients:\nWater, Glycerin, Citric Acid",
        "Set (Tinwick)Active Ingredient: Salicylic Acid 2 %Inactive Ingredients: Water, Glycerin, Citric Acid",
    ],
)
def test_active_and_inactive_ingredients_are_parts_of_their_own(text: str) -> None:
    parts = find_parts(normalise(text), shipped())
    assert [part.kind for part in parts] == [Kind.ACTIVE, Kind.INACTIVE]
    assert lists(text) == ["Salicylic Acid 2 %", "Water, Glycerin, Citric Acid"]
    assert {part.product for part in parts} == {0}


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("Active ingredient: Zorvianol 2 %\nPurpose: Acne", ["Zorvianol"]),
        ("Active ingredient: Zorvianol 2 % Purpose: Acne", ["Zorvianol"]),
        ("Active ingredient: Benzoyl Peroxide: Acne medication", ["Benzoyl Peroxide"]),
        ("Active ingredients: Avobenzone: 3 %, Homosalate: 5 %. Directions: daily", ["Avobenzone", "Homosalate"]),
        ("Active ingredients: Avobenzone 3%, Homosalate 5%\nPurpose: Sunscreen", ["Avobenzone", "Homosalate"]),
        ("Active ingredients\nAvobenzone 3 %\nHomosalate 5 %\nPurpose: Sunscreen", ["Avobenzone", "Homosalate"]),
        ("Active ingredients:\nAvobenzone 3 %\nHomosalate 5 %\n\nUses: daily", ["Avobenzone", "Homosalate"]),
        (
            "Skin stays calm Avobenzone 3%, Homosalate 5%: Sunscreens, Water, Glycerin, Urea",
            ["Avobenzone", "Homosalate"],
        ),
        ("Active Ingredient: Salicylic Acid 1.50%Water, Alcohol, Glycerin, Urea", ["Salicylic Acid"]),
    ],
)
def test_no_active_ingredient_is_lost_or_added(text: str, active: list[str]) -> None:
    label = read_label(text)
    assert [one.text for one in label.ingredients if "active" in one.marks] == active
    assert label.parts[0].kind is Kind.ACTIVE


@pytest.mark.parametrize(
    "text",
    [
        "It works like any active ingredient. -Caffeine: Wakes.",
        "Ingredients\nNiacinamide: brightens\nSqualane: softens",
    ],
)
def test_a_name_that_copy_explains_is_no_list(text: str) -> None:
    assert lists(text) == []


def test_active_ingredients_between_two_lists_belong_to_the_second() -> None:
    parts = find_parts(
        normalise(f"{GEL}. Fernhill (Balm)Active Ingredient: Salicylic Acid 2%Water, Urea, Alcohol"), shipped()
    )
    assert [(part.kind, part.product) for part in parts] == [
        (Kind.INGREDIENTS, 0),
        (Kind.ACTIVE, 1),
        (Kind.INGREDIENTS, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Aqua, Glycerin, Made-up Ingredient 007, Panthenol",
        "Water, Glycerin, an ingredient of our own, the famous one, Panthenol, Urea",
        "Vitamin C, Skin Calm Blend (Zorvian Extract, Quell, Turmeric, Lutein), Vegetarian Capsule, Rice Flour, Silica",
        "Zorvian Blend (Niacinamide, Urea, Quell), Glycerin",
    ],
)
def test_unknown_names_among_known_ones_end_no_list(text: str) -> None:
    assert lists(text) == [text]


def test_a_bracket_that_never_closes_swallows_no_names() -> None:
    text = (
        f"-Calm Complex (Urea, Silk, and Rare Extracts: Leaves the skin with a healthier look. {GEL}, Urea, Bisabolol"
    )
    assert lists(text) == [f"{GEL}, Urea, Bisabolol"]


def test_a_short_list_in_front_of_colours_is_a_list() -> None:
    assert lists("Water, Glycerin. May Contain: Mica [+/-]") == ["Water, Glycerin", "Mica [+/-]"]


def test_directions_right_behind_a_list_take_none_of_its_names() -> None:
    listed = "Water, Glycerin, Urea, Phenoxyethanol"
    assert lists(f"{listed} Directions: apply daily") == [listed]
    assert lists(f"Ingredients: {listed} Directions: apply daily") == [listed]


@pytest.mark.parametrize(
    "text",
    [
        f"Mossbell Gel: {GEL}. Fernhill Oil: {OIL}.",
        f"Mossbell Gel\n{GEL}\n\nFernhill Oil\n{OIL}\n\nRinse well.",
        f"Mossbell Gel\n{GEL}\nFernhill Oil\n{OIL}",
        f"Mossbell Gel\nIngredients: {GEL}\nFernhill Oil\nIngredients: {OIL}",
    ],
)
def test_a_set_gives_a_list_for_each_product_with_its_name(text: str) -> None:
    parts = find_parts(normalise(text), shipped())
    assert lists(text) == [GEL, OIL]
    assert [(part.product, part.heading) for part in parts] == [(0, "Mossbell Gel"), (1, "Fernhill Oil")]


@pytest.mark.parametrize("name", ["Mossbell Balm", "Fernhill Night Extract"])
def test_a_line_between_two_lists_is_a_name_however_long_the_second_is(name: str) -> None:
    longer = f"{GEL}, Urea, Allantoin, Bisabolol, Carbomer, Xanthan Gum"
    assert lists(f"{OIL}\n{name}\n{longer}") == [OIL, longer]


def test_a_short_row_of_names_in_the_copy_is_a_mention_beside_a_long_list() -> None:
    longer = f"{GEL}, Carbomer, Xanthan Gum, Bisabolol, Linalool, Niacinamide"
    assert lists(f"-Calm trio: Urea, Allantoin, Squalane. {longer}") == [longer]


def test_a_bulleted_name_that_runs_into_the_list_is_cut_off() -> None:
    names = ["Tinwick Hydrosol", "Fernhill Hydrosol", "Mossbell Hydrosol", "Zorvian Hydrosol"]
    listed = ", ".join(names)
    assert lists(f"-{names[0]} -{names[1]} -{names[3]} {listed}.") == [listed]


def test_a_set_of_a_short_and_a_long_list() -> None:
    longer = f"{GEL}, Carbomer, Xanthan Gum, Bisabolol, Linalool, Niacinamide"
    assert lists(f"Fernhill Oil: {OIL}. Mossbell Balm: {longer}.") == [OIL, longer]


def test_the_last_name_before_the_next_product_is_not_lost() -> None:
    lotion = GEL.replace("Panthenol, Phenoxyethanol", "Panthenol, Urea, Allantoin, Phenoxyethanol")
    assert lists(f"{lotion} Fernhill Oil: {OIL}, Bisabolol") == [lotion, f"{OIL}, Bisabolol"]


def test_the_same_first_name_again_starts_another_product() -> None:
    parts = find_parts(normalise(f"{GEL}. {GEL}."), shipped())
    assert [part.product for part in parts] == [0, 1]


def test_footnotes_belong_to_the_list() -> None:
    text = "Aqua, Glycerin*, Squalane**, Parfum. *from organic farming. **natural origin. Made in Portugal."
    assert lists(text) == [text.removesuffix(". Made in Portugal.")]


def test_unknown_names_at_the_ends_of_a_list_are_part_of_it() -> None:
    text = f"Soothes skin. Zorvian Petal Water, {GEL}, Zorvian Seed Extract."
    assert lists(text) == [f"Zorvian Petal Water, {GEL}, Zorvian Seed Extract"]


def test_an_unknown_name_right_below_the_heading_is_part_of_the_list() -> None:
    listed = "Zorvian Petal Water\nGlycerin\nUrea\nAllantoin"
    assert lists(f"Ingredients\n{listed}") == [listed]


def test_a_product_of_one_ingredient() -> None:
    assert lists("Squalane") == ["Squalane"]
    assert lists("One pure oil that softens your skin. Squalane.") == ["Squalane"]
    assert lists("Rich in fatty acids, silk, and vitamin E. Squalane.* *Organic") == ["Squalane.* *Organic"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "Our lightest cream yet. Niacinamide and glycerin help your skin feel soft. Use morning and night.",
        "-Niacinamide: Brightens. -Squalane, Glycerin, and Panthenol: Moisturize. -Urea: Softens your skin.",
        "Powered by glycerin, squalane, panthenol and niacinamide, this gel feels fresh.",
        "Key ingredients: Niacinamide, Squalane, Panthenol, Glycerin.",
        "Key ingredients:\n• Niacinamide: brightens\n• Squalane: softens\n• Panthenol: soothes",
        "Ingrédients clés : Niacinamide, Squalane, Panthenol, Glycerin.",
        "Free of parabens, mineral oil, talc, petrolatum, fragrance and alcohol.",
        "Our gels are made without parabens, mineral oil, formaldehyde, triclosan, hydroquinone and coal tar.",
        "Apply to damp skin, massage gently, rinse with water. Avoid contact with eyes.",
        "The ingredients in this cream are gentle, safe and natural. Ingredients are subject to change.",
        "Ingredients: see the box.",
        "water, sugar, salt, honey, olive oil, milk, eggs",
        "Shopping list: glycerin, shampoo, toothpaste, bread",
        "Ingredients: Water, Sugar, Citric Acid, Salt",
        "Ingredients: wheat flour, sugar, palm oil, cocoa powder, salt",
        "Ingredients: 200 g flour, 100 g sugar, 2 eggs, 1 tsp salt, water. Method: mix and bake.",
        "Thanks for your order, we ship tomorrow, kind regards, Anna",
    ],
)
def test_no_list_is_made_up(text: str) -> None:
    assert lists(text) == []
    assert read_label(text).state is (LabelState.UNREADABLE if text == "..." else LabelState.NO_LIST)


@pytest.mark.parametrize(
    "text",
    [
        "Ingredients: W4t3r, Glyc#r1n, N!ac1nam?de, Phen0xyeth@nol, X@nth4n G0m",
        "lngred1ents: W4t3r, Glyc#r1n, N!ac1nam?de, Phen0xyeth@nol, X@nth4n G0m",
        "Ingredients: Zorvian, Quellmar, Bristane",
        "Ingredients: Wine, Machine, Magazine, Gasoline",
        "Fernhill Hydrosol, Tinwick Leaf Extract, Mossbell Seed Extract, Zorvian Hydrosol",
        "@@## %% 12 34 ## !! 77 ##",
    ],
)
def test_what_seems_a_list_but_cannot_be_recognised_is_unreadable(text: str) -> None:
    label = read_label(text)
    assert label.state is LabelState.UNREADABLE
    assert label.has("GLYCERIN") is None


@pytest.mark.parametrize(
    "text", ["wine, machine, magazine, gasoline", "We sell wine, machine, butter, table, medicine, oil"]
)
def test_everyday_words_that_end_as_names_do_are_no_list(text: str) -> None:
    label = read_label(text)
    assert label.state is LabelState.NO_LIST
    assert not label.parts
    assert not label.ingredients


def test_a_list_of_misspelled_names_is_handed_on_to_be_corrected() -> None:
    text = "Watr, Glycerinn, Niacinamid, Phenoxyethanl, Xantan Gum, Butylen Glycol"
    assert lists(text) == [text]
    assert read_label(text).state is LabelState.READ


def test_a_text_of_plain_words_holds_no_list() -> None:
    normal = normalise("A cream for the evening.")
    assert state_of(normal, (), ()) is LabelState.NO_LIST


def test_places_of_what_is_read_are_in_the_text_as_it_was_given() -> None:
    text = f"<p>Ingrédients&nbsp;:</p> <p>{LOTION}</p>"
    label = read_label(text)
    (part,) = label.parts
    assert text[part.start : part.end] == LOTION
