"""Each example intake, entered through the pages, comes to the same report as its file."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from tests.web import consult
from tests.web.cast import signed_in

from pellucid.care import care
from pellucid.exchange.build import build_report
from pellucid.knowledge.load import load
from pellucid.web.accounts.models import User
from pellucid.web.records.models import Client, Consultation
from pellucid.web.sites import clock

NAMES = sorted(path.stem for path in consult.EXAMPLES.glob("*.toml"))


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples' day."""
    monkeypatch.setattr(clock, "now", lambda: consult.NOW)


def as_the_clinic_has_it(intake: dict[str, Any], client: str, region: str) -> dict[str, Any]:
    """The intake with what the clinic knows by itself in place of what its file says of that."""
    told = {"date": consult.DAY, "client": client, "language": "en", "region": region}
    return {**intake, "consultation": told}


@pytest.mark.parametrize("name", NAMES)
def test_entered_through_the_pages_it_comes_to_the_same_report(name: str, alice: User) -> None:
    intake = consult.example(name)
    region = intake["consultation"].get("region", "elsewhere")
    clinic = alice.client.location.clinic
    clinic.region = region
    clinic.save()
    if intake.get("person", {}).get("guardian_consent"):  # which the clinic has from the guardian, not from the client
        Client.objects.filter(user=alice).update(guardian_consent_at=consult.NOW)
    browser = signed_in(alice)
    consult.begin(browser)
    for screen, sent in consult.screens(intake):
        sent_back = consult.send(browser, screen, **sent)
        assert sent_back.status_code == 302, (screen, sent, consult.errors(sent_back))
    answer = browser.post(reverse("portal:consultation_submit"), consult.form_of(browser))
    done = Consultation.objects.get(client=alice.client)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("portal:result", args=[done.pk])
    assert done.state == "submitted"
    expected = care(
        as_the_clinic_has_it(intake, str(alice.client.pk), region), today=date(2026, 11, 20), knowledge=load()
    )
    for language in ("en", "zh_hant"):
        report = build_report(expected, language=language, knowledge=load()).model_dump(mode="json")
        assert done.reports[language] == report
