"""The catalogue of treatments, and how a session of each runs."""

from docs.reference_pages.markdown import codes, page, table

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.treatments import Protocol, Treatment
from pellucid.knowledge.texts import Texts

CATALOGUE = (
    "id",
    "name",
    "from level",
    "families",
    "minutes",
    "days between",
    "sessions",
    "downtime, h",
    "evidence",
)


def treatments(knowledge: Knowledge, texts: Texts) -> str:
    """The catalogue, then the steps of each session."""
    catalogue = table(CATALOGUE, (_row(each, texts) for each in knowledge.of(Treatment).values()))
    steps = [part for protocol in knowledge.of(Protocol).values() for part in _steps(protocol, texts)]
    return page("Treatments", catalogue, "## Sessions step by step", *steps)


def _row(treatment: Treatment, texts: Texts) -> tuple[object, ...]:
    return (
        f"`{treatment.id}`",
        texts.get(treatment.ref, "name"),
        treatment.level.level,
        ", ".join(treatment.families),
        _range(treatment.minutes),
        _range(treatment.interval_days),
        _range(treatment.sessions),
        _range(treatment.downtime_hours),
        treatment.benefit.strength,
    )


def _range(span: object) -> str:
    low, high = getattr(span, "low", None), getattr(span, "high", None)
    if low is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def _steps(protocol: Protocol, texts: Texts) -> tuple[str, str]:
    """A protocol's title and the table of its steps."""
    rows = (
        (
            f"`{step.id}`",
            f"{step.minutes[0]:g}-{step.minutes[1]:g}",
            "yes" if step.optional else "",
            texts.get(protocol.ref, f"steps.{step.id}"),
            codes(step.stop),
            codes(step.source),
        )
        for step in protocol.steps
    )
    title = f"### {texts.get(protocol.ref, 'name')} (`{protocol.treatment}`)"
    return title, table(("step", "minutes", "optional", "what", "stop at", "sources"), rows)
