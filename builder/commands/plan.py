"""The command `workshop plan`: an agenda with its reasons, or one brief at several lengths side by side."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.actuals.command import NO_ACTUALS
from builder.commands.given import BRIEF, SET, InUse, briefed, briefed_each, print_json
from builder.commands.refusal import RefusedWithOtherError, planned
from builder.packs.option import MODULES, PACKS
from builder.problems import EXIT_UNUSABLE_INPUT, Problem, RefusedError, UsageError, WorkshopError

if TYPE_CHECKING:
    from builder.model import Brief, Library, Plan

SHORTEST, LONGEST = 30, 480
MOST_LENGTHS = 8


@click.command()
@BRIEF
@click.option("--json", "as_json", is_flag=True, help="Print the plan, or why there is none, as JSON.")
@click.option(
    "--minutes",
    "lengths",
    metavar="N,N,…",
    help="Show the same brief at several lengths, such as 60,90,120, side by side.",
)
@SET
@MODULES
@PACKS
@NO_ACTUALS
def plan(  # noqa: PLR0913, PLR0917 - one parameter for each option
    brief_path: Path,
    as_json: bool,  # noqa: FBT001 - click passes flags like this
    lengths: str | None,
    pairs: Sequence[str],
    modules: Path | None,
    packs: Sequence[Path],
    no_actuals: bool,  # noqa: FBT001
) -> None:
    """Print the agenda with its reasons; write nothing.

    \b
    Examples:
      workshop plan workshop.yaml
      workshop plan workshop.yaml --set minutes=60 --json
      workshop plan workshop.yaml --minutes 60,90,120
    """  # noqa: D301 - click keeps lines apart after it
    used = InUse(modules, packs, no_actuals)
    try:
        if lengths is None:
            asked = briefed(brief_path, pairs, used)
            _one(asked.library, asked.brief, as_json=as_json)
        else:
            changes = [{"minutes": minutes} for minutes in read_lengths(lengths)]
            each = briefed_each(brief_path, pairs, used, changes)
            _several(each[0].library, [asked.brief for asked in each], as_json=as_json)
    except UsageError:
        raise
    except RefusedWithOtherError as error:
        if not as_json:
            raise
        print_json(_refused(error))
        raise RefusedWithOtherError(error, error.booked, None, error.library) from error
    except WorkshopError as error:
        if as_json:
            print_json(_refused(error))
        raise


def read_lengths(text: str) -> list[int]:
    """The lengths of a list such as `60,90,120`, each once; raises UsageError where it is none."""
    words = [word.strip() for word in text.split(",")]
    lengths = [int(word) if word.isascii() and word.isdecimal() and len(word) < 5 else 0 for word in words]
    wrong = next((word for word, minutes in zip(words, lengths, strict=True) if not _able(minutes)), None)
    hint = "For instance: --minutes 60,90,120"
    if wrong is not None:
        message = f"--minutes: '{wrong}' is no whole number of minutes from {SHORTEST} to {LONGEST}."
        raise UsageError([Problem("usage", message, hint=hint)])
    if len(set(lengths)) > MOST_LENGTHS:
        message = f"--minutes: {len(set(lengths))} lengths do not fit side by side; {MOST_LENGTHS} at the most."
        raise UsageError([Problem("usage", message, hint=hint)])
    return list(dict.fromkeys(lengths))


def _able(minutes: int) -> bool:
    return SHORTEST <= minutes <= LONGEST


def _one(library: "Library", brief: "Brief", *, as_json: bool) -> None:
    from builder import published, terminal

    found = planned(library, brief)
    if as_json:
        print_json(published.plan(found, library))
    else:
        terminal.show(found, library, sys.stdout)


def _several(library: "Library", briefs: Sequence["Brief"], *, as_json: bool) -> None:
    """One brief at each length; fails only where there is a plan for none."""
    from builder import calibrate, published
    from builder.terminal.lengths import show_lengths

    outcomes: dict[int, Plan | RefusedError] = {}
    for brief in briefs:
        try:
            outcomes[brief.minutes] = (planned if as_json else calibrate.plan)(library, brief)
        except RefusedError as error:
            outcomes[brief.minutes] = error
    if as_json:
        print_json(
            [
                {"minutes": minutes, **_refused(found)}
                if isinstance(found, RefusedError)
                else published.plan(found, library)
                for minutes, found in outcomes.items()
            ]
        )
    else:
        show_lengths(outcomes, library, sys.stdout)
    if all(isinstance(found, RefusedError) for found in outcomes.values()):
        raise click.exceptions.Exit(EXIT_UNUSABLE_INPUT)


def _refused(error: WorkshopError) -> Mapping[str, Any]:
    from builder import published

    if isinstance(error, RefusedWithOtherError):
        return published.refused(error, error.other, error.library)
    return published.refused(error)
