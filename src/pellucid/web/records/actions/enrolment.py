"""From a confirmed wish to user, client and consents. Called inside the transaction that confirms it."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from pellucid.web.accounts import post
from pellucid.web.accounts.models import User
from pellucid.web.audit.record import record
from pellucid.web.records.actions.consents import give
from pellucid.web.records.actions.guardians import ask_guardian
from pellucid.web.records.actions.wish import Wish, by_address
from pellucid.web.records.models import Client
from pellucid.web.sites.models import Document, Location, Offer


def enrol(*, wish: Wish, at: datetime, now: datetime) -> User:
    """Make somebody a client: with a new record, with the one imported for them, or with the one they have.

    Args:
        wish: what they typed.
        at: when they sent it, ticked boxes and all.
        now: when the code came back.
    """
    user = _user(wish)
    client = Client.objects.select_for_update().filter(user=user).first()
    is_known = client is not None
    unclaimed = None if is_known else _unclaimed(wish)
    client = client or unclaimed or Client(registered_at=now, version=0)
    was_archived = client.archived_at is not None
    _fill(client, wish, user, is_known=is_known)
    action = "client.wished" if is_known else "client.claimed" if unclaimed else "client.registered"
    record(
        actor=user.ref,
        action=action,
        subject=f"client.{client.pk}",
        client=str(client.pk),
        now=now,
        wanted=client.wanted,
        offer=client.offer_id,
        preferred_on=client.preferred_on and client.preferred_on.isoformat(),
        restored=was_archived,
    )
    for kind, agreement in wish.agreed.items():
        document = Document.objects.get(pk=agreement.document)
        give(
            client=client,
            kind=kind,
            document=document,
            sentence=agreement.sentence,
            sha256=agreement.sha256,
            actor=user.ref,
            now=at,
        )
    if client.guardian_contact and client.guardian_consent_at is None:
        ask_guardian(client=client, now=now)
    if not is_known:
        key = f"welcome.{client.pk}"
        post.send("welcome", to=wish.address, language=wish.language, now=now, key=key, name=client.name)
    return user


def _user(wish: Wish) -> User:
    """Who signs in with the address; made where there is nobody yet. Locked: of two at once the second waits."""
    address = by_address(wish.address)
    made = {"name": wish.name, "language": wish.language, "password": make_password(None)}
    found, _ = User.objects.get_or_create(**address, defaults=made)
    user = User.objects.select_for_update().get(pk=found.pk)
    if "phone" in address and not user.phone_verified:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])
    return user


def _unclaimed(wish: Wish) -> Client | None:
    """The record that the clinic brought along for this person, if it is plain that it is theirs.

    An address may be shared in a family, so the name has to be the same too, and there must be only one.
    """
    same = {"phone": wish.address} if wish.address.startswith("+") else {"email__iexact": wish.address}
    found = Client.objects.select_for_update().filter(user=None, archived_at=None, name__iexact=wish.name, **same)[:2]
    return found[0] if len(found) == 1 else None


def _fill(client: Client, wish: Wish, user: User, *, is_known: bool) -> None:
    """Write the wish into the record; somebody who has one keeps name, place and age as they are."""
    client.user, client.wanted, client.preferred_on = user, wish.wanted, wish.preferred_on
    client.offer = Offer.objects.filter(pk=wish.offer).first() if wish.offer else None
    client.archived_at = None
    if not is_known:
        client.name, client.language = wish.name, wish.language
        client.location = Location.objects.get(pk=wish.location)
        client.email, client.phone = user.email or client.email, user.phone or client.phone
    client.birth_date = client.birth_date or wish.birth_date
    client.guardian_name = client.guardian_name or wish.guardian_name
    client.guardian_contact = client.guardian_contact or wish.guardian_contact
    client.version += 1
    client.save()
