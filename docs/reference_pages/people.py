"""What concerns people: what they are asked, and when a professional should look."""

from collections.abc import Iterator

from docs.reference_pages.markdown import codes, page, table

from pellucid.consult.intake import ENTRIES
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.people import Question, Referral
from pellucid.knowledge.texts import Texts


def intake(knowledge: Knowledge, texts: Texts) -> str:
    """Every field of an intake file."""
    questions = (_question_row(each, texts) for each in knowledge.of(Question).values())
    return page(
        "Intake files",
        "A TOML or JSON file; `person.age` is the key `age` in the table `[person]`. Leave out what is not known: "
        "a missing answer stays unknown, and for a safety question it is never taken as no. An empty list says none. "
        "`unsure = [...]` at the top names single options, such as `health.conditions.keloid_tendency`, that the "
        "person can't answer. The same as a JSON Schema: [intake.schema.json](intake.schema.json).",
        table(("field", "question", "type", "options", "asked again after days", "safety"), questions),
        "## Entries of lists",
        table(("entry", "fields", "what"), _entries()),
    )


def _question_row(question: Question, texts: Texts) -> tuple[object, ...]:
    return (
        f"`{question.id}`",
        texts.get(question.ref, "ask"),
        question.type.replace("_", " "),
        codes(question.options) or _bounds(question),
        question.fresh_days,
        "yes" if question.safety else "",
    )


def _bounds(question: Question) -> str:
    if question.minimum is None and question.maximum is None:
        return ""
    return f"{question.minimum:g} to {question.maximum:g} {question.unit or ''}".strip()


def _entries() -> Iterator[tuple[str, str, str]]:
    for name, model in ENTRIES.items():
        fields = (field.alias or key for key, field in model.model_fields.items())
        yield f"`{name}`", codes(fields), (model.__doc__ or "").splitlines()[0]


def referral(knowledge: Knowledge, texts: Texts) -> str:
    """When a professional should look."""
    rows = (
        (
            each.urgency.replace("_", " "),
            each.to,
            texts.get(each.ref, "reason"),
            f"`{each.when}`",
            codes(each.source),
        )
        for each in knowledge.of(Referral).values()
    )
    return page("When to see a professional", table(("how soon", "whom", "reason", "when", "sources"), rows))
