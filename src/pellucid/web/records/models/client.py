"""Somebody who comes to the clinic."""

import uuid

from django.db import models

from pellucid.web.accounts.models import Membership, User
from pellucid.web.sites.models import LANGUAGES, Location, Offer


class Client(models.Model):
    """A client and how to reach them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="client")
    """None while an imported client has not signed in yet."""
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, db_index=True)
    phone = models.CharField(max_length=40, blank=True, db_index=True)
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    birth_date = models.DateField(null=True, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, related_name="clients")
    practitioner = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="clients")
    wanted = models.CharField(max_length=64, blank=True)
    """What they registered for: a treatment's id, ``help`` or ``trial``."""
    preferred_on = models.DateField(null=True, blank=True)
    offer = models.ForeignKey(Offer, models.SET_NULL, null=True, blank=True)
    guardian_name = models.CharField(max_length=120, blank=True)
    guardian_contact = models.CharField(max_length=254, blank=True)
    guardian_consent_at = models.DateTimeField(null=True, blank=True)
    calendar_token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    """Of the private calendar address; empty where there is none."""
    registered_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Counts changes, so that two people editing at once are told."""

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        """Without the name: this gets into logs."""
        return f"client {self.pk}"
