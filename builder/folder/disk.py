"""How one file is read, written or removed so that nothing is half done, followed, or lost."""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.folder.rules import NOT_A_FILE
from builder.problems import InputError, Problem

# A link is not followed, a pipe does not block, a child does not inherit, Windows does not change line ends.
CAREFUL = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))

_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def refuse(code: str, message: str, path: Path, hint: str) -> InputError:
    """Make an error with one problem."""
    return InputError([Problem(code, message, str(path), hint=hint)])


def changed(path: Path) -> InputError:
    """Say that somebody changed a file or the folder while we were at work."""
    message = "this changed while the kit was being written, so the kit is not finished."
    hint = "Run the same command again: it takes up what is there now, and keeps every file changed by hand."
    return refuse("folder-changed", message, path, hint)


def busy(path: Path) -> InputError:
    """Say that a file of ours cannot be replaced or removed."""
    message = f"'{path.name}' cannot be changed: it is open in another program, or write-protected."
    return refuse("file-busy", message, path, "Close it in Word (or take off the protection) and run again.")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Whatever the system refuses inside becomes an InputError that says what to do."""
    try:
        yield
    except OSError as error:
        raise _explain(error, path) from error


def _explain(error: OSError, path: Path) -> InputError:
    if error.errno in _FULL:
        return refuse("disk-full", "the disk is full.", path, "Make room, or choose another folder with -o.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return refuse("folder-closed", "you may not read or write here.", path, "Choose another folder with -o.")
    reason = error.strerror or str(error)
    return refuse("cannot-write", f"the system says: {reason}.", path, "Choose another folder with -o.")


def open_regular(path: Path, flags: int = os.O_RDONLY) -> int | None:
    """Open a regular file; None where there is none, or where something else has the name."""
    with suppress(FileNotFoundError):
        if stat.S_ISREG(path.lstat().st_mode):
            return _open_again(path, flags)
    return None


def _open_again(path: Path, flags: int) -> int | None:
    """Open what was a regular file a moment ago, without following or waiting for what it may be now."""
    try:
        descriptor = os.open(path, flags | CAREFUL)
    except PermissionError as error:
        raise busy(path) from error
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return None


def read(path: Path) -> bytes | None:
    """Read the bytes of a regular file; None where there is none."""
    descriptor = open_regular(path)
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def fingerprint(path: Path) -> str:
    """Compute the SHA-256 of a regular file in hexadecimal, NOT_A_FILE for anything else."""
    descriptor = open_regular(path)
    if descriptor is None:
        return NOT_A_FILE
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_free(path: Path) -> None:
    """Raise where a file could not be replaced now, because Word has it open or it is write-protected."""
    descriptor = open_regular(path, os.O_RDWR)
    if descriptor is not None:
        os.close(descriptor)


@contextmanager
def staged(folder: Path, content: bytes) -> Iterator[Path]:
    """Put the content into a temporary file of the folder, safely on the disk; remove it where it stays unused."""
    path = folder / f".workshop-{secrets.token_hex(8)}.tmp"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def publish(temporary: Path, path: Path, replaces: str | None) -> None:
    """Give a staged file its real name in one step, unless what was there is no longer what it `replaces`."""
    if replaces is None:
        _publish_new(temporary, path)
        return
    if fingerprint(path) != replaces:
        raise changed(path)
    try:
        temporary.replace(path)
    except PermissionError as error:
        raise busy(path) from error


def _publish_new(temporary: Path, path: Path) -> None:
    """Give a staged file a name that nobody has."""
    try:
        path.hardlink_to(temporary)
    except (OSError, NotImplementedError):
        _publish_without_links(temporary, path)
    else:
        temporary.unlink()


def _publish_without_links(temporary: Path, path: Path) -> None:
    """Do the same on a disk without hard links (a USB stick): an empty file holds the name, if free, for a moment."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | CAREFUL, 0o666))
    except FileExistsError as error:
        raise changed(path) from error
    temporary.replace(path)


def remove(path: Path, expected: str) -> None:
    """Remove a file of ours, unless it changed; one that is gone already is as good."""
    if not os.path.lexists(path):
        return
    if fingerprint(path) != expected:
        raise changed(path)
    try:
        path.unlink(missing_ok=True)
    except PermissionError as error:
        raise busy(path) from error


def sync(folder: Path) -> None:
    """Make new names last through a power cut, on systems that can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
