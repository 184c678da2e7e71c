"""How many pages a PDF file has, and which of them belong to which sheet.

Read with pypdf (BSD-3-Clause, pure Python): LibreOffice does not say, `pdfinfo` is a program that may be missing, and
counting "/Type /Page" in the bytes fails as soon as a writer packs its objects into streams.
"""

import io
import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from builder.kit.printrun import Count
from builder.problems import InputError, Problem

_DRAWN = re.compile(rb"/\S+\s+Do\b")
_LETTER = re.compile(r"·\s+Sheet\s+([A-Z]+)\s+·\s+Plan\s")


def count(name: str, pdf: bytes, sha256: str, *, sheets: bool) -> Count:
    """The printed pages of a PDF file, blank backs apart; with `sheets` also those of each sheet, by its footer.

    Where a page belongs to no sheet, as in a file whose footers were edited, no sheet is counted.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = list(PdfReader(io.BytesIO(pdf)).pages)
        if not sheets:
            return Count(sha256, len(pages))
        texts = [text for page in pages if (text := _text(page)) is not None]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"the PDF file of {name} cannot be read: {error}"
        raise InputError([Problem("bad-pdf", message, hint="Run again.")]) from error
    letters = [found[-1] if (found := _LETTER.findall(text)) else "" for text in texts]
    return Count(sha256, len(texts), {} if "" in letters else dict(Counter(letters)))


def with_blank_backs(pdf: bytes, letters: Collection[str]) -> bytes:
    """A PDF file in which every page of these sheets has a blank back, and is so on one side when printed on both.

    Cards that are cut up have nothing on their backs then; where no page is of these sheets, it is the file as it was.
    """
    from pypdf import PdfReader, PdfWriter

    made, letter, backs = PdfWriter(), "", 0
    for page in PdfReader(io.BytesIO(pdf)).pages:
        text = _text(page)
        if text is None and letter in letters:
            continue
        letter = (_LETTER.findall(text or "") or [letter])[-1]
        made.add_page(page)
        if letter in letters:
            made.add_blank_page()
            backs += 1
    output = io.BytesIO()
    made.write(output)
    return output.getvalue() if backs else pdf


def _text(page: Any) -> str | None:
    """The text of a page; None where it is a blank back, without text or picture.

    All pages of a file share their resources: a blank one lists the letterhead's logo too, and does not draw it.
    """
    text: str = page.extract_text()
    if text.strip():
        return text
    contents = page.get_contents()
    return text if contents is not None and _DRAWN.search(contents.get_data()) else None
