"""What may be done, and by which role. Every view names one of these; a view that names none is refused."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from pellucid.web.accounts.models import Role

if TYPE_CHECKING:
    from pellucid.web.accounts.models import Membership

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """One thing that a role may do."""

    PUBLIC = "public"
    """Anybody, signed in or not."""
    SIGNED_IN = "signed_in"
    """Anybody who is signed in, about their own account."""
    OWN_RECORD = "own_record"
    """A client, about their own record."""
    SEE_CLIENTS = "see_clients"
    """Names and how to reach them, of the clients at one's own location."""
    EDIT_CLIENTS = "edit_clients"
    SEE_HEALTH = "see_health"
    """Answers, findings, screening, clearances."""
    SIGN_CONSULTATIONS = "sign_consultations"
    OVERRIDE = "override"
    IMPORT_CLIENTS = "import_clients"
    BOOK = "book"
    """The calendar and the waitlist of one's own location: see them, book, move, cancel."""
    EDIT_ROSTER = "edit_roster"
    """Who works when, rooms, devices, holidays."""
    ANSWER_ENQUIRIES = "answer_enquiries"
    EDIT_OFFERING = "edit_offering"
    """Services, prices, offers, texts of the site."""
    EDIT_RULES = "edit_rules"
    """Windows and caps."""
    MANAGE_STAFF = "manage_staff"
    SEE_OPERATIONS = "see_operations"
    """Jobs and outbox."""
    SEE_STYLEGUIDE = "see_styleguide"


ANYBODY = frozenset({Permission.PUBLIC})
EVERY_USER = ANYBODY | {Permission.SIGNED_IN}
OF_CLIENTS = EVERY_USER | {Permission.OWN_RECORD}
OF_ROLE = {
    Role.FRONT_DESK: EVERY_USER
    | {
        Permission.SEE_CLIENTS,
        Permission.EDIT_CLIENTS,
        Permission.BOOK,
        Permission.ANSWER_ENQUIRIES,
        Permission.SEE_STYLEGUIDE,
    },
    Role.PRACTITIONER: EVERY_USER
    | {
        Permission.SEE_CLIENTS,
        Permission.EDIT_CLIENTS,
        Permission.SEE_HEALTH,
        Permission.SIGN_CONSULTATIONS,
        Permission.OVERRIDE,
        Permission.BOOK,
        Permission.ANSWER_ENQUIRIES,
        Permission.SEE_STYLEGUIDE,
    },
    Role.OWNER: frozenset(Permission) - {Permission.OWN_RECORD, Permission.SIGN_CONSULTATIONS, Permission.OVERRIDE},
}
"""An owner who also treats gets a licence level, and with it what practitioners may do."""
TREATING = frozenset({Permission.SIGN_CONSULTATIONS, Permission.OVERRIDE})


def permissions_of(membership: "Membership") -> frozenset[Permission]:
    """What one of the staff may do; nothing while the membership rests."""
    if not membership.active:
        return EVERY_USER
    found = frozenset(OF_ROLE[Role(membership.role)])
    treats = membership.role != Role.FRONT_DESK and bool(membership.level)
    return found | TREATING if treats else found - TREATING


def allow(permission: Permission) -> Callable[[View], View]:
    """Name what a view needs; ``accounts.middleware`` asks for it before the view runs."""

    def named(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined] # read by the middleware
        return view

    return named
