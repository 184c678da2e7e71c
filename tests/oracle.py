"""The best agenda there is, found by a solver instead of by the planner: a second opinion for tests and benchmarks.

A model for CP-SAT (the extra `oracle`) of the hard rules, of the choices that come before any preference, and of
the score of `docs/planning.md`. Apart from the planner's own code: nothing is imported from `builder.planner`.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import oracle_score
import scoring
from oracle_model import Model, Node, alternate_of, card_of, nodes_of
from ortools.sat.python import cp_model
from rules import second_card

from builder.model import Agenda, Brief, Card, LeftOut, Lesson, Library, Plan, Slot

FEW = 14
"""Up to so many lessons to choose from are looked at all at once."""
TIERS = ((False, True), (False, False), (True, True), (True, False))
"""May steps be held in threes where they were not written so, and must lessons come in teaching order?"""


@dataclass(frozen=True)
class Answer:
    """The best agenda found, a bound that no agenda passes, and whether both were proved to be as good as they can."""

    plan: Plan | None
    bound: float
    proved: bool
    tier: tuple[bool, bool]


def best(
    library: Library, brief: Brief, lessons: Sequence[str] | None = None, seconds: float = 60, hint: Plan | None = None
) -> Answer:
    """The best agenda with exactly these lessons, or with those that score most; looks for so many seconds.

    Without a plan, `proved` says that there is none. `hint` is a plan to begin at; it changes no answer.
    """
    until = time.monotonic() + seconds
    keys = lessons or candidates(library, brief)
    if lessons is None and len(keys) > FEW:
        hint = wandered(library, brief, keys, seconds / 2, hint)
    for tier, breaks in product(TIERS, break_counts(brief)):
        if not all(node.first for node in nodes_of(library, brief, keys, threes=tier[0])) or not tier[0]:
            left = until - time.monotonic()
            answer = answered(library, brief, keys, left, tier=tier, breaks=breaks, free=lessons is None, hint=hint)
            if answer.plan is not None or not answer.proved:
                return better(answer, hint, library) if lessons is None else answer
    return Answer(None, 0.0, proved=True, tier=TIERS[-1])


def break_counts(brief: Brief) -> tuple[int | None, ...]:
    """How many breaks there must be, tried in this order: below 90 minutes one of a length that the brief names."""
    said = brief.break_minutes
    return (1, 0) if brief.minutes < 90 and said not in ("auto", 0) else (None,)


def answered(
    library: Library,
    brief: Brief,
    keys: Sequence[str],
    seconds: float,
    *,
    tier: tuple[bool, bool],
    breaks: int | None = None,
    free: bool,
    hint: Plan | None = None,
) -> Answer:
    """The best agenda of one tier with these lessons, or, where `free`, with some of them."""
    nodes = list(nodes_of(library, brief, keys, threes=tier[0]))
    model = Model(library, brief, nodes, free=free, teaching=tier[1], breaks=breaks)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    model.begin_at(hint)
    status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE:
        return Answer(None, 0.0, proved=True, tier=tier)
    found = plan_of(model, solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    told = solver.best_objective_bound if found else 0
    weights = sum(scoring.WEIGHTS.values())
    bound = min(told / weights / oracle_score.ONE + 1 / oracle_score.ONE, 1.0) if told > 0 else 1.0
    return Answer(found, bound, status == cp_model.OPTIMAL, tier)


def wandered(library: Library, brief: Brief, keys: Sequence[str], seconds: float, start: Plan | None) -> Plan | None:
    """A good plan where there are too many lessons for all at once: the best among a few of them, again and again."""
    draw, until, found = random.Random(len(keys)), time.monotonic() + seconds, start
    frame = [key for key in keys if library.lessons[key].phase in ("opening", "closing")]
    while (left := until - time.monotonic()) > 0:
        some = {*frame, *draw.sample(keys, FEW - 4), *(found.agenda.lessons if found else ())}
        some |= {need.lesson for key in some for need in library.lessons[key].needs if need.lesson in keys}
        answer = answered(library, brief, sorted(some), min(left, 5), tier=TIERS[0], free=True, hint=found)
        found = better(answer, found, library).plan
    return found


def better(answer: Answer, other: Plan | None, library: Library) -> Answer:
    """The same answer, with the other plan where that scores more."""
    plans = [plan for plan in (answer.plan, other) if plan is not None]
    return replace(answer, plan=max(plans, key=lambda plan: scoring.score(plan, library), default=None))


# ------------------------------------------------------------ which lessons may be chosen


def candidates(library: Library, brief: Brief) -> list[str]:
    """The lessons to choose from where none are named: one opening, one closing, and content that can be held."""
    able = [key for key in sorted(library.lessons) if can_be_held(library, brief, key)]
    frame = [next(key for key in able if library.lessons[key].phase == phase) for phase in ("opening", "closing")]
    return [key for key in able if key in frame or library.lessons[key].phase not in ("opening", "closing")]


def can_be_held(library: Library, brief: Brief, key: str) -> bool:
    """Whether the brief allows a lesson's card, and its core steps have a form."""
    card = card_of(library, brief, library.lessons[key])
    steps = (step for step in library.activities_of(key) if step.core)
    return (
        key not in brief.leave_out
        and (card is None or allowed(card, library, brief))
        and all(scoring.forms(step, brief) for step in steps)
    )


def allowed(card: Card, library: Library, brief: Brief) -> bool:
    """Whether a card may be used in this workshop."""
    if card.level > brief.max_level or (brief.attendance == "required" and card.level > 1):
        return False
    if card.level < 2:
        return True
    if card.level == 3 and brief.facilitators < 2 and brief.participants_most > 12:
        return False
    late = card.level == 3 and brief.date and card.review_by and card.review_by < brief.date
    return len(card.readings) >= 3 and bool(card.advisory) and not late and alternate_of(library, card) is not None


# ------------------------------------------------------------ from the model to a plan


def plan_of(model: Model, solver: cp_model.CpSolver) -> Plan:
    """The plan that the solver found."""
    order = order_of(model, solver)
    slots: list[Slot] = []
    lengths = break_lengths(model, solver, order)
    for place, i in enumerate(order):
        node = model.nodes[i]
        if solver.value(model.paused[i]):
            slots.append(slot_of("break", slots, lengths.pop(0)))
        if node.stage == 2 and model.nodes[order[place - 1]].stage != 2:
            slots.append(slot_of("buffer", slots, solver.value(model.buffer)))
        if solver.value(model.moved[i]):
            slots.append(slot_of("transition", slots, model.move))
        slots.append(slot_of("activity", slots, solver.value(model.minutes[i]), **told(model, node)))
    return explained(model, slots)


def order_of(model: Model, solver: cp_model.CpSolver) -> list[int]:
    """The steps that are in, in order."""
    following = {i: j for (i, j), arc in model.arcs.items() if solver.value(arc)}
    found = [following[-1]]
    while found[-1] in following:
        found.append(following[found[-1]])
    return found


def break_lengths(model: Model, solver: cp_model.CpSolver, order: Sequence[int]) -> list[int]:
    """The lengths of the breaks in order, the meal's at its place."""
    spans = [model.nodes[i].span[1] for i in order]
    places = [sum(spans[:k]) for k, i in enumerate(order) if solver.value(model.paused[i])]
    plain = [minutes for minutes, many in model.lengths.items() for _ in range(solver.value(many))]
    at = scoring.meal_at(places, sum(spans))
    for minutes, is_it in model.meals.items():
        if solver.value(is_it):
            plain.insert(int(at or 0), minutes)
    return plain


def told(model: Model, node: Node) -> dict[str, Any]:
    """What a slot says of its step."""
    card = card_of(model.library, model.brief, node.lesson)
    second = second_card(model.library, card) if card and node.form.second_card else None
    told = {"title": node.form.title, "activity": node.form, "variant": node.variant}
    return {**told, "card": card.id if card else None, "second_card": second}


def explained(model: Model, slots: Sequence[Slot]) -> Plan:
    """A plan of these slots with the cards and sheets that it uses, and with what is not in it."""
    agenda = Agenda(slots=tuple(slots))
    here = {slot.activity.id for slot in slots if slot.activity is not None}
    used = [model.lessons[key] for key in agenda.lessons]
    cards = [card for lesson in used if (card := card_of(model.library, model.brief, lesson)) is not None]
    others = {card.deck: alternate_of(model.library, card) for card in cards if card.level >= 2}
    out: list[LeftOut] = []
    for key in model.library.lessons:
        steps = model.library.activities_of(key)
        if key not in agenda.lessons:
            out.append(LeftOut(lesson=key, reason="not chosen"))
        else:
            left = (step.id for step in steps if step.id not in here)
            out += [LeftOut(lesson=key, activity=step, reason="not chosen") for step in left]
    return Plan(
        brief=model.brief,
        agenda=agenda,
        cards={card.deck: card.id for card in cards},
        alternates={deck: other.id for deck, other in others.items() if other is not None},
        primers=tuple(dict.fromkeys(sheets(model, used))),
        left_out=tuple(out),
    )


def sheets(model: Model, used: Sequence[Lesson]) -> Iterator[str]:
    """The sheets that stand in for needed lessons that are not there."""
    for lesson in used:
        for need in lesson.needs:
            if need.primer and need.lesson not in {other.id for other in used}:
                sheet = model.library.sheet(need.primer, lesson.id, need.lesson)
                if sheet is not None:
                    yield sheet.id


def slot_of(kind: Any, before: Sequence[Slot], minutes: int, **told: Any) -> Slot:
    """A slot that follows those `before`."""
    start = before[-1].end if before else 0
    return Slot(kind=kind, start=start, minutes=minutes, reason="scores most", **{"title": str(kind), **told})
