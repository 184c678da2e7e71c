"""What a brief asks that no agenda could give: a card that is not allowed, minutes, times or an order that fail."""

from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

from builder.model import CONTESTED_FROM, LEVEL_NAMES, LIVING, Activity, Brief, Card
from builder.planner.frame import fixed_breaks, minute_of
from builder.planner.numbers import numbers
from builder.planner.pool import Pool
from builder.problems import Problem


def problems_of(pool: Pool) -> tuple[Problem, ...]:
    """Everything that no agenda could give, whichever lessons are in; lengths aside."""
    return (*named_card_problems(pool), *pin_problems(pool), *order_problems(pool), *time_problems(pool))


# ------------------------------------------------------------ the cards


def card_problems(pool: Pool, lessons: Iterable[str]) -> Iterator[Problem]:
    """Every rule on contested cards that the cards of these lessons would break, whatever the length."""
    for key in lessons:
        card = pool.card(pool.lesson(key), pool.brief.cards)
        if card is not None:
            yield from _one_card(card, pool.brief, pool.library.adapted_cards)


def living_problem(pool: Pool, lessons: Iterable[str], minutes: int) -> Problem | None:
    """Why so many minutes do not hold so many cards of level 3, or None."""
    session = numbers()["contested"]["session"]
    cards = (pool.card(pool.lesson(key), pool.brief.cards) for key in lessons)
    living = sum(card is not None and card.level >= LIVING for card in cards)
    most = max(1, minutes // session)
    if living <= most:
        return None
    missing = living * session - minutes
    message = f"{living} cases of level 3 are wanted, and {minutes} minutes hold at most {most}."
    return Problem(
        "contested",
        message,
        hint=f"Book {missing} minute{'s' * (missing > 1)} more, or swap one for a card of a lower level.",
    )


def _one_card(card: Card, brief: Brief, adapted: Container[str]) -> Iterator[Problem]:
    rules = numbers()["contested"]
    name = f"'{card.title}' is of level {card.level} ({LEVEL_NAMES[card.level]})"
    if card.level > brief.max_level:
        hint = f"Swap the card for one of level {brief.max_level} or below; only you can raise max_level."
        yield Problem("contested", f"{name}, and max_level is {brief.max_level}.", hint=hint)
    if brief.attendance == "required" and card.level > rules["required_level"]:
        hint = "Make attendance voluntary, or swap the card."
        yield Problem("contested", f"{name}; where attendance is required, level 1 is the highest.", hint=hint)
    fewest = 1 if card.id in adapted else rules["readings"]  # a pack may leave fewer: its papers say so
    if card.level >= CONTESTED_FROM and len(card.readings) < fewest:
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
        yield from _one_card(pool.library.cards[card], pool.brief, pool.library.adapted_cards)


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


# ------------------------------------------------------------ times and order


def order_problems(pool: Pool) -> Iterator[Problem]:
    """An order must keep the steps of a lesson together and as the lesson has them."""
    activities = [pool.library.activities[key] for key in pool.brief.order]
    if len(set(pool.brief.order)) < len(activities):
        yield Problem("order", "order names a step twice.", hint="Name each step once.")
        return
    left: set[str] = set()
    for before, after in pairwise(activities):
        if before.lesson != after.lesson:
            left.add(before.lesson)
        if after.lesson in left:
            message = f"order: '{after.title}' stands apart from the other steps of its lesson."
            yield Problem("order", message, hint="The steps of a lesson come one after the other.")
            return
        if before.lesson == after.lesson and _place(pool, after) < _place(pool, before):
            message = f"order: '{after.title}' comes before '{before.title}' in their lesson."
            yield Problem("order", message, hint="The steps of a lesson keep its order.")
            return


def _place(pool: Pool, activity: Activity) -> int:
    return [step.id for step in pool.library.activities_of(activity.lesson)].index(activity.id)


def time_problems(pool: Pool) -> Iterator[Problem]:
    """A time that the brief says must lie within the workshop, and no two breaks at once."""
    brief = pool.brief
    for key, pin in brief.pinned.items():
        if pin.start and minute_of(pin.start, brief) >= brief.minutes:
            title = pool.library.activities[key].title
            message = f"'{title}' is to start at {pin.start}; the workshop lasts from {brief.start} to {_end(brief)}."
            yield Problem("bounds", message, hint="Pin it to a time within the workshop.")
    for at, minutes in fixed_breaks(brief):
        if not 0 < at < at + minutes < brief.minutes:
            message = f"the break at {brief.clock(at)} does not lie within {brief.start} to {_end(brief)}."
            yield Problem("break", message, hint="Choose a time within the workshop.")
    for (at, minutes), (after, _) in pairwise(fixed_breaks(brief)):
        if after <= at + minutes:
            message = f"the breaks at {brief.clock(at)} and {brief.clock(after)} leave no time in between."
            yield Problem("break", message, hint="Make them one break, or move one.")


def _end(brief: Brief) -> str:
    return brief.clock(brief.minutes)
