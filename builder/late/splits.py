"""How people split into pairs, threes and groups when some come late, and when more come than expected."""

from collections.abc import Iterator

from builder.model import Activity, Count, Plan, Split
from builder.planner.shapes import MOVING, groups

LATECOMERS = 4
"""So many come late, or come more than were expected."""


def splits(plan: Plan) -> Iterator[Split]:
    """Each way to group people in this plan, once: with four fewer, those expected, and four more."""
    expected = plan.brief.participants
    people = tuple(max(count, 2) for count in (expected - LATECOMERS, expected, expected + LATECOMERS))
    seen: set[tuple[str, Count | None]] = set()
    for slot in plan.agenda.steps:
        activity = slot.activity
        if activity is None or activity.grouping not in MOVING:
            continue
        size = activity.group_size if activity.grouping == "small groups" else None
        if (activity.grouping, size) not in seen:
            seen.add((activity.grouping, size))
            sizes = tuple(sizes_of(count, activity) for count in people)
            yield Split(grouping=activity.grouping, size=size, people=people, sizes=sizes)


def sizes_of(people: int, activity: Activity) -> tuple[int, ...]:
    """The size of each pair, three or group, the largest first: as even as can be, nobody left over."""
    if activity.grouping == "small groups":
        count = groups(people, activity.group_size)
    else:
        count = max(people // (2 if activity.grouping == "pairs" else 3), 1)
    least, more = divmod(people, count)
    return (*(least + 1,) * more, *(least,) * (count - more))
