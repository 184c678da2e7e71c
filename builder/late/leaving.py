"""How to leave a contested case now: what of it is still held, and where the free minutes go."""

from collections.abc import Iterator, Sequence

from builder.late.cuts import Way
from builder.late.day import Day, Rest, rests
from builder.late.remedies import spent
from builder.model import Activity, LeavePoint, Leaving, Slot


def leavings(day: Day) -> Iterator[Leaving]:
    """Every contested case at its three points: before it is opened, half way, before its debrief."""
    for lesson in day.plan.agenda.lessons:
        if lesson in day.contested:
            slots = [slot for slot in day.plan.agenda.steps if slot.activity and slot.activity.lesson == lesson]
            yield _unopened(day, slots)
            yield from _begun(day, slots)


def _unopened(day: Day, slots: Sequence[Slot]) -> Leaving:
    """Before it is opened everybody takes the alternate, with the same steps and minutes."""
    first = slots[0]
    card = str(first.card)
    return Leaving(
        card=card,
        point="unopened",
        at=first.start,
        activity=_activity(first),
        alternate=day.plan.alternates.get(day.library.cards[card].deck),
        slots=tuple(slot for slot in day.slots if slot.start >= first.start),
    )


def _begun(day: Day, slots: Sequence[Slot]) -> Iterator[Leaving]:
    """Later: the longest step goes to its debrief at once, and the steps of the case after it are not held."""
    main = max(slots, key=lambda slot: (slot.minutes - _activity(slot).debrief, -slot.start))
    debrief = _activity(main).debrief
    worked = (main.minutes - debrief) // 2
    points: tuple[tuple[LeavePoint, int], ...] = (("half way", main.start + worked), ("debrief", main.end - debrief))
    index = day.slots.index(main)
    for point, at in points:
        for rest in rests(day, index):
            left = _left(rest, main, slots, point, at)
            if left is not None:
                yield left
                break


def _left(rest: Rest, main: Slot, slots: Sequence[Slot], point: LeavePoint, at: int) -> Leaving | None:
    """The rest of the day when a case is left at a minute of its main step; None where a rule could not be kept."""
    closed = _closed(rest, [slot for slot in slots if slot.start > main.start])
    way = Way(rest, closed)
    activity = _activity(main)
    early = at + activity.debrief - rest.at
    free = way.freed - early
    found = spent(way, rest.buffer + free, early) if free >= 0 and way.is_sound else None
    if found is None:
        return None
    debrief = main.model_copy(update={"start": at, "minutes": activity.debrief})
    return Leaving(
        card=str(main.card),
        point=point,
        at=at,
        activity=activity,
        closed=tuple(_activity(slot) for slot in way.gone),
        debrief=activity.debrief,
        free=free,
        slots=(debrief, *found) if activity.debrief else found,
    )


def _closed(rest: Rest, steps: Sequence[Slot]) -> frozenset[str]:
    """These steps of the case, with every step ahead that builds on one of them."""
    gone = {_activity(slot).id for slot in steps}
    for slot in rest.ahead:
        if slot.activity is not None:
            lesson = slot.activity.lesson
            if any((word if "/" in word else f"{lesson}/{word}") in gone for word in slot.activity.after):
                gone.add(slot.activity.id)
    return frozenset(gone)


def _activity(slot: Slot) -> Activity:
    assert slot.activity is not None  # noqa: S101 - asked of activities only
    return slot.activity
