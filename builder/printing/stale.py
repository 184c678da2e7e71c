"""Whether the PDF files beside a kit still show its papers."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from builder.folder import disk, parse_manifest
from builder.problems import InputError, Problem

PDF_FOLDER = "pdf"
MADE_FROM = "made_from"


def outdated(kit_folder: Path, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """A warning where PDF files were made of papers that are neither in the kit nor in its folder any more."""
    made_from: object = None
    with suppress(OSError, InputError):
        record = disk.read(kit_folder / PDF_FOLDER / "kit.json")
        made_from = parse_manifest(record).facts.get(MADE_FROM) if record else None
    if isinstance(made_from, Mapping) and any(not _holds(kit_folder, files, *pair) for pair in made_from.items()):
        place = (kit_folder / PDF_FOLDER).as_posix()
        hint = f"Do not print them: 'workshop print {kit_folder.as_posix()}' makes new ones."
        message = "the PDF files here are of older papers."
        yield Problem("pdf-outdated", message, place, hint=hint, severity="warning")


def _holds(kit_folder: Path, files: Mapping[str, bytes], name: str, sha256: object) -> bool:
    if name in files and hashlib.sha256(files[name]).hexdigest() == sha256:
        return True
    with suppress(OSError, InputError):
        return disk.fingerprint(kit_folder / name) == sha256
    return False
