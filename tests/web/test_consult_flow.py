"""The way through a consultation: what is asked next, other tabs, interruptions, urgent answers."""

from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError
from django.test import Client as Browser
from django.urls import reverse
from tests.web import consult
from tests.web.cast import signed_in
from tests.web.consult import browser, hand_in, later, on_the_day

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.people import Question
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.records.models import Client, Consultation
from pellucid.web.records.queries import consultations as queries

__all__ = ["browser", "on_the_day"]

START = reverse("portal:consultation")
CHECK = reverse("portal:consultation_check")
SUBMIT = reverse("portal:consultation_submit")
ATTENTION = reverse("portal:consultation_attention")


# --- what is asked next --------------------------------------------------------------------------------------


def test_it_asks_one_screen_after_another_until_nothing_is_left_that_could_matter(browser: Browser) -> None:
    seen: list[str] = []
    answers = dict(consult.screens(consult.example("dehydrated_oily_oval_cheeks")))
    for _ in range(100):
        where = browser.get(START, follow=True).redirect_chain[-1][0]
        if where == CHECK:
            break
        name = where.rstrip("/").rpartition("/")[2]
        assert name not in seen, "asked twice"
        seen.append(name)
        answer = consult.send(browser, name, **answers.get(name, {"do": "skip"}))
        assert answer.status_code == 302
    assert seen[:2] == ["person.age", "wishes.goals"]
    assert len(seen) < len(answers), "some of what the example tells could change nothing"
    sections = [load().of(Question)[each].section if each != "pores.face" else "pores" for each in seen]
    changes = sum(one != other for one, other in pairwise(sections))
    assert changes < 3 * len(set(sections)), "sections are kept together"


def test_questions_that_speak_of_each_other_come_in_their_order(browser: Browser) -> None:
    consult.send(browser, "skin.hours_since_cleanse", answer="3")
    after = consult.send(browser, "skin.cheek_feel", answer="tight")
    standing = queries.standing_of(
        Consultation.objects.get(), Client.objects.get(), today=consult.DAY, knowledge=load()
    )
    assert after.status_code == 302
    safety = [each.path for each in standing.open if each.safety]
    assert safety, "safety comes first while there is any"
    assert after["Location"] in {consult.address(each) for each in [*safety, "wishes.goals", "person.age"]}


def test_the_number_of_questions_left_is_told_and_falls(browser: Browser) -> None:
    first = browser.get(START, follow=True).context["left"]
    consult.send(browser, "person.age", answer="30")
    consult.send(browser, "wishes.goals", answer=["blackheads"])
    assert browser.get(START, follow=True).context["left"] < first


def test_back_shows_the_question_before_with_its_answer(browser: Browser) -> None:
    consult.send(browser, "person.age", answer="30")
    consult.send(browser, "wishes.goals", answer=["blackheads"])
    page = browser.get(START, follow=True)
    back = page.context["previous"]
    assert back == consult.address("wishes.goals")
    again = browser.get(back)
    assert again.context["previous"] == consult.address("person.age")
    assert 'value="blackheads"' in again.content.decode()
    assert "checked" in again.content.decode()


def test_everything_is_there_on_another_device(browser: Browser, alice: User) -> None:
    consult.send(browser, "person.age", answer="30")
    page = signed_in(alice).get(consult.address("person.age")).content.decode()
    assert 'value="30"' in page


def test_begin_twice_is_one_draft(browser: Browser) -> None:
    consult.begin(browser)
    assert Consultation.objects.count() == 1
    with pytest.raises(IntegrityError):
        Consultation.objects.create(client=Client.objects.get(), begun_at=consult.NOW, changed_at=consult.NOW)


# --- other tabs, other people --------------------------------------------------------------------------------


def test_the_same_answer_sent_twice_is_stored_once(browser: Browser) -> None:
    form = consult.form_of(browser)
    for _ in range(2):
        answer = browser.post(consult.address("person.age"), {**form, "do": "answer", "answer": "30"})
        assert answer.status_code == 302
    assert Consultation.objects.get().version == int(form["version"]) + 1


def test_an_answer_from_a_stale_page_overwrites_nothing_and_shows_both(browser: Browser) -> None:
    stale = consult.form_of(browser)
    consult.send(browser, "person.age", answer="30")
    answer = browser.post(consult.address("person.age"), {**stale, "do": "answer", "answer": "31"})
    assert answer.status_code == 409
    assert "30 years" in answer.content.decode()
    assert "31 years" in answer.content.decode()
    assert Consultation.objects.get().answers == {"person": {"age": 30}}
    again = {**dict(answer.context["again"]), "version": str(answer.context["draft"].version)}
    assert browser.post(consult.address("person.age"), again).status_code == 302
    assert Consultation.objects.get().answers == {"person": {"age": 31}}


def test_another_question_answered_in_another_tab_is_no_conflict(browser: Browser) -> None:
    stale = consult.form_of(browser)
    consult.send(browser, "person.age", answer="30")
    answer = browser.post(consult.address("habits.stress"), {**stale, "do": "answer", "answer": "low"})
    assert answer.status_code == 302
    assert Consultation.objects.get().answers == {"person": {"age": 30}, "habits": {"stress": "low"}}


def test_an_answer_to_a_consultation_that_was_handed_in_is_shown_not_stored(browser: Browser) -> None:
    form = consult.form_of(browser)
    hand_in(browser)
    before = Consultation.objects.get().answers
    answer = browser.post(consult.address("habits.stress"), {**form, "do": "answer", "answer": "high"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "handed in already" in page
    assert load().texts("en").get("question.habits.stress", "options.high") in page
    assert Consultation.objects.get().answers == before


def test_an_answer_to_a_draft_that_was_given_up_is_shown_not_stored(browser: Browser) -> None:
    form = consult.form_of(browser)
    consult.send(browser, "person.age", answer="30")
    browser.post(reverse("portal:consultation_discard"), form)
    answer = browser.post(consult.address("habits.stress"), {**form, "do": "answer", "answer": "high"})
    assert answer.status_code == 409
    assert "given up" in answer.content.decode()
    given_up = Consultation.objects.get()
    assert (given_up.state, given_up.answers) == ("discarded", {})


def test_a_session_that_ended_leads_back_to_the_same_question(browser: Browser, alice: User) -> None:
    consult.send(browser, "person.age", answer="30")
    address, out = consult.address("wishes.goals"), Browser()
    looked = out.get(address)
    assert parse_qs(urlsplit(looked["Location"]).query)["next"] == [address]
    sent = out.post(address, {"answer": ["blackheads"]})
    assert sent.status_code == 302
    again = signed_in(alice)
    assert START in again.get(reverse("portal:me")).content.decode()
    assert again.get(START)["Location"] == address


def test_another_client_sees_and_changes_nothing_of_it(browser: Browser, bob: User) -> None:
    form = consult.form_of(browser)
    consult.send(browser, "person.age", answer="30")
    other = signed_in(bob)
    consult.begin(other)
    stolen = {**form, "version": "9", "do": "answer", "answer": "99"}
    assert other.post(consult.address("person.age"), stolen).status_code == 409
    other.post(reverse("portal:consultation_discard"), form)
    other.post(SUBMIT, form)
    draft = Consultation.objects.get(client__name="Alice Example")
    assert (draft.state, draft.answers) == ("draft", {"person": {"age": 30}})
    hand_in(browser)
    for name in ("portal:result", "portal:result_pdf"):
        assert other.get(reverse(name, args=[draft.pk])).status_code == 404
        assert browser.get(reverse(name, args=[draft.pk])).status_code == 200


@pytest.mark.parametrize("version", ["", "-1", "x", "99999999999999999999"])
def test_a_broken_form_is_no_error_of_ours(browser: Browser, version: str) -> None:
    form = {**consult.form_of(browser), "version": version, "do": "answer", "answer": "30"}
    assert browser.post(consult.address("person.age"), form).status_code == 302
    assert browser.post(consult.address("person.age"), {"draft": "x", "answer": "30"}).status_code == 409
    assert browser.post(consult.address("health.medicines"), {**form, "rows": "-3"}).status_code == 200
    assert browser.post(SUBMIT, {"draft": "x"}).status_code == 302


# --- urgent answers ------------------------------------------------------------------------------------------


def test_an_urgent_answer_is_met_at_once_with_what_to_do_and_only_once(browser: Browser) -> None:
    answer = consult.send(browser, "wellbeing.thoughts_of_self_harm", answer="yes")
    assert answer["Location"] == ATTENTION
    page = browser.get(ATTENTION)
    assert load().texts("en").get("referral.thoughts_of_self_harm", "do") in page.content.decode().replace(
        "&#x27;", "'"
    )
    assert browser.get(consult.address("person.age"))["Location"] == ATTENTION, "nothing is asked before it was read"
    rules = [each["rule"] for each in page.context["urgent"]]
    assert browser.post(ATTENTION, {"rule": rules}).status_code == 302
    assert browser.get(consult.address("person.age")).status_code == 200
    assert Event.objects.filter(action="consultation.urgent_advice_shown").count() == 1
    assert "yes" not in str(Event.objects.values_list("detail", flat=True))


def test_red_flags_stand_before_everything_else_on_the_result(browser: Browser) -> None:
    consult.send(browser, "now.warning_signs", answer=["face_swelling_or_breathing"])
    browser.post(ATTENTION, {"rule": ["referral.swelling_or_breathing"]})
    page = browser.get(hand_in(browser)["Location"]).content.decode()
    first = page.index(load().texts("en").get("referral.swelling_or_breathing", "do").split(".")[0])
    assert first < page.index('id="options"')
    assert first < page.index('id="summary"')


# --- contradictions ------------------------------------------------------------------------------------------


def test_answers_that_do_not_fit_together_are_said_where_they_stand_and_stop_the_handing_in(browser: Browser) -> None:
    consult.send(browser, "health.pregnancy", answer="pregnant")
    answer = consult.send(browser, "person.age", answer="7")
    assert answer["Location"] == consult.address("health.pregnancy")
    assert "does not fit the age" in browser.get(answer["Location"]).content.decode()
    assert hand_in(browser)["Location"] == CHECK
    assert Consultation.objects.get().state == "draft"
    assert "does not fit the age" in browser.get(CHECK).content.decode()
    consult.send(browser, "person.age", answer="27")
    assert hand_in(browser)["Location"] != CHECK


# --- fresh and stale ----------------------------------------------------------------------------------------


def test_what_is_known_and_fresh_is_not_asked_again_and_can_be_corrected(
    browser: Browser, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult.answered(alice, "dehydrated_oily_oval_cheeks")
    hand_in(browser)
    later(monkeypatch, 40)
    answer = browser.post(reverse("portal:consultation_begin"))
    assert answer["Location"] == reverse("portal:consultation_known")
    page = browser.get(answer["Location"]).content.decode()
    assert "Health conditions" in page
    draft = Consultation.objects.get(state="draft")
    assert "conditions" in draft.answers["health"]
    assert "pregnancy" not in draft.answers["health"], "asked again after thirty days"
    assert "age" not in draft.answers["person"], "a birthday may have come"
    assert "health.conditions" in draft.carried
    consult.send(browser, "health.conditions", answer=["eczema"])
    draft.refresh_from_db()
    assert draft.answers["health"]["conditions"] == ["eczema"]
    assert "health.conditions" not in draft.carried


def test_an_answer_keeps_the_day_on_which_it_was_given(
    browser: Browser, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult.answered(alice, "dehydrated_oily_oval_cheeks")
    hand_in(browser)
    later(monkeypatch, 100)
    consult.begin(browser)
    hand_in(browser)
    later(monkeypatch, 190)
    consult.begin(browser)
    draft = Consultation.objects.get(state="draft")
    assert "conditions" not in draft.answers["health"], "told 190 days ago, though carried over 90 days ago"


def test_an_answer_that_grew_old_while_the_draft_lay_there_counts_no_more(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult.send(browser, "now.warning_signs", answer=["none_of_these"])
    consult.send(browser, "person.age", answer="30")
    later(monkeypatch, 8)
    page = browser.get(CHECK).content.decode()
    assert "Too old to count" in page
    hand_in(browser)
    report = Consultation.objects.get().reports["en"]
    assert "now.warning_signs" in {each["question"]["path"] for each in report["unknown"]}


def test_what_was_told_at_registration_is_not_asked(alice: User) -> None:
    Client.objects.filter(user=alice).update(birth_date="1990-04-01", wanted="aha_peel")
    browser = signed_in(User.objects.get(pk=alice.pk))
    draft = consult.begin(browser)
    assert draft.answers == {"person": {"birth_date": "1990-04-01"}, "wishes": {"treatments": ["aha_peel"]}}
    assert browser.get(START)["Location"] == consult.address("wishes.goals")


# --- how much is asked of the database ------------------------------------------------------------------------


def test_an_answer_and_the_next_question_take_few_queries_whatever_there_is(
    browser: Browser, django_assert_max_num_queries: Any
) -> None:
    consult.send(browser, "person.age", answer="30")
    form = consult.form_of(browser)
    with django_assert_max_num_queries(24):
        answer = browser.post(consult.address("wishes.goals"), {**form, "do": "answer", "answer": ["blackheads"]})
    with django_assert_max_num_queries(16):
        browser.get(answer["Location"])
    with django_assert_max_num_queries(16):
        browser.get(reverse("portal:me"))
