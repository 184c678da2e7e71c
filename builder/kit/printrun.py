"""The print run: for each file and each sheet how many copies, on which sides, and how much paper they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from builder.blocks import Blocks, CutCard, PageBreak, Run, Runs, Table, TentCard, walk
from builder.kit.sheets import Handout

# Our own rules; nobody measured them, and the paper says so.
SPARE_FOR_EACH = 10  # one spare copy for each ten that may be needed, and at least one
SECONDS_A_PIECE = 10  # to cut one piece out with scissors, one sheet at a time, or to fold one card

Instead = Literal["to send", "as asked for", "none"]

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
    `pieces` are the cards to cut out or fold in a copy, `instead` what is said where there are no copies.
    """

    name: str
    copies: int | None
    both_sides: bool
    sheets: Mapping[str, int] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    pieces: int = 0
    instead: Instead = "to send"

    @property
    def in_words(self) -> str:
        """The copies as the list says them."""
        return "by sheet" if self.copies is None else str(self.copies or self.instead)

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
    """The spare copies of a sheet: by the rule above, and none of what lies in the room once.

    They are in the standard edition where that is printed, otherwise in large print.
    """
    copies = sheet.copies or sheet.large
    return 0 if sheet.per == "room" or not copies else max(1, -(-copies // SPARE_FOR_EACH))


def to_print(sheet: Handout, *, large: bool = False) -> int:
    """The copies of a sheet in one edition for the most that may come, spares included."""
    copies, has_spares = (sheet.large, not sheet.copies) if large else (sheet.copies, bool(sheet.copies))
    return copies + spares(sheet) if has_spares else copies


def of_sheets(name: str, sheets: Sequence[Handout], *, sent: bool = False, large: bool = False) -> FileRun:
    """The run of a file of participants' sheets: double-sided where one of them has a text on its back.

    Each sheet begins on a leaf of its own, so that none comes on the back of another. What is `sent` is not printed.
    A worksheet that a group shares is read while it is filled in: its pages lie side by side, on two leaves.
    In `large` print any sheet may flow on to its back.
    """
    numbers = {sheet.letter: 0 if sent else to_print(sheet, large=large) for sheet in sheets}
    both = any((large or sheet.sides > 1) and not sheet.lies_open for sheet in sheets)
    apart = tuple(sheet.letter for sheet in sheets if both and sheet.lies_open and (large or sheet.sides > 1))
    same = set(numbers.values())
    if same == {0}:
        apart = ()
    instead: Instead = "to send"
    if not sent or (large and not any(sheet.large for sheet in sheets)):
        instead = "as asked for" if large else "none"
    return FileRun(name, same.pop() if len(same) == 1 else None, both, numbers, apart, instead=instead)


def of_paper(name: str, copies: int, parts: Sequence[Blocks], instead: Instead = "to send") -> FileRun:
    """The run of a paper that is read through: double-sided where it has more than one page by its making."""
    both = len(parts) > 1 or any(isinstance(b, PageBreak) for part in parts for b in part)
    return FileRun(name, copies, both, instead=instead)


def not_printed(name: str, instead: Instead) -> FileRun:
    """The run of a file that no printer sees."""
    return FileRun(name, 0, both_sides=False, instead=instead)


def as_facts(runs: Iterable[FileRun]) -> dict[str, Any]:
    """Runs as `kit.json` keeps them."""
    return {
        run.name: {
            "copies": run.copies,
            "both_sides": run.both_sides,
            "sheets": dict(run.sheets),
            "apart": list(run.apart),
            "pieces": run.pieces,
            "instead": run.instead,
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
            case {
                "copies": int() | None as copies,
                "both_sides": bool(both),
                "sheets": dict(sheets),
                "apart": list(apart),
                "pieces": int(pieces),
                "instead": ("to send" | "as asked for" | "none") as instead,
            }:
                if all(isinstance(number, int) for number in sheets.values()):
                    yield FileRun(name, copies, both, sheets, tuple(map(str, apart)), pieces, instead)
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
    both = "–" if run.copies == 0 else "yes" if run.both_sides else "no"
    apart = f", but {' '.join(run.apart)} on one" if run.apart else ""
    paper = run.paper(count)
    pages = str(count.pages) if count else ""
    return _cells(BOX, current, title, run.in_words, both + apart, pages, "" if paper is None else str(paper or "–"))


def sheets_to_print(sheets: Sequence[Handout], expected: int, most: int, *, sent: bool) -> Table:
    """The participants' sheets: for whom, copies for those expected, for the most, spares, and what to print.

    Where both numbers are the same, there is one column for them. What is `sent` has no spares.
    The copies in large print stand in a column of their own, and are in no other.
    """
    large = any(sheet.large for sheet in sheets)
    rows = [
        _cells(
            BOX,
            sheet.letter,
            sheet.title,
            "other table" if sheet.why == "alternate" else sheet.per,
            *([str(sheet.expected)] if expected != most else []),
            str(sheet.copies),
            "–" if sent else str(spares(sheet) or "–"),
            "send" if sent else str(to_print(sheet) or "–"),
            *([str(sheet.large if sent else to_print(sheet, large=True))] if large else []),
            _sides(sheet),
        )
        for sheet in sheets
    ]
    numbers = _numbers(expected, most)
    header = _cells(
        "", "Sheet", "Title", "For", *numbers, "Spare", "Print", *(["Large print"] if large else []), "Sides"
    )
    counts, more = (9,) * len(numbers), (9,) if large else ()
    title = 52 - sum(counts) - sum(more)
    widths = (4, 9, title, 13, *counts, 10, 9, *more, 13)
    return Table(header, tuple(rows), widths=widths, look="running")


def _numbers(expected: int, most: int) -> tuple[str, ...]:
    return (f"If {expected} come", f"If {most} come") if expected != most else (f"If {most} come",)


def _sides(sheet: Handout) -> str:
    if sheet.cut:
        return "one, cut"
    return "one" if sheet.sides == 1 else "two leaves" if sheet.lies_open else "both"


def to_cut(sheets: Iterable[Handout], pieces: Mapping[str, int], *, large: bool = False) -> list[dict[str, Any]]:
    """The sheets of an edition to cut up, each with its pieces (by letter) and the minutes for all its copies."""
    found = []
    for sheet in sheets:
        copies = to_print(sheet, large=large)
        if sheet.cut and copies:
            each = pieces.get(sheet.letter) or _FEWEST_PIECES
            facts = {"letter": sheet.letter, "title": sheet.title, "copies": copies}
            found.append({**facts, "pieces": each, "minutes": minutes_for(copies * each)})
    return found


def minutes_for(pieces: int) -> int:
    """The minutes that it takes to cut out so many pieces, or to fold so many cards."""
    return -(-pieces * SECONDS_A_PIECE // 60)


def pieces_of(blocks: Blocks) -> int:
    """The cards to cut out of a sheet, or to fold."""
    return sum(isinstance(block, CutCard | TentCard) for block in walk(blocks))


Counted = Sequence[tuple[str, int, str]]


def packed(few: Counted, many: Counted, people: tuple[int, int], *, sent: bool, cards: bool = False) -> Table:
    """What to bring: a box to tick, the thing, how many for those expected and for the most, how that is counted.

    Sheets that are `sent` are not packed; with `cards` there are some to bring that carry no letter.
    """
    fewer = {item: count for item, count, _ in few}
    lines: list[tuple[str, object, object, str]]
    lines = [(item, fewer.get(item, count), count, counted or "for the room") for item, count, counted in many]
    if not sent:
        lines += [
            ("Spare pens", 5, 5, "for the room"),
            ("The printed sheets, in the order of their letters", "all", "all", "see above"),
        ]
    if cards:
        lines.append(("The cards, cut out, folded and in order", "all", "all", "see above"))
    lines += [
        ("This list, the guide and the day card", 1, 1, "for each facilitator"),
    ]
    numbers = _numbers(*people)
    rows = tuple(
        _cells(BOX, item, *map(str, (some, all_of_them)[-len(numbers) :]), counted)
        for item, some, all_of_them, counted in lines
    )
    counts = (11,) * len(numbers)
    header = _cells("", "What", *numbers, "Counted")
    return Table(header, rows, widths=(4, 74 - sum(counts), *counts, 22), look="running")
