"""Why each slot is in the agenda, why others are not, and what to keep an eye on."""

from collections.abc import Iterator

from builder.model import FRAME, Activity, Agenda, Brief, Card, LeftOut, Plan, Slot
from builder.planner.frame import Step
from builder.planner.minutes import Entry, starts_of
from builder.planner.missed import missed
from builder.planner.numbers import numbers
from builder.planner.search import Found, Search


def explained(search: Search, found: Found) -> Plan:
    """The plan of what was found, with a reason for every slot and for everything left out."""
    return Plan(
        brief=search.brief,
        agenda=Agenda(slots=tuple(_slots(search, found))),
        cards={card.deck: card.id for card in _cards(search, found)},
        alternates={card.deck: _alternate(search, card) for card in _cards(search, found) if card.contested},
        primers=found.choice.primers,
        left_out=tuple(_left_out(search, found)),
        score=round(found.fitted.score, 9),
        gap=round(found.gap, 9),
        missed=tuple(missed(found.fitted, search.aim)),
        warnings=tuple(_warnings(search, found)),
    )


def _cards(search: Search, found: Found) -> list[Card]:
    cards = (search.pool.card(search.pool.lesson(key), search.brief.cards) for key in found.choice.lessons)
    return [card for card in cards if card is not None]


def _alternate(search: Search, card: Card) -> str:
    """The card of level 0 for the alternate table: the deck's default card."""
    return str(search.library.decks[card.deck].default_card)


def second_card(search: Search, card: Card) -> str | None:
    """The deck's first other card of level 0 or 1, by id."""
    others = (other for other in search.library.cards.values() if other.deck == card.deck and other.id != card.id)
    return min((other.id for other in others if other.level <= 1), default=None)


def _slots(search: Search, found: Found) -> Iterator[Slot]:
    fitted = found.fitted
    before: Step | None = None
    for entry, start, minutes in zip(fitted.entries, starts_of(fitted.minutes), fitted.minutes, strict=True):
        if entry.step is None:
            after = next((step for step in _following(fitted.entries, fitted.steps, entry)), None)
            yield _pause(entry, start, minutes, found.frame.brief, (before, after))
        else:
            before = fitted.steps[entry.step]
            yield _activity(search, found, before, start, minutes)


def _following(entries: tuple[Entry, ...], steps: tuple[Step, ...], entry: Entry) -> Iterator[Step]:
    at = next(i for i, other in enumerate(entries) if other is entry)
    return (steps[other.step] for other in entries[at:] if other.step is not None)


def _pause(entry: Entry, start: int, minutes: int, brief: Brief, around: tuple[Step | None, Step | None]) -> Slot:
    if entry.kind == "break" and entry.at is not None:
        return Slot(kind="break", start=start, minutes=minutes, title="Break", reason="at the time that the brief says")
    if entry.kind == "break":
        usual = numbers()["break"]
        due = f"from {usual['needed_from']} minutes on a break is due" if brief.minutes >= usual["needed_from"] else ""
        return Slot(kind="break", start=start, minutes=minutes, title="Break", reason=due or "there was time for one")
    if entry.kind == "buffer":
        share = round(100 * minutes / brief.minutes)
        reason = f"{share} % of the time, for what takes longer than planned"
        return Slot(kind="buffer", start=start, minutes=minutes, title="Buffer", reason=reason)
    came, goes = (step.shape.activity.grouping if step else "plenary" for step in around)
    reason = f"moving from {came} into {goes}"
    return Slot(kind="transition", start=start, minutes=minutes, title="Change-over", reason=reason)


def _activity(search: Search, found: Found, step: Step, start: int, minutes: int) -> Slot:
    activity = search.library.activities[step.shape.id]
    card = search.pool.card(search.pool.lesson(activity.lesson), search.brief.cards)
    return Slot(
        kind="activity",
        start=start,
        minutes=minutes,
        title=activity.title,
        activity=step.shape.activity,
        variant=step.shape.variant,
        card=card.id if card else None,
        second_card=second_card(search, card) if card and activity.second_card else None,
        reason=_reason(found, step, minutes),
    )


def _reason(found: Found, step: Step, minutes: int) -> str:
    activity = step.shape.activity
    why = found.choice.why[activity.lesson]
    if step.pinned is not None:
        reason = f"pinned at {step.pinned} minutes"
    elif step.core:
        reason = f"core; {why}"
    else:
        reason = f"there was room; its lesson is {why}" if why == "in focus" else f"there was room; {why}"
    if step.shape.id in found.frame.starts:
        reason += f"; starts at {found.frame.brief.clock(found.frame.starts[step.shape.id])}, as the brief says"
    if step.shape.variant == "threes":
        reason += "; in threes, since a round of everybody does not fit"
    elif step.shape.variant is not None:
        reason += f"; in its {step.shape.variant} form"
    if minutes == step.shape.least < step.shape.usual:
        reason += f"; at its minimum (usually {step.shape.usual})"
    return reason


# ------------------------------------------------------------ what is left out


def _left_out(search: Search, found: Found) -> Iterator[LeftOut]:
    chosen = {step.shape.id for step in found.fitted.steps}
    for key in search.library.lessons:
        if key in found.choice.lessons:
            for activity in search.library.activities_of(key):
                if activity.id not in chosen:
                    yield LeftOut(lesson=key, activity=activity.id, reason=_why_not(search, found, activity))
        else:
            yield LeftOut(lesson=key, reason=_why_no_lesson(search, key))


def _why_not(search: Search, found: Found, activity: Activity) -> str:
    if activity.id in search.brief.leave_out:
        return "the brief leaves it out"
    if activity.id in search.pool.unfit:
        return search.pool.unfit[activity.id].reason
    absent = next((other for other in search.pool.behind(activity) if not search.could_be_in(found, other)), None)
    if absent is not None:
        return f"builds on '{absent.title}', which is not in"
    missing = search.missing_minutes(found, activity)
    if missing is None:
        return "there is no room for it at any length"
    if missing > 0:
        return f"needs {missing} more minute{'s' if missing > 1 else ''}"
    return "left out so that the other steps keep near their usual minutes; pin it to bring it in"


def _why_no_lesson(search: Search, key: str) -> str:
    lesson = search.pool.lesson(key)
    if key in search.brief.leave_out:
        return "the brief leaves it out"
    obstacle = search.pool.obstacle(key)
    if obstacle is not None:
        return obstacle.message.rstrip(".")
    if lesson.phase in FRAME:
        return f"another lesson is the {lesson.phase}"
    if not search.wanted:
        return "other lessons fill the time better; name it in the focus to bring it in"
    return f"not in focus; its core takes at least {search.pool.least(key)} minutes"


# ------------------------------------------------------------ warnings


def _warnings(search: Search, found: Found) -> Iterator[str]:
    brief, flags = search.brief, numbers()["flags"]
    if brief.participants_most > flags["many_people"]:
        yield f"Up to {brief.participants_most} people: plenary steps become lectures; think of a second room."
    if brief.facilitators == 1 and brief.participants_most > flags["alone_with"]:
        yield f"One facilitator with up to {brief.participants_most} people: a second pair of eyes helps."
    if brief.managers_present:
        yield (
            "Managers sit with the people they manage: keep personal steps in pairs and groups without one's own "
            "manager, and use no example from a live conflict between people present."
        )
    yield from _card_warnings(search, found)
    squeezed = [f"'{search.pool.lesson(key).title}'" for key in found.choice.lessons if _at_minimum(found, key)]
    if squeezed:
        yield f"At the minimum: {', '.join(squeezed)}."
    for sheet in found.choice.primers:
        yield f"'{search.library.sheets[sheet].title}' stands in for a lesson that is not in: hand it out beforehand."
    unused = [deck for deck in brief.cards if deck not in {card.deck for card in _cards(search, found)}]
    for deck in unused:
        yield f"The brief names a card for '{deck}', and no lesson here uses it."


def _at_minimum(found: Found, lesson: str) -> bool:
    """Whether every step of a lesson has its fewest minutes, and one of them usually has more."""
    spent = {entry.step: minutes for entry, minutes in zip(found.fitted.entries, found.fitted.minutes, strict=True)}
    steps = [(i, step.shape) for i, step in enumerate(found.fitted.steps) if step.lesson == lesson]
    return all(spent[i] == shape.least for i, shape in steps) and any(shape.least < shape.usual for _, shape in steps)


def _card_warnings(search: Search, found: Found) -> Iterator[str]:
    for card in _cards(search, found):
        if not card.contested or card.review_by is None:
            continue
        if search.brief.date is None:
            yield f"'{card.title}' is to be reviewed by {card.review_by}; the brief has no date to judge it by."
        elif card.review_by < search.brief.date:
            yield f"'{card.title}' was to be reviewed by {card.review_by}: check every fact before you use it."
