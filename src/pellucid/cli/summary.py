"""The terminal summary of ``pellucid consult``: what matters on one screen; the rest is in the report."""

from collections.abc import Iterable

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pellucid.cli.label_view import Hanging
from pellucid.exchange.model import FindingOut, InstructionOut, ObservedOut, OptionOut, Report
from pellucid.exchange.wording import day
from pellucid.knowledge.texts import Texts

STYLES = {
    "allowed": "green",
    "caution": "yellow",
    "ask": "cyan",
    "defer": "yellow",
    "refer": "magenta",
    "blocked": "red",
}
MARKS = {"allowed": "✓", "caution": "!", "ask": "?", "defer": "→", "refer": "+", "blocked": "✗"}

BEARINGS = {"supports": "=", "contradicts": "≠", "adds": "+"}

MOST_OPTIONS = 5
MOST_QUESTIONS = 6


def print_summary(report: Report, texts: Texts, console: Console | None = None) -> None:
    """Print what a person wants to know first."""
    screen = console or Console(highlight=False)
    screen.print(_urgent(report, texts))
    for line in report.summary:
        screen.print(Text(line, style="bold"))
    screen.print(_findings(report, texts))
    screen.print(_observed(report, texts))
    screen.print(_referrals(report, texts))
    if report.plan:
        screen.print(_section(report.plan.title, [Text(f"  {line}") for line in report.plan.summary]))
    screen.print(_options(report, texts))
    screen.print(_routine(report, texts))
    screen.print(_unknown(report, texts))
    screen.print(Text(report.intended_use, style="dim"))


def _section(title: str, parts: Iterable[object]) -> Group:
    shown = [part for part in parts if part is not None]
    return Group("", Text(title, style="bold underline"), *shown) if shown else Group()  # type: ignore[arg-type]


def _urgent(report: Report, texts: Texts) -> Group | Panel:
    urgent = [each for each in report.referral if each.urgency in {"emergency", "same_day"}]
    if not urgent:
        return Group()
    lines = [f"{each.urgency_text}: {each.text}\n{each.do}" for each in urgent]
    return Panel(Text("\n\n".join(lines)), title=texts.phrase("heading.urgent"), border_style="red")


def _findings(report: Report, texts: Texts) -> Group:
    return _section(
        texts.phrase("heading.findings"),
        [_finding(each, texts) for each in report.findings if each.kind != "concern" and _worth_a_line(each)],
    )


def _worth_a_line(finding: FindingOut) -> bool:
    return finding.kind in {"skin_type", "pore_type", "modifier", "lookalike", "cause"} or bool(finding.points)


def _finding(finding: FindingOut, texts: Texts) -> Text:
    name = texts.phrase("finding.could_be", name=finding.name) if finding.kind == "lookalike" else finding.name
    sure = f" ({finding.confidence_text})" if finding.because else ""
    line = Text(f"  {name}{sure}")
    if finding.because:
        line.append("\n    " + "; ".join(point.text for point in finding.because[:3] if point.weight > 0), style="dim")
    if finding.would_change and finding.confidence < 1:
        phrase = "finding.other_answer" if finding.would_change_answered else "finding.would_change_most"
        asked = texts.phrase(phrase, question=finding.would_change.label)
        line.append(f"\n    {asked}", style="dim")
    return line


def _observed(report: Report, texts: Texts) -> Group:
    return _section(texts.phrase("photo.observed"), [_beside(each, texts) for each in report.observed])


def _beside(each: ObservedOut, texts: Texts) -> Hanging:
    sentence = texts.phrase(
        "photo.observed.sentence", what=each.text, said=each.said, shown=each.shown, bearing=each.bearing_text
    )
    return Hanging(Text(sentence, style="yellow" if each.bearing == "contradicts" else ""), 4, BEARINGS[each.bearing])


def _referrals(report: Report, texts: Texts) -> Group:
    later = [each for each in report.referral if each.urgency not in {"emergency", "same_day"}]
    return _section(
        texts.phrase("heading.see_doctor"),
        [Text(f"  {each.urgency_text}: {each.text} {each.do}") for each in later],
    )


def _options(report: Report, texts: Texts) -> Group:
    shown = [_option(option, texts) for option in report.options[:MOST_OPTIONS]]
    return _section(texts.phrase("heading.options"), shown or [Text("  " + texts.phrase("option.none"))])


def _option(option: OptionOut, texts: Texts) -> Group:
    when = day(option.earliest, texts) if option.earliest else _no_date(option, texts)
    line = Text(f"  {MARKS[option.status]} {option.name}", style=STYLES[option.status])
    line.append(f"  {option.status_text}; {texts.phrase('heading.earliest')}: {when}", style="default")
    parts: list[object] = [line]
    parts += [Text(f"      {each.name}: {each.text}", style="dim") for each in option.reasons[:3]]
    parts += [
        _pause(each, texts)
        for each in option.preparation
        if each.action in {"pause", "ask_prescriber"} and each.applies
    ]
    return Group(*parts)  # type: ignore[arg-type]


def _no_date(option: OptionOut, texts: Texts) -> str:
    if option.once_settled is None:
        return texts.phrase("date.none")
    return texts.phrase("option.once_settled", date=day(option.once_settled, texts))


def _pause(line: InstructionOut, texts: Texts) -> Text:
    phrase = "prescriber.ask" if line.action == "ask_prescriber" else "pause.until_after"
    name = line.concerns or line.name
    return Text(f"      • {texts.phrase(phrase, name=name, date=day(line.since, texts))}")


def _routine(report: Report, texts: Texts) -> Group:
    table = Table.grid(padding=(0, 2))
    for part in ("morning", "evening", "deep_clean"):
        layers = getattr(report.routine, part)
        steps = [" / ".join(each.name for each in layer.products) or layer.name for layer in layers]
        if steps:
            table.add_row(Text("  " + texts.phrase(f"heading.{part}")), Text(" → ".join(steps)))
    for limit in report.routine.limits:
        table.add_row(Text(f"  {limit.name}", style="dim"), Text(limit.text, style="dim"))
    return _section(texts.phrase("heading.routine"), [table])


def _unknown(report: Report, texts: Texts) -> Group:
    shown = [Text(f"  ? {each.question.text}  [{each.question.path}]") for each in report.unknown[:MOST_QUESTIONS]]
    more = len(report.unknown) - MOST_QUESTIONS
    if more > 0:
        shown.append(Text(f"  + {more}", style="dim"))
    shown += [Text(f"  ? {texts.phrase('medicine.unrecognised', name=each.name)}") for each in report.unrecognised]
    return _section(texts.phrase("heading.unknown"), shown)
