"""In which orders lessons can come: the opening first, needs before, a contested case in between, the closing last."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.model import PHASES, Lesson


@dataclass(frozen=True)
class Ties:
    """What holds between lessons, whichever order they come in; `before` says all that must come before each."""

    lessons: Mapping[str, Lesson]
    before: Mapping[str, frozenset[str]]
    contested: frozenset[str]

    def stage(self, key: str) -> int:
        """Whether a lesson belongs to the beginning (0), to what comes between (1), or to the end (2)."""
        return {"opening": 0, "closing": 2}.get(self.lessons[key].phase, 1)

    def clash(self) -> tuple[str, str] | None:
        """A lesson and one that must come before it and cannot, or None."""
        for key in self.lessons:
            for other in sorted(self.before[key]):
                if other == key:
                    both = (one for one in sorted(self.before[key]) if one != key and key in self.before[one])
                    return key, next(both, key)
                if self.stage(other) > self.stage(key):
                    return key, other
        return None

    def first_concepts(self) -> frozenset[str]:
        """The concept lessons that can come before every contested case."""
        concepts = (key for key, lesson in self.lessons.items() if lesson.phase == "concept")
        return frozenset(key for key in concepts if not self.before[key] & self.contested)

    def last_lessons(self, left: Collection[str], *, concept_was: bool = False) -> frozenset[str]:
        """Those of `left` that can come between the contested cases and the closing.

        Where no concept `concept_was` there yet, another of `left` must be able to come before the cases.
        """
        cases = self.contested.intersection(left)
        free = {key for key in left if self.stage(key) == 1} - cases
        free -= frozenset().union(*(self.before[case] for case in cases))
        firsts = self.first_concepts().intersection(left)
        return frozenset(
            key
            for key in free
            if concept_was or any(key != first and key not in self.before[first] for first in firsts)
        )


def ties(lessons: Mapping[str, Lesson], before: Mapping[str, Iterable[str]], contested: Iterable[str]) -> Ties:
    """The ties between `lessons`; `before` names what must come directly before each of them."""
    direct = {key: set(before[key]) & set(lessons) for key in lessons}
    return Ties(lessons, {key: _all_before(key, direct) for key in lessons}, frozenset(contested))


def _all_before(key: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(direct[key])
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += direct[other]
    return frozenset(found)


def orders(tied: Ties) -> Iterator[tuple[str, ...]]:
    """Every order that keeps the rules: concepts, cases, practice as far as may be first, then the others."""
    if tied.clash() or (tied.contested and not tied.last_lessons(tied.lessons)):
        return
    left = sorted(tied.lessons, key=lambda key: PHASES.index(tied.lessons[key].phase))
    yield from _continued(tied, (), tuple(left))


def _continued(tied: Ties, done: tuple[str, ...], left: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not left:
        yield done
    for key in left:
        rest = tuple(other for other in left if other != key)
        if not tied.before[key].intersection(rest) and _may_follow(tied, key, done, rest):
            yield from _continued(tied, (*done, key), rest)


def _may_follow(tied: Ties, key: str, done: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether a lesson can come next: the stages in their order, and contested cases in between others."""
    if any(tied.stage(other) < tied.stage(key) for other in rest):
        return False
    if key in tied.contested and not any(tied.lessons[other].phase == "concept" for other in done):
        return False
    if key not in tied.contested and not tied.contested.intersection(rest):
        return True
    concept_was = any(tied.lessons[other].phase == "concept" for other in (*done, key))
    return bool(tied.last_lessons(rest, concept_was=concept_was))
