"""What is known beside an ingredient's name: allergens, limits, useful strengths, clogging, pregnancy, notes."""

import csv
import re
from collections.abc import Iterator
from datetime import date

import pytest
from tests.annexes import annex_iii, law, letters

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.ingredients import (
    AllergenRule,
)


def test_the_list_of_allergens_is_whole(knowledge: Knowledge) -> None:
    entries = knowledge.ingredients.allergens.entries.values()
    assert len(entries) == 81
    assert sum(not entry.recent for entry in entries) == 24
    assert len({entry.reference for entry in entries}) == 81


@pytest.mark.parametrize(
    ("name", "day", "stage"),
    [
        ("Linalool", date(2020, 1, 1), "in_force"),
        ("Vanillin", date(2026, 7, 30), "ahead"),
        ("Vanillin", date(2026, 7, 31), "new_products"),
        ("Vanillin", date(2028, 7, 30), "new_products"),
        ("Vanillin", date(2028, 7, 31), "in_force"),
        ("6-Methyl coumarin", date(2026, 11, 23), "new_products"),
        ("Evernia Prunastri Extract", date(2026, 7, 30), "in_force"),
    ],
)
def test_from_when_on_an_allergen_must_be_printed(knowledge: Knowledge, name: str, day: date, stage: str) -> None:
    entry = knowledge.ingredients.allergens.of(name)
    assert entry is not None
    assert entry.stage(day) == stage


def test_allergens_are_printed_from_a_thousandth_or_a_hundredth_of_a_percent(knowledge: Knowledge) -> None:
    rule = knowledge.get(AllergenRule, "eu")
    assert (rule.leave_on, rule.rinse_off) == (0.001, 0.01)


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ("Geranial", "CITRAL"),
        ("d-Limonene", "LIMONENE"),
        ("delta-Damascone", "ROSE KETONES"),
        ("Citrus Sinensis Peel Oil", "CITRUS AURANTIUM PEEL OIL"),
        ("Lavandula Angustifolia Oil", "LAVANDULA OIL/EXTRACT"),
        ("Jasmine Oil/Extract", "JASMINE OIL/EXTRACT"),
        ("Balsam of Peru", "MYROXYLON PEREIRAE OIL/EXTRACT"),
        ("Eugenyl Acetate", "EUGENYL ACETATE"),
        ("Pogostemon Cablin Leaf Oil", "POGOSTEMON CABLIN OIL"),
        ("Citrus Aurantium Bergamia Fruit Oil", "CITRUS AURANTIUM BERGAMIA PEEL OIL"),
        ("Citrus Limon Fruit Oil", "CITRUS LIMON PEEL OIL"),
        ("Lavandula Angustifolia Flower Oil", "LAVANDULA OIL/EXTRACT"),
        ("Mentha Piperita Flower/Leaf/Stem Oil", "MENTHA PIPERITA OIL"),
        ("Santalum Album Wood Oil", "SANTALUM ALBUM OIL"),
    ],
)
def test_an_allergen_is_known_by_any_of_its_names(knowledge: Knowledge, form: str, label: str) -> None:
    entry = knowledge.ingredients.allergens.of(form)
    assert entry is not None
    assert entry.label == label


def test_every_listed_name_is_a_known_ingredient_of_its_entry(knowledge: Knowledge) -> None:
    ingredients = knowledge.ingredients
    for entry in ingredients.allergens.entries.values():
        for name in entry.names:
            known = ingredients.find(name)
            assert known is not None, name
            assert ingredients.allergens.of(known.inci) is entry, f"{name} stands for {known.inci}"


def forms(row: dict[str, str], known: dict[str, str]) -> Iterator[str]:
    """Every name in a line of the law's table. Some cells hold several: split where the whole is no name."""
    cells = [*re.split(r"[;\n]", row["chemical_name"]), *re.split(r"[;\n]", row["glossary_name"])]
    for cell in (*cells, *row["identified_inci"].split(",")):
        if letters(cell) in {"", "extractsanddistillates"}:  # the second half of a name, no name itself
            continue
        whole = letters(cell) in known
        yield from [cell] if whole else (part for part in re.split(r"/|, ", cell) if letters(part))


def test_each_form_in_the_law_leads_to_its_entry(knowledge: Knowledge) -> None:
    known = {
        letters(name): entry.reference
        for entry in knowledge.ingredients.allergens.entries.values()
        for name in entry.names
    }
    with law("fragrance_allergens_2025-12-08.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(form, row["annex_iii_ref"]) for row in rows for form in forms(row, known)]
    assert len(rows) == 81
    assert len(told) > 250
    assert [(form, number) for form, number in told if known.get(letters(form)) != number] == []


def test_the_name_to_print_is_the_one_that_the_annex_gives(knowledge: Knowledge) -> None:
    rows = annex_iii()
    given = {}
    for entry in knowledge.ingredients.allergens.entries.values():
        found = re.search(r"indicated (?:as )?‘([^’]+)’", " ".join(rows[entry.reference][7].split()))
        if found:
            given[entry.label] = found[1].upper().replace("/ ", "/")
    assert len(given) == 17
    assert all(label == name for label, name in given.items())
