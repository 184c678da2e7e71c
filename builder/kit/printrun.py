"""The print run: for each file and each sheet how many copies, on which sides, and how much paper they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.blocks import Blocks, CutCard, PageBreak, Run, Runs, Table, walk
from builder.kit.sheets import Handout

# Our own rules; nobody measured them, and the paper says so.
SPARE_FOR_EACH = 10  # one spare copy for each ten that may be needed, and at least one
SECONDS_A_PIECE = 10  # to cut one piece out with scissors, one sheet at a time

BOX = "☐"
_FEWEST_PIECES = 2


@dataclass(frozen=True)
class Count:
    """How many pages a Word file with this fingerprint has, and how many each of its sheets, by letter.

    `pages` are the sides that are printed on; blank backs are not counted.
    """

    sha256: str
    pages: int
    sheets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRun:
    """How one file is printed. `copies` is None where its sheets (letter: copies) need different numbers.

    `both_sides` says whether to print double-sided, `apart` which of its sheets (cut up) even then on one side.
    """

    name: str
    copies: int | None
    both_sides: bool
    sheets: Mapping[str, int] = field(default_factory=dict)
    apart: tuple[str, ...] = ()

    def paper(self, count: Count | None) -> int | None:
        """The sheets of paper for all copies; None where nobody has counted the pages."""
        if count is None:
            return None
        if set(count.sheets) == set(self.sheets) and self.sheets:
            return sum(self._leaves(count.sheets[letter], letter) * more for letter, more in self.sheets.items())
        return None if self.copies is None else self._leaves(count.pages) * self.copies

    def _leaves(self, pages: int, letter: str = "") -> int:
        return -(-pages // 2) if self.both_sides and letter not in self.apart else pages


def spares(sheet: Handout) -> int:
    """The spare copies of a sheet: by the rule above, and none of what lies in the room once."""
    return 0 if sheet.per == "room" or not sheet.copies else max(1, -(-sheet.copies // SPARE_FOR_EACH))


def to_print(sheet: Handout) -> int:
    """The copies of a sheet for the most that may come, spares included."""
    return sheet.copies + spares(sheet)


def of_sheets(name: str, sheets: Sequence[Handout], *, sent: bool = False) -> FileRun:
    """The run of a file of participants' sheets: double-sided where one of them has a text on its back.

    Each sheet begins on a leaf of its own, so that none comes on the back of another. What is `sent` is not printed.
    """
    numbers = {sheet.letter: 0 if sent else to_print(sheet) for sheet in sheets}
    both = any(sheet.sides > 1 and not sheet.cut for sheet in sheets)
    apart = tuple(sheet.letter for sheet in sheets if both and sheet.cut and sheet.sides > 1)
    same = set(numbers.values())
    return FileRun(name, same.pop() if len(same) == 1 else None, both, numbers, apart)


def of_paper(name: str, copies: int, parts: Sequence[Blocks]) -> FileRun:
    """The run of a paper that is read through: double-sided where it has more than one page by its making."""
    return FileRun(name, copies, len(parts) > 1 or any(isinstance(b, PageBreak) for part in parts for b in part))


def as_facts(runs: Iterable[FileRun]) -> dict[str, Any]:
    """Runs as `kit.json` keeps them."""
    return {
        run.name: {
            "copies": run.copies,
            "both_sides": run.both_sides,
            "sheets": dict(run.sheets),
            "apart": list(run.apart),
        }
        for run in runs
    }


def from_facts(facts: Mapping[str, Any]) -> tuple[FileRun, ...]:
    """The runs that `kit.json` keeps; one that cannot be understood is left out."""
    kept = facts.get("print_run")
    return tuple(_runs(kept)) if isinstance(kept, Mapping) else ()


def _runs(kept: Mapping[str, Any]) -> Iterator[FileRun]:
    for name, run in kept.items():
        match run:
            case {"copies": int() | None as copies, "both_sides": bool(both), "sheets": dict(sheets), "apart": list(a)}:
                if all(isinstance(number, int) for number in sheets.values()):
                    yield FileRun(name, copies, both, sheets, tuple(map(str, a)))
            case _:
                pass


def counts_from(facts: Mapping[str, Any]) -> dict[str, Count]:
    """The pages that `kit.json` keeps by file name; what cannot be understood is left out."""
    kept = facts.get("pages")
    found = {}
    for name, count in kept.items() if isinstance(kept, Mapping) else ():
        match count:
            case {"sha256": str(digest), "pages": int(pages), "sheets": dict(sheets)}:
                if all(isinstance(number, int) for number in sheets.values()):
                    found[name] = Count(digest, pages, sheets)
            case _:
                pass
    return found


def counts_as_facts(counts: Mapping[str, Count]) -> dict[str, Any]:
    """Counts as `kit.json` keeps them."""
    return {
        name: {"sha256": count.sha256, "pages": count.pages, "sheets": dict(count.sheets)}
        for name, count in counts.items()
    }


def places(runs: Iterable[FileRun]) -> list[str]:
    """Where in a file each sheet is found, for files whose sheets cannot be printed alike: "sheet C is s1, …"."""
    found = []
    for run in runs:
        if run.copies is None or run.apart:
            each = (f"sheet {letter} is s{place}" for place, letter in enumerate(run.sheets, 1))
            found.append(f"{run.name}: {', '.join(each)}")
    return found


# ------------------------------------------------------------ the tables of the list


def _cells(*texts: str) -> tuple[Runs, ...]:
    return tuple((Run(text),) if text else () for text in texts)


def files(rows: Iterable[tuple[str, str, FileRun]], counts: Mapping[str, Count]) -> Table:
    """The files to print: a box to tick, name, what it is, copies, sides, pages and paper (to fill where unknown)."""
    cells = tuple(_file_row(current, title, run, counts.get(run.name)) for current, title, run in rows)
    header = _cells("", "File", "What it is", "Copies", "Both sides", "Pages", "Paper")
    return Table(header, cells, widths=(4, 35, 22, 11, 9, 9, 10), look="running")


def _file_row(current: str, title: str, run: FileRun, count: Count | None) -> tuple[Runs, ...]:
    both = "yes" if run.both_sides else "no"
    apart = f", but {' '.join(run.apart)} on one" if run.apart else ""
    copies = {None: "by sheet", 0: "to send"}.get(run.copies, str(run.copies))
    paper = run.paper(count)
    pages = str(count.pages) if count else ""
    return _cells(BOX, current, title, copies, both + apart, pages, "" if paper is None else str(paper or "–"))


def sheets_to_print(sheets: Sequence[Handout], expected: int, most: int, *, sent: bool) -> Table:
    """The participants' sheets: for whom, copies for those expected, for the most, spares, and what to print.

    Where both numbers are the same, there is one column for them. What is `sent` has no spares.
    """
    rows = [
        _cells(
            BOX,
            sheet.letter,
            sheet.title,
            "other table" if sheet.why == "alternate" else sheet.per,
            *([str(sheet.expected)] if expected != most else []),
            str(sheet.copies),
            "–" if sent else str(spares(sheet) or "–"),
            "send" if sent else str(to_print(sheet)),
            _sides(sheet),
        )
        for sheet in sheets
    ]
    numbers = _numbers(expected, most)
    header = _cells("", "Sheet", "Title", "For", *numbers, "Spare", "Print", "Sides")
    counts = (9,) * len(numbers)
    return Table(header, tuple(rows), widths=(4, 9, 52 - sum(counts), 13, *counts, 10, 9, 13), look="running")


def _numbers(expected: int, most: int) -> tuple[str, ...]:
    return (f"If {expected} come", f"If {most} come") if expected != most else (f"If {most} come",)


def _sides(sheet: Handout) -> str:
    return "both" if sheet.sides > 1 and not sheet.cut else "one, cut" if sheet.cut else "one"


def to_cut(sheets: Iterable[Handout], pieces: Mapping[str, int]) -> list[dict[str, Any]]:
    """The sheets to cut up, each with its pieces (by letter) and the minutes that cutting all copies takes."""
    found = []
    for sheet in sheets:
        if sheet.cut:
            each = pieces.get(sheet.letter) or _FEWEST_PIECES
            minutes = -(-to_print(sheet) * each * SECONDS_A_PIECE // 60)
            facts = {"letter": sheet.letter, "title": sheet.title, "copies": to_print(sheet)}
            found.append({**facts, "pieces": each, "minutes": minutes})
    return found


def pieces_of(blocks: Blocks) -> int:
    """The cards to cut out of a sheet."""
    return sum(isinstance(block, CutCard) for block in walk(blocks))


Counted = Sequence[tuple[str, int, str]]


def packed(few: Counted, many: Counted, expected: int, most: int, *, sent: bool) -> Table:
    """What to bring: a box to tick, the thing, how many for those expected and for the most, how that is counted.

    Sheets that are `sent` are not packed.
    """
    fewer = {item: count for item, count, _ in few}
    lines: list[tuple[str, object, object, str]]
    lines = [(item, fewer.get(item, count), count, counted or "for the room") for item, count, counted in many]
    if not sent:
        lines += [
            ("Spare pens", 5, 5, "for the room"),
            ("The printed sheets, in the order of their letters", "all", "all", "see above"),
        ]
    lines += [
        ("This list, the guide and the day card", 1, 1, "for each facilitator"),
    ]
    numbers = _numbers(expected, most)
    rows = tuple(
        _cells(BOX, item, *map(str, (some, all_of_them)[-len(numbers) :]), counted)
        for item, some, all_of_them, counted in lines
    )
    counts = (11,) * len(numbers)
    header = _cells("", "What", *numbers, "Counted")
    return Table(header, rows, widths=(4, 74 - sum(counts), *counts, 22), look="running")
