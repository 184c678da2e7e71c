"""The commands of `workshop pack`: a new pack, and parts of the library taken into one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from builder.commands.given import say
from builder.commands.pack_care import approve, status, update
from builder.exchange.command import export, import_
from builder.packs.option import MODULES, PACKS
from builder.problems import InputError, InterruptedAnswersError, Problem, UsageError


@click.group()
def pack() -> None:
    """Adapt lessons for your organisation, without a copy that drifts away.

    \b
    Examples:
      workshop pack new our-pack
      workshop pack adapt power-dynamics/power-grid our-pack
      workshop check our-pack
      workshop new --pack our-pack
      workshop pack status our-pack
      workshop pack update our-pack
      workshop pack approve our-pack
      workshop pack export power-dynamics power-dynamics.docx --pack our-pack
      workshop pack import power-dynamics.docx our-pack
    """  # noqa: D301 - click keeps lines apart after it


pack.add_command(approve)
pack.add_command(status)
pack.add_command(update)


@pack.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--set", "pairs", metavar="KEY=VALUE", multiple=True,
    help="Answer one question, such as organisation=… or contacts=ROLE,ROLE. May be given again.",
)  # fmt: skip
@click.option("--defaults", is_flag=True, help="Ask nothing: answer everything else with the defaults.")
@click.option("--plain", is_flag=True, help="Plain questions, for screen readers and simple terminals.")
def new(folder: Path, pairs: Sequence[str], defaults: bool, plain: bool) -> None:  # noqa: FBT001
    """Make a pack: a folder with a pack.yaml to fill in. Never over a folder that holds something.

    \b
    Examples:
      workshop pack new our-pack
      workshop pack new our-pack --defaults --set "organisation=St Brigid's Hospital"
    """  # noqa: D301
    from builder import checker
    from builder.packs import fresh, writing
    from builder.packs.layers import PACK

    answers = fresh.read_settings(pairs)
    _refuse_taken(folder)
    if not defaults:
        answers = _asked(answers, plain=plain)
    text = fresh.pack_yaml(answers, checker.day_of(None))
    writing.write(folder, {PACK: text}, {})
    click.echo((folder / PACK).as_posix())
    say(f"Next: workshop pack adapt LESSON {folder.as_posix()}. What is left to do: workshop check {folder.as_posix()}")


def _refuse_taken(folder: Path) -> None:
    """A new pack goes into no folder that holds something."""
    from builder.folder import disk

    with disk.explained(folder):
        taken = folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
    if taken:
        hint = "Choose another folder; nothing was changed."
        raise InputError([Problem("folder-exists", "is there already, and not empty.", folder.as_posix(), hint=hint)])


def _asked(answers: Mapping[str, str], *, plain: bool) -> dict[str, str]:
    """The answers, with those that somebody types for the rest."""
    from builder.packs import fresh
    from builder.terminal import find_screen
    from builder.terminal.actuals import Item, ask_in_turn

    given, screen = dict(answers), find_screen(plain=plain)
    try:
        for key, text in fresh.KEYS.items():
            if key not in given:
                noted = {key: fresh.suggested(given)[key]}
                ask_in_turn([Item(key, text, bool, "Write one line.")], noted, screen, opening=())
                given[key] = noted.get(key, "")
    except KeyboardInterrupt:
        raise InterruptedAnswersError([Problem("interrupted", "Stopped. Nothing was written.")]) from None
    except EOFError:
        message = "The input ended before the questions did; nothing was written."
        raise UsageError([Problem("input-ended", message, hint="Answer with --set, or use --defaults.")]) from None
    return given


@pack.command()
@click.argument("wanted", metavar="LESSON[/PART]")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@MODULES
@PACKS
def adapt(wanted: str, folder: Path, modules: Path | None, packs: Sequence[Path]) -> None:
    """Take a lesson, a file of it, or one part into the pack in DIR, ready to edit; base/ keeps the library's text.

    What the pack says already stays as it is. --pack names packs that lie below this one.

    \b
    Examples:
      workshop pack adapt power-dynamics our-pack
      workshop pack adapt power-dynamics/power-grid our-pack
      workshop pack adapt "power-dynamics/power-grid#Debrief/What next" our-pack
      workshop pack adapt "case-endorsement/linehan#readings" our-pack
    """  # noqa: D301
    from builder.library import shipped, shown
    from builder.packs import adapting, arrivals, loading, writing
    from builder.packs.layers import read_layer

    layer = read_layer(folder)
    errors = [problem for problem in layer.problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    root = modules or shipped("modules")
    texts = adapting.texts_by_path(loading.look_through(root).texts, shown(root))
    for below in packs:
        texts |= {path: text for path, text in read_layer(below).texts.items() if path not in texts and "/" in path}
    found = adapting.adapt(wanted, texts, layer)
    kept = {} if arrivals.PATH in layer.written else {arrivals.PATH: arrivals.written(arrivals.guarded_in(texts))}
    written = writing.write(folder, {**found.files, **kept}, layer.written)
    for path in [each for each in written if each != arrivals.PATH]:
        click.echo((folder / path).as_posix())
    already = f" {len(found.kept)} were adapted before, and stay as they are." if found.kept else ""
    count = len(found.taken)
    say(f"{count} part{'s are' if count != 1 else ' is'} ready to edit.{already}")


pack.add_command(export)
pack.add_command(import_)
