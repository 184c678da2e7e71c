"""The papers themselves: for each, what its template is given, and the check that no facilitator's text slips in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from builder.blocks import Audience, Blocks, FillIn, PageBreak, Paragraph, walk
from builder.kit import adapted, around, badges, cards, editions, tables
from builder.kit.bibliography import blocks_of
from builder.kit.context import Context
from builder.kit.credits import (
    credit_lines,
    credits_mm,
    has_gaps,
    lessons_in,
    lessons_of,
    named_works,
    works_in,
    works_of,
    works_on,
)
from builder.kit.day_card import fronts, holds
from builder.kit.heights import PAGE_MM, height_mm
from builder.kit.leaf import unturned
from builder.kit.screen import on_screen, with_letter
from builder.kit.sheets import Handout, of_step
from builder.kit.step_minutes import Fitted, fitted_steps, has_recipe
from builder.kit.templates import Id, fitted, rendered
from builder.kit.texts import filled, reference
from builder.model import Card, Lesson, Slot
from builder.picture import timeline
from builder.problems import InputError, Problem
from builder.roster import NAMED

# In the order of the print list.
TITLES: Mapping[str, str] = {
    "agenda.docx": "Agenda",
    "agenda-large-print.docx": "Agenda to hold, large print",
    "facilitator-guide.docx": "Facilitator guide",
    "handouts-each-person.docx": "Sheets for each person",
    "handouts-each-person-large-print.docx": "Sheets for each person, large print",
    "handouts-each-group.docx": "Sheets for each group",
    "handouts-each-group-large-print.docx": "Sheets for each group, large print",
    "handouts-room.docx": "Sheets for the room",
    "handouts-room-large-print.docx": "Sheets for the room, large print",
    editions.HTML: "Agenda and sheets for a screen",
    "group-cards.docx": "Cards to cut",
    "badges.docx": "Name badges",
    "table-cards.docx": "Table cards",
    "day-card.docx": "Day card",
    "invitation.docx": "Invitation",
    "afterwards.docx": "Afterwards",
    "print-and-pack.docx": "Print and pack",
}
PRINT_LIST = "print-and-pack.docx"
_FILE_OF = {
    "person": "handouts-each-person.docx",
    "group": "handouts-each-group.docx",
    "room": "handouts-room.docx",
}

_MOST_ROWS_ACROSS = 7
_LONGEST_TITLE_ACROSS = 32

Document = list[tuple[Blocks, str]]
Inserts = dict[str, Blocks]


def documents(context: Context, names: Sequence[str] = ()) -> dict[str, Document]:
    """Every paper but the print list by file name: the blocks of its sheets, each with its footer.

    `names` are for cards alone.
    """
    found: dict[str, Document] = {
        "agenda.docx": one(context, "agenda", {"rows": (tables.wall_rows(context.plan, context.library),)}),
        "facilitator-guide.docx": _guide(context),
        **dict(_for_participants(context)),
    }
    if context.plan.brief.mode != "online":
        found["group-cards.docx"] = _group_cards(context)
    if names:
        found |= _named(context, names)
    found["day-card.docx"] = _day_card(context)
    found["invitation.docx"] = one(
        context, "invitation", around.invitation_inserts(context), **around.invitation(context)
    )
    found["afterwards.docx"] = one(
        context, "afterwards", around.afterwards_inserts(context), **around.afterwards(context)
    )
    return found


def _for_participants(context: Context) -> Iterator[tuple[str, Document]]:
    """What participants get, in each edition that the brief asks for."""
    brief = context.plan.brief
    rows = replace(tables.wall_rows(context.plan, context.library), look="plain", row_height_mm=0)
    if editions.has_large(brief):
        yield editions.large_name("agenda.docx"), one(context, "agenda", {"rows": (rows,)})
    for per, name in _FILE_OF.items():
        sheets = [sheet for sheet in context.sheets if sheet.per == per]
        wanted = [name] if editions.has_standard(brief) else []
        wanted += [editions.large_name(name)] if editions.has_large(brief) else []
        yield from ((edition, _handouts(context, edition, sheets)) for edition in wanted if sheets)
    if editions.has_html(brief):
        opening = one(context, "on-screen", {"rows": (rows,)})
        yield editions.HTML, [*opening, *_handouts(context, editions.HTML, context.sheets)]


def _day_card(context: Context) -> Document:
    """What is held in the hand: in front what to do when it runs late, on the back when it gets heated."""
    inserts: Inserts = {"contact-line": (FillIn("Whom to call, and how"),), "page-break": (PageBreak(),)}
    blocks: Blocks = ()
    for values in fronts(context):
        blocks = rendered("day-card", {**context.values, **values}, inserts)
        if holds(context.plan.brief.paper, blocks):
            break
    return [(filled(blocks, context.placeholders, context.library), footer_of(context))]


def fits_across(context: Context) -> bool:
    """Whether the wall agenda has few enough rows, and a short enough title, for a page on its side."""
    rows = len(tables.wall_rows(context.plan, context.library).rows)
    return rows <= _MOST_ROWS_ACROSS and len(context.plan.brief.title) <= _LONGEST_TITLE_ACROSS


def one(context: Context, template: str, inserts: Inserts, **values: Any) -> Document:
    """A paper that is read through: one run of pages."""
    blocks = rendered(template, {**context.values, **values}, inserts, compact=True)
    return [(filled(blocks, context.placeholders, context.library), footer_of(context))]


def footer_of(context: Context, sheet: Handout | None = None) -> str:
    """The footer of a sheet, or of a paper that is none: by it a page tells what it belongs to."""
    letter = f" · Sheet {sheet.letter}" if sheet else ""
    return f"{context.plan.brief.title}{letter} · Plan {context.code}"


# ------------------------------------------------------------ participants' sheets


def _handouts(context: Context, name: str, sheets: Sequence[Handout]) -> Document:
    """The sheets of one file, each beginning on a leaf of its own; one ends with licence and sources.

    It is the last that has room for them, so that they cost no copy another page.
    """
    found = [(sheet, _participants_only(context, sheet)) for sheet in sheets]
    works = set().union(*(works_on(sheet, blocks, context.texts) for sheet, blocks in found if not sheet.works))
    credited = _with_room(found, context)
    ending = {
        "credits": credit_lines(lessons_of(sheets), context.library),
        "adapted": adapted.in_short(sheets, context.library),
        "filled": any(has_gaps(blocks) for _, blocks in found),
        "works": named_works(works, context.library),
        "listed": next((sheet.letter for sheet in context.sheets if sheet.works), ""),
    }
    document: Document = []
    for number, (sheet, text) in enumerate(found):
        inserts: Inserts = {"sheet": _for_edition(sheet, text, name)}
        heading = _heading(name, sheets) if number == 0 and name != editions.HTML else ""
        last = ending if number == credited else {**ending, "credits": []}
        blocks = rendered("handout", {**context.values, **last, "heading": heading}, inserts)
        document.append((filled(blocks, context.placeholders, context.library), footer_of(context, sheet)))
    return document


def _heading(name: str, sheets: Sequence[Handout]) -> str:
    """The heading of a file; the case for the other table is among the sheets for the room."""
    other = any(sheet.why == "alternate" for sheet in sheets)
    return TITLES[name].replace("the room", "the room and the other table") if other else TITLES[name]


def _for_edition(sheet: Handout, blocks: Blocks, name: str) -> Blocks:
    """A sheet's blocks with its letter before its title; a leaf is turned at a fixed place in the standard edition."""
    if sheet.parts and (name == editions.HTML or editions.is_large(name)):
        blocks = unturned(blocks)
    return on_screen(sheet, blocks) if name == editions.HTML else with_letter(sheet, blocks)


def _with_room(sheets: Sequence[tuple[Handout, Blocks]], context: Context) -> int:
    """The place of the last sheet below which licence and sources fit; the last of all where none has room."""
    page = PAGE_MM[context.plan.brief.paper] - credits_mm([sheet for sheet, _ in sheets], context.library)
    for number in range(len(sheets) - 1, -1, -1):
        sheet, blocks = sheets[number]
        if sheet.parts or (not sheet.cut and height_mm(blocks) <= page + _of_backs(sheet, context)):
            return number
    return len(sheets) - 1


def _of_backs(sheet: Handout, context: Context) -> float:
    return PAGE_MM[context.plan.brief.paper] * (sheet.sides - 1)


def _participants_only(context: Context, sheet: Handout) -> Blocks:
    """The blocks of a sheet; raises InputError where a text of the facilitator's would be among them."""
    blocks, audience = _of_sheet(context, sheet)
    theirs = _facilitator_lines(context)
    for block in walk(blocks):
        text = " ".join("".join(run.text for run in block.runs).split()) if isinstance(block, Paragraph) else ""
        if audience == "facilitator" or text in theirs:
            message = f"sheet {sheet.letter} ('{sheet.title}') would print the facilitator's text: {text[:60]}"
            path = sheet.sheet.body.path if sheet.sheet else ""
            raise InputError([Problem("facilitator-text", message, path, hint="Write it in the participants' words.")])
    return tuple(fitted(blocks))


def _of_sheet(context: Context, sheet: Handout) -> tuple[Blocks, Audience]:
    blocks = blocks_of(sheet, context.texts, context.plan.brief.organisation)
    return blocks, "participant" if blocks else "facilitator"


_LONG_ENOUGH = 40


def _facilitator_lines(context: Context) -> frozenset[str]:
    """The paragraphs of this workshop's steps and backgrounds that are long enough to be nobody else's."""
    lines: set[str] = set()
    for slot in context.plan.agenda.steps:
        if slot.activity is not None:
            for blocks in context.texts.sections(slot.activity).values():
                lines.update(_lines(blocks))
    for key in context.plan.agenda.lessons:
        lines.update(_lines(context.texts.lesson(context.library.lessons[key])))
    return frozenset(lines)


def _lines(blocks: Iterable[Any]) -> Iterator[str]:
    for block in walk(blocks):
        if isinstance(block, Paragraph):
            text = " ".join("".join(run.text for run in block.runs).split())
            if len(text) >= _LONG_ENOUGH:
                yield text


# ------------------------------------------------------------ cards to cut


def _group_cards(context: Context) -> Document:
    """A card for each person, where cards are drawn, and slips for latecomers."""
    drawn = cards.are_drawn(context.plan)
    inserts: Inserts = {
        "groups": tuple(cards.group_cards(context.plan)) if drawn else (),
        "slips": tuple(cards.slips(context)),
        "page-break": (PageBreak(),),
    }
    values = {"rule": cards.rule(context.plan) if drawn else "", "slips": cards.SLIPS}
    values["opening"] = ", ".join(sheet.letter for sheet in cards.opening_sheets(context))
    return one(context, "group-cards", inserts, **values)


def _named(context: Context, names: Sequence[str]) -> dict[str, Document]:
    """The papers with names; no plan code, since they stay right when the agenda changes."""
    inserts: Inserts = {"badges": tuple(badges.badges(names)), "cards": tuple(badges.table_cards(names))}
    footer = context.plan.brief.title
    values = {"unturned": sum(map(badges.stays_unturned, names))}
    return {name: [(rendered(name.removesuffix(".docx"), values, inserts), footer)] for name in NAMED}


# ------------------------------------------------------------ the guide


def _guide(context: Context) -> Document:
    plan, library = context.plan, context.library
    inserts: Inserts = {
        "running-sheet": (tables.running_sheet(plan, library, context.sheets),),
        "timeline": (timeline(plan, {key: library.lessons[key].title for key in plan.agenda.lessons}),),
        "reasons": (tables.reasons(plan),),
        "outcomes": (tables.outcomes(plan, library, context.sheets),),
        "sheets": (tables.sheet_run(context.sheets),),
        "page-one": (tables.page_one(_page_one(context)),),
        "page-break": (PageBreak(),),
    }
    omitted = tables.left_out(plan, library)
    if omitted is not None:
        inserts["left-out"] = (omitted,)
    slots = [slot for slot in plan.agenda.slots if slot.activity or slot.kind == "buffer"]
    steps = [_step(context, slot, inserts) if slot.activity else _buffer(context, slot) for slot in slots]
    values = {
        "steps": steps,
        "lessons": [_lesson(context, key, inserts) for key in plan.agenda.lessons],
        "has_left_out": omitted is not None,
        "packing": [
            {"item": item, "count": count, "counted": counted} for item, count, counted in tables.packing(plan)
        ],
        "sources": [reference(library.sources[key], library) for key in works_of(context, _works(context, inserts))],
        "credits": credit_lines(lessons_in(context), library),
        "adapted": adapted.statement(plan, lessons_in(context), context.sheets, library),
        "one_sided": adapted.one_sided(context.sheets),
        "notes": adapted.notes(library),
        "alternate": _alternate(context),
        "group_rule": cards.rule(plan) if cards.are_drawn(plan) else "",
        "from_runs": any(step.get("runs") for step in steps),
        "untested": any(step.get("runs") == 0 for step in steps),
        "managers_present": plan.brief.managers_present,
        "online": plan.brief.mode == "online",
        "cards": around.hands_in(context),
        "contact": context.values["contacts"][0]["name"] if context.values["contacts"] else "the contact",
    }
    return one(context, "facilitator-guide", inserts, **values)


def _works(context: Context, inserts: Inserts) -> set[str]:
    """The works cited in what the guide prints and on the sheets that it is about."""
    found = {key for sheet in context.sheets for key in works_on(sheet, _of_sheet(context, sheet)[0], context.texts)}
    for name, blocks in inserts.items():
        if context.values["remote"] or not name.endswith(":Online"):
            found |= works_in(blocks)
    return found


def _step(context: Context, slot: Slot, inserts: Inserts) -> dict[str, Any]:
    """What the guide's template is told of a step; its sections go into the inserts."""
    activity = slot.activity
    assert activity is not None  # noqa: S101 - steps are slots with an activity
    sections = context.texts.sections(activity)
    timed = _timed(slot, sections)
    for name, blocks in {**sections, **({"Steps": timed.steps} if timed.steps else {})}.items():
        inserts[f"{activity.id}:{name}"] = tuple(fitted(blocks))
    lesson = context.library.lessons[activity.lesson]
    letters = [sheet.letter for sheet in of_step(slot, context.library, context.sheets, context.plan)]
    calibration = context.library.calibration(activity.id, slot.variant)
    earlier = [other for other in context.plan.agenda.steps if other.start < slot.start]
    return {
        "kind": "step",
        "clock": context.plan.brief.clock(slot.start),
        "minutes": slot.minutes,
        "title": activity.title,
        "lesson": lesson.title,
        "first": not any(other.activity and other.activity.lesson == lesson.id for other in earlier),
        "how": tables.how(slot, context.plan),
        "letters": ", ".join(letters),
        "variant": slot.variant or "",
        "runs": calibration.runs if calibration else 0,
        "debrief": activity.debrief,
        "debrief_from": context.plan.brief.clock(slot.end - activity.debrief),
        "told": timed.told,
        "advisory": " ".join((_advisory(context, lesson) or "").split()),
        "own_case": any(card.contested for card in _cards_of(context, lesson)),
        "sections": {name: Id(f"{activity.id}:{name}") for name in sections},
    }


def _timed(slot: Slot, sections: Mapping[str, Blocks]) -> Fitted:
    """A slot's numbered steps with minutes that make up those of the slot; online some forms have their own."""
    activity = slot.activity
    assert activity is not None  # noqa: S101 - steps are slots with an activity
    form = activity.variants.get(slot.variant) if slot.variant else None
    elsewhere = slot.variant == "online" and "Online" in sections and form is not None and form.minutes is not None
    steps, notes = (sections.get(name, ()) for name in ("Steps", "Notes"))
    return fitted_steps(steps, notes, slot.minutes, activity.debrief, elsewhere=elsewhere)


def _buffer(context: Context, slot: Slot) -> dict[str, Any]:
    """What the guide's template is told of free minutes: what comes then, and a step that can use them."""
    slots = context.plan.agenda.slots
    then = next(other for other in slots if other.start >= slot.end)
    before = [other for other in slots if other.activity and other.end <= slot.start]
    longer = [other for other in before if _can_use(context, other, slot.minutes)]
    return {
        "kind": "buffer",
        "clock": context.plan.brief.clock(slot.start),
        "minutes": slot.minutes,
        "then": f"{context.plan.brief.clock(then.start)} {then.title}",
        "longer": longer[-1].title if longer else "",
        "most": longer[-1].activity.minutes.max if longer and longer[-1].activity else 0,
    }


def _can_use(context: Context, slot: Slot, free: int) -> bool:
    """Whether the notes of a step in pairs or groups say how to use so many minutes more than it has."""
    activity = slot.activity
    if activity is None or activity.grouping in ("solo", "plenary"):
        return False
    notes = context.texts.sections(activity).get("Notes", ())
    return 0 < activity.minutes.max - slot.minutes <= free and has_recipe(notes, activity.minutes.max)


def _cards_of(context: Context, lesson: Lesson) -> Sequence[Card]:
    card = context.library.cards.get(context.plan.cards.get(lesson.deck or "", ""))
    return (card,) if card else ()


def _advisory(context: Context, lesson: Lesson) -> str | None:
    return next((card.advisory for card in _cards_of(context, lesson) if card.advisory), lesson.advisory)


def _lesson(context: Context, key: str, inserts: Inserts) -> dict[str, Any]:
    lesson = context.library.lessons[key]
    inserts[f"background:{key}"] = tuple(fitted(context.texts.lesson(lesson)))
    return {"title": lesson.title, "summary": lesson.summary, "background": Id(f"background:{key}")}


def _page_one(context: Context) -> list[tuple[str, str]]:
    """What stands below the running sheet: room, advisories word for word, what is never cut, whom to call."""
    values = context.values
    rows = [("Call" if context.plan.brief.mode == "online" else "Room", _room(context))]
    ahead = around.ahead(context)
    rows += [("Read aloud once, at the opening", "\n".join(ahead))] if ahead else []
    case = "the advisory, the choice of the other case, the readings, " if values["contested"] else ""
    rows.append(("Never cut", f"The opening, {case}any debrief, the closing: a whole step goes instead."))
    rows.append(("Contacts", contact_line(context)))
    return rows


def _room(context: Context) -> str:
    """How the room, the call, or both are made ready."""
    brief, values = context.plan.brief, context.values
    places = ", ".join(values["groupings"])
    if brief.mode == "online":
        rooms = f"rooms for {places}" if places else "no rooms needed"
        other = ", and one for the other case" if values["contested"] else ""
        return f"Links and captions tested; {rooms}{other}. Recording off; agenda and time in sight."
    tables_for = f"Tables for {places}" if places else "Chairs in a circle"
    other = "; one table with the other case" if values["contested"] else ""
    where = "Links, rooms and captions tested; " if brief.remote else ""
    return f"{where}{tables_for}{other}. Wall agenda and a clock in everybody's sight; the way out free."


def contact_line(context: Context) -> str:
    """The contacts in one line, or a line to fill by hand; where there is one only, a line for another."""
    contacts = [f"{c['name']}, {c['role']}: {c['reach']}" for c in context.values["contacts"]]
    if len(contacts) > 1:
        return "; ".join(contacts)
    first = contacts[0] if contacts else "Name, role, how to reach: ____________________________________"
    return f"{first}. {around.INDEPENDENT}: ____________________"


def _alternate(context: Context) -> list[dict[str, str]]:
    return [{"title": sheet.title, "letter": sheet.letter} for sheet in context.sheets if sheet.why == "alternate"]
