"""The ingredients known by name: what they are called, what they are for, and what is wrong in a broken table."""

import csv
import os
import re
import shutil
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.check import check
from pellucid.knowledge.ingredients import Ingredients, SynonymKind
from pellucid.knowledge.load import load_from
from pellucid.knowledge.schema.roles import IngredientRole
from pellucid.labels.vocabulary import key
from pellucid.model.errors import KnowledgeError

SHARED = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))
"""Labels and the EU's glossary to measure against; they are no part of the project."""

Faults = dict[str, str]


def shared(name: str) -> Path:
    """One of those files; a test that needs it is skipped where there is none."""
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} is not here to compare with; set PELLUCID_DATA to the folder above it")
    return SHARED / name


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row[name].strip() for row in csv.DictReader(lines)]


@pytest.fixture
def ingredients(knowledge: Knowledge) -> Ingredients:
    return knowledge.ingredients


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped files, to break."""
    return Path(shutil.copytree(str(files("pellucid.knowledge") / "data"), tmp_path / "data"))


def add(data: Path, table: str, line: str) -> int:
    """Add a line at the end of a table; its number."""
    path = data / table
    text = path.read_text("utf-8") + line + "\n"
    path.write_text(text, "utf-8")
    return text.count("\n")


def refused(data: Path) -> Faults:
    """Why the tables can't be used."""
    with pytest.raises(KnowledgeError) as caught:
        _ = load_from(data).ingredients
    return {problem.where: problem.message for problem in caught.value.problems}


# --- what things are called ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "inci"),
    [
        ("Water", "WATER"),
        ("aqua", "WATER"),
        ("Eau", "WATER"),
        ("精製水", "WATER"),
        ("Fragrance", "PARFUM"),
        ("Red 40", "CI 16035"),
        ("FD&C Red No. 40", "CI 16035"),
        ("Red 7 Lake", "CI 15850"),
        ("Yellow 5", "CI 19140"),
        ("Violet 2", "CI 60725"),
        ("D&C Violet No. 2", "CI 60725"),
        ("Ext. Violet 2", "CI 60730"),
        ("Ext. D&C Violet No. 2", "CI 60730"),
        ("Ext. Violet 2 (CI 60730)", "CI 60730"),
        ("Violet 2 (CI 60730)", "CI 60730"),
        ("Bismuth Oxychloride", "CI 77163"),
        ("Mineral Oil", "PARAFFINUM LIQUIDUM"),
        ("Shea Butter", "BUTYROSPERMUM PARKII BUTTER"),
        ("Sunflower Oil", "HELIANTHUS ANNUUS SEED OIL"),
        ("Sunflower Seed Extract", "HELIANTHUS ANNUUS SEED EXTRACT"),
        ("Aloe Vera Leaf Juice", "ALOE BARBADENSIS LEAF JUICE"),
        ("Vitamin C", "ASCORBIC ACID"),
        ("Vitamin E", "TOCOPHEROL"),
        ("Vitamin B3", "NIACINAMIDE"),
        ("Avobenzone", "BUTYL METHOXYDIBENZOYLMETHANE"),
        ("Octinoxate", "ETHYLHEXYL METHOXYCINNAMATE"),
        ("Octisalate", "ETHYLHEXYL SALICYLATE"),
        ("Ensulizole", "PHENYLBENZIMIDAZOLE SULFONIC ACID"),
        ("Oxybenzone", "BENZOPHENONE-3"),
        ("Octyl Palmitate", "ETHYLHEXYL PALMITATE"),
        ("Rosa Damascena Oil", "ROSA DAMASCENA FLOWER OIL"),
        ("Green Tea (Camellia Oleifera) Seed Extract", "CAMELLIA OLEIFERA SEED EXTRACT"),
        ("Citrus Aurantifolia Extract", "CITRUS AURANTIFOLIA EXTRACT"),
        ("Sodium Diglycolate", "SODIUM DIGLYCOLATE"),
        ("Myrtle Extract", "MYRTUS COMMUNIS EXTRACT"),
        ("EGF (Barley Sh-Oligopeptide-1)", "BARLEY SH-OLIGOPEPTIDE-1"),
        ("Guar Gum", "CYAMOPSIS TETRAGONOLOBA GUM"),
        ("MSM", "DIMETHYL SULFONE"),
        ("Cinnamon Leaf Oil", "CINNAMOMUM ZEYLANICUM LEAF OIL"),
        ("Caprylic/Capric Triglycerides", "CAPRYLIC/CAPRIC TRIGLYCERIDE"),
        ("Ceramide 3", "CERAMIDE NP"),
        ("Aluminium Hydroxide", "ALUMINUM HYDROXIDE"),
        ("甘油", "GLYCERIN"),
        ("水楊酸", "SALICYLIC ACID"),
        ("菸鹼醯胺", "NIACINAMIDE"),
        ("玻尿酸鈉", "SODIUM HYALURONATE"),
        ("透明质酸钠", "SODIUM HYALURONATE"),
        ("積雪草苷", "ASIATICOSIDE"),
        ("羥基積雪草苷", "MADECASSOSIDE"),
        ("己二烯酸", "SORBIC ACID"),
        ("二苯甲酮-3", "BENZOPHENONE-3"),
        ("苯基苯並咪唑磺酸", "PHENYLBENZIMIDAZOLE SULFONIC ACID"),
    ],
)
def test_other_names_lead_to_one(ingredients: Ingredients, printed: str, inci: str) -> None:
    found = ingredients.find(printed)
    assert found is not None
    assert found.inci == inci


def test_the_letters_bha_on_a_list_are_the_antioxidant(ingredients: Ingredients) -> None:
    found = ingredients.find("BHA")
    assert found is not None
    assert found.roles == ("antioxidant",)


@pytest.mark.parametrize(
    "printed",
    [
        "Unobtainium Extract",
        "Grape Fruit Extract",  # of grapes or of grapefruits
        "Cinnamon Oil",  # of one of two trees
        "己二醇",  # one of two glycols
    ],
)
def test_what_could_be_two_things_or_nothing_is_unknown(ingredients: Ingredients, printed: str) -> None:
    assert ingredients.find(printed) is None


def test_no_two_names_differ_only_in_punctuation(ingredients: Ingredients) -> None:
    same = defaultdict(set)
    for name in ingredients.names:
        same[key(name)].add(name)
    assert [names for names in same.values() if len(names) > 1] == []


def test_no_other_name_means_two_things(ingredients: Ingredients) -> None:
    meant = defaultdict(set)
    for name in ingredients.names:
        meant[key(name)].add(name)
    for name, inci in ingredients.synonyms.items():
        meant[key(name)].add(inci)
    assert [names for names in meant.values() if len(names) > 1] == []


def test_every_kind_of_other_name_is_used() -> None:
    table = Path(str(files("pellucid.knowledge") / "data" / "ingredient_synonyms.csv"))
    assert set(column(table, "kind")) == set(SynonymKind)


# --- what they are for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inci", "role"),
    [
        ("WATER", "solvent"),
        ("GLYCERIN", "humectant"),
        ("SODIUM LAURYL SULFATE", "cleansing_surfactant"),
        ("CETEARYL ALCOHOL", "fatty_alcohol"),
        ("ALCOHOL DENAT.", "drying_alcohol"),
        ("SALICYLIC ACID", "bha"),
        ("GLYCOLIC ACID", "aha"),
        ("GLUCONOLACTONE", "pha"),
        ("RETINAL", "retinoid"),
        ("KAOLIN", "clay"),
        ("JUGLANS REGIA SHELL POWDER", "abrasive"),
        ("DMDM HYDANTOIN", "preservative"),
        ("LAVANDULA ANGUSTIFOLIA OIL", "essential_oil"),
        ("CITRUS JUNOS SEED OIL", "plant_oil"),
        ("TRISODIUM ETHYLENEDIAMINE DISUCCINATE", "chelator"),
        ("DIETHYLAMINO HYDROXYBENZOYL HEXYL BENZOATE", "uv_filter"),
        ("ZINC OXIDE", "mineral_uv_filter"),
        ("PETROLATUM", "emollient"),
        ("CERAMIDE NP", "ceramide"),
        ("PALMITOYL PENTAPEPTIDE-4", "peptide"),
        ("CI 77491", "colourant"),
    ],
)
def test_the_main_role_comes_first(ingredients: Ingredients, inci: str, role: str) -> None:
    assert ingredients.names[inci].roles[0] == role


def test_fatty_alcohols_never_count_as_drying(ingredients: Ingredients) -> None:
    assert not {facts.inci for facts in ingredients.with_role("drying_alcohol")} & {
        facts.inci for facts in ingredients.with_role("fatty_alcohol")
    }


DISTILLED = re.compile(
    "(ABIES|CANANGA|CEDRUS|CINNAMOMUM|CUPRESSUS|CYMBOPOGON|EUCALYPTUS|JASMINUM|JUNIPERUS|LAVANDULA|MELALEUCA|MENTHA"
    "|OCIMUM|ORIGANUM|PELARGONIUM|PINUS|POGOSTEMON|ROSMARINUS|SANTALUM|THYMUS|VETIVERIA) (?!.*SEED).*OIL"
)
"""Oils of plants that are distilled, but for those of their seeds."""


def test_essential_oils_are_no_plant_oils(ingredients: Ingredients) -> None:
    for facts in ingredients.names.values():
        if DISTILLED.fullmatch(facts.inci):
            assert "essential_oil" in facts.roles or "fragrance_allergen" in facts.roles, facts.inci
        if "essential_oil" in facts.roles:
            assert not {"plant_oil", "emollient"} & set(facts.roles), facts.inci


@pytest.mark.parametrize(
    "inci",
    [
        "SALVIA OFFICINALIS OIL",
        "SALVIA SCLAREA OIL",
        "CITRUS AURANTIUM BERGAMIA FRUIT OIL",
        "LAVANDULA HYBRIDA OIL",
        "CINNAMOMUM CASSIA OIL",
        "GERANIUM MACULATUM OIL",
    ],
)
def test_an_essential_oil_scents_and_counts_as_one(ingredients: Ingredients, inci: str) -> None:
    assert ingredients.names[inci].roles == ("essential_oil", "fragrance")
    assert ingredients.names[inci].active == "active.essential_oils"


def test_oils_pressed_from_seeds_and_fruit_are_plant_oils(ingredients: Ingredients) -> None:
    pressed = (
        "CITRUS JUNOS SEED OIL",
        "ROSA CANINA FRUIT OIL",
        "SALVIA HISPANICA SEED OIL",
        "LAURUS NOBILIS FRUIT OIL",
    )
    assert {ingredients.names[inci].roles for inci in pressed} == {("plant_oil", "emollient")}


def test_formaldehyde_releasers_preserve(ingredients: Ingredients) -> None:
    releasers = list(ingredients.with_role("formaldehyde_releaser"))
    assert len(releasers) > 5
    assert all("preservative" in facts.roles for facts in releasers)


def test_no_role_stands_unused(knowledge: Knowledge, ingredients: Ingredients) -> None:
    used = {role for facts in ingredients.names.values() for role in facts.roles}
    assert used == knowledge.of(IngredientRole).keys()


@pytest.mark.parametrize(
    ("inci", "active"),
    [
        ("SALICYLIC ACID", "active.salicylic_acid"),
        ("SALIX ALBA BARK EXTRACT", "active.salicylic_acid"),
        ("GLYCOLIC ACID", "active.glycolic_acid"),
        ("RETINYL PALMITATE", "active.retinyl_ester"),
        ("HYDROXYPINACOLONE RETINOATE", "active.retinyl_ester"),
        ("TETRAHEXYLDECYL ASCORBATE", "active.vitamin_c"),
        ("BENTONITE", "active.clay"),
        ("BENZOYL PEROXIDE", "active.benzoyl_peroxide"),
        ("HAMAMELIS VIRGINIANA WATER", "active.witch_hazel"),
        ("CITRIC ACID", None),
        ("ASCORBYL PALMITATE", None),
        ("WATER", None),
    ],
)
def test_actives_are_those_that_an_intake_knows(ingredients: Ingredients, inci: str, active: str | None) -> None:
    assert ingredients.names[inci].active == active


# --- against labels and the glossary ------------------------------------------------------------------------


def test_the_names_cover_what_labels_print(ingredients: Ingredients) -> None:
    table = shared("labels/name_frequency.csv")
    known = {key(name) for name in (*ingredients.names, *ingredients.synonyms)}
    counted = list(zip(column(table, "inci_name"), map(int, column(table, "labels")), strict=True))
    covered = sum(count for name, count in counted if key(name) in known)
    assert covered >= 0.97 * sum(count for _, count in counted)


def test_no_name_is_made_up() -> None:
    glossary = {key(name) for name in column(shared("cosing/inventory_2020-12-30.csv"), "inci_name")}
    table = Path(str(files("pellucid.knowledge") / "data" / "ingredients.csv"))
    names = dict(zip(column(table, "inci"), column(table, "notes"), strict=True))
    assert 3_000 < len(names) < len(glossary) / 4
    assert [name for name, note in names.items() if key(name) not in glossary and not note] == []


# --- reading the tables -------------------------------------------------------------------------------------


def test_the_tables_are_read_only_when_asked_for(data: Path) -> None:
    (data / "ingredients.csv").unlink()
    knowledge = load_from(data)
    with pytest.raises(KnowledgeError, match=r"ingredients\.csv: missing"):
        _ = knowledge.ingredients


def test_the_mark_of_the_names_follows_the_tables(knowledge: Knowledge, data: Path) -> None:
    add(data, "ingredient_synonyms.csv", "NEW NAME,WATER,plain")
    changed = load_from(data)
    assert changed.ingredients.digest != knowledge.ingredients.digest
    assert changed.digest == knowledge.digest


BROKEN = [
    ("ingredients.csv", "Lower Case,humectant,,", "inci", "in capitals"),
    ("ingredients.csv", "NEW NAME,,,", "roles", "at least one role"),
    ("ingredients.csv", "NEW NAME,wax|wax,,", "roles", "each once"),
    ("ingredients.csv", "WATER,solvent,,", "inci", "stands on line"),
    ("ingredients.csv", "NEW NAME,solvent", "", "2 cells, not 4"),
    ("ingredients.csv", "NEW NAME, solvent,,", "roles", "space around"),
    ("ingredient_synonyms.csv", "NEW NAME,NO SUCH NAME,plain", "inci", "is no name in"),
    ("ingredient_synonyms.csv", "GLYCERIN,WATER,plain", "name", "is a canonical name"),
    ("ingredient_synonyms.csv", "aqua,GLYCERIN,plain", "name", "stands on line"),
    ("ingredient_synonyms.csv", "NEW NAME,WATER,nickname", "kind", "must be one of"),
    ("ingredient_synonyms.csv", ",WATER,plain", "name", "write the name"),
]


@pytest.mark.parametrize(("table", "line", "where", "message"), BROKEN)
def test_a_fault_is_named_with_line_and_column(data: Path, table: str, line: str, where: str, message: str) -> None:
    number = add(data, table, line)
    place = f"{table}: line {number}" + (f", {where}" if where else "")
    assert message in refused(data)[place]


def test_every_fault_is_reported_at_once(data: Path) -> None:
    add(data, "ingredients.csv", "Lower Case,humectant,,")
    add(data, "ingredient_synonyms.csv", "NEW NAME,NO SUCH NAME,nickname")
    assert len(refused(data)) == 3


@pytest.mark.parametrize(
    ("line", "where", "message"),
    [
        ("NEW NAME,humektant,,", "roles", "did you mean 'humectant'"),
        ("NEW NAME,humectant,active.retinoll,", "active", "did you mean 'active.retinol'"),
    ],
)
def test_the_check_finds_roles_and_actives_that_do_not_exist(data: Path, line: str, where: str, message: str) -> None:
    number = add(data, "ingredients.csv", line)
    faults = {problem.where: problem.message for problem in check(load_from(data))}
    assert message in faults[f"ingredients.csv: line {number}, {where}"]


def test_the_check_names_faults_of_the_tables(data: Path) -> None:
    number = add(data, "ingredients.csv", "NEW NAME,,,")
    assert f"ingredients.csv: line {number}, roles" in {problem.where for problem in check(load_from(data))}
