"""Laws of a verdict, on drawn lists: what holds whatever is in the bottle and whoever asks."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sample_plan import VISITS, sample_plan, sample_profile
from tests.unit.judge_labels import TODAY, verdict

import pellucid.labels
from pellucid.consult.profile import make_profile
from pellucid.exchange.verdict_words import VerdictWords
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.labels import ProductKind, VerdictNote, VerdictSection
from pellucid.knowledge.texts import LANGUAGES
from pellucid.labels.judge import judge
from pellucid.labels.read import read_label
from pellucid.model.label import LabelState
from pellucid.model.profile import Profile
from pellucid.model.verdict import Verdict

NAMES = (
    *("Aqua", "Glycerin", "Squalane", "Cetearyl Alcohol", "Dimethicone", "Kaolin", "Propanediol", "Citric Acid"),
    *("Salicylic Acid", "Glycolic Acid", "Lactic Acid", "Retinol", "Niacinamide", "Ascorbic Acid", "Azelaic Acid 15 %"),
    *("Benzoyl Peroxide 5 %", "Hydroquinone", "Adapalene", "Tretinoin", "DMDM Hydantoin", "Phenoxyethanol", "Parfum"),
    *("Linalool", "Acetyl Cedrene", "Alcohol Denat.", "Cocos Nucifera Oil", "Melaleuca Alternifolia Leaf Oil"),
    *("Juglans Regia Shell Powder", "Salix Alba Bark Extract", "Salicylic Acid 5 %", "Frobnicol", "Zinc Oxide"),
)
LABELS = Path(pellucid.labels.__file__).parent
SAFETY = ("allergy", "pregnancy", "medicine", "sessions", "watch")
KINDS = (None, *sorted(load().of(ProductKind)))
OF_THE_PERSON = ("routine", "fit", "sessions", "allergy")
FORBIDDEN = (" safe.", "is safe", "shrink", "closes pores", "opens pores", "detox", "cure", "收縮毛孔", "排毒", "治癒")

lists = st.lists(st.sampled_from(NAMES), min_size=5, max_size=12, unique=True)
kinds = st.sampled_from(KINDS)


@pytest.fixture(scope="module")
def people(knowledge: Knowledge) -> tuple[Profile, ...]:
    told = sample_profile(knowledge)
    blank = make_profile({}, knowledge=knowledge, today=TODAY)
    answers = {
        "health.allergies": ["fragrance", "aspirin_or_salicylate", "plants"],
        "health.pregnancy": "planning",
        "products.actives": [{"name": "retinol serum", "form": "leave_on"}],
        "wishes.goals": ["blackheads", "fewer_spots"],
    }
    return told, blank, sample_profile(knowledge, **answers)


def of(names: list[str], knowledge: Knowledge, kind: str | None, who: int, people: tuple[Profile, ...]) -> Verdict:
    """The verdict for nobody, for someone, or for someone with a plan."""
    if who < 0:
        return verdict(", ".join(names), knowledge, kind=kind)
    profile = people[who % len(people)]
    plan = sample_plan(profile, knowledge) if who >= len(people) else None
    return verdict(", ".join(names), knowledge, kind=kind, profile=profile, plan=plan)


def _told(found: Verdict) -> set[tuple[object, str]]:
    """What is told of which name, for safety: under which rule, or for which session."""
    return {
        (dict(note.values).get("day", note.rule), mention.text)
        for note in found.notes
        if note.section in SAFETY
        for mention in note.about
    }


@given(names=lists, more=st.sampled_from(NAMES), kind=kinds.filter(bool), who=st.integers(-1, 5))
def test_one_more_ingredient_at_the_end_takes_no_safety_note_away(
    names: list[str], more: str, kind: str, who: int, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    if more in names:
        return
    before, after = (of(each, knowledge, kind, who, people) for each in (names, [*names, more]))

    assert _told(before) <= _told(after)


@given(names=lists, kind=kinds)
def test_where_nobody_asks_nobody_is_spoken_of(
    names: list[str], kind: str | None, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    found = of(names, knowledge, kind, -1, people)

    assert not [note.code for note in found.notes if note.personal or note.unknown or note.asks]
    assert not [note.code for note in found.notes if note.section in OF_THE_PERSON]
    for note in found.notes:
        said = VerdictWords(knowledge, knowledge.texts("en")).note(note)[0]
        assert "you told" not in said.lower()
        assert "your plan" not in said.lower()


@given(names=lists, kind=kinds, who=st.integers(-1, 5))
def test_every_note_has_a_source_and_a_rule_that_exist_and_can_be_said_in_each_language(
    names: list[str], kind: str | None, who: int, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    sources = knowledge.records["source"].keys() | knowledge.records["item"].keys()

    for note in of(names, knowledge, kind, who, people).notes:
        assert note.sources
        assert set(note.sources) <= sources
        assert note.rule in knowledge.by_ref
        for language in LANGUAGES:
            said = " ".join(VerdictWords(knowledge, knowledge.texts(language)).note(note))
            assert said.strip()
            assert "{" not in said
            assert not [word for word in FORBIDDEN if word in said]


@given(names=lists, kind=kinds, who=st.integers(3, 5))
def test_dates_around_a_session_lie_around_it(
    names: list[str], kind: str | None, who: int, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    for note in of(names, knowledge, kind, who, people).of("sessions"):
        day = dict(note.values)["day"]
        assert isinstance(day, date)
        assert day in VISITS
        assert note.since is not None
        assert note.until is not None
        assert note.since <= day <= note.until
        assert note.until - note.since <= timedelta(days=60)
        assert note.until >= TODAY


@given(names=lists, kind=kinds, who=st.integers(-1, 5))
def test_notes_stand_in_the_order_of_their_sections_and_each_once(
    names: list[str], kind: str | None, who: int, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    order = list(knowledge.of(VerdictSection))
    found = of(names, knowledge, kind, who, people)
    sections = [order.index(note.section) for note in found.notes]

    assert sections == sorted(sections)
    assert len(set(found.notes)) == len(found.notes)
    assert found == of(names, knowledge, kind, who, people)


@given(names=lists, kind=kinds, who=st.integers(-1, 5))
def test_every_place_is_a_place_in_the_list(
    names: list[str], kind: str | None, who: int, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    bare = [name.partition(" %")[0].rstrip("0123456789. ") if name.endswith("%") else name for name in names]
    found = of(names, knowledge, kind, who, people)

    for note in found.notes:
        for mention in note.about:
            assert mention.text == bare[mention.index]
            assert mention.position == mention.index + 1


@given(names=lists, kind=kinds, who=st.integers(0, 5), medicine=st.sampled_from(["Tretinoin", "Adapalene"]))
def test_a_prescription_medicine_is_never_stopped(
    names: list[str], kind: str | None, who: int, medicine: str, knowledge: Knowledge, people: tuple[Profile, ...]
) -> None:
    found = of([*(name for name in names if name != medicine), medicine], knowledge, kind, who, people)
    stopping = {"session_pause", "session_aside", "session_aside_day", "fit_ruled_out", "budget_none", "new_calm"}

    assert "medicine" in {note.code for note in found.notes}
    for note in found.notes:
        if medicine in {mention.text for mention in note.about}:
            assert note.code not in stopping
            assert not note.code.endswith("_avoid")


@given(names=lists, kind=kinds.filter(bool))
def test_a_later_day_ends_pauses_and_begins_none(names: list[str], kind: str, knowledge: Knowledge) -> None:
    profile = sample_profile(knowledge)
    plan = sample_plan(profile, knowledge)
    one = replace(plan, sessions=plan.sessions[:1])
    notes = verdict(", ".join(names), knowledge, kind=kind, profile=profile, plan=one).of("sessions")

    assert all(note.until is not None and note.until < VISITS[0] + timedelta(days=40) for note in notes)


def test_every_kind_of_note_is_written_somewhere(knowledge: Knowledge) -> None:
    code = "".join(file.read_text("utf-8") for file in sorted(LABELS.glob("*.py")))
    put_together = ("pregnancy_", "budget_per_", "line_", "limit_over_new", "limit_prohibited_new", "pair_")

    assert not [
        name for name in knowledge.of(VerdictNote) if f'"{name}"' not in code and not name.startswith(put_together)
    ]


@given(
    text=st.text(max_size=400)
    | st.lists(st.sampled_from([*NAMES, "Ingredients:", "May contain:", "\x00", ")", "%"])).map(", ".join)
)
def test_whatever_is_read_can_be_judged_and_said(text: str, knowledge: Knowledge, people: tuple[Profile, ...]) -> None:
    profile = people[2]
    found = judge(
        read_label(text), knowledge=knowledge, today=TODAY, profile=profile, plan=sample_plan(profile, knowledge)
    )

    assert all(VerdictWords(knowledge, knowledge.texts("zh_hant")).note(note) for note in found.notes)
    assert (found.state is LabelState.READ) is (not {"no_list", "unreadable"} & {note.code for note in found.notes})
