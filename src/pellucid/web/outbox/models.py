"""What is to be sent. A message stays until it was sent or somebody set it aside."""

import uuid

from django.db import models


class Message(models.Model):
    """One mail or text message."""

    CHANNELS = [("email", "email"), ("text", "text")]
    STATES = [
        ("waiting", "waiting"),
        ("sending", "sending"),
        ("sent", "sent"),
        ("stuck", "stuck"),
        ("too_late", "too late"),
        ("set_aside", "set aside"),
    ]
    """``stuck`` was refused for good or failed for days: it waits for somebody. ``too_late`` ran out, as codes do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    """What makes it this message: a second one with the same key is not made."""
    channel = models.CharField(max_length=8, choices=CHANNELS, default="email")
    kind = models.CharField(max_length=40)
    """``code``, ``invitation``, ``result_ready``."""
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=250, blank=True)
    body = models.TextField(blank=True)
    """Emptied, with ``subject`` and ``html``, once what holds a code or a link that works once was sent or ran out."""
    html = models.TextField(blank=True)
    invite = models.TextField(blank=True)
    """An iCalendar object that goes with a mail, as its ``METHOD`` says; empty where there is none."""
    state = models.CharField(max_length=12, choices=STATES, default="waiting", db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    """Why the last attempt failed; no body, no address."""
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)
    """Not before. While it is being sent: when to suppose that whoever sends it is gone."""
    tried_at = models.DateTimeField(null=True, blank=True)
    useless_after = models.DateTimeField(null=True, blank=True)
    """After this it is not sent any more: a code has run out, or the message was set aside then."""
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ("created_at", "id")

    def __str__(self) -> str:
        """Without the address."""
        return f"{self.kind} {self.id}"
