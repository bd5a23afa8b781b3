"""Typed codes: an id of one kind can't be passed where another is meant (mypy says so)."""

from typing import NewType

SourceId = NewType("SourceId", str)
"""A published source, a seed item (``S21``) or the house rule, as used in ``source = [...]``."""

AnswerPath = NewType("AnswerPath", str)
"""The dotted place of an answer in an intake file, such as ``now.cold_sore``."""

TreatmentId = NewType("TreatmentId", str)
RuleId = NewType("RuleId", str)
FindingId = NewType("FindingId", str)
ClientRef = NewType("ClientRef", str)
