"""What commands are given: the options they share, the lessons in use, a brief from a file and from `--set`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.actuals.command import in_use
from builder.packs.option import letterhead_of, library_of
from builder.problems import InputError

if TYPE_CHECKING:
    from builder.letterhead import Letterhead
    from builder.model import Brief, Library
    from builder.strict import Marked

SET = click.option(
    "--set",
    "pairs",
    metavar="KEY=VALUE",
    multiple=True,
    help="Answer one key of the brief, such as minutes=60 or cards.endorsement=linehan. May be given again.",
)
OUT = click.option(
    "-o",
    "--output",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The kit's folder. Default: ./<date or 'workshop'>-<title>/",
)
BRIEF = click.argument("brief_path", metavar="BRIEF", type=click.Path(path_type=Path))


def say(text: str) -> None:
    """Progress and messages: on standard error."""
    click.echo(text, err=True)


def print_json(value: object) -> None:
    """A result for other programs: on standard output."""
    import json

    click.echo(json.dumps(value, indent=2))


def read_brief(path: Path) -> "Marked":
    """The answers in a brief, with their places."""
    from builder import terminal
    from builder.library import read_text
    from builder.strict import read_yaml

    text, warnings = read_text(path)
    marked, problems = read_yaml(text, path.as_posix())
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    terminal.show_problems([*warnings, *problems], sys.stderr)
    return marked


@dataclass(frozen=True, slots=True)
class Asked:
    """What a workshop is made of: the lessons in use, the brief, and the letterhead that it names, opened."""

    library: "Library"
    brief: "Brief"
    letterhead: "Letterhead | None"


@dataclass(frozen=True, slots=True)
class InUse:
    """Which lessons are used: their folder (None: those of the program), the packs over it, and own minutes or not."""

    modules: Path | None
    packs: Sequence[Path]
    no_actuals: bool = False

    def library(self) -> "Library":
        """The lessons in use."""
        return in_use(library_of(self.modules, self.packs), no_actuals=self.no_actuals)


def briefed(path: Path, pairs: Sequence[str], used: InUse) -> Asked:
    """The lessons in use, and the brief in a file with what `--set` says."""
    return briefed_each(path, pairs, used, [{}])[0]


def briefed_each(path: Path, pairs: Sequence[str], used: InUse, changes: Sequence[Mapping[str, object]]) -> list[Asked]:
    """The lessons in use, and the same brief with each of `changes`, which win over file and `--set`."""
    from builder import questions

    given = questions.settings(pairs)
    filed = read_brief(path)
    library = used.library()
    found = []
    for each in changes:
        layers = questions.layered(each, given, filed)
        brief = questions.parse(layers, library)
        found.append(Asked(library, brief, letterhead_for(brief, path, layers, library)))
    return found


def letterhead_for(brief: "Brief", path: Path | None, answers: "Marked", library: "Library") -> "Letterhead | None":
    """The letterhead that a brief names, or that of its packs, opened."""
    from builder import letterhead

    return letterhead.named(brief.letterhead, path, answers) or letterhead_of(library)
