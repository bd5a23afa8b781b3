"""Writes docs/reference/ from the knowledge base, the command line and the spec cases; ``--check`` only compares.

python docs/generate.py            write the pages
python docs/generate.py --check    say which pages are out of date; exit code 1 if any is
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.spec.cases import Case, cases  # noqa: E402

from pellucid.cli.main import cli  # noqa: E402
from pellucid.cli.schema import schema_text  # noqa: E402
from pellucid.consult.intake import ENTRIES  # noqa: E402
from pellucid.knowledge.base import Knowledge  # noqa: E402
from pellucid.knowledge.coverage import coverage  # noqa: E402
from pellucid.knowledge.load import load  # noqa: E402
from pellucid.knowledge.schema.base import Wait  # noqa: E402
from pellucid.knowledge.schema.home import Cap, Pair, PregnancyRule, Ramp  # noqa: E402
from pellucid.knowledge.schema.learn import Source  # noqa: E402
from pellucid.knowledge.schema.people import Question, Referral, SeedItem  # noqa: E402
from pellucid.knowledge.schema.planning import PlanGoal  # noqa: E402
from pellucid.knowledge.schema.rules import Age, Contraindication, Disagreement, Rule, Scope, Window  # noqa: E402
from pellucid.knowledge.schema.treatments import Protocol, Treatment  # noqa: E402
from pellucid.knowledge.texts import Texts  # noqa: E402

NOTE = "<!-- Written by docs/generate.py; change the data, not this page. -->"

Page = Callable[[Knowledge, Texts], str]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [f"| {' | '.join(titles)} |", f"|{' --- |' * len(titles)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def page(title: str, *parts: str) -> str:
    """A page with its title and the note that it is generated."""
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"


def codes(names: Iterable[str]) -> str:
    """Ids as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def treatments(knowledge: Knowledge, texts: Texts) -> str:
    """The catalogue."""
    rows = [
        (
            f"`{each.id}`",
            texts.get(each.ref, "name"),
            each.level.level,
            ", ".join(each.families),
            _range(each.minutes),
            _range(each.interval_days),
            _range(each.sessions),
            _range(each.downtime_hours),
            each.benefit.strength,
        )
        for each in knowledge.of(Treatment).values()
    ]
    head = (
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
    steps = []
    for protocol in knowledge.of(Protocol).values():
        steps.append(f"### {texts.get(protocol.ref, 'name')} (`{protocol.treatment}`)")
        steps.append(
            table(
                ("step", "minutes", "optional", "what", "stop at", "sources"),
                (
                    (
                        f"`{step.id}`",
                        f"{step.minutes[0]:g}-{step.minutes[1]:g}",
                        "yes" if step.optional else "",
                        texts.get(protocol.ref, f"steps.{step.id}"),
                        codes(step.stop),
                        codes(step.source),
                    )
                    for step in protocol.steps
                ),
            )
        )
    return page("Treatments", table(head, rows), "## Sessions step by step", *steps)


def _range(span: object) -> str:
    low, high = getattr(span, "low", None), getattr(span, "high", None)
    if low is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def rules(knowledge: Knowledge, texts: Texts) -> str:
    """Contraindications, ages and scope of practice."""
    head = (
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
    every: list[Rule] = [*knowledge.of(Contraindication).values(), *knowledge.of(Age).values()]
    rows = [
        (
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
        for rule in every
    ]
    scopes = [
        (
            f"`{scope.ref}`",
            scope.region,
            ", ".join(scope.applies),
            scope.min_level,
            "yes" if scope.in_force else "no, a proposal",
            texts.get(scope.ref, "note"),
            codes(scope.source),
        )
        for scope in knowledge.of(Scope).values()
    ]
    return page(
        "Screening rules",
        "The worst status of all rules that hold wins: allowed, caution, ask, defer, refer, blocked.",
        table(head, rows),
        "## Who may perform",
        table(("id", "region", "applies to", "from level", "in force", "note", "sources"), scopes),
    )


def _then(rule: Rule) -> str:
    if rule.then is None:
        return f"{rule.before_days} days ahead" if rule.before_days else ""
    wait = f"{rule.then.days} days" if rule.then.days is not None else f"{rule.then.months} months"
    return f"{rule.then.effect} {wait}"


def windows(knowledge: Knowledge, texts: Texts) -> str:
    """The windows table."""
    columns = (
        "extraction",
        "aha_peel",
        "carbon_laser",
        "microneedling",
        "radiofrequency",
        "microdermabrasion",
    )
    rows = []
    for window in knowledge.of(Window).values():
        cells = [_wait_cell(window, column) for column in columns]
        rows.append((f"`{window.id}`", texts.get(window.ref, "name"), window.side, window.type, *cells))
    return page(
        "Windows around a session",
        "Days unless h stands behind the number; the range that sources give in brackets; longer waits for some "
        "people after a semicolon.",
        table(("id", "what", "side", "kind", *columns), rows),
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


def home_care(knowledge: Knowledge, texts: Texts) -> str:
    """Caps, ramps, pairs and pregnancy."""
    skins = ("sensitive", "dry", "normal", "combination", "oily")
    caps = [
        (
            texts.get(cap.ref, "name"),
            cap.unit.replace("_", " "),
            *(_cap_cell(cap, skin) for skin in skins),
            codes(cap.source),
        )
        for cap in knowledge.of(Cap).values()
    ]
    ramps = [
        (
            texts.get(ramp.ref, "name"),
            ", ".join(ramp.for_skin),
            "; ".join(f"{step.weeks} wk at {step.per_week:g} a week" for step in ramp.steps),
            ramp.gap_days,
            codes(ramp.source),
        )
        for ramp in knowledge.of(Ramp).values()
    ]
    pairs = [
        (
            texts.get(pair.ref, "name"),
            pair.verdict.replace("_", " "),
            texts.get(pair.ref, "rule"),
            codes(pair.source),
        )
        for pair in knowledge.of(Pair).values()
    ]
    pregnancy = [
        (texts.get(rule.ref, "name"), rule.pregnant, rule.planning, rule.breastfeeding, codes(rule.source))
        for rule in knowledge.of(PregnancyRule).values()
    ]
    return page(
        "Care at home",
        "## How often",
        table(("what", "per", *skins, "sources"), caps),
        "## Bringing in something new",
        table(("what", "skin", "steps", "days to the next", "sources"), ramps),
        "## What goes together",
        table(("pair", "verdict", "rule", "sources"), pairs),
        "## Pregnancy, planning, breastfeeding",
        table(("what", "pregnant", "planning", "breastfeeding", "sources"), pregnancy),
    )


def _cap_cell(cap: Cap, skin: str) -> str:
    value = {str(name): each for name, each in cap.by_skin.items()}[skin]
    return f"{value.default:g}" + (f" [{value.range[0]:g}-{value.range[1]:g}]" if value.range else "")


def intake(knowledge: Knowledge, texts: Texts) -> str:
    """Every field of an intake file."""
    rows = [
        (
            f"`{each.id}`",
            texts.get(each.ref, "ask"),
            each.type.replace("_", " "),
            codes(each.options) or _bounds(each),
            each.fresh_days,
            "yes" if each.safety else "",
        )
        for each in knowledge.of(Question).values()
    ]
    entries = []
    for name, model in ENTRIES.items():
        fields = (field.alias or key for key, field in model.model_fields.items())
        entries.append((f"`{name}`", codes(fields), (model.__doc__ or "").splitlines()[0]))
    return page(
        "Intake files",
        "A TOML or JSON file; `person.age` is the key `age` in the table `[person]`. Leave out what is not known: "
        "a missing answer stays unknown, and for a safety question it is never taken as no. An empty list says none. "
        "`unsure = [...]` at the top names single options, such as `health.conditions.keloid_tendency`, that the "
        "person can't answer. The same as a JSON Schema: [intake.schema.json](intake.schema.json).",
        table(("field", "question", "type", "options", "asked again after days", "safety"), rows),
        "## Entries of lists",
        table(("entry", "fields", "what"), entries),
    )


def _bounds(question: Question) -> str:
    if question.minimum is None and question.maximum is None:
        return ""
    return f"{question.minimum:g} to {question.maximum:g} {question.unit or ''}".strip()


def disagreements(knowledge: Knowledge, texts: Texts) -> str:
    """Every disagreement with both positions."""
    parts = []
    for each in knowledge.of(Disagreement).values():
        title = texts.get(each.ref, "name")
        parts.append(f"## {title} (`{each.id}`{f', {each.seed}' if each.seed else ''})")
        lines = [
            f"- {texts.get(each.ref, f'positions.{position.id}')} ({codes(position.source)})"
            for position in each.positions
        ]
        lines.append(f"\nWhat we do: {texts.get(each.ref, 'resolution')} ({codes(each.resolution)})")
        lines.append(f"\nIn effect in: {codes(each.carried_by)}")
        parts.append("\n".join(lines))
    return page("Where sources disagree", *parts)


def referral(knowledge: Knowledge, texts: Texts) -> str:
    """When a professional should look."""
    rows = [
        (
            each.urgency.replace("_", " "),
            each.to,
            texts.get(each.ref, "reason"),
            f"`{each.when}`",
            codes(each.source),
        )
        for each in knowledge.of(Referral).values()
    ]
    return page("When to see a professional", table(("how soon", "whom", "reason", "when", "sources"), rows))


def sources(knowledge: Knowledge, _texts: Texts) -> str:
    """Every source and what carries which founding item."""
    rows = [
        (f"`{each.id}`", each.title, each.type, each.strength, each.seen, each.note)
        for each in knowledge.of(Source).values()
    ]
    found = coverage(knowledge)
    items = [
        (each.id, each.type, "; ".join(each.where), codes(each.carried_by) or f"feature: {each.feature}")
        for each in knowledge.of(SeedItem).values()
    ]
    counts = (
        f"knowledge {found.knowledge[0]}/{found.knowledge[1]}, contradictions "
        f"{found.contradictions[0]}/{found.contradictions[1]}, features {found.features[0]}/{found.features[1]}"
    )
    return page(
        "Sources and coverage",
        "Strength: A guideline with systematic review or trial; B society, regulator, law, label or manual; C small "
        "study, review or textbook; D practice page; S founding documents; N house rule. `seen` says how much of the "
        "text was read when it was entered.",
        table(("id", "title", "type", "strength", "seen", "note"), rows),
        f"## Items of the founding documents\n\n{counts}",
        table(("item", "kind", "where", "carried by"), items),
    )


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
    answer = [case.status or ""]
    answer.append(f"until {case.until}" if case.until else "")
    answer.append(codes((*case.rules, *case.findings)))
    answer.append(f"not {codes((*case.without, *case.not_findings))}" if case.without or case.not_findings else "")
    answer.append(f"referral: {case.referral}" if case.referral else "")
    return case.about, facts, asked, "; ".join(part for part in answer if part)


def planning(knowledge: Knowledge, texts: Texts) -> str:
    """What makes one care plan better than another."""
    rows = [(f"`{each.id}`", texts.get(each.ref, "name"), each.weight) for each in knowledge.of(PlanGoal).values()]
    about = "Where two plans keep every rule, these decide. What each weight counts is told in `planning.toml`."
    return page("Goals of a care plan", about, table(("id", "goal", "weight"), rows))


def commands(_knowledge: Knowledge, _texts: Texts) -> str:
    """The help of every command."""
    parts = []
    for path, command in _walk(cli, ["pellucid"]):
        context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
        parts.append(f"## {' '.join(path)}\n\n```text\n{command.get_help(context)}\n```")
    codes_of = "Exit codes: 0 done; 1 a check found faults, or the program has a fault; 2 the input can't be used."
    return page("Command line", codes_of, *parts)


def _walk(command: click.Command, path: list[str]) -> Iterable[tuple[list[str], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk(command.commands[name], [*path, name])


PAGES: dict[str, Page] = {
    "treatments.md": treatments,
    "rules.md": rules,
    "windows.md": windows,
    "home_care.md": home_care,
    "intake.md": intake,
    "disagreements.md": disagreements,
    "referral.md": referral,
    "sources.md": sources,
    "cases.md": spec_cases,
    "planning.md": planning,
    "commands.md": commands,
    "report.schema.json": lambda _knowledge, _texts: schema_text("report"),
    "plan.schema.json": lambda _knowledge, _texts: schema_text("plan"),
    "intake.schema.json": lambda _knowledge, _texts: schema_text("intake"),
}


def main(arguments: list[str]) -> int:
    """Write or compare every page."""
    knowledge = load()
    texts = knowledge.texts("en")
    folder = HERE / "reference"
    folder.mkdir(exist_ok=True)
    stale = []
    for name, make in PAGES.items():
        wanted = make(knowledge, texts)
        file = folder / name
        if not file.is_file() or file.read_text("utf-8") != wanted:
            stale.append(name)
            if "--check" not in arguments:
                file.write_text(wanted, "utf-8")
    stray = sorted({file.name for file in folder.iterdir()} - PAGES.keys())
    for name in (*stale, *stray):
        print(f"docs/reference/{name}: {'out of date' if name in stale else 'belongs to no page'}")
    if "--check" in arguments and (stale or stray):
        print("run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
