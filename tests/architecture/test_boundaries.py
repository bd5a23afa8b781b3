"""What holds in the whole package: a light ``--help``, one place for the clock and for prices, texts without claims."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import pellucid
from pellucid.knowledge.texts import LANGUAGES, leaves

PACKAGE = Path(pellucid.__file__).parent
DATA = PACKAGE / "knowledge" / "data"
TEMPLATES = sorted(path for kind in ("*.jinja", "*.typ") for path in PACKAGE.rglob(kind))
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}


def fine(faults: Iterable[str], what_to_do: str) -> None:
    """Fail with all faults and with what to do about them."""
    found = list(faults)
    assert not found, "\n".join([what_to_do, *found])


# --- the help starts at once ------------------------------------------------------------------------------

HEAVY = ("pydantic", "jinja2", "ortools", "icalendar", "typst", "fhir", "numpy", "pandas", "rich")
"""Libraries that only some commands need; any of them would slow down every start."""

LOADED = """
import sys
from pellucid.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded_by(*arguments: str) -> set[str]:
    """The top-level packages that one run of the command line has imported."""
    command = [sys.executable, "-c", LOADED, *arguments]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    assert ended.stdout.startswith("Usage: pellucid"), ended.stdout
    return set(ended.stderr.split())


def test_the_help_imports_nothing_heavy() -> None:
    loaded = loaded_by("--help")
    assert {"click", "pellucid"} <= loaded
    fine(
        (name for name in HEAVY if name in loaded),
        "pellucid --help imports these. Import them inside the function that needs them, and import the module that "
        "needs them inside the command (see cli/main.py):",
    )


# --- only the shell reads the clock -----------------------------------------------------------------------

CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.asctime",
    "time.strftime",
    "django.utils.timezone.now",
}
"""Whatever tells the day or the time of day."""


def clock_reads(source: str) -> Iterator[tuple[int, str]]:
    """Every place in a module that names the clock, by line, under whatever name it was imported."""
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        full = _full_name(node, names)
        if full in CLOCK:
            yield node.lineno, full  # type: ignore[attr-defined] # names and attributes have a line


def _imported(tree: ast.Module) -> Mapping[str, str]:
    """A name in the module to what it stands for: ``dt`` to ``datetime``, ``day`` to ``datetime.date``."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            found.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return found


def _full_name(node: ast.AST, names: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _full_name(node.value, names)
        return f"{owner}.{node.attr}" if owner else None
    return None


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("import time\ntime.time()", ["time.time"]),
        ("from time import time as now\nnow()", ["time.time"]),
        ("from datetime import date\ndate.today()", ["datetime.date.today"]),
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", ["datetime.datetime.now"]),
        ("from datetime import datetime as moment\nfield(default_factory=moment.utcnow)", ["datetime.datetime.utcnow"]),
        ("from datetime import date\ndate.fromisoformat('2026-11-20')", []),
        ("profile.today, plan.now, self.time", []),
    ],
)
def test_a_read_of_the_clock_is_found(source: str, reads: list[str]) -> None:
    assert [full for _, full in clock_reads(source)] == reads


def test_nothing_below_the_shells_reads_the_clock() -> None:
    below = {name: path for name, path in MODULES.items() if not name.startswith(("cli/", "web/sites/clock.py"))}
    assert len(below) > 50
    fine(
        (
            f"{name}:{line}: {full}"
            for name, path in below.items()
            for line, full in clock_reads(path.read_text("utf-8"))
        ),
        "The clock is read here. Take `today` or `now` as an argument; only cli/ and web/sites/clock.py read it:",
    )


# --- what texts never claim -------------------------------------------------------------------------------

CLAIMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "pores that change": r"\b(clos|open|shr[iau]nk|tighten|minimi[sz])\w*\b[^.;:?!]{0,20}\bpores?\b"
        r"|\bpores?\b[^.;:?!]{0,30}\b(clos|open|shr[iau]nk|tighten|(?<!look )smaller)",
        "detox": r"\bdetox|(?<!botulinum )\btoxins?\b",
        "cure": r"\bcur(e|es|ed|ing)\b",
        "prevents acne": r"\bprevent\w*\W+(\w+\W+){0,2}(acne|spots|breakouts|pimples)",
        "diagnosis": r"(?<!not a )(?<!never a )(?<!no )\bdiagnos",
        "safe": r"\bsafe(ly|r|st)?\b",
    },
    "zh_hant": {
        "pores that change": r"(閉合|關閉|關上|縮小|收縮|收緊|緊緻|打開|張開|撐開|擴張)[^。；，？！]{0,6}毛孔"
        r"|毛孔[^。；，？！]{0,10}(閉|關[上閉]|縮|(?<!看起來)(?<!看起來」)變小|收緊|打開|張開)",
        "detox": r"排毒|毒素",
        "cure": r"治癒|治好|根治|痊癒",
        "prevents acne": r"預防(痘|粉刺|痤瘡|面皰)",
        "diagnosis": r"(?<!不是)(診斷|確診)",
        "safe": r"安全(?!性?(問題|規則|有關|相關))",
    },
}
"""Language to what a text must not claim, and the words by which it would."""

ALLOWED: Mapping[tuple[str, str], str] = {
    ("*", r"myth\.\w+\.claim"): "quotes what is often said; the answer beside it corrects it",
    ("*", r"disagreement\.\w+\.positions\.\w+"): "quotes what a source says; the resolution says what holds",
    ("*", r"disagreement\.\w+\.name"): "asks the question on which sources differ",
    ("cure", r"disagreement\.k31\.resolution"): "says that we never promise one",
    ("cure", r"contraindication\.gx1_active_infection\.next"): "says to wait until an infection has healed",
    ("detox", r"fact\.charcoal\.body"): "says that no proof is known",
    ("diagnosis", r"referral\.\w+\.do"): "says what a dermatologist does, and we don't",
}
"""A claim (or all) and the texts in which its words may stand, with the reason."""

UNCLAIMED = [
    ("en", "Steam opens pores."),
    ("en", "It tightens your pores."),
    ("en", "Pores will shrink for good."),
    ("en", "Your pores become smaller."),
    ("en", "A detox mask."),
    ("en", "It cures acne."),
    ("en", "This prevents new spots."),
    ("en", "We diagnose rosacea."),
    ("en", "This peel is safe."),
    ("zh_hant", "蒸臉打開毛孔。"),
    ("zh_hant", "讓毛孔縮小。"),
    ("zh_hant", "毛孔會變小。"),
    ("zh_hant", "幫助排毒。"),
    ("zh_hant", "治好痘痘。"),
    ("zh_hant", "可以預防粉刺。"),
    ("zh_hant", "我們診斷為酒糟。"),
    ("zh_hant", "這項療程很安全。"),
]


def claims_in(text: str, language: str) -> list[str]:
    """What a text claims, or seems to."""
    line = " ".join(text.split())
    return [claim for claim, words in CLAIMS[language].items() if re.search(words, line, re.IGNORECASE)]


def texts() -> Iterator[tuple[str, str, str]]:
    """Every text that a user may read, as (language, where, text); a template is read in every language."""
    for language in LANGUAGES:
        for file in sorted((DATA / "text" / language).glob("*.toml")):
            for key, text in leaves(tomllib.loads(file.read_text("utf-8"))):
                yield language, key, text
        for file in TEMPLATES:
            yield from ((language, file.name, line) for line in file.read_text("utf-8").splitlines())


def allowances(claim: str, where: str) -> Iterator[tuple[str, str]]:
    for about, pattern in ALLOWED:
        if about in {"*", claim} and re.fullmatch(pattern, where):
            yield about, pattern


@pytest.mark.parametrize(("language", "text"), UNCLAIMED)
def test_a_claim_is_found(language: str, text: str) -> None:
    assert claims_in(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Pores can look smaller when they are clean."),
        ("en", "Open comedones on the nose."),
        ("en", "Botulinum toxin before the session"),
        ("en", "This is not a diagnosis."),
        ("en", "Nothing you told us rules this out."),
        ("zh_hant", "清潔後毛孔看起來變小。"),
        ("zh_hant", "這不是診斷。"),
        ("zh_hant", "與安全有關"),
    ],
)
def test_what_holds_may_be_said(language: str, text: str) -> None:
    assert claims_in(text, language) == []


def test_no_text_claims_what_does_not_hold() -> None:
    fine(
        (
            f"{language} {where}: {claim}: {text.strip()}"
            for language, where, text in texts()
            for claim in claims_in(text, language)
            if not any(allowances(claim, where))
        ),
        "These words promise what nobody can. Pores only look smaller; say what was seen, and who can judge it. A "
        "text that quotes or denies the claim is listed in ALLOWED, with its reason:",
    )


def test_every_allowance_is_still_needed() -> None:
    used = {
        allowance
        for language, where, text in texts()
        for claim in claims_in(text, language)
        for allowance in allowances(claim, where)
    }
    fine(map(str, ALLOWED.keys() - used), "No text needs these any more. Take them out of ALLOWED:")


# --- prices can't touch what fits -------------------------------------------------------------------------

MONEY = re.compile(r"(^|[._])(prices?|commissions?)($|[._])", re.IGNORECASE)
"""A name or key that speaks of what something costs or earns."""

PRICED = ("booking/", "plan/", "exchange/", "model/slot.py", "web/")
"""Where prices live: what a slot costs, whether a plan keeps a budget, and what is shown of both."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def names_in(source: str) -> Iterator[tuple[int, str]]:
    """Every name, field, argument and key of a module, by line; prose is none of these."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.keyword(arg=str(name)):
                yield node.value.lineno, name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(name=name):
                yield node.lineno, name
            case ast.Constant(value=str(text)) if NAME.fullmatch(text):
                yield node.lineno, text


def keys_in(node: Any) -> Iterator[str]:
    """Every key below a node of a TOML file, and every id, which is a key to others."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            if key == "id":
                yield value
            yield from keys_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from keys_in(item)


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("class Option:\n    price: int", True),
        ("def rank(*, commission_rate): ...", True),
        ("treatment.list_price", True),
        ("answers['wishes.price']", True),
        ("Option(price=3)", True),
        ("'''Price and commission can't enter.'''", False),
        ("priced = budget", False),
    ],
)
def test_a_name_for_money_is_found(source: str, *, is_found: bool) -> None:
    assert any(MONEY.search(name) for _, name in names_in(source)) is is_found


def test_no_price_stands_where_treatments_are_ranked() -> None:
    unpriced = {name: path for name, path in MODULES.items() if not name.startswith(PRICED)}
    assert any(name.startswith("consult/") for name in unpriced)
    fine(
        (
            f"{name}:{line}: {found}"
            for name, path in unpriced.items()
            for line, found in names_in(path.read_text("utf-8"))
            if MONEY.search(found)
        ),
        f"Prices and commissions live in {', '.join(PRICED)} alone, so that they can't move what is recommended. Take "
        "these out, or let one of those parts do it:",
    )


def test_no_price_stands_in_the_knowledge() -> None:
    files = sorted(file for file in DATA.rglob("*.toml") if file.name != "interface.toml")  # it names what pages show
    assert len(files) > 50
    fine(
        (
            f"{file.relative_to(DATA)}: {key}"
            for file in files
            for key in keys_in(tomllib.loads(file.read_text("utf-8")))
            if MONEY.search(key)
        ),
        "The knowledge says what suits whom and holds no prices or commissions. A clinic's prices belong in its own "
        "file for bookings:",
    )
