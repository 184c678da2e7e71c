"""Which part each piece of a document belongs to: by its mark, else by its heading. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder.exchange.document import GUARDED, REASON, opening
from builder.exchange.fitting import words
from builder.exchange.gathered import File, Part
from builder.exchange.seen import Para, Rows, Seen
from builder.problems import InputError, Problem
from builder.strict import shortened

_MARK: Final = re.compile(r"w([sft])_([0-9a-f]{12})(?:_([0-9a-f]{12}))?")
_OURS: Final = re.compile(r"w[sft]_")
_REASON: Final = re.compile(r"^(?:Guarded\. )?Reason\b[^:]{0,60}:\s*(.*)$", re.DOTALL)
_PLAIN: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})


@dataclass
class Placed:
    """A part as it came back: what stands in it, what it said when it was exported, and a reason that was given."""

    part: Part
    fingerprint: str = ""
    seen: list[Seen] = field(default_factory=list)
    reason: str = ""


@dataclass
class Placing:
    """A document with every piece in its place. `outside` are texts in no part, each with where it stood."""

    lesson: str
    found: dict[str, Placed] = field(default_factory=dict)
    outside: list[tuple[str, str]] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def placed(seen: Sequence[Seen], lessons: Mapping[str, Sequence[File]], lesson: str | None, name: str) -> Placing:
    """The pieces of a document in their places; raises InputError where its marks cannot be those of one lesson.

    `lessons` are the files of each lesson, `lesson` is the one that the document says it was made of.
    """
    marks = _marks(seen, name)
    key = _lesson_of(marks, seen, lessons, lesson, name)
    files = lessons[key]
    work = _Work(Placing(key), files, {tag for kind, tag in marks if kind == "s"})
    for each in seen:
        work.take(each)
    return work.placing


def _paragraphs(seen: Sequence[Seen]) -> list[Para]:
    """All paragraphs, those in tables too."""
    found: list[Para] = []
    for each in seen:
        if isinstance(each, Para):
            found.append(each)
        else:
            for row in each.rows:
                for cell in row:
                    found += _paragraphs(cell)
    return found


def tags(seen: Sequence[Seen]) -> set[str]:
    """What the marks in a document say, whatever they are."""
    marks = (_MARK.fullmatch(mark) for para in _paragraphs(seen) for mark in para.marks)
    return {match[2] for match in marks if match}


def _marks(seen: Sequence[Seen], name: str) -> list[tuple[str, str]]:
    """The marks in a document, each kind with its tag; refuses what no export wrote, and what stands twice."""
    found: list[tuple[str, str]] = []
    for mark in (mark for para in _paragraphs(seen) for mark in para.marks if _OURS.match(mark)):
        match = _MARK.fullmatch(mark)
        if match is None:
            shown = mark if len(mark) <= 60 and mark.isprintable() else f"{mark[:60]!r}"
            raise _refused(name, "bad-mark", f"has a mark that no export writes: '{shown}'.")
        if (match[1], match[2]) in found:
            raise _refused(name, "mark-twice", f"has one mark twice: '{mark}'.")
        found.append((match[1], match[2]))
    return found


def _lesson_of(
    marks: Sequence[tuple[str, str]],
    seen: Sequence[Seen],
    lessons: Mapping[str, Sequence[File]],
    told: str | None,
    name: str,
) -> str:
    """The lesson that a document was made of: its marks must all be of one."""
    owner = {part.tag: key for key, files in lessons.items() for file in files for part in file.parts}
    owner |= {file.tag: key for key, files in lessons.items() for file in files}
    found = dict.fromkeys(owner[tag] for _, tag in marks if tag in owner)
    if len(found) > 1 or (found and told in lessons and told not in found):
        both = " and ".join(f"'{key}'" for key in dict.fromkeys([*([told] if told in lessons else []), *found]))
        raise _refused(name, "other-lesson", f"has marks of different lessons: {both}.")
    if found:
        return next(iter(found))
    if told in lessons:
        return str(told)
    titles = {_plain(file.title): key for key, files in lessons.items() for file in files}
    named = [titles[_plain(each.text)] for each in seen if isinstance(each, Para) and _plain(each.text) in titles]
    if not named:
        raise _refused(name, "no-lesson", "holds no lesson of this library: no heading and no mark of one is in it.")
    return named[0]


def _refused(name: str, code: str, message: str) -> InputError:
    hint = "Export the lesson anew with 'workshop pack export', and paste text into it without its headings."
    return InputError([Problem(code, message, name, hint=hint)])


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split()).casefold()


class _Work:
    """A document on its way into its parts."""

    def __init__(self, placing: Placing, files: Sequence[File], marked: set[str]) -> None:
        self.placing, self.files, self.marked = placing, files, marked
        self.parts = {part.tag: part for file in files for part in file.parts}
        self.by_tag = {file.tag: file for file in files}
        self.by_title = {_plain(file.title): file for file in files}
        title = next((part.text for file in files[:1] for part in file.parts if part.part == "title"), "")
        self.told = {_plain(text) for text in (*opening(title), *(file.told for file in files))}
        self.file: File | None = None
        self.current: Placed | None = None
        self.at = "before the first part"

    def take(self, each: Seen) -> None:
        """Put one piece where it belongs, and note what hangs on it."""
        if isinstance(each, Rows) or not self.begins(each):
            self.inside(each)
        for para in _paragraphs([each]):
            where = self.current.part.name if self.current else self.at
            self.placing.comments += [(number, where) for number in para.comments]
            self.placing.notes += [(number, where) for number in para.notes]

    def begins(self, para: Para) -> bool:
        """Whether a paragraph is the heading of a part or of a file, and not text; takes up what begins there."""
        marks = [match.groups() for match in map(_MARK.fullmatch, para.marks) if match]
        marks.sort(key=lambda mark: mark[1] not in self.parts or _plain(self.parts[mark[1]].label) != _plain(para.text))
        for kind, tag, print_ in marks:
            if kind == "f" and tag in self.by_tag:
                return self.at_file(self.by_tag[tag], para)
            if tag in self.parts and (kind == "s" or (kind == "t" and tag not in self.marked)):
                self.begin(self.parts[tag], print_ or "")
                return kind == "s" and self.is_heading(para, self.parts[tag].label)
            if kind in "sf" and tag not in self.parts and tag not in self.by_tag:
                return self.nowhere(f"'{shortened(para.text)}', which is no part of the lesson any more")
        if para.level and not any(_OURS.match(mark) for mark in para.marks):
            return self.by_words(para)
        return False

    def is_heading(self, para: Para, label: str) -> bool:
        """Whether it is the heading that stood there; a heading that somebody changed is told of."""
        if _plain(para.text) == _plain(label):
            return True
        if para.level:
            if para.text:
                self.placing.outside.append((f"the heading '{label}' was changed; headings stay", para.text))
            return True
        return False

    def at_file(self, file: File, para: Para) -> bool:
        self.file, self.current, self.at = file, None, f"below '{file.title}', before its first part"
        if para.text and _plain(para.text) != _plain(file.title):
            self.placing.outside.append((f"the heading '{file.title}' was changed; headings stay", para.text))
        return True

    def by_words(self, para: Para) -> bool:
        """A heading without a mark: that of a file or of a part which has lost its own, or text."""
        text = _plain(para.text)
        if text in self.by_title and not self.file_marked(text):
            return self.at_file(self.by_title[text], para)
        for part in self.file.parts if self.file else ():
            if _plain(part.label) == text and part.tag not in {*self.marked, *self.placing.found}:
                self.begin(part, "")
                return True
        if para.level == 1 and para.text:
            if text in self.told:
                return True
            return self.nowhere(f"'{shortened(para.text)}'", para.text)
        return False

    def file_marked(self, text: str) -> bool:
        return self.file is self.by_title[text]

    def nowhere(self, at: str, text: str = "") -> bool:
        self.current, self.at = None, f"below the heading {at}"
        if text:
            self.placing.outside.append((self.at, text))
        return True

    def begin(self, part: Part, fingerprint: str) -> None:
        self.current = self.placing.found.setdefault(part.tag, Placed(part, fingerprint))
        self.file = next(file for file in self.files if part in file.parts)

    def inside(self, each: Seen) -> None:
        """Text in a part, a reason for it, or text in no part."""
        text = words(each).strip()
        if self.current is None:
            if text and _plain(text) not in self.told:
                self.placing.outside.append((self.at, text))
            return
        if isinstance(each, Para) and text:
            reason = _REASON.match(text)
            if each.style == REASON or text.startswith(GUARDED.strip()) or (reason and not self.said(text)):
                found = reason[1].strip() if reason else text.removeprefix(GUARDED.strip()).strip()
                self.current.reason = " ".join(filter(None, [self.current.reason, " ".join(found.split())]))
                return
            if _plain(text) in self.told:
                return
        self.current.seen.append(each)

    def said(self, text: str) -> bool:
        """Whether the part itself says this, so that it is no reason."""
        return self.current is not None and _plain(text) in _plain(self.current.part.text)
