"""Publishing the wordings that people agree to. A published one is never changed, only followed by the next version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from django.db import transaction
from django.db.models import Max

from pellucid.web.audit.record import record
from pellucid.web.sites.models import LANGUAGES, Document


@dataclass(frozen=True, slots=True)
class Wording:
    """A document's title and text in one language, with the simple marks that ``Document.text`` describes."""

    title: str
    text: str


def starting_text(kind: str, language: str) -> Wording:
    """The text that Pellucid ships as a starting point; a clinic reviews it with its lawyer."""
    folder = files("pellucid.web.sites") / "documents" / language.replace("-", "_")
    first, _, rest = (folder / f"{kind}.txt").read_text("utf-8").partition("\n")
    return Wording(first.removeprefix("# ").strip(), rest.strip())


@transaction.atomic
def publish(kind: str, wordings: Mapping[str, Wording], *, by: str, now: datetime) -> list[Document]:
    """Publish the next version of one kind in every language at once.

    Args:
        kind: one of ``Document.KINDS``.
        wordings: language to wording; all languages, so that versions mean the same everywhere.
        by: who does it, as the audit trail names them.
        now: when.

    Raises:
        ValueError: the kind is unknown, or a language is missing.
    """
    if kind not in dict(Document.KINDS):
        raise ValueError(f"no kind of document {kind!r}")
    missing = dict(LANGUAGES).keys() - wordings.keys()
    if missing:
        raise ValueError(f"no {kind} in {', '.join(sorted(missing))}")
    last = Document.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    documents = Document.objects.bulk_create(
        Document(
            kind=kind, version=last + 1, language=language, title=wording.title, text=wording.text, published_at=now
        )
        for language, wording in wordings.items()
    )
    record(actor=by, action="document.published", subject=f"document.{kind}", now=now, version=last + 1)
    return documents


def publish_starting_texts(*, by: str, now: datetime) -> None:
    """Publish the shipped texts as version 1 of each kind that has none yet; again is harmless."""
    standing = set(Document.objects.values_list("kind", flat=True))
    for kind, _ in Document.KINDS:
        if kind not in standing:
            publish(kind, {language: starting_text(kind, language) for language, _ in LANGUAGES}, by=by, now=now)
