"""The clinic and what it sets for itself."""

import uuid
from datetime import time

from django.db import models

LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]

CONSULTATION = "consultation"
"""The service that is no treatment: talking it through at the clinic. Anybody can book it."""


class Clinic(models.Model):
    """The clinic; one a database."""

    name = models.CharField(max_length=120)
    strapline = models.JSONField(default=dict)
    """Language to one sentence of what it does."""
    region = models.CharField(max_length=16, default="elsewhere")
    """As the questionnaire's ``consultation.region``: whose law holds."""
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    channels = models.JSONField(default=list, blank=True)
    """Other ways to reach it: ``[{"name": "LINE", "value": "@clinic", "url": "https://..."}]``."""
    zone = models.CharField(max_length=64, blank=True)
    """The clock that offers begin and end by; where empty, that of its first location."""
    answers_within = models.PositiveSmallIntegerField(default=2)
    """Working days in which questions from the public page are answered."""
    cancel_hours = models.PositiveSmallIntegerField(default=24)
    """Up to so many hours before a visit its client can move or cancel it without asking."""
    notice_hours = models.PositiveSmallIntegerField(default=2)
    """The soonest that clients can book."""
    days_ahead = models.PositiveSmallIntegerField(default=90)
    """The furthest that clients can book."""
    quiet_from = models.TimeField(default=time(21))
    """From this hour by a location's clock reminders wait until ``quiet_until``."""
    quiet_until = models.TimeField(default=time(8))

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Location(models.Model):
    """A place with its own clock."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="locations")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    phone = models.CharField(max_length=40, blank=True)
    hours = models.JSONField(default=dict, blank=True)
    """Weekday (``mon``) to spans (``["09:00-18:00"]``)."""
    active = models.BooleanField(default=True)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Service(models.Model):
    """Something the clinic sells: a treatment of the knowledge base with its price here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    treatment = models.CharField(max_length=64, unique=True)
    """Id of a treatment in the knowledge base."""
    locations = models.ManyToManyField(Location, related_name="services", blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    price_note = models.JSONField(default=dict, blank=True)
    """Language to a few words that follow the price: "and up", "per session"."""
    minutes = models.PositiveSmallIntegerField(default=60)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    """The lowest licence level that does it here; None for what the knowledge base proposes, or L1."""
    room_kind = models.CharField(max_length=40, default="treatment")
    device_kinds = models.JSONField(default=list, blank=True)
    """One device of each of these kinds is taken up."""
    buffer_before = models.PositiveSmallIntegerField(default=0)
    """Minutes to get the room ready; people, room and devices are taken up, the client isn't there yet."""
    buffer_after = models.PositiveSmallIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=15)
    """Starts are offered at multiples of this many minutes after midnight; a divisor of 1440."""
    active = models.BooleanField(default=True)

    class Meta:
        """As they were added."""

        ordering = ("treatment",)

    def __str__(self) -> str:
        """Its treatment."""
        return self.treatment


class Resource(models.Model):
    """What one appointment at a time takes up at a location: a room or a device."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="%(class)ss")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    """A word of the clinic's own, by which services ask for it."""
    position = models.PositiveSmallIntegerField(default=0)
    """Of several that are free the one with the lowest is taken."""
    active = models.BooleanField(default=True)

    class Meta:
        """As they are taken."""

        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Room(Resource):
    """A room."""


class Device(Resource):
    """A device."""


class Closure(models.Model):
    """No appointments at a location from one moment to another: a holiday, works."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="closures")
    starts = models.DateTimeField()
    ends = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        """As they come."""

        ordering = ("starts", "id")
        constraints = (models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="closure_lasts"),)

    def __str__(self) -> str:
        """Its number."""
        return f"closure {self.pk}"


class Offer(models.Model):
    """Something for a time: a trial, a season's price."""

    slug = models.SlugField(unique=True)
    title = models.JSONField(default=dict)
    """Language to title."""
    text = models.JSONField(default=dict)
    service = models.ForeignKey(Service, models.SET_NULL, null=True, blank=True, related_name="offers")
    starts = models.DateField()
    ends = models.DateField()
    banner = models.BooleanField(default=False)
    """Whether it shows as a banner on every public page while it lasts."""
    active = models.BooleanField(default=True)

    class Meta:
        """Ending soonest first."""

        ordering = ("ends", "id")

    def __str__(self) -> str:
        """Its slug."""
        return self.slug


class Document(models.Model):
    """A wording that people agree to; a published one is never changed, only followed by the next version."""

    KINDS = [("terms", "terms"), ("privacy", "privacy"), ("photos", "photos"), ("marketing", "marketing")]

    kind = models.CharField(max_length=16, choices=KINDS)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10, choices=LANGUAGES)
    title = models.CharField(max_length=200)
    text = models.TextField()
    """Paragraphs with an empty line between; lines that begin with ``## `` are headings, with ``- `` a list."""
    published_at = models.DateTimeField()

    class Meta:
        """Newest version first."""

        ordering = ("kind", "-version", "language")
        constraints = (models.UniqueConstraint(fields=("kind", "version", "language"), name="document_once"),)

    def __str__(self) -> str:
        """Kind, version and language."""
        return f"{self.kind} {self.version} {self.language}"


class RulesVersion(models.Model):
    """The clinic's own rules (``knowledge.clinic.ClinicRules``) as they stand from a moment on; the newest counts."""

    rules = models.JSONField()
    by = models.CharField(max_length=64)
    """``user.<id>``."""
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Its number."""
        return f"rules {self.pk}"
