"""What an update does, in words."""

from collections.abc import Mapping, Sequence

from builder.packs.threeway import OutcomeKind
from builder.packs.updating import Outcome

WORDS: Mapping[OutcomeKind, str] = {
    "arrived": "new in the library: it comes in",
    "brought": "changed in the library: its new text comes in",
    "gone": "removed by the library, and not changed by you: it goes",
    "same": "the library says the same now",
    "merged": "changed by both in different places: put together, read it once",
    "conflict": "changed by both: decide",
    "waiting": "left to decide by an earlier update",
    "kept": "removed by the library: yours stays, as an addition",
    "lost": "the library has no such file any more: yours stays; move it to another file, or take it out",
    "noted": "base/ keeps the library's text from now on",
}


def rows(outcomes: Sequence[Outcome]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """For each file, its parts and what becomes of them; guarded ones say so."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in outcomes:
        words = WORDS[each.kind] + (" (guarded)" if each.held == "guarded" and each.kind != "noted" else "")
        near = f" Perhaps {each.near}." if each.near else ""
        found.setdefault(each.path, []).append((each.part or "(the file)", words + near))
    return found
