"""Sharing out minutes exactly: how good each number of minutes is, where every further minute helps less.

A curve says for each number of minutes, from its `least` on, how good it is. Because each further minute helps
less than the one before, the best way to share out minutes among several curves gives them one by one to
where they help most: to join curves is to sort what their minutes cost.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise


@dataclass(frozen=True)
class Curve:
    """`least` minutes are worth `worth`; each further one costs the next of `costs`, ascending (below 0: a gain)."""

    least: int
    worth: float
    costs: Sequence[float]

    @property
    def most(self) -> int:
        """The most minutes."""
        return self.least + len(self.costs)

    @cached_property
    def _spent(self) -> list[float]:
        return list(accumulate(self.costs, initial=0.0))

    def at(self, minutes: int) -> float | None:
        """How good so many minutes are; None where they cannot be."""
        return self.worth - self._spent[minutes - self.least] if self.least <= minutes <= self.most else None

    def from_least(self, minutes: int) -> "Curve | None":
        """The same with at least so many minutes; None where it never has as many."""
        more = minutes - self.least
        if more <= 0:
            return self
        if more > len(self.costs):
            return None
        return Curve(minutes, self.worth - sum(self.costs[:more]), self.costs[more:])

    def to_most(self, minutes: int) -> "Curve | None":
        """The same with at most so many minutes; None where it never has as few."""
        if minutes < self.least:
            return None
        return self if minutes >= self.most else Curve(self.least, self.worth, self.costs[: minutes - self.least])

    def best_within(self, least: int, most: int) -> float | None:
        """How good the best number of minutes from `least` to `most` is; None where none can be."""
        peak = self.least + bisect_left(self.costs, 0.0)
        return self.at(min(max(peak, least), most)) if least <= most else None


def curve(span: tuple[int, int, int], worth: Callable[[int], float]) -> Curve:
    """The curve of one slot with a least, usual and most; `worth` of its minutes must fall off ever more steeply."""
    least, _, most = span
    values = [worth(minutes) for minutes in range(least, most + 1)]
    return Curve(least, values[0], [a - b for a, b in pairwise(values)])


def joined(curves: Iterable[Curve]) -> Curve:
    """The best that several curves can be together, for each number of minutes of them all."""
    curves = tuple(curves)
    costs = sorted(chain.from_iterable(each.costs for each in curves))
    return Curve(sum(each.least for each in curves), sum(each.worth for each in curves), costs)


def near(minutes: int, span: tuple[int, int, int]) -> float:
    """How near minutes are to the usual ones: 1 − (away ÷ room)², the room being what lies on that side."""
    least, usual, most = span
    room = usual - least if minutes < usual else most - usual
    return 1 - ((minutes - usual) / room) ** 2 if minutes != usual else 1.0
