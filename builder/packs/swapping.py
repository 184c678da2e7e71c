"""Many files of a pack replaced together: all of them, or, where anything goes wrong on the way, none."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.folder import disk, lock, names
from builder.packs import writing

Progress = Callable[[int, int], None]
_BOM = b"\xef\xbb\xbf"


def swap(
    folder: Path, files: Mapping[str, str | None], read: Mapping[str, str], progress: Progress = lambda _n, _of: None
) -> list[str]:
    """Write (or, None, remove) files of a pack by their paths in it; gives the paths that changed, in order.

    Everything is on the disk under other names before the first file is replaced, and a stop in between waits until
    the last one is; what could not be replaced is put back. Raises InputError, and then the pack is as it was.
    """
    wanted = {path: text for path, text in sorted(files.items()) if text != read.get(path)}
    if not wanted:
        return []
    with lock.locked(folder), ExitStack() as stack:
        _sweep({(folder / path).parent for path in wanted})
        work = _Swap(folder)
        for number, (path, text) in enumerate(wanted.items(), 1):
            before = writing.checked(folder, path, read.get(path))
            with disk.explained(folder / path):
                work.stage(path, text, before, stack)
            progress(number, len(wanted))
        with _uninterrupted():
            work.exchange()
    return list(wanted)


@dataclass
class _Swap:
    """Files on their way: what was there, and what lies ready to take its place."""

    folder: Path
    old: dict[str, bytes | None] = field(default_factory=dict)
    prints: dict[str, str | None] = field(default_factory=dict)
    ready: dict[str, Path | None] = field(default_factory=dict)

    def stage(self, path: str, text: str | None, before: str | None, stack: ExitStack) -> None:
        """Put a file's new text beside it, with the line ends that it has now; new folders go where all fails."""
        target = self.folder / path
        self.prints[path], self.old[path] = before, disk.read(target)
        if text is None:
            self.ready[path] = None
            return
        for above in [each for each in reversed(target.parents) if not each.exists()]:
            above.mkdir()
            stack.callback(_remove_if_empty, above)
        self.ready[path] = stack.enter_context(disk.staged(target.parent, _as_before(text, self.old[path])))

    def exchange(self) -> None:
        """Give every file its name; put back what was there where one refuses."""
        done: list[str] = []
        try:
            for path, temporary in self.ready.items():
                target, before = self.folder / path, self.prints[path]
                done.append(path)
                with disk.explained(target):
                    if temporary is not None:
                        disk.publish(temporary, target, before)
                    elif before is not None:
                        disk.remove(target, before)
        except BaseException:
            for path in reversed(done):
                self._put_back(path)
            raise
        for path in [path for path, temporary in self.ready.items() if temporary is None]:
            for above in list((self.folder / path).parents)[: path.count("/")]:
                _remove_if_empty(above)

    def _put_back(self, path: str) -> None:
        target, content = self.folder / path, self.old[path]
        with suppress(OSError):
            if content is None:
                target.unlink(missing_ok=True)
            elif disk.read(target) != content:
                with disk.staged(target.parent, content) as temporary:
                    temporary.replace(target)


def _as_before(text: str, before: bytes | None) -> bytes:
    """A text with the line ends and the mark at the beginning that its file has now."""
    content = text.replace("\n", "\r\n") if before is not None and b"\r\n" in before else text
    return (_BOM if before is not None and before.startswith(_BOM) else b"") + content.encode()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _sweep(folders: set[Path]) -> None:
    """Remove what a run that was killed left behind."""
    for folder in folders:
        with suppress(OSError):
            for path in [each for each in folder.iterdir() if names.STRAY.fullmatch(each.name)]:
                path.unlink()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A stop from the keyboard waits until the end."""
    asked: list[Any] = []
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {each: signal.signal(each, lambda *stop: asked.append(stop)) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
    if asked:
        raise KeyboardInterrupt
