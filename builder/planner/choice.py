"""Which lessons are in, in which order, with which cards: from the brief, and from what the rules add."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, permutations

from builder.model import CONTESTED_FROM, LEVEL_NAMES, LIVING, Activity, Brief, Card, Lesson, Library
from builder.planner.numbers import numbers
from builder.planner.shapes import Shape, Unfit, shapes
from builder.problems import Problem

_PHASES = ("opening", "concept", "case", "practice", "closing")
_MOST_ORDERS = 120


@dataclass(frozen=True)
class Pool:
    """A library as one brief can use it: the shapes of every activity, and why some have none."""

    library: Library
    brief: Brief
    shapes: Mapping[str, Sequence[Shape]]
    unfit: Mapping[str, Unfit]

    def lesson(self, key: str) -> Lesson:
        """The lesson with this id."""
        return self.library.lessons[key]

    def out(self, activity: Activity) -> bool:
        """Whether an activity cannot be in: left out by the brief, or without a shape."""
        return activity.id in self.brief.leave_out or not self.shapes[activity.id]

    def must(self, activity: Activity) -> bool:
        """Whether an activity is in whenever its lesson is."""
        return activity.core or activity.id in self.brief.pinned

    def after(self, activity: Activity) -> list[str]:
        """The full ids of the activities that it builds on."""
        return [word if "/" in word else f"{activity.lesson}/{word}" for word in activity.after]

    def obstacle(self, key: str) -> Problem | None:
        """Why a lesson cannot be in at all, or None."""
        title = self.lesson(key).title
        if key in self.brief.leave_out:
            return Problem(
                "needs", f"'{title}' is left out, and it has to be in.", hint=f"Take '{key}' out of leave_out."
            )
        for step in self.library.activities_of(key):
            if self.must(step) and step.id in self.brief.leave_out:
                hint = f"Leave out the whole lesson '{key}', or keep the step."
                return Problem("needs", f"'{step.title}' is left out, and '{title}' cannot do without it.", hint=hint)
            if self.must(step) and not self.shapes[step.id]:
                unfit = self.unfit[step.id]
                hint = f"Leave out '{key}', or change the arrangement."
                return Problem(unfit.rule, f"'{step.title}' ({title}) cannot be held: {unfit.reason}.", hint=hint)
        return None

    def least(self, key: str) -> int:
        """The fewest minutes of a lesson's steps that must be in."""
        return sum(self.shapes[step.id][0].least for step in self.library.activities_of(key) if self.must(step))

    def most(self, key: str) -> int:
        """The most minutes that a lesson's steps can be given."""
        steps = [step for step in self.library.activities_of(key) if not self.out(step)]
        pins = {step.id: self.brief.pinned[step.id].minutes for step in steps if step.id in self.brief.pinned}
        return sum(pins.get(step.id) or max(shape.most for shape in self.shapes[step.id]) for step in steps)

    def card(self, lesson: Lesson, cards: Mapping[str, str]) -> Card | None:
        """The card that a case lesson uses."""
        if lesson.deck is None:
            return None
        return self.library.cards[cards.get(lesson.deck) or str(lesson.default_card)]


def pool_of(library: Library, brief: Brief) -> Pool:
    """The shapes of every activity for this brief."""
    found: dict[str, Sequence[Shape]] = {}
    unfit: dict[str, Unfit] = {}
    for activity in library.activities.values():
        able, why = shapes(activity, brief)
        pin = brief.pinned.get(activity.id)
        exact = [shape for shape in able if pin and pin.minutes and shape.least <= pin.minutes <= shape.most]
        found[activity.id] = exact or able
        if why is not None:
            unfit[activity.id] = why
    return Pool(library, brief, found, unfit)


@dataclass(frozen=True)
class Choice:
    """Lessons in teaching order, why each is in, the sheets that stand in for others, and the contested ones."""

    lessons: tuple[str, ...]
    why: Mapping[str, str]
    primers: tuple[str, ...] = ()
    contested: frozenset[str] = field(default_factory=frozenset)


class RuleError(Exception):
    """A rule cannot be kept with these lessons; `problem` says which and why."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(str(problem))
        self.problem = problem


# ------------------------------------------------------------ the cards


def card_problems(pool: Pool, lessons: Iterable[str], minutes: int) -> Iterator[Problem]:
    """Every rule on contested cards that the cards of these lessons would break."""
    living = 0
    for key in lessons:
        card = pool.card(pool.lesson(key), pool.brief.cards)
        if card is not None:
            living += card.level >= LIVING
            yield from _one_card(card, pool.brief)
    most = max(1, minutes // numbers()["contested"]["session"])
    if living > most:
        message = f"{living} cases of level 3 are wanted, and {minutes} minutes hold at most {most}."
        yield Problem("contested", message, hint="Swap one for a card of a lower level.")


def _one_card(card: Card, brief: Brief) -> Iterator[Problem]:
    rules = numbers()["contested"]
    name = f"'{card.title}' is of level {card.level} ({LEVEL_NAMES[card.level]})"
    if card.level > brief.max_level:
        hint = f"Swap the card for one of level {brief.max_level} or below; only you can raise max_level."
        yield Problem("contested", f"{name}, and max_level is {brief.max_level}.", hint=hint)
    if brief.attendance == "required" and card.level > rules["required_level"]:
        hint = "Make attendance voluntary, or swap the card."
        yield Problem("contested", f"{name}; where attendance is required, level 1 is the highest.", hint=hint)
    if card.level >= CONTESTED_FROM and len(card.readings) < rules["readings"]:
        yield Problem("contested", f"{name} and has {len(card.readings)} readings of the three it needs.")
    if card.level < LIVING:
        return
    if brief.facilitators == 1 and brief.participants_most > rules["people_alone"]:
        people = brief.participants_most
        hint = "Bring a second facilitator, invite fewer people, or swap the card."
        yield Problem("contested", f"{name}: it needs two facilitators or at most 12 people, not {people}.", hint=hint)
    if card.review_by and brief.date and card.review_by < brief.date:
        hint = "Have the card reviewed and re-dated, or swap it."
        yield Problem("contested", f"{name} and was to be reviewed by {card.review_by}.", hint=hint)


def named_card_problems(pool: Pool) -> Iterator[Problem]:
    """A card that the brief names must be allowed, whether its lesson is in or not."""
    for card in pool.brief.cards.values():
        yield from _one_card(pool.library.cards[card], pool.brief)


def pin_problems(pool: Pool) -> Iterator[Problem]:
    """A pinned step must be possible, and its minutes within what it can take."""
    for key, pin in pool.brief.pinned.items():
        activity, shapes = pool.library.activities[key], pool.shapes[key]
        if not shapes:
            unfit = pool.unfit[key]
            yield Problem(unfit.rule, f"'{activity.title}' is pinned and cannot be held: {unfit.reason}.")
        elif pin.minutes is not None and not any(s.least <= pin.minutes <= s.most for s in shapes):
            least, most = min(s.least for s in shapes), max(s.most for s in shapes)
            away = f"{least - pin.minutes} too few" if pin.minutes < least else f"{pin.minutes - most} too many"
            message = f"'{activity.title}' is pinned at {pin.minutes} minutes, {away}: it takes {least} to {most}."
            yield Problem("bounds", message, hint=f"Pin it at {least} to {most} minutes.")


# ------------------------------------------------------------ one set of lessons


def complete(pool: Pool, wanted: Sequence[str], minutes: int) -> Choice:
    """`wanted` with what it needs, an opening, a closing and what a contested case asks for; raises RuleError."""
    why = dict.fromkeys(wanted, "in focus")
    _add_needs(pool, why)
    for phase in ("opening", "closing"):
        _add_frame(pool, why, phase)
    _refuse(card_problems(pool, why, minutes))
    contested = frozenset(key for key in why if _is_contested(pool, key))
    if contested:
        _add_around_the_case(pool, why, contested)
    _refuse(problem for key in why if (problem := pool.obstacle(key)))
    lessons = _ordered(pool, why, contested)
    _refuse((*_frame_problems(pool, lessons), *_floor_problems(pool, lessons, contested)))
    return Choice(lessons, why, _primers(pool, why), contested)


def _frame_problems(pool: Pool, lessons: Sequence[str]) -> Iterator[Problem]:
    """The needs of lessons may force an opening off the beginning or a closing off the end."""
    phases = [pool.lesson(key).phase for key in lessons]
    inner = [phase for phase in phases if phase not in {"opening", "closing"}]
    if phases != [*["opening"] * phases.count("opening"), *inner, *["closing"] * phases.count("closing")]:
        message = "a lesson needs the closing before it, or the opening needs another lesson: neither can be kept."
        yield Problem("frame", message, hint="Change what these lessons need, or leave one out.")


def _floor_problems(pool: Pool, lessons: Sequence[str], contested: frozenset[str]) -> Iterator[Problem]:
    """Opening, closing and what follows a contested case must be able to reach the minutes that the rules ask for."""
    frame, last = numbers()["frame"], max((lessons.index(key) for key in contested), default=None)
    phases = [pool.lesson(key).phase for key in lessons]
    needed = {"opening": frame["opening_contested" if contested else "opening"], "closing": frame["closing"]}
    for phase, least in needed.items():
        most = sum(pool.most(key) for key, each in zip(lessons, phases, strict=True) if each == phase)
        if most < least:
            message = f"the {phase} takes at most {most} minutes here, {least - most} fewer than the {least} it needs."
            yield Problem("frame", message, hint="Unpin or bring back one of its steps.")
    if last is not None:
        after = [key for key in lessons[last + 1 :] if pool.lesson(key).phase != "closing"]
        most, least = sum(map(pool.most, after)), numbers()["contested"]["after"]
        if most < least:
            message = f"what follows the contested case takes at most {most} minutes, {least - most} fewer than needed."
            yield Problem("contested", message, hint="Unpin one of its steps, or add a lesson after the case.")


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise RuleError(problem)


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
                needed += [before.partition("/")[0] for before in pool.after(step)]
        for other in needed:
            if other not in why:
                why[other] = f"needed by '{lesson.title}'"
                waiting.append(other)


def _add_frame(pool: Pool, why: dict[str, str], phase: str) -> None:
    """One opening or closing, the first by id that can be held, unless one is in already."""
    if any(pool.lesson(key).phase == phase for key in why):
        return
    lessons = sorted(key for key, lesson in pool.library.lessons.items() if lesson.phase == phase)
    fit = [key for key in lessons if pool.obstacle(key) is None]
    if not fit:
        detail = pool.obstacle(lessons[0]) if lessons else None
        message = f"there is no lesson that can be the {phase}" + (f": {detail.message}" if detail else ".")
        raise RuleError(Problem("frame", message, hint=f"A workshop needs a lesson of the phase '{phase}'."))
    why[fit[0]] = f"every workshop has {'an opening' if phase == 'opening' else 'a closing'}"
    added = {fit[0]: why[fit[0]]}
    _add_needs(pool, added)
    for key, reason in added.items():
        why.setdefault(key, reason)


def _add_around_the_case(pool: Pool, why: dict[str, str], contested: frozenset[str]) -> None:
    """A concept lesson before a contested case and another lesson after it, where none is in."""
    others = [key for key in why if key not in contested]
    if not any(pool.lesson(key).phase == "concept" for key in others):
        _add_smallest(pool, why, ("concept",), "a concept comes before a contested case")
    concepts = sum(pool.lesson(key).phase == "concept" for key in why)
    after = [key for key in why if pool.lesson(key).phase == "practice"]
    if not after and concepts < 2:
        _add_smallest(
            pool, why, ("practice", "concept"), "another lesson comes between a contested case and the closing"
        )


def _add_smallest(pool: Pool, why: dict[str, str], phases: Sequence[str], reason: str) -> None:
    """Add the shortest lesson of the first of `phases` that has one to spare."""
    for phase in phases:
        able = [
            key
            for key, lesson in pool.library.lessons.items()
            if lesson.phase == phase and key not in why and pool.obstacle(key) is None
        ]
        if able:
            chosen = {min(able, key=lambda key: (pool.least(key), key)): reason}
            _add_needs(pool, chosen)
            for key, text in chosen.items():
                why.setdefault(key, text)
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


def _before(pool: Pool, lessons: Iterable[str]) -> dict[str, set[str]]:
    """For each lesson, those of `lessons` that must come before it."""
    chosen = set(lessons)
    before: dict[str, set[str]] = {}
    for key in chosen:
        needs = {need.lesson for need in pool.lesson(key).needs}
        steps = {word.partition("/")[0] for step in pool.library.activities_of(key) for word in pool.after(step)}
        before[key] = (needs | steps) & (chosen - {key})
    return before


def _ordered(pool: Pool, why: Mapping[str, str], contested: frozenset[str]) -> tuple[str, ...]:
    """Opening, concepts, cases, practice, closing, as far as the needs allow; a lesson after a contested case."""
    keys = list(why)
    before = _before(pool, keys)
    rank = {key: float(_PHASES.index(pool.lesson(key).phase)) for key in keys}
    if contested and not any(pool.lesson(key).phase == "practice" for key in keys):
        needed = set().union(*(before[key] for key in contested))
        spare = [key for key in keys if rank[key] == 1 and key not in needed]
        concepts = [key for key in keys if rank[key] == 1]
        if spare and len(concepts) > 1:
            rank[spare[-1]] = 2.5
    return _topological(keys, before, rank)


def _topological(keys: Sequence[str], before: Mapping[str, set[str]], rank: Mapping[str, float]) -> tuple[str, ...]:
    place = {key: i for i, key in enumerate(keys)}
    left, order = list(keys), []
    while left:
        ready = [key for key in left if not before[key] & set(left)] or left
        key = min(ready, key=lambda key: (rank[key], place[key]))
        order.append(key)
        left.remove(key)
    return tuple(order)


def orders(pool: Pool, choice: Choice) -> Iterator[tuple[str, ...]]:
    """The order of the choice first, then other orders of its content that keep every rule, at most 120."""
    yield choice.lessons
    inner = [key for key in choice.lessons if pool.lesson(key).phase not in ("opening", "closing")]
    head = tuple(key for key in choice.lessons if pool.lesson(key).phase == "opening")
    tail = tuple(key for key in choice.lessons if pool.lesson(key).phase == "closing")
    before = _before(pool, choice.lessons)
    for middle in islice(permutations(inner), _MOST_ORDERS):
        order = (*head, *middle, *tail)
        if order != choice.lessons and keeps_order(pool, order, before, choice.contested):
            yield order


def keeps_order(pool: Pool, order: Sequence[str], before: Mapping[str, set[str]], contested: frozenset[str]) -> bool:
    """Whether needs come first, and every contested case has a concept before it and a lesson after it."""
    place = {key: i for i, key in enumerate(order)}
    if any(place[other] > place[key] for key in order for other in before[key]):
        return False
    phases = [pool.lesson(key).phase for key in order]
    for key in contested:
        here = place[key]
        follows = any(phase not in ("opening", "closing") for phase in phases[here + 1 :])
        if "concept" not in phases[:here] or not follows:
            return False
    return True


# ------------------------------------------------------------ where nothing is in focus


def guesses(pool: Pool, room: int, most: int = 40) -> Iterator[tuple[str, ...]]:
    """Sets of content lessons that come near to `room` minutes, where the brief names none.

    Each begins at another lesson of the library and takes what still fits; a practice lesson is always tried.
    """
    able = [
        key
        for key, lesson in sorted(
            pool.library.lessons.items(), key=lambda item: (_PHASES.index(item[1].phase), item[0])
        )
        if lesson.phase not in ("opening", "closing") and pool.obstacle(key) is None and key not in pool.brief.leave_out
    ]
    usual = {key: _usual(pool, key) for key in able}
    practice = [key for key in able if pool.lesson(key).phase == "practice"]
    seen: set[frozenset[str]] = set()
    for first in range(min(len(able), most)):
        for close in (*practice[:3], None):
            chosen = [close] if close else []
            left = room - sum(usual[key] for key in chosen)
            for key in (*able[first:], *able[:first]):
                if key not in chosen and usual[key] <= left:
                    chosen.append(key)
                    left -= usual[key]
            if chosen and frozenset(chosen) not in seen:
                seen.add(frozenset(chosen))
                yield tuple(sorted(chosen, key=able.index))
    yield from ((key,) for key in sorted(able, key=lambda key: (pool.least(key), key))[:most])


def _usual(pool: Pool, key: str) -> int:
    steps = pool.library.activities_of(key)
    return sum(pool.shapes[step.id][0].usual for step in steps if not pool.out(step) and pool.must(step))
