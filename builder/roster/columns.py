"""Which columns of a list of people hold names, by their headings, and how a name is put together from them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# In English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian languages, Polish, Chinese, Japanese.
_PREFERRED = """
preferred name|preferred full name|display name|badge name|name on badge|name on the badge|name for badge|
known as|name badge|name tag|anzeigename|name auf dem schild|namensschild|
nom d'usage|nom affiché|nombre preferido
"""
_WHOLE = """
name|full name|fullname|participant|participant name|attendee|attendee name|name of participant|vollständiger name|
nom complet|nom et prénom|prénom et nom|nombre completo|nombre y apellidos|nome completo|nome e cognome|nom|nombre|nome|
naam|volledige naam|navn|namn|imię i nazwisko|姓名|名前|氏名
"""
_FIRST = """
first name|firstname|first|given name|given names|givenname|forename|vorname|rufname|prénom|prenom|nombre|nome|
voornaam|fornavn|förnamn|imię|imie|名
"""
_LAST = """
last name|lastname|last|surname|family name|familyname|nachname|familienname|zuname|nom de famille|nom|apellido|
apellidos|cognome|sobrenome|achternaam|etternavn|efternavn|efternamn|nazwisko|姓
"""
# Headings that are none of names, by which a line of headings is told from a line with somebody's name in it.
_OTHER = """
email|e-mail|mail|email address|e-mail-adresse|phone|telephone|telefon|mobile|role|rolle|job title|position|
title|department|abteilung|team|organisation|organization|company|firma|pronouns|pronoun|pronomen|dietary|diet|
dietary requirements|allergies|access|access needs|large print|reason|reasons|notes|note|comment|comments|id|no|nr|
number|date|status|table|group|language|country|city|address|registered|paid|ticket|teilnahme|anmerkung|bemerkung
"""

_SEPARATORS = re.compile(r"[\s_./:*-]+")


def plain(heading: str) -> str:
    """A heading as it is compared: lower case, without marks between words."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("’", "'")
    return _SEPARATORS.sub(" ", text).strip()


def _headings(text: str) -> frozenset[str]:
    return frozenset(plain(heading) for heading in text.split("|"))


PREFERRED, WHOLE, FIRST, LAST, OTHER = map(_headings, (_PREFERRED, _WHOLE, _FIRST, _LAST, _OTHER))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns (counted from 0) that hold a name to be preferred, a whole one, a first and a last one."""

    preferred: int | None = None
    whole: int | None = None
    first: int | None = None
    last: int | None = None

    @property
    def used(self) -> Sequence[int]:
        """The columns that are used."""
        found = (self.preferred, self.whole, self.first, self.last)
        return [column for column in found if column is not None]


def columns_of(headings: Sequence[str]) -> Columns:
    """The columns of names; "name" or "nom" beside a first name, and with no other last name, is the last name."""
    words = [plain(heading) for heading in headings]

    def find(known: frozenset[str], but: Sequence[int | None] = ()) -> int | None:
        return next((place for place, word in enumerate(words) if word in known and place not in but), None)

    preferred, first = find(PREFERRED), find(FIRST - WHOLE)
    if first is None and find(LAST - WHOLE) is not None:
        first = find(FIRST & WHOLE)
    last = find(LAST - WHOLE) if first is not None else None
    whole = find(WHOLE, [first])
    if first is None and whole is None:
        last = find(LAST)
    return Columns(preferred, whole, first, last)


def looks_like_headings(cells: Sequence[str]) -> bool:
    """Whether a line has at least one heading that is known, so that it is no line with somebody's name in it."""
    known = PREFERRED | WHOLE | FIRST | LAST | OTHER
    return any(plain(cell) in known for cell in cells)


def name_in(row: Sequence[str], columns: Columns) -> str:
    """The name in a row, '' where there is none: the preferred one, or first and last, or the whole one."""

    def cell(column: int | None) -> str:
        return " ".join(row[column].split()) if column is not None and column < len(row) else ""

    preferred, whole, first, last = map(cell, (columns.preferred, columns.whole, columns.first, columns.last))
    if preferred:
        return preferred
    if columns.last is None and first and whole:
        # "Vorname, Name" holds the last name; "First name, Name" often the whole one.
        return whole if first.casefold() in whole.casefold().split() else _joined(first, whole)
    return _joined(first, last) if first or last else whole


def _joined(first: str, last: str) -> str:
    """First and last name in the order of their script: Chinese, Japanese and Korean names begin with the family's."""
    if first and last and _is_east_asian(first) and _is_east_asian(last):
        return f"{last}{first}"
    return f"{first} {last}".strip()


def _is_east_asian(text: str) -> bool:
    return all(unicodedata.east_asian_width(character) in "WF" for character in text)
