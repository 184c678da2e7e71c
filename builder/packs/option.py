"""What commands that read a library share: its two options, the library under its packs, their letterhead."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from builder.letterhead import Letterhead
    from builder.model import Library

MODULES = click.option(
    "--modules",
    "modules",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Use the lessons in DIR instead of those that come with the program.",
)
PACKS = click.option(
    "--pack",
    "packs",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Lay the pack in DIR over the lessons. May be given again; the last wins.",
)


def library_of(modules: Path | None, packs: Sequence[Path]) -> "Library":
    """The lessons in a folder, or those of the program, under packs; what to know about the packs is told."""
    from builder.library import load, shipped

    folder = modules or shipped("modules")
    if not packs:
        return load(folder)
    from builder import terminal
    from builder.packs import loading

    library, warnings = loading.load(folder, packs)
    terminal.show_problems(warnings, sys.stderr)
    return library


def letterhead_of(library: "Library") -> "Letterhead | None":
    """The letterhead of the uppermost pack that has one, opened; raises InputError where it cannot be used."""
    from builder import letterhead
    from builder.problems import Problem

    for each in reversed(library.adaptations):
        name = each.pack.letterhead
        if name is not None:
            path = Path(each.folder) / name
            place = Problem("letterhead", f"letterhead: '{name}'", f"{each.folder}/pack.yaml")
            return letterhead.opened(letterhead.find(path, place), path.as_posix())
    return None
