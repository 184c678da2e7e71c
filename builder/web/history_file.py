"""What can be undone, kept beside the answers, so that a program that was killed goes on where it stood."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import answers
from builder.questions import shape_problems
from builder.reworking import History, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "history.json"


@dataclass(frozen=True, slots=True)
class Past:
    """How the answers came about: what can be undone, their revision, what each revision did, the brief's file."""

    history: History = field(default_factory=History)
    revision: int = 0
    log: tuple[tuple[int, str], ...] = ()
    brief: Path | None = None


def save(past: Past, kept: Mapping[str, Any]) -> None:
    """Keep how these answers came about; OSError where that is impossible."""
    value = {
        "program": answers.PROGRAM,
        "answers": _fingerprint(kept),
        "revision": past.revision,
        "brief": str(past.brief.absolute()) if past.brief else None,
        "log": past.log,
        "undoable": [_as_entry(step) for step in past.history.undoable],
        "redoable": [_as_entry(step) for step in past.history.redoable],
    }
    answers.write_whole(_file(), value)


def load(kept: Mapping[str, Any]) -> Past:
    """How these answers came about; nothing is known where another program, or the terminal, wrote them since."""
    try:
        text = answers.read_small(_file())
        found: Any = None if text is None else json.loads(text)
        if not isinstance(found, dict) or found.get("answers") != _fingerprint(kept):
            return Past()
        history = History(*(tuple(map(_step, found[key])) for key in ("undoable", "redoable")))
        brief = Path(found["brief"]) if found["brief"] else None
        log = tuple((int(number), str(label)) for number, label in found["log"])
        return Past(history, int(found["revision"]), log, brief)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return Past()


def forget() -> None:
    """Remove the file, once it is of no use."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return answers.answers_file().with_name(FILE_NAME)


def _as_entry(step: Step) -> dict[str, Any]:
    return {"label": step.label, "before": dict(step.before), "after": dict(step.after)}


def _step(entry: Any) -> Step:
    before, after = dict(entry["before"]), dict(entry["after"])
    if shape_problems(before) or shape_problems(after):
        raise ValueError(entry)
    return Step(str(entry["label"]), before, after)


def _fingerprint(kept: Mapping[str, Any]) -> str:
    text = json.dumps(dict(kept), sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
