"""What makes one care plan better than another."""

from docs.reference_pages.markdown import page, table

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.planning import PlanGoal
from pellucid.knowledge.texts import Texts


def planning(knowledge: Knowledge, texts: Texts) -> str:
    """The goals of a plan, and what each counts."""
    rows = [(f"`{each.id}`", texts.get(each.ref, "name"), each.weight) for each in knowledge.of(PlanGoal).values()]
    about = "Where two plans keep every rule, these decide. What each weight counts is told in `planning.toml`."
    return page("Goals of a care plan", about, table(("id", "goal", "weight"), rows))
