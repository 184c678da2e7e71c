"""Files where nothing was before: whole or not at all, and never over anything that is there."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from builder.folder.disk import CAREFUL, explained, refuse


def write_fresh(folder: Path, name: str, files: Mapping[str, str]) -> None:
    """Write `files`, by paths inside `folder`, with the new folder `name` among them; InputError where it exists."""
    made = folder / name
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(made):
        hint = "Choose another name, or edit what is there; nothing was changed."
        raise refuse("folder-exists", "is there already, and is never overwritten.", made, hint)
    with explained(made):
        made.mkdir()
        beside: list[Path] = []
        try:
            for path, text in files.items():
                _write(folder / path, text)
                beside += [folder / path] if not path.startswith(f"{name}/") else []
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            for other in beside:
                with suppress(OSError):
                    other.unlink()
            raise


def _write(path: Path, text: str) -> None:
    """Write one file that nobody has written."""
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL, 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except BaseException:
        path.unlink()
        raise
