"""Bars of an agenda in a terminal: as long as the minutes, each kind of interaction in signs of its own."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.model import Plan
    from builder.terminal.screen import Screen

_LONGEST = 10  # signs
_SIGNS: Mapping[str, str] = MappingProxyType({
    "solo": "░", "pairs": "▒", "threes": "▓", "small groups": "▚", "plenary": "█",
    "break": "┄", "transition": "»", "buffer": "▁",
})  # fmt: skip
_IN_ASCII: Mapping[str, str] = MappingProxyType({
    "solo": ".", "pairs": ":", "threes": "+", "small groups": "#", "plenary": "=",
    "break": "-", "transition": ">", "buffer": "_",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bars:
    """The signs of each kind, how many minutes one of them stands for, and how many the longest bar has."""

    signs: Mapping[str, str]
    each: int
    longest: int

    def bar(self, kind: str, minutes: int) -> str:
        """A bar of so many minutes, of at least one sign."""
        return self.signs[kind] * -(-minutes // self.each)

    @property
    def caption(self) -> str:
        """What a sign stands for."""
        return f"One sign of a bar is {f'up to {self.each} minutes' if self.each > 1 else '1 minute'}."


def bars_for(plan: Plan, screen: Screen) -> Bars:
    """The bars of a plan, in ASCII where the screen knows no other signs."""
    every = "".join(_SIGNS.values())
    signs = _SIGNS if screen.spelled(every) == every else _IN_ASCII
    most = max(slot.minutes for slot in plan.agenda.slots)
    each = -(-most // _LONGEST)
    return Bars(signs, each, -(-most // each))
