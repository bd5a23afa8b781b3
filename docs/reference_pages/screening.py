"""What screening goes by: contraindications, ages, scope of practice, and the windows around a session."""

from docs.reference_pages.markdown import codes, page, table

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.schema.base import Wait
from pellucid.knowledge.schema.rules import Age, Contraindication, Rule, Scope, Window
from pellucid.knowledge.texts import Texts

RULE = (
    "id",
    "row",
    "name",
    "when",
    "applies to",
    "effect",
    "then",
    "by level",
    "override",
    "lifted by",
    "sources",
)
SCOPE = ("id", "region", "applies to", "from level", "in force", "note", "sources")
COLUMNS = (
    "extraction",
    "aha_peel",
    "carbon_laser",
    "microneedling",
    "radiofrequency",
    "microdermabrasion",
)
"""The columns of windows that have room on a page."""


def rules(knowledge: Knowledge, texts: Texts) -> str:
    """Contraindications, ages and scope of practice."""
    every: list[Rule] = [*knowledge.of(Contraindication).values(), *knowledge.of(Age).values()]
    return page(
        "Screening rules",
        "The worst status of all rules that hold wins: allowed, caution, ask, defer, refer, blocked.",
        table(RULE, (_rule_row(rule, texts) for rule in every)),
        "## Who may perform",
        table(SCOPE, (_scope_row(scope, texts) for scope in knowledge.of(Scope).values())),
    )


def _rule_row(rule: Rule, texts: Texts) -> tuple[object, ...]:
    return (
        f"`{rule.ref}`",
        getattr(rule, "evidence", ""),
        texts.get(rule.ref, "name"),
        f"`{rule.when}`",
        ", ".join(rule.applies) + (f" except {', '.join(rule.excepting)}" if rule.excepting else ""),
        rule.effect,
        _then(rule),
        ", ".join(f"{level}: {word}" for level, word in rule.by_level.items()),
        rule.override,
        ", ".join(rule.lifted_by),
        codes(rule.source) + ("" if rule.verified else " (not verified)"),
    )


def _then(rule: Rule) -> str:
    if rule.then is None:
        return f"{rule.before_days} days ahead" if rule.before_days else ""
    wait = f"{rule.then.days} days" if rule.then.days is not None else f"{rule.then.months} months"
    return f"{rule.then.effect} {wait}"


def _scope_row(scope: Scope, texts: Texts) -> tuple[object, ...]:
    return (
        f"`{scope.ref}`",
        scope.region,
        ", ".join(scope.applies),
        scope.min_level,
        "yes" if scope.in_force else "no, a proposal",
        texts.get(scope.ref, "note"),
        codes(scope.source),
    )


def windows(knowledge: Knowledge, texts: Texts) -> str:
    """The windows table."""
    rows = []
    for window in knowledge.of(Window).values():
        cells = [_wait_cell(window, column) for column in COLUMNS]
        rows.append((f"`{window.id}`", texts.get(window.ref, "name"), window.side, window.type, *cells))
    return page(
        "Windows around a session",
        "Days unless h stands behind the number; the range that sources give in brackets; longer waits for some "
        "people after a semicolon.",
        table(("id", "what", "side", "kind", *COLUMNS), rows),
    )


def _wait_cell(window: Window, column: str) -> str:
    cell = {str(name): value for name, value in window.columns.items()}.get(column)
    if cell is None:
        return ""
    extra = "".join(f"; {_wait(each)} if `{each.when}`" for each in cell.extra)
    return f"{_wait(cell)}{extra} ({', '.join(cell.source)})"


def _wait(wait: Wait) -> str:
    shown = f"{wait.hours} h" if wait.hours is not None else f"{wait.days}"
    return f"{shown} [{wait.range[0]}-{wait.range[1]}]" if wait.range else shown
