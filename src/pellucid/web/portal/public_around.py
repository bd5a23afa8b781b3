"""What to do and leave before and after a treatment, as its page tells everybody.

The consultation tells a client which of these lines are about them, and on which dates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import override as in_language

from pellucid.consult.rules import targets
from pellucid.knowledge.schema.base import Wait
from pellucid.knowledge.schema.rules import Cell, Window
from pellucid.knowledge.schema.treatments import Aftercare, Precare, Treatment
from pellucid.web.portal.public_reader import Basis, Reader

MORE_THAN_A_WEEKEND = 48
"""Hours from which on a stretch is told in days."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to do or leave around a session."""

    name: str
    """What it is about; empty for a line of care."""
    days: int
    """How far from the session it begins (before) or ends (after)."""
    when: str
    text: str
    reason: str
    differs: str
    """How far sources differ, and for whom another stretch holds."""
    prescribed: bool
    """Only the prescriber can agree to it."""
    basis: Basis


def before(treatment: Treatment, reader: Reader) -> tuple[Line, ...]:
    """What to do before a session, what starts first in front."""
    with in_language(reader.language):
        lines = [*_windows(treatment, "before", reader), *_precare(treatment, reader)]
    return tuple(sorted(lines, key=lambda line: -line.days))


def after(treatment: Treatment, reader: Reader) -> tuple[Line, ...]:
    """What to do after a session, what ends first in front."""
    with in_language(reader.language):
        lines = [*_aftercare(treatment, reader), *_windows(treatment, "after", reader)]
    return tuple(sorted(lines, key=lambda line: line.days))


def _windows(treatment: Treatment, side: str, reader: Reader) -> Iterator[Line]:
    for window in reader.knowledge.of(Window).values():
        cells = [window.columns[column] for column in treatment.columns if column in window.columns]
        if window.side != side or window.type == "interval" or not cells:
            continue
        cell = max(cells, key=lambda each: each.whole_days)
        yield Line(
            name=reader.words(window.ref),
            days=cell.whole_days,
            when=_window_when(cell, side),
            text=reader.words(window.ref, "do"),
            reason=reader.words(window.ref, "reason"),
            differs=" ".join(_differs(cell, reader)),
            prescribed=window.type == "prescribed",
            basis=reader.basis(cell.source, verified=cell.verified),
        )


def _window_when(cell: Cell, side: str) -> str:
    stretch = _stretch(cell)
    if side == "before":
        return _("In the %(stretch)s before") % {"stretch": stretch} if cell.whole_days else _("On the day")
    return _("For %(stretch)s afterwards") % {"stretch": stretch} if cell.whole_days else _("On the day")


def _stretch(wait: Wait) -> str:
    if wait.hours is not None and wait.hours <= MORE_THAN_A_WEEKEND:
        return ngettext("%(n)s hour", "%(n)s hours", wait.hours) % {"n": wait.hours}
    return _days(wait.whole_days)


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _differs(cell: Cell, reader: Reader) -> Iterator[str]:
    if cell.range and cell.range[0] != cell.range[1]:
        low, high = cell.range
        yield reader.say("source.range", low=_days(low), high=_days(high), value=_stretch(cell))
    for extra in cell.extra:
        condition = reader.wording.condition(extra.when)
        yield _("Longer for some (%(condition)s): %(stretch)s.") % {"condition": condition, "stretch": _stretch(extra)}


def _care(record: Precare | Aftercare, days: int, when: str, reader: Reader) -> Line:
    return Line("", days, when, reader.words(record.ref, "do"), "", "", prescribed=False, basis=reader.basis_of(record))


def _precare(treatment: Treatment, reader: Reader) -> Iterator[Line]:
    for record in reader.knowledge.of(Precare).values():
        if treatment.id in targets(record.applies, record.excepting, reader.knowledge):
            first, last = record.from_days, record.to_days
            when = _("In the %(stretch)s before") % {"stretch": _days(first)} if first else _("On the day")
            if first and first == last:
                when = _("%(stretch)s before") % {"stretch": _days(first)}
            yield _care(record, first, when, reader)


def _aftercare(treatment: Treatment, reader: Reader) -> Iterator[Line]:
    for record in reader.knowledge.of(Aftercare).values():
        if treatment.id in targets(record.applies, record.excepting, reader.knowledge):
            hours = record.to_hours
            when = _("For %(stretch)s afterwards") % {"stretch": _stretch(_wait(hours, record))}
            yield _care(record, -(-hours // 24), _("Straight afterwards") if hours == 0 else when, reader)


def _wait(hours: int, record: Aftercare) -> Wait:
    """A stretch of hours as the windows hold theirs; whole days where it is longer than a weekend."""
    if hours > MORE_THAN_A_WEEKEND:
        return Wait(days=-(-hours // 24), source=record.source)
    return Wait(hours=hours, source=record.source)
