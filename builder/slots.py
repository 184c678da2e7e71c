"""One entry of an agenda in words: the same in a terminal, on a page, and where it is told what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.model import Library, Slot

FORMS: Mapping[str, str] = {"threes": "in threes", "online": "online", "seated": "seated"}
"""How a step is held, by its variant."""
_PAUSES = {"break": "Break", "transition": "Change over", "buffer": "Kept free"}


def name_of(slot: Slot) -> str:
    """What a step or a pause is called."""
    return slot.title if slot.activity else _PAUSES.get(slot.kind, slot.title)


def details_of(slot: Slot, library: Library) -> tuple[str, ...]:
    """What is special about a step: a second case, another form."""
    second = library.cards.get(slot.second_card or "")
    found = (f"and the case: {second.title}" if second else "", FORMS.get(slot.variant or "", ""))
    return tuple(each for each in found if each)
