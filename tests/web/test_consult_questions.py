"""Every question of the questionnaire: it renders in both languages, says why it is asked, and stores an answer."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from tests.web import consult
from tests.web.cast import signed_in

from pellucid.consult.dated import recognise
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.people import Question
from pellucid.web.accounts.models import User
from pellucid.web.portal.consult_page import split
from pellucid.web.records.models import Consultation
from pellucid.web.records.questionnaire import FACE, OURS, flat, screen_of
from pellucid.web.sites import clock

ASKED = [path for path in load().of(Question) if path not in OURS]
SCREENS = list(dict.fromkeys(screen_of(path) for path in ASKED))
ENTRIES: dict[str, list[dict[str, Any]]] = {
    "medicine": [{"name": "isotretinoin", "route": "oral", "start": "2026-01-12", "prescribed": True}],
    "active": [{"name": "retinol serum", "form": "leave_on", "times_per_week": 2.5}],
    "procedure": [{"kind": "salicylic peel", "date": "2026-02-12", "area": "face"}, {"kind": "something odd"}],
    "hair_removal": [{"kind": "threading", "date": "2026-11-16"}],
    "sun": [{"kind": "beach holiday", "from": "2026-12-19", "to": "2026-12-28"}],
    "event": [{"kind": "wedding", "date": "2026-11-30", "name": "her wedding"}],
    "away": [{"from": "2026-12-19", "to": "2026-12-28"}],
}


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: consult.NOW)


@pytest.fixture
def browser(alice: User) -> Browser:
    """Alice's, with a consultation begun."""
    found = signed_in(alice)
    consult.begin(found)
    return found


def valid(asked: Question) -> Any:
    """An answer that the question takes."""
    match asked.type:
        case "yes_no":
            return True
        case "choice":
            return asked.options[-1]
        case "multi":
            return [asked.options[0]]
        case "whole" | "number":
            return asked.minimum or 0
        case "day":
            return "1990-04-01"
        case "records":
            return ENTRIES[asked.record or ""]
        case _:
            return "EUR"


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_every_screen_renders_in_both_languages_and_says_why_it_asks(browser: Browser, language: str) -> None:
    texts = load().texts({"en": "en", "zh-hant": "zh_hant"}[language])
    for name in SCREENS:
        with translation.override(language):
            page = browser.get(consult.address(name)).content.decode()
        first = next(path for path in ASKED if screen_of(path) == name)
        assert escape(texts.get(f"question.{first}", "why")) in page, name
        if name != FACE:
            assert escape(split(texts.get(f"question.{first}", "ask"))[0]) in page, name
        for path in ASKED:
            if screen_of(path) == name:
                for option in load().of(Question)[path].options:
                    assert escape(texts.get(f"question.{path}", f"options.{option}")) in page, (path, option)


def test_every_question_stores_a_valid_answer_as_an_intake_holds_it(browser: Browser) -> None:
    for path in ASKED:
        asked = consult.question(path)
        value = valid(asked)
        name = screen_of(path)
        prefix = f"{path.split('.')[1]}-" if name == FACE else ""
        answer = consult.send(browser, name, **consult.fields(path, value, [], prefix))
        assert answer.status_code == 302, (path, consult.errors(answer))
        stored = Consultation.objects.get()
        assert flat(stored.answers, load())[path] == value
        assert stored.answered_on[path] == consult.DAY.isoformat()


def test_what_the_clinic_knows_or_vouches_for_cannot_be_answered_by_a_client(browser: Browser) -> None:
    for path in OURS:
        assert browser.get(consult.address(path)).status_code == 404
        assert consult.send(browser, path, answer="us").status_code == 404


def test_none_of_these_is_no_and_nothing_ticked_is_no_answer(browser: Browser) -> None:
    nothing = consult.send(browser, "health.allergies")
    assert nothing.status_code == 200
    assert "Choose what fits" in nothing.content.decode()
    assert Consultation.objects.get().answers == {}
    consult.send(browser, "health.allergies", answer=["none_of_these"])
    assert Consultation.objects.get().answers == {"health": {"allergies": []}}
    both = consult.send(browser, "health.allergies", answer=["none_of_these", "latex"])
    assert both.status_code == 200
    assert "can&#x27;t stand beside other answers" in both.content.decode()


def test_skipped_stays_unknown_and_unsure_is_told_the_intake(browser: Browser) -> None:
    consult.send(browser, "health.allergies", do="skip")
    consult.send(browser, "health.pregnancy", do="unsure")
    consult.send(browser, "health.implants", answer=["pacemaker"], unsure_of=["metal_in_face"])
    draft = Consultation.objects.get()
    assert draft.skipped == ["health.allergies"]
    assert draft.answers == {
        "health": {"implants": ["pacemaker"]},
        "unsure": ["health.pregnancy", "health.implants.metal_in_face"],
    }
    consult.send(browser, "health.pregnancy", answer="no")
    assert Consultation.objects.get().answers["unsure"] == ["health.implants.metal_in_face"]


def test_an_option_cannot_be_chosen_and_unsure_at_once(browser: Browser) -> None:
    answer = consult.send(browser, "health.implants", answer=["pacemaker"], unsure_of=["pacemaker"])
    assert answer.status_code == 200
    assert "not sure" in " ".join(consult.errors(answer))


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("lesions.papules", {"answer": "-1"}, "from 0 to 500"),
        ("lesions.papules", {"answer": "many"}, "whole number"),
        ("habits.sleep_hours", {"answer": "25"}, "from 0 to 24"),
        ("person.birth_date", {"answer": "2030-01-01"}, "still to come"),
        ("person.birth_date", {"answer": "31.12."}, "Please give a day"),
        ("history.hair_removal", {"rows": "1", "row-0-kind": "flying"}, "one of the list"),
        (
            "health.medicines",
            {"rows": "1", "row-0-name": "x", "row-0-start": "2026-02-01", "row-0-stop": "2026-01-01"},
            "before",
        ),
        ("health.medicines", {"rows": "1"}, "at least one entry"),
        ("wishes.away", {"rows": "1", "row-0-from": "2026-12-19"}, "fill this in"),
        ("pores.cheeks.look", {}, None),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_what_was_typed_stays(
    browser: Browser, path: str, sent: dict[str, str], said: str | None
) -> None:
    if said is None:
        answer = consult.send(browser, FACE, **{"cheeks-answer": ["none_visible", "round"]})
        said = "stand beside others"
    else:
        answer = consult.send(browser, path, **sent)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert said in " ".join(consult.errors(answer)), consult.errors(answer)
    for name, value in sent.items():
        if name not in {"rows", "row-0-kind"}:
            assert f'value="{value}"' in page
    assert Consultation.objects.get().answers == {}


def test_numbers_are_taken_as_people_write_them(browser: Browser) -> None:
    consult.send(browser, "habits.sleep_hours", answer="６,5")
    consult.send(browser, "lesions.papules", answer=" ３ ")
    assert Consultation.objects.get().answers == {"habits": {"sleep_hours": 6.5}, "lesions": {"papules": 3}}


def test_rows_are_added_and_removed_without_scripts_and_nothing_typed_is_lost(browser: Browser) -> None:
    typed = {"rows": "2", "row-0-name": "doxycycline", "row-1-name": "zinc", "row-1-strength": "25 mg"}
    more = consult.send(browser, "health.medicines", **typed, do="add").content.decode()
    assert 'name="rows" value="3"' in more
    assert 'value="doxycycline"' in more
    assert 'value="25 mg"' in more
    less = consult.send(browser, "health.medicines", **typed, do="remove-0").content.decode()
    assert 'value="doxycycline"' not in less
    assert 'name="row-0-name" value="zinc"' in less
    assert Consultation.objects.get().answers == {}


def test_an_empty_row_between_others_is_left_out(browser: Browser) -> None:
    consult.send(browser, "health.medicines", **{"rows": "3", "row-0-name": "zinc", "row-2-name": "iron"})
    assert Consultation.objects.get().answers == {"health": {"medicines": [{"name": "zinc"}, {"name": "iron"}]}}


def test_a_name_from_the_list_is_kept_in_words_that_are_recognised(browser: Browser) -> None:
    with translation.override("zh-hant"):
        page = browser.get(consult.address("history.procedures")).content.decode()
        assert "果酸換膚（AHA）" in page
        consult.send(browser, "history.procedures", **{"rows": "1", "row-0-kind": "果酸換膚（AHA）"})
    kind = Consultation.objects.get().answers["history"]["procedures"][0]["kind"]
    assert [each.id for each in recognise("procedure", kind, load())] == ["procedure.aha_peel"]


def test_the_face_map_links_each_zone_to_its_place_in_the_list(browser: Browser) -> None:
    page = browser.get(consult.address(FACE)).content.decode()
    for zone in ("forehead", "nose", "cheeks", "chin", "jaw"):
        assert f'href="#look-{zone}"' in page
        assert f'id="look-{zone}"' in page


def test_a_zone_without_a_mark_counts_as_passed_over(browser: Browser) -> None:
    consult.send(browser, FACE, **{"nose-answer": ["round"], "cheeks-answer": ["oval", "round"]})
    draft = Consultation.objects.get()
    assert draft.answers == {"pores": {"nose": {"look": ["round"]}, "cheeks": {"look": ["oval", "round"]}}}
    assert draft.skipped == ["pores.chin.look", "pores.forehead.look", "pores.jaw.look"]
    nothing = consult.send(browser, FACE)
    assert nothing.status_code == 200


def test_it_needs_no_script_and_asks_nobody_outside(browser: Browser) -> None:
    for name in ("health.medicines", FACE, "health.allergies"):
        page = browser.get(consult.address(name)).content.decode()
        assert "onclick" not in page
        assert "style=" not in page
        assert f'action="{reverse("portal:consultation_question", args=[name])}"' in page
