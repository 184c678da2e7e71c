"""A form with a file as it comes in, kept in memory: no name of a person is to lie in a temporary file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from builder.strict import clean
from builder.web.forms import Form
from builder.web.guards import MOST_OF_AN_UPLOAD

if TYPE_CHECKING:
    from starlette.requests import Request

FILE: Final = "file"
_MOST_FIELDS: Final = 10
_MOST_OF_A_FIELD: Final = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A form with a file: its plain fields, and the bytes of the file, None where none was chosen."""

    form: Form
    content: bytes | None


class _InMemory(MultiPartParser):
    """The guards have read the whole request and held it against the largest size, so that all can stay in memory."""

    spool_max_size = 2 * MOST_OF_AN_UPLOAD


async def read_sent(request: Request) -> Sent | None:
    """The form with its one file, None where it cannot be understood. What the file was called is not looked at."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return None
    parser = _InMemory(
        request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST_OF_A_FIELD
    )
    try:
        found = await parser.parse()
    except (MultiPartException, ValueError, KeyError, LookupError):
        return None
    items = found.multi_items()
    pairs = tuple((clean(name), clean(text)) for name, text in items if isinstance(text, str))
    file = next((each for name, each in items if name == FILE and isinstance(each, UploadFile)), None)
    content = await file.read() if file else None
    await found.close()
    return Sent(Form(pairs), content or None)
