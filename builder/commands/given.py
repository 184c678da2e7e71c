"""What commands are given: the options they share, the lessons in use, a brief from a file and from `--set`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.actuals.command import in_use
from builder.problems import InputError

if TYPE_CHECKING:
    from builder.letterhead import Letterhead
    from builder.model import Brief, Library
    from builder.strict import Marked

MODULES = click.option(
    "--modules",
    "modules",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Use the lessons in DIR instead of those that come with the program.",
)
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


def library_in(folder: Path | None) -> "Library":
    """The lessons in a folder, or those that come with the program."""
    from builder.library import load, shipped

    return load(folder or shipped("modules"))


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


def briefed(path: Path, pairs: Sequence[str], modules: Path | None, *, no_actuals: bool) -> Asked:
    """The lessons in use, and the brief in a file with what `--set` says."""
    return briefed_each(path, pairs, modules, [{}], no_actuals=no_actuals)[0]


def briefed_each(
    path: Path,
    pairs: Sequence[str],
    modules: Path | None,
    changes: Sequence[Mapping[str, object]],
    *,
    no_actuals: bool,
) -> list[Asked]:
    """The lessons in use, and the same brief with each of `changes`, which win over file and `--set`."""
    from builder import letterhead, questions

    given = questions.settings(pairs)
    filed = read_brief(path)
    library = in_use(library_in(modules), no_actuals=no_actuals)
    found = []
    for each in changes:
        layers = questions.layered(each, given, filed)
        brief = questions.parse(layers, library)
        found.append(Asked(library, brief, letterhead.named(brief.letterhead, path, layers)))
    return found
