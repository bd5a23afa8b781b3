"""Whatever can be wrong in the knowledge files is named with file and key, and everything at once."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.check import check, require_sound
from pellucid.knowledge.load import load_from
from pellucid.model.errors import KnowledgeError

Faults = dict[str, str]
SIGNAL = '[[signal]]\nid = "{}"\nwhen = "{}"\nsource = ["house"]\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped files, to break."""
    return Path(shutil.copytree(str(files("pellucid.knowledge") / "data"), tmp_path / "data"))


def add(data: Path, file: str, text: str) -> None:
    with (data / f"{file}.toml").open("a", encoding="utf-8") as out:
        out.write(f"\n{text}\n")


def name_in(data: Path, language: str, kind: str, topic: str, name: str, text: str) -> None:
    add(data, f"text/{language}/{topic}", f"[{kind}.{name}]\nname = {text!r}")


def refused(data: Path) -> Faults:
    """Why the files don't load."""
    with pytest.raises(KnowledgeError) as caught:
        load_from(data)
    return {problem.where: problem.message for problem in caught.value.problems}


def found(data: Path) -> Faults:
    """What is wrong in files that load."""
    return {problem.where: problem.message for problem in check(load_from(data))}


def test_the_shipped_knowledge_is_sound(knowledge: Knowledge) -> None:
    assert check(knowledge) == []
    assert require_sound(knowledge) is knowledge


RULE = """
[[contraindication]]
id = "new_rule"
when = "now.skin.sunburn"
applies = ["all"]
effect = "defer"
source = ["house"]
"""

GOAL = '[[plan_goal]]\nid = "new"\nweight = {}\nsource = ["house"]\n'

UNLOADABLE = [
    ("signals", SIGNAL.format("new", "skin.flushes") + 'colour = "red"', "signal.new.colour", "Extra inputs"),
    ("signals", '[[signall]]\nid = "new"', "signall", "unknown table"),
    ("signals", SIGNAL.format("sensitive_skin", "skin.flushes"), "signal.sensitive_skin", "this id is used twice"),
    ("signals", SIGNAL.format("Not An Id", "skin.flushes"), "signal.Not An Id.id", "match pattern"),
    ("signals", '[[signal]]\nid = "new"\nwhen = "skin.flushes"', "signal.new.source", "Field required"),
    ("signals", '[[signal]]\nid = "new"\nwhen = "a"\nsource = []', "signal.new.source", "at least 1 item"),
    ("contraindications", RULE + 'override = "L7"', "contraindication.new_rule.override", "Input should be"),
    ("contraindications", RULE + "before_days = -1", "contraindication.new_rule.before_days", "greater than"),
    ("contraindications", RULE + "then = { days = 4000 }", "contraindication.new_rule.then.days", "less than"),
    ("contraindications", RULE + "then = { days = 7, months = 1 }", "contraindication.new_rule.then", "either days or"),
    ("contraindications", RULE + "then = {}", "contraindication.new_rule.then", "either days or"),
    ("planning", GOAL.format(-1), "plan_goal.new.weight", "greater than or equal to 0"),
    ("planning", GOAL.format(100_001), "plan_goal.new.weight", "less than or equal to 100000"),
    ("planning", GOAL.format(2.5), "plan_goal.new.weight", "valid integer"),
    ("contraindications", RULE.replace('"defer"', '"maybe"'), "contraindication.new_rule.effect", "Input should be"),
]


@pytest.mark.parametrize(
    ("file", "text", "key", "message"),
    UNLOADABLE,
    ids=[f"{number}-{each[2]}" for number, each in enumerate(UNLOADABLE)],
)
def test_a_record_of_the_wrong_shape_does_not_load(file: str, text: str, key: str, message: str, data: Path) -> None:
    add(data, file, text)
    faults = refused(data)
    assert list(faults) == [f"{file}.toml: {key}"]
    assert message in faults[f"{file}.toml: {key}"]


WINDOW = """
[[window]]
id = "new"
side = "before"
type = "done"
match = "procedure.filler"
source = ["house"]
"""
CELLS = [
    ("columns.aha_peel = { source = ['house'] }", "aha_peel", "either days or hours"),
    ("columns.aha_peel = { days = 1, hours = 24, source = ['house'] }", "aha_peel", "either days or hours"),
    ("columns.aha_peel = { days = 9, range = [9, 1], source = ['house'] }", "aha_peel", "range runs backwards"),
    ("columns.aha_peel = { days = 9.5, source = ['house'] }", "aha_peel.days", "valid integer"),
    ("columns.aha_peel = { days = 9 }", "aha_peel.source", "Field required"),
]


@pytest.mark.parametrize(("cell", "key", "message"), CELLS)
def test_a_wait_is_one_number_with_a_source(cell: str, key: str, message: str, data: Path) -> None:
    add(data, "windows", WINDOW + cell)
    faults = refused(data)
    assert list(faults) == [f"windows.toml: window.new.columns.{key}"]
    assert message in faults[f"windows.toml: window.new.columns.{key}"]


@pytest.mark.parametrize(
    ("second", "verdict"),
    [("active.clay", "never"), ("hair_removal.wax", "same_evening_no"), ("layer.dc_mask", "never")],
)
def test_only_what_never_meets_something_done_on_a_day_has_days_beside_it(
    second: str, verdict: str, data: Path
) -> None:
    sides = f"first = 'active.retinoid'\nsecond = '{second}'\nverdict = '{verdict}'"
    beside = "before = { days = 7, source = ['house'] }"
    add(data, "home_care", f"[[pair]]\nid = 'new'\nsource = ['house']\n{sides}\n{beside}")
    faults = refused(data)
    assert list(faults) == ["home_care.toml: pair.new"]
    assert "a side that is done on a day" in faults["home_care.toml: pair.new"]


def test_a_weight_stays_within_five(data: Path) -> None:
    points = "points = [{when = 'skin.flushes', weight = 6, source = ['house']}]"
    add(data, "pore_types", f"[[pore_type]]\nid = 'new'\nsource = ['house']\n{points}")
    assert list(refused(data)) == ["pore_types.toml: pore_type.new.points.0.weight"]


@pytest.mark.parametrize(
    ("content", "where", "message"),
    [
        (None, "signals.toml", "missing"),
        (b"[[signal]\n", "signals.toml", "at line 1"),
        (b"\xff\xfe", "signals.toml", "can't decode"),
        (b"signal = 3\n", "signals.toml: signal", "write [[signal]] tables"),
        (b"[[signal]]\n", "signals.toml: signal.#1.id", "Field required"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, where: str, message: str, data: Path) -> None:
    if content is None:
        (data / "signals.toml").unlink()
    else:
        (data / "signals.toml").write_bytes(content)
    assert message in refused(data)[where]


def test_every_fault_of_shape_is_reported_at_once(data: Path) -> None:
    add(data, "signals", SIGNAL.format("minor", "skin.flushes") + "colour = 3")
    add(data, "windows", WINDOW + "columns.aha_peel = { days = -1 }")
    (data / "myths.toml").unlink()
    assert list(refused(data)) == [
        "myths.toml",
        "signals.toml: signal.minor.colour",
        "windows.toml: window.new.columns.aha_peel.days",
        "windows.toml: window.new.columns.aha_peel.source",
    ]


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ('source = ["G-NICEE"]', "source", "no source 'G-NICEE'; did you mean 'G-NICE'?"),
        ('when = "now.skin.sunburnt"', "when", "no name 'now.skin.sunburnt'; did you mean 'now.skin.sunburn'?"),
        ('when = "lesions.papule >= 3"', "when", "did you mean 'lesions.papules'?"),
        ('when = "now.skin.sunburn >= 3"', "when", "no number 'now.skin.sunburn'"),
        ('when = "lesions.papules"', "when", "no name 'lesions.papules'"),
        ('when = "now.skin.sunburn or"', "when", "can't be read as a condition"),
        ('when = "lesions.papules == 3"', "when", "compare with <, <=, > or >="),
        ('when = "signal.sunburn"', "when", "no name 'signal.sunburn'"),
        ('when = "medicine.isotretinoin"', "when", "no name 'medicine.isotretinoin'"),
        ('applies = ["aha_peal"]', "applies", "did you mean 'aha_peel'?"),
        ('excepting = ["lasers"]', "excepting", "did you mean 'laser'?"),
        ('disagreement = "k99"', "disagreement", "no disagreement 'k99'"),
        ('regions = ["mars"]', "regions", "no region 'mars'"),
        ('by_level = { L2 = "blocked" }', "by_level.L2", "a higher level must never permit less"),
    ],
)
def test_a_rule_names_only_what_is_there(changed: str, key: str, message: str, data: Path) -> None:
    field = changed.partition(" = ")[0]
    kept = "\n".join(line for line in RULE.splitlines() if not line.startswith(f"{field} ="))
    add(data, "contraindications", f"{kept}\n{changed}")
    assert message in found(data)[f"contraindications.toml: contraindication.new_rule.{key}"]


def test_a_weight_looks_at_one_question(data: Path) -> None:
    points = "points = [{when = 'skin.flushes or skin.visible_redness', weight = 1, source = ['house']}]"
    add(data, "pore_types", f"[[pore_type]]\nid = 'new'\nsource = ['house']\n{points}")
    assert found(data)["pore_types.toml: pore_type.new.points[0].when"] == "looks at more than one question"


def test_a_signal_that_leads_back_to_itself_is_named(data: Path) -> None:
    add(data, "signals", SIGNAL.format("first", "signal.second") + SIGNAL.format("second", "signal.first"))
    for language in ("en", "zh_hant"):
        for name in ("first", "second"):
            name_in(data, language, "signal", "signals", name, "x")
    assert "signals.toml: signal.first.when" in found(data)


def test_a_record_needs_its_words_in_every_language(data: Path) -> None:
    add(data, "signals", SIGNAL.format("new", "skin.flushes"))
    name_in(data, "en", "signal", "signals", "new", "x")
    assert found(data) == {"text/zh_hant/signals.toml: signal.new.name": "missing"}


def test_words_belong_to_a_record_and_are_not_empty(data: Path) -> None:
    add(data, "signals", SIGNAL.format("new", "skin.flushes"))
    name_in(data, "en", "signal", "signals", "new", "  ")
    name_in(data, "zh_hant", "signal", "signals", "new", "x")
    name_in(data, "en", "signal", "signals", "ghost", "boo")
    assert found(data) == {
        "text/en/signals.toml: signal.new.name": "empty",
        "text/en/signals.toml: signal.ghost.name": "belongs to no record",
    }


@pytest.mark.parametrize(
    ("english", "chinese", "sound"),
    [
        ("{count} spots", "{count}", True),
        ("{count} of {all}", "{all} {count}", True),
        ("{count} spots", "{number}", False),
        ("{count} spots", "x", False),
        ("spots", "{count}", False),
        ("{count} spots", "{count", False),
        ("{count spots", "{count", False),
    ],
)
def test_both_languages_use_the_same_parameters(english: str, chinese: str, *, sound: bool, data: Path) -> None:
    add(data, "signals", SIGNAL.format("new", "skin.flushes"))
    name_in(data, "en", "signal", "signals", "new", english)
    name_in(data, "zh_hant", "signal", "signals", "new", chinese)
    assert ("text/zh_hant/signals.toml: signal.new.name" in found(data)) is not sound


def test_sentences_of_the_interface_are_the_same_in_both_languages(data: Path) -> None:
    add(data, "text/en/interface", "[phrase.'only.english']\ntext = 'x'")
    add(data, "text/zh_hant/interface", "[phrase.'only.chinese']\ntext = 'x'")
    assert found(data) == {
        "text/zh_hant/interface.toml: phrase.only.english.text": "missing",
        "text/zh_hant/interface.toml: phrase.only.chinese.text": "not in English",
    }


def test_a_text_file_that_is_not_toml_is_named(data: Path) -> None:
    add(data, "text/zh_hant/signals", "[signal")
    with pytest.raises(KnowledgeError, match=r"signals\.toml"):
        require_sound(load_from(data))


@pytest.mark.parametrize("name", ["sigmals.toml", "ingredient.csv", "text/en/signal.toml"])
def test_a_data_file_that_nothing_reads_is_named(name: str, data: Path) -> None:
    (data / name).write_text("", encoding="utf-8")
    assert found(data) == {name: "nothing reads this file: no topic has its name"}


def test_every_fault_between_records_and_texts_is_reported_at_once(data: Path) -> None:
    add(data, "signals", SIGNAL.format("new", "skin.flushing").replace("house", "nowhere"))
    add(data, "contraindications", RULE.replace('"all"', '"haircut"'))
    for language in ("en", "zh_hant"):
        add(data, f"text/{language}/contraindications", "[contraindication.new_rule]\nname = 'x'\nreason = 'x'")
    with pytest.raises(KnowledgeError) as caught:
        require_sound(load_from(data))
    assert [problem.where for problem in caught.value.problems] == [
        "contraindications.toml: contraindication.new_rule.applies",
        "signals.toml: signal.new.source",
        "signals.toml: signal.new.when",
        "text/en/contraindications.toml: contraindication.new_rule.next",
        "text/en/signals.toml: signal.new.name",
        "text/zh_hant/contraindications.toml: contraindication.new_rule.next",
        "text/zh_hant/signals.toml: signal.new.name",
    ]


def test_the_hash_changes_with_the_files(data: Path) -> None:
    before = load_from(data).digest
    assert load_from(data).digest == before
    add(data, "signals", "# a remark")
    assert load_from(data).digest != before
