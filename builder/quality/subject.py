"""What is judged: a library with the places of all that is written in it, and its texts taken apart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from builder.blocks import Block, Blocks, Box, CutCard, Heading, ListBlock, Paragraph, Runs, Table, walk
from builder.kit.texts import Texts, printed
from builder.model import Activity, Card, HandoutSheet, Lesson, Library, Text
from builder.quality.found import Found
from builder.quality.language import own_words
from builder.strict import Loc, Marked

Kind = Literal["lesson", "activity", "sheet", "card"]


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it stands in a file; `exact` where its characters can be counted to a line and a column."""

    text: str
    kind: Kind
    id: str
    lesson: str
    path: str
    line: int | None
    column: int | None = 1
    exact: bool = True
    holder: bool = False
    """Whether the text is somebody's, by name: an argument, or a reading."""

    def found(self, message: str, start: int = 0, hint: str = "") -> Found:
        """A finding at a character of the text, or where the text begins."""
        if not self.exact or self.line is None:
            return Found(message, self.path, self.line, self.column, hint)
        before = self.text[:start]
        return Found(message, self.path, self.line + before.count("\n"), start - before.rfind("\n"), hint)


@dataclass(frozen=True)
class Subject:
    """A library to be judged; `marks` are its front matters by kind and id, `parsed` its texts where they are read."""

    library: Library
    marks: Mapping[str, Mapping[str, Marked]] = field(default_factory=dict)
    parsed: Texts | None = None

    @cached_property
    def texts(self) -> Texts:
        """The parsed texts."""
        return self.parsed or Texts(self.library)

    # -------------------------------------------------------- places

    def at(self, thing: Lesson | Activity | HandoutSheet | Card, loc: Loc, message: str, hint: str = "") -> Found:
        """A finding at a key of somebody's front matter, or at its value where that stands in a list."""
        mark = self._mark(thing)
        problem = mark.problem("", message, loc, at_key=len(loc) == 1)
        return Found(message, problem.path, problem.line, problem.column, hint)

    def in_text(self, text: Text, line: int, message: str, near: str = "", hint: str = "") -> Found:
        """A finding at the words `near` from a line of a text on, or at the beginning of that line."""
        rows = text.markdown.split("\n")[max(line - text.line, 0) :]
        rest = "\n".join(rows)
        match = re.search(r"[\s>*_:]+".join(map(re.escape, near.split()[:4])), rest) if near.strip() else None
        if match is None:
            return Found(message, text.path, line, 1, hint)
        before = rest[: match.start()]
        return Found(message, text.path, line + before.count("\n"), match.start() - before.rfind("\n"), hint)

    def _mark(self, thing: Lesson | Activity | HandoutSheet | Card) -> Marked:
        kinds = {Lesson: "lessons", Activity: "activities", HandoutSheet: "sheets", Card: "cards"}
        return self.marks.get(kinds[type(thing)], {}).get(thing.id) or Marked({}, thing.body.path, {(): (1, 1)})

    # -------------------------------------------------------- texts

    @cached_property
    def bodies(self) -> tuple[tuple[Text, Blocks], ...]:
        """The text below each front matter, with its blocks."""
        library = self.library
        things = (library.lessons, library.activities, library.sheets, library.cards)
        bodies = (thing.body for each in things for thing in each.values())
        return tuple((body, self.texts.blocks(body)) for body in bodies)

    def english(self, lesson: str) -> bool:
        """Whether a lesson is in English: lists of words say nothing about other languages."""
        return lesson in self.library.lessons and self.library.lessons[lesson].language.lower().startswith("en")

    @cached_property
    def steps(self) -> tuple[tuple[Lesson, tuple[Activity, ...]], ...]:
        """Each lesson with its activities in teaching order."""
        return tuple((lesson, self.library.activities_of(key)) for key, lesson in self.library.lessons.items())

    @cached_property
    def english_steps(self) -> tuple[tuple[Lesson, Activity], ...]:
        """Each activity of a lesson in English, with its lesson."""
        return tuple((lesson, step) for lesson, steps in self.steps if self.english(lesson.id) for step in steps)

    def step_minutes(self, step: Activity, told: re.Pattern[str]) -> list[int]:
        """The minutes that the steps of an activity say they take; none where one of them says nothing."""
        steps = numbered(self.texts.sections(step).get("Steps", ()))
        found = [told.match(next((text for _, text in paragraphs(item)), "")) for item in steps]
        return [int(match[1]) for match in found if match] if found and all(found) else []

    @cached_property
    def english_sheets(self) -> tuple[tuple[HandoutSheet, Blocks], ...]:
        """Each sheet of a lesson in English with its blocks, the title first, at level 1."""
        sheets = self.library.sheets.values()
        return tuple((sheet, self.texts.blocks(sheet.body)) for sheet in sheets if self.english(_lesson(sheet.id)))

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every text of the lessons in English, as it was written."""
        return tuple(text for text in self._written() if self.english(text.lesson))

    def _written(self) -> Iterator[Written]:
        library = self.library
        for lesson in library.lessons.values():
            yield from self._front("lesson", lesson, lesson.id, ("title", "summary", "audience", "advisory"))
            yield _body("lesson", lesson.id, lesson.id, lesson.body)
        for step in library.activities.values():
            yield from self._front("activity", step, step.lesson, ("title",))
            yield _body("activity", step.id, step.lesson, step.body)
        for sheet in library.sheets.values():
            yield _body("sheet", sheet.id, _lesson(sheet.id), sheet.body)
        for card in library.cards.values():
            yield from self._of_card(card)

    def _front(self, kind: Kind, thing: Lesson | Activity, lesson: str, keys: tuple[str, ...]) -> Iterator[Written]:
        for key in keys:
            value = getattr(thing, key)
            if value:
                at = self._mark(thing).problem("", "", (key,))
                yield Written(value, kind, thing.id, lesson, at.path, at.line, at.column, exact=False)

    def _of_card(self, card: Card) -> Iterator[Written]:
        yield _body("card", card.id, card.lesson, card.body)
        for loc, text in ((("title",), card.title), *printed(card)):
            at = self._mark(card).problem("", "", loc)
            theirs = loc[0] in ("argument", "readings")
            yield Written(text, "card", card.id, card.lesson, at.path, at.line, at.column, exact=False, holder=theirs)


def _lesson(sheet: str) -> str:
    return sheet.partition("/")[0]


def _body(kind: Kind, key: str, lesson: str, body: Text) -> Written:
    return Written(body.markdown, kind, key, lesson, body.path, body.line)


def plain(runs: Runs) -> str:
    """The words of some runs: citations are left out, and a placeholder is one word."""
    return "".join("it" if run.fill else run.text for run in runs if not run.cite).strip()


def paragraphs(blocks: Blocks, *, cells: bool = True) -> Iterator[tuple[int, str]]:
    """The line and the words of each paragraph, list item and table cell, without headings."""
    for block in walk(blocks):
        if isinstance(block, Paragraph) and plain(block.runs):
            yield block.line, plain(block.runs)
        elif isinstance(block, Table) and cells:
            yield from ((block.line, plain(runs)) for row in (block.header, *block.rows) for runs in row if plain(runs))


def all_words(blocks: Blocks) -> str:
    """Every word that stands in some blocks, headings too, one paragraph a line."""
    heads = (plain(block.runs) for block in walk(blocks) if isinstance(block, Heading))
    return "\n".join([*heads, *(text for _, text in paragraphs(blocks))])


def holds(blocks: Blocks, *kinds: type[Block]) -> bool:
    """Whether a block of one of these kinds is among them, however deep."""
    return any(isinstance(block, kinds) for block in walk(blocks))


def numbered(blocks: Blocks) -> tuple[Blocks, ...]:
    """The items of the numbered lists that stand at the top of a section."""
    lists = (block for block in blocks if isinstance(block, ListBlock) and block.ordered)
    return tuple(item for block in lists for item in block.items)


def spoken(blocks: Blocks) -> bool:
    """Whether exact words to say stand among some blocks."""
    return any(isinstance(block, Box) and block.kind == "say" for block in walk(blocks))


def cut_cards(blocks: Blocks) -> bool:
    """Whether there is something to cut out."""
    return holds(blocks, CutCard)


def unquoted(written: Written, *, spoken: bool = True) -> str:
    """A text in its author's own words, equally long; `spoken`: with what the facilitator is to say."""
    return own_words(written.text, spoken=spoken)
