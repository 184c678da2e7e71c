"""The option that names a list of people."""

from pathlib import Path

import click

ROSTER = click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A CSV file of people, for name badges and table cards only; of its columns only the names are used.",
)
