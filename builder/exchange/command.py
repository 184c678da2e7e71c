"""`workshop pack export` and `workshop pack import`: a lesson to Word, and back into a pack."""

from collections.abc import Sequence
from pathlib import Path

import click

from builder.packs.option import MODULES, PACKS
from builder.problems import InputError, Problem, did_you_mean


@click.command("export")
@click.argument("wanted", metavar="LESSON[/PART]")
@click.argument("out", metavar="OUT.docx", type=click.Path(path_type=Path))
@PACKS
@MODULES
def export(wanted: str, out: Path, packs: Sequence[Path], modules: Path | None) -> None:
    """Write a lesson, a file of it or one part as a Word document that a colleague can edit.

    Its first page says what may be edited. 'workshop pack import' reads it back. A file that is there stays.

    \b
    Examples:
      workshop pack export power-dynamics power-dynamics.docx
      workshop pack export case-endorsement/linehan linehan.docx --pack our-pack
      workshop pack export "power-dynamics/power-grid#Notes" notes.docx
    """  # noqa: D301
    from builder import __version__
    from builder.exchange.document import exported
    from builder.exchange.gathered import chosen, files_of, usable
    from builder.library import shipped

    if out.suffix.lower() != ".docx":
        raise InputError(
            [Problem("not-docx", "is no name of a Word document.", out.as_posix(), hint="End it in .docx.")]
        )
    found = usable(modules or shipped("modules"), packs)
    lesson = wanted.partition("#")[0].strip("/").partition("/")[0]
    if lesson not in found.library.lessons:
        hint = did_you_mean(lesson, found.library.lessons)
        raise InputError([Problem("unknown-lesson", f"there is no lesson '{lesson}'.", hint=hint)])
    files = chosen(list(files_of(found, lesson)), wanted)
    one = found.library.lessons[lesson]
    names = ", ".join(f"{each.pack.name} {each.pack.version}" for each in found.library.adaptations)
    properties = {"lesson": lesson, "scope": wanted, "version": one.version, "library": __version__, "pack": names}
    content = exported(files, one.title, one.language, {key: text for key, text in properties.items() if text})
    _write_new(out, content)
    click.echo(out.as_posix())
    count = sum(len(file.parts) for file in files)
    say(f"{count} part{'s' if count != 1 else ''} to edit in Word. Then: workshop pack import {out.as_posix()} DIR")


def say(text: str) -> None:
    """Progress and messages: on standard error."""
    click.echo(text, err=True)


def _write_new(out: Path, content: bytes) -> None:
    """Write a file whole, never over one that is there."""
    from builder.folder import disk

    with disk.explained(out):
        disk.check_free(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with disk.staged(out.parent, content) as temporary:
            disk.publish(temporary, out, None)


# ------------------------------------------------------------ back


@click.command("import")
@click.argument("document", metavar="FILE.docx", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@PACKS
@MODULES
def import_(document: Path, folder: Path, dry_run: bool, packs: Sequence[Path], modules: Path | None) -> None:  # noqa: FBT001
    """Read an exported document back: what changed in it is written into the pack in DIR, part by part.

    What cannot be placed is kept in review/not-placed.md, comments in review/comments.md. --pack names packs that lie
    below this one.

    \b
    Examples:
      workshop pack import power-dynamics.docx our-pack --dry-run
      workshop pack import power-dynamics.docx our-pack
    """  # noqa: D301
    from builder.exchange.importing import imported
    from builder.library import shipped
    from builder.packs import writing

    found = imported(document, folder, modules or shipped("modules"), packs)
    for line in found.report:
        say(line)
    if dry_run:
        say("Nothing was written.")
        return
    for path in writing.write(folder, found.files, found.read):
        click.echo((folder / path).as_posix())
