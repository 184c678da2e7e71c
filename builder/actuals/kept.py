"""Where runs are kept: one small file in the user's own data folder, written whole or not at all."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.answers import PROGRAM, answers_file
from builder.folder.disk import staged
from builder.model import WorkshopRun
from builder.problems import InputError, Problem, did_you_mean

FILE_NAME = "actuals.json"
MOST_BYTES = 5_000_000
_FORM = 1


def runs_file() -> Path:
    """The file of runs, beside the answers of an unfinished conversation."""
    return answers_file().with_name(FILE_NAME)


def load() -> tuple[WorkshopRun, ...]:
    """The runs that are kept, the oldest first; InputError, and nothing lost, where the file cannot be understood."""
    from pydantic import ValidationError

    path = runs_file()
    if not path.exists():
        return ()
    try:
        found = _read(path)
        return tuple(WorkshopRun.model_validate(run) for run in found)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise InputError([_damaged(path, f"one of its runs is not as we wrote it (at '{place}')")]) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError([_damaged(path, "it holds something that is not a list of runs of ours")]) from None


def _read(path: Path) -> Sequence[Any]:
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError(path)
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["program"] != PROGRAM or found["form"] != _FORM or not isinstance(found["runs"], list):
        raise ValueError(path)
    return found["runs"]


def _damaged(path: Path, why: str) -> Problem:
    message = f"the minutes noted so far cannot be read: {why}. Nothing was changed."
    hint = "Mend the file, or move it away to begin anew; --no-actuals plans without it."
    return Problem("damaged-actuals", message, str(path), hint=hint)


def save(runs: Sequence[WorkshopRun]) -> None:
    """Keep these runs in place of those kept before; OSError where that is impossible."""
    path = runs_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [run.model_dump(mode="json", exclude_none=True) for run in runs]
    text = json.dumps({"program": PROGRAM, "form": _FORM, "runs": listed}, indent=1)
    with staged(path.parent, f"{text}\n".encode()) as temporary:
        temporary.replace(path)


def same(run: WorkshopRun, other: WorkshopRun) -> bool:
    """Whether two records are of one and the same run: one plan code, and no two different days."""
    return run.code == other.code and (run.date == other.date or None in {run.date, other.date})


def with_run(runs: Sequence[WorkshopRun], run: WorkshopRun) -> tuple[WorkshopRun, ...]:
    """The runs with this one added, in place of what was noted of it before."""
    return (*(other for other in runs if not same(other, run)), run)


def without(runs: Sequence[WorkshopRun], name: str) -> tuple[WorkshopRun, ...]:
    """The runs without the one named by its plan code, or by `CODE@DATE` where two days have the same plan."""
    code, _, date = name.strip().upper().partition("@")
    gone = [run for run in runs if run.code == code and date in {"", str(run.date)}]
    if not gone:
        hint = did_you_mean(code, {run.code for run in runs})
        raise InputError([Problem("unknown-run", f"no run of the plan '{name}' is kept.", hint=hint)])
    if len(gone) > 1:
        hint = "Name one: " + ", ".join(f"{run.code}@{run.date}" for run in gone) + "."
        raise InputError([Problem("unknown-run", f"{len(gone)} runs of the plan '{code}' are kept.", hint=hint)])
    return tuple(run for run in runs if run is not gone[0])
