"""Events: who did what to what, and when. Only ever added; they name things by id, so that nothing can fall away."""

from typing import Any

from django.db import models


class Event(models.Model):
    """One thing that somebody did. Holds ids and changed settings, never a client's name, answers or photos."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64)
    """``user.<id>``, ``client.<id>`` before there is a user, or ``system``."""
    action = models.CharField(max_length=64)
    """``consultation.signed``: the noun, a dot, and what was done."""
    subject = models.CharField(max_length=64, db_index=True)
    """``consultation.<id>``."""
    client = models.CharField(max_length=64, blank=True, db_index=True)
    """Id of the client whose record it concerns, if any."""
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering = ("-at", "-id")

    def __str__(self) -> str:
        """Without names."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; an event that stands is never changed.

        Raises:
            TypeError: it stands already.
        """
        if not self._state.adding:
            raise TypeError("an event can't be changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse.

        Raises:
            TypeError: always.
        """
        raise TypeError("an event can't be deleted")
