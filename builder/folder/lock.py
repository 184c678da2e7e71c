"""How two builds keep out of each other's way: one winner for each folder."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.folder.disk import CAREFUL, explained, read, refuse
from builder.folder.names import LOCK
from builder.problems import InputError

_TRIES = 100
_HOLDER = re.compile(rb"process (\d{1,20}) on ([\w.-]{1,100})", re.ASCII)

if sys.platform == "win32":
    import msvcrt

    _BUSY: tuple[type[OSError], ...] = (PermissionError,)
    _BEYOND_TEXT = 1 << 20  # a locked byte cannot be read, so the one that we lock is none of the text

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _BEYOND_TEXT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _release(descriptor: int, path: Path) -> None:
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()
else:
    import fcntl

    _BUSY: tuple[type[OSError], ...] = (BlockingIOError,)

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int, path: Path) -> None:
        try:
            with suppress(OSError):
                path.unlink()
        finally:
            os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, or raise at once and say who holds it.

    The system itself holds it, and lets go when a process ends in any way, so a lock is never stale:
    a file left by a crash is simply locked again.
    """
    path = folder / LOCK
    descriptor = _acquire(path)
    try:
        yield
    finally:
        _release(descriptor, path)


def _acquire(path: Path) -> int:
    for _ in range(_TRIES):
        with explained(path.parent):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | CAREFUL, 0o666)
        try:
            _take(descriptor)
            if _is_at(descriptor, path):
                _sign(descriptor)
                return descriptor
        except _BUSY as error:
            os.close(descriptor)
            raise _taken(path) from error
        except OSError as error:
            os.close(descriptor)
            raise _cannot_lock(path) from error
        os.close(descriptor)  # the last winner removed this very file between our opening and locking it
    raise _taken(path)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    with suppress(OSError):  # a courtesy to the loser, not the lock itself
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode())


def _taken(path: Path) -> InputError:
    text = None
    with suppress(OSError, InputError):
        text = read(path)
    holder = _HOLDER.match(text or b"")
    who = f" (process {holder[1].decode()} on '{holder[2].decode()}')" if holder else ""
    message = f"another build{who} is writing into this folder."
    return refuse("folder-busy", message, path.parent, "Wait until it is done and run again, or choose another -o.")


def _cannot_lock(path: Path) -> InputError:
    message = "this drive cannot keep two builds apart."
    return refuse("folder-cannot-lock", message, path.parent, "Choose a folder on this computer with -o.")
