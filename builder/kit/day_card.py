"""The day card: what its template is told of a day that runs late, and how much of it one page holds."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.blocks import Blocks, PageBreak, PageSize
from builder.kit.cards import opening_sheets
from builder.kit.context import Context
from builder.kit.heights import PAGE_MM, TABLE_AFTER_MM, height_mm
from builder.late import LATECOMERS, ever_fewer
from builder.model import Checkpoint, LatePlan, Leaving, Remedy, Slot

_FEW = 2
"""So many steps that get more time are named; of more it is only said."""

_NEXT = 2
"""So many of the steps and breaks that come next stand with their new times."""


def fronts(context: Context) -> Iterator[Mapping[str, Any]]:
    """What stands on the front of the day card: with all checkpoints, and with ever fewer until one page holds it."""
    words, able = Words(context), False
    values: Mapping[str, Any] = {}
    for plan in ever_fewer(context.library, context.plan):
        able = able or bool(plan.checkpoints)
        for tabled in (True, False):
            values = {**_values(words, plan), "tabled": tabled, "able": able}
            yield values
    yield {**values, "groupings": []}


def _values(words: "Words", plan: LatePlan) -> Mapping[str, Any]:
    slots = words.context.plan.agenda.slots
    return {
        "points": [_point(words, point) for point in plan.checkpoints],
        "closing": words.clock(words.closing),
        "free": sum(slot.minutes for slot in slots if slot.kind == "buffer"),
        "cases": [_case(words, card, plan.leaving) for card in dict.fromkeys(each.card for each in plan.leaving)],
        "groupings": _groupings(plan),
        "here": [plan.splits[0].people[0], plan.splits[0].people[-1]] if plan.splits else [],
        "latecomers": LATECOMERS,
        "online": words.context.plan.brief.mode == "online",
        "second": len(words.context.values["contacts"]) < 2,
        "opening": [sheet.letter for sheet in opening_sheets(words.context)],
    }


@dataclass(frozen=True)
class Words:
    """How the times and names of one plan are written on the card."""

    context: Context

    def clock(self, minute: int) -> str:
        """The time of day."""
        return self.context.plan.brief.clock(minute)

    def phase(self, slot: Slot) -> str:
        """The phase of a step's lesson; a break has none."""
        return self.context.library.lessons[slot.activity.lesson].phase if slot.activity else ""

    @property
    def closing(self) -> int:
        """The minute at which the closing is planned to start."""
        return self.closing_in(self.context.plan.agenda.slots)

    def closing_in(self, slots: Sequence[Slot]) -> int:
        """The minute at which the closing starts in some slots."""
        return next(slot.start for slot in slots if self.phase(slot) == "closing")

    def times(self, slots: Sequence[Slot]) -> Mapping[str, Any]:
        """The new clock of what comes next, breaks and each lesson's first step; the closing's where it is another."""
        closing, lesson = self.closing_in(slots), ""
        found = []
        for slot in slots:
            own = slot.activity.lesson if slot.activity else slot.kind
            if slot.kind in ("activity", "break") and own != lesson and slot.start < closing:
                lesson = own
                title = short(slot.title) if slot.activity else self._pause(slot)
                found.append({"title": title, "clock": self.clock(slot.start)})
        return {"times": found[:_NEXT], "closing": self.clock(closing) if closing != self.closing else ""}

    def _pause(self, slot: Slot) -> str:
        """A break by its length, where that is another than planned."""
        planned = {each.minutes for each in self.context.plan.agenda.slots if each.kind == "break"}
        return "" if slot.minutes in planned else f"break of {slot.minutes} min"


def short(title: str) -> str:
    """A step's title up to its colon or its afterthought: what one calls it in front of the room."""
    return re.split(r":|, and ", title)[0].strip()


# ------------------------------------------------------------ running late


def _point(words: Words, point: Checkpoint) -> Mapping[str, Any]:
    """One checkpoint: its clock, what follows, and a row for each remedy; rows without a cut are one."""
    rows: list[dict[str, Any]] = []
    passed = 0
    for remedy in point.remedies:
        row = _row(words, remedy)
        if rows and not rows[-1]["cuts"] and not row["cuts"]:
            rows[-1] = {**row, "later": rows[-1]["later"]}
        else:
            rows.append({**row, "later": words.clock(point.at + passed)})
        passed = remedy.late
    kind = words.phase(point.following) or "break"
    title = short(point.following.title)
    return {"clock": words.clock(point.at), "kind": kind, "title": title, "free": point.buffer, "rows": rows}


def _row(words: Words, remedy: Remedy) -> dict[str, Any]:
    """What a remedy asks for, in plain values."""
    lessons = [words.context.library.lessons[key] for key in remedy.lessons]
    skipped = [cut for cut in remedy.cuts if not cut.minutes and cut.activity.lesson not in remedy.lessons]
    shorter, longer = _changed(words.context, remedy)
    return {
        "cuts": bool(remedy.cuts),
        "lessons": [{"title": lesson.title, "case": bool(lesson.deck)} for lesson in lessons],
        "skipped": [short(cut.activity.title) for cut in skipped],
        "changed": [*shorter, *(longer if len(longer) <= _FEW else ())],
        "longer": len(longer) > _FEW,
        "saves": remedy.saves,
        "late": remedy.late,
        "holds": remedy.holds,
        "over": remedy.late - remedy.saves,
        "moved": list(_moved(words, remedy)),
        **words.times(remedy.slots),
    }


def _moved(words: Words, remedy: Remedy) -> Iterator[Mapping[str, str]]:
    """The steps and breaks whose times the brief fixes and that start at another time."""
    brief, slots = words.context.plan.brief, words.context.plan.agenda.slots
    fixed = {key: pin.start for key, pin in brief.pinned.items() if pin.start}
    for slot in remedy.slots:
        clock = words.clock(slot.start)
        if slot.activity is not None and fixed.get(slot.activity.id, clock) != clock:
            yield {"title": short(slot.title), "clock": clock}
    times = {each.at for each in brief.breaks}
    planned, now = ([slot for slot in some if slot.kind == "break"] for some in (slots, remedy.slots))
    for before, after in zip(reversed(planned), reversed(now), strict=False):
        if words.clock(before.start) in times and before.start != after.start:
            yield {"title": "", "clock": words.clock(after.start)}


def _changed(context: Context, remedy: Remedy) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The steps that get fewer minutes than planned, and those that get more."""
    planned = {slot.activity.id: slot.minutes for slot in context.plan.agenda.steps if slot.activity}
    shorter: list[Mapping[str, Any]] = []
    longer: list[Mapping[str, Any]] = []
    for slot in remedy.slots:
        was = planned[slot.activity.id] if slot.activity else slot.minutes
        step = {"title": short(slot.title), "minutes": slot.minutes, "planned": was}
        if slot.minutes != was:
            (shorter if slot.minutes < was else longer).append(step)
    return shorter, longer


# ------------------------------------------------------------ leaving a case, and coming late


def _case(words: Words, card: str, leaving: Sequence[Leaving]) -> Mapping[str, Any]:
    """A contested case with the points at which it can be left."""
    points = [_leaving(words, each) for each in leaving if each.card == card]
    return {"title": words.context.library.cards[card].title, "points": points}


def _leaving(words: Words, each: Leaving) -> Mapping[str, Any]:
    """One point at which a case can be left: the clock, what is held of it, and the new times."""
    letters = [sheet.letter for sheet in words.context.sheets if sheet.key == f"card:{each.alternate}"]
    held = [slot for slot in each.slots if slot.activity is None or slot.activity.id != each.activity.id]
    return {
        "point": each.point,
        "clock": words.clock(each.at),
        "sheet": letters[0] if letters else "",
        "debrief": each.debrief,
        "closed": [short(activity.title) for activity in each.closed],
        **(words.times(held) if each.free else {"times": [], "closing": ""}),
    }


def _groupings(plan: LatePlan) -> list[Mapping[str, Any]]:
    """The ways to group people, those of groups that split alike as one: their name and their numbers."""
    found: dict[tuple[str, tuple[tuple[int, ...], ...]], Mapping[str, Any]] = {}
    for split in plan.splits:
        usual = {"pairs": 2, "threes": 3}.get(split.grouping, 0)
        there = [_numbers(sizes, usual) for sizes in split.sizes]
        known = found.get((split.grouping, split.sizes))
        least, most = (split.size.min, split.size.max) if split.size else (0, 0)
        if known:
            least, most = min(least, known["least"]), max(most, known["most"])
        found[split.grouping, split.sizes] = {
            "grouping": split.grouping, "least": least, "most": most, "there": [there[0], there[-1]]
        }  # fmt: skip
    return list(found.values())


def _numbers(sizes: Sequence[int], usual: int) -> list[Mapping[str, int]]:
    """How many groups of each size there are, large ones first; size 0 says that all have the usual one."""
    counted = sorted(Counter(sizes).items(), reverse=True)
    return [{"count": count, "size": 0 if set(sizes) == {usual} else size} for size, count in counted]


# ------------------------------------------------------------ one page

_SPARE_MM = 2.0


def holds(page: PageSize, blocks: Blocks) -> bool:
    """Whether one page of 14 pt text holds what stands before the first page break, by a careful estimate."""
    breaks = (i for i, block in enumerate(blocks) if isinstance(block, PageBreak))
    front = blocks[: next(breaks, len(blocks))]
    return height_mm(front) - TABLE_AFTER_MM <= PAGE_MM[page] - _SPARE_MM
