"""Numbers of the questionnaire as people write them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pellucid.knowledge.schema.people import Question

UNITS: Mapping[str, str | Promise] = {
    "years": gettext_lazy("years"),
    "hours": gettext_lazy("hours"),
    "weeks": gettext_lazy("weeks"),
    "minutes": gettext_lazy("minutes"),
    "ug/cm2": "µg/cm²",
    "a.u.": gettext_lazy("units"),
}


def unit(question: Question) -> str:
    """The unit of a number in words; empty where it has none."""
    return str(UNITS.get(question.unit or "", ""))


def plain_number(value: float) -> str:
    """A number without needless noughts."""
    return str(int(value)) if value == int(value) else str(value)


def with_unit(value: float, question: Question) -> str:
    """A number and its unit, such as ``34 years``."""
    return f"{plain_number(value)} {unit(question)}".strip()
