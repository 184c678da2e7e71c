"""The letterhead that was sent, kept beside the answers, so that a restart still has it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from builder import answers, letterhead
from builder.folder import disk

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "letterhead.docx"
"""What it is called, whatever it was called where it came from."""
SHOWN = "your letterhead"


def kept_file() -> Path:
    """Where it is kept, whether or not there is one."""
    return answers.answers_file().absolute().with_name(FILE_NAME)


def keep(content: bytes) -> str:
    """Keep a letterhead in place of the one before; gives what a brief calls it.

    InputError: something in it is not safe to keep. OSError: it cannot be written.
    """
    letterhead.opened(content, SHOWN)
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with disk.staged(path.parent, content) as temporary:
        temporary.replace(path)
    return str(path)


def is_kept(name: str | None) -> bool:
    """Whether a brief names the letterhead that is kept here."""
    return name == str(kept_file())


def forget() -> None:
    """Remove it."""
    with suppress(OSError):
        kept_file().unlink(missing_ok=True)
