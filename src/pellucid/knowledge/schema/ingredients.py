"""Records about what is in a cosmetic: limits, useful strengths, what each kind of ingredient does, pregnancy.

How to use them: look an ingredient up by its INCI name or by its roles (``knowledge.ingredients``) and take every
record that names either (``concerns``). ``ingredient_limits.toml`` holds them in the order in which they are told.

- ``IngredientLimit``: the first of its ``bounds`` that covers the product counts; ``stage`` says whether it is
  required already. A label hardly ever prints a strength, so a limit is mostly something to tell, not a fault. A share
  that the limit reckons as something else is ``reckoned`` first.
- ``IngredientNote``: where ``what`` or ``when`` is given, for those people only; ``use`` says on which products;
  ``above_one_percent`` means that a place low in the list doesn't count; ``partly`` that the answer can mean more than
  the note finds.
- ``IngredientPregnancy``: which ``PregnancyRule`` it falls under (its words hold), and what that means for a product
  that stays on or is rinsed off.
- ``AllergenRule``: from which share a fragrance allergen must be printed; which ones are ``allergens.csv``.
- ``ComedogenicityGrade`` and ``ComedogenicityFinding``: what the codes in ``comedogenicity.csv`` mean;
  ``IngredientStatement`` has what must be told with them.

Whatever is not ``verified`` is shown as such.
"""

import re
from collections.abc import Collection
from datetime import date
from itertools import takewhile
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from pellucid.knowledge.schema.base import Id, Piece, Record, Ref, Strength

Inci = Annotated[str, StringConstraints(pattern=r"^[^a-z|]+$", max_length=120)]
"""A canonical INCI name, in capitals."""

Percent = Annotated[float, Field(ge=0, le=100)]
Use = Literal["any", "leave_on", "rinse_off"]
Verdict = Literal["fine", "limit", "avoid"]
Stage = Literal["ahead", "new_products", "in_force"]


EVERY = frozenset({"any", "any_other"})
"""Scopes that every product has: alone in its record, and after bounds for some products."""


def words_in(name: str) -> tuple[str, ...]:
    """The words of a name in capitals; slashes, hyphens and brackets part them, as spaces do."""
    return tuple(re.findall(r"[^\W_]+", name.upper()))


def stage(new_from: date | None, all_from: date | None, today: date) -> Stage:
    """How far a dated requirement has come: ahead, binding for products new on the market, or for all of them."""
    if new_from and today < new_from:
        return "ahead"
    return "new_products" if all_from and today < all_from else "in_force"


class OfIngredients(Record):
    """Something known about ingredients named one by one, by words of their names, by their roles, or by several."""

    ingredients: tuple[Inci, ...] = ()
    words: tuple[Inci, ...] = ()
    """Words of which a name holds one, such as a genus: every part, extract and species of a plant. Several words
    (``BETULA LENTA``) must stand in a row."""
    roles: tuple[Id, ...] = ()
    disagreement: Id | None = None

    @model_validator(mode="after")
    def _names_something(self) -> "OfIngredients":
        if not (self.ingredients or self.words or self.roles):
            raise ValueError("name ingredients, words or roles")
        return self

    def concerns(self, inci: str, roles: Collection[str]) -> bool:
        """Whether it speaks of an ingredient of this name with these roles."""
        return inci in self.ingredients or any(role in roles for role in self.roles) or self.worded(inci)

    def worded(self, name: str) -> bool:
        """Whether a name holds one of its words."""
        if not self.words:
            return False
        spaced = f" {' '.join(words_in(name))} "
        return any(f" {word} " in spaced for word in self.words)


class ProductScope(Record):
    """A kind of product as limits tell them apart; ``any`` is every one, ``any_other`` every one not named before."""

    kind: ClassVar[str] = "product_scope"
    texts: ClassVar[tuple[str, ...]] = ("name",)


class LimitWording(Record):
    """How a bound is said: its words take ``high`` and ``where``, and ``low`` or ``ph`` where the bound has them.

    One for the rest takes ``other`` too, the products that bounds ahead of it are for, and ``only``, those of them for
    which a share is named. How a share was counted takes ``amount`` and ``reckoned``.
    """

    kind: ClassVar[str] = "limit_wording"
    texts: ClassVar[tuple[str, ...]] = ("say",)


class Bound(Piece):
    """Shares in percent by weight for some products, or that they may not contain it at all."""

    scopes: Annotated[tuple[Id, ...], Field(min_length=1)]
    low: Percent | None = None
    high: Percent | None = None
    ph_low: Annotated[float, Field(ge=0, le=14)] | None = None
    prohibited: bool = False
    wording: Id

    @model_validator(mode="after")
    def _number_or_none(self) -> "Bound":
        if self.prohibited == (self.high is not None):
            raise ValueError("give either the highest share or prohibited")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self

    def covers(self, scopes: Collection[str]) -> bool:
        """Whether it holds for a product of these kinds."""
        return any(scope in EVERY or scope in scopes for scope in self.scopes)


class Factor(Piece):
    """How much of what a limit reckons with there is in one part of an ingredient: the ratio of the molar masses."""

    ingredient: Inci
    factor: Annotated[float, Field(gt=0, le=1)]


class IngredientLimit(OfIngredients):
    """The most that a region's law, drug monograph or expert panel has of something, and since when."""

    kind: ClassVar[str] = "ingredient_limit"
    optional_texts: ClassVar[tuple[str, ...]] = ("note",)

    region: Id
    authority: Literal["law", "monograph", "panel", "committee"]
    """A committee advises; what it says is no law."""
    reckoned_as: Inci | None = None
    """What the share is reckoned as, such as the acid of a salt."""
    factors: tuple[Factor, ...] = ()
    """For every ingredient but the one it is reckoned as; where one is missing, no share of it can be judged."""
    together: bool = False
    """Whether the shares of all its ingredients count as one."""
    new_from: date | None = None
    """First day on which products new on the market must keep to it; None: it has been in force for long."""
    all_from: date | None = None
    """First day on which every product on sale must."""
    bounds: Annotated[tuple[Bound, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_in_order(self) -> "IngredientLimit":
        if self.all_from and (self.new_from is None or self.new_from > self.all_from):
            raise ValueError("all_from needs a new_from that is not later")
        return self

    @model_validator(mode="after")
    def _rest_comes_last(self) -> "IngredientLimit":
        several = len(self.bounds) > 1
        for bound in self.bounds:
            rest = EVERY.intersection(bound.scopes)
            if rest and (bound is not self.bounds[-1] or rest != ({"any_other"} if several else {"any"})):
                raise ValueError("a bound for the rest is any_other and comes last; a bound that is alone is for any")
        return self

    @property
    def binding(self) -> bool:
        """Whether makers have to keep to it; what a committee or a panel says is advice."""
        return self.authority in {"law", "monograph"}

    def bound(self, scopes: Collection[str]) -> Bound | None:
        """The bound for a product of these kinds; None where nothing is laid down for it."""
        return next((bound for bound in self.bounds if bound.covers(scopes)), None)

    def before(self, bound: Bound) -> tuple[Bound, ...]:
        """The bounds ahead of one: what ``any_other`` is other than."""
        return tuple(takewhile(lambda each: each is not bound, self.bounds))

    def reckoned(self, inci: str, percent: float) -> float | None:
        """A share as the limit reckons it, in percent; None where nobody gave the factor."""
        if self.reckoned_as in {None, inci}:
            return percent
        return next((percent * each.factor for each in self.factors if each.ingredient == inci), None)

    def stage(self, today: date) -> Stage:
        """How far it has come."""
        return stage(self.new_from, self.all_from, today)


class UsefulStrength(OfIngredients):
    """The shares, in percent, at which something was found to do what it is used for."""

    kind: ClassVar[str] = "useful_strength"
    texts: ClassVar[tuple[str, ...]] = ("say",)

    use: Use = "any"
    low: Percent
    high: Percent
    strength: Strength

    @model_validator(mode="after")
    def _ordered(self) -> "UsefulStrength":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class IngredientNote(OfIngredients):
    """What a kind of ingredient may do for pores or skin, or what to watch out for."""

    kind: ClassVar[str] = "ingredient_note"
    texts: ClassVar[tuple[str, ...]] = ("say",)

    tone: Literal["benefit", "watch_out"]
    use: Use = "any"
    what: tuple[Ref, ...] = ()
    """Findings for which it is told, as ``pore_type.oily``; with ``when`` too, one of the two is enough."""
    when: str | None = None
    """Answers for which it is told, such as an allergy."""
    partly: bool = False
    """Whether the answer can mean things that no list shows, or that nobody here can tell by their names."""
    above_one_percent: bool = False
    for_pores: bool = False
    """A benefit for how pores look."""
    lasting: Literal["while_used", "for_the_day"] | None = None
    strength: Strength
    """How strong the evidence for this very statement is."""

    @property
    def for_everyone(self) -> bool:
        """Whether it is told to everyone."""
        return not (self.what or self.when)


class IngredientPregnancy(OfIngredients):
    """Which rule for pregnancy an ingredient falls under, and what that means for the two kinds of product."""

    kind: ClassVar[str] = "ingredient_pregnancy"

    rule: Id
    """The ``pregnancy_rule`` whose words are shown, and which says what holds when planning or breastfeeding."""
    leave_on: Verdict
    rinse_off: Verdict
    up_to: Percent | None = None
    """For ``limit``: the highest share."""
    limit_for: tuple[Id, ...] = ()
    """Where ``rinse_off`` is ``limit``: only for these kinds of product, others that are rinsed off are left out."""


class AllergenRule(Record):
    """From which share on a region wants a fragrance allergen printed by name."""

    kind: ClassVar[str] = "allergen_rule"
    texts: ClassVar[tuple[str, ...]] = ("in_force", "new_products", "ahead")

    region: Id
    leave_on: Percent
    rinse_off: Percent


class ComedogenicityGrade(Record):
    """How good the evidence behind a rating is: ``a`` to ``d``."""

    kind: ClassVar[str] = "comedogenicity_grade"
    texts: ClassVar[tuple[str, ...]] = ("name", "meaning")


class ComedogenicityFinding(Record):
    """What a test of an ingredient found."""

    kind: ClassVar[str] = "comedogenicity_finding"
    texts: ClassVar[tuple[str, ...]] = ("say",)


class IngredientStatement(Record):
    """Something that must be told with a reading of a label, whatever is on it."""

    kind: ClassVar[str] = "ingredient_statement"
    texts: ClassVar[tuple[str, ...]] = ("say",)
