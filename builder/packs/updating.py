"""Bringing a pack forward to the library of today: what becomes of each part, and of each file. Pure.

The three versions of a part are what `base/` keeps, what the library says now, and what the pack says. A second run
on the outcome of the first changes nothing, also while something is undecided.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from builder.packs import arrivals, parts, shapes, spans, undecided
from builder.packs.classes import FieldClass, class_of
from builder.packs.layers import BASE, PACK, Layer, is_list, kind_of
from builder.packs.merging import RESERVED
from builder.packs.threeway import Field, OutcomeKind
from builder.packs.undecided import REMOVED, Sides
from builder.packs.weaving import woven
from builder.strict import check, read_yaml

LESSON = "lesson.md"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one part of a file, or of a whole file (part ''); `near` is a file that may be it, renamed."""

    path: str
    part: str
    kind: OutcomeKind
    near: str = ""

    @property
    def held(self) -> FieldClass:
        """The class of the part."""
        return class_of(kind_of(self.path), self.part) if self.part else "free"


@dataclass
class Update:
    """What an update writes: files by their paths in the pack (None: removed), and what became of each part."""

    files: dict[str, str | None] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def undecided(self) -> Sequence[Outcome]:
        """What somebody must decide."""
        return [each for each in self.outcomes if each.kind in {"conflict", "waiting", "lost"}]


def decide(layer: Layer, library: Mapping[str, str], version: str | None) -> Update:
    """What an update to the library's texts (by their paths inside it) makes of a pack.

    `version` is the library's, None where only its lessons have one.
    """
    pack = layer.pack
    ours = f"{pack.name} {pack.version}" if pack else layer.name
    found = Update()
    known = pack.parent.version if pack else ""
    for path in sorted({*layer.raws, *layer.lists, *layer.base} - {arrivals.NAME}):
        work = _File(layer, path, library, Sides(ours, _named(path, library, version)), found)
        if path not in layer.texts:
            work.base_alone()
        elif path not in library:
            work.without_parent()
        else:
            work.update(is_fresh=_is_fresh(layer, path, library, version in {None, known}))
    _versions(layer, library, found)
    _arrivals(layer, library, found)
    if pack and version and pack.parent.version != version:
        found.files[PACK] = spans.with_scalar(layer.texts[PACK], ("parent", "version"), version)
    found.files = {path: text for path, text in found.files.items() if text != layer.written.get(path)}
    return found


def _named(path: str, library: Mapping[str, str], version: str | None) -> str:
    """The library's side as a conflict names it."""
    if version:
        return f"library {version}"
    lesson = path.partition("/")[0]
    return "library" if is_list(path) else f"library ({lesson} {_version_of(lesson, library)})"


def _version_of(lesson: str, library: Mapping[str, str]) -> str | None:
    written = parts.parts_of(library.get(f"{lesson}/{LESSON}", "")).get("version", "")
    found = read_yaml(written, "")[0].values.get("version")
    return found if isinstance(found, str) else None


def _is_fresh(layer: Layer, path: str, library: Mapping[str, str], same_library: bool) -> bool:  # noqa: FBT001
    """Whether the library's file is, as far as its version says, still the one that the pack was made from."""
    lesson = path.partition("/")[0]
    kept = None if is_list(path) else layer.base_version(lesson)
    return same_library if kept is None else kept == _version_of(lesson, library)


def _versions(layer: Layer, library: Mapping[str, str], found: Update) -> None:
    """`base/` says from which version of each lesson it now is, unless something in the lesson waits for a decision."""
    waiting = {each.path.partition("/")[0] for each in found.outcomes if each.kind == "waiting"}
    written = {**layer.written, **found.files}
    lessons = {path.partition("/")[0] for path, text in written.items() if "/" in path and text and path in library}
    for lesson in sorted(lessons - waiting):
        path = f"{BASE}/{lesson}/{LESSON}"
        version = parts.parts_of(library.get(f"{lesson}/{LESSON}", "")).get("version")
        kept = any(name.startswith(f"{BASE}/{lesson}/") and text for name, text in written.items())
        if version and kept:
            found.files[path] = parts.with_part(written.get(path) or "", "version", version)


def _arrivals(layer: Layer, library: Mapping[str, str], found: Update) -> None:
    """Tell what is guarded and came or went where the pack changes nothing, too."""
    before, now = arrivals.kept(layer.base.get(arrivals.NAME, "")), arrivals.guarded_in(library)
    told = {(each.path, each.part) for each in found.outcomes}
    for path, part, came in arrivals.changed(before, now) if before is not None else ():
        whole = any(each.path == path and each.part in {"", part.partition("/")[0]} for each in found.outcomes)
        if (path, part) not in told and not whole:
            found.outcomes.append(Outcome(path, part, "arrived" if came else "left"))
    found.files[arrivals.PATH] = arrivals.written(now)


@dataclass
class _File:
    """One file of a pack on its way forward."""

    layer: Layer
    path: str
    others: Mapping[str, str]
    sides: Sides
    update_of: Update

    def __post_init__(self) -> None:
        self.listed = is_list(self.path)
        self.kind = kind_of(self.path)
        self.ours = self.layer.texts.get(self.path, "")
        kept = self.layer.base.get(self.path, "")
        self.base = kept if _is_readable(kept, listed=self.listed) else ""
        self.mine = parts.parts_of(self.ours, listed=self.listed)
        self.old = dict(self._saying(parts.parts_of(self.base, listed=self.listed)))
        self.new = dict(self._saying(parts.parts_of(self.others.get(self.path, ""), listed=self.listed)))
        self.waiting = undecided.names_in(self.ours, listed=self.listed)
        self.removing = _removing(self.mine.get(RESERVED[0], ""))
        self.open: dict[str, tuple[str, str]] = {}
        self.unneeded: set[str] = set()

    def say(self, part: str, kind: OutcomeKind) -> None:
        self.update_of.outcomes.append(Outcome(self.path, part, kind))

    # -------------------------------------------------------- whole files

    def base_alone(self) -> None:
        """What `base/` keeps of a file that the pack no longer changes: the version of a lesson, nothing else."""
        version = {"version": self.old["version"]} if self.path.endswith(f"/{LESSON}") and "version" in self.old else {}
        text = "".join(["---\n", *version.values(), "---\n"]) if version else None
        is_used = any(path.startswith(f"{self.path.partition('/')[0]}/") for path in self.layer.texts)
        if not self._is_just(version):
            self.update_of.files[f"{BASE}/{self.path}"] = text if is_used else None

    def _is_just(self, version: Mapping[str, str]) -> bool:
        return bool(version) and set(self.old) == {"version"}

    def without_parent(self) -> None:
        """A file that lies over one that the library no longer has: it stays, unless it holds nothing of the pack's."""
        reserved = [part for part in RESERVED if part in self.mine]
        if not reserved and self.path not in self.layer.base:
            return
        if not reserved and all(parts.same(text, self.old.get(part, "")) for part, text in self._saying(self.mine)):
            self.update_of.files[self.path] = self.update_of.files[f"{BASE}/{self.path}"] = None
            self.say("", "gone")
        else:
            self.update_of.outcomes.append(Outcome(self.path, "", "lost", self._near()))

    def _near(self) -> str:
        """The file of the library that now says what this one said, if there is one."""
        said = {
            " ".join(text.split()) for part, text in self.old.items() if not parts.is_field(part) or part == "title"
        }

        def score(path: str) -> int:
            found = parts.parts_of(self.others[path]).values()
            return len(said & {" ".join(text.split()) for text in found})

        kin = [path for path in self.others if kind_of(path) == self.kind and path not in self.layer.texts]
        best = max(kin, key=score, default="") if not self.listed else ""
        return best if best and score(best) else ""

    def _saying(self, found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The parts that say something: no heading alone, and nothing that only steers."""
        for part, text in found.items():
            is_field = parts.is_field(part, listed=self.listed)
            if part not in {*RESERVED, parts.HEAD} and (is_field or parts.words_of(part, text)):
                yield part, text

    # -------------------------------------------------------- part by part

    def update(self, *, is_fresh: bool) -> None:
        """Bring each part of the file forward."""
        given = dict(self._saying(self.mine))
        is_own = not self.base and self._is_whole()
        for part in dict.fromkeys([*given, *self._removed_parts(), *self.old]):
            if part == "version" and self.path.endswith(f"/{LESSON}"):
                continue
            if self._waits(part):
                self.say(part, "waiting")
                continue
            if is_fresh and not is_own and part in self.new and not self._is_known(part, given):
                self.say(part, "noted")
                continue
            self._part(part, part in given)
        for part in self.waiting:
            if not any(each.path == self.path and each.part == part for each in self.update_of.outcomes):
                self.say(part, "waiting")
        self._finish()

    def _is_known(self, part: str, given: Collection[str]) -> bool:
        """Whether `base/` keeps the part, or what the pack takes away with all that is in it."""
        above = part.partition("/")[0]
        return part in self.old or (
            part not in given and above in self.removing and any(each.partition("/")[0] == above for each in self.old)
        )

    def _is_whole(self) -> bool:
        """Whether the pack's file can stand alone: then it was its own, and the library has one of its name since."""
        if self.listed or any(part in self.mine for part in RESERVED):
            return False
        fields = {"id": "x"} if "id" in shapes.MODELS[self.kind].model_fields else {}
        fields |= {"lesson": "x"} if "lesson" in shapes.MODELS[self.kind].model_fields else {}
        return check(shapes.MODELS[self.kind], self.layer.raws[self.path].marked, "", **fields)[0] is not None

    def _removed_parts(self) -> Iterator[str]:
        """The parts that the pack takes away, with the sections in them, as either version of the library has them."""
        for part in {**self.old, **self.new}:
            names = (part, part.partition("/")[0])
            if any(name in self.removing for name in names) or any(
                each.startswith(f"{part}/") and parts.is_field(part, listed=self.listed) for each in self.removing
            ):
                yield part

    def _waits(self, part: str) -> bool:
        """Whether an earlier run left the part undecided."""
        return undecided.is_open(self.mine.get(part, "")) or any(
            name == part or (name.startswith(f"{part}/") and parts.is_field(part, listed=self.listed))
            for name in self.waiting
        )

    def _part(self, part: str, is_given: bool) -> None:  # noqa: FBT001
        """One part that the pack changes, removes, or has only kept the library's text of."""
        old, new = self.old.get(part), self.new.get(part)
        if old is None and new is None:
            return
        if old is None or new is None or not parts.same(old, new):
            if parts.is_field(part, listed=self.listed):
                self._field(part, old, new)
            else:
                self._section(part, old, new, is_given=is_given)

    def _keep_base(self) -> None:
        """`base/` keeps what the library says now of the parts that the pack, as it is now, changes or removes."""
        touched = {*parts.parts_of(self.ours, listed=self.listed), *self._removed_parts()}
        still = {
            each.part.partition("/")[0] if parts.is_field(each.part, listed=self.listed) else each.part
            for each in self.update_of.outcomes
            if each.path == self.path and each.kind == "waiting"
        }
        for part in dict.fromkeys([*self.new, *self.old]):
            before, new = self.old.get(part), self.new.get(part)
            if part in still or (part == "version" and self.path.endswith(f"/{LESSON}")):
                continue
            wanted = new if part in touched else None
            if (before is None) != (wanted is None) or not parts.same(before or "", wanted or ""):
                self.base = parts.with_part(self.base, part, wanted, order=list(self.new), listed=self.listed)

    def _field(self, key: str, old: str | None, new: str | None) -> None:
        removing = [name for name in self.removing if name == key or name.startswith(f"{key}/")]
        work = Field(self.kind, key, self.listed, self.mine.get(key, ""), old, new, removing)
        work.settle()
        self.open |= work.open
        self._can_go(work.unneeded)
        for part, kind in work.told:
            self.say(part, kind)
        if work.is_dropped or work.ours != self.mine.get(key, ""):
            text = None if work.is_dropped else work.ours
            self.ours = parts.with_part(self.ours, key, text, order=list(self.new), listed=self.listed)

    def _can_go(self, names: Collection[str]) -> None:
        """What `remove` can do without, since the library removed it, too."""
        self.unneeded |= set(names)
        self.removing = tuple(name for name in self.removing if name not in self.unneeded)

    def _section(self, part: str, old: str | None, new: str | None, *, is_given: bool) -> None:
        """A section that changed in the library."""
        if not is_given:
            self._section_removed(part, new)
            return
        mine = self.mine[part]
        own = parts.words_of(part, mine)
        was, now = (None if text is None else parts.words_of(part, text) for text in (old, new))
        if now is not None and parts.same(own, now):
            self.say(part, "same")
        elif was is not None and parts.same(own, was):
            self.say(part, "gone" if new is None else "brought")
            self._write(part, new)
        elif now is None:
            self.say(part, "kept")
        else:
            made = woven(was or "", own, now, self.sides.markers)
            self.say(part, "conflict" if made.is_open else "merged")
            self._write(part, mine[: mine.index(own)] + made.text)

    def _section_removed(self, part: str, new: str | None) -> None:
        """A section that the pack takes away, or no longer changes."""
        above = part.partition("/")[0]
        if part not in self.removing and above not in self.removing:
            return
        if new is None:
            self._can_go({part} & set(self.removing))
            self.say(part, "gone")
        elif parts.words_of(part, new):
            self.open[part] = (REMOVED, new.strip())
            self.say(part, "conflict")

    def _write(self, part: str, text: str | None) -> None:
        self.ours = parts.with_part(self.ours, part, text, order=list(self.new), listed=self.listed)
        above, now = part.partition("/")[0], parts.parts_of(self.ours, listed=self.listed)
        if text is None and above != part and above in now and not parts.words_of(above, now[above]):
            is_needed = any(name.startswith(f"{above}/") for name in now)
            self.ours = self.ours if is_needed else parts.with_part(self.ours, above, None, listed=self.listed)

    def _finish(self) -> None:
        """Write what is undecided, and what `remove` can do without."""
        written = self.mine.get(RESERVED[0], "")
        for number, name in reversed(list(enumerate(_removing(written)))):
            if name in self.unneeded:
                written = spans.without(written, (RESERVED[0], number))
        if self.unneeded:
            text = written if _removing(written) else None
            self.ours = parts.with_part(self.ours, RESERVED[0], text, listed=self.listed)
        self.ours = undecided.with_entries(self.ours, self.open, self.sides, listed=self.listed)
        self._keep_base()
        if self.ours != self.layer.texts[self.path]:
            self.update_of.files[self.path] = self.ours
        kept = dict(self._saying(parts.parts_of(self.base, listed=self.listed)))
        if self.base != self.layer.base.get(self.path, ""):
            self.update_of.files[f"{BASE}/{self.path}"] = self.base if kept else None


def _is_readable(text: str, *, listed: bool) -> bool:
    """Whether a file of `base/` can be taken apart; one that somebody broke keeps nothing, and is made anew."""
    if not listed and not text.startswith("---\n"):
        return False
    front, fence, _ = text.removeprefix("---\n").partition("---\n") if not listed else (text, "---\n", "")
    return bool(fence) and not read_yaml(front, "")[1]


def _removing(written: str) -> tuple[str, ...]:
    """The parts that a file's `remove` names."""
    found = read_yaml(written, "")[0].values.get(RESERVED[0])
    return tuple(part for part in found if isinstance(part, str)) if isinstance(found, list) else ()
