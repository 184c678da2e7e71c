"""Counting the sides of sheets and cases on rendered pages, which takes LibreOffice, poppler, and some seconds."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from builder.blocks import Blocks, Heading, PageSize, Paper, Run, Sheet
from builder.kit.cases import case_sheet
from builder.kit.templates import fitted
from builder.kit.texts import Texts, filled
from builder.problems import Problem
from builder.quality import Found, Subject, criteria
from builder.word import render

SIDES_OF_A_CASE = 2
SECONDS = 600
SIZES: tuple[PageSize, ...] = ("A4", "Letter")
_FILLED = {"organisation": "Riverside Trust", "reporting_contact": "Jo Marsh, People team, extension 204"}
_FOOTER = "Solidarity in practice · Sheet A · Plan ABCDE"


def sides(subject: Subject, say: Callable[[str], None]) -> Iterator[Problem]:
    """Sheets that do not fill the sides they declare, and cases that need more than two; one note if not counted."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not (office and shutil.which("pdfinfo")):
        yield _not_counted("LibreOffice or poppler is not installed: no sides were counted.")
        return
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            papers = {name: _write(Path(folder), name, blocks, size) for name, blocks in _papers(subject).items()}
            say(f"Rendering {len(papers)} sheets and cases on {size} …")
            try:
                counted = _counted(office, Path(folder), papers)
            except (OSError, subprocess.SubprocessError, ValueError, IndexError):
                yield _not_counted(f"LibreOffice did not render the sheets: no sides were counted on {size}.")
                return
        yield from _unlike(subject, counted, size)


def _not_counted(message: str) -> Problem:
    return Found(message).problem(criteria()["sides-not-counted"])


def _papers(subject: Subject) -> Mapping[tuple[str, str], Blocks]:
    """What is printed of each sheet and each card."""
    texts, library = Texts(subject.library), subject.library
    head = Heading(1, (Run("Sheets for each person"),))
    papers: dict[tuple[str, str], Blocks] = {}
    for key, sheet in library.sheets.items():
        papers["sheet", key] = (head, *filled(fitted(texts.sheet(sheet)), _FILLED, library))
    for key, card in library.cards.items():
        papers["card", key] = filled(case_sheet(card, texts, _FILLED["organisation"]), _FILLED, library)
    return papers


def _write(folder: Path, name: tuple[str, str], blocks: Blocks, size: PageSize) -> Path:
    path = folder / f"{name[0]}__{name[1].replace('/', '__')}.docx"
    path.write_bytes(render(Paper(title=name[1], sheets=(Sheet(blocks, _FOOTER),), size=size)))
    return path


def _counted(office: str, folder: Path, papers: Mapping[tuple[str, str], Path]) -> Mapping[tuple[str, str], int]:
    """The pages of each paper, rendered in one go."""
    if papers:
        command = [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
        ]
        command += ["--outdir", str(folder), *map(str, papers.values())]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - names are our own
    return {name: _pages(path.with_suffix(".pdf")) for name, path in papers.items()}


def _pages(path: Path) -> int:
    command = ["pdfinfo", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS).stdout  # noqa: S603
    return int(told.partition("Pages:")[2].split()[0])


def _unlike(subject: Subject, counted: Mapping[tuple[str, str], int], size: PageSize) -> Iterator[Problem]:
    criterion = criteria()["sheet-sides"]
    for (kind, key), pages in counted.items():
        if kind == "sheet":
            sheet = subject.library.sheets[key]
            if pages != sheet.sides:
                message = f"fills {_sides(pages)} of {size} paper, and declares {_sides(sheet.sides)}."
                yield subject.at(sheet, ("sides",), message).problem(criterion)
        elif pages > SIDES_OF_A_CASE:
            message = f"fills {_sides(pages)} of {size} paper; a case has two, so that all of it is on one leaf."
            yield subject.at(subject.library.cards[key], (), message).problem(criterion)


def _sides(count: int) -> str:
    return f"{count} side{'s' if count != 1 else ''}"
