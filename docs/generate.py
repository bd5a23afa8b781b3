"""Writes docs/reference/ from the knowledge base, the command line and the spec cases; ``--check`` only compares.

python docs/generate.py            write the pages
python docs/generate.py --check    say which pages are out of date; exit code 1 if any is

What stands on a page is told in docs/reference_pages/.
"""

import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from docs.reference_pages.cases import spec_cases  # noqa: E402
from docs.reference_pages.commands import commands  # noqa: E402
from docs.reference_pages.evidence import disagreements, sources  # noqa: E402
from docs.reference_pages.home_care import home_care  # noqa: E402
from docs.reference_pages.people import intake, referral  # noqa: E402
from docs.reference_pages.planning import planning  # noqa: E402
from docs.reference_pages.screening import rules, windows  # noqa: E402
from docs.reference_pages.treatments import treatments  # noqa: E402

from pellucid.cli.schema import schema_text  # noqa: E402
from pellucid.knowledge.base import Knowledge  # noqa: E402
from pellucid.knowledge.load import load  # noqa: E402
from pellucid.knowledge.texts import Texts  # noqa: E402

PAGES: dict[str, Callable[[Knowledge, Texts], str]] = {
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
    "label.schema.json": lambda _knowledge, _texts: schema_text("label"),
    "photo.schema.json": lambda _knowledge, _texts: schema_text("photo"),
    "change.schema.json": lambda _knowledge, _texts: schema_text("change"),
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
