"""The standing cast: one clinic with two locations, and everybody whose access differs. All plainly invented.

Use the fixtures by name (``tests/web/conftest.py`` makes them known), and ``signed_in(who)`` for a browser of theirs.
"""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client as Browser

from pellucid.model.levels import Level
from pellucid.web.accounts.models import Membership, Role, User
from pellucid.web.records.models import Client
from pellucid.web.sites.models import Clinic, Location

THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When everybody came to be."""


@pytest.fixture
def clinic(db: None) -> Clinic:
    """A clinic in Taiwan."""
    return Clinic.objects.create(name="Example Clinic", region="tw", currency="TWD", email="hello@clinic.example")


@pytest.fixture
def north(clinic: Clinic) -> Location:
    """Where everybody else is."""
    return Location.objects.create(clinic=clinic, slug="north", name="North", zone="Asia/Taipei")


@pytest.fixture
def south(clinic: Clinic) -> Location:
    """Where Omar is."""
    return Location.objects.create(clinic=clinic, slug="south", name="South", zone="Asia/Taipei")


def make_user(name: str) -> User:
    """Somebody who signs in."""
    return User.objects.create_user(email=f"{name.lower()}@example.com", name=f"{name} Example")


def make_staff(name: str, role: Role, *, level: Level | None = None, location: Location | None = None) -> User:
    """One of the staff, with a second factor."""
    user = make_user(name)
    Membership.objects.create(user=user, role=role, level=level, location=location)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "GEZDGNBVGY3TQOJQ"})
    return User.objects.get(pk=user.pk)


def make_client(name: str, location: Location, practitioner: Membership | None = None) -> User:
    """A client who can sign in."""
    user = make_user(name)
    Client.objects.create(
        user=user,
        name=user.name,
        email=user.email or "",
        location=location,
        practitioner=practitioner,
        registered_at=THEN,
    )
    return User.objects.get(pk=user.pk)


@pytest.fixture
def petra(north: Location) -> User:
    """A practitioner with the first licence level, who treats Alice."""
    return make_staff("Petra", Role.PRACTITIONER, level=Level.L1, location=north)


@pytest.fixture
def doris(north: Location) -> User:
    """A practitioner with the third licence level at the same location."""
    return make_staff("Doris", Role.PRACTITIONER, level=Level.L3, location=north)


@pytest.fixture
def omar(south: Location) -> User:
    """A practitioner of another location."""
    return make_staff("Omar", Role.PRACTITIONER, level=Level.L3, location=south)


@pytest.fixture
def frida(north: Location) -> User:
    """At the front desk, where no health data is seen."""
    return make_staff("Frida", Role.FRONT_DESK, location=north)


@pytest.fixture
def olga(clinic: Clinic) -> User:
    """The owner, of every location; she doesn't treat."""
    return make_staff("Olga", Role.OWNER)


@pytest.fixture
def alice(north: Location, petra: User) -> User:
    """A client of Petra's."""
    return make_client("Alice", north, petra.membership)


@pytest.fixture
def bob(north: Location) -> User:
    """Another client at the same location."""
    return make_client("Bob", north)


def signed_in(user: User) -> Browser:
    """A browser in which somebody has signed in, second factor and all."""
    browser = Browser()
    browser.force_login(user)
    return browser
