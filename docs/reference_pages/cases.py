"""The worked cases: the rows that the spec tests run, as tables."""

from docs.reference_pages.markdown import codes, page, table
from tests.spec.cases import Case, cases

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.texts import Texts


def spec_cases(_knowledge: Knowledge, _texts: Texts) -> str:
    """The spec tables."""
    parts = []
    tables: dict[str, list[Case]] = {}
    for case in cases():
        tables.setdefault(case.table, []).append(case)
    for name, rows in tables.items():
        parts.append(f"## {name.replace('_', ' ').capitalize()}")
        parts.append(table(("case", "answers that differ", "asked", "answer"), (_case_row(case) for case in rows)))
    return page(
        "Worked cases",
        "Each row starts from a person about whom every safety question was answered and nothing stands in the way "
        "(or from no answers at all), changes a few answers, and says what comes out. The tests run the same rows. "
        "Unless a row says otherwise the day is 20 November 2026.",
        *parts,
    )


def _case_row(case: Case) -> tuple[str, str, str, str]:
    facts = "; ".join(f"`{path}` = {value}" for path, value in case.facts.items())
    facts = f"no answers but {facts}" if case.from_nothing and facts else facts or "none"
    asked = case.treatment or "assessment"
    if case.performer:
        asked += f" by {case.performer}"
    if case.on:
        asked += f" on {case.on.isoformat()}"
    return case.about, facts, asked, _answer(case)


def _answer(case: Case) -> str:
    parts = (
        case.status,
        f"until {case.until}" if case.until else "",
        codes((*case.rules, *case.findings)),
        f"not {codes((*case.without, *case.not_findings))}" if case.without or case.not_findings else "",
        f"referral: {case.referral}" if case.referral else "",
    )
    return "; ".join(part for part in parts if part)
