"""Questions that visitors ask."""

import uuid

from django.db import models

from pellucid.web.sites.models import LANGUAGES


class Enquiry(models.Model):
    """A question from the public page, and whether it was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=254)
    text = models.TextField(max_length=4000)
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=64, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ("asked_at", "id")
        verbose_name_plural = "enquiries"

    def __str__(self) -> str:
        """Its id."""
        return f"enquiry {self.pk}"
