"""Why something can't be booked, and until when, as its client reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pellucid.exchange.build import Builder
from pellucid.knowledge.load import load
from pellucid.model.decision import Reason
from pellucid.plan.fit import ADJUSTED, Fit, Why
from pellucid.web.ui.language import texts
from pellucid.web.ui.templatetags.ui import day_words

SCREENING: frozenset[Why] = frozenset({"no_screening", "incomplete", "expired"})
"""What answering the questions mends."""
TALK = gettext_lazy("Book a consultation at the clinic to talk it over.")
MOST_LINES = 4

SAID: Mapping[Why, tuple[Promise, Promise | str]] = {
    "archived": (gettext_lazy("Your record is archived."), gettext_lazy("Write to us or call, and we bring it back.")),
    "no_screening": (
        gettext_lazy("A few questions come first."),
        gettext_lazy("They show what fits you. Until then you can book a consultation at the clinic."),
    ),
    "incomplete": (
        gettext_lazy("Some answers are missing."),
        gettext_lazy("With them you see what fits you. Until then you can book a consultation at the clinic."),
    ),
    "expired": (
        gettext_lazy("Some of your answers are too old to count."),
        gettext_lazy("Please say whether they are still so. Until then you can book a consultation at the clinic."),
    ),
    "guardian": (
        gettext_lazy("A parent or guardian has to agree first."),
        gettext_lazy("Until then you can book a consultation at the clinic."),
    ),
    "waits": (gettext_lazy("Not yet: something you told us asks for a wait."), ""),
    "interval": (gettext_lazy("Too close to another visit for the same treatment."), ""),
    "visits": (gettext_lazy("Too close to another visit of yours."), ""),
    "together": (
        gettext_lazy("These don't go together in one visit."),
        gettext_lazy("Please book them as visits of their own."),
    ),
    "adjusted": (gettext_lazy("Your practitioner advises against it for now."), TALK),
    "level": (gettext_lazy("Somebody with a higher licence has to do this for you."), TALK),
    "refer": (gettext_lazy("Please see a doctor first."), TALK),
    "blocked": (gettext_lazy("Something you told us speaks against it."), TALK),
}
"""What stands against a visit, and what to do; where a later day is known, that is said too."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reason."""

    name: str
    until: date | None
    next: str


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a visit."""

    title: str
    text: str
    lines: tuple[Line, ...]
    asks: bool
    """Whether answering the questions mends it."""


def against(fit: Fit) -> Against | None:
    """What stands against it; None where nothing does."""
    if not fit.why:
        return None
    title, todo = SAID[fit.why]
    text = _("It fits from %(day)s on.") % {"day": day_words(fit.until)} if fit.until else str(todo)
    asks = fit.why in SCREENING
    lines = _questions(fit) if asks else _reasons(fit)
    return Against(str(title), text, tuple(dict.fromkeys(lines))[:MOST_LINES], asks)


def _questions(fit: Fit) -> Iterator[Line]:
    """The questions whose answers are missing."""
    for path in dict.fromkeys(path for reason in fit.reasons for path in reason.asks):
        yield Line(texts().get(f"question.{path}", "label"), None, "")


def _reasons(fit: Fit) -> Iterator[Line]:
    """What decided, and nothing that weighs less."""
    for reason in fit.reasons:
        if reason.status is fit.status and reason.rule != ADJUSTED and not reason.asks:
            yield _line(reason, beside=fit.why != "together")


def _line(reason: Reason, *, beside: bool) -> Line:
    """A treatment in place of a rule is one of the same visit, or of another one beside it."""
    if reason.rule.startswith("treatment."):
        name = texts().get(reason.rule, "name")
        return Line(_("Another visit: %(what)s") % {"what": name} if beside else name, reason.until, "")
    name, _why, following = Builder(load(), texts().language, ()).reason_words(reason.rule)
    return Line(name, reason.until, following)
