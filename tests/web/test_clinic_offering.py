"""Services, offers, texts, staff and operations: changed with a reason, told with before and after, harmless twice."""

from importlib import import_module
from typing import Any

import pytest
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, at, fields, send, words

from pellucid.web.accounts.models import Invitation, Membership, User
from pellucid.web.audit.models import Event
from pellucid.web.clinic.forms.offering import OfferForm
from pellucid.web.clinic.views.operations import JOBS
from pellucid.web.jobs.job import Kind
from pellucid.web.jobs.models import Job
from pellucid.web.jobs.schedule import SCHEDULE
from pellucid.web.outbox.models import Message
from pellucid.web.outbox.send import put
from pellucid.web.records.models import Enquiry
from pellucid.web.sites.models import LANGUAGES, Document, Location, Offer, Service
from pellucid.web.sites.publish import Wording, publish

pytestmark = pytest.mark.django_db

SERVICE = {"active": "on", "price": "1800", "minutes": "60", "reason": "New prices from November"}
OFFER = {
    "slug": "autumn",
    "title_en": "Autumn",
    "title_zh_hant": "秋天",
    "text_en": "Less.",
    "text_zh_hant": "較少。",
    "starts": "2026-11-01",
    "ends": "2026-11-30",
    "active": "on",
    "reason": "The season",
}


TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the field's name


def sent(user: User, page: str, *args: Any, **changed: Any) -> Any:
    """Fill in a form of the staff pages and send it."""
    with at(NOW):
        return send(signed_in(user), reverse(f"clinic:{page}", args=args), **changed)


def test_a_price_is_changed_with_before_and_after(olga: User, north: Location) -> None:
    """Twice the same leaves one event."""
    for price in ("1800", "1900", "1900"):
        assert (
            sent(olga, "service", "aha_peel", **{**SERVICE, "price": price, "locations": north.pk}).status_code == 302
        )
    assert str(Service.objects.get().price) == "1900.00"
    added, changed = Event.objects.filter(subject=f"service.{Service.objects.get().pk}").order_by("id")
    assert (added.action, changed.action) == ("service.added", "service.changed")
    assert (changed.detail["before"], changed.detail["after"]) == ({"price": "1800.00"}, {"price": "1900.00"})
    assert changed.reason == "New prices from November"


@pytest.mark.parametrize(
    ("field", "typed"), [("price", "-1"), ("price", "much"), ("minutes", "0"), ("reason", ""), ("locations", "")]
)
def test_a_wrong_service_is_told_at_its_field(field: str, typed: str, olga: User, north: Location) -> None:
    """Nothing is saved."""
    changed = {**SERVICE, "locations": str(north.pk), field: typed}
    if not changed["locations"]:
        del changed["locations"]
        Location.objects.update(active=True)
    answer = signed_in(olga).post(reverse("clinic:service", args=["aha_peel"]), changed)
    assert answer.status_code == 200
    assert "field--wrong" in answer.content.decode()
    assert Service.objects.count() == 0


def test_an_unknown_treatment_is_not_found(olga: User) -> None:
    """There is no page for it."""
    assert signed_in(olga).get(reverse("clinic:service", args=["magic"])).status_code == 404


def test_an_offer_is_made_once_and_changed(olga: User) -> None:
    """A second one of the same short name is refused at its field."""
    assert sent(olga, "offer_new", **OFFER).status_code == 302
    again = sent(olga, "offer_new", **OFFER)
    assert again.status_code == 200
    assert "Another offer has this short name" in words(again)
    assert sent(olga, "offer", "autumn", title_en="Late autumn", reason="Better words").status_code == 302
    assert Offer.objects.get().title == {"en": "Late autumn", "zh-hant": "秋天"}
    late = sent(olga, "offer", "autumn", ends="2026-10-01", reason="Wrong days")
    assert "lies before the first" in words(late)


@pytest.mark.parametrize("noun", ["service", "offer"])
def test_of_two_who_change_one_thing_at_once_the_second_is_told_and_sends_again(
    noun: str, olga: User, north: Location
) -> None:
    sent(olga, "service", "aha_peel", **SERVICE, locations=north.pk)
    sent(olga, "offer_new", **OFFER)
    url = reverse(f"clinic:{noun}", args=["aha_peel" if noun == "service" else "autumn"])
    mine, theirs = (
        ({"minutes": "90"}, {"minutes": "45"}) if noun == "service" else ({"ends": "2026-12-24"}, {"banner": "on"})
    )
    browser = signed_in(olga)
    with at(NOW):
        opened = {**fields(browser.get(url)), **mine, "reason": "Mine"}
        assert send(browser, url, **theirs, reason="Theirs").status_code == 302
        stale = browser.post(url, opened)
        assert "Somebody else changed this" in words(stale)
        assert "Theirs" in words(stale)
        assert Event.objects.filter(reason="Mine").count() == 0
        kept = {name: value.strip() for name, value in fields(stale).items()}
        assert {name for name, value in opened.items() if kept[name] != value.strip()} == {"base", TOKEN}
        assert browser.post(url, fields(stale)).status_code == 302
        assert browser.post(url, fields(stale)).status_code == 302
    assert Event.objects.filter(reason="Mine").count() == 1


def test_an_offer_that_somebody_else_made_meanwhile_is_not_written_over(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(olga, "offer_new", **OFFER)
    monkeypatch.setattr(OfferForm, "clean_slug", lambda form: form.cleaned_data["slug"])  # as if both came at once
    assert "Somebody else changed this" in words(sent(olga, "offer_new", **{**OFFER, "title_en": "Mine"}))
    assert Offer.objects.get().title["en"] == "Autumn"


def test_a_published_text_is_followed_never_changed(olga: User) -> None:
    """The next version stands beside the first; the same words are not published again."""
    publish("terms", {code: Wording("T", "One.") for code, _ in LANGUAGES}, by=olga.ref, now=NOW)
    assert sent(olga, "document", "terms", text_en="Two.", sure="on").status_code == 302
    assert sent(olga, "document", "terms", text_en="Two.", sure="on").status_code == 302
    texts = Document.objects.filter(kind="terms", language="en").order_by("version").values_list("text", flat=True)
    assert list(texts) == ["One.", "Two."]
    stale = sent(olga, "document", "terms", version="1", text_en="Three.", sure="on")
    assert "Somebody else published" in words(stale)
    assert "Three." in stale.content.decode()


def test_staff_are_invited_sent_again_and_called_back(olga: User, north: Location) -> None:
    """Each invitation has its own link; the one before holds no more."""
    new = {"name": "Nina", "email": "nina@example.com", "role": "practitioner", "level": "1", "location": north.pk}
    assert sent(olga, "staff_invite", **new).status_code == 302
    first = Invitation.objects.get()
    browser = signed_in(olga)
    browser.post(reverse("clinic:invitation_again", args=[first.pk]))
    second = Invitation.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert first.revoked_at is not None
    browser.post(reverse("clinic:invitation_revoke", args=[second.pk]))
    second.refresh_from_db()
    assert second.revoked_at is not None


@pytest.mark.parametrize(
    ("role", "level", "said"),
    [("practitioner", "", "needs a licence level"), ("front_desk", "1", "has no licence level")],
)
def test_role_and_level_go_together(role: str, level: str, said: str, olga: User, petra: User) -> None:
    """It is said at the level."""
    answer = sent(olga, "staff_member", petra.membership.pk, role=role, level=level, reason="A new role")
    assert said in words(answer)


def test_a_level_is_changed_and_somebody_is_let_go(olga: User, petra: User) -> None:
    """Who no longer works here can do nothing from then on."""
    pk, browser = petra.membership.pk, signed_in(petra)
    assert sent(olga, "staff_member", pk, level="2", reason="Passed the exam").status_code == 302
    assert Membership.objects.get(pk=pk).level == 2
    page = {"role": "practitioner", "level": "2", "reason": "Moves away"}
    signed_in(olga).post(reverse("clinic:staff_member", args=[pk]), page)
    assert Membership.objects.get(pk=pk).active is False
    assert browser.get(reverse("clinic:clients")).status_code in {302, 403}


def test_the_last_owner_stays(olga: User) -> None:
    """It is said at the role."""
    answer = sent(olga, "staff_member", olga.membership.pk, role="front_desk", reason="Tired of it")
    assert "last owner" in words(answer)
    assert Membership.objects.get(user=olga).role == "owner"


def test_somebody_invited_is_offered_the_role_that_sees_least_first(olga: User) -> None:
    """What is not chosen with thought gives away nothing."""
    form = signed_in(olga).get(reverse("clinic:staff_invite")).context["form"]
    assert form.fields["role"].choices[0][0] == "front_desk"


def test_a_stuck_message_is_tried_again_or_set_aside_with_a_reason(olga: User) -> None:
    """It is kept either way."""
    message = put(kind="result_reviewed", to="a@example.com", subject="S", body="B", now=NOW)
    Message.objects.update(state="stuck", fault="refused: 550")
    browser = signed_in(olga)
    with at(NOW):
        shown = words(browser.get(reverse("clinic:operations")))
        assert "refused: 550" in shown
        assert "The consultation was looked at" in shown
        browser.post(reverse("clinic:message_now", args=[message.pk]))
        assert Message.objects.get().state == "waiting"
        assert browser.post(reverse("clinic:message_aside", args=[message.pk]), {"reason": ""}).status_code == 200
        browser.post(reverse("clinic:message_aside", args=[message.pk]), {"reason": "Told by phone"})
        again = browser.post(reverse("clinic:message_now", args=[message.pk]), follow=True)
    assert Message.objects.get().state == "set_aside"
    assert "does not wait any more" in words(again)
    assert Event.objects.get(action="message.set_aside").reason == "Told by phone"


def test_a_job_that_was_given_up_is_begun_again(olga: User) -> None:
    """Once."""
    job = Job.objects.create(
        key="j",
        task="pellucid.web.outbox.background.deliver",
        state="given_up",
        made_at=NOW,
        next_at=NOW,
        fault="OSError in x.py:1",
    )
    browser = signed_in(olga)
    with at(NOW):
        for _ in range(2):
            browser.post(reverse("clinic:job_again", args=[job.pk]))
    assert Job.objects.get(pk=job.pk).state == "waiting"
    assert Event.objects.filter(action="job.begun_again").count() == 1


def test_jobs_are_shown_by_a_name_and_every_job_has_one(olga: User) -> None:
    Job.objects.create(key="k", task="pellucid.web.outbox.background.deliver", made_at=NOW, next_at=NOW)
    assert "Send messages" in words(signed_in(olga).get(reverse("clinic:operations")))
    modules = {import_module(entry.kind.do.__module__) for entry in SCHEDULE.values()}
    kinds = {each.path for module in modules for each in vars(module).values() if isinstance(each, Kind)}
    assert {each for each in kinds if each.startswith("pellucid.")} <= set(JOBS)


def test_a_question_is_marked_as_answered_once(frida: User) -> None:
    """The first who does so is kept."""
    asked = Enquiry.objects.create(name="Nick", contact="n@example.com", text="<i>Hello?</i>", asked_at=NOW)
    browser = signed_in(frida)
    page = browser.get(reverse("clinic:enquiries")).content.decode()
    assert "&lt;i&gt;Hello?" in page
    for _ in range(2):
        browser.post(reverse("clinic:enquiry_answered", args=[asked.pk]))
    assert Enquiry.objects.get().answered_by == frida.ref
    assert Event.objects.filter(action="enquiry.answered").count() == 1
    assert "Nick" in words(browser.get(reverse("clinic:enquiries"), {"answered": "1"}))


def test_the_audit_trail_is_narrowed(olga: User, north: Location) -> None:
    """By kind, by person, by thing and by day; a wrong value narrows nothing."""
    sent(olga, "service", "aha_peel", **SERVICE, locations=north.pk)
    sent(olga, "offer_new", **OFFER)
    browser, url = signed_in(olga), reverse("clinic:audit")
    with at(NOW):
        assert "New prices from November" in words(browser.get(url))
        assert "New prices" not in words(browser.get(url, {"action": "offer.added"}))
        assert "New prices" in words(browser.get(url, {"actor": olga.ref, "since": "2026-11-20"}))
        assert "New prices" not in words(browser.get(url, {"until": "2026-11-01"}))
        assert browser.get(url, {"since": "never", "action": "?"}).status_code == 200
