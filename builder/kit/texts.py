"""Lesson text on its way to paper: parsed once, taken apart by its sections, placeholders and citations filled."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
    Disagreements,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    PictureFile,
    Run,
    Runs,
    Table,
    replace_runs,
    text_of,
    walk,
)
from builder.library import UNUSABLE_PICTURE
from builder.markdown import PLACEHOLDERS, PLURAL, parse
from builder.model import Activity, Card, Disagreement, HandoutSheet, Lesson, Library, Person, Source, Text
from builder.problems import Problem, did_you_mean
from builder.strict import Loc, Marked, clean, shortened

SECTIONS = ("Steps", "Debrief", "Notes", "Online", "Access")
DEBRIEF_PARTS = ("What happened", "What it means", "What next")
WIDEST_PICTURE_MM = 165.0
HIGHEST_PICTURE_MM = 200.0
DEEPEST_HEADING = 3
DISAGREEMENTS = "disagreements.yaml"
OURS = "A way to work with it (ours, and no source's): "
_QUESTION_AND_ANSWERS = (21, 79)


class Texts:
    """The parsed texts of a library, with every problem met on the way."""

    def __init__(self, library: Library, sources: Collection[str] | None = None) -> None:
        """Start with nothing parsed; `sources` are the ids that may be cited, those of the library unless said."""
        self.library = library
        self.sources = library.sources if sources is None else sources
        self.terms = {name: term.is_noun for name, term in library.terms.items()}
        self.problems: list[Problem] = []
        self._parsed: dict[tuple[str, int], Blocks] = {}
        self._disagreeing: set[tuple[str, int]] = set()

    def blocks(self, text: Text) -> Blocks:
        """The blocks of a text; what is wrong with it is added to `problems` once."""
        key = (text.path, text.line)
        if key not in self._parsed:
            blocks, problems = parse(text.markdown, text.path, text.line, self.sources, self.terms)
            self.problems += map(self._placed, problems)
            self._parsed[key] = changed(replace_runs(blocks, _printable), lambda block: self._put_in(block, text))
        return self._parsed[key]

    def line(self, markdown: str) -> Runs:
        """The runs of one line or paragraph of front matter, which may cite and hold placeholders."""
        blocks, problems = parse(markdown, sources=self.sources, terms=self.terms)
        path = next((path for path, text in self._printed_lines() if text == markdown), "")
        self.problems += [replace(problem, path=path, line=None, column=None) for problem in problems]
        runs: list[Run] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                runs += [Run(" "), *block.runs] if runs else block.runs
        return _printable(tuple(runs))

    def _printed_lines(self) -> Iterator[tuple[str, str]]:
        """Every printed text of front matter and list files, with the file that it stands in."""
        for card in self.library.cards.values():
            yield from ((card.body.path, text) for _, text in printed(card))
        for found in self.library.disagreements.values():
            yield from ((DISAGREEMENTS, text) for _, text in argued(found))

    def _put_in(self, block: Block, text: Text) -> Blocks:
        """What stands at a place that the library fills: a picture, or the table of disagreements."""
        if isinstance(block, PictureFile):
            return self._picture(block, text)
        return self._disagreements(block, text) if isinstance(block, Disagreements) else (block,)

    def _disagreements(self, block: Disagreements, text: Text) -> Blocks:
        """The table of who says what on each question, every answer with its source's name before it."""
        self._disagreeing.add((text.path, text.line))
        found = self.library.disagreements.values()
        if not found:
            hint = f"Add {DISAGREEMENTS} beside the lessons, or take the block out."
            self._say("no-disagreements", "this library names no disagreement.", text.path, block.line, hint)
        rows = tuple(
            ((Run(f"{number}. {each.question}", strong=True),), self._positions(each))
            for number, each in enumerate(found, 1)
        )
        header = ((Run("Question"),), (Run("Who says what"),))
        return (Table(header, rows, widths=_QUESTION_AND_ANSWERS, line=block.line),)

    def _positions(self, found: Disagreement) -> Runs:
        runs: list[Run] = []
        for position in found.positions:
            source = self.library.sources.get(position.source)
            name = short_name(source, self.library) if source else position.source
            runs += [Run(f"{name[:1].upper()}{name[1:]}: ", strong=True), *self.line(position.text), Run("\n")]
        if found.synthesis:
            return (*runs, Run(OURS, strong=True), *self.line(found.synthesis))
        return tuple(runs[:-1])

    def sources_in_dispute(self, text: Text) -> frozenset[str]:
        """The sources that the table of disagreements names, where this text shows it; none where it does not."""
        self.blocks(text)
        shown = (text.path, text.line) in self._disagreeing
        found = self.library.disagreements.values() if shown else ()
        return frozenset(position.source for each in found for position in each.positions)

    def _picture(self, block: PictureFile, text: Text) -> Blocks:
        """The picture where its file's name stood, no larger than a page holds."""
        lesson = _lesson_of(text.path, self.library)
        png = self.library.pictures.get(f"{lesson}/{block.path}")
        if png == UNUSABLE_PICTURE:
            return ()
        if png is None:
            start = f"{lesson}/"
            known = [name.removeprefix(start) for name in self.library.pictures if name.startswith(start)]
            message = f"there is no picture '{shortened(block.path)}' in the lesson's folder."
            self._say("unknown-picture", message, text.path, block.line, did_you_mean(block.path, known))
            return ()
        width, height = (int.from_bytes(png[at : at + 4], "big") * 25.4 / 96 for at in (16, 20))
        shrink = min(1.0, WIDEST_PICTURE_MM / width, HIGHEST_PICTURE_MM / height)
        return (Picture(png, block.alt, width * shrink, height * shrink, block.line),)

    # -------------------------------------------------------- what belongs where

    def sections(self, activity: Activity) -> Mapping[str, Blocks]:
        """The parts of an activity by their `##` heading; its purpose stands under ''."""
        found: dict[str, list[Block]] = {"": []}
        name = ""
        for block in self.blocks(activity.body):
            if isinstance(block, Heading) and block.level <= 2:
                name = text_of(block.runs).strip()
                self._check_section(block, name, found, activity.body.path)
                found[name] = []
            else:
                if isinstance(block, Heading):
                    self._check_part(block, name, activity.body.path)
                found[name] += changed((block,), _without_heading)
        return {name: tuple(blocks) for name, blocks in found.items() if blocks}

    def _check_section(self, block: Heading, name: str, found: Mapping[str, object], path: str) -> None:
        if name not in SECTIONS or block.level == 1:
            hint = did_you_mean(name, SECTIONS) if name not in SECTIONS else f"Write '## {name}'."
            message = f"'{shortened(name)}' is not a section of an activity."
            self._say("unknown-section", message, path, block.line, hint)
        elif name in found:
            self._say("twice", f"the section '{name}' stands twice.", path, block.line, "Put both together.")

    def _check_part(self, block: Heading, section: str, path: str) -> None:
        name = text_of(block.runs).strip()
        if section == "Debrief" and name not in DEBRIEF_PARTS:
            hint = did_you_mean(name, DEBRIEF_PARTS)
            message = f"'{shortened(name)}' is not a part of a debrief."
            self._say("unknown-section", message, path, block.line, hint)
        elif block.level > DEEPEST_HEADING:
            self._say("heading-too-deep", "a heading has at most three levels.", path, block.line, "Use '###'.")

    def sheet(self, sheet: HandoutSheet) -> Blocks:
        """A participant sheet, its one `#` as a heading of level 2, what is below it as level 3."""
        blocks = self.blocks(sheet.body)
        titles = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
        if any(run.fill or run.cite for title in titles for run in title.runs):
            message = "a sheet's title has neither placeholders nor citations."
            self._say("sheet-title", message, sheet.body.path, titles[0].line, "Put them below the title.")
        elif len(titles) != 1 or text_of(titles[0].runs).strip() != sheet.title:
            line = titles[0].line if titles else sheet.body.line
            hint = f"Write '# {sheet.title}', once."
            self._say("sheet-title", "the sheet's one '#' heading must equal its title.", sheet.body.path, line, hint)
        deep = next((b for b in walk(blocks) if isinstance(b, Heading) and b.level > 2), None)
        if deep is not None:
            self._say("heading-too-deep", "a sheet has '#' and '##' only.", sheet.body.path, deep.line, "Use '##'.")
        return lowered(blocks, 1)

    def lesson(self, lesson: Lesson) -> Blocks:
        """A lesson's background, without headings above level 3."""
        return changed(self.blocks(lesson.body), _without_heading)

    def card(self, card: Card) -> Blocks:
        """A card's introduction; headings become bold lines."""
        return changed(self.blocks(card.body), _without_heading)

    def _placed(self, problem: Problem) -> Problem:
        """The problem where it really stands, also in a text made of pieces of several files."""
        path, line = self.library.place(problem.path, problem.line)
        return replace(problem, path=path, line=line)

    def _say(self, code: str, message: str, path: str, line: int, hint: str) -> None:
        problem = self._placed(Problem(code, message, path, line, 1, hint))
        if problem not in self.problems:
            self.problems.append(problem)

    def everything(self, marks: Mapping[str, Mapping[str, Marked]] | None = None) -> None:
        """Parse every text of the library, so that `problems` holds all that is wrong with any of them.

        `marks` are the front matters by kind and id, for the places of what is wrong in them.
        """
        cards, disagreements = ((marks or {}).get(kind, {}) for kind in ("cards", "disagreements"))
        for lesson in self.library.lessons.values():
            self.lesson(lesson)
        for activity in self.library.activities.values():
            self.sections(activity)
        for sheet in self.library.sheets.values():
            self.sheet(sheet)
        for card in self.library.cards.values():
            self.card(card)
            self._lines(printed(card), cards.get(card.id, Marked({}, card.body.path)), "Put it below the front matter.")
        for key, found in self.library.disagreements.items():
            self._lines(argued(found), disagreements.get(key, Marked({}, DISAGREEMENTS)), "Write one sentence or two.")

    def _lines(self, texts: Iterable[tuple[Loc, str]], marked: Marked, hint: str) -> None:
        """Front matter and list entries that are printed must be text that can be printed, too."""
        for loc, markdown in texts:
            blocks, problems = parse(markdown, sources=self.sources, terms=self.terms)
            self.problems += [marked.problem(found.code, found.message, loc, found.hint) for found in problems]
            odd = next((block for block in blocks if not isinstance(block, Paragraph)), None)
            if odd is not None:
                message = "only plain paragraphs can be printed here, no lists, headings or blocks."
                self.problems.append(marked.problem("not-a-paragraph", message, loc, hint))


def printed(card: Card) -> Iterator[tuple[Loc, str]]:
    """The texts in a card's front matter that its sheet prints, each with its keys."""
    yield ("argument", "text"), card.argument.text
    yield from ((("facts", i, "text"), fact.text) for i, fact in enumerate(card.facts))
    yield from ((("readings", i, "text"), reading.text) for i, reading in enumerate(card.readings))
    if card.advisory:
        yield ("advisory",), card.advisory


def argued(found: Disagreement) -> Iterator[tuple[Loc, str]]:
    """The texts of a disagreement that its table prints, each with its keys."""
    yield from ((("positions", i, "text"), position.text) for i, position in enumerate(found.positions))
    if found.synthesis:
        yield ("synthesis",), found.synthesis


def changed(blocks: Iterable[Block], change: Callable[[Block], Iterable[Block]]) -> Blocks:
    """The blocks with each of them changed, however deep it lies, what lies inside before what holds it."""
    return tuple(new for block in blocks for new in change(_changed_inside(block, change)))


def _changed_inside(block: Block, change: Callable[[Block], Iterable[Block]]) -> Block:
    if isinstance(block, Box | CutCard):
        return replace(block, blocks=changed(block.blocks, change))
    if isinstance(block, ListBlock):
        return replace(block, items=tuple(changed(item, change) for item in block.items))
    return block


def _without_heading(block: Block) -> Blocks:
    """A heading as a bold line."""
    if isinstance(block, Heading):
        return (Paragraph(_strong(block.runs), keep_with_next=True, line=block.line),)
    return (block,)


def _lesson_of(path: str, library: Library) -> str:
    return next((part for part in reversed(path.split("/")) if part in library.lessons), "")


def _printable(runs: Runs) -> Runs:
    """The runs without what an entity such as `&#12;` brings in and no paper can hold."""
    return tuple(run if run.text.isprintable() else replace(run, text=clean(run.text)) for run in runs)


def _strong(runs: Runs) -> Runs:
    return tuple(replace(run, strong=True) for run in runs)


def lowered(blocks: Iterable[Block], by: int) -> Blocks:
    """The blocks with their headings `by` levels lower, down to level 3."""

    def lower(block: Block) -> Blocks:
        deeper = replace(block, level=min(block.level + by, DEEPEST_HEADING)) if isinstance(block, Heading) else block
        return (deeper,)

    return changed(blocks, lower)


# ------------------------------------------------------------ placeholders and citations


def filled(blocks: Iterable[Block], values: Mapping[str, str], library: Library) -> Blocks:
    """The blocks with placeholders filled (a line to fill by hand where there is no value) and citations in words."""

    def settle(runs: Runs) -> Runs:
        return tuple(_settled(run, values, library) for run in runs)

    return replace_runs(blocks, settle)


def _settled(run: Run, values: Mapping[str, str], library: Library) -> Run:
    if run.fill:
        return replace(run, text=_term(run.fill, values, library), fill="")
    if run.cite:
        source = library.sources.get(run.cite)
        name = cited_as(source, library, run.text) if source else f"{run.cite}{run.text}"
        return replace(run, text=f"({name})", cite="")
    return run


def _term(fill: str, values: Mapping[str, str], library: Library) -> str:
    """What a placeholder becomes, with a capital where it is written with one; a line to fill where it is unknown."""
    plain = fill[:1].lower() + fill[1:]
    text = values.get(plain)
    if not text:
        word = plain.removesuffix(PLURAL)
        meaning = library.terms[word].meaning if word in library.terms else None
        label = meaning or (PLACEHOLDERS[word].lower() if word in PLACEHOLDERS else word.replace("_", " "))
        return f"______________ ({label})"
    return text[:1].upper() + text[1:] if fill != plain else text


def short_name(source: Source, library: Library | None = None) -> str:
    """How a source is named in running text: family names, or a short title where no author is known, and the year.

    Works of one `library` that would read alike get a letter each.
    """
    letter = library.letters.get(source.id, "") if library else ""
    between = "" if source.short_name[-1:].isdigit() or not letter else " "
    return f"{source.short_name}{between}{letter}"


def cited_as(source: Source, library: Library, locator: str = "") -> str:
    """A source in running text, with the place in it; one that was not seen itself says where it is cited."""
    carrier = library.sources.get(source.cited_in or "")
    through = f", as cited in {short_name(carrier, library)}" if carrier else ""
    return f"{short_name(source, library)}{locator}{through}"


def reference(source: Source, library: Library | None = None, *, notes: bool = True) -> str:
    """One entry of a source list: authors, year, title, where it appeared, address, and what to know about it.

    Without `notes` it says only how to find the work.

    A work that was not seen itself names the one of the `library` through which it is known.
    """
    carrier = library.sources.get(source.cited_in or "") if library else None
    people = [_full_name(person) for person in source.author]
    parts = [
        "; ".join(people),
        f"({_issued(source, library)})",
        f"“{source.title}”",
        _where(source),
        f"As cited in {short_name(carrier, library)}, “{carrier.title}”" if carrier else "",
        f"https://doi.org/{source.doi}" if source.doi else source.url or "",
        f"Seen {source.accessed}" if source.accessed and notes else "",
        (source.note or "") if notes else "",
    ]
    ended = (part if part.endswith((".", "”")) and i != 1 else f"{part}." for i, part in enumerate(parts) if part)
    return " ".join(ended)


def _issued(source: Source, library: Library | None) -> str:
    """The date of a work and, where its short name has a letter, what it is called elsewhere."""
    date = source.issued or "no date given"
    lettered = library is not None and source.id in library.letters
    return f"{date}; called {short_name(source, library)}" if lettered else date


def _full_name(person: Person) -> str:
    given = person.given if person.family and not person.literal else None
    return ", ".join(part for part in (person.surname, given, person.suffix) if part)


def _where(source: Source) -> str:
    both = source.volume and source.issue
    volume = f"{source.volume}({source.issue})" if both else source.volume or source.issue or ""
    parts = (source.container_title or "", volume, source.page or "", source.publisher or "")
    return ", ".join(part for part in parts if part)
