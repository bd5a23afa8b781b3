"""``pellucid``: arguments and exit codes. Heavy parts are imported by the command that needs them.

Exit codes: 0 done; 1 something checked was not in order, or a fault of the program; 2 the input can't be used.
"""

import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from pellucid import __version__
from pellucid.cli.options import LANGUAGES, Day
from pellucid.cli.photo_commands import calibrate, card, compare, measure
from pellucid.model.errors import PellucidError, ProblemsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="pellucid")
@click.option("--debug", is_flag=True, help="Show the full traceback when something goes wrong.")
def cli(debug: bool) -> None:
    """Deep pore care, explained: from a consultation to a next step that nothing you told us rules out.

    Information for clients and professionals; a professional confirms. Never a diagnosis.
    """
    del debug  # read by main(), where errors are shown


@cli.command()
@click.argument("intake", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write report.html and report.json here; with --calendar also plan.json, .pdf, .ics and bundle.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON instead of a summary.")
@click.option("--today", type=Day(), metavar="DATE", help="The day on which this is asked (default: today).")
@click.option("--lang", type=LANGUAGES, help="Language of the report (default: the intake's own, else English).")
@click.option("--clinic", type=click.Path(path_type=Path, dir_okay=False), help="A clinic's own rules (TOML).")
@click.option(
    "--calendar",
    type=click.Path(path_type=Path, dir_okay=False),
    help="When the clinic has time (TOML): lays out a dated plan for twelve weeks.",
)
@click.option(
    "--measurement",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="What pellucid measure --zone ... --json printed: shown beside the answers.",
)
@click.option("--tasks", is_flag=True, help="In plan.ics, care at home as tasks instead of events.")
@click.option("--explain", metavar="ID", help="Show the full chain behind a rule, finding or treatment.")
@click.option(
    "--what-if",
    "what_if",
    metavar="FIELD=VALUE",
    multiple=True,
    help="Show what another answer would change.",
)
def consult(
    intake: Path,
    out: Path | None,
    as_json: bool,
    today: date | None,
    lang: str | None,
    clinic: Path | None,
    calendar: Path | None,
    measurement: Path | None,
    tasks: bool,
    explain: str | None,
    what_if: tuple[str, ...],
) -> None:
    """Assess and screen one person's INTAKE (TOML or JSON; - reads standard input).

    \b
    Examples:
      pellucid consult examples/intakes/oily_t_zone_student.toml
      pellucid consult intake.toml --out out --lang zh-hant
      pellucid consult intake.toml --calendar examples/clinic.toml --out out
      pellucid consult intake.toml --explain contraindication.gx13_gold
      pellucid consult intake.toml --what-if health.pregnancy=no
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    from pellucid.cli.consult import run

    run(
        intake,
        out=out,
        as_json=as_json,
        today=today or date.today(),
        language=lang,
        clinic=clinic,
        calendar=calendar,
        measurement=measurement,
        tasks=tasks,
        explain=explain,
        what_if=what_if,
    )


@cli.command()
@click.argument("intake", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), required=False)
@click.option("--today", type=Day(), metavar="DATE", help="The day on which this is asked (default: today).")
@click.option("--lang", type=LANGUAGES, default="en", help="Language of the questions.")
def questions(intake: Path | None, today: date | None, lang: str) -> None:
    """List the questions still worth asking, most telling first; without INTAKE, where to start."""
    from pellucid.cli.questions import run

    run(intake, today=today or date.today(), language=lang)


@cli.command()
@click.argument("what", type=click.Choice(["intake", "report", "plan", "label", "photo", "change"]))
def schema(what: str) -> None:
    """Print the JSON Schema of an intake, report.json or plan.json, or of what label, measure or compare print."""
    from pellucid.cli.schema import run

    run(what)


@cli.group()
def plan() -> None:
    """Look at a care plan that was written or edited."""


@plan.command("check")
@click.argument("file", metavar="PLAN.json", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--lang", type=LANGUAGES, help="Language of the messages (default: the plan's own).")
def plan_check(file: Path, lang: str | None) -> None:
    """Check a plan against every rule, day by day, and name each clash; exit code 1 if there is one."""
    from pellucid.cli.plan import run_check

    run_check(file, language=lang)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), required=False)
@click.option(
    "--intake",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answers of the person to judge it for (TOML or JSON).",
)
@click.option(
    "--plan", type=click.Path(path_type=Path, dir_okay=False), help="Their plan.json, for sessions and the routine."
)
@click.option("--kind", metavar="KIND", help="What kind of product it is, such as serum (default: inferred).")
@click.option("--today", type=Day(), metavar="DATE", help="The day on which this is asked (default: today).")
@click.option("--lang", type=LANGUAGES, help="Language (default: the intake's or the plan's, else English).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the marked-up text.")
@click.option(
    "--inventory/--no-inventory", default=True, help="Whether an imported inventory is used, if there is one."
)
@click.option("--misspelling/--no-misspelling", default=True, help="Whether misspelled names are recognised.")
@click.option(
    "--many",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    help="Judge many labels: one JSON object a line, with its text as text, raw or clean, and an id if you like.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --many: where the verdicts go, as .parquet or .jsonl.",
)
@click.option(
    "--barcode",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PHOTO",
    help="Print the number of the barcode in a photo, and nothing else.",
)
def label(
    file: Path | None,
    intake: Path | None,
    plan: Path | None,
    kind: str | None,
    today: date | None,
    lang: str | None,
    as_json: bool,
    inventory: bool,
    misspelling: bool,
    many: Path | None,
    out: Path | None,
    barcode: Path | None,
) -> None:
    """Read the ingredients in FILE (a text or a photo; - reads standard input) and say what they mean.

    \b
    Examples:
      pellucid label examples/labels/gel_cleanser.txt
      pellucid label label.txt --intake intake.toml --plan out/plan.json
      pellucid label - --kind serum --json < label.txt
      pellucid label --many labels.jsonl --out verdicts.parquet
      pellucid label --barcode photo.jpg
    """  # noqa: D301 - click's own mark keeps the examples on lines of their own
    if sum(each is not None for each in (file, many, barcode)) != 1:
        raise click.UsageError("Give one of FILE, --many FILE.jsonl or --barcode PHOTO.")
    if (many is None) != (out is None):
        raise click.UsageError("--many and --out go together.")
    if many and as_json:
        raise click.UsageError("--json is for one label; --many writes rows into the file that --out names.")
    from pellucid.cli import label as labels

    if barcode:
        labels.run_barcode(barcode, as_json=as_json)
        return
    asked = labels.ask(
        intake=intake,
        plan=plan,
        kind=kind,
        today=today or date.today(),
        language=lang,
        inventory=inventory,
        misspelling=misspelling,
    )
    if many and out:
        from pellucid.cli.label_many import run_many

        run_many(many, out, asked)
    elif file:
        labels.run(file, asked, as_json=as_json)


@cli.group()
def labels() -> None:
    """Look after the names by which ingredients are recognised."""


@labels.command("import-cosing")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--lang", type=LANGUAGES, default="en", help="Language of the messages.")
def labels_import(file: Path, lang: str) -> None:
    """Add the names of your own copy of the EU inventory of cosmetic ingredients (CosIng, as CSV)."""
    from pellucid.cli.labels import run_import

    run_import(file, lang)


@labels.command("forget-cosing")
@click.option("--lang", type=LANGUAGES, default="en", help="Language of the messages.")
def labels_forget(lang: str) -> None:
    """Remove the names that were imported."""
    from pellucid.cli.labels import run_forget

    run_forget(lang)


@labels.command("status")
@click.option("--lang", type=LANGUAGES, default="en", help="Language of the messages.")
def labels_status(lang: str) -> None:
    """Say whether an imported inventory is in use."""
    from pellucid.cli.labels import run_status

    run_status(lang)


@cli.group()
def knowledge() -> None:
    """Look at the knowledge base and check it."""


@knowledge.command()
def check() -> None:
    """Report every fault in the knowledge files, with file and key."""
    from pellucid.cli.knowledge import run_check

    run_check()


@knowledge.command()
def coverage() -> None:
    """Say which items of the founding documents are carried by which records, and what is missing."""
    from pellucid.cli.knowledge import run_coverage

    run_coverage()


@knowledge.command()
@click.argument("name", metavar="ID")
@click.option("--lang", type=LANGUAGES, default="en", help="Language of the texts.")
def show(name: str, lang: str) -> None:
    """Print the record ID (such as treatment.aha_peel, k1 or S21) with its sources and their strength."""
    from pellucid.cli.knowledge import run_show

    run_show(name, lang)


for command in (measure, compare, card, calibrate):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; every error that a user meets is mapped here, once."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        ended = cli.main(given, prog_name="pellucid", standalone_mode=False)
        code = ended if isinstance(ended, int) else 0
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 130
    except (BrokenPipeError, SystemExit):
        code = 0  # the reader of a pipe went away (click says so by SystemExit): nobody is left to tell
    except PellucidError as error:
        if "--debug" in given:
            raise
        _say(error)
        code = 2
    except OSError as error:
        if "--debug" in given:
            raise
        click.echo(f"pellucid: can't read or write: {error.strerror or error}", err=True)
        code = 2
    except Exception as error:
        if "--debug" in given:
            raise
        click.echo(f"pellucid: a fault in the program ({type(error).__name__}); --debug shows where.", err=True)
        code = 1
    sys.exit(code)


def _say(error: PellucidError) -> None:
    if isinstance(error, ProblemsError):
        count = len(error.problems)
        click.echo(f"pellucid: {count} problem{'s' if count > 1 else ''}; nothing was written.", err=True)
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
    else:
        click.echo(f"pellucid: {error}", err=True)
