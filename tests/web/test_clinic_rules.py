"""Windows and caps: tighter freely, looser only signed, and the preview says what really changes."""

from typing import Any

import pytest
from django.urls import reverse
from tests.web.cast import signed_in
from tests.web.staff_pages import NOW, TODAY, at, given_in, send, words

from pellucid.consult.screen import screen_all
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.clinic import ClinicRules, WindowChange, for_clinic
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.home import Cap
from pellucid.knowledge.schema.rules import Window
from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership, User
from pellucid.web.audit.models import Event
from pellucid.web.records.models import Consultation
from pellucid.web.records.queries.consultations import standing_of
from pellucid.web.records.queries.preview import preview
from pellucid.web.sites import knowledge
from pellucid.web.sites.actions import RulesChangedError, set_rules
from pellucid.web.sites.models import RulesVersion

pytestmark = pytest.mark.django_db

WINDOW = "strong_active_before"
URL = "/clinic/rules/windows/strong_active_before/"


def changed(user: User, do: str = "save", url: str = URL, **numbers: Any) -> Any:
    """Change some columns and send the form."""
    with at(NOW):
        return send(signed_in(user), url, do=do, reason="Our own experience with it.", **numbers)


def physician(user: User) -> User:
    """The same, with a physician's level."""
    Membership.objects.filter(user=user).update(level=Level.L3)
    return User.objects.get(pk=user.pk)


def decisions(consultation: Consultation, base: Knowledge) -> Any:
    """Status and date of every treatment."""
    standing = standing_of(consultation, consultation.client, today=TODAY, knowledge=base)
    return {
        each.treatment: (each.status, each.until) for each in screen_all(standing.profile, on=TODAY, knowledge=base)
    }


def test_a_window_is_made_stricter_without_a_signature(olga: User) -> None:
    """From then on screening counts it, and the trail says what it was and is."""
    assert changed(olga, extraction="9").status_code == 302
    assert knowledge.current().get(Window, WINDOW).columns["extraction"].whole_days == 9
    event = Event.objects.get(action="rules.changed")
    assert event.detail["after"]["windows"] == {f"{WINDOW}.extraction": 9}
    assert event.detail["before"]["windows"] == {}
    assert event.reason == "Our own experience with it."


def test_looking_changes_nothing(olga: User) -> None:
    """The numbers stay in the form for the next button."""
    answer = changed(olga, do="look", extraction="9")
    assert "What this would change" in words(answer)
    assert 'value="9"' in answer.content.decode()
    assert RulesVersion.objects.count() == 0


def test_an_owner_without_level_can_not_loosen(olga: User) -> None:
    """It is said at the field, and nothing typed is lost."""
    answer = changed(olga, extraction="1", aha_peel="8")
    assert answer.status_code == 200
    assert words(answer).count("only a physician (L3 or above) can sign that") == 1
    assert 'value="1"' in answer.content.decode()
    assert RulesVersion.objects.count() == 0


def test_a_physician_loosens_with_name_and_reason(olga: User) -> None:
    """The signature is kept with the number."""
    assert changed(physician(olga), extraction="1").status_code == 302
    (change,) = RulesVersion.objects.get().rules["windows"]
    assert change["signature"]["level"] == "L3"
    assert change["signature"]["by"] == olga.ref
    assert change["signature"]["reason"] == "Our own experience with it."


def test_a_rule_that_allows_no_exception_stays(olga: User) -> None:
    """Not even a physician makes it looser."""
    strict = next(each for each in load().of(Window).values() if each.override == "none")
    column = next(name for name, cell in strict.columns.items() if cell.whole_days)
    answer = changed(physician(olga), url=reverse("clinic:window", args=[strict.id]), **{column: "0"})
    assert answer.status_code == 200
    assert "allows no exception" in words(answer)
    assert RulesVersion.objects.count() == 0


def test_a_cap_is_lowered_and_raised_like_a_window(olga: User) -> None:
    """Lower freely, higher only signed; back at the default there is nothing of its own left."""
    url = reverse("clinic:cap", args=["scrub"])
    assert changed(olga, url=url, oily="0.5").status_code == 302
    assert knowledge.current().get(Cap, "scrub").by_skin["oily"].default == 0.5
    refused = changed(olga, url=url, oily="3")
    assert "looser than the default" in words(refused)
    assert changed(olga, url=url, oily="1").status_code == 302
    assert RulesVersion.objects.first().rules["caps"] == []  # type: ignore[union-attr] # there are two


def test_the_preview_says_what_a_recomputation_says(olga: User, alice: User, bob: User) -> None:
    """Count and examples, compared with every decision worked out both ways."""
    users = {alice: "oily_t_zone_student", bob: "nothing_wrong"}
    given = {user: given_in(user, name) for user, name in users.items()}
    change = WindowChange(window=WINDOW, column="extraction", days=30)
    before, after = load(), for_clinic(load(), ClinicRules(windows=(change,)))
    expected = {
        (str(each.client.pk), name): (was, decisions(each, after)[name])
        for each in given.values()
        for name, was in decisions(each, before).items()
        if was != decisions(each, after)[name]
    }
    assert expected, "the example must change something"
    told = preview(before, after, today=TODAY)
    shown = {
        (str(each.client.pk), each.treatment): (
            (each.before.status, each.before.until),
            (each.after.status, each.after.until),
        )
        for each in told.changes
    }
    assert shown == expected
    assert told.looked == 2
    assert told.clients == len({client for client, _ in expected})
    page = words(changed(olga, do="look", extraction="30"))
    assert f"{told.clients} of 2 clients" in page


def test_somebody_elses_change_is_told(olga: User) -> None:
    """Two pages open at once: the second sees that the ground has moved."""
    first = WindowChange(window=WINDOW, column="extraction", days=7)
    rules = ClinicRules(windows=(first,))
    set_rules(rules=rules, base=None, reason="tighter", by=olga.ref, now=NOW)
    other = ClinicRules(windows=(WindowChange(window=WINDOW, column="aha_peel", days=7),))
    with pytest.raises(RulesChangedError):
        set_rules(rules=other, base=None, reason="tighter", by=olga.ref, now=NOW)
    with at(NOW):
        answer = send(signed_in(olga), URL, do="save", base="", reason="From an old page", aha_peel="9")
    assert "Somebody else changed the clinic's rules" in words(answer)
    assert 'value="9"' in answer.content.decode()


def test_the_same_change_sent_twice_makes_one_version(olga: User) -> None:
    """A double click."""
    for _ in range(2):
        changed(olga, extraction="9")
    assert RulesVersion.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "-1", "soon", "99999"])
def test_a_wrong_number_is_told_at_its_field(typed: str, olga: User) -> None:
    """And nothing is saved."""
    assert changed(olga, extraction=typed).status_code == 200
    assert RulesVersion.objects.count() == 0
