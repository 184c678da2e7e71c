"""One field in three versions (the library's old, the library's new, the pack's) made into one. Pure, on text.

Lists and maps go entry by entry. What the pack left as it was follows the library; what only the pack changed stays;
what both changed in different ways is left undecided. The text of the pack changes only where an entry does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from builder.packs import shapes, spans
from builder.packs.merging import ADD, REMOVE
from builder.packs.parts import same
from builder.packs.undecided import AS_ABOVE, REMOVED

OutcomeKind = Literal[
    "arrived", "brought", "gone", "same", "merged", "conflict", "waiting", "kept", "lost", "left", "noted"
]
MISSING: Any = object()


@dataclass
class Field:
    """A field on its way: `ours` is the pack's text ('' where it gives none), None where the library has none.

    `removing` are the names in the file's `remove` that concern it. `told` are parts with what became of them, `open`
    parts with what both sides say, `unneeded` the names that `remove` can do without.
    """

    kind: str
    key: str
    listed: bool
    ours: str
    base: str | None
    theirs: str | None
    removing: Sequence[str] = ()
    told: list[tuple[str, OutcomeKind]] = field(default_factory=list)
    open: dict[str, tuple[str, str]] = field(default_factory=dict)
    unneeded: set[str] = field(default_factory=set)
    is_dropped: bool = False

    def settle(self) -> None:
        """Bring the field forward; `base` and `theirs` are not both None."""
        before, after = (spans.value_of(text) if text else None for text in (self.base, self.theirs))
        given, written = spans.value_of(self.ours) if self.ours else None, self.ours
        if self.key in self.removing:
            self._whole_removed(before, after)
        elif self.ours and given == before:
            self._untouched(before, after)
        else:
            self._by_shape(given, before, after)
        if self.ours != written and not self.is_dropped and spans.value_of(self.ours) is None:
            self.ours, self.told, self.open = written, [], {}
            self._disagree(self.key, AS_ABOVE, self.theirs or REMOVED)
        if self.ours != written or self.is_dropped:
            self._keep_comments(written)

    def _keep_comments(self, written: str) -> None:
        """Comments of the pack's own that stood in what was replaced stand above the field."""
        here = "" if self.is_dropped else self.ours
        known = {*spans.comments_in(self.base or ""), *spans.comments_in(here)}
        lost = [comment for comment in spans.comments_in(written) if comment not in known]
        if lost:
            self.ours, self.is_dropped = "".join(f"{comment}\n" for comment in lost) + here, False

    def _by_shape(self, given: Any, before: Any, after: Any) -> None:
        shape = shapes.shape_of(self.kind, self.key, listed=self.listed)
        entries = any(part.startswith(f"{self.key}/") for part in self.removing)
        lists = shape == "list" and _is_named_list(before) and _is_named_list(after)
        maps = shape == "map" and all(isinstance(each, Mapping | None) for each in (given, before, after))
        if lists and (isinstance(given, Mapping) or (given is None and entries)):
            self._by_add_and_remove(given or {}, before or [], after or [])
        elif lists and given is not None and _is_named_list(given):
            self._whole_list(given, before or [], after or [])
        elif maps and (given is not None or entries):
            self._map(given or {}, before, after)
        elif given is not None:
            self._one(given, before, after)

    def _untouched(self, before: Any, after: Any) -> None:
        """A copy of the library's field, ready to edit and not edited: it follows the library."""
        if before == after:
            return
        written, shape = self.ours, shapes.shape_of(self.kind, self.key, listed=self.listed)
        if after is not None and shape != "one":
            self._by_shape(before, before, after)
        if after is None or same(written, self.base or "") or spans.value_of(self.ours) != after:
            self.is_dropped = after is None
            self.ours = self.theirs or self.ours
        if not self.told:
            self.told.append((self.key, "gone" if after is None else "brought"))

    def _disagree(self, part: str, ours: str, theirs: str) -> None:
        self.open[part] = (ours, theirs)
        self.told.append((part, "conflict"))

    # -------------------------------------------------------- as a whole

    def _whole_removed(self, before: Any, after: Any) -> None:
        """A field that the pack takes away."""
        if after is None:
            self.unneeded.add(self.key)
            self.told.append((self.key, "gone"))
        elif before != after:
            self._disagree(self.key, REMOVED, self.theirs or "")

    def _one(self, given: Any, before: Any, after: Any) -> None:
        """A field that changes as a whole."""
        if given == after:
            self.told += [(self.key, "same")] if before != after else []
        elif before == after:
            return
        elif after is None:
            self.told.append((self.key, "kept"))
        else:
            self._disagree(self.key, AS_ABOVE, self.theirs or "")

    # -------------------------------------------------------- a list by `add` and `remove`

    def _by_add_and_remove(self, given: Mapping[str, Any], before: list[Any], after: list[Any]) -> None:
        old, new = _named(before), _named(after)
        added = _named(given.get(ADD) or [])
        removed = dict(self._removals(given, before))
        for name in dict.fromkeys([*old, *new, *added]):
            was, now, part = old.get(name, MISSING), new.get(name, MISSING), f"{self.key}/{name}"
            if was == now:
                continue
            mine = added.get(name, MISSING)
            if name not in removed and mine is MISSING:
                self._followed(part, was, now)
            elif now is MISSING:
                removed.pop(name, None)
                self.told.append((part, "gone" if mine is MISSING else "kept"))
            elif mine == now:
                self.told.append((part, "same"))
            else:
                self._disagree(part, REMOVED if mine is MISSING else AS_ABOVE, self._their_entry(name, after))
        self._keep_removals(removed, given, before)

    def _removals(self, given: Mapping[str, Any], before: list[Any]) -> Iterator[tuple[str, str]]:
        """Each entry that the pack takes out, with the words by which it does."""
        names = [shapes.name_of(entry) for entry in before]
        above = [part.partition("/")[2] for part in self.removing]
        written = given.get(REMOVE)
        for words in [*(written if isinstance(written, list) else []), *above]:
            fits = shapes.entries_named(words, before) if isinstance(words, str) else []
            if len(fits) == 1:
                yield names[fits[0]], words

    def _keep_removals(self, removed: Mapping[str, str], given: Mapping[str, Any], before: list[Any]) -> None:
        """Take out of `remove` what the library removed, too."""
        kept = set(removed.values())
        gone = {words for _, words in self._removals(given, before)} - kept
        self.unneeded |= {part for part in self.removing if part.partition("/")[2] in gone}
        written = given.get(REMOVE)
        for number, words in reversed(list(enumerate(written if isinstance(written, list) else []))):
            if words in gone:
                self.ours = spans.without(self.ours, (self.key, REMOVE, number))

    def _followed(self, part: str, was: Any, now: Any) -> None:
        """Something that the pack left as it was."""
        self.told.append((part, "arrived" if was is MISSING else "gone" if now is MISSING else "brought"))

    def _their_entry(self, name: str, after: list[Any]) -> str:
        return spans.written_at(self.theirs or "", (self.key, list(_named(after)).index(name))).text

    # -------------------------------------------------------- a list given whole

    def _whole_list(self, given: list[Any], before: list[Any], after: list[Any]) -> None:
        old, new, mine = (_named(each) for each in (before, after, given))
        for name in dict.fromkeys([*old, *new]):
            was, now, own = (each.get(name, MISSING) for each in (old, new, mine))
            part = f"{self.key}/{name}"
            if was == now:
                continue
            if own == now:
                self.told.append((part, "gone" if now is MISSING else "same"))
            elif own == was:
                self._follow(name, now, after)
                self._followed(part, was, now)
            elif now is MISSING:
                self.told.append((part, "kept"))
            else:
                self._disagree(part, REMOVED if own is MISSING else AS_ABOVE, self._their_entry(name, after))

    def _follow(self, name: str, now: Any, after: list[Any]) -> None:
        """Do to a list what the library did: take an entry out, put one in, or replace it."""
        names = list(_named(spans.value_of(self.ours) or []))
        if now is MISSING:
            self.ours = spans.without(self.ours, (self.key, names.index(name)))
            return
        theirs = list(_named(after))
        new = spans.written_at(self.theirs or "", (self.key, theirs.index(name)))
        if name in names:
            self.ours = spans.replaced(self.ours, (self.key, names.index(name)), new)
        else:
            before = [other for other in theirs[: theirs.index(name)] if other in names]
            at = names.index(before[-1]) + 1 if before else 0
            self.ours = spans.inserted(self.ours, (self.key,), at, new)

    # -------------------------------------------------------- a map

    def _map(self, given: Mapping[str, Any], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
        """A map changes key by key; what it leaves out is inherited."""
        if after is None and self.listed:
            self._entry_gone(given, before or {})
            return
        old, new = before or {}, after or {}
        for name in dict.fromkeys([*old, *new]):
            was, now, mine = (each.get(name, MISSING) for each in (old, new, given))
            part, removed = f"{self.key}/{name}", f"{self.key}/{name}" in self.removing
            if was == now:
                continue
            if removed and now is MISSING:
                self.unneeded.add(part)
                self.told.append((part, "gone"))
            elif removed:
                self._disagree(part, REMOVED, self._their_value(name))
            elif mine is MISSING:
                self._followed(part, was, now)
            elif mine == was:
                self._follow_key(name, now)
                self._followed(part, was, now)
            elif mine == now:
                self.told.append((part, "same"))
            elif now is MISSING:
                self.told.append((part, "kept"))
            else:
                self._disagree(part, AS_ABOVE, self._their_value(name))

    def _entry_gone(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """An entry of a list file that the library removed: what a pack changes in it cannot stand alone."""
        if given == before:
            self.is_dropped = True
            self.told.append((self.key, "gone"))
        else:
            self._disagree(self.key, AS_ABOVE, REMOVED)

    def _follow_key(self, name: str, now: Any) -> None:
        loc = (self.key, name)
        if now is MISSING:
            self.ours = spans.without(self.ours, loc)
        else:
            self.ours = spans.replaced(self.ours, loc, spans.written_at(self.theirs or "", loc))

    def _their_value(self, name: str) -> str:
        return spans.written_at(self.theirs or "", (self.key, name)).text


def _named(entries: Any) -> dict[str, Any]:
    """The entries of a list by their names."""
    return {shapes.name_of(entry): entry for entry in entries} if isinstance(entries, list) else {}


def _is_named_list(value: Any) -> bool:
    """Whether it is a list in which every entry has a name of its own, or nothing."""
    return value is None or (isinstance(value, list) and len(_named(value)) == len(value))
