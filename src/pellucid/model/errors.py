"""The one family of errors that a user meets; the shells map each kind once to an exit code or HTTP status."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: where it is (file and key, or the path of an intake field) and what to do about it."""

    where: str
    message: str

    def __str__(self) -> str:
        """Render as ``where: message``."""
        return f"{self.where}: {self.message}" if self.where else self.message


class PellucidError(Exception):
    """Something a user can understand and mend; its text is shown as it is."""


class ProblemsError(PellucidError):
    """Several faults, all reported at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the faults in a stable order, each once."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(ProblemsError):
    """An intake, option or file that a person gave can't be used as it is."""


class KnowledgeError(ProblemsError):
    """The knowledge files contradict their own rules."""


class ClinicRulesError(ProblemsError):
    """A clinic's own rules would loosen something that must hold."""


class OutputError(PellucidError):
    """A result could not be written; what stood there before is untouched."""


class UnknownIdError(PellucidError):
    """An id that the knowledge base doesn't have."""


class UnsoundPlanError(Exception):
    """A plan that was laid out breaks a rule: a fault of the program, so that no such plan ever leaves it."""
