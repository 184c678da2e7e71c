"""One file laid over another: a pure function on two files as they were read, with every change that it makes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from builder.library.raw import Raw
from builder.model import Change, Text
from builder.model.packs import ChangeKind
from builder.packs import parts, shapes
from builder.packs.classes import class_of, lost
from builder.packs.grafting import Graft
from builder.problems import Problem, Severity, did_you_mean
from builder.strict import Loc, Marked, shortened

RESERVED = ("remove", "because", "undecided")
ADD, REMOVE = "add", "remove"
MOST_CHARACTERS_OF_A_REASON = 400


Known = Callable[[], Collection[str]]


def _nothing() -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Merged:
    """What two files make, the changes between the lower and the upper one, and what is wrong with the upper one."""

    raw: Raw
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def merged(kind: str, path: str, lower: Raw, upper: Raw, known: Known = _nothing) -> Merged:
    """The file `lower` with what `upper` changes; `kind` as in `classes.toml`, `path` inside the library.

    `known` gives the parts that were there once: what was to be removed and is gone already is a warning, no error.
    """
    work = _Merging(kind, path, lower.marked, upper.marked, known=known)
    work.fields()
    body = work.body(lower.body, upper.body)
    work.unused()
    return Merged(Raw(work.graft.marked(), body), tuple(work.changes), tuple(work.problems))


def merged_list(kind: str, lower: Marked, upper: Marked, known: Known = _nothing) -> Merged:
    """A list file with what another changes: each entry is a part."""
    work = _Merging(kind, f"{kind}.yaml", lower, upper, listed=True, known=known)
    work.fields()
    work.unused()
    return Merged(Raw(work.graft.marked(), Text()), tuple(work.changes), tuple(work.problems))


@dataclass
class _Merging:
    """Two files on their way to one."""

    kind: str
    path: str
    lower: Marked
    upper: Marked
    listed: bool = False
    known: Known = _nothing
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    removable: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.graft = Graft(self.lower)
        self.removing = _texts(self.upper.values.get("remove"))
        reasons = self.upper.values.get("because")
        self.because: Mapping[str, str] = reasons if isinstance(reasons, Mapping) else {}
        for key, shape, example in (("remove", list, "[Online]"), ("because", Mapping, "{Debrief: …}")):
            value = self.upper.values.get(key)
            if value is not None and not isinstance(value, shape):
                message = f"{key}: must be a {'list' if shape is list else 'map'} of parts."
                self.say(f"not-a-{'list' if shape is list else 'map'}", message, (key,), f"Write {key}: {example}.")
        removing = self.upper.values.get("remove")
        for number, part in enumerate(removing if isinstance(removing, list) else []):
            if not isinstance(part, str):
                self.say("not-text", "remove: a part is named by text.", ("remove", number), "Such as [Online].")

    def say(self, code: str, message: str, loc: Loc, hint: str = "", severity: Severity = "error") -> None:
        self.problems.append(replace(self.upper.problem(code, message, loc, hint), severity=severity))

    def say_gone(self, code: str, message: str, loc: Loc, hint: str, part: str) -> None:
        """Something to be removed is not there: an error, or a warning where it once was."""
        entry = "/" in part and not part.startswith("Debrief/")
        if any(known == part or (entry and known.startswith(part)) for known in self.known()):
            hint = "It is gone from the library already: take it out here, too."
            self.say(code, message, loc, hint, "warning")
        else:
            self.say(code, message, loc, hint)

    # -------------------------------------------------------- changes, each judged

    def change(self, part: str, kind: ChangeKind, problem: Callable[[str, str, str], Problem], loses: str = "") -> bool:
        """Note a change, unless its class forbids it; gives whether it may be made."""
        held = class_of(self.kind, part)
        if held == "locked":
            hint = "Take it out: whose words these are, and how a case is guarded, stays as the library has it."
            found = problem("locked-part", f"'{part.partition('/')[0]}' cannot be changed by a pack.", hint)
            if found.message not in [other.message for other in self.problems]:
                self.problems.append(found)
            return False
        guarded = (held == "guarded" or bool(loses)) and kind != "added"
        reason = self.reason(part)
        if guarded and reason is None:
            verb = "removed" if kind == "removed" else "replaced"
            what = f" and loses {loses}" if loses and held != "guarded" else ""
            hint = f"Write why, in the front matter: 'because: {{{_quoted(part)}: …}}'. It is printed."
            message = f"'{shortened(part)}' is {verb}{what}, and no reason is given."
            self.problems.append(problem("no-reason", message, hint))
        self.changes.append(Change(path=self.path, part=part, kind=kind, guarded=guarded, reason=reason))
        return True

    def reason(self, part: str) -> str | None:
        """What the pack says of a part, or of what holds it."""
        while part:
            text = self.because.get(part)
            if isinstance(text, str) and text.strip():
                self.used.add(part)
                if len(text) > MOST_CHARACTERS_OF_A_REASON:
                    message = f"because: a reason has at most {MOST_CHARACTERS_OF_A_REASON} characters."
                    self.say("too-long-text", message, ("because", part), "Say it shorter: it is printed.")
                return " ".join(text.split())[:MOST_CHARACTERS_OF_A_REASON]
            part = part.rpartition("/")[0]
        return None

    def unused(self) -> None:
        """Reasons and removals for parts that nothing changes."""
        changed = [change.part for change in self.changes]
        for part in self.because:
            if part not in self.used:
                message = f"because: nothing here changes '{shortened(part)}'."
                problem = self.upper.problem(
                    "reason-unneeded", message, ("because", part), did_you_mean(part, changed), at_key=True
                )
                self.problems.append(replace(problem, severity="warning"))
        for part, loc in self.removing.items():
            known = [*self.lower.values, *self.removable]
            message = f"remove: there is no part '{shortened(part)}' here."
            self.say_gone("unknown-part", message, loc, did_you_mean(part, known), part)

    # -------------------------------------------------------- front matter, and the entries of a list file

    def fields(self) -> None:
        for key, value in self.upper.values.items():
            if key in RESERVED:
                continue
            self.field(key, value)
        for part in list(self.removing):
            key, _, entry = part.partition("/")
            if key in self.lower.values and not entry:
                loc = self.removing.pop(part)
                if self.change(part, "removed", self._at(loc)):
                    self.graft.drop((key,))
            elif key in self.lower.values and key not in self.upper.values:
                self.entries_removed(key)

    def _at(self, loc: Loc, *, at_key: bool = False) -> Callable[[str, str, str], Problem]:
        return lambda code, message, hint: self.upper.problem(code, message, loc, hint, at_key=at_key)

    def field(self, key: str, value: Any) -> None:
        """One field that the upper file gives."""
        old, at = self.lower.values.get(key), self._at((key,), at_key=True)
        shape = shapes.shape_of(self.kind, key, listed=self.listed)
        if shape == "list" and isinstance(old if old is not None else [], list):
            self.list_field(key, old or [], value)
        elif shape == "map" and isinstance(old, Mapping) and isinstance(value, Mapping):
            self.map_field(key, old, value)
        elif old is None:
            if self.change(key, "added", at):
                self.graft.take((key,), self.upper, (key,))
        elif old != value and self.change(key, "changed", at):
            self.graft.take((key,), self.upper, (key,))

    def map_field(self, key: str, old: Mapping[str, Any], value: Mapping[str, Any]) -> None:
        """A map changes entry by entry; an entry of a list file is one part."""
        named = key if self.listed else None
        altered: set[ChangeKind] = set()
        for name, entry in value.items():
            if name in old and old[name] == entry:
                continue
            kind: ChangeKind = "changed" if name in old else "added"
            loc = (key, name)
            altered.add(kind)
            if named or self.change(f"{key}/{name}", kind, self._at(loc, at_key=True)):
                self.graft.take(loc, self.upper, loc)
        if named and altered:
            kind = "changed" if "changed" in altered else "added"
            self.change(key, kind, self._at((key,), at_key=True))
        self.entries_removed(key)

    def entries_removed(self, key: str) -> None:
        """What `remove: [key/entry]` takes out of a list or a map that is not given otherwise."""
        old = self.lower.values[key]
        if isinstance(old, list):
            self.list_field(key, old, {ADD: [], REMOVE: []})
            return
        for name in list(old) if isinstance(old, Mapping) else ():
            loc = self.removing.pop(f"{key}/{name}", None)
            if loc is not None and self.change(f"{key}/{name}", "removed", self._at(loc)):
                self.graft.drop((key, name))

    # -------------------------------------------------------- lists

    def list_field(self, key: str, old: list[Any], value: Any) -> None:
        """A list changes by what is added and removed, or is given whole."""
        if isinstance(value, Mapping):
            wrong = [name for name in value if name not in {ADD, REMOVE}]
            for name in wrong:
                hint = f"A list changes by 'add' and 'remove'. {did_you_mean(name, (ADD, REMOVE))}"
                problem = self.upper.problem(
                    "unknown-key", f"'{shortened(name)}' is not a key of a list.", (key, name), hint, at_key=True
                )
                self.problems.append(problem)
            added = value.get(ADD) or []
            if not isinstance(added, list):
                self.say("not-a-list", f"{key}.add: must be a list, such as [a, b].", (key, ADD))
                added = []
            wanted: list[tuple[Any, Loc]] = [(entry, (key, ADD, i)) for i, entry in enumerate(added)]
            self._listed(key, old, self._without(key, old, value.get(REMOVE)), wanted)
        elif isinstance(value, list):
            self._whole_list(key, old, value)
        elif value != old and self.change(key, "changed", self._at((key,))):
            self.graft.take((key,), self.upper, (key,))

    def _without(self, key: str, old: list[Any], removed: Any) -> dict[int, Loc]:
        """The numbers of the entries that are taken out, each with the place that says so."""
        found: dict[int, Loc] = {}
        named: list[tuple[Any, Loc]] = [
            (name, (key, REMOVE, i)) for i, name in enumerate(removed if isinstance(removed, list) else [])
        ]
        if removed is not None and not isinstance(removed, list):
            self.say("not-a-list", f"{key}.remove: must be a list, such as [a, b].", (key, REMOVE))
        above = [part for part in self.removing if part.startswith(f"{key}/")]
        named += [(part.partition("/")[2], self.removing.pop(part)) for part in above]
        for name, loc in named:
            fits = shapes.entries_named(name, old) if isinstance(name, str) else []
            if len(fits) == 1:
                found[fits[0]] = loc
                continue
            known = [shapes.name_of(entry) for entry in old]
            many = f"{len(fits)} entries of '{key}' begin" if fits else f"'{key}' has no entry that begins"
            hint = "Write more of it." if fits else did_you_mean(shortened(name), known)
            message = f"{many} with '{shortened(name)}'."
            if fits:
                self.say("unknown-entry", message, loc, hint)
            else:
                self.say_gone("unknown-entry", message, loc, hint, f"{key}/{name}")
        return found

    def _listed(self, key: str, old: list[Any], gone: dict[int, Loc], wanted: list[tuple[Any, Loc]]) -> None:
        """A list without what is gone, with what is wanted; a new entry takes the place of a gone one of its name."""
        rows: list[tuple[Marked, Loc] | None] = [(self.lower, (key, i)) for i in range(len(old))]
        names = [shapes.name_of(entry) for entry in old]
        for entry, loc in wanted:
            name = shapes.name_of(entry)
            at = old.index(entry) if entry in old else names.index(name) if name in names else None
            if at is not None and at in gone:
                gone.pop(at)
                if entry != old[at] and self.change(f"{key}/{name}", "changed", self._at(loc)):
                    rows[at] = (self.upper, loc)
            elif at is not None and entry != old[at]:
                hint = f"Name it under 'remove', too: then this one takes its place. Part: {key}/{shortened(name)}"
                self.say("entry-exists", f"'{key}' has an entry '{shortened(name)}' already.", loc, hint)
            elif at is None and self.change(f"{key}/{name}", "added", self._at(loc)):
                rows.append((self.upper, loc))
        for at, loc in sorted(gone.items()):
            if self.change(f"{key}/{names[at]}", "removed", self._at(loc)):
                rows[at] = None
        self.graft.rows((key,), [row for row in rows if row is not None], self.upper)

    def _whole_list(self, key: str, old: list[Any], value: list[Any]) -> None:
        """A list that is given whole: what it leaves out is removed, what has the same name is replaced."""
        names, news = ([shapes.name_of(entry) for entry in each] for each in (old, value))
        allowed = True
        for i, (name, entry) in enumerate(zip(news, value, strict=True)):
            if entry not in old:
                kind: ChangeKind = "changed" if name in names else "added"
                allowed &= self.change(f"{key}/{name}", kind, self._at((key, i)))
        for name in names:
            if name not in news:
                allowed &= self.change(f"{key}/{name}", "removed", self._at((key,), at_key=True))
        if [name for name in names if name in news] != [name for name in news if name in names]:
            allowed &= self.change(key, "changed", self._at((key,), at_key=True))
        if allowed:
            self.graft.take((key,), self.upper, (key,))

    # -------------------------------------------------------- the body

    def body(self, lower: Text, upper: Text) -> Text:
        """The lower body with the sections of the upper one in their places."""
        old = {piece.part: piece for piece in parts.sections(lower.markdown)}
        new = {piece.part: piece for piece in parts.sections(upper.markdown) if piece.part}
        self.removable = [part for part in old if part]
        chosen: dict[str, tuple[parts.Piece, Text]] = {name: (piece, lower) for name, piece in old.items()}
        for name, piece in new.items():
            self._section(name, piece, upper, old, chosen, list(new))
        for name in [name for name in self.removing if name in old]:
            loc = self.removing.pop(name)
            for each in [each for each in chosen if each == name or each.startswith(f"{name}/")]:
                if self.change(each, "removed", self._at(loc), _losing(old[each].text, "")):
                    del chosen[each]
        self._title(chosen, lower)
        if all(text is lower for _, text in chosen.values()) and len(chosen) == len(old):
            return lower
        return _joined(list(chosen.values()), lower)

    def _section(  # noqa: PLR0913, PLR0917 - one section among all of both files
        self,
        name: str,
        piece: parts.Piece,
        upper: Text,
        old: Mapping[str, parts.Piece],
        chosen: dict[str, tuple[parts.Piece, Text]],
        order: list[str],
    ) -> None:
        words = parts.words_of(name, piece.text)
        holds = any(other.startswith(f"{name}/") for other in order)
        at = self._line(upper, piece)
        if name == parts.HEAD:
            chosen[name] = (piece, upper)
        elif not words:
            if not holds:
                hint = f"Write what it says, or take it away with 'remove: [{_quoted(name)}]'."
                self.problems.append(at("empty-section", f"the section '{shortened(name)}' says nothing.", hint))
        elif name in old:
            same = parts.words_of(name, old[name].text)
            if not parts.same(words, same) and self.change(name, "changed", at, _losing(same, words)):
                chosen[name] = (piece, upper)
        elif self.change(name, "added", at):
            _put_after(chosen, name, (piece, upper), order)

    def _line(self, text: Text, piece: parts.Piece) -> Callable[[str, str, str], Problem]:
        lines = piece.text.splitlines()
        empty = next((number for number, line in enumerate(lines) if line.strip()), 0)
        path, line = text.place(text.line + piece.line + empty)
        return lambda code, message, hint: Problem(code, message, path, line, 1, hint)

    def _title(self, chosen: dict[str, tuple[parts.Piece, Text]], lower: Text) -> None:
        """The one '#' of a sheet follows its title, where the upper file gives no '#' of its own."""
        title = self.upper.values.get("title")
        if parts.HEAD in chosen and chosen[parts.HEAD][1] is lower and isinstance(title, str):
            piece = chosen[parts.HEAD][0]
            text = "".join(line for line in piece.text.splitlines(keepends=True) if not line.strip())
            made = replace(piece, text=f"{text}# {' '.join(title.split())}\n")
            chosen[parts.HEAD] = (made, lower.model_copy())


def _texts(value: Any) -> dict[str, Loc]:
    """The parts that a list names, each with its place."""
    found = value if isinstance(value, list) else []
    return {part: ("remove", i) for i, part in enumerate(found) if isinstance(part, str)}


def _losing(before: str, after: str) -> str:
    return next(iter(lost(before, after)), "")


def _quoted(part: str) -> str:
    return part if part.replace("/", "").replace("_", "").replace(" ", "").isalnum() else f'"{part}"'


def _put_after(
    chosen: dict[str, tuple[parts.Piece, Text]], name: str, new: tuple[parts.Piece, Text], order: list[str]
) -> None:
    """Put a new section after the one that stands before it, or after all."""
    before = [other for other in order[: order.index(name)] if other in chosen]
    items = list(chosen.items())
    at = len(items)
    if before:
        names = [other for other, _ in items]
        at = names.index(before[-1]) + 1
        if "/" not in name:
            while at < len(names) and names[at].startswith(f"{before[-1].partition('/')[0]}/"):
                at += 1
    elif name == parts.LEAD:
        at = 1 if parts.HEAD in chosen else 0
    items.insert(at, (name, new))
    chosen.clear()
    chosen.update(items)


def _joined(chosen: Sequence[tuple[parts.Piece, Text]], lower: Text) -> Text:
    """One text from pieces of several, each knowing where it really stands."""
    lines: list[str] = []
    places: list[tuple[int, str, int]] = []
    for piece, text in chosen:
        if lines and lines[-1].strip():
            lines.append("")
        path, real = text.place(text.line + piece.line)
        places.append((lower.line + len(lines), path, real))
        lines += piece.text.removesuffix("\n").split("\n")
    return Text(markdown="\n".join(lines) + "\n", path=lower.path, line=lower.line, pieces=tuple(places))
