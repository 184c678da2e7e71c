"""The commands: the only place that prints, catches and exits.

Heavy packages are imported inside the commands that need them, so that `--help` stays quick.
"""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from builder import __version__, streams
from builder.actuals.command import NO_ACTUALS, actuals
from builder.commands.given import (
    BRIEF,
    OUT,
    SET,
    Asked,
    InUse,
    briefed,
    letterhead_for,
    print_json,
    read_brief,
    say,
)
from builder.commands.pack import pack
from builder.commands.plan import plan
from builder.commands.refusal import explain, planned
from builder.packs.option import MODULES, PACKS, library_of
from builder.printing.command import print_papers
from builder.problems import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_UNUSABLE_INPUT,
    EXIT_WRONG_USAGE,
    InputError,
    Problem,
    UsageError,
    WorkshopError,
    did_you_mean,
    has_errors,
)
from builder.roster.option import ROSTER, people_in
from builder.web.command import open_pages

if TYPE_CHECKING:
    from builder.making import Written
    from builder.model import Brief, Library, Plan
    from builder.roster.reading import Roster
    from builder.strict import Marked

EXIT_BUG = 70
_REPORT = "This is a fault of the program, not yours. Please report it with the lines above; nothing was half written."

# A build leaves hardly anything behind in circles. Looking for them at the usual pace takes a tenth of its time, and
# looking once more through all that is left at the end another tenth.
_OBJECTS_BETWEEN_LOOKS = 200_000

_STYLE = "Tell findings in words (the default), as JSON, or as commands for GitHub's view of a pull request."


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="workshop")
def workshop() -> None:
    """Turn lessons on solidarity and allyship into a timed agenda and Word papers.

    \b
    Examples:
      workshop new                            six questions, then the agenda, then the papers
      workshop open                           the same in a browser, on this machine only
      workshop new --defaults -o kit          no questions: 90 minutes of the core ideas
      workshop plan examples/linehan.yaml     the agenda with its reasons, nothing written
      workshop build examples/linehan.yaml    all papers from a saved brief
      workshop check                          judge the lessons in use
      workshop print kit                      PDF files to print, their pages counted
      workshop new-lesson listening           a lesson of your own to fill in
      workshop actuals kit                    note what the steps really took
      workshop pack new our-pack              your organisation's own words over the lessons
    """


workshop.add_command(actuals)
workshop.add_command(print_papers)
workshop.add_command(plan)
workshop.add_command(open_pages)
workshop.add_command(pack)


# ------------------------------------------------------------ commands


@workshop.command()
@OUT
@click.option(
    "--answers",
    "answers",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Take answers from a brief; only the rest is asked.",
)
@SET
@click.option("--defaults", is_flag=True, help="Ask nothing: answer everything else with the defaults.")
@click.option("--plain", is_flag=True, help="Numbered questions, for screen readers and simple terminals.")
@ROSTER
@MODULES
@PACKS
@NO_ACTUALS
def new(  # noqa: PLR0913, PLR0917 - one parameter for each option
    out: Path | None,
    answers: Path | None,
    pairs: Sequence[str],
    defaults: bool,
    plain: bool,
    roster: Path | None,
    modules: Path | None,
    packs: Sequence[Path],
    no_actuals: bool,
) -> None:
    """Ask what is not yet answered, show the agenda, let you change it, write the papers.

    \b
    Examples:
      workshop new
      workshop new --set minutes=60 --set participants=9
      workshop new --answers workshop.yaml --defaults -o tuesday
    """
    from builder import questions

    given, people = questions.settings(pairs), people_in(roster)
    library = InUse(modules, packs, no_actuals).library()
    if packs:
        _refuse_unfilled(library)
    filed = read_brief(answers) if answers else None
    known = questions.layered(*(layer for layer in (given, filed) if layer is not None))
    if defaults:
        brief = questions.parse(questions.layered(known, questions.defaults(library)), library)
    else:
        brief = _asked(library, known, plain=plain)
    _build(Asked(library, brief, letterhead_for(brief, answers, known, library)), people, out, answers)
    if not defaults:
        from builder import answers as kept

        kept.forget()


def _refuse_unfilled(library: "Library") -> None:
    """Nobody answers six questions for papers that cannot come out."""
    from builder import kit

    if found := list(kit.unfilled(library)):
        raise InputError(found)


def _asked(library: "Library", given: "Marked", *, plain: bool) -> "Brief":
    """The brief that the questions end with; the answers are kept at each step."""
    from builder import answers as kept
    from builder import calibrate, planner, terminal

    earlier, problems = kept.load()
    terminal.show_problems(problems, sys.stderr)
    screen = terminal.find_screen(plain=plain)
    return terminal.ask(
        library, given, calibrate.plan, kept.save, earlier=earlier, screen=screen, instead=planner.instead
    )


@workshop.command()
@BRIEF
@OUT
@SET
@ROSTER
@MODULES
@PACKS
@NO_ACTUALS
def build(  # noqa: PLR0913, PLR0917 - one parameter for each option
    brief_path: Path,
    out: Path | None,
    pairs: Sequence[str],
    roster: Path | None,
    modules: Path | None,
    packs: Sequence[Path],
    no_actuals: bool,
) -> None:
    """Write the papers from a saved brief, without questions.

    \b
    Examples:
      workshop build workshop.yaml
      workshop build workshop.yaml -o tuesday --set participants=24
      workshop build workshop.yaml --roster people.csv
    """
    people = people_in(roster)
    asked = briefed(brief_path, pairs, InUse(modules, packs, no_actuals))
    _build(asked, people, out, brief_path)


@workshop.command("modules")
@click.argument("lesson_id", metavar="[ID]", required=False)
@click.option("--json", "shape", flag_value="json", help="Print a list of objects as JSON.")
@click.option("--json-ld", "shape", flag_value="json-ld", help="Print them for catalogues, in the words of schema.org.")
@click.option("--origin", is_flag=True, help="Show for each part of one lesson which pack it is from, if any.")
@MODULES
@PACKS
def modules_command(
    lesson_id: str | None, shape: str | None, origin: bool, modules: Path | None, packs: Sequence[Path]
) -> None:
    """List the lessons and the cases under them, or show one lesson.

    \b
    Examples:
      workshop modules
      workshop modules power-dynamics
      workshop modules --json
      workshop modules power-dynamics --json-ld
      workshop modules power-dynamics --origin --pack our-pack
    """
    from builder import published
    from builder.terminal import lessons as lessons_shown

    library = library_of(modules, packs)
    lessons = list(library.lessons)
    if lesson_id is not None:
        if lesson_id not in library.lessons:
            hint = did_you_mean(lesson_id, lessons)
            raise InputError([Problem("unknown-lesson", f"there is no lesson '{lesson_id}'.", hint=hint)])
        lessons = [lesson_id]
    if origin:
        _show_origin(lesson_id, modules, packs)
    elif shape == "json-ld":
        print_json(published.linked(library, lessons))
    elif shape == "json":
        print_json([published.lesson(library, key, whole=lesson_id is not None) for key in lessons])
    elif lesson_id is not None:
        lessons_shown.show_lesson(library, lesson_id, sys.stdout)
    else:
        lessons_shown.show_lessons(library, sys.stdout)


def _show_origin(lesson_id: str | None, modules: Path | None, packs: Sequence[Path]) -> None:
    """Where each part of one lesson comes from."""
    from builder.library import shipped
    from builder.packs.origins import origins
    from builder.terminal.origins import show_origins

    if lesson_id is None:
        raise UsageError([Problem("usage", "--origin needs the ID of a lesson.", hint="See 'workshop modules'.")])
    show_origins(origins(modules or shipped("modules"), packs, lesson_id), sys.stdout)


@workshop.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="DATE", help="Judge review dates against DATE (YYYY-MM-DD). Default: today.")
@click.option("--draft", is_flag=True, help="Judge only whether the files can be used, not how good they are.")
@click.option("--pages", is_flag=True, help="Count the sides of each sheet too: half a minute, needs LibreOffice.")
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text", help=_STYLE)
@click.option("--explain", "code", metavar="CODE", help="Say what a finding's code asks, and judge nothing.")
@MODULES
@PACKS
def check(paths: Sequence[Path], style: str, code: str | None, **asked: Any) -> None:
    """Judge lessons, packs and briefs; without a path, the lessons in use. Exits with 1 only where one is an error.

    \b
    Examples:
      workshop check my-modules workshop.yaml
      workshop check my-modules --draft
      workshop check our-pack
      workshop check --explain missing-debrief-question
      workshop check --format github --as-of 2027-06-01
    """
    from builder import checker
    from builder.quality import telling
    from builder.terminal.screen import Screen

    if code is not None:
        Screen(sys.stdout).write(telling.explained(code))
        return
    problems = checker.judge_all(paths, say=say, **asked)
    Screen(sys.stdout).write(telling.told(problems, style))
    say(telling.counted(problems, draft=asked["draft"]))
    if has_errors(problems):
        raise click.exceptions.Exit(EXIT_UNUSABLE_INPUT)


@workshop.command("new-lesson")
@click.argument("lesson_id", metavar="ID")
@click.option(
    "-o", "--output", "out", metavar="DIR", default="modules", type=click.Path(path_type=Path),
    help="The folder of lessons that it goes into. Default: ./modules",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="Its title. Without one, a place to write it.")
@click.option(
    "--phase", type=click.Choice(["opening", "concept", "case", "practice", "closing"]), default="practice",
    show_default=True, help="Where in a workshop it belongs; 'case' comes with two cards.",
)  # fmt: skip
def new_lesson(lesson_id: str, out: Path, title: str | None, phase: str) -> None:
    """Write a lesson to fill in: every file and section, with a TODO wherever you write. Never over a folder.

    \b
    Examples:
      workshop new-lesson listening
      workshop new-lesson our-case --phase case --title "Who speaks?" -o my-modules
    """
    from builder import checker, skeleton

    written, places = skeleton.start(out, lesson_id, phase, title, checker.day_of(None))
    for path in written:
        click.echo(path.as_posix())
    say(f"{places} places say TODO. What is left to do: workshop check {(out / lesson_id).as_posix()}")


# ------------------------------------------------------------ what they share


def _build(asked: Asked, people: "Roster | None", out: Path | None, brief_path: Path | None) -> None:
    """Plan, make the papers, write them, and say what was written."""
    from builder import making

    found = planned(asked.library, asked.brief)
    target = out or making.usual_folder(asked.brief)
    written = making.write(found, asked.library, target, asked.letterhead, brief=brief_path, people=people)
    _tell(found, written)
    if written.changes:
        say(f"What moved since plan {written.since}:")
        for line in written.changes:
            say(f"- {line}")


def _tell(found: "Plan", written: "Written") -> None:
    from builder import terminal

    target = written.folder
    for name in written.names:
        click.echo((target / name).as_posix())
    for warning in found.warnings:
        say(f"Note: {warning}")
    terminal.show_problems(written.problems, sys.stderr)
    brief = found.brief
    say(
        f"{found.agenda.minutes} minutes, {brief.start} to {brief.clock(found.agenda.minutes)}. "
        f"Plan {written.kit.code}: {written.counted}. Print from {(target / 'print-and-pack.docx').as_posix()}"
    )


# ------------------------------------------------------------ the way out


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program; every known failure is told in words, with the exit code that belongs to it."""
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    streams.speak_safely()
    try:
        code = workshop.main(list(arguments) if arguments is not None else None, "workshop", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.stop_writing()
        code = EXIT_DONE
    except (click.Abort, KeyboardInterrupt):
        say("Interrupted.")
        code = EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = EXIT_WRONG_USAGE
    except WorkshopError as error:
        code = explain(error)
    except OSError as error:
        streams.stop_writing()
        about = f"{error.filename}: " if error.filename else ""
        say(f"{about}{error.strerror or error}. [system]")
        code = EXIT_UNUSABLE_INPUT
    except Exception:  # noqa: BLE001 - a fault of ours: shown whole, and told where to report it
        import traceback

        traceback.print_exc()
        say(_REPORT)
        code = EXIT_BUG
    gc.freeze()
    sys.exit(code if isinstance(code, int) else EXIT_DONE)
