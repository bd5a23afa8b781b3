"""Somebody who wants to register and has not shown yet that the address is theirs."""

import uuid

from django.db import models

from pellucid.web.accounts.models import User


class Registration(models.Model):
    """What was typed, and the code that was sent. Becomes user, client and consents once the code comes back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    """Hash over the form's token and what was typed: sending the same form twice is one registration."""
    address = models.CharField(max_length=254, db_index=True)
    """An e-mail address, or a phone number as ``+`` and digits."""
    visitor = models.CharField(max_length=64, db_index=True)
    """Keyed hash of where it came from, to count by."""
    facts = models.JSONField()
    """What was typed, as ``actions.wish.Wish`` writes it; emptied once it is confirmed."""
    made_at = models.DateTimeField(db_index=True)
    code_hash = models.CharField(max_length=64)
    code_at = models.DateTimeField()
    """When the newest code was sent."""
    codes = models.PositiveSmallIntegerField(default=1)
    """How many codes were sent."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """Wrong ones since the newest was sent."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        """Without the address: this gets into logs."""
        return f"registration {self.pk}"
