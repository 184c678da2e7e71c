"""The packs in use as pages show them: which parts they change, and one part changed in place. Nothing here asks."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder.actuals.command import in_use
from builder.blocks import walk
from builder.html.flow import RENDERERS, Draft, flow
from builder.kit.texts import Texts, filled
from builder.library import shown
from builder.markdown import parse
from builder.packs import adapting, arrivals, parts
from builder.packs.classes import class_of
from builder.packs.layers import is_list, kind_of
from builder.packs.loading import laid_over, load
from builder.packs.writing import write
from builder.web.parts_typed import offset_of, text_of, with_reason, with_typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.model import Library
    from builder.packs.layers import Layer
    from builder.packs.loading import Laid
    from builder.problems import Problem

CLASSES: Mapping[str, str] = {
    "free": "Free: change it as you like.",
    "guarded": "Guarded: add to it freely. What you replace or take away needs a reason, which is printed.",
    "locked": "Locked: whose words these are, and how a case is guarded, stays as the library has it.",
    "own": "Your own: the library has no such text.",
}
NONE_OPEN = "No pack is open. Make one with 'workshop pack new DIR', and begin with 'workshop open --pack DIR'."


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a file: what it says below and above the pack, and what may be done with it."""

    path: str
    name: str
    kind: str
    before: str | None
    after: str | None
    removed: bool = False
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        """Why the part as a whole was changed, '' where nobody says."""
        return dict(self.reasons).get(self.name, "")

    @property
    def words(self) -> str:
        """What may be done with it, in a sentence."""
        return CLASSES[self.kind]

    @property
    def state(self) -> str:
        """What the pack does with it: removed, changed, added, or '' for nothing."""
        if self.removed:
            return "removed"
        if self.after is None or (self.before is not None and parts.same(self.before, self.after)):
            return ""
        return "changed" if self.before is not None else "added"


@dataclass(frozen=True, slots=True)
class Typed:
    """A part that somebody typed: the text, the reason, and the mark of the files that the page was made from."""

    text: str
    reason: str
    mark: str
    problems: Sequence[tuple[int, Problem]] = ()
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library's folder with the packs over it, as the command was given them."""

    modules: Path
    packs: tuple[Path, ...] = ()
    no_actuals: bool = False

    @property
    def refusal(self) -> str:
        """Why no part can be changed here, in words; '' where one can."""
        if not self.packs:
            return NONE_OPEN
        if len(self.packs) > 1:
            return "Several packs are open, so nobody can know which of them a change is for. Begin with one of them."
        folder = self.packs[0]
        if folder.is_symlink():
            return "The pack's folder is a link to another place. Begin with the folder itself."
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return "The pack's folder belongs to somebody else. Ask them, or make a pack of your own over it."
        if not os.access(folder, os.W_OK):
            return "Nobody may write in the pack's folder. Change its permissions, or ask who keeps it."
        return ""

    def library(self) -> Library:
        """The lessons in use, read anew; InputError where something is wrong with them."""
        return in_use(load(self.modules, self.packs)[0], no_actuals=self.no_actuals)

    def read(self) -> Opened:
        """The packs as they stand on the disk now."""
        return Opened(self, laid_over(self.modules, self.packs))


@dataclass(frozen=True)
class Opened:
    """Library and packs as they were read: for one answer to one request."""

    shelf: Shelf
    laid: Laid
    library: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Take the library's own texts out of all that was read."""
        texts = adapting.texts_by_path(self.laid.findings.texts, shown(self.shelf.modules))
        object.__setattr__(self, "library", texts)

    @property
    def layer(self) -> Layer:
        """The uppermost pack."""
        return self.laid.layers[-1]

    def files(self, lesson: str) -> list[str]:
        """The files of a lesson, its own first; those that packs brought come with them."""
        known = {*self.library, *(path for layer in self.laid.layers for path in layer.texts)}
        found = [path for path in known if path.startswith(f"{lesson}/") and path.endswith(".md")]
        return sorted(found, key=lambda path: (path.count("/"), path))

    def parts(self, path: str) -> Iterator[Part]:
        """The parts of a file in their order, those that the pack takes away included."""
        listed = is_list(path)
        below = parts.parts_of(self._below(path), listed=listed)
        above = parts.parts_of(self.layer.texts.get(path, ""), listed=listed)
        for name in dict.fromkeys([*below, *above]):
            if name in {parts.HEAD, "remove", "because"}:
                continue
            yield self._part(path, name, below.get(name), above.get(name))

    def part(self, path: str, name: str) -> Part | None:
        """One part, None where there is none."""
        return next((part for part in self.parts(path) if part.name == name), None)

    def mark(self, path: str) -> str:
        """A short mark that is another one once the pack's file is."""
        texts = (self.layer.texts.get(path, ""), self.layer.base.get(path, ""))
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]

    def _below(self, path: str) -> str:
        return self.library.get(path, "")

    def _part(self, path: str, name: str, before: str | None, after: str | None) -> Part:
        kind = class_of(kind_of(path), name) if self._below(path) else "own"
        changes = [
            change
            for each in self.laid.findings.library.adaptations[-1:]
            for change in each.changes
            if change.path == path and change.part == name
        ]
        removed = any(change.kind == "removed" for change in changes) and after is None
        reasons = _reasons(self.layer, path).items()
        about = tuple(each for each in reasons if each[0] == name or (each[0].startswith(f"{name}/")))
        return Part(path, name, kind, before, after, removed, about)


def _reasons(layer: Layer, path: str) -> Mapping[str, str]:
    raw = layer.raws.get(path)
    found = raw.marked.values.get("because") if raw else None
    return {str(part): str(reason) for part, reason in found.items()} if isinstance(found, dict) else {}


# ------------------------------------------------------------ one part, changed in place


def present(part: Part, mark: str) -> Typed:
    """What a form shows at first: the text as it is now, and the reason that was given."""
    return Typed(text_of(part.name, part.after or part.before or ""), part.reason, mark)


def tried(opened: Opened, part: Part, typed: Typed) -> tuple[Mapping[str, str], Sequence[tuple[int, Problem]]]:
    """The pack's files with what was typed, and every error that it makes, each with its line in the text (0: none).

    InputError: the part cannot be adapted at all.
    """
    files = dict(_files(opened, part))
    own = files.get(part.path, opened.layer.texts.get(part.path, ""))
    order = list(parts.parts_of(opened.library.get(part.path, "")))
    new = with_typed(part.name, typed.text, part.after or part.before or "")
    own = parts.with_part(own, part.name, new, order=order)
    files[part.path] = with_reason(own, part.name, typed.reason, _reasons(opened.layer, part.path))
    return files, list(_errors(opened, part, files, new))


def _files(opened: Opened, part: Part) -> Mapping[str, str]:
    """What has to be written beside the part itself: nothing where the pack has it already."""
    if part.after is not None or part.path not in opened.library:
        return {}
    files = adapting.adapt(f"{part.path}#{part.name}", opened.library, opened.layer).files
    if arrivals.PATH in opened.layer.written:
        return files
    return {**files, arrivals.PATH: arrivals.written(arrivals.guarded_in(opened.library))}


def _errors(opened: Opened, part: Part, files: Mapping[str, str], new: str) -> Iterator[tuple[int, Problem]]:
    """The errors of the pack as it would be, found on a copy of it."""
    folder = opened.shelf.packs[-1]
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, symlinks=True)
        for path, text in files.items():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_text(text, encoding="utf-8")
        first = _first_line(files[part.path], part.name) + offset_of(part.name, new)
        for problem in _judged(laid_over(opened.shelf.modules, [*opened.shelf.packs[:-1], copy])):
            here = problem.path == shown(copy / part.path)
            if problem.severity == "error" or (here and problem.code == "reason-in-print"):
                line = (problem.line or 0) - first if here else 0
                yield (line if 0 < line <= new.count("\n") + 1 else 0), _said_here(problem)


def _said_here(problem: Problem) -> Problem:
    """A problem with the hint that fits a form, where another one speaks of the file."""
    return replace(problem, hint="Write why, in the line below the text.") if problem.code == "no-reason" else problem


def _judged(laid: Laid) -> list[Problem]:
    """What is wrong with files, and with the texts in them."""
    texts = Texts(laid.findings.library, laid.findings.sources)
    texts.everything(laid.findings.marks)
    return [*laid.findings.problems, *texts.problems]


def as_printed(opened: Opened, part: Part, typed: str) -> str:
    """A section as papers have it, as HTML; '' for what is no section, or holds what only whole papers can."""
    if parts.is_field(part.name):
        return ""
    library = opened.laid.findings.library
    terms = {name: term.is_noun for name, term in library.terms.items()}
    blocks, _ = parse(typed, sources=library.sources, terms=terms)
    if any(type(block) not in RENDERERS for block in walk(blocks)):
        return ""
    values = {name: term.one for name, term in library.terms.items() if term.one}
    values |= {"organisation": library.adaptations[-1].pack.organisation}
    return flow(filled(blocks, values, library), Draft("en"))


def _first_line(text: str, name: str) -> int:
    return next((piece.line for piece in parts.taken_apart(text) if piece.part == name), 0)


def saved(opened: Opened, files: Mapping[str, str]) -> list[str]:
    """Write into the pack, each file whole or not at all; InputError where one changed since it was read."""
    return write(opened.shelf.packs[-1], files, opened.layer.written)


def usable(opened: Opened, part: Part | None) -> str:
    """Why a part cannot be changed, in words; '' where it can."""
    if opened.shelf.refusal:
        return opened.shelf.refusal
    if part is None:
        return "There is no such part."
    if part.kind == "locked":
        return CLASSES["locked"]
    return "The pack takes this part away. Take it out of 'remove' in the file to have it back." if part.removed else ""
