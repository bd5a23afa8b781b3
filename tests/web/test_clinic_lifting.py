"""Papers and overrides: only what stands in the way, only where the rule and the level allow it, and never silently."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, TODAY, at, given_in, send, words

from pellucid.knowledge.load import load
from pellucid.knowledge.schema.rules import Contraindication
from pellucid.model.errors import ClinicRulesError
from pellucid.model.levels import Level, Status
from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.clinic.rules_against import against, liftable, overridable
from pellucid.web.records.actions.clearances import withdraw_clearance
from pellucid.web.records.actions.overrides import sign_override, withdraw_override
from pellucid.web.records.models import Clearance, Override
from pellucid.web.records.queries.today import newest, worked_out

pytestmark = pytest.mark.django_db

SIGNED = {"expires": "2027-01-10", "reason": "Seen today: the skin is calm.", "sign": "on"}


def care_of(user: User, today: date = TODAY) -> Any:
    """What follows from a client's newest consultation on a day."""
    consultation = newest(user.client)
    assert consultation is not None
    return worked_out(consultation, user.client, today=today)


def url(name: str, user: User, *more: int) -> str:
    """A page about one client."""
    return reverse(f"clinic:{name}", args=[user.client.pk, *more])


@pytest.fixture
def alice_itches(alice: User) -> User:
    """Alice with a consultation in which rules of several levels stand in the way."""
    given_in(alice, "itchy_forehead_after_antibiotics")
    return alice


def test_only_rules_that_stand_in_the_way_and_that_this_level_may_override_are_offered(
    alice_itches: User, petra: User, doris: User
) -> None:
    """A physician is offered what an esthetician is not; nobody what allows no override."""
    today = care_of(alice_itches)
    known = {level: {each.rule for each in overridable(today.care, level=level, knowledge=load())} for level in Level}
    assert known[Level.L1] < known[Level.L3] <= {each.rule for each in against(today.care)}
    assert known[Level.L0] == set()
    for rule in known[Level.L4]:
        record: Any = load().by_ref[rule]
        assert record.override != "none"
        assert record.authority != "law"
    with at(NOW):
        assert "No rule stands in the way" in words(signed_in(petra).get(url("override_sign", alice_itches)))
        shown = words(signed_in(doris).get(url("override_sign", alice_itches)))
    assert load().texts("en").get(min(known[Level.L3]), "name") in shown


def test_a_signed_override_lifts_the_rule_to_caution_until_its_day(alice_itches: User, doris: User) -> None:
    """Screening of the client's page counts it at once; on the day it ends the rule holds again."""
    rule = overridable(care_of(alice_itches).care, level=Level.L3, knowledge=load())[0]
    with at(NOW):
        for _ in range(2):
            answer = send(signed_in(doris), url("override_sign", alice_itches), rules=rule.rule, **SIGNED)
            assert answer.status_code == 302
        assert "lifted" in words(signed_in(doris).get(url("health", alice_itches)))
    override = Override.objects.get()
    assert (override.level, override.by, override.expires) == (3, doris.membership, date(2027, 1, 10))
    assert rule.rule not in {each.rule for each in against(care_of(alice_itches).care)}
    reasons = [reason for each in care_of(alice_itches).care.screening for reason in each.reasons]
    assert {reason.status for reason in reasons if reason.rule == rule.rule} == {Status.CAUTION}
    event = Event.objects.get(action="override.signed")
    assert event.detail["rules"] == [rule.rule]
    assert event.reason == SIGNED["reason"]
    withdraw_override(override=override, reason="no longer", by=doris.membership, now=NOW)
    assert rule.rule in {each.rule for each in against(care_of(alice_itches).care)}
    assert Event.objects.filter(action="override.withdrawn").count() == 1


def test_an_override_counts_for_one_client_only(alice_itches: User, bob: User, doris: User) -> None:
    """Bob told the same and is not helped by it."""
    given_in(bob, "itchy_forehead_after_antibiotics")
    rule = overridable(care_of(alice_itches).care, level=Level.L3, knowledge=load())[0].rule
    with at(NOW):
        send(signed_in(doris), url("override_sign", alice_itches), rules=rule, **SIGNED)
    assert rule in {each.rule for each in against(care_of(bob).care)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sign": ""}, "only when it is signed"),
        ({"reason": "short"}, "at least 10 characters"),
        ({"expires": "2026-11-20"}, "a day after today"),
        ({"expires": "2028-11-20"}, "within a year"),
        ({"rules": "contraindication.not_there"}, "one of those that are offered"),
    ],
)
def test_a_wrong_override_is_told_at_its_field(
    changed: dict[str, str], said: str, alice_itches: User, doris: User
) -> None:
    """Nothing is signed and what was typed stays."""
    rule = overridable(care_of(alice_itches).care, level=Level.L3, knowledge=load())[0].rule
    sent = {"rules": rule, **SIGNED, **changed}
    if not sent["sign"]:
        del sent["sign"]
    with at(NOW):
        answer = send(signed_in(doris), url("override_sign", alice_itches), **sent)
    assert answer.status_code == 200
    assert said in words(answer)
    assert Override.objects.count() == 0


def test_the_action_itself_refuses_what_the_form_would_not_offer(
    alice: User, petra: User, doris: User, frida: User
) -> None:
    """Too low a level, a rule without override, and the front desk."""
    rules = load().of(Contraindication).values()
    physicians = next(each.ref for each in rules if each.override == "L3" and each.authority != "law")
    never = next(each.ref for each in rules if each.override == "none")
    for by, rule in ((petra, physicians), (doris, never), (frida, physicians)):
        with pytest.raises(ClinicRulesError):
            sign_override(
                client=alice.client,
                rules=[rule],
                treatments=[],
                expires=TODAY + timedelta(days=9),
                reason="Because I say so.",
                by=by.membership,
                knowledge=load(),
                now=NOW,
            )
    assert Override.objects.count() == Event.objects.count() == 0


def test_a_paper_lifts_what_it_is_about_and_only_that(alice_itches: User, doris: User) -> None:
    """A letter about one rule; withdrawn, the rule holds again."""
    found = liftable(care_of(alice_itches).care)
    rule, kinds = next(iter(sorted(found.items())))
    sent = {"kind": min(kinds), "author": "Dr Sample", "given_on": "2026-11-18", "until": "2027-02-18", "scope": rule}
    with at(NOW):
        browser = signed_in(doris)
        for _ in range(2):
            assert send(browser, url("clearance_add", alice_itches), **sent).status_code == 302
        assert "Dr Sample" in words(browser.get(url("health", alice_itches)))
    clearance = Clearance.objects.get()
    after = liftable(care_of(alice_itches).care)
    assert rule not in after
    assert set(found) - {rule} == set(after)
    withdraw_clearance(clearance=clearance, reason="a mistake", by=doris.membership, now=NOW)
    assert set(liftable(care_of(alice_itches).care)) == set(found)
    assert Event.objects.filter(action="clearance.added").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"given_on": "2026-11-25"}, "not come yet"),
        ({"until": "2026-11-01"}, "before the date on the paper"),
        ({"until": "2030-11-01"}, "within two years"),
        ({"author": ""}, "Please fill this in"),
        ({"scope": "nonsense"}, "one of those that are offered"),
    ],
)
def test_a_wrong_paper_is_told_at_its_field(changed: dict[str, str], said: str, alice: User, petra: User) -> None:
    """Nothing is entered."""
    sent = {"kind": "test_spot", "author": "Petra", "given_on": "2026-11-18", "until": "2027-02-18", "scope": "all"}
    with at(NOW):
        answer = send(signed_in(petra), url("clearance_add", alice), **{**sent, **changed})
    assert answer.status_code == 200
    assert said in words(answer)
    assert Clearance.objects.count() == 0


def test_another_clients_paper_is_not_found_through_this_one(alice: User, bob: User, petra: User) -> None:
    """The number in the address has to be one of the client's own."""
    paper = Clearance.objects.create(
        client=bob.client,
        kind="test_spot",
        scope=["all"],
        given_on=TODAY,
        until=TODAY,
        by="P",
        recorded_by=petra.membership,
        recorded_at=NOW,
    )
    assert signed_in(petra).post(url("clearance_withdraw", alice, paper.pk), {"reason": "mine"}).status_code == 404
    assert Clearance.objects.get().withdrawn_at is None
