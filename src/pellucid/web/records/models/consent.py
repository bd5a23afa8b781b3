"""What a client agreed to, in which words."""

from django.db import models

from pellucid.web.records.models.client import Client
from pellucid.web.sites.models import Document


class Consent(models.Model):
    """Agreement to one version of one wording; withdrawn, never deleted."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=16)
    document = models.ForeignKey(Document, models.PROTECT)
    wording_sha256 = models.CharField(max_length=64)
    """Of the text as it was shown."""
    sentence = models.TextField()
    """What stood beside the box that was ticked."""
    by = models.CharField(max_length=16, default="self")
    """``self`` or ``guardian``."""
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; one that holds at most, of a kind."""

        ordering = ("-given_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("client", "kind"), condition=models.Q(withdrawn_at=None), name="consent_holds_once"
            ),
        )

    def __str__(self) -> str:
        """Kind and id."""
        return f"consent {self.kind} {self.pk}"
