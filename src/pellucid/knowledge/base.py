"""The knowledge base as one frozen value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pellucid.knowledge.schema.base import Record, values
from pellucid.knowledge.texts import Texts
from pellucid.model.errors import UnknownIdError
from pellucid.model.levels import Level
from pellucid.model.spans import Run

if TYPE_CHECKING:
    from pellucid.knowledge.ingredients import Ingredients

R = TypeVar("R", bound=Record)


CONDITIONS = frozenset({"when", "match", "ask_when", "not_when", "skip_when"})
"""Fields of records that hold a condition."""


@dataclass(frozen=True, slots=True)
class Override:
    """A recorded decision to go ahead in spite of a rule that allows an override."""

    rules: tuple[str, ...]
    treatments: tuple[str, ...]
    """Only for these; empty means wherever the rules apply."""
    by: str
    level: Level
    reason: str
    days: Run
    client: str | None = None


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Every record by kind and id, the texts, and the hash that decisions carry.

    Two values with the same hash hold the same records. A clinic's own rules make a new value
    (``pellucid.knowledge.clinic.for_clinic``).
    """

    records: Mapping[str, Mapping[str, Record]]
    digest: str
    """SHA-256 of the data files, and of the clinic's rules where there are any; in hexadecimal."""
    folder: Traversable
    own_words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Words of records that a clinic added: record to language to field."""
    overrides: tuple["Override", ...] = ()
    """A clinic's signed overrides; see ``pellucid.knowledge.clinic``."""
    licensed: frozenset[str] = frozenset()
    """Treatments for which a clinic has confirmed its licence in its region."""
    unreviewed: frozenset[str] = frozenset()
    """Treatments that a clinic added and that have no signed rules yet."""
    _texts: dict[str, Texts] = field(default_factory=dict, repr=False)

    def of(self, record: type[R]) -> Mapping[str, R]:
        """All records of one kind by id, in the order of their file."""
        return cast("Mapping[str, R]", self.records.get(record.kind, MappingProxyType({})))

    def get(self, record: type[R], name: str) -> R:
        """One record.

        Raises:
            UnknownIdError: there is none of that id; the message offers the nearest.
        """
        found = self.of(record).get(name)
        if found is None:
            raise UnknownIdError(unknown(record.kind, name, self.of(record)))
        return found

    def texts(self, language: str) -> Texts:
        """The texts of a language, read once."""
        if language not in self._texts:
            self._texts[language] = Texts(self.folder, language, self.own_words)
        return self._texts[language]

    @cached_property
    def ingredients(self) -> "Ingredients":
        """Every known ingredient of cosmetics, read when first asked for; no part of ``digest``.

        Raises:
            KnowledgeError: the tables have faults; all at once.
        """
        from pellucid.knowledge.ingredients import read_ingredients  # noqa: PLC0415 - most runs need no ingredients

        return read_ingredients(self.folder)  # type: ignore[arg-type] # a folder can be hashed, its protocol can't say

    @cached_property
    def by_ref(self) -> Mapping[str, Record]:
        """Every record by ``kind.id``."""
        return {record.ref: record for records in self.records.values() for record in records.values()}

    @cached_property
    def conditions(self) -> frozenset[str]:
        """The text of every condition in any record."""
        found = (text for record in self.by_ref.values() for _, field, text in values(record) if field in CONDITIONS)
        return frozenset(found) - {"same", "other"}

    @cached_property
    def memo(self) -> dict[str, Any]:
        """Room for what other parts work out once for this knowledge, such as compiled rules."""
        return {}


def unknown(kind: str, name: str, known: Collection[str]) -> str:
    """A message for an id that isn't there, with the nearest one that is; the kind before the dot may be left out."""
    import difflib  # noqa: PLC0415 - only on the way to an error

    short = {ref.partition(".")[2]: ref for ref in known}
    near = difflib.get_close_matches(name, known, n=1)
    near = near or [short[match] for match in difflib.get_close_matches(name, short, n=1)]
    return f"no {kind} {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
