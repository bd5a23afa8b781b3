"""The small language of ``when = "..."``: names of answers, ``and``, ``or``, ``not``, and number comparisons.

``health.implants.pacemaker or signal.severe_acne`` and ``lesions.papules + lesions.pustules >= 35`` are
expressions. Parsing lives here; what a name is worth for a person is worked out in ``consult.evidence``.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


class ExpressionError(ValueError):
    """The text of a condition is not in the language."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A name that is true, false or unknown: an option, a yes/no answer, a class of dated facts or a signal."""

    path: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where one part is."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """True where every part is."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false; unknown stays unknown."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Compare:
    """A sum of numbers against a constant; ``operator`` is one of ``< <= > >=``."""

    paths: tuple[str, ...]
    operator: str
    number: float


Expression = Atom | AnyOf | AllOf | Not | Compare

_OPERATORS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Parse one condition.

    Raises:
        ExpressionError: the text is not in the language; the message says which part.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"can't be read as a condition: {text!r}") from error
    return _convert(tree.body)


def _convert(node: ast.expr) -> Expression:
    match node:
        case ast.BoolOp(op=ast.Or(), values=values):
            return AnyOf(tuple(_convert(value) for value in values))
        case ast.BoolOp(op=ast.And(), values=values):
            return AllOf(tuple(_convert(value) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_convert(operand))
        case ast.Compare(left=left, ops=[operator], comparators=[ast.Constant(value=int() | float() as number)]):
            if type(operator) in _OPERATORS:
                return Compare(tuple(_summands(left)), _OPERATORS[type(operator)], float(number))
            raise ExpressionError("compare with <, <=, > or >=; write an option as question.option")
        case ast.Name() | ast.Attribute():
            return Atom(_path(node))
        case _:
            raise ExpressionError(f"only names, and/or/not and number comparisons: {ast.unparse(node)!r}")


def _summands(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _summands(node.left)
        yield from _summands(node.right)
    else:
        yield _path(node)


def _path(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_path(value)}.{name}"
        case _:
            raise ExpressionError(f"expected a name such as now.skin.cold_sore: {ast.unparse(node)!r}")


def atoms(expression: Expression) -> Iterator[str]:
    """Every name in the expression used as true/false."""
    yield from (leaf.path for leaf in _leaves(expression) if isinstance(leaf, Atom))


def comparisons(expression: Expression) -> Iterator[Compare]:
    """Every comparison of numbers in the expression."""
    yield from (leaf for leaf in _leaves(expression) if isinstance(leaf, Compare))


def _leaves(expression: Expression) -> Iterator[Atom | Compare]:
    """What the expression is made of in the end, from left to right."""
    match expression:
        case Atom() | Compare():
            yield expression
        case Not(part=part):
            yield from _leaves(part)
        case AnyOf(parts=parts) | AllOf(parts=parts):
            for part in parts:
                yield from _leaves(part)


def numbers(expression: Expression) -> Iterator[str]:
    """Every name in the expression used as a number."""
    for compare in comparisons(expression):
        yield from compare.paths
