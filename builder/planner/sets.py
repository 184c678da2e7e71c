"""Which lessons to try where the brief names none: sets that promise much, found by adding one lesson at a time.

How good a set may be is guessed from sums over its lessons, between their shortest and their fullest form, so that
thousands can be looked at; the best of them are then planned.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import add

from builder.planner import score
from builder.planner.frame import Frame
from builder.planner.score import Aim
from builder.planner.ways import ZERO, Sums, Way

_LOOKED_AT = 900
_FEWEST_KEPT, _MOST_KEPT = 4, 24
_MOST_LESSONS, _FEW_LEVELS = 14, 4
_TOO_MUCH = 2.0
"""How much worse a set is guessed to be for each share of the session by which it is too short or too long."""


class Sets:
    """The sets of content lessons that can be tried in one frame.

    `ways` are the ways to hold each lesson, the fullest first; `brings` says what each cannot do without, itself
    among it; `given` are the ways of the lessons that are in anyhow.
    """

    def __init__(
        self,
        ways: Mapping[str, Sequence[Way]],
        brings: Mapping[str, Collection[str]],
        given: Sequence[Sequence[Way]],
        frame: Frame,
        aim: Aim,
    ) -> None:
        """Sum up each lesson in its fullest and its shortest form."""
        self.ways, self.brings, self.aim = ways, brings, aim
        self.full = {key: each[0].sums for key, each in ways.items()}
        self.core = {key: _shortest(each) for key, each in ways.items()}
        self.given_full, self.given_core = _sum(each[0].sums for each in given), _sum(map(_shortest, given))
        self.frames = len(given)
        self.phases = {key: each[0].steps[0].phase for key, each in ways.items()}
        breaks = frame.spans(min(frame.breaks.counts))
        self.room = frame.brief.minutes - frame.buffer[1] - sum(span[1] for span in breaks)
        self.most_room = frame.brief.minutes - frame.buffer[0] - sum(span[0] for span in breaks)

    def promising(self, most: int) -> list[tuple[str, ...]]:
        """The sets that promise most, the best first."""
        width = max(_FEWEST_KEPT, min(_MOST_KEPT, _LOOKED_AT // max(len(self.ways), 1)))
        guessed: dict[frozenset[str], float] = {}
        kept: list[frozenset[str]] = [frozenset()]
        best_of_level = [-math.inf]
        while len(best_of_level) <= _MOST_LESSONS:
            larger = {lessons.union(self.brings[key]) for lessons in kept for key in self.ways if key not in lessons}
            new = {
                lessons: self.guess(lessons) for lessons in larger if lessons not in guessed and self._may_fit(lessons)
            }
            guessed.update(new)
            best_of_level.append(max(new.values(), default=-math.inf))
            if best_of_level[-1] <= max(best_of_level[-3:-1]) and len(best_of_level) > _FEW_LEVELS:
                break
            kept = sorted(new, key=lambda lessons: (-new[lessons], sorted(lessons)))[:width]
        best = sorted(guessed, key=lambda lessons: (-guessed[lessons], sorted(lessons)))[:most]
        return [tuple(sorted(lessons)) for lessons in best]

    def _may_fit(self, lessons: Collection[str]) -> bool:
        least = self.given_core[Sums.LEAST] + sum(self.core[key][Sums.LEAST] for key in lessons)
        return least <= self.most_room

    def guess(self, lessons: Collection[str]) -> float:
        """How good the best plan with these lessons may be."""
        full = _sum([self.given_full, *(self.full[key] for key in sorted(lessons))])
        core = _sum([self.given_core, *(self.core[key] for key in sorted(lessons))])
        between = len(lessons) + self.frames - 1
        room = self.room - between / 2
        sums, typical = _mixed(core, full, room)
        practice = 1.0 if any(self.phases[key] == "practice" for key in lessons) else 0.0
        neighbours = sums[Sums.STEPS] - 1
        return typical[1] + score.total(
            {
                "interactive": score.interactive(sums[Sums.INTERACTIVE], sums[Sums.USUAL]),
                "debriefs": score.debriefs(sums[Sums.DEBRIEFS], sums[Sums.CONTENT]),
                "alternate": min((sums[Sums.CHANGES] + between * 0.7) / neighbours, 1.0) if neighbours > 0 else 1.0,
                "build": score.share(sums[Sums.BUILT], sums[Sums.INSIDE]),
                "regroup": 1 - (sums[Sums.MOVES] + between / 3) / sums[Sums.STEPS],
                "practice": practice,
                "lessons": score.lessons(len(lessons), self.aim.brief.minutes),
                "typical": typical[0],
            }
        )


def _shortest(ways: Sequence[Way]) -> tuple[float, ...]:
    """The sums of a lesson in its shortest form."""
    return min((way.sums for way in ways), key=lambda sums: sums[Sums.LEAST])


def _sum(each: Sequence[tuple[float, ...]] | Iterator[tuple[float, ...]]) -> tuple[float, ...]:
    total = ZERO
    for sums in each:
        total = tuple(map(add, total, sums))
    return total


def _mixed(
    core: tuple[float, ...], full: tuple[float, ...], room: float
) -> tuple[tuple[float, ...], tuple[float, float]]:
    """The sums between the shortest and the fullest form that fill the room; how near to usual, and what is amiss."""
    if full[Sums.USUAL] <= room:
        longer, spare = room - full[Sums.USUAL], full[Sums.MOST] - full[Sums.USUAL]
        if longer > spare:
            return full, (0.0, -_TOO_MUCH * (longer - spare) / room)
        return full, (1 - (longer / spare) ** 2 if spare else 1.0, 0.0)
    if core[Sums.USUAL] > room:
        shorter, spare = core[Sums.USUAL] - room, core[Sums.USUAL] - core[Sums.LEAST]
        if shorter > spare:
            return core, (0.0, -_TOO_MUCH * (shorter - spare) / room)
        return core, (1 - (shorter / spare) ** 2 if spare else 1.0, 0.0)
    part = (room - core[Sums.USUAL]) / (full[Sums.USUAL] - core[Sums.USUAL])
    return tuple(a + part * (b - a) for a, b in zip(core, full, strict=True)), (0.95, 0.0)
