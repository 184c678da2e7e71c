"""The fields of a part: what each is told to do, also where its words are spread over runs or fields nest."""

import re
from collections.abc import Iterator
from typing import Any, Final

# What computes from the document itself or asks nobody. A kind that is not here is refused: DDE, DDEAUTO and LINK start
# programs, INCLUDEPICTURE, INCLUDETEXT, IMPORT, RD and DATABASE fetch files, MACROBUTTON runs macros.
HARMLESS: Final = frozenset(
    """
    = ADDRESSBLOCK ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXT AUTOTEXTLIST BARCODE BIBLIOGRAPHY BIDIOUTLINE
    CITATION COMMENTS COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE
    FORMCHECKBOX FORMDROPDOWN FORMTEXT FORMULA GREETINGLINE GOTOBUTTON HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY
    LISTNUM MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE REF
    REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SKIPIF STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC
    USERADDRESS USERINITIALS USERNAME XE
    """.split()  # noqa: SIM905 - words are read more easily than a list
)
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Stands in an instruction where another field stands inside it.
INNER: Final = "\ufffc"

_KIND: Final = re.compile(r'\s*(=|[^\s\\"=]*)')


def instructions(root: Any) -> Iterator[str]:
    """What every field below `root` is told, inner ones too; the place of an inner field is marked with `INNER`."""
    open_fields: list[list[str]] = [[]]  # the first holds instructions that stand in no field
    told = [True]  # whether a field is still being told, not yet showing what came out
    for element in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText", f"{W}fldSimple"):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", "")
        elif element.tag != f"{W}fldChar":
            open_fields[-1].append(element.text or "")
        elif element.get(f"{W}fldCharType") == "begin":
            if told[-1]:
                open_fields[-1].append(INNER if len(open_fields) > 1 else "")
            open_fields.append([])
            told.append(True)
        elif element.get(f"{W}fldCharType") == "separate":
            told[-1] = len(told) == 1
        elif len(open_fields) > 1:
            yield "".join(open_fields.pop())
            told.pop()
    yield from ("".join(words) for words in open_fields)


def kind_of(instruction: str) -> str:
    """The kind of a field in capitals, empty where it is told nothing."""
    match = _KIND.match(instruction)
    return match[1].upper() if match else ""
