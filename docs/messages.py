"""The interface's sentences in Chinese: what is missing, and the compiled files that Django reads.

``messages.py`` compiles every ``django.po`` of the web application and says what is missing in it; ``--write`` adds
what is missing, empty, at its end. ``--check`` writes nothing and fails where anything is missing or stale.
No gettext programs are needed.
"""

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import escape, read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src" / "pellucid" / "web"
PO = Path("locale") / "zh_Hant" / "LC_MESSAGES" / "django.po"

LAZY = {f"{name}_lazy": spec for name, spec in DEFAULT_KEYWORDS.items() if not name.endswith("_")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
STANDS_IN = "in place of"
"""A comment that begins so says of which package a sentence is: it stands in the package's code, not in ours."""
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in the compiled files, so that the same sentences always give the same bytes."""

Id = tuple[str, str]
"""A context, or nothing, and a sentence; of a plural the singular."""


def main() -> int:
    """Read the command line; 0 where all is translated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--write", action="store_true", help="add what is missing, empty, to the .po files")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where anything is missing or stale")
    chosen = parser.parse_args()
    settings.configure()
    faults = [fault for app in apps() for fault in _app(app, write=chosen.write, check=chosen.check)]
    faults += said_twice(apps())
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def apps(web: Path = WEB) -> Iterator[Path]:
    """The parts of the web application."""
    yield from sorted(folder.parent for folder in web.glob("*/apps.py"))


def _app(app: Path, *, write: bool, check: bool) -> Iterator[str]:
    """What is wrong with one part; without ``check`` its compiled file is written."""
    wanted = sentences(app)
    po = app / PO
    if not po.exists():
        if not wanted:
            return
        if not write:
            yield f"{po}: missing, with {len(wanted)} sentences"
            return
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(HEADER, "utf-8")
    if write:
        add(po, wanted)
    catalog = read(po)
    yield from (f"{po}: {fault}" for fault in faults(catalog, wanted))
    mo, compiled = po.with_suffix(".mo"), compiled_of(catalog)
    if not check:
        mo.write_bytes(compiled)
    elif not mo.exists() or mo.read_bytes() != compiled:
        yield f"{mo}: stale; run docs/messages.py"


def sentences(app: Path) -> dict[Id, tuple[str, tuple[str, ...]]]:
    """What one part says: a sentence to where it stands first, and its forms (one, or singular and plural)."""
    found: dict[Id, tuple[str, tuple[str, ...]]] = {}
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]):
        for line, forms, context in _of_file(path):
            found.setdefault((context or "", forms[0]), (f"{path.relative_to(app).as_posix()}:{line}", forms))
    return found


def _of_file(path: Path) -> Iterator[tuple[int, tuple[str, ...], str | None]]:
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    for line, said, _, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        forms = (said,) if isinstance(said, str) else tuple(part for part in said if part)
        if forms and forms[0]:
            yield line, forms, context


def read(po: Path) -> Catalog:
    """The file of one part.

    Raises:
        PoFileError: it can't be read.
    """
    with po.open("rb") as file:
        return read_po(file, locale="zh_Hant", abort_invalid=True)


def faults(catalog: Catalog, wanted: dict[Id, tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """What is missing, not sure, out of use, or says something else than the English."""
    there = {_id(message): message for message in catalog if message.id}
    for key, (where, _) in wanted.items():
        if key not in there or not _is_whole(there[key]):
            yield f"not translated: {key[1]!r} ({where})"
    for key, message in there.items():
        if message.fuzzy:
            yield f"marked as not sure: {key[1]!r}"
        if key not in wanted and not any(STANDS_IN in comment for comment in message.user_comments):
            yield f"out of use: {key[1]!r}"
        if _placeholders(message.string) - _placeholders(message.id):
            yield f"other placeholders than the English: {key[1]!r}"
    yield from (f"out of use: {_id(message)[1]!r}" for message in catalog.obsolete.values())


def said_twice(all_apps: Iterable[Path]) -> list[str]:
    """Sentences with two translations: Django puts all parts into one catalogue, so that only one is ever shown."""
    found: dict[Id, set[str]] = defaultdict(set)
    for app in all_apps:
        if (app / PO).exists():
            for message in (each for each in read(app / PO) if each.id):
                found[_id(message)].add(" | ".join(_forms(message.string)))
    return [f"translated in two ways: {key[1]!r} ({sorted(said)})" for key, said in found.items() if len(said) > 1]


def _id(message: Message) -> Id:
    return (message.context or "", message.id if isinstance(message.id, str) else message.id[0])


def _is_whole(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _forms(said: object) -> list[str]:
    """One sentence, or singular and plural, as a list."""
    return [said] if isinstance(said, str) else list(said) if isinstance(said, list | tuple) else []


def _placeholders(said: object) -> set[str]:
    return set(PLACEHOLDER.findall(" ".join(_forms(said))))


def add(po: Path, wanted: dict[Id, tuple[str, tuple[str, ...]]]) -> None:
    """Put what is missing at the end, empty; what stands there stays as it was written, comments too."""
    there = {_id(message) for message in read(po)}
    with po.open("a", encoding="utf-8") as file:
        file.writelines(_entry(key, *found) for key, found in wanted.items() if key not in there)


def _entry(key: Id, where: str, forms: tuple[str, ...]) -> str:
    lines = [f"#: {where}", f"msgctxt {escape(key[0])}" if key[0] else "", f"msgid {escape(forms[0])}"]
    lines += [f"msgid_plural {escape(forms[1])}", 'msgstr[0] ""'] if len(forms) > 1 else ['msgstr ""']
    return "\n" + "\n".join(line for line in lines if line) + "\n"


def compiled_of(catalog: Catalog) -> bytes:
    """What Django reads."""
    catalog.creation_date = catalog.revision_date = FIRST_DAY
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Pellucid\\n"
"Language: zh_Hant\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


if __name__ == "__main__":
    sys.exit(main())
