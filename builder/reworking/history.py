"""What can be undone and redone: for each change the keys that it touched, as they were and as they became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builder.questions import Values

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One change: its name, and the answers that it touched before and after it; a key may be in one of them only."""

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def undone(self, answers: Values) -> dict[str, Any]:
        """The answers without this change; what others changed stays."""
        return self._put(answers, self.before)

    def redone(self, answers: Values) -> dict[str, Any]:
        """The answers with this change again."""
        return self._put(answers, self.after)

    def _put(self, answers: Values, values: Mapping[str, Any]) -> dict[str, Any]:
        touched = {*self.before, *self.after}
        return {**{key: value for key, value in answers.items() if key not in touched}, **values}


@dataclass(frozen=True, slots=True)
class History:
    """The changes that can be undone and redone, the latest last."""

    undoable: tuple[Step, ...] = ()
    redoable: tuple[Step, ...] = ()

    def done(self, label: str, before: Values, after: Values) -> History:
        """The history after one more change; nothing can be redone then, and a change of nothing is none."""
        touched = [key for key in {**before, **after} if before.get(key, _ABSENT) != after.get(key, _ABSENT)]
        if not touched:
            return self
        step = Step(label, *({key: values[key] for key in touched if key in values} for values in (before, after)))
        return History((*self.undoable, step)[-MOST_STEPS:])

    def undo(self, answers: Values) -> tuple[History, dict[str, Any]]:
        """The history and the answers with the latest change taken back."""
        step = self.undoable[-1]
        return replace(self, undoable=self.undoable[:-1], redoable=(*self.redoable, step)), step.undone(answers)

    def redo(self, answers: Values) -> tuple[History, dict[str, Any]]:
        """The history and the answers with the change that was taken back last made again."""
        step = self.redoable[-1]
        return replace(self, undoable=(*self.undoable, step), redoable=self.redoable[:-1]), step.redone(answers)


_ABSENT = object()
