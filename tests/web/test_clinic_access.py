"""Every address of the staff pages, read and written, against everybody: it finds new addresses by itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.web.cast import signed_in

from pellucid.web.accounts.permissions import Permission, permissions_of
from pellucid.web.clinic.urls import urlpatterns

if TYPE_CHECKING:
    from pellucid.web.accounts.models import User

pytestmark = pytest.mark.django_db

EVERYBODY = ("olga", "doris", "petra", "omar", "frida", "alice")
PATTERNS = [each for found in urlpatterns for each in getattr(found, "url_patterns", [found])]
VIEWS: dict[str, Any] = {str(pattern.name): pattern for pattern in PATTERNS}
KINDS: dict[str, Callable[[], object]] = {
    "UUIDConverter": uuid4,
    "IntConverter": lambda: 987654,
    "SlugConverter": lambda: "nothing",
}


NEEDS = {
    Permission.SEE_CLIENTS: "start clients client",
    Permission.EDIT_CLIENTS: "client_edit client_archive client_restore",
    Permission.SEE_HEALTH: "health history reviews consultation",
    Permission.SIGN_CONSULTATIONS: "sign again letter clearance_add clearance_withdraw appointment_sign",
    Permission.OVERRIDE: "override_sign override_withdraw",
    Permission.BOOK: (
        "board calendar calendar_part misfits waitlist waitlist_add waitlist_offer waitlist_leave "
        "appointment appointment_new appointment_move appointment_cancel appointment_missed appointment_done "
        "roster roster_member time_off_add time_off_remove busy_feed_add busy_feed_remove"
    ),
    Permission.EDIT_ROSTER: (
        "schedule closure_add closure_remove extra_add extra_remove booking_settings "
        "resources room_new room device_new device"
    ),
    Permission.IMPORT_CLIENTS: "import import_confirm",
    Permission.ANSWER_ENQUIRIES: "enquiries enquiry_answered",
    Permission.EDIT_OFFERING: "services service offers offer_new offer documents document",
    Permission.EDIT_RULES: "rules window cap",
    Permission.MANAGE_STAFF: "staff staff_invite staff_member invitation_again invitation_revoke",
    Permission.SEE_OPERATIONS: "operations message_now message_aside job_again audit",
}
"""What each address must ask for; a new one has to be written down here."""


def address(name: str) -> str:
    """An address with made-up numbers in it."""
    converters = VIEWS[name].pattern.converters
    return reverse(f"clinic:{name}", kwargs={key: KINDS[type(each).__name__]() for key, each in converters.items()})


def test_every_view_names_the_permission_that_it_must() -> None:
    """None asks for less, and none is missing from the list."""
    needed = {name: permission for permission, names in NEEDS.items() for name in names.split()}
    assert {name: pattern.callback.permission for name, pattern in VIEWS.items()} == needed


@pytest.mark.parametrize("who", EVERYBODY)
def test_reading_and_writing_are_refused_alike(who: str, request: pytest.FixtureRequest) -> None:
    """Who lacks the permission gets 403 for GET and POST; who has it never does."""
    user: User = request.getfixturevalue(who)
    membership: Any = getattr(user, "membership", None)
    allowed = permissions_of(membership) if membership else frozenset()
    browser = signed_in(user)
    for name, pattern in VIEWS.items():
        wanted = pattern.callback.permission in allowed
        for method in (browser.get, browser.post):
            refused = method(address(name)).status_code == 403
            assert refused is not wanted, (name, method.__name__)


def test_a_visitor_is_led_to_sign_in() -> None:
    """Whatever the address."""
    for name in VIEWS:
        for method in (Browser().get, Browser().post):
            answer = method(address(name))
            assert answer.status_code == 302, name
            assert "/account/" in answer["Location"]
