"""Which lengths lessons in one order can fill, exactly: with any optional steps, in any form, with breaks anywhere.

A set of whole minutes is an integer whose bit `m` says that `m` minutes can be reached; to add from `a` to
`b` minutes to each of them takes a few shifts. Nothing that happened before a break matters after it, but for
the optional steps that later ones build on and the minutes given towards a floor. So every length that an
order can fill is found in one pass, instead of by trying one set of steps after the other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from builder.model import Grouping
from builder.planner.frame import Frame, Step, floors_of
from builder.planner.numbers import numbers
from builder.planner.shapes import MOVING, move_minutes

_LONGEST = 480
_LANE = 1024
_LANES = 16
_LENGTHS = (1 << _LONGEST + 1) - 1
_ALL = sum(_LENGTHS << _LANE * lane for lane in range(_LANES))
_MOST_MARKS = 10
_BEGUN = 1
"""The mark that says that a step of the closing is in."""

State = tuple[Grouping | None, int, int]
"""The last grouping since the break, marks of what else matters later, the minutes given towards the floor."""
States = Mapping[State, int]
Starts = dict[int, dict[tuple[int, int], int]]
"""For each place and each pair of marks and minutes towards the floor: the minutes before a stretch that begins there.

Minutes before stand in lanes, one for each count of breaks; the breaks' own minutes are not among them.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One activity's place in an order: the ways to hold it, and what the rules say about this place.

    A mark is a bit that says that one of the steps on which later ones build is not in. `loses` are the marks to
    set where this activity is left out, `bars` those with which it cannot be in, `asked` those that later places
    ask for. `floor` is what its run of places must reach together.
    """

    steps: tuple[Step, ...]
    optional: bool
    begins: int = 0
    loses: int = 0
    bars: int = 0
    asked: int = 0
    floor: int = 0
    ends_floor: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch on its way: the minutes before it, how long it may be at a break, and its lengths by state."""

    spent: int
    allowed: int
    states: States

    def at(self, states: States) -> "Leg":
        """The same stretch further on."""
        return Leg(self.spent, self.allowed, states)

    @property
    def ended(self) -> int:
        """The minutes up to here, a lane for each count of breaks; a stretch with no step in it is none."""
        found = 0
        for (last, _, _), lengths in self.states.items():
            if last is not None:
                found |= _spread(self.spent, lengths)
        return found


@dataclass(frozen=True)
class Reach:
    """The lengths that the places of an order can fill; `move` is the minutes of a change-over."""

    places: tuple[Place, ...]
    closing_at: int
    move: int
    barred: frozenset[int] = frozenset()
    stretch: int = field(default_factory=lambda: _up_to(numbers()["break"]["stretch"]))
    _whole: dict[tuple[int, int, bool], int] = field(default_factory=dict)

    def holds(self, frame: Frame) -> bool:
        """Whether the booked minutes can be filled exactly."""
        return bool(self.lengths(frame) >> frame.brief.minutes & 1)

    def lengths(self, frame: Frame) -> int:
        """The lengths that could be filled with the buffer and the breaks of this frame."""
        usual, (least, _, most) = numbers()["break"], frame.buffer
        key = (least, most, frame.brief.minutes == usual["needed_from"])
        if key not in self._whole:
            self._whole[key] = self._with_buffer(least, most, windowed=key[2])
        found = 0
        for count in frame.breaks.counts:
            spans = frame.breaks.spans(count, 0)
            lane = self._whole[key] >> _LANE * count & _LENGTHS
            found |= _added(lane, sum(span[0] for span in spans), sum(span[2] for span in spans))
        return found

    def settled(self, frame: Frame) -> tuple[tuple[Step, ...], tuple[int, ...]]:
        """Steps and places of breaks that fill the booked minutes, where `holds`: what can be left out is."""
        narrow = self
        for at in range(len(self.places)):
            ways = (narrow.narrowed(at, way) for way in _ways(self.places[at]))
            narrow = next(way for way in ways if way.holds(frame))
        for at in range(1, len(self.places)):
            without = replace(narrow, barred=narrow.barred | {at}, _whole={})
            narrow = without if without.holds(frame) else narrow
        taken = [at for at, place in enumerate(narrow.places) if place.steps]
        steps = tuple(narrow.places[at].steps[0] for at in taken)
        breaks = (at for at in range(1, len(self.places)) if at not in narrow.barred)
        return steps, tuple(next(i for i, step_at in enumerate(taken) if step_at >= at) for at in breaks)

    def requiring(self, activity: str) -> "Reach | None":
        """The same order with an activity that must be in; None where it cannot be."""
        places = (at for at, place in enumerate(self.places) if any(step.shape.id == activity for step in place.steps))
        at = next(places, None)
        return None if at is None else self.narrowed(at, self.places[at].steps)

    def narrowed(self, at: int, way: tuple[Step, ...]) -> "Reach":
        """The same order with only these ways to hold the activity at `at`; without it where there is none."""
        place = replace(self.places[at], steps=way, optional=not way)
        return replace(self, places=(*self.places[:at], place, *self.places[at + 1 :]), _whole={})

    # -------------------------------------------------------- stretch by stretch

    @cached_property
    def _free(self) -> Sequence[Leg]:
        """Each way to come to the closing, wherever the breaks are."""
        return list(self._before_closing(self.stretch))

    @cached_property
    def _windowed(self) -> Sequence[Leg]:
        """Each way to come to the closing where the first break must start at a certain time."""
        usual = numbers()["break"]
        return list(self._before_closing(_up_to(usual["first_to"]) & ~_up_to(usual["first_from"] - 1)))

    def _before_closing(self, first: int) -> Iterator[Leg]:
        """Each way to come to the closing, where a break may end the first stretch at the lengths `first`."""
        starts: Starts = defaultdict(dict)
        starts[0][0, 0] = 1
        for at in range(self.closing_at + 1):
            for (marks, towards), spent in starts[at].items():
                leg = Leg(spent, first if at == 0 else self.stretch, {(None, marks, towards): 1})
                leg = self._followed(leg, range(at, self.closing_at), starts)
                if at < self.closing_at:
                    self._note_breaks(self.closing_at, leg, starts)
                yield leg

    def _with_buffer(self, least: int, most: int, *, windowed: bool) -> int:
        """The minutes of everything but the breaks, a lane for each count of breaks."""
        starts: Starts = defaultdict(dict)
        found, closing = 0, range(self.closing_at, len(self.places))
        for before in self._windowed if windowed else self._free:
            states = {state: _added(lengths, least, most) & self.stretch for state, lengths in before.states.items()}
            found |= self._followed(before.at(states), closing, starts).ended
        for at in closing[1:]:
            for (marks, towards), spent in starts[at].items():
                leg = Leg(spent, self.stretch, {(None, marks, towards): 1})
                found |= self._followed(leg, range(at, len(self.places)), starts).ended
        return found

    def _followed(self, leg: Leg, run: range, starts: Starts) -> Leg:
        """The stretch after the places of `run`, noting in `starts` where a break could end it on the way."""
        for at in run:
            if at > run.start:
                self._note_breaks(at, leg, starts)
            leg = leg.at(self._passed(at, leg.states))
        return leg

    def _note_breaks(self, at: int, leg: Leg, starts: Starts) -> None:
        """Note that a break can stand before the place at `at`; in the closing only after one of its steps."""
        if at in self.barred:
            return
        for (last, marks, towards), lengths in leg.states.items():
            able = lengths & leg.allowed
            if able and last is not None and (at <= self.closing_at or marks & _BEGUN):
                more = (_spread(leg.spent, able) << _LANE) & _ALL
                starts[at][marks, towards] = starts[at].get((marks, towards), 0) | more

    def _passed(self, at: int, states: States) -> States:
        """The states after the place at `at`: with its activity in each form, or without where it is optional."""
        place = self.places[at]
        found: dict[State, int] = {}
        for (last, marks, towards), lengths in states.items():
            if place.optional:
                key = (last, (marks | place.loses) & place.asked, towards)
                found[key] = found.get(key, 0) | lengths
            for step in () if marks & place.bars else place.steps:
                grouping = step.shape.activity.grouping
                moved = lengths << self.move if grouping in MOVING and last not in (None, grouping) else lengths
                for reached, more in _given(moved, step.span, towards, place.floor):
                    key = (grouping, (marks | place.begins) & place.asked, reached)
                    found[key] = found.get(key, 0) | more & self.stretch
        return _past_floor(found, place.floor) if place.ends_floor else _nonempty(found)


def _ways(place: Place) -> Iterator[tuple[Step, ...]]:
    """Without the activity where it is optional, and each way to hold it."""
    if place.optional:
        yield ()
    yield from ((step,) for step in place.steps)


def _nonempty(states: States) -> States:
    return {state: lengths for state, lengths in states.items() if lengths}


def _past_floor(states: States, floor: int) -> States:
    """The states in which the floor was reached, to go on without it."""
    found: dict[State, int] = {}
    for (last, marks, towards), lengths in states.items():
        if towards >= floor and lengths:
            found[last, marks, 0] = found.get((last, marks, 0), 0) | lengths
    return found


def _given(lengths: int, span: tuple[int, int, int], towards: int, floor: int) -> Iterator[tuple[int, int]]:
    """The lengths with a step's minutes added, by the minutes then given towards the floor."""
    least, _, most = span
    for minutes in range(least, most + 1):
        if towards + minutes >= floor:
            yield floor, _added(lengths, minutes, most)
            return
        yield towards + minutes, lengths << minutes


# ------------------------------------------------------------ from steps to places


@dataclass(frozen=True, slots=True)
class Option:
    """An activity in an order: the ways to hold it, whether it may be left out, and the ids that it builds on."""

    steps: tuple[Step, ...]
    optional: bool
    builds_on: tuple[str, ...]

    @property
    def id(self) -> str:
        """The activity's id."""
        return self.steps[0].shape.id

    def waits_for(self, options: Sequence["Option"]) -> frozenset[str]:
        """Those of `options` that it builds on and that may be left out."""
        return frozenset(each.id for each in options if each.optional and each.id in self.builds_on)


def reach_of(options: Sequence[Option], frame: Frame) -> Reach:
    """What these activities in this order can fill, with the floors of this frame."""
    marks, asked = _marks(options)
    floors = {i: (floor, run[-1]) for run, floor in floors_of([each.steps[0] for each in options], frame) for i in run}
    closing_at = sum(each.steps[0].phase != "closing" for each in options)
    found = []
    for i, option in enumerate(options):
        begins = _BEGUN if i >= closing_at else 0
        floor, last = floors.get(i, (0, -1))
        loses = sum(mark for needed, mark in marks.items() if option.id in needed)
        steps = option.steps if _can_be_built(option, options[:i], marks) else ()
        bars = marks.get(option.waits_for(options), 0)
        place = Place(steps, option.optional, begins, loses, bars, asked[i] | begins, floor, last == i)
        found.append(place)
    return Reach(tuple(found), closing_at, move_minutes(frame.brief))


def _marks(options: Sequence[Option]) -> tuple[Mapping[frozenset[str], int], list[int]]:
    """A mark for each set of optional steps that others build on, and those that are asked for after each place."""
    waiting = [option.waits_for(options) for option in options]
    sets = [needed for needed in dict.fromkeys(waiting) if needed]
    marks = {needed: _BEGUN << i for i, needed in enumerate(sets[:_MOST_MARKS], 1)}
    asked, later = [], 0
    for needed in reversed(waiting):
        asked.append(later)
        later |= marks.get(needed, 0)
    return marks, asked[::-1]


def _can_be_built(option: Option, earlier: Sequence[Option], marks: Mapping[frozenset[str], int]) -> bool:
    """Whether all that an activity builds on comes earlier; where there are too many marks, it is left out."""
    waits = option.waits_for(earlier)
    return {each.id for each in earlier}.issuperset(option.builds_on) and (not waits or waits in marks)


# ------------------------------------------------------------ sets of minutes


def _up_to(minutes: int) -> int:
    """The set of 0 to `minutes`."""
    return (1 << minutes + 1) - 1


def _added(lengths: int, least: int, most: int) -> int:
    """Every length with from `least` to `most` minutes added; the empty set where `most` is below `least`."""
    if most < least:
        return 0
    done, wide = 0, most - least
    while done < wide:
        more = min(done + 1, wide - done)
        lengths |= lengths << more
        done += more
    return lengths << least


def _spread(spent: int, lengths: int) -> int:
    """Every sum of minutes spent before and a length of the stretch."""
    found = 0
    for least, most in _runs(lengths):
        found |= _added(spent, least, most)
    return found & _ALL


def _runs(lengths: int) -> Iterator[tuple[int, int]]:
    """The first and last of each run of lengths without a gap."""
    while lengths:
        least = (lengths & -lengths).bit_length() - 1
        rest = lengths >> least
        run = (~rest & rest + 1).bit_length() - 1
        yield least, least + run - 1
        lengths &= ~(_up_to(run - 1) << least)
