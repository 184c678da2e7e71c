"""How a folder is looked at and a kit written into it, with files of one name changing in one step each."""

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder.folder import disk
from builder.folder.lock import locked
from builder.folder.names import LOCK, RECORD, STRAY, fold, versions, without_version
from builder.folder.record import Manifest, dump_manifest, parse_manifest
from builder.folder.report import Report, report
from builder.folder.rules import Decision, Seen, Write, check_names, decide, find_place
from builder.problems import InputError, Problem

_DAMAGED = "kit.damaged.json"


@dataclass(frozen=True, slots=True)
class Former:
    """What a folder holds: the bytes of its `kit.json`, and the fingerprint of each file that the kit could meet.

    `names` are the papers that were asked about, `untouchable` the files there that stay as they are,
    `strays` what a crash left behind.
    """

    names: frozenset[str]
    record: bytes | None = None
    on_disk: Mapping[str, str] = field(default_factory=dict)
    untouchable: frozenset[str] = frozenset()
    strays: tuple[str, ...] = ()

    @property
    def manifest(self) -> Manifest | None:
        """What `kit.json` says, None where there is none."""
        return None if self.record is None else parse_manifest(self.record)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the last finished build, its `plan_code` among them; empty where there was none."""
        return self.manifest.facts if self.manifest else {}

    @property
    def edited(self) -> tuple[str, ...]:
        """The files that are not as this program wrote them, so that no build will change them."""
        seen = Seen(self.manifest, self.on_disk)
        theirs = (name for name in self.on_disk if name not in self.untouchable and not seen.is_ours(name))
        return tuple(sorted(theirs))

    @property
    def passed_over(self) -> Mapping[str, tuple[str, str | None]]:
        """The edited papers that were asked about: the name that a new version gets, and the plan code they have."""
        marks = self.manifest.files if self.manifest else {}
        codes = {name: listed[-1].plan_code for name, listed in marks.items() if listed}
        return {name: (self.target(name), codes.get(name)) for name in self.edited if name in self.names}

    def target(self, paper: str) -> str:
        """Name the file that a new version of a paper goes to, unless it equals what somebody has there already."""
        place = find_place(Seen(self.manifest, self.on_disk, self.untouchable), paper, "")
        return place.name if place else paper

    def decide(self, kit: Mapping[str, bytes], plan_code: str) -> Decision:
        """Say what a build of this kit would do; a part of the kit may be asked about before the rest is made."""
        if unknown := sorted(set(kit) - self.names):
            message = f"look() was not asked about {', '.join(unknown)}"
            raise ValueError(message)
        return decide(kit, self.manifest, self.on_disk, plan_code=plan_code, untouchable=self.untouchable)


def look(folder: Path, names: Collection[str], untouchable: Iterable[Path] = ()) -> Former:
    """Say what a folder holds now; raises InputError where a kit cannot go there.

    `names` are all papers that the kit may have; files that are none of these, nor versions of them, nor
    listed in `kit.json`, are not looked at. `untouchable` are files, such as the brief, that no build may change.
    """
    check_names(names)
    if not _is_folder(folder):
        return Former(frozenset(names))
    with disk.explained(folder):
        record = disk.read(folder / RECORD)
        listed = parse_manifest(record).files if record is not None else {}
        wanted = {fold(name) for name in (*names, *listed)}
        present = sorted(path.name for path in folder.iterdir())
        met = [name for name in present if fold(name) in wanted or fold(without_version(name)) in wanted]
        kept = _find_same(folder, met, untouchable)
        _check_kinds(folder, [name for name in present if fold(name) in {*wanted, RECORD, LOCK} and name not in kept])
        on_disk = {name: disk.fingerprint(folder / name) for name in met}
    strays = tuple(name for name in present if name == LOCK or STRAY.fullmatch(name))
    return Former(frozenset(names), record, on_disk, kept, strays)


def _is_folder(folder: Path) -> bool:
    """Whether there is a folder; raises InputError where something else has its name."""
    try:
        with disk.explained(folder):
            mode = folder.lstat().st_mode
    except InputError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return False
        raise
    if stat.S_ISDIR(mode):
        return True
    code, message = "folder-is-a-file", "this is a file, and a kit needs a folder."
    if stat.S_ISLNK(mode):
        code, message = "folder-is-a-link", "this is a link to another place; links are not followed."
    raise disk.refuse(code, message, folder, "Choose another folder with -o.")


def _find_same(folder: Path, names: Iterable[str], paths: Iterable[Path]) -> frozenset[str]:
    """Which of the names are the very files at `paths`, however the paths are spelled."""
    statuses = [status for path in paths if (status := _status(path))]
    here = ((name, _status(folder / name)) for name in names)
    return frozenset(name for name, mine in here if mine and any(os.path.samestat(mine, one) for one in statuses))


def _status(path: Path) -> os.stat_result | None:
    with suppress(OSError, ValueError):
        return path.stat()
    return None


def _check_kinds(folder: Path, names: Iterable[str]) -> None:
    """Raise one InputError with a problem for each name that is a folder, a link or a pipe."""
    message = "a file of the kit belongs here, but this is a folder, a link or a device."
    hint = "Move it away, or choose another folder with -o."
    odd = [folder / name for name in names if _is_odd(folder / name)]
    if odd:
        raise InputError(Problem("not-a-file", message, str(path), hint=hint) for path in odd)


def _is_odd(path: Path) -> bool:
    """Whether there is something other than a regular file; another build may just have removed it."""
    try:
        return not stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def apply(folder: Path, decision: Decision, former: Former, facts: Mapping[str, object]) -> None:
    """Make the folder as decided, or raise InputError; where nothing would change, nothing is written.

    The decision must stem from `former`, and the folder must still be as it was then. All new files are
    first made under temporary names, so a full disk changes nothing. A build that breaks off later leaves
    a `kit.json` that knows the old and the new content of every file, so the next build finishes it.
    """
    final = dump_manifest({**facts, "plan_code": decision.plan_code}, decision.after)
    if not decision.changes_files and not former.strays and final == former.record:
        _check_unchanged(folder, former)
        return
    with disk.explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), disk.explained(folder):
        _sweep(folder, _check_unchanged(folder, former).strays)
        _check_free(folder, decision)
        _set_damaged_aside(folder, former)
        _change(folder, decision, former, final)


def _check_unchanged(folder: Path, former: Former) -> Former:
    now = look(folder, former.names, [folder / name for name in former.untouchable])
    if (now.record, now.on_disk) != (former.record, former.on_disk):
        raise disk.changed(folder)
    return now


def _sweep(folder: Path, strays: Iterable[str]) -> None:
    """Remove the temporary files of a build that broke off; whoever holds the lock is the only one to have any."""
    for name in strays:
        if name != LOCK:
            (folder / name).unlink(missing_ok=True)


def _check_free(folder: Path, decision: Decision) -> None:
    """Raise one InputError that names every file of ours that another program holds."""
    problems: list[Problem] = []
    ours = [write.name for write in decision.writes if write.replaces] + [gone.name for gone in decision.removals]
    for name in (*ours, RECORD):
        try:
            disk.check_free(folder / name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _set_damaged_aside(folder: Path, former: Former) -> None:
    """Keep a copy of a `kit.json` that is not understood: somebody may have meant something by it."""
    if former.record is None or not parse_manifest(former.record).damaged:
        return
    for name in versions(_DAMAGED):
        if disk.fingerprint(folder / name) == _digest(former.record):
            return
        if not os.path.lexists(folder / name):
            with disk.staged(folder, former.record) as copy:
                disk.publish(copy, folder / name, None)
            return


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _change(folder: Path, decision: Decision, former: Former, final: bytes) -> None:
    """Write `kit.json` with old and new fingerprints, then every file, then `kit.json` with the new ones only."""
    old = _digest(former.record) if former.record is not None else None
    first = [Write(RECORD, dump_manifest(former.facts, decision.during), old)] if decision.changes_files else []
    last = Write(RECORD, final, _digest(first[0].content) if first else old)
    writes = (*first, *decision.writes, last)
    with ExitStack() as stack:
        staged = [stack.enter_context(disk.staged(folder, write.content)) for write in writes]
        for write, path in zip(writes[:-1], staged[:-1], strict=True):
            disk.publish(path, folder / write.name, write.replaces)
        disk.sync(folder)
        for removal in decision.removals:
            disk.remove(folder / removal.name, removal.fingerprint)
        disk.publish(staged[-1], folder / RECORD, last.replaces)
        disk.sync(folder)


def write_kit(  # noqa: PLR0913 - the first four are the kit, the other two say what to leave alone
    folder: Path,
    kit: Mapping[str, bytes],
    facts: Mapping[str, object],
    plan_code: str,
    *,
    former: Former | None = None,
    untouchable: Iterable[Path] = (),
) -> Report:
    """Write a kit into a folder, and say what became of each file; raises InputError.

    `facts` go into `kit.json`. `former` is what the caller saw while making the kit: where the folder is
    no longer so, nothing is written. Files in `untouchable`, such as the brief, are left exactly as they are.
    """
    paths = tuple(untouchable)
    if former is None:
        former = look(folder, kit, paths)
    former = replace(former, untouchable=former.untouchable | _find_same(folder, former.on_disk, paths))
    decision = former.decide(kit, plan_code)
    apply(folder, decision, former, facts)
    return report(folder, decision, damaged=bool(former.manifest and former.manifest.damaged))
