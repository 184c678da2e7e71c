"""How long the papers take and what memory they need, beside other ways to make the same: medians and ratios.

Run: python tests/benchmarks/papers.py [handout] [table] [commands] [again] [--rounds N] [--help]
- handout: the four sheets of the lesson power-dynamics, a page of A4 each, by us and by other ways
- table: tables of 500 to 4,000 rows, with the time for each row
- commands: `workshop` in a new process, up to a kit for 200 people with badges, beside a bare Python
- again: a second build of the same kit, which must not write anything
Without a name all are run. Other ways take turns with ours, so that a busy machine slows all alike.
Two of them are not among the program's packages: `pip install docxtpl pypandoc_binary` brings them (docxtpl is LGPL,
pandoc GPL: here they are measured, never shipped). What is missing is said, and left out.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from builder import word  # noqa: E402
from builder.blocks import (  # noqa: E402  # noqa: E402
    Blocks,
    Box,
    CutCard,
    FillIn,
    Heading,
    ListBlock,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    Sheet,
    Table,
    WritingLines,
    text_of,
)
from builder.kit.templates import fitted  # noqa: E402
from builder.kit.texts import Texts, filled  # noqa: E402
from builder.library import load, shipped  # noqa: E402
from builder.model import Library  # noqa: E402

BRIEF = ROOT / "examples" / "ninety-minutes.yaml"
SHEETS = ("power-grid", "decision-ladder", "signs-power-moved", "two-envelopes")
FOOTER = "Solidarity in practice, plan 9JC2P"
SIZES = (500, 1000, 2000, 4000)
MOST_ROWS_OF_A_PEER = 1000
PEOPLE = 200
FIRST, LAST = ("Ada", "Ngozi", "Jürgen", "שירה", "王小明"), ("Lovelace", "Okonkwo-Adichie", "Weiß", "Featherstonehaugh")

Way = Callable[[], bytes]


def tell(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def in_turn(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """The milliseconds of each way, so many rounds, one after the other in each round; the first does not count."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            found[name].append((time.perf_counter() - started) * 1000)
    return {name: times[1:] for name, times in found.items()}


def tell_times(found: Mapping[str, Sequence[float]], rounds: int, beside: Mapping[str, str]) -> None:
    """Print a table of times, each as a multiple of what `beside` names; the best is what a busy machine hides."""
    tell(f"{'':36}{'median ms':>10}{'best ms':>10}{'worst ms':>10}   ({rounds} rounds)")
    middle = {name: statistics.median(times) for name, times in found.items()}
    for name, times in found.items():
        other = beside.get(name)
        ratio = f"   {middle[name] / middle[other]:.2f} x {other}" if other in middle else ""
        tell(f"{name:36}{middle[name]:10.2f}{min(times):10.2f}{max(times):10.2f}{ratio}")


# ------------------------------------------------------------ handout


@dataclass(frozen=True)
class Piece:
    """A piece of a page as a template sees it: a heading, a paragraph, an item, a table or lines to write on."""

    kind: str
    text: str = ""
    rows: Sequence[Sequence[str]] = ()


def read(library: Library) -> Blocks:
    """The handout's blocks from its Markdown: parsed, placeholders filled, citations in words."""
    texts = Texts(library)
    found: list[Any] = []
    for name in SHEETS:
        sheet = texts.sheet(library.sheets[f"power-dynamics/{name}"])
        found += [*([PageBreak()] if found else []), *fitted(filled(sheet, {}, library))]
    return tuple(found)


def paper(blocks: Blocks) -> Paper:
    """The paper around some blocks."""
    return Paper("Power dynamics", (Sheet(blocks, FOOTER),), author="Riverside Trust")


def pieces(blocks: Blocks) -> Iterator[Piece]:
    """The same words for those who know no blocks."""
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            yield Piece(f"h{block.level}" if isinstance(block, Heading) else "p", text_of(block.runs))
        elif isinstance(block, ListBlock):
            yield from (Piece("item", text_of(first.runs)) for first, *_ in block.items if isinstance(first, Paragraph))
        elif isinstance(block, Table):
            yield Piece("table", rows=[[text_of(cell) for cell in row] for row in (block.header, *block.rows)])
        elif isinstance(block, WritingLines | FillIn):
            yield from [Piece("p", "_" * 60)] * (block.count if isinstance(block, WritingLines) else 1)
        elif isinstance(block, Box | CutCard):
            yield from pieces(block.blocks)
        elif isinstance(block, PageBreak):
            yield Piece("page")


def with_python_docx(content: Sequence[Piece]) -> bytes:
    """The handout with python-docx alone, on its own base."""
    from docx import Document

    document = Document()
    for piece in content:
        if piece.kind == "table":
            table = document.add_table(0, len(piece.rows[0]), "Table Grid")
            for row in piece.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        elif piece.kind == "page":
            document.add_page_break()
        elif piece.kind in {"h2", "h3"}:
            document.add_heading(piece.text, int(piece.kind[1]))
        else:
            document.add_paragraph(piece.text, "List Bullet" if piece.kind == "item" else None)
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def template(base: bytes | None) -> bytes:
    """A template for docxtpl on a base (its own, which is python-docx's, where there is none)."""
    from docx import Document

    document = Document(BytesIO(base) if base else None)
    styles = {"h2": "Heading 2", "h3": "Heading 3", "item": "List Bullet", "p": "Normal"}
    document.add_paragraph("{%p for piece in pieces %}")
    for kind, style in styles.items():
        document.add_paragraph(f"{{%p if piece.kind == '{kind}' %}}")
        document.add_paragraph("{{ piece.text }}", style)
        document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if piece.kind == 'page' %}")
    document.add_page_break()
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if piece.kind == 'table' %}")
    table = document.add_table(3, 3, "Table Grid")
    table.cell(0, 0).text = "{%tr for row in piece.rows %}"
    for cell, text in zip(
        table.rows[1].cells, ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"), strict=True
    ):
        cell.text = text
    table.cell(2, 0).text = "{%tr endfor %}"
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    return saved(document)


def with_docxtpl(base: bytes, content: Sequence[Piece]) -> bytes:
    """The handout with docxtpl, from a template in memory."""
    from docxtpl import DocxTemplate

    filling = DocxTemplate(BytesIO(base))
    filling.render({"pieces": content}, autoescape=True)
    return saved(filling)


def with_pandoc(program: str, markdown: str) -> bytes:
    """The handout with pandoc, which is a process of its own each time."""
    command = [program, "-f", "markdown", "-t", "docx", "-o", "-"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout


def pandoc() -> str | None:
    """Where pandoc is, on the path or in the package pypandoc_binary."""
    try:
        from pypandoc import get_pandoc_path
    except ImportError:
        return shutil.which("pandoc")
    return str(get_pandoc_path())


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts of a document in an archive, and nothing else done: the least that any way takes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def has_docxtpl() -> bool:
    """Whether docxtpl is installed; says so where it is not."""
    from importlib.util import find_spec

    there = find_spec("docxtpl") is not None
    if not there:
        tell("docxtpl is left out: pip install docxtpl")
    return there


def ways_to_a_handout() -> dict[str, Way]:
    """Each way to the same four pages."""
    library = load(shipped("modules"))
    blocks = read(library)
    content = list(pieces(blocks))
    ours = word.render(paper(blocks))
    with zipfile.ZipFile(BytesIO(ours)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    ways: dict[str, Way] = {
        "zip alone": lambda: zipped(parts),
        "ours, from blocks": lambda: word.render(paper(blocks)),
        "ours, from Markdown": lambda: word.render(paper(read(library))),
    }
    if has_docxtpl():
        own, slim = template(None), template(word.render(paper(())))
        ways["docxtpl on a slim base"] = lambda: with_docxtpl(slim, content)
        ways["docxtpl on its own base"] = lambda: with_docxtpl(own, content)
    ways["python-docx"] = lambda: with_python_docx(content)
    if program := pandoc():
        markdown = "\n\n".join(library.sheets[f"power-dynamics/{name}"].body.markdown for name in SHEETS)
        ways["pandoc, a process each"] = lambda: with_pandoc(program, markdown)
    else:
        tell("pandoc is left out: pip install pypandoc_binary")
    return ways


def handout(rounds: int, keep: Path | None) -> None:
    """Print how long each way to the handout takes; the files go into `keep`, to be looked at."""
    tell("The same handout of four pages. Wanted: from blocks 3 ms, 2.5 x zip alone, 0.25 x docxtpl on its own base.")
    ways = ways_to_a_handout()
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        for name, way in ways.items():
            (keep / f"{name.replace(',', '').replace(' ', '-')}.docx").write_bytes(way())
    found = in_turn(ways, rounds)
    tell_times(found, rounds, {name: "ours, from blocks" for name in found if name != "ours, from blocks"})
    middle = {name: statistics.median(times) for name, times in found.items()}
    for other in ("zip alone", "docxtpl on its own base"):
        if other in middle:
            tell(f"ours, from blocks: {middle['ours, from blocks'] / middle[other]:.2f} x {other}")
    tell()


# ------------------------------------------------------------ table


def rows(library: Library, count: int) -> list[list[str]]:
    """So many rows of a table: the steps of the library, over and over."""
    steps = ((each.title, each.lesson, str(each.minutes.typical)) for each in library.activities.values())
    return [[str(number), *step] for number, step in enumerate(islice(cycle(list(steps)), count), 1)]


def table_of(content: Sequence[Sequence[str]]) -> Blocks:
    """A table of these rows."""
    header = tuple((Run(name),) for name in ("No.", "Step", "Lesson", "Minutes"))
    return (Table(header, tuple(tuple((Run(cell),) for cell in row) for row in content), widths=(1, 5, 4, 2)),)


def table(rounds: int, _: Path | None) -> None:
    """Print how long tables take, and whether each row takes as long in a long one as in a short one."""
    tell("Tables of four columns. Wanted: 2,000 rows in 40 ms, and as long for each row however many there are.")
    library = load(shipped("modules"))
    tables = {count: table_of(rows(library, count)) for count in SIZES}
    ways: dict[str, Way] = {f"ours, {n:,} rows": lambda n=n: word.render(paper(tables[n])) for n in SIZES}
    small = [n for n in SIZES if n <= MOST_ROWS_OF_A_PEER]
    content = {n: [Piece("table", rows=rows(library, n))] for n in small}
    ways |= {f"python-docx, {n:,} rows": lambda n=n: with_python_docx(content[n]) for n in small}
    if has_docxtpl():
        own = template(None)
        ways |= {f"docxtpl, {n:,} rows": lambda n=n: with_docxtpl(own, content[n]) for n in small}
    found = in_turn(ways, rounds)
    tell_times(found, rounds, {})
    for name, times in found.items():
        count = int(name.split()[1].replace(",", ""))
        tell(f"{name:36}{1000 * statistics.median(times) / count:10.1f} us a row")
    tell()


# ------------------------------------------------------------ commands


def people(folder: Path) -> Path:
    """A list of so many names."""
    names = [f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}" for n in range(PEOPLE)]
    path = folder / "people.csv"
    path.write_text("\n".join(["name", *names]), encoding="utf-8")
    return path


# A process is measured from a small one: at its start it would inherit the peak of whoever starts it.
MEASURING = """
import os, subprocess, sys, time
started = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(status, (time.perf_counter() - started) * 1000, used.ru_maxrss / 1024)
"""


def measure(arguments: Sequence[str], folder: Path) -> tuple[float, float]:
    """Milliseconds of wall time and megabytes at the peak of one run in a new process, the program's code compiled.

    Compiled code and the user's own data are kept in `folder`, so that nothing is left behind and nothing brought in.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "XDG_DATA_HOME": str(folder / "data")}
    process = [sys.executable, "-c", MEASURING, sys.executable, *arguments]
    told = subprocess.run(process, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    status, wall, peak = map(float, told.split())
    if status:
        message = f"{arguments} failed"
        raise SystemExit(message)
    return wall, peak


def commands(rounds: int, _: Path | None) -> None:
    """Print how long commands take from a cold start, with what memory, beside a bare Python."""
    tell("Commands in a new process. Wanted: build 600 ms; for 200 people with badges 1,000 ms and 150 MB.")
    many = ["--set", f"participants={PEOPLE}", "--set", f"participants_most={PEOPLE}"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build = ["-m", "builder", "build", str(BRIEF)]
        runs = {
            "bare python": ["-c", "pass"],
            "python-docx imported": ["-c", "import docx"],
            "workshop --help": ["-m", "builder", "--help"],
            "workshop plan": ["-m", "builder", "plan", str(BRIEF)],
            "workshop build": [*build, "-o"],
            f"the same, {PEOPLE} people, badges": [*build, *many, "--roster", str(people(folder)), "-o"],
        }
        found: dict[str, list[tuple[float, float]]] = {each: [] for each in runs}
        for turn in range(rounds + 1):
            for number, (each, arguments) in enumerate(runs.items()):
                out = [str(folder / f"{number}-{turn}")] if arguments[-1] == "-o" else []
                found[each].append(measure([*arguments, *out], folder))
    walls = {each: [wall for wall, _ in times[1:]] for each, times in found.items()}
    tell_times(walls, rounds, dict.fromkeys(list(runs)[1:], "bare python"))
    for each, times in found.items():
        tell(f"{each:36}{statistics.median(peak for _, peak in times[1:]):10.1f} MB at the peak")
    tell()


# ------------------------------------------------------------ again


def again(rounds: int, _: Path | None) -> None:
    """Print how long a build takes that finds nothing changed, and how many files it touched: none."""
    tell("The same kit built again into its folder. Wanted: no file touched.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = ["-m", "builder", "build", str(BRIEF), "-o", str(folder / "kit")]
        measure(arguments, folder)
        before = state(folder / "kit")
        times = [measure(arguments, folder)[0] for _ in range(rounds)]
        after = state(folder / "kit")
    tell_times({"workshop build, nothing changed": times}, rounds, {})
    touched = sum(before.get(path) != after.get(path) for path in before | after)
    tell(f"{touched} of {len(before)} files touched in {rounds} builds")
    tell()


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Each file's time of change, place on the disk and bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files}


PARTS: Mapping[str, tuple[Callable[[int, Path | None], None], int]] = {
    "handout": (handout, 50),
    "table": (table, 7),
    "commands": (commands, 10),
    "again": (again, 10),
}


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--rounds", type=int, help="how many rounds count (50 handouts, 7 tables, 10 of the others)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the handouts of each way here, to look at them")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    load_average = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    tell(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors{load_average}\n")
    for name in options.parts or PARTS:
        part, rounds = PARTS[name]
        part(options.rounds or rounds, options.keep)


if __name__ == "__main__":
    main()
