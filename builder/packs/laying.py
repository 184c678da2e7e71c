"""Packs laid over a library while it is read: each file changed in its turn, what is new added at the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from builder.library.raw import Raw
from builder.library.reading import LISTS, LibraryReading
from builder.model import Adaptation, Change, Lesson
from builder.packs.approvals import approval_of
from builder.packs.layers import BASE, Layer, kind_of
from builder.packs.merging import RESERVED, merged, merged_list
from builder.problems import Problem, did_you_mean
from builder.strict import Marked, shortened


@dataclass
class Laying:
    """Several packs over one library; the last wins. `changes` and `problems` grow while the library is read."""

    layers: Sequence[Layer]
    changes: dict[str, list[Change]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    brought: dict[str, int] = field(default_factory=dict)
    origins: dict[str, list[str]] = field(default_factory=dict)

    # -------------------------------------------------------- what the library's reading asks

    def raw(self, kind: str, path: str, raw: Raw) -> Raw:
        """The file with what each pack above the one that brought it changes in it."""
        self.seen.add(path)
        for layer in self.layers[self.brought.get(path, 0) :]:
            upper = layer.raws.get(path)
            if upper is None:
                continue
            found = merged(kind, path, raw, upper, partial(layer.base_names, path))
            if kind == "lessons":
                self._drop(path, raw.marked, found.raw.marked)
            self.note(layer, path, found.changes, found.problems)
            raw = found.raw
        return raw

    def listed(self, kind: str, path: str, marked: Marked) -> Marked:
        """The list file with what each pack changes in it."""
        self.seen.add(path)
        for layer in self.layers:
            if path in layer.lists:
                found = merged_list(kind, marked, layer.lists[path], partial(layer.base_names, path))
                self.note(layer, path, found.changes, found.problems)
                marked = found.raw.marked
        return marked

    def gone(self, path: str) -> bool:
        """Whether a pack took the activity at this path out of its lesson."""
        return path in self.dropped

    def add_to(self, reading: LibraryReading) -> None:
        """Add new list files, lessons, activities, sheets, cards and pictures."""
        for name in LISTS:
            if name not in self.seen and any(name in layer.lists for layer in self.layers):
                kind = name.removesuffix(".yaml")
                first = next(layer.lists[name] for layer in self.layers if name in layer.lists)
                reading.take_list(kind, self.listed(kind, name, Marked({}, first.path, {(): (1, 1)})))
        for number, layer in enumerate(self.layers):
            reading.texts.update({layer.shown(path): text for path, text in layer.texts.items()})
            self._new_files(reading, layer, number + 1)
            for name, content in layer.pictures.items():
                change = Change(path=name, kind="changed" if name in reading.pictures else "added")
                reading.pictures[name] = content
                self.note(layer, name, (change,), ())
        reading.adapted |= {
            path.rpartition("/")[2].removesuffix(".md") for path in self.origins if kind_of(path) == "cards"
        }
        reading.problems += [problem for layer in self.layers for problem in layer.problems]
        reading.problems += self.problems

    # -------------------------------------------------------- how it is done

    def note(self, layer: Layer, path: str, changes: Sequence[Change], problems: Sequence[Problem]) -> None:
        """Keep what a pack changes in a file, and what is wrong with it."""
        self.problems += problems
        if changes:
            self.changes.setdefault(layer.name, []).extend(changes)
            self.origins.setdefault(path, []).append(layer.name)

    def _drop(self, path: str, before: Marked, after: Marked) -> None:
        """Activities that a pack takes out of their lesson's list are gone with their files."""
        lesson = path.partition("/")[0]
        old, new = (_list(marked, "activities") for marked in (before, after))
        self.dropped |= {f"{lesson}/activities/{stem}.md" for stem in old if stem not in new}

    def _new_files(self, reading: LibraryReading, layer: Layer, above: int) -> None:
        """The files at paths that neither the library nor a lower pack has; lessons first, since parts need them."""
        new = [path for path in layer.raws if path not in self.seen and path not in self.dropped]
        for path in sorted(new, key=lambda path: (kind_of(path) != "lessons", path)):
            kind, raw = kind_of(path), layer.raws[path]
            steps = path.split("/")
            if self._is_lost(reading, layer, path, raw):
                continue
            self.note(layer, path, (Change(path=path, kind="added"),), ())
            self.brought[path] = above
            file = layer.folder / path
            if kind == "lessons":
                reading.front_matter(kind, steps[0], file, Lesson, "a lesson", raw, id=steps[0])
            else:
                reading.part(steps[0], steps[1], steps[2].removesuffix(".md"), file, raw)

    def _is_lost(self, reading: LibraryReading, layer: Layer, path: str, raw: Raw) -> bool:
        """Whether a file that is meant to lie over another has none to lie over, or belongs to no lesson; says so."""
        lesson, kind = path.partition("/")[0], kind_of(path)
        reserved = [key for key in RESERVED if key in raw.marked.values]
        if reserved or path in layer.base:
            near = did_you_mean(path, [other for other in self.seen if kind_of(other) == kind])
            message = "lies over a file that the library does not have."
            hint = f"{near} A new file says everything itself, without '{reserved[0] if reserved else BASE}'."
            self.problems.append(raw.marked.problem("no-parent", message, (), hint))
            return True
        if kind != "lessons" and lesson not in reading.marks["lessons"]:
            message = f"there is no lesson '{shortened(lesson)}' that this could belong to."
            hint = did_you_mean(lesson, reading.marks["lessons"])
            self.problems.append(raw.marked.problem("unknown-lesson", message, (), hint))
            return True
        return False


def _list(marked: Marked, key: str) -> list[Any]:
    value = marked.values.get(key)
    return value if isinstance(value, list) else []


def adaptations(laying: Laying, versions: Mapping[str, str]) -> Iterator[Adaptation]:
    """What each pack changed, and from which version of each lesson: that of `base/`, else the library's."""
    for layer in laying.layers:
        if layer.pack is None:
            continue
        changes = tuple(laying.changes.get(layer.name, ()))
        lessons = dict.fromkeys(change.lesson for change in changes if change.lesson)
        found = {key: layer.base_version(key) or versions.get(key, "") for key in lessons}
        yield Adaptation(
            pack=layer.pack,
            changes=changes,
            versions={key: version for key, version in found.items() if version},
            fingerprint=layer.fingerprint,
            folder=layer.folder.as_posix(),
            approval=approval_of(layer).told,
        )


def names_twice(layers: Sequence[Layer]) -> Iterator[Problem]:
    """Two packs of one name cannot be told apart."""
    seen: dict[str, Path] = {}
    for layer in layers:
        if layer.name in seen:
            message = f"name: '{layer.name}' is the name of {seen[layer.name].as_posix()}, too."
            problem = layer.marked.problem(
                "pack-twice", message, ("name",), "Give each pack once, by a name of its own."
            )
            yield replace(problem, path=layer.shown("pack.yaml"))
        seen.setdefault(layer.name, layer.folder)
