"""How a clinic begins: with nobody there yet who could invite anybody."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from pellucid.web.accounts.models import Membership, Role, User
from pellucid.web.audit.record import SYSTEM, record
from pellucid.web.sites.models import Clinic, Location
from pellucid.web.sites.publish import publish_starting_texts


class BeginningError(Exception):
    """The clinic can't begin like this; the message says why."""


@transaction.atomic
def begin(*, name: str, email: str, clinic: str, zone: str, now: datetime) -> User:
    """Make the clinic, its first location, the texts that people agree to, and its owner.

    Raises:
        BeginningError: there is an owner already, or the address or the zone is none.
    """
    if Membership.objects.filter(role=Role.OWNER).exists():
        raise BeginningError("There is an owner already, who invites others from the staff's pages.")
    try:
        ZoneInfo(zone)
        validate_email(email)
    except (LookupError, ValueError, OSError) as fault:
        raise BeginningError(f"There is no time zone {zone!r}; write it like Europe/Vienna.") from fault
    except ValidationError as fault:
        raise BeginningError(f"{email!r} is no e-mail address.") from fault
    here, _ = Clinic.objects.get_or_create(defaults={"name": clinic, "zone": zone})
    if not Location.objects.exists():
        Location.objects.create(clinic=here, slug="main", name=clinic, zone=zone)
    publish_starting_texts(by=SYSTEM, now=now)
    user = User.objects.create_user(email=email, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    member = Membership.objects.create(user=user, role=Role.OWNER)
    record(actor=SYSTEM, action="staff.added", subject=f"membership.{member.pk}", now=now, role=member.role)
    return user
