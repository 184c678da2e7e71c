"""Why there is no plan: the rule, by how many minutes, and the lengths at which there would be one."""

from itertools import islice

from builder.planner.asked import living_problem
from builder.planner.choice import Choice
from builder.planner.frame import break_problem
from builder.planner.search import LONGEST, SHORTEST, Search
from builder.problems import Problem, RefusedError

_MOST_LENGTHS = 12
_MOST_WORK = 6_000


def refusal(search: Search) -> RefusedError:
    """The error to raise where `search` found nothing at the booked length."""
    if search.problems:
        return RefusedError(search.problems)
    problem = break_problem(search.brief, search.brief.minutes)
    if search.chosen is None:
        return RefusedError([problem]) if problem else _nothing_chosen(search)
    problem = problem or living_problem(search.pool, search.chosen.lessons, search.brief.minutes)
    if search.timed:
        return _not_at_these_times(search, search.chosen, problem)
    least, most = _shortest(search, search.chosen), _longest(search, search.chosen)
    return RefusedError([problem or _length_problem(search, search.chosen, least, most)], least, most)


def _not_at_these_times(search: Search, choice: Choice, problem: Problem | None) -> RefusedError:
    """The error where the brief says when something starts: the length is wrong without that, too, or only with it."""
    if problem is not None:
        return RefusedError([problem])
    spent, least = search.spent, _shortest_at_these_times(search, choice)
    if not search.holds(choice, search.brief.minutes):
        problem = _length_problem(search, choice, _shortest(search, choice), _longest(search, choice))
        return RefusedError([problem], least)
    pins = [(key, pin.start) for key, pin in search.brief.pinned.items() if pin.start]
    wishes = [f"'{search.library.activities[key].title}' at {start}" for key, start in pins]
    wishes += [f"a break at {each.at}" for each in search.brief.breaks]
    hint = "Move it by some minutes, or take the time out of the brief; everything else can be planned without it."
    if spent:
        message = f"no plan was found with {' and '.join(wishes)}."
        return RefusedError([Problem("not-found", message, hint=hint)], least)
    message = f"no order of these lessons has {' and '.join(wishes)}."
    return RefusedError([Problem("bounds" if pins else "break", message, hint=hint)], least)


def _shortest_at_these_times(search: Search, choice: Choice) -> int | None:
    """The fewest minutes at which all starts as the brief says; None where there are none or it is not proved."""
    able = (length for length in range(SHORTEST, LONGEST + 1) if search.holds(choice, length))
    for length in islice(able, _MOST_LENGTHS):
        search.spent = False
        if search.best_of(choice, length, most_work=_MOST_WORK) is not None:
            return length
        if search.spent:
            return None
    return None


def _shortest(search: Search, choice: Choice, below: int = LONGEST + 1) -> int | None:
    """The fewest minutes (30 to 480, and fewer than `below`) in which these lessons can be planned, or None."""
    return next((length for length in range(SHORTEST, below) if search.holds(choice, length)), None)


def _longest(search: Search, choice: Choice) -> int | None:
    """The most minutes (30 to 480) in which these lessons can be planned, or None."""
    return next((length for length in range(LONGEST, SHORTEST - 1, -1) if search.holds(choice, length)), None)


def _length_problem(search: Search, choice: Choice, least: int | None, most: int | None) -> Problem:
    minutes = search.brief.minutes
    if least is not None and minutes < least:
        message = f"what is wanted takes at least {least} minutes, {least - minutes} more than the {minutes} booked."
        hint = f"Book {least} minutes, or take something out of the focus."
        return Problem("too-short", message, hint=hint)
    if most is not None and minutes > most:
        message = f"what is wanted fills at most {most} minutes, {minutes - most} fewer than the {minutes} booked."
        hint = f"Book {most} minutes, or add a lesson to the focus."
        return Problem("too-long", message, hint=hint)
    if least is not None:
        message = f"{minutes} minutes cannot be filled exactly, though some shorter and longer times can."
        return Problem("break", message, hint="Change the length by a few minutes, or unpin a step.")
    return _never(search, choice)


def _never(search: Search, choice: Choice) -> Problem:
    """Why the chosen lessons fit into no length at all."""
    fewest, _ = search.bounds(choice, search.frame(choice, LONGEST))
    _, most = search.bounds(choice, search.frame(choice, SHORTEST))
    if fewest > LONGEST:
        message = f"what is wanted takes at least {fewest} minutes, and a workshop lasts at most {LONGEST}."
        return Problem("too-short", message, hint="Take something out of the focus.")
    if most < SHORTEST:
        message = f"what is wanted fills at most {most} minutes, and a workshop lasts at least {SHORTEST}."
        return Problem("too-long", message, hint="Add a lesson to the focus.")
    message = "no length was found at which the breaks fall where they must."
    return Problem("break", message, hint="Unpin a step, or change the break's length.")


def _nothing_chosen(search: Search) -> RefusedError:
    """The error where the planner was to choose the lessons: nothing in the library is short or long enough."""
    minutes, biggest = search.brief.minutes, next(search.choices(LONGEST), None)
    if biggest is None:
        return RefusedError([search.forbidden or Problem("frame", "no lesson in this library can be held.")])
    least = LONGEST + 1
    for choice in search.choices(SHORTEST):
        least = _shortest(search, choice, least) or least
    if least > LONGEST:
        return RefusedError([_never(search, biggest)])
    if Search(search.library, search.brief.model_copy(update={"minutes": least})).best() is None:
        message = f"no plan of {minutes} minutes was found in this library."
        return RefusedError([Problem("not-found", message, hint="Name the lessons you want in 'focus'.")])
    if minutes < least:
        message = f"no workshop here takes less than {least} minutes, {least - minutes} more than the {minutes} booked."
        return RefusedError([Problem("too-short", message, hint=f"Book {least} minutes.")], least)
    most = _longest(search, biggest)
    if most is not None and most < minutes:
        message = f"the lessons here fill at most {most} minutes, {minutes - most} fewer than the {minutes} booked."
        problem = Problem("too-long", message, hint=f"Book {most} minutes, or add lessons to the library.")
        longest = Search(search.library, search.brief.model_copy(update={"minutes": most})).best()
        return RefusedError([problem], least, most if longest else None)
    message = f"no plan of {minutes} minutes was found in this library."
    return RefusedError([Problem("not-found", message, hint="Name the lessons you want in 'focus'.")], least)
