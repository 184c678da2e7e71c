"""What may be cut from the rest of a day without breaking a rule, and how many minutes that frees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, pairwise

from builder.late.day import Rest, Span, after_the_case
from builder.model import FRAME, Slot
from builder.planner import score

MOST_WAYS = 256
"""How many ways to cut are looked at for one rest of a day: a count, so that all computers agree."""

_THEORY_FIRST = {"expository": 0, "mixed": 1, "active": 2}


@dataclass(frozen=True, eq=False)
class Way:
    """Steps to skip, among them all of `lessons`; `floors` are the least minutes of what is kept."""

    rest: Rest
    dropped: frozenset[str]
    lessons: tuple[str, ...] = ()

    @cached_property
    def kept(self) -> Sequence[Slot]:
        """The steps and breaks that stay; of two breaks with nothing left between them the longer one."""
        kept: list[Slot] = []
        for slot in self.rest.ahead:
            if slot.activity is not None and slot.activity.id in self.dropped:
                continue
            merged = slot.kind == "break" and kept and kept[-1].kind == "break"
            kept.append(max(kept.pop(), slot, key=lambda each: each.minutes) if merged else slot)
        return kept

    @cached_property
    def gone(self) -> Sequence[Slot]:
        """The steps that are skipped."""
        return [slot for slot in self.rest.ahead if slot.activity and slot.activity.id in self.dropped]

    @cached_property
    def freed(self) -> int:
        """The minutes that skipping frees, change-overs counted."""
        taken = sum(self.wished) + sum(self.rest.moves(self.kept))
        return self.rest.until - self.rest.at - self.rest.buffer - taken

    @cached_property
    def wished(self) -> Sequence[int]:
        """The minutes of each slot that stays: as planned, or more where steps must now reach so many together."""
        mosts = [_most(slot, self.rest) for slot in self.kept]
        return self._reaching([slot.minutes for slot in self.kept], mosts)

    @cached_property
    def leasts(self) -> Sequence[int]:
        """The fewest minutes of each slot that stays: its least, or more where steps must reach so many together."""
        leasts = [min(_least(slot, self.rest), wished) for slot, wished in zip(self.kept, self.wished, strict=True)]
        return self._reaching(leasts, self.wished)

    def _reaching(self, minutes: Sequence[int], mosts: Sequence[int]) -> Sequence[int]:
        """The minutes with so many more, none above its most, that every floor is reached where it can be."""
        found = {slot.start: each for slot, each in zip(self.kept, minutes, strict=True)}
        most = {slot.start: each for slot, each in zip(self.kept, mosts, strict=True)}
        for slots, floor in self._floors:
            short = floor - sum(found.get(slot.start, slot.minutes) for slot in slots)
            for start in [slot.start for slot in slots if slot.start in found]:
                more = max(min(short, most[start] - found[start]), 0)
                found[start] += more
                short -= more
        return [found[slot.start] for slot in self.kept]

    @cached_property
    def rooms(self) -> Sequence[int]:
        """By how many minutes each slot that stays can be shorter than wished."""
        return [wished - least for wished, least in zip(self.wished, self.leasts, strict=True)]

    @property
    def most(self) -> int:
        """The most minutes that it can save, the buffer included."""
        return self.rest.buffer + self.freed + sum(self.rooms)

    @cached_property
    def worth(self) -> float:
        """What the planner's preferences give to the steps of the whole day, where lessons go; 0 where none does."""
        if not self.lessons:
            return 0.0
        rest = self.rest
        whole = [slot for slot in (*rest.done, *self.kept, *rest.later) if slot.activity is not None]
        return round(score.total(score.of_steps([rest.day.step(slot) for slot in whole], rest.day.aim)), 9)

    @property
    def parts(self) -> int:
        """How many things there are to skip, a lesson counted once."""
        loose = [slot for slot in self.gone if slot.activity and slot.activity.lesson not in self.lessons]
        return len(self.lessons) + len(loose)

    @cached_property
    def _floors(self) -> Sequence[tuple[Sequence[Slot], int]]:
        """Slots that must together reach so many minutes: the closing, and what follows a contested case."""
        rest = self.rest
        whole = [slot for slot in (*self.kept, *rest.later) if slot.activity is not None]
        closing = [slot for slot in whole if rest.day.step(slot).phase == "closing"]
        return [(closing, rest.day.frame.closing), after_the_case(rest, self.kept)]

    # -------------------------------------------------------- the rules

    @property
    def is_sound(self) -> bool:
        """Whether what is kept keeps every rule: what steps and lessons need, the floors, the breaks."""
        rest = self.rest
        whole = [*rest.done, *self.kept, *rest.later]
        kinds = [slot.kind for slot in whole if slot.kind in ("activity", "break")]
        if any(a == b == "break" for a, b in pairwise([*kinds, "break"])):
            return False
        steps = [slot for slot in whole if slot.activity is not None]
        minutes = dict(zip((slot.start for slot in self.kept), self.wished, strict=True))
        for slots, floor in self._floors:
            if sum(minutes.get(slot.start, slot.minutes) for slot in slots) < floor:
                return False
        return self._builds(steps) and self._needs(steps)

    def _builds(self, steps: Sequence[Slot]) -> bool:
        """Whether every step comes after those that it builds on."""
        done: set[str] = set()
        for slot in steps:
            if slot.activity is None:
                continue
            lesson = slot.activity.lesson
            if not all((word if "/" in word else f"{lesson}/{word}") in done for word in slot.activity.after):
                return False
            done.add(slot.activity.id)
        return True

    def _needs(self, steps: Sequence[Slot]) -> bool:
        """Whether every lesson comes after what it needs, and a contested case after a concept."""
        day = self.rest.day
        came: list[str] = []
        for lesson in dict.fromkeys(slot.activity.lesson for slot in steps if slot.activity):
            for need in day.library.lessons[lesson].needs:
                sheet = day.library.sheet(need.primer, lesson, need.lesson) if need.primer else None
                if need.lesson not in came and (sheet is None or sheet.id not in day.plan.primers):
                    return False
            if lesson in day.contested and not any(day.library.lessons[key].phase == "concept" for key in came):
                return False
            came.append(lesson)
        return True


def ways(rest: Rest) -> list[Way]:
    """The ways to cut that keep every rule, the plainest first; the first cuts nothing."""
    whole, loose = _lessons(rest), _optional(rest)
    return [way for way in islice(_ways(rest, whole, loose), MOST_WAYS) if way.is_sound]


def _ways(rest: Rest, whole: Mapping[str, frozenset[str]], loose: Sequence[str]) -> Iterator[Way]:
    """Nothing, everything that can go with and without lessons, and then what lies between, few cuts first."""
    yield Way(rest, frozenset())
    for lessons in _some(tuple(whole), MOST_WAYS // 8):
        yield Way(rest, frozenset(loose).union(*(whole[key] for key in lessons)), lessons)
    for count in range(len(loose) + len(whole) + 1):
        for lessons in _some(tuple(whole), MOST_WAYS, up_to=count):
            gone = frozenset().union(*(whole[key] for key in lessons))
            others = [key for key in loose if key not in gone]
            for optional in combinations(others, count - len(lessons)):
                if len(optional) + len(lessons) > 0 and len(optional) < max(len(others), 2):
                    yield Way(rest, gone.union(optional), lessons)


def _some(keys: Sequence[str], most: int, up_to: int | None = None) -> Iterator[tuple[str, ...]]:
    """The first sets of some keys, small ones first."""
    sizes = range((len(keys) if up_to is None else min(up_to, len(keys))) + 1)
    yield from islice((each for size in sizes for each in combinations(keys, size)), most)


def _optional(rest: Rest) -> list[str]:
    """The steps that may be skipped alone: neither core nor pinned."""
    steps = (rest.day.step(slot) for slot in rest.ahead if slot.activity is not None)
    return [step.shape.id for step in steps if not step.core and step.pinned is None]


def _lessons(rest: Rest) -> dict[str, frozenset[str]]:
    """The lessons that may go whole: not begun, neither opening nor closing, with no pinned step."""
    outside = {slot.activity.lesson for slot in (*rest.done, *rest.later) if slot.activity}
    found: dict[str, set[str]] = {}
    for slot in rest.ahead:
        if slot.activity is None or slot.activity.lesson in outside:
            continue
        step = rest.day.step(slot)
        if step.phase not in FRAME:
            found.setdefault(slot.activity.lesson, set()).add(slot.activity.id)
        if step.pinned is not None:
            outside.add(slot.activity.lesson)
    return {key: frozenset(steps) for key, steps in found.items() if key not in outside}


def _least(slot: Slot, rest: Rest) -> int:
    """The fewest minutes that a slot can be given on the day; breaks and pinned steps keep theirs."""
    if slot.activity is None:
        return slot.minutes
    return min(rest.day.step(slot).span[0], slot.minutes)


def _most(slot: Slot, rest: Rest) -> int:
    """The most minutes that a slot can be given on the day; breaks and pinned steps keep theirs."""
    return slot.minutes if slot.activity is None else max(rest.day.step(slot).span[2], slot.minutes)


def theory_first(way: Way) -> int:
    """How active the skipped steps are: where time is short, theory goes before practice."""
    return sum(_THEORY_FIRST[slot.activity.interaction] for slot in way.gone if slot.activity)


def exactly(minutes: int) -> Span:
    """The span of a slot that keeps its minutes."""
    return minutes, minutes, minutes
