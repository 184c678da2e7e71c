"""What a criterion is, and one place where it is not met."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from builder.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a good lesson or sheet does: its number, what it asks, its source, how to put it right."""

    code: str
    number: str
    asks: str
    source: str
    severity: Severity
    remedy: str
    elsewhere: bool = False
    """Whether it is kept by the format itself, so that no function here looks for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a criterion is not met; severity and hint are the criterion's own unless said."""

    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    hint: str = ""
    severity: Severity | None = None

    def problem(self, criterion: Criterion) -> Problem:
        """The finding under its criterion's code."""
        hint, severity = self.hint or criterion.remedy, self.severity or criterion.severity
        return Problem(criterion.code, self.message, self.path, self.line, self.column, hint, severity)


@cache
def criteria() -> Mapping[str, Criterion]:
    """Every criterion by its code, in the order of `criteria.toml`."""
    read = tomllib.loads(files("builder.quality").joinpath("criteria.toml").read_text(encoding="utf-8"))
    return {code: Criterion(code=code, **entry) for code, entry in read.items()}
