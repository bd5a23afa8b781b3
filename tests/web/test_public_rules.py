"""Public pages tell the clinic's own rules, not only those that Pellucid ships."""

import pytest
from django.test import Client as Browser
from tests.web.public import NOW, open_clinic, said

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.treatments import Treatment
from pellucid.web.sites import clock
from pellucid.web.sites.models import Clinic, Location, RulesVersion

pytestmark = pytest.mark.django_db

TIGHTER = {"windows": [{"window": "strong_active_before", "column": "aha_peel", "days": 6}]}


@pytest.fixture(autouse=True)
def opened(clinic: Clinic, north: Location, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_clinic(clinic, north)


def set_rules(rules: object) -> None:
    RulesVersion.objects.create(rules=rules, by="user.1", reason="test", at=NOW)


def test_a_tightened_window_shows_at_once(client: Browser) -> None:
    name = load().texts("en").get("window.strong_active_before", "name")
    assert f"In the 3 days before {name}" in said(client.get("/treatments/aha-peel/").content.decode())
    set_rules(TIGHTER)
    words = said(client.get("/treatments/aha-peel/").content.decode())
    assert f"In the 6 days before {name}" in words
    assert f"In the 3 days before {name}" not in words


def own_treatment() -> dict[str, object]:
    """A treatment that a clinic adds: like steam, under another name."""
    like = load().get(Treatment, "steam").model_dump(mode="json")
    return {"treatment": {**like, "id": "cloud_room"}, "words": {"en": {"name": "Cloud room"}}}


def test_a_treatment_that_the_clinic_added_is_hidden_until_its_rules_are_signed(client: Browser) -> None:
    set_rules({"treatments": [own_treatment()]})
    assert client.get("/treatments/cloud-room/").status_code == 404
    assert "Cloud room" not in client.get("/treatments/").content.decode()
    assert "Cloud room" not in client.get("/learn/techniques/").content.decode()
    assert "/treatments/cloud-room/" not in client.get("/sitemap.xml").content.decode()
    assert "Cloud room" not in client.get("/search/?q=steam").content.decode()


def test_once_signed_it_shows_even_where_words_are_missing(client: Browser) -> None:
    signature = {"by": "Dr. Example", "level": "L3", "reason": "reviewed", "signed": "2026-05-01"}
    like = next(iter(load().records["contraindication"].values())).model_dump(mode="json", exclude_none=True)
    own_rule = {**like, "id": "cloud_rule", "applies": ["cloud_room"], "excepting": []}
    words = {"en": {"name": "Heat", "reason": "Heat.", "next": "Wait."}}
    set_rules(
        {"treatments": [{**own_treatment(), "rules": [{"rule": own_rule, "words": words}], "signature": signature}]}
    )
    for prefix in ("", "/zh-hant"):
        assert client.get(f"{prefix}/treatments/cloud-room/").status_code == 200
        assert "Cloud room" in client.get(f"{prefix}/treatments/").content.decode()
