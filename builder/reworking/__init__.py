"""Changing an agenda that is on the table: a change is tried, taken back where it cannot be planned, or undone. Pure.

Answers in, outcome out; the terminal and the browser's pages say it in their own ways.
"""

from builder.reworking.history import History, Step
from builder.reworking.trying import Outcome, Planning, Tried, attempt, best_without, other_length, tried

__all__ = [
    "History",
    "Outcome",
    "Planning",
    "Step",
    "Tried",
    "attempt",
    "best_without",
    "other_length",
    "tried",
]
