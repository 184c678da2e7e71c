"""The command `workshop print`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.packs.option import PACKS, library_of

if TYPE_CHECKING:
    from builder.folder import Former
    from builder.model import Library
    from builder.printing.printed import Printed


@click.command("print")
@click.argument("kit", metavar="KIT", type=click.Path(path_type=Path))
@click.option("--paper-count", "only_count", is_flag=True, help="Count pages and paper only; write nothing.")
@click.option(
    "--modules",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The lessons that the kit was built from, where they are not those that come with the program.",
)
@PACKS
def print_papers(
    kit: Path,
    only_count: bool,  # noqa: FBT001 - click passes flags so
    modules: Path | None,
    packs: Sequence[Path],
) -> None:
    """Make PDF files of a kit's papers, and count their pages.

    KIT is the kit's folder; the PDF files go into KIT/pdf. Needs LibreOffice, and nothing else: without it, Word's
    own "Save as PDF" does the same. A paper that you edited is printed as you edited it. The counted pages and sheets
    of paper are shown, and written into print-and-pack.docx. A PDF file that somebody changed is never overwritten.

    \b
    Examples:
      workshop print kit
      workshop print kit --paper-count
    """  # noqa: D301 - click keeps lines apart after it
    from builder import terminal
    from builder.kit.papers import PRINT_LIST
    from builder.printing import office, printed
    from builder.printing.stale import PDF_FOLDER

    looked = printed.seen(kit)
    found = office.find()
    papers = printed.chosen(kit, looked)
    _say(f"LibreOffice makes {len(papers)} PDF files …")
    others = [each for each in papers if each.paper != PRINT_LIST]
    done = printed.printed(found, others, _tell)
    problem = None if only_count else printed.list_again(kit, looked, lambda: _library(looked, modules, packs), done)
    lists = [each for each in printed.chosen(kit, printed.seen(kit)) if each.paper == PRINT_LIST]
    done += printed.printed(found, lists, _tell)
    for line in table(done):
        click.echo(line)
    if only_count:
        return
    report = printed.write(kit, done, str(looked.facts["plan_code"]))
    terminal.show_problems([*([problem] if problem else []), *report.warnings], sys.stderr)
    _say(f"{len(report.written)} PDF files written into {(kit / PDF_FOLDER).as_posix()}.")


def table(done: Sequence["Printed"]) -> list[str]:
    """The papers as lines of a table: file, pages, copies, sides, sheets of paper, and what to know."""
    rows = [("File", "Pages", "Copies", "Sides", "Paper", "")]
    for each in done:
        run, paper = each.chosen.run, each.paper
        sides = "both" if run.both_sides else "one"
        apart = f"sheet {', '.join(run.apart)} on one side: its backs are blank" if run.apart else ""
        note = "; ".join(filter(None, (apart, each.chosen.note)))
        rows.append((each.chosen.file, str(each.count.pages), run.in_words, sides, _number(paper), note))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(_placed(cell, i, widths) for i, cell in enumerate(row)).rstrip() for row in rows]
    known = [each.paper for each in done if each.paper is not None]
    more = "" if len(known) == len(done) else ", and what is marked “?”"
    return [*lines, f"In all: {sum(known)} sheets of paper{more}."]


def _number(paper: int | None) -> str:
    return "?" if paper is None else str(paper or "–")


def _placed(cell: str, column: int, widths: Sequence[int]) -> str:
    if column == len(widths):
        return cell
    return cell.rjust(widths[column]) if column in {1, 4} else cell.ljust(widths[column])


def _say(text: str) -> None:
    click.echo(text, err=True)


def _tell(file: str) -> None:
    _say(f"  {file}")


def _library(looked: "Former", modules: Path | None, packs: Sequence[Path]) -> "Library":
    """The lessons, with own minutes where the kit was planned with some."""
    from builder.actuals.command import in_use

    return in_use(library_of(modules, packs), no_actuals="calibrated" not in looked.facts)
