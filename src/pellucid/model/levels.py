"""Licence levels and screening statuses: both are ordered, and the order is the meaning."""

from enum import IntEnum


class Level(IntEnum):
    """Who performs: a higher level never permits less.

    L0 home, L1 licensed esthetician, L2 supervised nurse or advanced esthetician,
    L3 physician or directly supervised, L4 dermatologist.
    """

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3
    L4 = 4


class Status(IntEnum):
    """What screening says of a treatment on a day; the worst reason wins."""

    ALLOWED = 0
    CAUTION = 1
    ASK = 2
    DEFER = 3
    REFER = 4
    BLOCKED = 5

    @property
    def bookable(self) -> bool:
        """Whether a slot may be offered: an open question or anything worse permits no booking."""
        return self <= Status.CAUTION

    @property
    def word(self) -> str:
        """The word used in data, JSON and code."""
        return self.name.lower()
