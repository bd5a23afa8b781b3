"""Another guardian: the consent before counts no more, the new one is asked, and no client answers for them."""

import re
from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.web import consult
from tests.web.cast import THEN, signed_in
from tests.web.staff_pages import NOW, TODAY, send, words

from pellucid.web.accounts.models import User
from pellucid.web.audit.models import Event
from pellucid.web.outbox.models import Message
from pellucid.web.records.actions.guardians import agree, ask_guardian
from pellucid.web.records.models import Client, Consent
from pellucid.web.records.queries.consultations import ours
from pellucid.web.sites import knowledge
from pellucid.web.sites.models import Document
from pellucid.web.sites.publish import publish_starting_texts

pytestmark = pytest.mark.django_db
RUTH, PAUL = "ruth@example.com", "paul@example.com"


def link_to(address: str) -> str:
    """The link in the newest mail to a guardian."""
    body = Message.objects.filter(kind="guardian", to=address).latest("created_at").body
    found = re.search(r"/register/guardian/(\S+)/", body)
    assert found is not None
    return found.group(1)


@pytest.fixture
def young(alice: User) -> User:
    """Alice, fifteen; her mother has agreed."""
    publish_starting_texts(by="system", now=THEN)
    Client.objects.filter(user=alice).update(
        birth_date=date(2011, 1, 5), guardian_name="Ruth Example", guardian_contact=RUTH
    )
    ask_guardian(client=Client.objects.get(user=alice), now=NOW)
    terms = Document.objects.get(kind="terms", language="en")
    agree(token=link_to(RUTH), document=terms, sentence="I agree.", now=NOW)
    return User.objects.get(pk=alice.pk)


def edit(young: User, by: User, **changed: str) -> str:
    """Change the profile; what the page says then."""
    answer = send(signed_in(by), reverse("clinic:client_edit", args=[young.client.pk]), **changed)
    return "" if answer.status_code == 302 else words(answer)


def test_another_contact_ends_the_consent_and_asks_the_new_guardian(young: User, petra: User) -> None:
    old = link_to(RUTH)
    assert edit(young, petra, guardian_name="Paul Example", guardian_contact=PAUL) == ""
    record = Client.objects.get(user=young)
    assert record.guardian_consent_at is None
    assert not Consent.objects.filter(kind="guardian", withdrawn_at=None).exists()
    assert Event.objects.filter(action="consent.withdrawn", client=str(record.pk)).count() == 1
    assert Browser().get(f"/register/guardian/{old}/").status_code == 410
    Browser().post(f"/register/guardian/{link_to(PAUL)}/", {"agree": "on"})
    assert Client.objects.get(user=young).guardian_consent_at is not None
    assert Consent.objects.filter(kind="guardian").count() == 2


def test_other_changes_leave_the_consent_alone(young: User, petra: User) -> None:
    assert edit(young, petra, name="Alice Sample", guardian_name="Ruth Sample") == ""
    assert Client.objects.get(user=young).guardian_consent_at is not None
    assert Message.objects.filter(kind="guardian").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"guardian_contact": "alice@example.com"}, "own address"),
        ({"guardian_contact": "nobody"}, "e-mail address"),
        ({"guardian_contact": ""}, "how we reach them"),
        ({"guardian_name": ""}, "who they are"),
    ],
)
def test_what_is_wrong_with_a_guardian_is_told(changed: dict[str, str], said: str, young: User, petra: User) -> None:
    assert said in edit(young, petra, **changed)
    assert Client.objects.get(user=young).guardian_consent_at is not None


def test_only_the_guardians_own_agreement_counts_in_the_consultation(young: User) -> None:
    browser = signed_in(young)
    assert browser.get(consult.address("person.guardian_consent")).status_code == 404
    current = knowledge.current()
    assert ours(young.client, today=TODAY, knowledge=current)["person.guardian_consent"] is True
    Client.objects.filter(user=young).update(guardian_consent_at=None)
    record = Client.objects.get(user=young)
    assert ours(record, today=TODAY, knowledge=current)["person.guardian_consent"] is False
