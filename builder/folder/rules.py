"""What becomes of each file of a folder that already holds a kit: decided here, before anything is written.

A file is ours where this program wrote its bytes for the same paper, as any version: it is replaced, or
removed when no longer needed. Any other file is somebody's: it stays, and the new version goes beside it.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from builder.folder.names import fold, is_paper_name, versions, without_version
from builder.folder.record import Manifest, Mark, Marks

NOT_A_FILE = "not a file"  # stands for a fingerprint where a folder, a link or a pipe has the name
EMPTY = hashlib.sha256(b"").hexdigest()  # an empty file holds nobody's bytes; a crash can leave one on a USB stick


# Only these are ever removed: a `kit.json` that somebody changed must not cost them another file.
_PAPERS = (".docx", ".html", ".ics", ".pdf", ".yaml")


@dataclass(frozen=True, slots=True)
class Write:
    """One file to write; `replaces` is the fingerprint of our file in its place, None where the name is free."""

    name: str
    content: bytes
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """One file of ours to remove, with the fingerprint that it must still have."""

    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is not as we wrote it, so it stays.

    `current` is the file that holds the present version, None where the paper is no longer part of the kit;
    `plan_code` is the one that we wrote the file with, None where that is not known.
    """

    name: str
    current: str | None
    plan_code: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a folder: `places` says in which file each paper of the kit is found afterwards."""

    plan_code: str
    places: Mapping[str, str]
    writes: tuple[Write, ...]
    unchanged: tuple[str, ...]
    kept: tuple[Kept, ...]
    removals: tuple[Removal, ...]
    during: Marks
    after: Marks

    @property
    def changes_files(self) -> bool:
        """Whether any file other than `kit.json` is written or removed."""
        return bool(self.writes or self.removals)

    @property
    def other_clocks(self) -> tuple[Kept, ...]:
        """The kept files that were not written with the present plan code, or not surely."""
        return tuple(kept for kept in self.kept if kept.plan_code != self.plan_code)


@dataclass(frozen=True)
class Seen:
    """A folder as it was seen: what `kit.json` says, the fingerprint of each file, the names not to touch."""

    manifest: Manifest | None
    on_disk: Mapping[str, str]
    untouchable: Collection[str] = ()

    @cached_property
    def marks(self) -> Marks:
        """What `kit.json` says about each file."""
        return self.manifest.files if self.manifest else {}

    @cached_property
    def _written(self) -> Mapping[tuple[str, str], Mark]:
        return {(_paper(name), mark.sha256): mark for name, marks in self.marks.items() for mark in marks}

    @cached_property
    def _occupants(self) -> Mapping[str, str]:
        return {fold(name): name for name in sorted(self.on_disk, reverse=True)}

    def occupant(self, name: str) -> str | None:
        """Name the file on the disk that has this name, or one that some systems take for the same."""
        return name if name in self.on_disk else self._occupants.get(fold(name))

    def mark(self, name: str) -> Mark | None:
        """Find the mark of the file on the disk where it holds what we wrote as this or another version of a paper."""
        return self._written.get((_paper(name), self.on_disk[name]))

    def is_ours(self, name: str) -> bool:
        """Whether the file on the disk holds what we wrote, or nothing."""
        return self.mark(name) is not None or self.on_disk[name] == EMPTY

    def is_touchable(self, name: str) -> bool:
        """Whether the file on the disk is ours to replace or remove."""
        return name in self.on_disk and name not in self.untouchable and self.is_ours(name)

    def plan_code(self, name: str) -> str | None:
        """Tell the plan code that we wrote a file with, None where unknown, as after a crash between two plans."""
        known = {fold(listed): marks for listed, marks in self.marks.items()}
        codes = {mark.plan_code for mark in known.get(fold(name), ())}
        return codes.pop() if len(codes) == 1 else None


def _paper(name: str) -> str:
    """Spell the name of the paper that a file is a version of so that equal ones are equal."""
    return fold(without_version(name))


@dataclass(frozen=True, slots=True)
class Place:
    """Where one paper goes: `passed` are somebody's files that had the better names."""

    name: str
    holds: str | None = None
    passed: tuple[str, ...] = ()


def find_place(seen: Seen, paper: str, fingerprint: str) -> Place | None:
    """Find the first version of the paper's name that is free, ours or equal; None where it is untouchable."""
    passed: list[str] = []
    for name in versions(paper):
        occupant = seen.occupant(name)
        if name == paper and occupant in seen.untouchable:
            return None
        if occupant is None:
            return Place(name, None, tuple(passed))
        if occupant in seen.untouchable:
            continue
        if seen.on_disk[occupant] == fingerprint or seen.is_ours(occupant):
            return Place(occupant, seen.on_disk[occupant], tuple(passed))
        passed.append(occupant)
    raise AssertionError


@dataclass(frozen=True)
class _Sorting:
    """The papers of a kit, each with its place in the folder, and what follows for all other files."""

    seen: Seen
    kit: Mapping[str, bytes]
    plan_code: str
    places: Mapping[str, Place]
    fingerprints: Mapping[str, str]

    @cached_property
    def targets(self) -> Mapping[str, Mark]:
        """Each file that will hold a paper of the kit, with the mark it will have."""
        return {place.name: Mark(self.fingerprints[paper], self.plan_code) for paper, place in self.places.items()}

    def writes(self) -> Iterator[Write]:
        for paper, place in self.places.items():
            if place.holds != self.fingerprints[paper]:
                yield Write(place.name, self.kit[paper], place.holds)

    @cached_property
    def removals(self) -> tuple[Removal, ...]:
        """Our own files that no paper needs any more."""
        listed = (name for name in sorted(self.seen.marks) if name not in self.targets and name.endswith(_PAPERS))
        return tuple(Removal(name, self.seen.on_disk[name]) for name in listed if self.seen.is_touchable(name))

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """Somebody's files: those that had a paper's name, and those that we once wrote."""
        passed = {name for place in self.places.values() for name in place.passed}
        listed = {name for name in self.seen.marks if name in self.seen.on_disk and name not in self.targets}
        touched = {removal.name for removal in self.removals} | set(self.seen.untouchable)
        return tuple(map(self._keep, sorted(passed | listed - touched)))

    def _keep(self, name: str) -> Kept:
        place = self.places.get(name) or self.places.get(without_version(name))
        passed = (place.name for place in self.places.values() if name in place.passed)
        current = next(passed, place.name if place else None)
        return Kept(name, current, self.seen.plan_code(name))

    def after(self) -> Marks:
        """List what `kit.json` says at the end: a kept file keeps the mark of what we wrote there."""
        staying = {kept.name for kept in self.kept} | set(self.seen.untouchable)
        stay = {name: marks for name, marks in self.seen.marks.items() if self.seen.occupant(name) in staying}
        return dict(sorted((stay | {name: (mark,) for name, mark in self.targets.items()}).items()))

    def during(self, after: Marks) -> Marks:
        """List what `kit.json` says while files change: what is there now, where it is ours, and what will be."""
        met = (name for name in self.seen.on_disk if name in self.targets or name in self.seen.marks)
        now = {name: (mark,) for name in met if (mark := self.seen.mark(name))}
        return {
            name: tuple(dict.fromkeys((*now.get(name, ()), *after.get(name, ())))) for name in sorted({*now, *after})
        }


def decide(
    kit: Mapping[str, bytes],
    manifest: Manifest | None,
    on_disk: Mapping[str, str],
    *,
    plan_code: str = "",
    untouchable: Collection[str] = (),
) -> Decision:
    """Say what to do so that the folder holds the kit and nobody loses a file that is not exactly as we wrote it.

    `on_disk` maps names to fingerprints (SHA-256, hexadecimal); files in `untouchable` are left as they are,
    unlisted. A kit that lacks a paper may be asked about too: every other paper's place is the same.
    """
    check_names(kit)
    seen = Seen(manifest, on_disk, untouchable)
    fingerprints = {paper: hashlib.sha256(kit[paper]).hexdigest() for paper in sorted(kit)}
    found = {paper: find_place(seen, paper, fingerprint) for paper, fingerprint in fingerprints.items()}
    places = {paper: place for paper, place in found.items() if place}
    sorting = _Sorting(seen, kit, plan_code, places, fingerprints)
    after = sorting.after()
    return Decision(
        plan_code=plan_code,
        places={paper: place.name if place else paper for paper, place in found.items()},
        writes=tuple(sorting.writes()),
        unchanged=tuple(place.name for paper, place in places.items() if place.holds == fingerprints[paper]),
        kept=sorting.kept,
        removals=sorting.removals,
        during=sorting.during(after),
        after=after,
    )


def check_names(names: Collection[str]) -> None:
    """Raise ValueError, a mistake of ours, where papers have names that some system cannot tell apart or keep."""
    wrong = sorted(name for name in names if not is_paper_name(name) or without_version(name) != name)
    if wrong or len({fold(name) for name in names}) < len(names):
        message = f"these papers cannot stand in one folder: {', '.join(wrong or sorted(names))}"
        raise ValueError(message)
