"""``pellucid label``: read an ingredient text, say what it means, print it."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from pellucid.cli.consult import read, with_clinic
from pellucid.consult.profile import make_profile
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load
from pellucid.knowledge.schema.labels import ProductKind
from pellucid.knowledge.text_file import read_text
from pellucid.labels.inventory import imported_names, widened
from pellucid.labels.judge import judge
from pellucid.labels.photo import is_photo, read_words
from pellucid.labels.read import read_label
from pellucid.labels.vocabulary import Vocabulary, shipped
from pellucid.model.errors import InputError, Problem
from pellucid.model.ids import AnswerPath
from pellucid.model.label import Label
from pellucid.model.plan import CarePlan
from pellucid.model.profile import Profile
from pellucid.model.verdict import Verdict

LARGEST_FILE = 10_000_000
"""Bytes; a page with a list has a hundredth of it."""
PLAN_HAS = frozenset({"schema_version", "intake", "plan"})
"""What every plan.json has; a report holds a plan as well, and no intake."""
LONGEST_BEGINNING = 32
"""Bytes by which a picture is known."""


class Asked(NamedTuple):
    """Who asks, on which day, and what is known; the same for every label of a run."""

    knowledge: Knowledge
    vocabulary: Vocabulary
    imported: int
    """How many names an imported inventory adds."""
    misspelling: bool
    profile: Profile | None
    plan: CarePlan | None
    kind: str | None
    today: date
    language: str

    def read_and_judge(self, text: str) -> tuple[Label, Verdict]:
        """One label and what it means."""
        label = read_label(text, vocabulary=self.vocabulary, misspelling=self.misspelling)
        return label, self.judge(label)

    def judge(self, label: Label) -> Verdict:
        """What a label means."""
        return judge(
            label, profile=self.profile, plan=self.plan, knowledge=self.knowledge, today=self.today, kind=self.kind
        )


def run(file: Path, asked: Asked, *, as_json: bool) -> None:
    """Print one label, marked up, or as JSON."""
    from pellucid.exchange.label_build import build_label

    text, seen = text_of(file)
    if not text.strip():
        raise InputError([Problem(_name(file), "holds no text; give the list of ingredients")])
    label, verdict = asked.read_and_judge(text)
    report = build_label(
        label, verdict, language=asked.language, knowledge=asked.knowledge, imported_names=asked.imported
    )
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    from pellucid.cli.label_view import print_label

    print_label(report, asked.knowledge.texts(asked.language), photo=seen)


def run_barcode(file: Path, *, as_json: bool) -> None:
    """Print the numbers of the barcodes in a photo; exit code 1 if a check digit is wrong."""
    import json

    from pellucid.labels.barcode import read_barcodes

    codes = read_barcodes(file)
    if as_json:
        click.echo(json.dumps([code._asdict() for code in codes], indent=2))
    else:
        for code in codes:
            word = "right" if code.check_digit_right else "wrong: read it again"
            click.echo(f"{code.number}  {code.format}, check digit {word}")
    if not all(code.check_digit_right for code in codes):
        raise click.exceptions.Exit(1)


def ask(
    *,
    intake: Path | None,
    plan: Path | None,
    kind: str | None,
    today: date,
    language: str | None,
    inventory: bool,
    misspelling: bool,
) -> Asked:
    """Read who asks.

    Raises:
        InputError: the intake, the plan or the kind can't be used.
    """
    knowledge, care_plan, planned_in, answers = load(), None, None, None
    if plan:
        from pellucid.exchange.plan_file import LARGEST_FILE as LARGEST_PLAN
        from pellucid.exchange.plan_file import plan_of, read_plan

        _look_like_a_plan(plan, LARGEST_PLAN)
        file = read_plan(plan)
        knowledge = with_clinic(knowledge, file.clinic_rules)
        care_plan, planned_in, answers = plan_of(file), file.language, file.intake
    if intake:
        answers = read(intake)
        if not answers:
            raise InputError(
                [Problem(str(intake), "holds no answer; leave --intake out where nobody in particular asks")]
            )
    profile = make_profile(answers, knowledge=knowledge, today=today) if answers is not None else None
    own = str(profile.answers.get(AnswerPath("consultation.language"), "")) if profile else ""
    return Asked(
        knowledge=knowledge,
        vocabulary=widened() if inventory else shipped(),
        imported=len(imported_names()) if inventory else 0,
        misspelling=misspelling,
        profile=profile,
        plan=care_plan,
        kind=_kind(kind, knowledge),
        today=today,
        language=language or own or planned_in or "en",
    )


def _look_like_a_plan(file: Path, largest: int) -> None:
    """Refuse a file that is no plan at all in one line, before each of its fields is called a fault."""
    text = read_text(file, largest=largest, too_large="a plan is shorter", kind="JSON")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return  # what is wrong with it is told when it is read
    if not (isinstance(content, dict) and content.keys() >= PLAN_HAS):
        raise InputError([Problem(str(file), "is no plan; give the plan.json that pellucid consult --calendar writes")])


def _name(file: Path) -> str:
    return "standard input" if str(file) == "-" else str(file)


def _kind(kind: str | None, knowledge: Knowledge) -> str | None:
    kinds = knowledge.of(ProductKind)
    if kind is not None and kind not in kinds:
        raise InputError([Problem("--kind", f"{kind!r} is no kind of product; there is {', '.join(kinds)}")])
    return kind


def text_of(file: Path) -> tuple[str, bool]:
    """The text of a file, of standard input for ``-``, or in a photo; and whether it is a photo.

    Raises:
        InputError: it is missing, can't be read, is too large, is not UTF-8, or is a photo whose words can't be read.
    """
    if str(file) == "-":
        return _decoded(sys.stdin.buffer.read(LARGEST_FILE + 1)), False
    try:
        with file.open("rb") as opened:
            beginning = opened.read(LONGEST_BEGINNING)
    except OSError as error:
        raise InputError([Problem(str(file), f"can't be read: {error.strerror or error}")]) from error
    if is_photo(beginning):
        return read_words(file), True
    return read_text(file, largest=LARGEST_FILE, too_large="give the list alone", kind="plain text"), False


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise InputError([Problem("standard input", f"is larger than {LARGEST_FILE:,} bytes; give the list alone")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Problem("standard input", "is not text in UTF-8")]) from error
