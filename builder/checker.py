"""Judging what people wrote: a library, one lesson of it, or a brief. Gives findings; decides nothing else."""

import datetime
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder import kit, letterhead, pages, planner, quality, questions
from builder.kit.texts import DISAGREEMENTS, Texts
from builder.library import Findings, load, look_through, read_text, shipped, shown
from builder.model import LIVING, Library, Plan
from builder.packs import judging, loading
from builder.packs.layers import PACK
from builder.packs.option import letterhead_of
from builder.problems import Problem, Severity, UsageError, WorkshopError, has_errors
from builder.strict import Marked, read_yaml
from builder.todo import to_dos


@dataclass(frozen=True)
class Scope:
    """What is judged beside whether the files can be used: how good they are, and how many sides their sheets fill.

    `packs` lie over the lessons for which a brief or another pack is judged; `say` is told of what takes long.
    """

    quality: bool = True
    sides: bool = False
    packs: Sequence[Path] = ()
    say: Callable[[str], None] = lambda _: None


FORM = Scope(quality=False)


def judge_all(  # noqa: PLR0913 - one parameter for each option of the command
    paths: Sequence[Path],
    modules: Path | None,
    packs: Sequence[Path],
    as_of: str | None,
    say: Callable[[str], None],
    *,
    draft: bool,
    pages: bool,
) -> list[Problem]:
    """The findings about each path; without any about the packs, or about the lessons in use where there are none."""
    used, day = modules or shipped("modules"), day_of(as_of)
    scope = Scope(quality=not draft, sides=pages and not draft, say=say, packs=() if not paths else packs)
    return [problem for path in paths or packs or [used] for problem in judge(path, used, day, scope)]


def judge(path: Path, modules: Path, day: datetime.date, scope: Scope = FORM) -> list[Problem]:
    """Every finding about `path`: a folder of lessons, one lesson in it, or a brief for the lessons in `modules`."""
    if not os.path.lexists(path):
        hint = "Check the path; it starts from the folder that you are in."
        return [Problem("no-such-path", "there is no such file or folder.", shown(path), hint=hint)]
    if path.is_file() and path.suffix in (".yaml", ".yml"):
        return _brief(path, modules, scope.packs)
    if path.is_dir() and PACK in _names(path):
        return _pack(path, modules, day, scope)
    if path.is_dir():
        return _lesson(path, day, scope) if "lesson.md" in _names(path) else _library(path, day, scope)
    hint = "Name a folder of lessons, the folder of one lesson, a pack, or a brief whose name ends in .yaml."
    return [Problem("not-checkable", "is neither a folder of lessons nor a pack nor a brief.", shown(path), hint=hint)]


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _lesson(path: Path, day: datetime.date, scope: Scope) -> list[Problem]:
    """The findings about one lesson, which can only be judged among the others beside it."""
    lesson = path.resolve() if path.name in {"", ".."} else path.absolute()
    inside, here = shown(lesson), lesson == Path.cwd()
    found = _library(lesson.parent, day, scope)
    if here:
        return [problem for problem in found if not Path(problem.path).is_absolute()]
    return [problem for problem in found if problem.path == inside or problem.path.startswith(f"{inside}/")]


def _pack(path: Path, modules: Path, day: datetime.date, scope: Scope) -> list[Problem]:
    """The findings about a pack over the lessons and the packs below it: what is not found without it."""
    below = scope.packs if path not in scope.packs else scope.packs[: scope.packs.index(path)]
    without = set(_library(modules, day, scope, below))
    inside = shown(path)
    laid = loading.laid_over(modules, [*below, path])
    if any(problem.code == "no-pack" and problem.path == inside for problem in laid.findings.problems):
        return [problem for problem in laid.findings.problems if problem.path == inside]
    found = [*_judged(laid.findings, day, scope), *judging.judged(laid, modules)]
    theirs = [found_one for found_one in found if found_one.path.startswith(f"{inside}/") or found_one not in without]
    return sorted(dict.fromkeys(theirs), key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))


def _library(folder: Path, day: datetime.date, scope: Scope, packs: Sequence[Path] = ()) -> list[Problem]:
    """The findings about a folder of lessons, with packs over it."""
    return _judged(loading.look_through(folder, packs) if packs else look_through(folder), day, scope)


def _judged(read: Findings, day: datetime.date, scope: Scope) -> list[Problem]:
    """The findings about what was read; how good it is is judged only once it can be used."""
    texts = Texts(read.library, read.sources)
    texts.everything(read.marks)
    open_ends = list(to_dos(read.texts))
    found = [*read.problems, *_not_said_twice(texts.problems, read.problems)]
    if scope.quality and not has_errors(found):
        found += _quality(read, texts, scope, {problem.path for problem in open_ends})
    found += [*_review_dates(read, day), *open_ends]
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))


def _not_said_twice(problems: list[Problem], known: list[Problem]) -> Iterator[Problem]:
    """The problems without a table said to be empty, where the list that fills it is known to be wrong."""
    broken = any(Path(problem.path).name == DISAGREEMENTS and problem.severity == "error" for problem in known)
    return (problem for problem in problems if not (broken and problem.code == "no-disagreements"))


def _quality(read: Findings, texts: Texts, scope: Scope, unfinished: Collection[str]) -> Iterator[Problem]:
    """How good the lessons are; nothing is said yet of a lesson or list that its author is still writing."""
    subject = quality.Subject(read.library, read.marks, texts)
    found = list(quality.judged(subject))
    if scope.sides:
        found += pages.sides(subject, scope.say)
    folders = {Path(lesson.body.path).parent for lesson in read.library.lessons.values()}
    begun = {folder for folder in folders if any(folder in Path(path).parents for path in unfinished)}
    for problem in quality.settled(found, subject):
        if problem.path not in unfinished and begun.isdisjoint(Path(problem.path).parents):
            path, line = read.library.place(problem.path, problem.line)
            yield replace(problem, path=path, line=line)


def _review_dates(read: Findings, day: datetime.date) -> Iterator[Problem]:
    """Contested cards that were to be read again before `day`: of level 3 an error, of level 2 a warning."""
    for card in read.library.cards.values():
        if card.contested and card.review_by and card.review_by < day:
            severity: Severity = "error" if card.level >= LIVING else "warning"
            message = f"'{card.title}' was to be reviewed by {card.review_by}."
            hint = "Check every fact and reading, then set as_of and review_by anew."
            problem = read.marks["cards"][card.id].problem("review-due", message, ("review_by",), hint)
            yield replace(problem, severity=severity)


def _brief(path: Path, modules: Path, packs: Sequence[Path]) -> list[Problem]:
    try:
        text, warnings = read_text(path)
        marked, found_in = read_yaml(text, path.as_posix())
        problems = [*warnings, *found_in]
        if has_errors(problems):
            return problems
        library = loading.load(modules, packs)[0] if packs else load(modules)
        found = planner.plan(library, questions.parse(marked, library))
        problems += _letterhead(found, library, path, marked)
    except WorkshopError as error:
        return [problem if problem.path else replace(problem, path=path.as_posix()) for problem in error.problems]
    notes = [Problem("plan", warning, path.as_posix(), severity="warning") for warning in found.warnings]
    return [*problems, *notes]


def _letterhead(plan: Plan, library: Library, brief: Path, answers: Marked) -> list[Problem]:
    """What a build would say of the letterhead of a brief, or else of a pack; InputError where it would refuse it."""
    paper = letterhead.named(plan.brief.letterhead, brief, answers) or letterhead_of(library)
    if paper is None:
        return []
    return [problem for problem in kit.make(plan, library, letterhead=paper).warnings if _about_letterhead(problem)]


def _about_letterhead(problem: Problem) -> bool:
    return problem.code.startswith("letterhead")


def day_of(text: str | None) -> datetime.date:
    """The day against which reviews are judged: the one that was written, or today."""
    if text is None:
        return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        message = f"--as-of: '{text}' is not a date such as 2026-12-01."
        raise UsageError([Problem("date", message, hint="Write it as year, month, day.")]) from None
