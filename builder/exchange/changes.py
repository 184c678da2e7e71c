"""What a document that came back changes in a pack: decided part by part, tried as a whole, and only then written."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.exchange import entries
from builder.exchange.fitting import fitted, words
from builder.exchange.gathered import LESSON, Part
from builder.exchange.lines import Lines, fingerprint, keys_of, lines_of, without_smart, words_of
from builder.exchange.markdown import edited
from builder.exchange.placing import Placed, Placing
from builder.library import shown
from builder.packs import parts
from builder.packs.layers import BASE, Layer, read_layer
from builder.packs.loading import laid_over
from builder.packs.merging import RESERVED
from builder.problems import InputError, Problem, has_errors

_REASON_MISSING = "no-reason"
_SAY_WHY = "In the document, write the reason in the line 'Guarded' below the heading (or add a line 'Reason: …')."


@dataclass(frozen=True)
class Change:
    """One part as a document has it: its new text as the file writes it, None where it was taken out, and why."""

    part: Part
    text: str | None
    reason: str = ""
    words: str = ""


@dataclass
class Decided:
    """What a document changes, what could not be taken over (where, why, its text), and what else to tell."""

    changes: list[Change] = field(default_factory=list)
    left: list[tuple[str, str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def decided(placing: Placing, exported: Sequence[Part]) -> Decided:
    """What each part that came back changes; `exported` are the parts that the document held when it was made."""
    found = Decided(left=[(where, "stands in no part", text) for where, text in placing.outside])
    reasons = {placed.part.name: placed.reason for placed in placing.found.values()}
    for placed in placing.found.values():
        holder = f"{placed.part.path}#{placed.part.part.rpartition('/')[0]}"
        _part(replace(placed, reason=placed.reason or reasons.get(holder, "")), found)
    for part in exported:
        if part.tag not in placing.found and part.lines:
            _missing(part, found)
    return found


def _missing(part: Part, found: Decided) -> None:
    """A part whose heading and text are gone from the document."""
    if part.form != "section" or part.held != "free":
        why = "it is guarded" if part.held == "guarded" else "a lesson needs it"
        hint = "To take a guarded part out, leave its heading, delete its text, and write the reason below it."
        found.told.append(f"{part.name}: is gone from the document; it stays as it is, since {why}. {hint}")
    else:
        found.changes.append(Change(part, None))


def _part(placed: Placed, found: Decided) -> None:
    part = placed.part
    fixed = {"".join(bit.text for bit in line.bits): line.name for line in part.lines if line.kind == "fixed"}
    fit = fitted(placed.seen, fixed)
    found.left += [(part.name, "could not be taken over", what) for what in fit.lost]
    lines = without_smart(fit.lines, _said(part))
    if keys_of(lines) == keys_of(part.lines):
        return
    if placed.fingerprint and placed.fingerprint != part.fingerprint:
        if fingerprint(lines) != placed.fingerprint:
            why = "was changed in the document, and since the export here, too; it stays as it is here"
            found.left.append((part.name, why, _whole(placed)))
        return
    if not words_of(lines).strip():
        _emptied(placed, found)
    elif part.form == "section":
        _section(placed, lines, found)
    elif part.form == "prose":
        text = entries.prose_of(lines)
        if text != " ".join(part.text.split()):
            found.changes.append(Change(part, entries.prose(part.part, text), placed.reason, _whole(placed)))
    else:
        _table(placed, lines, found)


def _said(part: Part) -> str:
    """All that a part says now, in which no sign is taken for one of Word's making."""
    return words_of(part.lines)


def _whole(placed: Placed) -> str:
    return "\n".join(filter(None, map(words, placed.seen)))


def _emptied(placed: Placed, found: Decided) -> None:
    """A part whose heading stands there with no text: it is taken out."""
    part = placed.part
    if part.form == "section" or part.part == "advisory":
        found.changes.append(Change(part, None, placed.reason))
    else:
        found.told.append(f"{part.name}: is empty in the document; it stays as it is, since a file needs it.")


def _section(placed: Placed, lines: Lines, found: Decided) -> None:
    part = placed.part
    body = edited(part.text, lines)
    if keys_of(lines_of(body)) != keys_of(lines):
        found.left.append((part.name, "was taken over, but not every look of it; compare it", _whole(placed)))
    text = f"{part.heading.rstrip()}\n\n{body}" if part.heading else body
    found.changes.append(Change(part, text, placed.reason, _whole(placed)))


def _table(placed: Placed, lines: Lines, found: Decided) -> None:
    part = placed.part
    rows, rest = entries.entries_of(part, lines)
    found.left += [(part.name, "is no row of the table", text) for text in rest]
    if not rows:
        found.left.append((part.name, "its table is gone from the document; it stays as it is", _whole(placed)))
    elif rows != [dict(entry) for entry in part.entries]:
        found.changes.append(Change(part, entries.listed(part, rows), placed.reason, _whole(placed)))


# ------------------------------------------------------------ into the pack


def files_with(changes: Sequence[Change], layer: Layer, below: Mapping[str, str]) -> dict[str, str]:
    """The files of a pack with these changes, and `base/` with what lies below in the parts that are new in it."""
    files: dict[str, str] = {}
    for change in changes:
        path, part = change.part.path, change.part.part
        own = files.get(path, layer.texts.get(path, ""))
        theirs = parts.parts_of(below.get(path, ""))
        own = parts.with_part(own, part, change.text, order=list(theirs)) if _stands(own, change) else own
        if change.text is None and part in theirs:
            own = _with(own, RESERVED[0], lambda names: entries.names("remove", names), _removed(own), part)
        if change.reason and path in below:
            because = {**_because(own), part: change.reason}
            own = parts.with_part(own, "because", entries.reasons(because))
        files[path] = own
        base = f"{BASE}/{path}"
        kept = files.get(base, layer.base.get(path, ""))
        if part in theirs and part not in parts.parts_of(kept):
            files[base] = parts.with_part(kept, part, theirs[part], order=list(theirs))
            _keep_version(path.partition("/")[0], files, layer, below)
    return files


def _stands(own: str, change: Change) -> bool:
    """Whether there is something to write, or to take out of the pack's own file."""
    return change.text is not None or change.part.part in parts.parts_of(own)


def _with(own: str, key: str, written: object, names: list[str], part: str) -> str:
    return parts.with_part(own, key, written([*names, part])) if part not in names else own  # type: ignore[operator]


def _removed(own: str) -> list[str]:
    found = _front(own).get("remove")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _because(own: str) -> dict[str, str]:
    found = _front(own).get("because")
    return {str(key): str(text) for key, text in found.items()} if isinstance(found, Mapping) else {}


def _front(own: str) -> Mapping[str, object]:
    from builder.strict import read_yaml

    kept = "".join(piece.text for piece in parts.taken_apart(own) if piece.part in RESERVED)
    return read_yaml(kept, "")[0].values


def _keep_version(lesson: str, files: dict[str, str], layer: Layer, below: Mapping[str, str]) -> None:
    """`base/` always knows from which version of a lesson it was adapted."""
    path = f"{BASE}/{lesson}/{LESSON}"
    kept = files.get(path, layer.base.get(f"{lesson}/{LESSON}", ""))
    version = parts.parts_of(below.get(f"{lesson}/{LESSON}", "")).get("version")
    if version and "version" not in parts.parts_of(kept):
        files[path] = parts.with_part(kept, "version", version)


# ------------------------------------------------------------ tried as a whole


def tried(found: Decided, layer: Layer, below: Mapping[str, str], root: Path, packs: Sequence[Path]) -> None:
    """Leave out every change that no library could take, with its reason, until the rest can be; fills `files`."""
    while found.changes:
        found.files = files_with(found.changes, layer, below)
        problems = _problems(found.files, layer, root, packs)
        if not problems:
            return
        blamed = {id(change): problem for problem in problems for change in _blamed(problem, found)}
        if not blamed:
            raise InputError(problems)
        for change in [change for change in found.changes if id(change) in blamed]:
            problem = blamed[id(change)]
            hint = _SAY_WHY if problem.code == _REASON_MISSING else problem.hint
            found.left.append((change.part.name, f"{problem.message} {hint}".strip(), change.words or "(taken out)"))
            found.changes.remove(change)
    found.files = {}


def _problems(files: Mapping[str, str], layer: Layer, root: Path, packs: Sequence[Path]) -> list[Problem]:
    """The errors that a pack with these files would have, by paths inside the pack."""
    with tempfile.TemporaryDirectory() as holder:
        trial = Path(holder) / layer.folder.resolve().name
        shutil.copytree(layer.folder, trial, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_TRIED))
        for path, text in files.items():
            (trial / path).parent.mkdir(parents=True, exist_ok=True)
            (trial / path).write_text(text, encoding="utf-8", newline="\n")
        problems = laid_over(root, [*packs, trial]).findings.problems
        before = f"{shown(trial)}/"
        return [replace(each, path=each.path.removeprefix(before)) for each in problems if each.severity == "error"]


_NOT_TRIED = ("approvals", "review", ".git")


def _blamed(problem: Problem, found: Decided) -> Iterable[Change]:
    """The changes that an error comes from: the part in its place, else a part that it names, else all of the file."""
    here = [change for change in found.changes if change.part.path == problem.path]
    text, line = found.files.get(problem.path, ""), (problem.line or 1) - 1
    piece = next((each for each in reversed(parts.taken_apart(text)) if each.line <= line), None)
    there = [change for change in here if piece is not None and change.part.part == piece.part]
    named = [change for change in here if f"'{change.part.part}" in problem.message]
    return there or named or here or _of_lesson(problem, found)


def _of_lesson(problem: Problem, found: Decided) -> Iterator[Change]:
    """Where the place is a file that nothing changed, the changes of its lesson."""
    lesson = problem.path.rpartition("modules/")[2].partition("/")[0]
    yield from (change for change in found.changes if change.part.path.partition("/")[0] == lesson)


def layer_of(folder: Path) -> Layer:
    """The pack in a folder; raises InputError where it cannot be used."""
    layer = read_layer(folder)
    if has_errors(layer.problems):
        raise InputError(problem for problem in layer.problems if problem.severity == "error")
    return layer
