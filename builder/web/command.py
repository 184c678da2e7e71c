"""The command `workshop open`: the same questions, agenda and papers in a browser, on this machine only."""

from collections.abc import Sequence
from pathlib import Path

import click

from builder.actuals.command import NO_ACTUALS
from builder.commands.given import InUse, read_brief, say
from builder.packs.option import MODULES, PACKS
from builder.problems import EXIT_INTERRUPTED


@click.command("open")
@click.argument("brief_path", metavar="[BRIEF]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), default=0, help="Use this port. Default: a free one."
)
@click.option("--no-browser", is_flag=True, help="Only show the address; open nothing.")
@MODULES
@PACKS
@NO_ACTUALS
def open_pages(  # noqa: PLR0913, PLR0917 - one parameter for each option
    brief_path: Path | None,
    port: int,
    no_browser: bool,  # noqa: FBT001 - click passes flags like this
    modules: Path | None,
    packs: Sequence[Path],
    no_actuals: bool,  # noqa: FBT001
) -> None:
    """Ask, plan and print in a browser, on this machine only.

    The pages are for whoever has the address below, need no network, and end with Ctrl-C or their Quit. Answers are
    kept at each change, in the same place as those of 'workshop new'. BRIEF is opened, and never rewritten.

    \b
    Examples:
      workshop open
      workshop open workshop.yaml
      workshop open --pack our-pack
      workshop open --no-browser --port 8000
    """  # noqa: D301 - click keeps lines apart after it
    from builder import calibrate, planner
    from builder.reworking import Planning
    from builder.web import server, state

    filed = read_brief(brief_path) if brief_path else None
    library = InUse(modules, packs, no_actuals).library()
    desk = state.opened(library, Planning(calibrate.plan, planner.instead), brief_path, filed)
    if packs:
        from builder.library import shipped
        from builder.web.packs import Shelf

        desk.shelf = Shelf(modules or shipped("modules"), tuple(packs), no_actuals=no_actuals)
    listener = server.listening(port)
    say("Open this address in a browser of this machine. It ends with Ctrl-C, or with Quit in the page.")
    try:
        server.serve(desk, listener, click.echo, browser=not no_browser)
    except KeyboardInterrupt:
        say("Closed. Your answers are kept: 'workshop open' or 'workshop new' goes on from them.")
        raise click.exceptions.Exit(EXIT_INTERRUPTED) from None
    say("Closed.")
