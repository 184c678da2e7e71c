"""The print list: how each paper of a kit is printed, and what to print, cut out, fold and pack."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from builder.kit import cards, editions, printrun, tables
from builder.kit.context import Context, in_words
from builder.kit.papers import PRINT_LIST, TITLES, Document, Inserts, footer_of, one
from builder.kit.printrun import FileRun
from builder.kit.sheets import Handout
from builder.roster import NAMED

if TYPE_CHECKING:
    from builder.kit import Former

# Copies of what is not handed out; anything else is for each facilitator. An invitation is sent.
_COPIES = {"agenda.docx": 1, PRINT_LIST: 1, "invitation.docx": 0, "afterwards.docx": 1}
_CARDS = ("group-cards.docx", *NAMED)


def print_runs(context: Context, made: Mapping[str, Document], named: Iterable[FileRun] = ()) -> tuple[FileRun, ...]:
    """How each paper is printed, the print list among them, in the order of that list.

    The sheets of a file are found by its footers, so that they stand here in the file's own order.
    `named` are papers with names that are not made again, since nobody kept the names.
    """
    runs = {run.name: run for run in named}
    runs |= {name: _run(context, name, document) for name, document in {**made, PRINT_LIST: []}.items()}
    return tuple(runs[name] for name in TITLES if name in runs)


def _run(context: Context, name: str, document: Document) -> FileRun:
    brief = context.plan.brief
    sent = brief.mode == "online"
    known = {footer_of(context, sheet): sheet for sheet in context.sheets}
    sheets = [known[footer] for _, footer in document if footer in known]
    parts = [blocks for blocks, _ in document]
    if name == editions.HTML:
        return printrun.not_printed(name, "to send")
    if name in _CARDS:
        return FileRun(name, 1, both_sides=False, pieces=sum(map(printrun.pieces_of, parts)))
    if sheets:
        return printrun.of_sheets(name, sheets, sent=sent, large=editions.is_large(name))
    if editions.is_large(name):
        copies = editions.large_copies(brief)
        return printrun.of_paper(name, 0 if sent else copies, parts, "to send" if sent and copies else "as asked for")
    return printrun.of_paper(name, _COPIES.get(name, brief.facilitators), parts)


def print_list(
    context: Context, former: "Former", runs: Sequence[FileRun], counts: Mapping[str, printrun.Count]
) -> Document:
    """The list of what to print, cut and pack; its own pages are not counted in it."""
    plan = context.plan
    files = [(former.current(run.name, context.code), TITLES[run.name], run) for run in runs]
    people, sent = (plan.brief.participants, plan.brief.participants_most), plan.brief.mode == "online"
    few, many = (tables.packing(plan, number) for number in people)
    inserts: Inserts = {
        "files": (printrun.files(files, counts),),
        "sheets": (printrun.sheets_to_print(context.sheets, *people, sent=sent),),
        "packing": (printrun.packed(few, many, people, sent=sent, cards=any(run.pieces for run in runs)),),
    }
    papers = [run.paper(counts.get(run.name)) for run in runs if run.name != PRINT_LIST and run.copies != 0]
    values = {
        "sent": sent,
        "spare_for_each": printrun.SPARE_FOR_EACH,
        "paper_total": sum(paper or 0 for paper in papers),
        "counted": None not in papers,
        "least_paper": sum(sum(run.sheets.values()) for run in runs),
        "places": printrun.places(runs),
        "changes": list(former.changes),
        "since": former.since or "",
        "date_words": in_words(plan.brief),
        **_kept(context, former, runs),
        **_editions(context),
        **_to_cut(context, runs),
    }
    return one(context, "print-and-pack", inserts, **values)


def _kept(context: Context, former: "Former", runs: Iterable[FileRun]) -> dict[str, Any]:
    """The papers of this kit of which there are two versions, since somebody edited one."""
    names = {run.name for run in runs}
    return {
        "kept": [
            {"name": name, "new": new, "other_clock": former.is_for_another_clock(name, context.code)}
            for name, (new, _) in former.kept.items()
            if name in names
        ]
    }


def _editions(context: Context) -> dict[str, Any]:
    """What is said of large print, and of sheets that stand together."""
    return {
        "large_copies": any(sheet.large for sheet in context.sheets),
        "edition_large": editions.has_large(context.plan.brief),
    }


def _to_cut(context: Context, runs: Iterable[FileRun]) -> dict[str, Any]:
    """What is cut out or folded: cards, then sheets, then sheets in large print, each with its minutes."""
    sent = context.plan.brief.mode == "online"
    sheets: Sequence[Handout] = () if sent else context.sheets
    pieces = _pieces(context)
    return {
        "cards": [
            {"name": run.name, "what": _cards(context)[run.name], "minutes": printrun.minutes_for(run.pieces)}
            for run in runs
            if run.name in _CARDS
        ],
        "cut": printrun.to_cut(sheets, pieces),
        "cut_large": printrun.to_cut(sheets, pieces, large=True),
        "seconds": printrun.SECONDS_A_PIECE,
    }


def _cards(context: Context) -> Mapping[str, str]:
    """What to cut and fold that is no lettered sheet."""
    count = context.plan.brief.participants_most if cards.are_drawn(context.plan) else 0
    drawn = f"{count} group cards, kept in order with number 1 on top, and " if count else ""
    return {
        "group-cards.docx": f"{drawn}{cards.SLIPS} slips for latecomers, along the dashed lines",
        "badges.docx": "the badges, along the dashed lines",
        "table-cards.docx": "the table cards: do not cut; fold each along its dashed line, the name outside",
    }


def _pieces(context: Context) -> dict[str, int]:
    return {
        sheet.letter: printrun.pieces_of(context.texts.sheet(sheet.sheet)) for sheet in context.sheets if sheet.sheet
    }
