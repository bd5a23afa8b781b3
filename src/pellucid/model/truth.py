"""Three-valued truth over time: on which days a statement holds, and on which days nobody knows.

Unknown is never "no": it travels through and/or/not by Kleene's strong logic, day by day.
"""

from dataclasses import dataclass

from pellucid.model import spans as s
from pellucid.model.spans import ALWAYS, NEVER, Spans


@dataclass(frozen=True, slots=True)
class Truth:
    """Days on which a statement holds (``yes``) and days on which it is not known (``unknown``), disjoint."""

    yes: Spans
    unknown: Spans

    def dilated(self, before: int, after: int) -> "Truth":
        """The same statement with each day's effect spread over days before and after it."""
        if not (before or after) or self is NO or self is YES or self is UNKNOWN:
            return self
        yes = s.dilate(self.yes, before, after)
        return truth(yes, s.dilate(self.unknown, before, after))


YES = Truth(ALWAYS, NEVER)
NO = Truth(NEVER, NEVER)
UNKNOWN = Truth(NEVER, ALWAYS)


def truth(yes: Spans, unknown: Spans = NEVER) -> Truth:
    """Build a truth value, using the three constants where they fit; known days win over unknown ones."""
    if not yes:
        if not unknown:
            return NO
        return UNKNOWN if unknown == ALWAYS else Truth(yes, unknown)
    if yes == ALWAYS:
        return YES
    return Truth(yes, s.difference(unknown, yes))


def either(left: Truth, right: Truth) -> Truth:
    """Or: yes where one is yes; unknown where neither is yes and one is unknown."""
    if left is YES or right is NO:
        return left
    if right is YES or left is NO:
        return right
    return truth(s.union(left.yes, right.yes), s.union(left.unknown, right.unknown))


def both(left: Truth, right: Truth) -> Truth:
    """And: yes where both are yes; no where one is no; else unknown."""
    if left is NO or right is YES:
        return left
    if right is NO or left is YES:
        return right
    possible = s.intersection(s.union(left.yes, left.unknown), s.union(right.yes, right.unknown))
    yes = s.intersection(left.yes, right.yes)
    return truth(yes, s.difference(possible, yes))


def negate(value: Truth) -> Truth:
    """Not: unknown stays unknown."""
    if value is YES:
        return NO
    if value is NO:
        return YES
    if value is UNKNOWN:
        return UNKNOWN
    return truth(s.complement(s.union(value.yes, value.unknown)), value.unknown)
