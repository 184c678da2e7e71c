"""The options and arguments that several commands share."""

from pathlib import Path

import click

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
