"""Which lessons are in, in which order, with which cards: from the brief, and from what the rules add."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from builder.model import FRAME
from builder.planner.asked import card_problems
from builder.planner.numbers import numbers
from builder.planner.orders import Ties, orders, ties
from builder.planner.pool import Pool
from builder.problems import Problem

_MOST_ORDERS = 120


@dataclass(frozen=True)
class Choice:
    """Lessons in every order that keeps the rules, why each is in, the sheets that stand in, the contested lessons.

    Of very many orders only some are there; `all_orders` says whether these are all.
    """

    orders: tuple[tuple[str, ...], ...]
    why: Mapping[str, str]
    primers: tuple[str, ...] = ()
    contested: frozenset[str] = field(default_factory=frozenset)
    all_orders: bool = True

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons in the order that is preferred."""
        return self.orders[0]


class RuleError(Exception):
    """A rule cannot be kept with these lessons; `problem` says which and why."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(str(problem))
        self.problem = problem


# ------------------------------------------------------------ one set of lessons


def complete(pool: Pool, wanted: Sequence[str]) -> Choice:
    """`wanted` with what it needs, an opening, a closing and what a contested case asks for; raises RuleError."""
    why = dict.fromkeys(wanted, "in focus")
    _add_needs(pool, why)
    for phase in FRAME:
        _add_frame(pool, why, phase)
    _refuse(card_problems(pool, why))
    contested = frozenset(key for key in why if _is_contested(pool, key))
    if contested:
        _add_around_the_case(pool, why, contested)
    _refuse(problem for key in why if (problem := pool.obstacle(key)))
    tied = _ties(pool, why, contested)
    _refuse(_clashes(pool, tied))
    found = tuple(islice(orders(tied), _MOST_ORDERS + 1))
    choice = Choice(found[:_MOST_ORDERS], why, _primers(pool, why), contested, len(found) <= _MOST_ORDERS)
    _refuse(_floor_problems(pool, choice))
    return choice


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise RuleError(problem)


def _clashes(pool: Pool, tied: Ties) -> Iterator[Problem]:
    """Why no order keeps the rules."""
    clash = tied.clash()
    if clash is not None:
        first, needed = (pool.lesson(key).title for key in clash)
        if tied.stage(clash[1]) == tied.stage(clash[0]):
            message = f"'{needed}' would have to come before and after '{first}'."
            yield Problem("needs", message, hint="Leave out one of them.")
        else:
            phase = pool.lesson(clash[0]).phase
            message = f"'{needed}' would have to come before '{first}', which is of the phase '{phase}'."
            yield Problem("frame", message, hint="Leave out one of them.")


def _floor_problems(pool: Pool, choice: Choice) -> Iterator[Problem]:
    """Opening, closing and what follows a contested case must be able to reach the minutes that the rules ask for."""
    frame, after = numbers()["frame"], int(numbers()["contested"]["after"])
    needed = {"opening": frame["opening_contested" if choice.contested else "opening"], "closing": frame["closing"]}
    for phase, least in needed.items():
        most = sum(pool.most(key) for key in choice.lessons if pool.lesson(key).phase == phase)
        if most < least:
            message = f"the {phase} takes at most {most} minutes here, {least - most} fewer than the {least} it needs."
            yield Problem("frame", message, hint="Unpin or bring back one of its steps.")
    if not choice.contested:
        return
    most = max(sum(map(pool.most, _after_the_case(pool, order, choice.contested))) for order in choice.orders)
    if most < after:
        message = f"what follows the contested case takes at most {most} minutes, {after - most} fewer than needed."
        yield Problem("contested", message, hint="Unpin one of its steps, or add a lesson after the case.")


def _after_the_case(pool: Pool, order: Sequence[str], contested: frozenset[str]) -> Sequence[str]:
    """The lessons between the last contested case and the closing."""
    last = max(map(order.index, contested))
    return [key for key in order[last + 1 :] if pool.lesson(key).phase != "closing"]


def _is_contested(pool: Pool, key: str) -> bool:
    card = pool.card(pool.lesson(key), pool.brief.cards)
    return card is not None and card.contested


def _add_needs(pool: Pool, why: dict[str, str]) -> None:
    """Lessons that a lesson needs and no sheet can stand in for, and lessons that a step builds on."""
    waiting = list(why)
    while waiting:
        key = waiting.pop(0)
        lesson = pool.lesson(key)
        needed = [need.lesson for need in lesson.needs if need.primer is None]
        for step in pool.library.activities_of(key):
            if pool.must(step):
                needed += [before.lesson for before in pool.behind(step)]
        for other in needed:
            if other not in why:
                why[other] = f"needed by '{lesson.title}'"
                waiting.append(other)


def _with_needs(pool: Pool, key: str, reason: str) -> dict[str, str]:
    """A lesson with what it needs, and why each is in."""
    chosen = {key: reason}
    _add_needs(pool, chosen)
    return chosen


def _add_frame(pool: Pool, why: dict[str, str], phase: str) -> None:
    """One opening or closing, the first by id that can be held, unless one is in already."""
    if any(pool.lesson(key).phase == phase for key in why):
        return
    lessons = sorted(key for key, lesson in pool.library.lessons.items() if lesson.phase == phase)
    reason = f"every workshop has {'an opening' if phase == 'opening' else 'a closing'}"
    problems: list[Problem] = []
    for more in (_with_needs(pool, key, reason) for key in lessons):
        obstacles = [problem for key in more if (problem := pool.obstacle(key))]
        if not obstacles:
            why.update({**more, **why})
            return
        problems += obstacles
    message = f"there is no lesson that can be the {phase}" + (f": {problems[0].message}" if problems else ".")
    hint = (problems and problems[0].hint) or f"A workshop needs a lesson of the phase '{phase}'."
    raise RuleError(Problem("frame", message, hint=hint))


def _add_around_the_case(pool: Pool, why: dict[str, str], contested: frozenset[str]) -> None:
    """A concept lesson before a contested case and another lesson after it, where none can be there yet."""
    if not _ties(pool, why, contested).first_concepts():
        reason = "a concept comes before a contested case"
        _add_smallest(pool, why, ("concept",), reason, lambda more: _ties(pool, more, contested).first_concepts())
    if not _can_be_last(pool, why, contested):
        reason = "another lesson comes between a contested case and the closing"
        phases = ("practice", "concept")
        _add_smallest(pool, why, phases, reason, lambda more: _can_be_last(pool, more, contested))


def _can_be_last(pool: Pool, why: Iterable[str], contested: frozenset[str]) -> Collection[str]:
    """The lessons that can come between the contested cases and the closing."""
    tied = _ties(pool, why, contested)
    return tied.last_lessons(tied.lessons)


def _add_smallest(
    pool: Pool,
    why: dict[str, str],
    phases: Sequence[str],
    reason: str,
    helps: Callable[[Iterable[str]], Collection[str]],
) -> None:
    """Add the shortest lesson of the first of `phases` that has one that `helps`, with what it needs."""
    for phase in phases:
        able = [
            key
            for key, lesson in pool.library.lessons.items()
            if lesson.phase == phase and key not in why and pool.obstacle(key) is None
        ]
        for key in sorted(able, key=lambda key: (pool.least(key), key)):
            more = {**_with_needs(pool, key, reason), **why}
            if helps(more) and not any(
                pool.obstacle(other) or _is_contested(pool, other) for other in set(more) - set(why)
            ):
                why.update(more)
                return
    hint = f"Add a lesson of the phase '{phases[0]}', or swap the card for one of level 0 or 1."
    raise RuleError(Problem("contested", f"{reason}, and there is none to put there.", hint=hint))


def _primers(pool: Pool, why: Iterable[str]) -> tuple[str, ...]:
    """The sheets that stand in for lessons that are not in."""
    chosen = set(why)
    sheets: dict[str, None] = {}
    for key in why:
        for need in pool.lesson(key).needs:
            if need.lesson not in chosen and need.primer:
                sheet = pool.library.sheet(need.primer, key, need.lesson)
                if sheet is not None:
                    sheets[sheet.id] = None
    return tuple(sheets)


# ------------------------------------------------------------ their order


def _ties(pool: Pool, keys: Iterable[str], contested: frozenset[str]) -> Ties:
    """The ties between lessons: their needs, the lessons that their steps build on, the order that the brief says."""
    lessons = {key: pool.lesson(key) for key in keys}
    before = {key: {need.lesson for need in lesson.needs} for key, lesson in lessons.items()}
    for key in lessons:
        for step in pool.library.activities_of(key):
            if pool.must(step):
                before[key] |= {other.lesson for other in pool.behind(step)} - {key}
    named = dict.fromkeys(step.partition("/")[0] for step in pool.brief.order)
    for first, then in pairwise(key for key in named if key in lessons):
        before[then].add(first)
    return ties(lessons, before, contested)


# ------------------------------------------------------------ where nothing is in focus


def able(pool: Pool) -> Mapping[str, Collection[str]]:
    """The content lessons that can be in, each with those that it cannot do without."""
    found: dict[str, Collection[str]] = {}
    for key, lesson in pool.library.lessons.items():
        brings = _with_needs(pool, key, "")
        if lesson.phase not in FRAME and not any(pool.obstacle(other) for other in brings):
            found[key] = [other for other in brings if pool.lesson(other).phase not in FRAME]
    return found
