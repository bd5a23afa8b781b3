"""Kinds of values that options of several commands take."""

import math
from datetime import date
from typing import Any

import click


class Languages(click.Choice[str]):
    """A language as people write it, given on as texts are called."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read ``zh-hant`` as ``zh_hant``."""
        return str(super().convert(value, param, ctx)).replace("-", "_")


LANGUAGES = Languages(["en", "zh-hant"], case_sensitive=False)


class Day(click.ParamType[date]):
    """A date as 2026-03-18."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read an ISO date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2026-03-18", param, ctx)


class Number(click.FloatRange):
    """A number between two others, and never "nan"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number
