"""Showing where each part of a lesson comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from builder.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def show_origins(rows: Mapping[str, Sequence[tuple[str, str]]], file: TextIO) -> None:
    """Write each file with its parts, each followed by the layer that it comes from."""
    screen = Screen(file)
    width = max((len(part) for found in rows.values() for part, _ in found), default=0)
    for path, found in rows.items():
        screen.say(path, look="bold")
        for part, origin in found:
            screen.say(f"{part.ljust(width)}  {origin}", indent="    ")
