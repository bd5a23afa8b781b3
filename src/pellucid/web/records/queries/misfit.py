"""What stands against a booked visit, as ``Appointment.misfit`` keeps it: what mainly, the rules by name, the hours."""

from pellucid.model.levels import Status
from pellucid.plan.fit import Fit

HOURS = "hours"
"""Nobody works then any more, or a room or device is out of use."""

TO_ANSWER = frozenset({"expired", "incomplete", "no_screening"})
"""What the client can settle by answering."""

BY_RULES = frozenset({"waits", "refer", "blocked", "adjusted"})
"""What the rules alone say well enough; anything else stands before them."""


def misfit_of(fit: Fit) -> list[str]:
    """What screening has against a visit; nothing where it fits."""
    if fit.bookable:
        return []
    unknown = fit.why in TO_ANSWER  # every rule that hangs on what nobody knows would stand there
    counts = [each for each in fit.reasons if not each.status.bookable and not (unknown and each.status is Status.ASK)]
    rules = sorted({each.rule for each in counts})
    return rules if rules and fit.why in BY_RULES else [fit.why, *rules]
