"""A kit's folder on its way to PDF files: which version of a paper is printed, its pages, the list made again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from builder import folder, kit
from builder.folder import disk
from builder.folder.names import without_version
from builder.kit.papers import PRINT_LIST
from builder.kit.printrun import Count, FileRun, from_facts
from builder.model import Library
from builder.printing.office import Office, to_pdf
from builder.printing.pages import count, with_blank_backs
from builder.printing.stale import MADE_FROM, PDF_FOLDER
from builder.problems import InputError, Problem
from builder.roster import NAMED

BRIEF = "workshop.yaml"
_WORD = ".docx"
_NAMES = "names: no PDF file is kept"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that is printed of a paper, its bytes, how it is printed, and what to know about it."""

    paper: str
    file: str
    content: bytes
    run: FileRun
    note: str = ""

    @property
    def sha256(self) -> str:
        """The fingerprint of what is printed."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper with its PDF file and its counted pages."""

    chosen: Chosen
    pdf: bytes
    count: Count

    @property
    def paper(self) -> int | None:
        """The sheets of paper for all copies; None where that cannot be told."""
        return self.chosen.run.paper(self.count)


def seen(kit_folder: Path) -> folder.Former:
    """A kit's folder as it is now; InputError where it holds no kit."""
    found = folder.look(kit_folder, kit.NAMES, [kit_folder / BRIEF])
    manifest = found.manifest
    if manifest is None or manifest.damaged or not isinstance(manifest.facts.get("plan_code"), str):
        why = "there is no kit.json that can be understood."
        hint = "Name the folder of a kit; 'workshop build' makes one."
        raise InputError([Problem("no-kit", why, kit_folder.as_posix(), hint=hint)])
    return found


def chosen(kit_folder: Path, looked: folder.Former) -> list[Chosen]:
    """The version of each Word paper that is printed: an edited one, unless it was made for another clock."""
    former, code = _former(looked), str(looked.facts["plan_code"])
    runs = {run.name: run for run in from_facts(looked.facts)}
    return list(_chosen(kit_folder, looked, former, code, runs))


def _former(looked: folder.Former) -> kit.Former:
    return kit.former(looked.facts, looked.passed_over, looked.on_disk)


def _chosen(
    kit_folder: Path, looked: folder.Former, former: kit.Former, code: str, runs: Mapping[str, FileRun]
) -> Iterator[Chosen]:
    for paper in (name for name in kit.NAMES if name.endswith(_WORD)):
        versions = [name for name in looked.on_disk if without_version(name) == paper]
        wanted = (former.current(paper, code), paper, *versions)
        file = next((name for name in wanted if name in looked.on_disk), None)
        content = disk.read(kit_folder / file) if file else None
        if file and content is not None:
            note = _NAMES if paper in NAMED else ""
            if former.is_for_another_clock(paper, code):
                note = "edited, but for another clock" if file == paper else f"{paper} was edited for another clock"
            elif file in looked.edited:
                note = "; ".join(filter(None, ("edited by hand", note)))
            yield Chosen(paper, file, content, runs.get(paper, FileRun(paper, 1, both_sides=False)), note)


# ------------------------------------------------------------ PDF files


def printed(office: Office, papers: Iterable[Chosen], tell: Callable[[str], None]) -> list[Printed]:
    """The papers as PDF files with their pages, in the same order.

    Those that are printed double-sided keep their blank backs; several sheets that are printed on one side do not.
    """
    listed = list(papers)
    flat = {each.file: each.content for each in listed if _loses_blanks(each.run)}
    others = {each.file: each.content for each in listed if not _loses_blanks(each.run)}
    made = {
        **to_pdf(office, others, blanks=True, tell=tell),
        **to_pdf(office, flat, blanks=False, tell=tell),
    }
    return [_counted(each, made[each.file]) for each in listed]


def _counted(each: Chosen, pdf: bytes) -> Printed:
    found = count(each.file, pdf, each.sha256, sheets=bool(each.run.sheets))
    return Printed(each, with_blank_backs(pdf, each.run.apart) if each.run.apart else pdf, found)


def _loses_blanks(run: FileRun) -> bool:
    return len(run.sheets) > 1 and not run.both_sides


def write(kit_folder: Path, done: Iterable[Printed], code: str) -> folder.Report:
    """Write the PDF files into the kit's folder for them; one that somebody changed stays, and the new goes beside.

    Papers with names get none: a build without names takes the papers away, and no PDF file may outlive them.
    """
    listed = [each for each in done if each.chosen.paper not in NAMED]
    files = {f"{Path(each.chosen.paper).stem}.pdf": each.pdf for each in listed}
    facts = {MADE_FROM: {each.chosen.file: each.chosen.sha256 for each in listed}}
    names = {f"{Path(name).stem}.pdf" for name in kit.NAMES if name.endswith(_WORD)}
    target = kit_folder / PDF_FOLDER
    former = folder.look(target, names | set(files))
    return folder.write_kit(target, files, facts, code, former=former)


# ------------------------------------------------------------ the list, with its pages


def list_again(
    kit_folder: Path, looked: folder.Former, library: Callable[[], Library], done: Iterable[Printed]
) -> Problem | None:
    """Write the print list anew with the counted pages, and keep them in `kit.json`; or say why not.

    The kit is made again from the brief that it was built from. Where it no longer comes out as it lies there, nothing
    is changed: its list would speak of other papers.
    """
    listed = list(done)
    held = {each.chosen.paper: each.chosen.sha256 for each in listed if each.chosen.paper in NAMED}
    former = replace(
        _former(looked),
        counts={each.chosen.paper: each.count for each in listed},
        named=[run for run in from_facts(looked.facts) if run.name in NAMED],
    )
    try:
        made = _made_again(kit_folder, looked, library(), replace(former, held={**former.held, **held}))
    except InputError:
        made = None
    if made is None:
        message = f"the pages are not filled into {PRINT_LIST}: the lessons or the program changed."
        hint = "Build the kit again and print it again; give the same --modules and --pack both times."
        return Problem("list-not-filled", message, hint=hint, severity="warning")
    files = {**made.files, **dict(_ours_with_names(kit_folder, looked))}
    folder.write_kit(kit_folder, files, made.facts, made.code, former=looked, untouchable=[kit_folder / BRIEF])
    return None


def _ours_with_names(kit_folder: Path, looked: folder.Former) -> Iterator[tuple[str, bytes]]:
    """The papers with names as they lie there: nobody kept the names, so they cannot be made again."""
    for name in looked.on_disk:
        paper = without_version(name)
        if paper in NAMED and name not in looked.edited:
            content = disk.read(kit_folder / name)
            if content is not None:
                yield paper, content


def _made_again(kit_folder: Path, looked: folder.Former, library: Library, former: kit.Former) -> kit.Kit | None:
    """The kit with these counts; None where any other paper would differ from what was written."""
    from builder import calibrate, letterhead, questions
    from builder.packs.option import letterhead_of
    from builder.strict import read_yaml

    marked, problems = read_yaml(str(looked.facts.get("brief", "")), "kit.json")
    if any(problem.severity == "error" for problem in problems):
        return None
    brief = questions.parse(marked, library)
    paper = letterhead.named(brief.letterhead, kit_folder / BRIEF, marked) or letterhead_of(library)
    made = kit.make(calibrate.plan(library, brief), library, former, letterhead=paper)
    marks = looked.manifest.files if looked.manifest else {}
    known = {mark.sha256 for marks_of_one in marks.values() for mark in marks_of_one}
    same = all(
        hashlib.sha256(content).hexdigest() in known
        for name, content in made.files.items()
        if name not in {PRINT_LIST, BRIEF}
    )
    return made if same and made.code == looked.facts["plan_code"] else None
