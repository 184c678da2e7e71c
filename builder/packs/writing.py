"""Writing into a pack: all is decided first, then each file whole or not at all, never outside, never over an edit."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from builder.folder import disk
from builder.problems import InputError, Problem
from builder.strict import clean


def write(folder: Path, files: Mapping[str, str | None], read: Mapping[str, str]) -> list[str]:
    """Write (or, None, remove) files of a pack by their paths in it; gives the paths that changed, in order.

    `read` are the texts that the decision was made on, as `read_layer` gave them: a file that somebody changed since
    is refused before anything is written. Raises InputError.
    """
    wanted = {path: text for path, text in sorted(files.items()) if text != read.get(path)}
    prints = {path: checked(folder, path, read.get(path)) for path in wanted}
    for path, text in wanted.items():
        target = folder / path
        with disk.explained(target):
            before = prints[path]
            if text is None:
                if before is not None:
                    disk.remove(target, before)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with disk.staged(target.parent, text.encode()) as temporary:
                disk.publish(temporary, target, before)
    return list(wanted)


def checked(folder: Path, path: str, read: str | None) -> str | None:
    """The fingerprint of a file that is to be replaced, None where there is none; refuses what must not be written."""
    steps = PurePosixPath(path).parts
    if not steps or PurePosixPath(path).is_absolute() or ".." in steps or "\\" in path:
        raise InputError([Problem("outside", "lies outside the pack.", path, hint="Name a path inside the pack.")])
    target = folder
    for step in steps:
        target /= step
        if target.is_symlink():
            raise disk.refuse("link", "is a symbolic link.", target, "Put the file or folder itself here.")
    with disk.explained(target):
        content = disk.read(target)
        if content is None and os.path.lexists(target):
            raise disk.refuse("not-a-file", "is not a file.", target, "Take it out of the way.")
    now = clean(content.decode("utf-8-sig", errors="replace")) if content is not None else None
    if now != read:
        message = "this changed while we were at work, so nothing was written."
        raise disk.refuse("pack-changed", message, target, "Run the same command again.")
    return hashlib.sha256(content).hexdigest() if content is not None else None
