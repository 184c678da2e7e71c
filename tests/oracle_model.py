"""The hard rules of the planner as a model for a solver: which steps are in, in which order, with how many minutes.

Each order of steps is a way round through a graph; an arc says which step follows which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import oracle_score
import scoring
from ortools.sat.python import cp_model
from rules import MOVING

from builder.model import Activity, Brief, Card, Lesson, Library, Plan, Slot

PHASES = ("opening", "concept", "case", "practice", "closing")


@dataclass(frozen=True, eq=False)
class Node:
    """One form of a step, with its place in its lesson; `first` is the form in which it was written."""

    lesson: Lesson
    written: Activity
    form: Activity
    variant: Any
    first: bool
    place: int
    must: bool
    span: scoring.Span

    @property
    def phase(self) -> int:
        """The place of its lesson's phase in teaching order."""
        return PHASES.index(self.lesson.phase)

    @property
    def stage(self) -> int:
        """Whether it belongs to the opening (0), the content (1) or the closing (2)."""
        return {"opening": 0, "closing": 2}.get(self.lesson.phase, 1)

    @property
    def content(self) -> bool:
        """Whether it is neither of the opening nor of the closing."""
        return self.stage == 1


def nodes_of(library: Library, brief: Brief, lessons: Iterable[str], *, threes: bool) -> Iterator[Node]:
    """The forms of all steps of these lessons, in teaching order."""
    for key in lessons:
        for place, step in enumerate(library.activities_of(key)):
            forms = scoring.forms(step, brief)
            for number, (variant, form) in enumerate(forms if threes else forms[:1]):
                must = step.core or step.id in brief.pinned
                span = scoring.step_span(form, brief)
                yield Node(library.lessons[key], step, form, variant, number == 0, place, must, span)


class Model:
    """The model of one brief with these steps; `free` where any of their lessons may be left out."""

    def __init__(
        self,
        library: Library,
        brief: Brief,
        nodes: Sequence[Node],
        *,
        free: bool,
        teaching: bool,
        breaks: int | None = None,
    ) -> None:
        """Make all variables, and all that holds between them."""
        self.library, self.brief, self.nodes, self.free, self.teaching = library, brief, nodes, free, teaching
        self.asked_breaks = breaks
        self.cp = cp_model.CpModel()
        self.lessons = {node.lesson.id: node.lesson for node in nodes}
        self.move = (1 if brief.mode == "in-person" else 2) + (1 if brief.participants > 24 else 0)
        count = len(nodes)
        self.held = self.flags(count)
        self.paused = self.flags(count)
        self.moved = self.flags(count)
        self.last = self.flags(count)
        self.regrouped: list[Any] = []
        self.present = {key: self.cp.new_bool_var(f"in {key}") for key in self.lessons}
        self.minutes = [self.cp.new_int_var(0, node.span[2], "") for node in nodes]
        self.before = [self.cp.new_int_var(0, self.most_usual, "") for _ in nodes]
        self.elapsed = [self.cp.new_int_var(0, 90, "") for _ in nodes]
        self.starts = {key: self.cp.new_int_var(0, self.most_usual, "") for key in self.lessons}
        least, _, most = scoring.buffer_span(brief)
        self.buffer = self.cp.new_int_var(least, most, "buffer")
        self.arcs: dict[tuple[int, int], Any] = {}
        self.shape()
        self.steps_and_lessons()
        self.clock()
        self.breaks()
        self.contested()
        told = oracle_score.fulfilments(self)
        self.cp.maximize(sum(scoring.WEIGHTS[name] * value for name, value in told.items()))

    def flags(self, count: int) -> list[Any]:
        """So many variables that are 0 or 1."""
        return [self.cp.new_bool_var("") for _ in range(count)]

    @cached_property
    def surely(self) -> list[Node]:
        """The steps that are in whatever is chosen."""
        chosen = (node for node in self.nodes if not self.free or not node.content)
        return [node for node in chosen if node.must and node.first]

    @cached_property
    def most_usual(self) -> int:
        """No agenda has more usual minutes than this: those that are in, then those that are cut short by most."""
        least, _, _ = scoring.buffer_span(self.brief)
        left, found = float(self.brief.minutes - least), 0.0
        if all(node.first for node in self.nodes):
            left -= sum(node.span[0] for node in self.surely)
            found += sum(node.span[1] for node in self.surely)
        others = [node.span for node in self.nodes if node not in self.surely or found == 0]
        for shortest, usual, _ in sorted(others, key=lambda span: -span[1] / span[0]):
            part = max(min(left / shortest, 1.0), 0.0)
            left, found = left - part * shortest, found + part * usual
        return int(found) + 1

    @cached_property
    def least_usual(self) -> int:
        """No agenda has fewer usual minutes than this."""
        written = {node.written.id for node in self.surely}
        forms = {key: [n.span[1] for n in self.nodes if n.written.id == key] for key in written}
        return sum(min(spans) for spans in forms.values())

    def total(self, values: Sequence[int], where: Sequence[Any] | None = None) -> Any:
        """The sum of values over the steps that are in."""
        return cp_model.LinearExpr.weighted_sum(where or self.held, list(values))

    @cached_property
    def usual(self) -> Any:
        """The usual minutes of all steps."""
        found = self.cp.new_int_var(min(self.least_usual, self.most_usual), self.most_usual, "usual")
        self.cp.add(found == self.total([node.span[1] for node in self.nodes]))
        return found

    # -------------------------------------------------------- the hard rules

    def shape(self) -> None:
        """Every step that is in has one before and one after it; a lesson's steps are together and in their order."""
        circuit = []
        for i, node in enumerate(self.nodes):
            circuit.append((i + 1, i + 1, ~self.held[i]))
            if node.stage == 0 and self.may_begin(node):
                self.arcs[-1, i] = self.cp.new_bool_var("")
            if node.stage == 2 and self.may_end(node):
                circuit.append((i + 1, 0, self.last[i]))
            else:
                self.cp.add(self.last[i] == 0)
        for i, one in enumerate(self.nodes):
            for j, other in enumerate(self.nodes):
                if self.may_follow(one, other):
                    self.arcs[i, j] = self.cp.new_bool_var("")
        circuit += [(i + 1, j + 1, arc) for (i, j), arc in self.arcs.items()]
        self.cp.add_circuit(circuit)
        self.into: list[list[tuple[int, Any]]] = [[] for _ in self.nodes]
        for (i, j), arc in self.arcs.items():
            self.into[j].append((i, arc))

    def may_begin(self, node: Node) -> bool:
        """Whether no step that must be in comes before it in its lesson."""
        return not any(o.must and o.place < node.place for o in self.nodes if o.lesson is node.lesson)

    def may_end(self, node: Node) -> bool:
        """Whether no step that must be in comes after it in its lesson."""
        return not any(o.must and o.place > node.place for o in self.nodes if o.lesson is node.lesson)

    def may_follow(self, one: Node, other: Node) -> bool:
        """Whether `other` can come directly after `one`."""
        if one.lesson is other.lesson:
            between = (o for o in self.nodes if o.lesson is one.lesson and one.place < o.place < other.place)
            return one.place < other.place and not any(o.must for o in between)
        in_order = one.phase <= other.phase if self.teaching else one.stage <= other.stage
        return in_order and self.may_end(one) and self.may_begin(other)

    def steps_and_lessons(self) -> None:
        """A lesson brings its core steps; what a lesson or a step needs comes before it."""
        places: dict[str, list[int]] = {}
        for i, node in enumerate(self.nodes):
            places.setdefault(node.written.id, []).append(i)
        for key, lesson in self.lessons.items():
            enters = []
            for step in self.library.activities_of(key):
                held = sum(self.held[i] for i in places.get(step.id, []))
                must = step.core or step.id in self.brief.pinned
                self.cp.add(held == self.present[key] if must else held <= self.present[key])
                for i in places.get(step.id, []):
                    outside = [arc for j, arc in self.into[i] if j < 0 or self.nodes[j].lesson is not lesson]
                    enters += outside
                    for arc in outside:
                        self.cp.add(self.starts[key] == self.before[i]).only_enforce_if(arc)
                    self.builds_on(i, places)
            self.cp.add(sum(enters) == self.present[key])
            if not self.free or lesson.phase in ("opening", "closing"):
                self.cp.add(self.present[key] == 1)
            for need in lesson.needs:
                self.needed(key, need.lesson, primer=need.primer is not None)
        if self.free:
            self.cp.add(sum(self.present[key] for key in self.content) >= 1)

    def builds_on(self, i: int, places: Mapping[str, Sequence[int]]) -> None:
        """A step comes after every step that it builds on."""
        node = self.nodes[i]
        for stem in node.written.after:
            needed = places.get(stem if "/" in stem else f"{node.lesson.id}/{stem}", [])
            self.cp.add(self.held[i] <= sum(self.held[k] for k in needed))
            for k in needed:
                self.cp.add(self.before[k] < self.before[i]).only_enforce_if(self.held[i], self.held[k])

    def needed(self, key: str, other: str, *, primer: bool) -> None:
        """A needed lesson comes before; a sheet may stand in for one that is not there."""
        if other in self.lessons:
            both = self.present[key], self.present[other]
            self.cp.add(self.starts[other] < self.starts[key]).only_enforce_if(*both)
            if not primer:
                self.cp.add(both[0] <= both[1])
        elif not primer:
            self.cp.add(self.present[key] == 0)

    @property
    def content(self) -> list[str]:
        """The lessons that are neither openings nor closings."""
        return [key for key, lesson in self.lessons.items() if lesson.phase not in ("opening", "closing")]

    def clock(self) -> None:
        """Minutes within their bounds, change-overs, no stretch over 90 minutes; the whole is what is booked."""
        for i, node in enumerate(self.nodes):
            self.cp.add(self.minutes[i] >= node.span[0] * self.held[i])
            self.cp.add(self.minutes[i] <= node.span[2] * self.held[i])
            self.cp.add(self.paused[i] + sum(arc for j, arc in self.into[i] if j < 0) <= self.held[i])
            differs = [arc for j, arc in self.into[i] if j >= 0 and self.nodes[j].form.grouping != node.form.grouping]
            self.regrouped.append(sum(differs) if node.form.grouping in MOVING else 0)
            self.cp.add(self.moved[i] >= self.regrouped[i] - self.paused[i])
            self.cp.add(self.moved[i] <= self.regrouped[i])
            self.cp.add(self.moved[i] + self.paused[i] <= 1)
            for j, arc in self.into[i]:
                self.follow(j, i, arc)
        steps = sum(self.minutes) + self.move * sum(self.moved)
        self.cp.add(steps + self.buffer + self.break_minutes == self.brief.minutes)
        for phase, least in (("opening", 8), ("closing", 7)):
            self.cp.add(self.minutes_of(phase) >= least)

    def minutes_of(self, phase: str) -> Any:
        """The minutes of all steps of a phase."""
        return sum(self.minutes[i] for i, node in enumerate(self.nodes) if node.lesson.phase == phase)

    def follow(self, j: int, i: int, arc: Any) -> None:
        """What holds where the step `i` comes directly after `j`, or begins the workshop."""
        if j < 0:
            self.cp.add(self.before[i] == 0).only_enforce_if(arc)
            self.cp.add(self.elapsed[i] == self.minutes[i]).only_enforce_if(arc)
            return
        buffer = self.buffer if self.nodes[i].stage == 2 != self.nodes[j].stage else 0
        going = self.elapsed[j] + self.minutes[i] + self.move * self.moved[i] + buffer
        self.cp.add(self.before[i] == self.before[j] + self.nodes[j].span[1]).only_enforce_if(arc)
        self.cp.add(self.elapsed[i] == going).only_enforce_if(arc, ~self.paused[i])
        self.cp.add(self.elapsed[i] == self.minutes[i] + buffer).only_enforce_if(arc, self.paused[i])
        if self.brief.minutes == 90:
            self.cp.add_linear_constraint(self.elapsed[j], 20, 60).only_enforce_if(arc, self.paused[i])

    @cached_property
    def lengths(self) -> dict[int, Any]:
        """How many breaks there are of each length, the meal aside."""
        least, _, most = scoring.break_kinds(self.brief)[0]
        return {minutes: self.cp.new_int_var(0, 12, f"breaks of {minutes}") for minutes in range(least, most + 1)}

    @cached_property
    def meals(self) -> dict[int, Any]:
        """Whether the meal has each length; empty where there is none."""
        meal = scoring.break_kinds(self.brief)[1]
        return {minutes: self.cp.new_bool_var("") for minutes in range(meal[0], meal[2] + 1)} if meal else {}

    @property
    def break_minutes(self) -> Any:
        """The minutes of all breaks."""
        return sum(m * many for m, many in self.lengths.items()) + sum(m * is_it for m, is_it in self.meals.items())

    def breaks(self) -> None:
        """As many breaks as the length of the session asks for."""
        minutes, each = self.brief.minutes, 70 if self.brief.mode == "in-person" else 55
        most = 1 if minutes <= 90 else max((minutes - 1) // each, 1) + 2
        least = 0 if minutes < 90 else 1
        if self.brief.break_minutes == 0:
            most = 0
        if self.asked_breaks is not None:
            least = most = self.asked_breaks
        self.count = self.cp.new_int_var(min(least, most), most, "breaks")
        self.cp.add(self.count == sum(self.paused))
        self.cp.add(self.count == sum(self.lengths.values()) + sum(self.meals.values()))
        if self.meals:
            self.cp.add(sum(self.meals.values()) == 1)

    def contested(self) -> None:
        """A contested case comes after a concept, and eight minutes of other lessons after it."""
        cards = {key: card_of(self.library, self.brief, lesson) for key, lesson in self.lessons.items()}
        for key, card in cards.items():
            if card is None or card.level < 2:
                continue
            self.cp.add(self.minutes_of("opening") >= 10).only_enforce_if(self.present[key])
            concepts = [other for other in self.content if self.lessons[other].phase == "concept"]
            self.cp.add(sum(self.earlier(other, key) for other in concepts) >= self.present[key])
            after = [self.minutes_after(other, key) for other in self.content if other != key]
            self.cp.add(sum(after) >= 8).only_enforce_if(self.present[key])
        living = [self.present[key] for key, card in cards.items() if card is not None and card.level == 3]
        self.cp.add(sum(living) <= max(1, self.brief.minutes // 90))

    def earlier(self, one: str, other: str) -> Any:
        """A flag that both lessons are in, and that `one` comes before `other`."""
        flag = self.cp.new_bool_var("")
        self.cp.add_implication(flag, self.present[one])
        self.cp.add_implication(flag, self.present[other])
        self.cp.add(self.starts[one] < self.starts[other]).only_enforce_if(flag)
        return flag

    def minutes_after(self, one: str, case: str) -> Any:
        """At most the minutes of `one`, where it comes after `case`, and none elsewhere."""
        minutes, flag = self.cp.new_int_var(0, 480, ""), self.earlier(case, one)
        self.cp.add(minutes <= sum(self.minutes[i] for i, node in enumerate(self.nodes) if node.lesson.id == one))
        self.cp.add(minutes <= 480 * flag)
        return minutes

    def begin_at(self, hint: Plan | None) -> None:
        """Tell the solver of a plan to begin at."""
        if hint is None:
            return
        slots = hint.agenda.slots
        minutes = {slot.activity.id: slot.minutes for slot in hint.agenda.steps if slot.activity}
        at = {(node.written.id, node.variant): i for i, node in enumerate(self.nodes)}
        order = [at.get((slot.activity.id, slot.variant), -1) for slot in hint.agenda.steps if slot.activity]
        arcs = set(pairwise([-1, *order]))
        rested = {at.get((b.activity.id, b.variant), -1) for a, b in pairwise(no_pauses(slots)) if a.kind == "break"}
        for arc, variable in self.arcs.items():
            self.cp.add_hint(variable, arc in arcs)
        for i, node in enumerate(self.nodes):
            self.cp.add_hint(self.held[i], i in order)
            self.cp.add_hint(self.paused[i], i in rested)
            self.cp.add_hint(self.minutes[i], minutes.get(node.written.id, 0) if i in order else 0)
        for key, variable in self.present.items():
            self.cp.add_hint(variable, key in hint.agenda.lessons)


def no_pauses(slots: Sequence[Slot]) -> list[Slot]:
    """The slots without buffer and change-overs."""
    return [slot for slot in slots if slot.kind in ("activity", "break")]


def card_of(library: Library, brief: Brief, lesson: Lesson) -> Card | None:
    """The card that a case lesson uses: the brief's, or else the default one."""
    return library.cards[brief.cards.get(lesson.deck) or str(lesson.default_card)] if lesson.deck else None


def alternate_of(library: Library, card: Card) -> Card | None:
    """The first card of level 0 of the same deck."""
    return next((other for other in library.cards_of(card.deck) if other.level == 0), None)
