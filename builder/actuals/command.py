"""The command `workshop actuals`, and the option that leaves own minutes out of a plan."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.packs.option import PACKS, library_of
from builder.problems import InterruptedAnswersError, Problem, UsageError

if TYPE_CHECKING:
    from builder.actuals.kits import Booked
    from builder.actuals.noted import Noted
    from builder.model import Library
    from builder.terminal.actuals import Item

    Lessons = Callable[[], Library]

NO_ACTUALS = click.option(
    "--no-actuals", "no_actuals", is_flag=True, help="Plan with the authors' minutes, not with those of your own runs."
)


def in_use(library: "Library", *, no_actuals: bool) -> "Library":
    """The library with the minutes of own runs, unless they are not wanted."""
    from builder import calibrate
    from builder.actuals import kept

    return library if no_actuals else calibrate.calibrated(library, kept.load())


@click.command()
@click.argument("kit", metavar="[KIT]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Take the minutes from a CSV or YAML file instead of asking.",
)
@click.option("--list", "listing", is_flag=True, help="Show the runs that are kept.")
@click.option("--forget", metavar="CODE", help="Take the run with this plan code away (CODE@DATE where there are two).")
@click.option("--plain", is_flag=True, help="Plain questions, for screen readers and simple terminals.")
@click.option(
    "--modules",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Take the names of steps from the lessons in DIR.",
)
@PACKS
def actuals(  # noqa: PLR0913, PLR0917 - one parameter for each option
    kit: Path | None,
    source: Path | None,
    listing: bool,  # noqa: FBT001 - click passes flags like this
    forget: str | None,
    plain: bool,  # noqa: FBT001
    modules: Path | None,
    packs: Sequence[Path],
) -> None:
    """Note what the steps of a kit really took.

    The next plan uses it. KIT is the kit's folder.

    Kept on this computer, in your own data folder: day, head-count, what slowed the talk, and for each step its
    minutes as planned and as they were. No title, no organisation, no names. Noting a kit again replaces its run.

    \b
    A file for --from, as CSV (a header is fine, so is ; for ,) or as YAML (.yaml):
      activity,minutes                        power-dynamics/power-grid: 18
      power-dynamics/power-grid,18            opening/welcome: 5
      opening/welcome,5                       present: 14
      present,14                              date: 2026-12-01
    'present' (how many came) and 'date' may be left out, and so may steps that nobody noted.

    \b
    Examples:
      workshop actuals kit
      workshop actuals kit --from minutes.csv
      workshop actuals --list
      workshop actuals --forget K7M2Q
    """  # noqa: D301 - click keeps lines apart after it
    from builder.actuals import kept
    from builder.terminal.actuals import show_runs

    if sum((kit is not None, listing, forget is not None)) != 1:
        hint = "For instance: workshop actuals kit"
        raise UsageError([Problem("usage", "name one KIT, or use --list, or --forget CODE.", hint=hint)])
    if listing:
        show_runs(kept.load(), sys.stdout)
    elif forget is not None:
        kept.save(kept.without(kept.load(), forget))
        click.echo(f"The run {forget} is taken away.", err=True)
    elif kit is not None:
        _note(kit, source, lambda: library_of(modules, packs), plain=plain)


def _note(kit: Path, source: Path | None, lessons: "Lessons", *, plain: bool) -> None:
    from builder.actuals import kept, noted
    from builder.actuals.kits import read_kit

    runs = kept.load()
    booked = read_kit(kit)
    if source is not None:
        _keep(booked, noted.read_noted(source, booked))
        return
    answers = _written(noted.former(booked, runs))
    try:
        _ask(booked, answers, lessons, plain=plain)
    except KeyboardInterrupt:
        _keep(booked, _read(answers, booked))
        message = "Stopped. What you noted so far is kept."
        hint = "Run the same command again: it offers what you noted."
        raise InterruptedAnswersError([Problem("interrupted", message, hint=hint)]) from None
    except EOFError:
        message = "The input ended before the steps did; nothing is kept."
        raise UsageError([Problem("input-ended", message, hint="Give the minutes with --from FILE.")]) from None
    _keep(booked, _read(answers, booked))


def _keep(booked: "Booked", noted_now: "Noted") -> None:
    """Keep a run, and say what it comes to; one without a single step is none."""
    from builder.actuals import kept, noted
    from builder.terminal.actuals import total

    run = noted.run_of(booked, noted_now)
    if not run.steps:
        click.echo("No step was noted, so nothing is kept.", err=True)
        return
    kept.save(kept.with_run(kept.load(), run))
    click.echo(f"{run.code}: {total(run)}.")
    click.echo(f"Kept in {kept.runs_file()}. The next plan uses it; --no-actuals plans without.", err=True)


def _ask(booked: "Booked", answers: dict[str, str], lessons: "Lessons", *, plain: bool) -> None:
    from builder.terminal import find_screen
    from builder.terminal.actuals import ask_in_turn

    titles = {key: step.title for key, step in lessons().activities.items()}
    ask_in_turn(list(_items(booked, titles)), answers, find_screen(plain=plain))


def _items(booked: "Booked", titles: Mapping[str, str]) -> list["Item"]:
    """The day where the brief has none, how many came, and every step of the agenda."""
    from builder.actuals import noted
    from builder.terminal.actuals import Item

    def number(most: int) -> str:
        return f"Type a whole number from 1 to {most}."

    items = [
        Item(
            "date",
            "On which day was it (such as 2026-12-01)?",
            lambda text: noted.day(text) is not None,
            "Year-month-day.",
        )
    ]
    present = f"How many people came ({booked.run.expected} were expected)?"
    people = Item(
        "present", present, lambda text: bool(noted.whole(text, noted.MOST_PEOPLE)), number(noted.MOST_PEOPLE)
    )
    steps = [
        Item(
            step.activity,
            f"{step.clock}, {step.planned} min planned: {titles.get(step.activity, step.activity)}",
            lambda text: bool(noted.whole(text, noted.MOST_MINUTES)),
            number(noted.MOST_MINUTES),
        )
        for step in booked.steps
    ]
    return [*(items if booked.run.date is None else []), people, *steps]


def _written(known: "Noted") -> dict[str, str]:
    """What is noted, as it would be typed."""
    answers = {key: str(minutes) for key, minutes in known.minutes.items()}
    more = {"present": known.present, "date": known.date}
    return {**answers, **{key: str(value) for key, value in more.items() if value is not None}}


def _read(answers: Mapping[str, str], booked: "Booked") -> "Noted":
    """What was typed, as it is noted."""
    from builder.actuals import noted

    steps = [step.activity for step in booked.steps if step.activity in answers]
    minutes = {key: number for key in steps if (number := noted.whole(answers[key], noted.MOST_MINUTES))}
    present = noted.whole(answers.get("present", ""), noted.MOST_PEOPLE)
    return noted.Noted(minutes, present, noted.day(answers.get("date", "")))
