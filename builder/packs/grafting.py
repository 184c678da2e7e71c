"""A mapping put together from two, in which every value still knows its file, line and column."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from builder.strict import Loc, Marked, Place

T = TypeVar("T")


class Graft:
    """A copy of one mapping into which values of another are put, with their places."""

    def __init__(self, stock: Marked) -> None:
        """Begin with all of `stock`."""
        self.stock = stock
        self.values: dict[str, Any] = {key: _copied(value) for key, value in stock.values.items()}
        self.places: dict[Loc, Place] = dict(stock.places)
        self.keys: dict[Loc, Place] = dict(stock.keys)
        self.paths: dict[Loc, str] = dict(stock.paths)

    def marked(self) -> Marked:
        """What was put together."""
        return Marked(self.values, self.stock.path, self.places, self.keys, self.paths)

    def drop(self, loc: Loc) -> None:
        """Take a value out."""
        _found(self.values, loc[:-1]).pop(loc[-1], None)
        self._forget(loc)

    def take(self, loc: Loc, other: Marked, source: Loc) -> None:
        """Put the value that stands at `source` of the other mapping at `loc`."""
        self._forget(loc)
        _found(self.values, loc[:-1])[loc[-1]] = _copied(_found(other.values, source))
        self._place(loc, other, source)

    def rows(self, loc: Loc, rows: Sequence[tuple[Marked, Loc]], written: Marked) -> None:
        """Make a list of values from several mappings; `written` is the one in which the list was changed."""
        self._forget(loc)
        _found(self.values, loc[:-1])[loc[-1]] = [_copied(_found(each.values, source)) for each, source in rows]
        for places, others in ((self.places, written.places), (self.keys, written.keys)):
            if loc in others:
                places[loc] = others[loc]
        self.paths[loc] = written.path_at(loc)
        for number, (each, source) in enumerate(rows):
            self._place((*loc, number), each, source)

    def _place(self, loc: Loc, other: Marked, source: Loc) -> None:
        self.places.update(_moved(other.places, source, loc))
        self.keys.update(_moved(other.keys, source, loc))
        self.paths.update(_moved(other.paths, source, loc))
        self.paths[loc] = other.path_at(source)

    def _forget(self, loc: Loc) -> None:
        for each in _inside(self.places, loc):
            del self.places[each]
        for each in _inside(self.keys, loc):
            del self.keys[each]
        for each in _inside(self.paths, loc):
            del self.paths[each]


def _inside(places: Iterable[Loc], loc: Loc) -> list[Loc]:
    return [each for each in places if each[: len(loc)] == loc]


def _moved(places: Mapping[Loc, T], source: Loc, loc: Loc) -> dict[Loc, T]:
    return {(*loc, *each[len(source) :]): places[each] for each in _inside(places, source)}


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(entry) for key, entry in value.items()}
    return [_copied(entry) for entry in value] if isinstance(value, list) else value


def _found(values: Any, loc: Loc) -> Any:
    for step in loc:
        values = values[step]
    return values
