"""The clinic and what it sets for itself."""

import uuid

from django.db import models

LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文")]


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
    active = models.BooleanField(default=True)

    class Meta:
        """As they were added."""

        ordering = ("treatment",)

    def __str__(self) -> str:
        """Its treatment."""
        return self.treatment


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
