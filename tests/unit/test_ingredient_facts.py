"""What is known beside an ingredient's name: allergens, limits, useful strengths, clogging, pregnancy, notes."""

import csv
import re
import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from tests.annexes import annex_iii, law, letters

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.check import check
from pellucid.knowledge.load import load_from
from pellucid.knowledge.schema.home import PregnancyRule
from pellucid.knowledge.schema.ingredients import (
    Bound,
    IngredientLimit,
    IngredientNote,
    IngredientPregnancy,
    IngredientStatement,
    OfIngredients,
)
from pellucid.knowledge.schema.labels import KindCue
from pellucid.knowledge.schema.learn import Source
from pellucid.knowledge.texts import LANGUAGES, leaves
from pellucid.model.errors import KnowledgeError

# --- limits -------------------------------------------------------------------------------------------------


def bound_of(knowledge: Knowledge, inci: str, region: str, *scopes: str) -> Bound | None:
    """What holds for a product of these kinds in a region, committees left aside."""
    limits = [
        limit
        for limit in knowledge.of(IngredientLimit).values()
        if limit.concerns(inci, ()) and limit.region == region and limit.authority != "committee"
    ]
    assert len(limits) == 1, [limit.id for limit in limits]
    return limits[0].bound(scopes)


@pytest.mark.parametrize(
    ("inci", "region", "scopes", "high"),
    [
        ("SALICYLIC ACID", "eu", ("leave_on", "face"), 2.0),
        ("SODIUM SALICYLATE", "eu", ("leave_on", "body", "body_lotion"), 0.5),
        ("SALICYLIC ACID", "eu", ("rinse_off", "hair", "hair_rinse_off"), 3.0),
        ("SALICYLIC ACID", "us", ("leave_on", "face"), 2.0),
        ("GLYCOLIC ACID", "us", ("leave_on", "face"), 10.0),
        ("RETINYL PALMITATE", "eu", ("leave_on", "face"), 0.3),
        ("RETINOL", "eu", ("leave_on", "body", "body_lotion"), 0.05),
        ("RETINOL", "eu", ("rinse_off", "face"), 0.3),
        ("BENZOYL PEROXIDE", "us", ("leave_on", "face"), 10.0),
        ("BENZOYL PEROXIDE", "eu", ("leave_on", "face"), None),
        ("BENZOYL PEROXIDE", "eu", ("nails",), 0.7),
        ("HYDROQUINONE", "eu", ("leave_on", "face"), None),
        ("HYDROQUINONE", "us", ("leave_on", "face"), None),
        ("KOJIC ACID", "eu", ("leave_on", "face"), 1.0),
        ("KOJIC ACID", "eu", ("leave_on", "body", "body_lotion"), None),
        ("METHYLISOTHIAZOLINONE", "eu", ("leave_on", "face"), None),
        ("METHYLISOTHIAZOLINONE", "eu", ("rinse_off", "face"), 0.0015),
        ("ZINC PYRITHIONE", "eu", ("rinse_off", "shampoo"), None),
        ("BENZOPHENONE-3", "eu", ("leave_on", "face"), 6.0),
        ("BENZOPHENONE-3", "eu", ("leave_on", "face", "spray"), 2.2),
        ("HOMOSALATE", "eu", ("leave_on", "face"), 7.34),
        ("HOMOSALATE", "eu", ("leave_on", "body"), None),
        ("OCTOCRYLENE", "eu", ("leave_on", "body", "spray"), 9.0),
        ("TITANIUM DIOXIDE", "eu", ("leave_on", "face"), 25.0),
    ],
)
def test_the_most_that_a_product_may_hold(
    knowledge: Knowledge, inci: str, region: str, scopes: tuple[str, ...], high: float | None
) -> None:
    bound = bound_of(knowledge, inci, region, *scopes)
    assert bound is not None
    assert (bound.high, bound.prohibited) == (high, high is None)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2025, 10, 31), "ahead"),
        (date(2025, 11, 1), "new_products"),
        (date(2027, 4, 30), "new_products"),
        (date(2027, 5, 1), "in_force"),
    ],
)
def test_from_when_on_the_limit_of_retinol_holds(knowledge: Knowledge, day: date, stage: str) -> None:
    assert knowledge.get(IngredientLimit, "retinol_eu").stage(day) == stage


def test_a_limit_without_dates_has_been_in_force_for_long(knowledge: Knowledge) -> None:
    assert knowledge.get(IngredientLimit, "salicylic_acid_eu").stage(date(2020, 1, 1)) == "in_force"


def test_nothing_is_made_up_for_products_that_a_committee_did_not_speak_of(knowledge: Knowledge) -> None:
    limit = knowledge.get(IngredientLimit, "tea_tree_oil_committee")
    assert limit.bound({"leave_on", "face", "face_cream"}) is not None
    assert limit.bound({"leave_on", "body", "body_lotion"}) is None


def from_law(knowledge: Knowledge, source: str) -> list[IngredientLimit]:
    return [limit for limit in knowledge.of(IngredientLimit).values() if limit.source[0] == source]


def numbers(text: str) -> set[float]:
    return {float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", text)}


def names_in(row: list[str]) -> set[str]:
    """The names in a line of Annex III, from the glossary and as identified."""
    return {letters(name) for name in re.split(r"[;,/]", f"{row[2]};{row[13]}")}


def test_every_share_from_annex_iii_stands_in_it(knowledge: Knowledge) -> None:
    rows = annex_iii().values()
    limits = from_law(knowledge, "EU-ANNEX3")
    assert len(limits) > 8
    for limit in limits:
        row = next(row for row in rows if letters(limit.ingredients[0]) in names_in(row))
        shares = {bound.high for bound in limit.bounds if bound.high is not None}
        assert shares <= numbers(row[6]), limit.id


def test_every_share_from_annex_vi_stands_in_it(knowledge: Knowledge) -> None:
    with law("annex_vi_uv_filters_2022.csv").open(encoding="utf-8", newline="") as file:
        given = {
            letters(name): numbers(row["Maximum concentration in ready for use preparation"])
            for row in csv.DictReader(file)
            for name in re.split(r"[;/]", row["Name of Common Ingredients Glossary"])
        }
    limits = [limit for limit in from_law(knowledge, "EU-ANNEX6") if not limit.bounds[0].prohibited]
    assert len(limits) > 18
    for limit in limits:
        assert {limit.bounds[-1].high} == given[letters(limit.ingredients[0])], limit.id


def named(knowledge: Knowledge) -> set[str]:
    """Every ingredient that a record or a rating names."""
    records = [record for record in knowledge.by_ref.values() if isinstance(record, OfIngredients)]
    return {inci for record in records for inci in record.ingredients} | set(knowledge.ingredients.comedogenicity)


def test_every_ingredient_that_a_record_names_is_in_the_inventory(knowledge: Knowledge) -> None:
    with law("inventory_2020-12-30.csv").open(encoding="utf-8", newline="") as file:
        inventory = {letters(row["inci_name"]) for row in csv.DictReader(file)}
    known = {letters(name) for name in knowledge.ingredients.names}
    assert sorted(inci for inci in named(knowledge) if letters(inci) not in inventory | known) == []


def test_every_ingredient_that_a_record_names_has_a_line_of_its_own(knowledge: Knowledge) -> None:
    missing = sorted(named(knowledge) - knowledge.ingredients.names.keys())
    assert missing == [], "these have no line in ingredients.csv, so no label that prints them would be understood"
    assert len(named(knowledge)) > 150


def test_what_tells_kinds_of_product_apart_can_be_found_on_a_label(knowledge: Knowledge) -> None:
    cues = {inci for cue in knowledge.of(KindCue).values() for inci in cue.ingredients}
    assert sorted(cues - knowledge.ingredients.names.keys()) == []
    assert len(cues) > 20


def test_what_was_not_read_says_so(knowledge: Knowledge) -> None:
    for record in knowledge.by_ref.values():
        if isinstance(record, OfIngredients):
            seen = [knowledge.get(Source, name).seen for name in record.source if name in knowledge.of(Source)]
            assert not record.verified or set(seen) != {"no"}, record.ref


# --- clogging -----------------------------------------------------------------------------------------------


def test_ratings_have_the_grade_of_what_stands_behind_them(knowledge: Knowledge) -> None:
    ratings = knowledge.ingredients.comedogenicity.values()
    assert 60 <= len(ratings) <= 100
    assert {rating.grade for rating in ratings} == {"a", "b", "c", "d"}
    for rating in ratings:
        assert (rating.grade == "d") == (rating.source == ("E-LISTS",)), rating.inci


@pytest.mark.parametrize(
    ("inci", "grade", "finding"),
    [
        ("PETROLATUM", "a", "not_seen"),
        ("ISOPROPYL MYRISTATE", "b", "mixed"),
        ("BUTYL STEARATE", "c", "clogged"),
        ("ALGAE EXTRACT", "d", "listed"),
    ],
)
def test_the_best_evidence_decides_the_grade(knowledge: Knowledge, inci: str, grade: str, finding: str) -> None:
    rating = knowledge.ingredients.comedogenicity[inci]
    assert (rating.grade, rating.finding) == (grade, finding)


def test_it_is_said_plainly_that_ratings_are_not_products(knowledge: Knowledge) -> None:
    statement = knowledge.get(IngredientStatement, "ratings_are_not_products")
    assert "E-DRAELOS06" in statement.source
    assert "do not carry over to products" in knowledge.texts("en").get(statement.ref, "say")
    assert "不能套用到產品" in knowledge.texts("zh_hant").get(statement.ref, "say")


# --- pregnancy and notes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inci", "roles", "leave_on", "rinse_off"),
    [
        ("RETINAL", {"retinoid"}, "avoid", "avoid"),
        ("HYDROQUINONE", set(), "avoid", "avoid"),
        ("SALICYLIC ACID", {"bha"}, "avoid", "limit"),
        ("GLYCOLIC ACID", {"aha"}, "limit", "limit"),
        ("AZELAIC ACID", {"azelaic_acid"}, "fine", "fine"),
        ("DMDM HYDANTOIN", {"formaldehyde_releaser"}, "avoid", "avoid"),
    ],
)
def test_what_pregnancy_means_for_an_ingredient(
    knowledge: Knowledge, inci: str, roles: set[str], leave_on: str, rinse_off: str
) -> None:
    (told,) = (told for told in knowledge.of(IngredientPregnancy).values() if told.concerns(inci, roles))
    assert (told.leave_on, told.rinse_off) == (leave_on, rinse_off)
    assert knowledge.texts("en").get(knowledge.get(PregnancyRule, told.rule).ref, "note")


def told_of(knowledge: Knowledge, inci: str, use: str) -> set[str]:
    roles = knowledge.ingredients.names[inci].roles
    notes = knowledge.of(IngredientNote).values()
    return {note.id for note in notes if note.concerns(inci, roles) and note.use in {"any", use}}


def test_notes_fit_the_ingredient_and_the_use(knowledge: Knowledge) -> None:
    assert {"bha_plugs", "acid_exfoliating", "salicylate_allergy"} <= told_of(knowledge, "SALICYLIC ACID", "rinse_off")
    assert {"malassezia_lipids", "oil_acne_prone"} <= told_of(knowledge, "OLEA EUROPAEA FRUIT OIL", "leave_on")
    assert not {"malassezia_lipids", "oil_acne_prone"} & told_of(knowledge, "OLEA EUROPAEA FRUIT OIL", "rinse_off")
    assert "drying_alcohol" in told_of(knowledge, "ALCOHOL DENAT.", "leave_on")
    assert told_of(knowledge, "KAOLIN", "rinse_off") == {"clay_oil", "clay_dry"}


def test_a_benefit_says_how_long_it_lasts_and_allergies_are_for_those_who_told_of_them(knowledge: Knowledge) -> None:
    for note in knowledge.of(IngredientNote).values():
        assert (note.tone == "benefit") == (note.lasting is not None), note.id
        assert note.tone == "benefit" or not note.for_pores, note.id
        if note.id.endswith("_allergy"):
            assert str(note.when).startswith("health.allergies."), note.id
    assert knowledge.get(IngredientNote, "clay_oil").lasting == "for_the_day"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised(knowledge: Knowledge, language: str) -> None:
    promised = re.compile(
        r"\b(shrink|cure|heal|detox|close[sd]? (the )?pores?|open[s]? (the )?pores?)\b|縮小毛孔|治癒|排毒"
    )
    words = dict(leaves(knowledge.texts(language).topic("ingredient_limits")))
    assert {key: text for key, text in words.items() if promised.search(text.lower())} == {}


# --- tables with faults -------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped files, to break."""
    return Path(shutil.copytree(str(files("pellucid.knowledge") / "data"), tmp_path / "data"))


def swap(data: Path, file: str, old: str, new: str) -> None:
    text = (data / file).read_text("utf-8")
    assert text.count(old) == 1
    (data / file).write_text(text.replace(old, new), "utf-8")


def refused(data: Path) -> dict[str, str]:
    """Why the tables can't be read."""
    with pytest.raises(KnowledgeError) as caught:
        _ = load_from(data).ingredients
    return {problem.where: problem.message for problem in caught.value.problems}


def test_every_fault_of_the_tables_is_told_at_once_with_line_and_column(data: Path) -> None:
    swap(data, "allergens.csv", "vanillin,346,VANILLIN,", "vanillin,346,Vanillin,")
    swap(data, "allergens.csv", "100-52-7,2026-07-31,2028-07-31", "100-52-7,2026-07-31,")
    swap(data, "allergens.csv", "benzyl_benzoate,85,", "benzyl_salicylate,85,")
    swap(data, "comedogenicity.csv", "PETROLATUM,a,", "PETROLATUM,e,")
    swap(data, "comedogenicity.csv", "LANOLIN ACID,c,clogged,4,4,", "LANOLIN ACID,c,clogged,4,3,")
    lines = (data / "comedogenicity.csv").read_text("utf-8").splitlines()
    petrolatum = next(number for number, line in enumerate(lines, 1) if line.startswith("PETROLATUM"))
    faults = refused(data)
    assert len(faults) >= 5
    assert faults[f"comedogenicity.csv: line {petrolatum}, grade"] == "Input should be 'a', 'b', 'c' or 'd'"
    assert "this entry is there twice" in faults.values()
    assert any("give both dates or none" in message for message in faults.values())
    assert any("give low and high" in message for message in faults.values())
    assert any(where.startswith("allergens.csv: line") and where.endswith(", label") for where in faults)


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("inci,grade,", "name,grade,", "comedogenicity.csv: line 1", "the columns must be inci,grade,"),
        ("TALC,c,not_seen,,,", "TALC,c,not_seen,", "comedogenicity.csv: line ", "5 cells, not 7"),
        ("TALC,c,", "TALC ,c,", ", inci", "space around a value"),
        ("TALC,c,", "KAOLIN,c,", ", inci", "there twice"),
        ("TALC,c,", "TALC,d,", "comedogenicity.csv: line ", "grade d means listed without a named test"),
        ("TALC,c,", '"TALC,c,', "comedogenicity.csv: line ", "unexpected end of data"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused(data: Path, old: str, new: str, where: str, message: str) -> None:
    swap(data, "comedogenicity.csv", old, new)
    faults = refused(data)
    assert any(where in place and message in told for place, told in faults.items()), faults


def test_two_entries_cannot_share_a_name(data: Path) -> None:
    swap(data, "allergens.csv", "ALPHA-SANTALOL|BETA-SANTALOL", "ALPHA-SANTALOL|LINALOOL")
    assert "LINALOOL is a name of linalool already" in refused(data).values()


def test_a_missing_table_is_named(data: Path) -> None:
    (data / "allergens.csv").unlink()
    assert refused(data)["allergens.csv"] == "missing"


def found(data: Path) -> dict[str, str]:
    return {problem.where: problem.message for problem in check(load_from(data))}


def test_names_that_nothing_knows_are_found(data: Path) -> None:
    swap(data, "comedogenicity.csv", "TALC,c,not_seen,,,E-FULTON89,", "TALC,c,not_seen,,,E-FULTON99,")
    swap(data, "allergens.csv", "sclareol,342,SCLAREOL,no,fragrance|", "sclareol,342,SCLAREOL,no,perfume|")
    faults = found(data)
    assert "E-FULTON99" in faults["comedogenicity.csv: TALC"]
    assert "perfume" in faults["allergens.csv: sclareol"]


def test_an_ingredient_is_never_milder_in_pregnancy_than_its_rule(data: Path) -> None:
    swap(
        data,
        "ingredient_limits.toml",
        'rule = "hydroquinone"\nleave_on = "avoid"',
        'rule = "hydroquinone"\nleave_on = "limit"',
    )
    where = "ingredient_limits.toml: ingredient_pregnancy.hydroquinone.leave_on"
    assert found(data)[where] == "is milder than pregnancy_rule.hydroquinone"
