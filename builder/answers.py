"""Where the answers of an unfinished conversation are kept: one small file in the user's own data folder."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.problems import Problem
from builder.questions import shape_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = "workshop-curriculum-builder"
FOLDER_VARIABLE = "WORKSHOP_DATA_DIR"
FILE_NAME = "answers.json"
MOST_BYTES = 200_000


def answers_file() -> Path:
    """The file of saved answers; the folder can be chosen by the variable WORKSHOP_DATA_DIR."""
    import platformdirs

    chosen = os.environ.get(FOLDER_VARIABLE)
    folder = Path(chosen) if chosen else Path(platformdirs.user_data_dir(PROGRAM, appauthor=False))
    return folder / FILE_NAME


def save(answers: Mapping[str, Any]) -> None:
    """Keep these answers in place of those kept before, whole or not at all; OSError where that is impossible."""
    write_whole(answers_file(), {"program": PROGRAM, "answers": dict(answers)})


def write_whole(path: Path, value: Mapping[str, Any]) -> None:
    """Write a small JSON file whole or not at all; OSError where that is impossible."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1, default=str)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def load() -> tuple[Mapping[str, Any], list[Problem]]:
    """The answers kept, empty where there are none; a file that is damaged or not ours is named and left alone."""
    path = answers_file()
    try:
        text = read_small(path)
        found: Any = {"program": PROGRAM, "answers": {}} if text is None else json.loads(text)
    except (OSError, ValueError, RecursionError):
        return {}, [_ignored(path)]
    ours = isinstance(found, dict) and found.get("program") == PROGRAM and isinstance(found.get("answers"), dict)
    if not ours or shape_problems(found["answers"]):
        return {}, [_ignored(path)]
    return found["answers"], []


def forget() -> None:
    """Remove the answers kept, once their kit is written."""
    with suppress(OSError):
        answers_file().unlink(missing_ok=True)


def read_small(path: Path) -> str | None:
    """The text of a regular file of bearable size, None where there is no file."""
    if not path.exists():
        return None
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError(path)
    return path.read_text(encoding="utf-8")


def _ignored(path: Path) -> Problem:
    message = "holds no answers that can be gone on from; it is not used."
    return Problem("saved-answers", message, str(path), hint="It can be deleted.", severity="warning")
