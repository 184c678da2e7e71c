"""The tables that the program makes from an agenda: running sheet, wall agenda, reasons, outcomes, print run."""

from collections.abc import Iterable, Sequence

from builder.blocks import Run, Runs, Table
from builder.kit.groups import size_for
from builder.kit.sheets import Handout, group_count, of_step, pieces
from builder.model import Activity, Brief, Library, Plan, Slot
from builder.planner.shapes import groups

_NEAREST = 5
_SPREAD_OUT, _CLOSE_ROW_MM = 7, 12.0


def _row(*cells: str) -> tuple[Runs, ...]:
    return tuple((Run(cell),) if cell else () for cell in cells)


def how(slot: Slot, plan: Plan) -> str:
    """The grouping of a step in words, with the number of groups for the people expected."""
    activity = slot.activity
    if activity is None:
        return ""
    if activity.grouping in ("solo", "plenary"):
        return {"solo": "alone", "plenary": "everybody"}[activity.grouping]
    people = plan.brief.participants
    if activity.grouping != "small groups":
        return f"{group_count(plan, activity, people)} {activity.grouping}"
    common, by_hand = size_for(plan)
    drawn = common is not None and activity.title not in by_hand
    count = groups(people, common) if drawn and common else group_count(plan, activity, people)
    least, more = divmod(people, count)
    return f"{count} groups of {least}{f' or {least + 1}' if more else ''}"


def running_sheet(plan: Plan, library: Library, sheets: tuple[Handout, ...]) -> Table:
    """The guide's first page: clock, minutes, step, grouping, sheets, start of the debrief, a column to fill."""
    rows, move = [], 0
    for slot in plan.agenda.slots:
        if slot.kind == "transition":
            move = slot.minutes
            continue
        rows.append(_running_row(slot, plan, library, sheets, move))
        move = 0
    rows.append(_row(plan.brief.clock(plan.agenda.minutes), "", "End", "", "", "", ""))
    header = _row("Clock", "Min", "Step", "How", "Sheet", "Debrief from", "Actual")
    return Table(header, tuple(rows), widths=(9, 6, 33, 22, 9, 11, 10), look="running")


def _running_row(slot: Slot, plan: Plan, library: Library, sheets: tuple[Handout, ...], move: int) -> tuple[Runs, ...]:
    clock = plan.brief.clock(slot.start)
    if slot.activity is None:
        return _row(clock, str(slot.minutes), slot.title, "", "", "", "")
    letters = " ".join(sheet.letter for sheet in of_step(slot, library, sheets, plan))
    debrief = plan.brief.clock(slot.end - slot.activity.debrief) if slot.activity.debrief else ""
    moving = f"; {move} min to move" if move else ""
    return _row(clock, str(slot.minutes), slot.title, how(slot, plan) + moving, letters, debrief, "")


def page_one(rows: Iterable[tuple[str, str]]) -> Table:
    """What the facilitator needs at hand beside the clock: a label and a text in each row."""
    cells = tuple(((Run(label, strong=True),), (Run(text),)) for label, text in rows)
    return Table(_row("At hand", "What to know"), cells, widths=(20, 80), look="running")


def wall_rows(plan: Plan, library: Library) -> Table:
    """The wall agenda: lessons at about their times, breaks and end to the minute; no buffer, no case titles.

    A lesson that goes on after a break is not named again: the break's end says when.
    """
    rows: list[tuple[Runs, ...]] = []
    shown, lesson = -1, ""
    for slot in plan.agenda.slots:
        if slot.kind == "break":
            rows.append(_row(plan.brief.clock(slot.start), f"Break until {plan.brief.clock(slot.end)}"))
            shown = slot.end
        elif slot.activity is not None and slot.activity.lesson != lesson:
            lesson = slot.activity.lesson
            shown = max(_nearest(slot.start, plan.brief), shown)
            rows.append(_row(plan.brief.clock(shown), library.lessons[lesson].title))
    rows.append(_row(plan.brief.clock(plan.agenda.minutes), "End"))
    height = 0 if len(rows) <= _SPREAD_OUT else _CLOSE_ROW_MM
    return Table(_row("Time", "What"), tuple(rows), widths=(19, 81), row_height_mm=height, look="wall")


def _nearest(minute: int, brief: Brief) -> int:
    """The minute of the workshop nearest to a clock time that ends in 0 or 5."""
    clock = brief.start_minute + minute
    return round(clock / _NEAREST) * _NEAREST - brief.start_minute if minute else 0


def reasons(plan: Plan) -> Table:
    """Why each step, break and buffer is there, those with one reason together."""
    alike: dict[str, list[str]] = {}
    for slot in plan.agenda.slots:
        if slot.kind != "transition":
            alike.setdefault(slot.reason, []).append(slot.title)
    rows = [_row(reason, "; ".join(dict.fromkeys(titles))) for reason, titles in alike.items()]
    return Table(_row("Why", "What"), tuple(rows), widths=(40, 60), look="running")


def left_out(plan: Plan, library: Library) -> Table | None:
    """What is not in, and why: whole lessons together, and the steps of a lesson; nothing where all of it is in."""
    alike: dict[tuple[str, str], list[str]] = {}
    for left in plan.left_out:
        lesson = library.lessons[left.lesson].title
        if left.activity:
            alike.setdefault((f"Of “{lesson}”: ", left.reason), []).append(library.activities[left.activity].title)
        else:
            alike.setdefault(("", left.reason.partition(";")[0]), []).append(lesson)
    if not alike:
        return None
    rows = [_row(of + "; ".join(titles), reason) for (of, reason), titles in alike.items()]
    return Table(_row("Left out", "Why"), tuple(rows), widths=(66, 34), look="running")


def outcomes(plan: Plan, library: Library, sheets: tuple[Handout, ...]) -> Table:
    """What people can do afterwards: the steps of this workshop that practise and check it, and their sheets.

    Where no step here does, it says which one of the lesson would, or that there is none.
    """
    rows = []
    for key in plan.agenda.lessons:
        for outcome in library.lessons[key].teaches:
            practise = [step for step in library.activities_of(key) if outcome.id in step.practises]
            check = [step for step in library.activities_of(key) if outcome.id in step.checks]
            here = {step.id for step in (*practise, *check)}
            slots = [slot for slot in plan.agenda.steps if slot.activity and slot.activity.id in here]
            handed = {sheet.letter for slot in slots for sheet in of_step(slot, library, sheets, plan)}
            letters = ", ".join(sheet.letter for sheet in pieces(sheets) if sheet.letter in handed)
            cells = (_done_by(practise, plan, "practises"), _done_by(check, plan, "checks"), letters or "none")
            rows.append(_row(outcome.outcome, *cells))
    header = _row("Outcome", "Practised in", "Checked in", "Sheets")
    return Table(header, tuple(rows), widths=(34, 28, 28, 10), look="running")


def _done_by(steps: Sequence[Activity], plan: Plan, verb: str) -> str:
    """The steps that are in the agenda; otherwise why there is none."""
    here = {slot.activity.id for slot in plan.agenda.steps if slot.activity}
    found = [step.title for step in steps if step.id in here]
    if found:
        return "; ".join(found)
    if not steps:
        return f"no step of this lesson {verb} it"
    return f"not in this workshop; left out: {'; '.join(step.title for step in steps)}"


def sheet_run(sheets: Sequence[Handout]) -> Table:
    """The sheets: letter, title, for whom, copies for the most that may come, sides, what to cut, large print."""
    large = any(sheet.large for sheet in sheets)
    rows = [
        _row(
            sheet.letter,
            sheet.title,
            for_whom(sheet),
            str(sheet.copies),
            _sides(sheet),
            *([str(sheet.large)] if large else []),
        )
        for sheet in sheets
    ]
    header = _row("Sheet", "Title", "For", "Copies", "Print", *(["Large print"] if large else []))
    widths = (9, 33, 19, 11, 18, 10) if large else (9, 41, 19, 11, 20)
    return Table(header, tuple(rows), widths=widths, look="running")


def _sides(sheet: Handout) -> str:
    if sheet.cut:
        return "one side, cut up"
    if sheet.sides == 1:
        return "one side"
    return "two leaves" if sheet.lies_open else "both sides"


def for_whom(sheet: Handout) -> str:
    """Who gets a sheet, in words."""
    if sheet.why == "alternate":
        return "the other case"
    return {"person": "each person", "group": "each group", "room": "the room"}[sheet.per]


def packing(plan: Plan, people: int | None = None) -> list[tuple[str, int, str]]:
    """What to bring for `people` (by default the most that may come), how many, and how that was counted.

    The same thing used twice is brought once.
    """
    people = plan.brief.participants_most if people is None else people
    found: dict[str, tuple[int, str]] = {}
    for slot in plan.agenda.steps:
        activity = slot.activity
        for material in activity.materials if activity else ():
            each = {
                "person": people,
                "pair": -(-people // 2),
                "group": group_count(plan, activity, people),
                "room": 1,
            }[material.per]
            counted = "" if material.per == "room" else f"{material.count} for each {material.per}"
            known = found.get(material.item, (0, ""))
            found[material.item] = max(known, (material.count * each, counted), key=lambda pair: pair[0])
    return [(item, count, counted) for item, (count, counted) in found.items()]
