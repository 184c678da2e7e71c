"""The option that names a list of people."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from builder.roster.reading import Roster

ROSTER = click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A CSV file of people, for name badges and table cards only; of its columns only the names are used.",
)


def people_in(path: Path | None) -> "Roster | None":
    """The list of people at a path, None where no list was named; InputError where it cannot be used."""
    from builder.roster.reading import read

    return read(path) if path else None
