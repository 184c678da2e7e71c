"""Why there is no plan: the rule, by how many minutes, and the lengths at which there would be one."""

from builder.model import Brief
from builder.planner.choice import RuleError, complete
from builder.planner.numbers import numbers
from builder.planner.search import Search
from builder.problems import Problem, RefusedError

SHORTEST, LONGEST = 30, 480


def unsupported(brief: Brief) -> None:
    """Refuse what cannot be planned whatever the library: raises RefusedError."""
    problems = [
        Problem("not-yet", f"'{key}' in the brief cannot be planned yet.", hint=f"Take '{key}' out of the brief.")
        for key, used in (
            ("order", brief.order),
            ("breaks", brief.breaks),
            ("pinned start", any(pin.start for pin in brief.pinned.values())),
        )
        if used
    ]
    problems += _break_problems(brief)
    if problems:
        raise RefusedError(problems)


def _break_problems(brief: Brief) -> list[Problem]:
    usual, said, minutes = numbers()["break"], brief.break_minutes, brief.minutes
    if said == "auto" or (said == 0 and minutes < usual["needed_from"]):
        return []
    said = int(said)
    least = usual["least_long"] if minutes > usual["long_from"] else usual["least"]
    most = usual["one_of_up_to"] if minutes >= usual["meal_from"] else usual["most"]
    if least <= said <= most:
        return []
    away = f"{least - said} more" if said < least else f"{said - most} fewer"
    message = f"a break of {said} minutes: in {minutes} minutes a break lasts {least} to {most}."
    return [Problem("break", message, hint=f"Give break_minutes {away}, or leave it at auto.")]


def refusal(search: Search) -> RefusedError:
    """The error to raise where `search` found nothing at the booked length."""
    if search.problems:
        return RefusedError(search.problems)
    if not search.wanted:
        return _nothing_chosen(search)
    minutes, forbidden = search.brief.minutes, search.forbidden
    least = next((length for length in range(SHORTEST, LONGEST + 1) if _plans(search, length)), None)
    most = next((length for length in range(LONGEST, SHORTEST - 1, -1) if _plans(search, length)), None)
    return RefusedError([forbidden or _length_problem(search, minutes, least, most)], least, most)


def _plans(search: Search, minutes: int) -> bool:
    try:
        unsupported(search.brief.model_copy(update={"minutes": minutes}))
    except RefusedError:
        return False
    return search.best(minutes, any_will_do=True) is not None


def _length_problem(search: Search, minutes: int, least: int | None, most: int | None) -> Problem:
    if least is not None and minutes < least:
        message = f"what is wanted takes at least {least} minutes, {least - minutes} more than the {minutes} booked."
        hint = f"Book {least} minutes, or take something out of the focus."
        return Problem("too-short", message, hint=hint)
    if most is not None and minutes > most:
        message = f"what is wanted fills at most {most} minutes, {minutes - most} fewer than the {minutes} booked."
        hint = f"Book {most} minutes, or add a lesson to the focus."
        return Problem("too-long", message, hint=hint)
    fewest = _fewest(search)
    if least is None and fewest is not None and fewest > LONGEST:
        message = f"what is wanted takes at least {fewest} minutes, and a workshop lasts at most {LONGEST}."
        return Problem("too-short", message, hint="Take something out of the focus.")
    message = f"{minutes} minutes cannot be filled exactly: no way was found to place the breaks."
    return Problem("break", message, hint="Change the length by a few minutes, or unpin a step.")


def _fewest(search: Search) -> int | None:
    """A bound below which the wanted lessons cannot be held, whatever the order."""
    try:
        choice = complete(search.pool, search.wanted, LONGEST)
    except RuleError:
        return None
    return search.bounds(choice.lessons, search.frame(choice, LONGEST))[0]


def _nothing_chosen(search: Search) -> RefusedError:
    minutes = search.brief.minutes
    able = [key for key in search.library.lessons if search.pool.obstacle(key) is None]
    steps = [step for key in able for step in search.library.activities_of(key) if not search.pool.out(step)]
    most = sum(max(shape.most for shape in search.pool.shapes[step.id]) for step in steps)
    if most * 2 < minutes:
        message = f"all lessons together fill less than the {minutes} minutes booked."
        return RefusedError([Problem("too-long", message, hint="Book less time, or add lessons to the library.")])
    message = f"no plan of {minutes} minutes was found in this library."
    return RefusedError([Problem("not-found", message, hint="Name the lessons you want in 'focus'.")])
