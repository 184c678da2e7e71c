"""Looking after a pack: what differs, what the library changed since, and who approved it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.commands.given import print_json, say
from builder.packs.option import MODULES, PACKS
from builder.problems import EXIT_UNUSABLE_INPUT, InputError, Problem, UsageError

if TYPE_CHECKING:
    from builder.packs.layers import Layer
    from builder.packs.loading import Laid
    from builder.packs.updating import Outcome

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
AS_OF = click.option("--as-of", "as_of", metavar="DATE", help="Judge dates against DATE (YYYY-MM-DD). Default: today.")
MANY = 500


@click.command()
@DIR
@click.option("--dry-run", is_flag=True, help="Say the same, and write nothing.")
@MODULES
@PACKS
def update(folder: Path, dry_run: bool, modules: Path | None, packs: Sequence[Path]) -> None:  # noqa: FBT001
    """Bring the pack in DIR forward to the lessons of today, part by part; nothing of yours is lost.

    What only the library changed comes in, what only you changed stays, changes that do not touch are put together.
    What both changed in different ways is left in the file with both sides named; the pack cannot be used until
    somebody decides, and the exit code is 1. --pack names packs that lie below this one.

    \b
    Examples:
      workshop pack update our-pack --dry-run
      workshop pack update our-pack
    """  # noqa: D301
    from builder.packs import swapping, updating

    layer, library, version = read(folder, modules, packs)
    found = updating.decide(layer, library, version)
    tell(found.outcomes)
    if dry_run:
        say(f"{len(found.files)} files would be written; nothing was.")
    else:
        written = swapping.swap(folder, found.files, layer.written, _progress)
        say(f"{len(written)} files were written." if written else "Nothing had to be written.")
    if found.undecided:
        count = len(found.undecided)
        say(f"{count} {'part waits' if count == 1 else 'parts wait'} for a decision: workshop check {folder}")
        raise click.exceptions.Exit(EXIT_UNUSABLE_INPUT)


def _progress(number: int, count: int) -> None:
    if number % MANY == 0:
        say(f"{number} of {count} files are ready.")


def read(folder: Path, modules: Path | None, packs: Sequence[Path]) -> "tuple[Layer, Mapping[str, str], str | None]":
    """A pack, the library's texts by their paths inside it, and its version, if it has one; InputError where unusable.

    The lessons that come with the program have its version, another folder of lessons has none.
    """
    from builder import __version__
    from builder.library import shipped, shown
    from builder.packs import adapting, fresh, loading, undecided
    from builder.packs.layers import read_layer

    layer = read_layer(folder)
    errors = [each for each in layer.problems if each.severity == "error" and each.code != undecided.CODE]
    if errors:
        raise InputError(errors)
    root = modules or shipped("modules")
    found = loading.look_through(root)
    if not found.texts:
        raise InputError(found.problems or [Problem("no-library", "holds no lesson.", str(root))])
    texts = adapting.texts_by_path(found.texts, shown(root))
    for below in packs:
        texts |= {path: text for path, text in read_layer(below).texts.items() if path not in texts and "/" in path}
    is_ours = modules is None or (layer.pack is not None and layer.pack.parent.name == fresh.PARENT)
    return layer, texts, __version__ if is_ours else None


def tell(outcomes: "Sequence[Outcome]") -> None:
    """What becomes of each part, file by file."""
    from builder.packs.told import rows
    from builder.terminal.origins import show_origins

    show_origins(rows(outcomes), sys.stdout)


@click.command()
@DIR
@AS_OF
@click.option("--json", "as_json", is_flag=True, help="Print an object as JSON.")
@MODULES
@PACKS
def status(
    folder: Path,
    as_of: str | None,
    as_json: bool,  # noqa: FBT001
    modules: Path | None,
    packs: Sequence[Path],
) -> None:
    """Say how the pack in DIR stands: what differs, what the library changed since, what is open, who approved it.

    Exits with 1 only where the pack cannot be read.

    \b
    Examples:
      workshop pack status our-pack
      workshop pack status our-pack --as-of 2027-06-01 --json
    """  # noqa: D301
    from builder import checker
    from builder.packs import told, updating
    from builder.packs.status import status_of
    from builder.terminal.screen import Screen

    day = checker.day_of(as_of)
    layer, library, version = read(folder, modules, packs)
    found = status_of(laid(folder, modules, packs), updating.decide(layer, library, version), day)
    if as_json:
        print_json(found.as_json())
        return
    screen = Screen(sys.stdout)
    for indent, line in told.status_lines(found):
        screen.say(line, indent=indent, look="bold" if line in told.SECTIONS else "")


def laid(folder: Path, modules: Path | None, packs: Sequence[Path]) -> "Laid":
    """The library with the packs below and the pack over it."""
    from builder.library import shipped
    from builder.packs import loading

    return loading.laid_over(modules or shipped("modules"), [*packs, folder])


@click.command()
@DIR
@click.option(
    "-o", "--output", "out", metavar="FILE.docx", type=click.Path(path_type=Path),
    help="Where the sheet goes. Default: ./approval-<name>-<version>.docx",
)  # fmt: skip
@click.option(
    "--record", "pairs", metavar="ROLE=DATE", multiple=True,
    help="Note that a role approved the pack as it is, on DATE; writes no sheet. May be given again.",
)  # fmt: skip
@AS_OF
@MODULES
@PACKS
def approve(  # noqa: PLR0913, PLR0917 - one parameter for each option
    folder: Path,
    out: Path | None,
    pairs: Sequence[str],
    as_of: str | None,
    modules: Path | None,
    packs: Sequence[Path],
) -> None:
    """Write the approval sheet of the pack in DIR: each change before and after, and a line for each role to sign.

    With --record the approval itself is noted in the pack, for its text as it is now. Papers then say whether it
    still holds.

    \b
    Examples:
      workshop pack approve our-pack
      workshop pack approve our-pack -o sheet.docx
      workshop pack approve our-pack --record "Head of people=2026-11-18"
    """  # noqa: D301
    from builder import checker
    from builder.packs import approvals, swapping

    if pairs and out is not None:
        raise UsageError(
            [Problem("usage", "-o and --record do not go together.", hint="First the sheet, then the day.")]
        )
    layer, library, _ = read(folder, modules, packs)
    found = laid(folder, modules, packs)
    errors = [each for each in found.findings.problems if each.severity == "error"]
    if errors:
        raise InputError(errors)
    if pairs:
        given = approvals.read_pairs(pairs, layer, checker.day_of(as_of))
        for path in swapping.swap(folder, approvals.new_records(given, layer), {}):
            click.echo((folder / path).as_posix())
        say(approvals.approval_of(layer).told)
    else:
        _write_sheet(layer, found, library, out)


def _write_sheet(layer: "Layer", found: "Laid", library: Mapping[str, str], out: Path | None) -> None:
    """The sheet as a Word file; never over a file that is not the same."""
    from builder import word
    from builder.folder import disk, safe_name
    from builder.packs import approval_sheet, approvals

    pack = layer.pack
    name = f"approval-{safe_name(layer.name)}-{safe_name(pack.version) if pack else ''}.docx"
    target = out or Path(name)
    content = word.render(approval_sheet.paper(layer, found.findings, library, approvals.approval_of(layer)))
    if disk.read(target) != content:
        with disk.explained(target):
            if target.exists() or target.is_symlink():
                hint = "Name another file with -o; nothing was changed."
                raise disk.refuse("file-exists", "is there already, and is not overwritten.", target, hint)
            with disk.staged(target.parent, content) as temporary:
                disk.publish(temporary, target, None)
    click.echo(target.as_posix())
