"""Registering: what was typed waits with a code; when the code comes back, it becomes user, client and consents.

Allauth's own sign-up makes the user before the address is shown to be theirs. Here nobody has an account, and nobody
is in the clinic's records, before that: a stranger's typo leaves nothing behind, and an address that is registered
already takes the same path and the same time as a new one.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from pellucid.model.errors import PellucidError
from pellucid.web.accounts import post
from pellucid.web.accounts.models import User
from pellucid.web.outbox.send import CODE_LASTS
from pellucid.web.records.actions.enrolment import enrol
from pellucid.web.records.actions.wish import Wish, by_address
from pellucid.web.records.models import Registration
from pellucid.web.sites.models import Clinic

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_ADDRESS_AN_HOUR, AN_ADDRESS_A_DAY = 5, 12
"""Registrations of one address, so that nobody is pestered and a code can't be guessed by trying day after day."""
A_VISITOR_AN_HOUR = 30
"""Registrations from one place within an hour; a clinic's own tablet must get through a busy morning."""
CODES_EACH = 3
ATTEMPTS = 5
BETWEEN_CODES = timedelta(seconds=30)
DIGITS = 6


class TooManyError(PellucidError):
    """Too many registrations from one address or one place; ``until`` says when to try again."""

    def __init__(self, until: datetime) -> None:
        """Keep when."""
        self.until = until
        super().__init__(f"too many until {until:%H:%M}")


class CodeError(PellucidError):
    """The code doesn't match; ``why`` is ``wrong``, ``old``, ``spent`` (too many wrong ones) or ``unknown``."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        self.why = why
        super().__init__(f"the code is {why}")


@transaction.atomic
def register(*, wish: Wish, token: str, visitor: str, now: datetime) -> Registration:
    """Keep what was typed and send a code; the same form sent again changes nothing and sends nothing.

    Args:
        wish: what was typed.
        token: of the form that was filled in.
        visitor: keyed hash of where the request came from.
        now: when.

    Raises:
        TooManyError: from this address or place there were too many already.
    """
    facts = wish.written()
    key = hashlib.sha256(json.dumps([token, facts], sort_keys=True).encode()).hexdigest()
    standing = Registration.objects.filter(key=key).first()
    if standing is not None:
        return standing
    Clinic.objects.select_for_update().first()  # of many at once each counts those before it
    _check_often("address", wish.address, AN_ADDRESS_AN_HOUR, HOUR, now)
    _check_often("address", wish.address, AN_ADDRESS_A_DAY, DAY, now)
    _check_often("visitor", visitor, A_VISITOR_AN_HOUR, HOUR, now)
    made, is_new = Registration.objects.get_or_create(
        key=key,
        defaults={
            "address": wish.address,
            "visitor": visitor,
            "facts": facts,
            "made_at": now,
            "code_hash": "",
            "code_at": now,
        },
    )
    if is_new:
        _send_code(made, now)
    return made


@transaction.atomic
def send_again(*, number: UUID, now: datetime) -> None:
    """Send another code; the one before stops working. Too soon after the last one nothing is sent.

    Raises:
        TooManyError: no more codes for this registration.
        CodeError: there is no such registration, or it is confirmed.
    """
    found = Registration.objects.select_for_update().filter(pk=number, confirmed_at=None).first()
    if found is None:
        raise CodeError("unknown")
    if now - found.code_at < BETWEEN_CODES:
        return
    if found.codes >= CODES_EACH:
        raise TooManyError(found.made_at + HOUR)
    found.codes += 1
    found.attempts = 0
    found.code_at = now
    _send_code(found, now)


def confirm(*, number: UUID, code: str, now: datetime) -> User:
    """The user, with client and consents, once the right code is typed; again with the same code is harmless.

    Raises:
        CodeError: the code is wrong, too old, was tried too often, or there is no such registration.
    """
    with transaction.atomic():
        found = Registration.objects.select_for_update().filter(pk=number).first()
        why = _fault(found, code, now)
        if found is not None and why == "wrong":
            found.attempts += 1
            found.save(update_fields=["attempts"])
        elif found is not None and not why and found.user is None:
            found.user = enrol(wish=Wish.read(found.facts), at=found.made_at, now=now)
            found.confirmed_at, found.facts = now, {}
            found.save(update_fields=["user", "confirmed_at", "facts"])
    if found is None or found.user is None or why:
        raise CodeError(why or "unknown")
    return found.user


def _fault(found: Registration | None, code: str, now: datetime) -> str:
    if found is None:
        return "unknown"
    if now - found.code_at > CODE_LASTS:
        return "old"
    if found.attempts >= ATTEMPTS:
        return "spent"
    typed = "".join(each for each in code if each.isdigit())
    return "" if constant_time_compare(_hash(found, typed), found.code_hash) else "wrong"


def _send_code(registration: Registration, now: datetime) -> None:
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    registration.code_hash = _hash(registration, code)
    registration.save()
    known = User.objects.filter(**by_address(registration.address)).exists()
    post.send(
        "code",
        template="registered_already" if known else "registration_code",
        to=registration.address,
        language=registration.facts["language"],
        now=now,
        key=f"registration.{registration.pk}.{registration.codes}",
        useless_after=now + CODE_LASTS,
        code=code,
        name=registration.facts["name"],
        minutes=post.minutes(CODE_LASTS.total_seconds()),
    )


def _hash(registration: Registration, code: str) -> str:
    """Keyed: with the database alone, six digits can't be found out by trying."""
    value = f"{registration.pk}:{registration.codes}:{code}"
    return salted_hmac("pellucid.registration", value, algorithm="sha256").hexdigest()


def _check_often(field: str, value: str, most: int, within: timedelta, now: datetime) -> None:
    recent = Registration.objects.filter(**{field: value}, made_at__gt=now - within).order_by("-made_at")
    made = list(recent.values_list("made_at", flat=True)[:most])
    if len(made) >= most:
        raise TooManyError(made[-1] + within)
