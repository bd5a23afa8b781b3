"""The ingredients that Pellucid knows by name, read from tables when they are first needed.

``ingredients.csv`` has one line for each canonical INCI name: its roles (``ingredient_roles.toml``, the main one
first), the exposure that a product with it counts as, and a note to whoever edits the table.
``ingredient_synonyms.csv`` has the other names by which labels call them. What law and evidence say of an ingredient
is not here (``ingredient_limits.toml``).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources.abc import Traversable
from types import MappingProxyType

from pellucid.knowledge.allergens import Allergens, read_allergens
from pellucid.knowledge.comedogenicity import Rating, read_ratings
from pellucid.knowledge.tables import Row, read_table
from pellucid.model.errors import KnowledgeError, Problem

NAMES_FILE, NAMES_COLUMNS = "ingredients.csv", ("inci", "roles", "active", "notes")
SYNONYMS_FILE, SYNONYMS_COLUMNS = "ingredient_synonyms.csv", ("name", "inci", "kind")


class SynonymKind(StrEnum):
    """What sort of other name a synonym is."""

    TRANSLATION = "translation"
    """Another language, Latin included."""
    BOTANICAL = "botanical"
    """A plant's other Latin name, or its common name put in."""
    PLAIN = "plain"
    """What people call it."""
    US_COLOUR = "us_colour"
    CI_NUMBER = "ci_number"
    DRUG_NAME = "drug_name"
    """As the active ingredient of a medicine sold without prescription."""
    OLD_INCI = "old_inci"
    """A spelling that was the rule once, or that labels keep using."""
    ABBREVIATION = "abbreviation"


@dataclass(frozen=True, slots=True)
class IngredientFacts:
    """One canonical name and what it is in a product for."""

    inci: str
    """In capitals, as the EU's glossary spells it."""
    roles: tuple[str, ...]
    """Ids of ``IngredientRole``, the main one first; at least one."""
    active: str | None
    """The exposure (``active.glycolic_acid``) that a product with it may count as; how much of it there is decides."""
    line: int
    """Where it stands in the table; 0 for what only ``allergens.csv`` names."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """Every known name. Two values with the same digest hold the same names."""

    names: Mapping[str, IngredientFacts]
    """By canonical name."""
    synonyms: Mapping[str, str]
    """Another name, in capitals, to the canonical one."""
    allergens: Allergens
    """Fragrance allergens that the EU wants printed by name."""
    comedogenicity: Mapping[str, Rating]
    """How far an ingredient was found to clog pores, by canonical name; never for a product."""
    digest: str
    """SHA-256 of all the tables, in hexadecimal."""

    def find(self, name: str) -> IngredientFacts | None:
        """What is known of a name, canonical or not, whatever its capitals; spelled right."""
        wanted = name.upper()
        return self.names.get(self.synonyms.get(wanted, wanted))

    def with_role(self, role: str) -> Iterator[IngredientFacts]:
        """Every ingredient that has a role, in the order of the table."""
        return (facts for facts in self.names.values() if role in facts.roles)


@lru_cache(maxsize=2)
def read_ingredients(folder: Traversable) -> Ingredients:
    """The tables of a folder of knowledge, read once.

    Raises:
        KnowledgeError: a table is missing or unreadable, a name double or not in capitals, an ingredient without a
            role, a synonym of nothing or of two things; all faults at once, with file, line and column.
    """
    problems: list[Problem] = []
    rows, raw = read_table(folder / NAMES_FILE, NAMES_COLUMNS, problems)
    names = {facts.inci: facts for row in rows for facts in _facts(row, problems)}
    problems += _doubles(rows, "inci")
    others, more = read_table(folder / SYNONYMS_FILE, SYNONYMS_COLUMNS, problems)
    problems += _doubles(others, "name")
    problems += [problem for row in others for problem in _synonym_faults(row, names)]
    allergens, listed = read_allergens(folder, problems)
    ratings, rated = read_ratings(folder, problems)
    if problems:
        raise KnowledgeError(problems)
    synonyms = {row.cells["name"].upper(): row.cells["inci"] for row in others}
    _add_allergens(names, synonyms, allergens)
    digest = hashlib.sha256(b"\0".join((raw, more, listed, rated))).hexdigest()
    return Ingredients(MappingProxyType(names), MappingProxyType(synonyms), allergens, ratings, digest)


def _add_allergens(names: dict[str, IngredientFacts], synonyms: dict[str, str], allergens: Allergens) -> None:
    """Make every listed name of an allergen known, whether or not ``ingredients.csv`` has a line for it."""
    for entry in allergens.entries.values():
        for name in (entry.label, *entry.inci):
            if name not in synonyms:
                names.setdefault(name, IngredientFacts(name, entry.roles, None, 0))
        one_name = synonyms.get(entry.label, entry.label)
        for name in entry.other:
            if name.upper() not in names:
                synonyms.setdefault(name.upper(), one_name)


def _facts(row: Row, problems: list[Problem]) -> Iterator[IngredientFacts]:
    inci, roles = row.cells["inci"], row.values("roles")
    if not inci or inci != inci.upper():
        problems.append(Problem(row.where("inci"), "write the name in capitals"))
    if not roles or len(set(roles)) < len(roles):
        problems.append(Problem(row.where("roles"), "name at least one role, and each once"))
    yield IngredientFacts(inci, roles, row.cells["active"] or None, row.line)


def _doubles(rows: list[Row], column: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row.cells[column].upper(), row.line)
        if first != row.line:
            yield Problem(row.where(column), f"stands on line {first} already")


def _synonym_faults(row: Row, names: Mapping[str, IngredientFacts]) -> Iterator[Problem]:
    if not row.cells["name"]:
        yield Problem(row.where("name"), "write the name")
    if row.cells["name"].upper() in names:
        yield Problem(row.where("name"), f"is a canonical name in {NAMES_FILE}")
    if row.cells["inci"] not in names:
        yield Problem(row.where("inci"), f"is no name in {NAMES_FILE}")
    if row.cells["kind"] not in set(SynonymKind):
        yield Problem(row.where("kind"), f"must be one of {', '.join(SynonymKind)}")
