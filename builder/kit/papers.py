"""The papers themselves: for each, what its template is given, and the check that no facilitator's text slips in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from builder.blocks import Audience, Blocks, FillIn, PageBreak, Paragraph, walk
from builder.kit import tables
from builder.kit.cases import case_sheet
from builder.kit.context import Context, in_words
from builder.kit.credits import credit_lines, has_gaps, lesson_of, lessons_in, named_works, works_in, works_of, works_on
from builder.kit.sheets import Handout, of_step
from builder.kit.templates import Id, fitted, rendered
from builder.kit.texts import filled, reference
from builder.model import Lesson, Slot
from builder.picture import timeline
from builder.problems import InputError, Problem

if TYPE_CHECKING:
    from builder.kit import Former

TITLES: Mapping[str, str] = {
    "agenda.docx": "Agenda",
    "facilitator-guide.docx": "Facilitator guide",
    "handouts-each-person.docx": "Sheets for each person",
    "handouts-each-group.docx": "Sheets for each group",
    "handouts-room.docx": "Sheets for the room",
    "print-and-pack.docx": "Print and pack",
    "day-card.docx": "Day card",
}
_FILE_OF = {
    "person": "handouts-each-person.docx",
    "group": "handouts-each-group.docx",
    "room": "handouts-room.docx",
}

_MOST_ROWS_ACROSS = 7
_LONGEST_TITLE_ACROSS = 32
_TABS = 4

Document = list[tuple[Blocks, str]]
Inserts = dict[str, Blocks]


def documents(context: Context, former: "Former") -> dict[str, Document]:
    """Every Word paper by file name: the blocks of its sheets, each with its footer."""
    found: dict[str, Document] = {
        "agenda.docx": _one(context, "agenda", {"rows": (tables.wall_rows(context.plan, context.library),)}),
        "facilitator-guide.docx": _guide(context),
    }
    for per, name in _FILE_OF.items():
        sheets = [sheet for sheet in context.sheets if sheet.per == per]
        if sheets:
            found[name] = _handouts(context, name, sheets)
    found["print-and-pack.docx"] = _print_and_pack(context, former, [*found, "print-and-pack.docx", "day-card.docx"])
    lines = tuple(FillIn(label) for label in ("Name and role", "How to reach them"))
    found["day-card.docx"] = _one(context, "day-card", {"contact-lines": lines})
    return found


def fits_across(context: Context) -> bool:
    """Whether the wall agenda has few enough rows, and a short enough title, for a page on its side."""
    rows = len(tables.wall_rows(context.plan, context.library).rows)
    return rows <= _MOST_ROWS_ACROSS and len(context.plan.brief.title) <= _LONGEST_TITLE_ACROSS


def _one(context: Context, template: str, inserts: Inserts, **values: Any) -> Document:
    """A paper that is read through: one run of pages."""
    blocks = rendered(template, {**context.values, **values}, inserts, compact=True)
    return [(filled(blocks, context.placeholders, context.library), _footer(context))]


def _footer(context: Context, sheet: Handout | None = None) -> str:
    letter = f" · Sheet {sheet.letter}" if sheet else ""
    return f"{context.plan.brief.title}{letter} · Plan {context.code}"


# ------------------------------------------------------------ participants' sheets


def _handouts(context: Context, name: str, sheets: Sequence[Handout]) -> Document:
    """The sheets of one file, each beginning on a leaf of its own; the last one ends with licence and sources."""
    document: Document = []
    works: set[str] = set()
    gaps = False
    for number, sheet in enumerate(sheets):
        inserts: Inserts = {"sheet": _participants_only(context, sheet)}
        works |= works_on(sheet, inserts["sheet"], context)
        gaps = gaps or has_gaps(inserts["sheet"])
        last = number == len(sheets) - 1
        values = {
            **context.values,
            "heading": TITLES[name] if number == 0 else "",
            "letter": sheet.letter,
            "keep": sheet.keep,
            "credits": credit_lines(dict.fromkeys(map(lesson_of, sheets)), context.library) if last else [],
            "filled": gaps,
            "works": named_works(works, context.library) if last else "",
        }
        blocks = rendered("handout", values, inserts)
        document.append((filled(blocks, context.placeholders, context.library), _footer(context, sheet)))
    return document


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
    if sheet.sheet is not None:
        return context.texts.sheet(sheet.sheet), "participant"
    if sheet.card is not None:
        return case_sheet(sheet.card, context.texts, context.plan.brief.organisation), "participant"
    return (), "facilitator"


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
        # A letterhead takes room: what no longer fits on page one is followed by the rest, not by an empty page.
        "page-break": () if plan.brief.letterhead else (PageBreak(),),
    }
    omitted = tables.left_out(plan, library)
    if omitted is not None:
        inserts["left-out"] = (omitted,)
    steps = [_step(context, slot, inserts) for slot in plan.agenda.steps]
    values = {
        "steps": steps,
        "lessons": [_lesson(context, key, inserts) for key in plan.agenda.lessons],
        "has_left_out": omitted is not None,
        "packing": [
            {"item": item, "count": count, "counted": counted} for item, count, counted in tables.packing(plan)
        ],
        "sources": [reference(library.sources[key], library) for key in works_of(context, _works(context, inserts))],
        "credits": credit_lines(lessons_in(context), library),
        "alternate": _alternate(context),
        "from_runs": [step["title"] for step in steps if step["runs"]],
        "untested": [step["title"] for step in steps if not step["runs"]],
    }
    return _one(context, "facilitator-guide", inserts, **values)


def _works(context: Context, inserts: Inserts) -> set[str]:
    """The works cited in what the guide prints and on the sheets that it is about."""
    found = {key for sheet in context.sheets for key in works_on(sheet, _of_sheet(context, sheet)[0], context)}
    for name, blocks in inserts.items():
        if context.values["remote"] or not name.endswith(":Online"):
            found |= works_in(blocks)
    return found


def _step(context: Context, slot: Slot, inserts: Inserts) -> dict[str, Any]:
    """What the guide's template is told of a step; its sections go into the inserts."""
    activity = slot.activity
    assert activity is not None  # noqa: S101 - steps are slots with an activity
    sections = context.texts.sections(activity)
    for name, blocks in sections.items():
        inserts[f"{activity.id}:{name}"] = tuple(fitted(blocks))
    lesson = context.library.lessons[activity.lesson]
    letters = [sheet.letter for sheet in of_step(slot, context.library, context.sheets, context.plan)]
    calibration = context.library.calibration(activity.id, slot.variant)
    earlier = [other for other in context.plan.agenda.steps if other.start < slot.start]
    return {
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
        "advisory": " ".join((_advisory(context, lesson) or "").split()),
        "sections": {name: Id(f"{activity.id}:{name}") for name in sections},
    }


def _advisory(context: Context, lesson: Lesson) -> str | None:
    card = context.library.cards.get(context.plan.cards.get(lesson.deck or "", ""))
    return (card.advisory if card else None) or lesson.advisory


def _lesson(context: Context, key: str, inserts: Inserts) -> dict[str, Any]:
    lesson = context.library.lessons[key]
    inserts[f"background:{key}"] = tuple(fitted(context.texts.lesson(lesson)))
    return {"title": lesson.title, "summary": lesson.summary, "background": Id(f"background:{key}")}


def _page_one(context: Context) -> list[tuple[str, str]]:
    """What stands below the running sheet: room, advisory word for word, what is never cut, whom to call."""
    values = context.values
    rows = [("Room", _room(context))]
    rows += [("Read aloud at the opening", advisory) for advisory in values["advisories"]]
    kept = ["the opening", "any debrief", "the closing"]
    if values["contested"]:
        kept.insert(1, "the advisory, the choice of the alternate table, the readings")
    rows.append(("Never cut", ", ".join(kept) + ". If time runs out, a whole step goes."))
    rows.append(("Contacts", contact_line(context)))
    return rows


def _room(context: Context) -> str:
    values = context.values
    tables_for = f"Tables for {', '.join(values['groupings'])}" if values["groupings"] else "Chairs in a circle"
    other = "; one table apart for the alternate case" if values["contested"] else ""
    where = "Links, rooms and captions tested; " if values["remote"] else ""
    return f"{where}{tables_for}{other}. Wall agenda and a clock in everybody's sight; the way out free."


def contact_line(context: Context) -> str:
    """The contacts in one line, or a line to fill by hand."""
    contacts = [f"{c['name']}, {c['role']}: {c['reach']}" for c in context.values["contacts"]]
    return "; ".join(contacts) or "Name, role, how to reach: ____________________________________"


def _alternate(context: Context) -> list[dict[str, str]]:
    return [{"title": sheet.title, "letter": sheet.letter} for sheet in context.sheets if sheet.why == "alternate"]


# ------------------------------------------------------------ print and pack


def _print_and_pack(context: Context, former: "Former", names: Sequence[str]) -> Document:
    plan = context.plan
    inserts: Inserts = {
        "files": (tables.files(_file_rows(context, names, former)),),
        "sheets": (tables.sheet_run(context.sheets),),
    }
    values = {
        "cut": [
            {"letter": sheet.letter, "title": sheet.title, "copies": sheet.copies}
            for sheet in context.sheets
            if sheet.cut
        ],
        "paper_total": sum(sheet.copies for sheet in context.sheets),
        "both_sides": [sheet.letter for sheet in context.sheets if sheet.sides > 1],
        "packing": [
            {"item": item, "count": count, "counted": counted} for item, count, counted in tables.packing(plan)
        ],
        "kept": [
            {"name": name, "new": new, "other_clock": code is not None and code != context.code}
            for name, (new, code) in former.kept.items()
        ],
        "changes": list(former.changes),
        "since": former.since or "",
        "date_words": in_words(plan.brief),
    }
    return _one(context, "print-and-pack", inserts, **values)


def _file_rows(context: Context, names: Sequence[str], former: "Former") -> Iterator[tuple[str, str, str]]:
    brief = context.plan.brief
    copies = {
        "agenda.docx": "1",
        "facilitator-guide.docx": str(brief.facilitators),
        "handouts-each-person.docx": str(brief.participants_most),
        "day-card.docx": str(brief.facilitators),
        "print-and-pack.docx": "1",
    }
    for name in names:
        current = former.kept.get(name, (name, None))[0]
        yield current, TITLES[name], copies.get(name, "by sheet, below")


def changes(former: Sequence[str], slots: Sequence[str]) -> list[str]:
    """What is new, gone or moved between two agendas, in words; both as lines of `slot_lines`."""
    old = {_key(line): line.split("\t") for line in former if line.count("\t") == _TABS}
    new = {_key(line): line.split("\t") for line in slots}
    for gone in ("transition", "buffer"):
        old.pop(gone, None)
        new.pop(gone, None)
    found = [f"{_name(new[key])}: new, at {new[key][0]}, {new[key][1]} minutes" for key in new if key not in old]
    found += [f"{_name(old[key])}: no longer in" for key in old if key not in new]
    found += [
        f"{_name(new[key])}: {old[key][0]}, {old[key][1]} min, is now {new[key][0]}, {new[key][1]} min"
        for key in new
        if key in old and old[key] != new[key]
    ]
    return found


def _key(line: str) -> str:
    return line.split("\t")[2]


def _name(parts: Sequence[str]) -> str:
    return parts[2].rpartition("/")[2].replace("-", " ")
