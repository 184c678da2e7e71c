"""What somebody noted: minutes by step, head-count and day; from a CSV or YAML file, or as it was asked."""

import csv
import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.actuals.kits import Booked
from builder.library import read_text
from builder.model import StepRun, WorkshopRun
from builder.problems import InputError, Problem, did_you_mean, has_errors
from builder.strict import Marked, read_yaml

MOST_MINUTES, MOST_PEOPLE = 480, 1000
_PRESENT, _DATE = "present", "date"
_HEADER = ("activity", "minutes")


@dataclass(frozen=True)
class Noted:
    """Actual minutes by step, how many came, and the day; what nobody noted is absent."""

    minutes: Mapping[str, int] = field(default_factory=dict)
    present: int | None = None
    date: datetime.date | None = None


def whole(text: str, most: int) -> int | None:
    """A whole number from 1 to `most`, or None where the text is none."""
    stripped = text.strip()
    number = int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= len(str(most)) else 0
    return number if 1 <= number <= most else None


def day(text: str) -> datetime.date | None:
    """A date such as 2026-12-01, or None where the text is none."""
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        return None


def former(booked: Booked, runs: tuple[WorkshopRun, ...]) -> Noted:
    """What was noted of this kit before, the last time first."""
    found = next((run for run in reversed(runs) if _is_of(run, booked)), None)
    if found is None:
        return Noted(date=booked.run.date)
    return Noted({step.activity: step.actual for step in found.steps}, found.present, found.date or booked.run.date)


def _is_of(run: WorkshopRun, booked: Booked) -> bool:
    return run.code == booked.run.code and (booked.run.date is None or run.date in {None, booked.run.date})


def run_of(booked: Booked, noted: Noted) -> WorkshopRun:
    """The record of a run: what was planned, and what was noted of it."""
    steps = tuple(
        StepRun.model_validate(
            {
                "activity": step.activity,
                "version": step.version,
                "variant": step.variant,
                "planned": step.planned,
                "actual": noted.minutes[step.activity],
            }
        )
        for step in booked.steps
        if step.activity in noted.minutes
    )
    return booked.run.model_copy(update={"steps": steps, "present": noted.present, "date": noted.date})


# ------------------------------------------------------------ from a file


def read_noted(path: Path, booked: Booked) -> Noted:
    """What a file says of a kit's run; InputError with every problem in it.

    CSV: lines of `activity,minutes` (or with `;`), a header if you like. YAML: `activity: minutes`. Both may
    also say `present` (people who came) and `date`. An activity without minutes was not noted.
    """
    text, _ = read_text(path)
    if path.suffix.lower() in {".yaml", ".yml"}:
        marked, problems = read_yaml(text, path.as_posix())
    else:
        marked, problems = _read_csv(text, path.as_posix())
    if has_errors(problems):
        raise InputError(problems)
    return _checked(marked, booked)


def _read_csv(text: str, path: str) -> tuple[Marked, list[Problem]]:
    values: dict[str, Any] = {}
    keys: dict[tuple[str | int, ...], tuple[int, int]] = {}
    problems: list[Problem] = []
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or tuple(cell.lower() for cell in cells[:2]) == _HEADER:
            continue
        if len(cells) < 2:
            message = f"'{cells[0]}' has no minutes beside it."
            problems.append(Problem("csv-line", message, path, reader.line_num, 1, "Write 'activity,minutes'."))
        elif cells[0] in values:
            message = f"'{cells[0]}' stands twice, first on line {keys[(cells[0],)][0]}."
            problems.append(Problem("duplicate-key", message, path, reader.line_num, 1, "Keep one."))
        else:
            values[cells[0]], keys[(cells[0],)] = cells[1] or None, (reader.line_num, 1)
    return Marked(values, path, keys, keys), problems


def _checked(marked: Marked, booked: Booked) -> Noted:
    steps = [step.activity for step in booked.steps]
    given = {key: value for key, value in marked.values.items() if value is not None}
    problems = [_wrong(marked, key, str(value), steps) for key, value in given.items()]
    found = [problem for problem in problems if problem is not None]
    if found:
        raise InputError(found)
    minutes = {key: number for key in steps if key in given and (number := whole(str(given[key]), MOST_MINUTES))}
    present = whole(str(given[_PRESENT]), MOST_PEOPLE) if _PRESENT in given else None
    return Noted(minutes, present, day(str(given[_DATE])) if _DATE in given else booked.run.date)


def _wrong(marked: Marked, key: str, value: str, steps: list[str]) -> Problem | None:
    """What is wrong with one line, or None."""
    if key == _DATE:
        hint = "Write it as year, month, day."
        return (
            None if day(value) else marked.problem("date", f"'{value}' is not a date such as 2026-12-01.", (key,), hint)
        )
    if key not in {*steps, _PRESENT}:
        hint = did_you_mean(key, [*steps, _PRESENT, _DATE])
        message = f"'{key}' is not a step of this kit's agenda."
        return marked.problem("unknown-activity", message, (key,), hint, at_key=True)
    most = MOST_PEOPLE if key == _PRESENT else MOST_MINUTES
    if whole(value, most) is None:
        hint = "Leave it empty where nothing was noted."
        return marked.problem("not-a-number", f"{key}: '{value}' is not a whole number from 1 to {most}.", (key,), hint)
    return None
