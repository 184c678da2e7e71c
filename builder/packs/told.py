"""What an update does and how a pack stands, in words."""

from collections.abc import Iterator, Mapping, Sequence

from builder.packs.status import Status, held
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
    "left": "removed by the library",
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


SECTIONS = ("What differs", "What the library has changed since", "To fill in", "Expires", "Approval")


def status_lines(status: Status) -> Iterator[tuple[str, str]]:
    """The state of a pack, line by line, each with its indent."""
    pack = status.layer.pack
    if pack is not None:
        parent = pack.parent
        yield "", f"{pack.organisation}: {pack.name} {pack.version}, from {parent.name} {parent.version}"
    told = (
        list(_differs(status)),
        [line for path, found in rows(status.since).items() for line in _rows(path, found)],
        [("- ", each) for each in status.unfilled],
        [("- ", f"{each.day}{' (past)' if each.is_past else ''}: {each.what}") for each in status.expires],
        [("", status.approval.told)],
    )
    for title, lines in zip(SECTIONS, told, strict=True):
        yield "", ""
        yield "", title
        for sign, line in lines or [("", "nothing")]:
            yield "  ", f"{sign}{line}"
    if status.errors:
        yield "", ""
        yield "", f"The pack cannot be used yet: {len(status.errors)} errors. See 'workshop check'."


def _differs(status: Status) -> Iterator[tuple[str, str]]:
    files: dict[str, list[tuple[str, str]]] = {}
    for change in status.differs:
        reason = f": {change.reason}" if change.reason else ""
        files.setdefault(change.path, []).append(
            (change.part or "(the file)", f"{change.kind} ({held(change)}){reason}")
        )
    for path, found in files.items():
        yield from _rows(path, found)


def _rows(path: str, found: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield "", path
    for part, words in found:
        yield "    ", f"{part}: {words}"
