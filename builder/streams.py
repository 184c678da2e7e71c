"""Standard streams that cannot be the reason for a failure: closed ones, small character sets, readers that left."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def speak_safely() -> None:
    """A character that the terminal cannot show, or an output that was closed, must not stop the program."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the program runs
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def stop_writing() -> None:
    """Nobody reads any more (as behind `| head`): let the interpreter end without another complaint."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
