"""A clinic begins with its owner, once."""

import pytest
from django.core.management import CommandError, call_command

from pellucid.web.accounts.models import Membership, User
from pellucid.web.sites.models import Clinic, Document, Location

pytestmark = pytest.mark.django_db

WORDS = ("first_owner", "Olga Example", "Olga@clinic.example")
PLACE = {"clinic": "Example Clinic", "zone": "Europe/Vienna"}


def test_it_begins_with_an_owner_who_can_sign_in() -> None:
    call_command(*WORDS, **PLACE)
    owner = Membership.objects.get(role="owner").user
    assert (owner.email, owner.has_usable_password()) == ("olga@clinic.example", False)
    assert Clinic.objects.get().name == "Example Clinic"
    assert Location.objects.get().zone == "Europe/Vienna"
    assert Document.objects.filter(kind="terms").count() == 2


def test_there_is_one_first_owner() -> None:
    call_command(*WORDS, **PLACE)
    with pytest.raises(CommandError, match="There is an owner already"):
        call_command("first_owner", "Other Example", "other@clinic.example", **PLACE)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "zone", "said"),
    [("olga", "Europe/Vienna", "no e-mail address"), ("olga@clinic.example", "Vienna", "no time zone")],
)
def test_what_is_wrong_is_said_and_nothing_is_made(email: str, zone: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("first_owner", "Olga Example", email, clinic="Example Clinic", zone=zone)
    assert not Clinic.objects.exists()
