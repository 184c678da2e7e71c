"""The archive around a Word file: judged by its table of contents before anything in it is unpacked."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

from builder.problems import InputError, Problem

_MOST_ENTRIES: Final = 1_000
_MOST_BYTES: Final = 80_000_000
_MOST_XML_BYTES: Final = 10_000_000
# Pictures and styles of real letterheads shrink to a twentieth at the most; deflate can do a thousandth.
_MOST_RATIO: Final = 150
_RATIO_COUNTS_FROM: Final = 500_000
_LONGEST_NAME: Final = 200

_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_TO_DOCX: Final = "Open it in Word and save it anew as 'Word Document (.docx)'."
_NOT_BY_WORD: Final = f"Word writes no such file; do not trust it. {_TO_DOCX}"
_TOO_LARGE: Final = "Use a letterhead with smaller pictures and nothing but the letterhead in it."


def unpacked(content: bytes, name: str) -> Mapping[str, bytes]:
    """The entries of a .docx by their names; raises InputError for an archive that no letterhead needs."""
    if content.startswith(_OLD_WORD):
        hint = f"{_TO_DOCX} If it asks for a password: File, Info, Protect Document, and take it away."
        raise InputError(
            [Problem("letterhead-archive", "is an old .doc file or protected by a password.", name, hint=hint)]
        )
    try:
        if not content.startswith(_ZIP):
            raise zipfile.BadZipFile  # noqa: TRY301 - the same words for all that is no archive
        with zipfile.ZipFile(BytesIO(content)) as archive:
            problems = [Problem("letterhead-archive", what, name, hint=hint) for what, hint in _wrong(archive)]
            if problems:
                raise InputError(problems)
            return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        message = "is not a Word file: what should be an archive is none, or is damaged."
        raise InputError([Problem("letterhead-archive", message, name, hint=_TO_DOCX)]) from None


def _wrong(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """What is wrong with the archive as its table of contents tells it, and what to do."""
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        yield f"holds {len(entries)} files; at most {_MOST_ENTRIES} are unpacked.", _TOO_LARGE
        return
    whole = sum(entry.file_size for entry in entries)
    if whole > _MOST_BYTES:
        yield f"unpacks to {whole / 1e6:.0f} MB; at most {_MOST_BYTES / 1e6:.0f} are unpacked.", _TOO_LARGE
    seen: set[str] = set()
    for entry in entries:
        wrong = _wrong_entry(entry)
        if entry.filename.casefold() in seen:
            wrong = "twice in the archive", _NOT_BY_WORD
        seen.add(entry.filename.casefold())
        if wrong:
            yield f"holds '{_shown(entry.filename)}', {wrong[0]}.", wrong[1]


def _wrong_entry(entry: zipfile.ZipInfo) -> tuple[str, str] | None:  # noqa: PLR0911 - one line for each reason
    """What is wrong with one entry, and what to do."""
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    if len(name) > _LONGEST_NAME or not name.isprintable() or name != entry.orig_filename:
        return "which is no name of a part", _NOT_BY_WORD
    if "\\" in name or ":" in name or name.startswith("/") or ".." in name.split("/"):
        return "which leads out of the archive", _NOT_BY_WORD
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "which is a link or a device and no file", _NOT_BY_WORD
    if entry.flag_bits & _ENCRYPTED:
        return "which is encrypted", "Take the password away in Word, and save it anew."
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "which is packed in a way that Word cannot read", _NOT_BY_WORD
    if name.lower().endswith((".xml", ".rels")) and entry.file_size > _MOST_XML_BYTES:
        return f"which unpacks to {entry.file_size / 1e6:.0f} MB of text", _TOO_LARGE
    if entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
        ratio = entry.file_size // max(entry.compress_size, 1)
        return f"which unpacks to {ratio} times its size", _TOO_LARGE
    return None


def _shown(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= 60 else f"{plain[:60]}…"
