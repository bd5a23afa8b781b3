"""People who sign in, and what they are at the clinic."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from pellucid.model.levels import Level
from pellucid.web.sites.models import LANGUAGES, Location


class UserManager(BaseUserManager["User"]):
    """Makes users; there are no passwords."""

    def create_user(self, *, email: str | None = None, phone: str | None = None, **fields: Any) -> "User":
        """Make somebody who signs in by code."""
        user = self.model(email=self.normalize_email(email).lower() if email else None, phone=phone or None, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in: a client or one of the staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(max_length=40, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        """Without name or address: this gets into logs."""
        return f"user {self.pk}"

    @property
    def ref(self) -> str:
        """How the audit trail names this person."""
        return f"user.{self.pk}"


class Role(models.TextChoices):
    """What somebody is at the clinic."""

    OWNER = "owner"
    PRACTITIONER = "practitioner"
    FRONT_DESK = "front_desk"


class Membership(models.Model):
    """One of the staff: a role, at one location or at all, and for practitioners a licence level."""

    user = models.OneToOneField(User, models.CASCADE, related_name="membership")
    role = models.CharField(max_length=16, choices=Role.choices)
    level = models.PositiveSmallIntegerField(choices=[(int(each), each.name) for each in Level], null=True, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="members")
    """Where; nowhere named is everywhere."""
    title = models.JSONField(default=dict, blank=True)
    """Language to what the team page says: "Licensed esthetician"."""
    about = models.JSONField(default=dict, blank=True)
    shown = models.BooleanField(default=True)
    """On the team page."""
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        """Role and id."""
        return f"{self.role} {self.pk}"


class Invitation(models.Model):
    """A link with which somebody joins the staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        """Its id."""
        return f"invitation {self.pk}"
