"""Lesson text on its way to paper: parsed once, taken apart by its sections, placeholders and citations filled."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from builder.blocks import Block, Blocks, Heading, Paragraph, Picture, PictureFile, Run, Runs, replace_runs, text_of, walk
from builder.markdown import PLACEHOLDERS, parse
from builder.model import Activity, Card, HandoutSheet, Lesson, Library, Source, Text
from builder.problems import Problem, did_you_mean

SECTIONS = ("Steps", "Debrief", "Notes", "Online", "Access")
DEBRIEF_PARTS = ("What happened", "What it means", "What next")
MOST_PICTURE_MM = 165.0
DEEPEST_HEADING = 3


class Texts:
    """The parsed texts of a library, with every problem met on the way."""

    def __init__(self, library: Library) -> None:
        """Start with nothing parsed."""
        self.library = library
        self.problems: list[Problem] = []
        self._parsed: dict[tuple[str, int], Blocks] = {}

    def blocks(self, text: Text) -> Blocks:
        """The blocks of a text; what is wrong with it is added to `problems` once."""
        key = (text.path, text.line)
        if key not in self._parsed:
            blocks, problems = parse(text.markdown, text.path, text.line)
            self.problems += problems
            self.problems += self._unknown_sources(blocks, text)
            self._parsed[key] = tuple(self._with_pictures(blocks, text))
        return self._parsed[key]

    def line(self, markdown: str) -> Runs:
        """The runs of one line or paragraph of front matter, which may cite and hold placeholders."""
        blocks, problems = parse(markdown)
        self.problems += problems
        runs: list[Run] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                runs += [Run(" "), *block.runs] if runs else block.runs
        return tuple(runs)

    def _unknown_sources(self, blocks: Blocks, text: Text) -> Iterator[Problem]:
        known = self.library.sources
        for block in walk(blocks):
            line = block.line or text.line
            for run in _runs_in(block):
                if run.cite and run.cite not in known:
                    message = f"there is no source '{run.cite}'."
                    yield Problem("unknown-source", message, text.path, line, 1, did_you_mean(run.cite, known))

    def _with_pictures(self, blocks: Iterable[Block], text: Text) -> Iterator[Block]:
        for block in blocks:
            if isinstance(block, PictureFile):
                yield from self._picture(block, text)
            else:
                yield block

    def _picture(self, block: PictureFile, text: Text) -> Iterator[Block]:
        lesson = _lesson_of(text.path, self.library)
        png = self.library.pictures.get(f"{lesson}/{block.path}")
        if png is None:
            message = f"there is no picture '{block.path}' in the lesson's folder."
            self.problems.append(Problem("unknown-picture", message, text.path, block.line, 1))
            return
        width, height = (int.from_bytes(png[at : at + 4], "big") * 25.4 / 96 for at in (16, 20))
        shrink = min(1.0, MOST_PICTURE_MM / width) if width else 1.0
        yield Picture(png, block.alt, width * shrink, height * shrink, block.line)

    # -------------------------------------------------------- what belongs where

    def sections(self, activity: Activity) -> Mapping[str, Blocks]:
        """The parts of an activity by their `##` heading; its purpose stands under ''."""
        found: dict[str, list[Block]] = {"": []}
        name = ""
        for block in self.blocks(activity.body):
            if isinstance(block, Heading) and block.level <= 2:  # noqa: PLR2004
                name = text_of(block.runs).strip()
                self._check_section(block, name, found, activity.body.path)
                found[name] = []
            elif isinstance(block, Heading):
                self._check_part(block, name, activity.body.path)
                found[name].append(Paragraph(_strong(block.runs), keep_with_next=True, line=block.line))
            else:
                found[name].append(block)
        return {name: tuple(blocks) for name, blocks in found.items() if blocks}

    def _check_section(self, block: Heading, name: str, found: Mapping[str, object], path: str) -> None:
        if name not in SECTIONS or block.level == 1:
            hint = did_you_mean(name, SECTIONS) if name not in SECTIONS else f"Write '## {name}'."
            self._say("unknown-section", f"'{name}' is not a section of an activity.", path, block.line, hint)
        elif name in found:
            self._say("twice", f"the section '{name}' stands twice.", path, block.line, "Put both together.")

    def _check_part(self, block: Heading, section: str, path: str) -> None:
        name = text_of(block.runs).strip()
        if section == "Debrief" and name not in DEBRIEF_PARTS:
            hint = did_you_mean(name, DEBRIEF_PARTS)
            self._say("unknown-section", f"'{name}' is not a part of a debrief.", path, block.line, hint)
        elif block.level > DEEPEST_HEADING:
            self._say("heading-too-deep", "a heading has at most three levels.", path, block.line, "Use '###'.")

    def sheet(self, sheet: HandoutSheet) -> Blocks:
        """A participant sheet, its one `#` as a heading of level 2, what is below it as level 3."""
        blocks = self.blocks(sheet.body)
        titles = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
        if len(titles) != 1 or text_of(titles[0].runs).strip() != sheet.title:
            line = titles[0].line if titles else sheet.body.line
            hint = f"Write '# {sheet.title}', once."
            self._say("sheet-title", "the sheet's one '#' heading must equal its title.", sheet.body.path, line, hint)
        deep = next((b for b in blocks if isinstance(b, Heading) and b.level > 2), None)  # noqa: PLR2004
        if deep is not None:
            self._say("heading-too-deep", "a sheet has '#' and '##' only.", sheet.body.path, deep.line, "Use '##'.")
        return lowered(blocks, 1)

    def lesson(self, lesson: Lesson) -> Blocks:
        """A lesson's background, without headings above level 3."""
        return tuple(
            Paragraph(_strong(block.runs), keep_with_next=True, line=block.line) if isinstance(block, Heading) else block
            for block in self.blocks(lesson.body)
        )

    def card(self, card: Card) -> Blocks:
        """A card's introduction; headings become bold lines."""
        return tuple(
            Paragraph(_strong(block.runs), keep_with_next=True, line=block.line) if isinstance(block, Heading) else block
            for block in self.blocks(card.body)
        )

    def _say(self, code: str, message: str, path: str, line: int, hint: str) -> None:
        problem = Problem(code, message, path, line, 1, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def everything(self) -> None:
        """Parse every text of the library, so that `problems` holds all that is wrong with any of them."""
        for lesson in self.library.lessons.values():
            self.lesson(lesson)
        for activity in self.library.activities.values():
            self.sections(activity)
        for sheet in self.library.sheets.values():
            self.sheet(sheet)
        for card in self.library.cards.values():
            self.card(card)
            for text in (card.argument.text, *(r.text for r in card.readings), *(f.text for f in card.facts)):
                self._front_matter(text, card.body.path)

    def _front_matter(self, markdown: str, path: str) -> None:
        """Front matter that is printed must be text that can be printed, too."""
        blocks, problems = parse(markdown, path)
        self.problems += [replace(problem, line=1, column=1) for problem in problems]
        self.problems += self._unknown_sources(blocks, Text(path=path))


def _runs_in(block: Block) -> Iterator[Run]:
    found: list[Run] = []
    replace_runs((block,), lambda runs: found.extend(runs) or runs)  # type: ignore[func-returns-value]
    return iter(found)


def _lesson_of(path: str, library: Library) -> str:
    return next((part for part in reversed(path.split("/")) if part in library.lessons), "")


def _strong(runs: Runs) -> Runs:
    return tuple(replace(run, strong=True) for run in runs)


def lowered(blocks: Iterable[Block], by: int) -> Blocks:
    """The blocks with their headings `by` levels lower, down to level 3."""
    return tuple(
        replace(block, level=min(block.level + by, DEEPEST_HEADING)) if isinstance(block, Heading) else block
        for block in blocks
    )


# ------------------------------------------------------------ placeholders and citations


def filled(blocks: Iterable[Block], values: Mapping[str, str], library: Library) -> Blocks:
    """The blocks with placeholders filled (a line to fill by hand where there is no value) and citations in words."""

    def settle(runs: Runs) -> Runs:
        return tuple(_settled(run, values, library) for run in runs)

    return replace_runs(blocks, settle)


def _settled(run: Run, values: Mapping[str, str], library: Library) -> Run:
    if run.fill:
        label = PLACEHOLDERS[run.fill].lower() if run.fill in PLACEHOLDERS else run.fill
        return replace(run, text=values.get(run.fill) or f"______________ ({label})", fill="")
    if run.cite:
        source = library.sources.get(run.cite)
        name = short_name(source) if source else run.cite
        return replace(run, text=f"({name}{run.text})", cite="")
    return run


def short_name(source: Source) -> str:
    """How a source is named in running text: family names, or the title where no author is known, and the year."""
    names = [person.literal or person.family or "" for person in source.author]
    if len(names) > 2:  # noqa: PLR2004
        name = f"{names[0]} et al."
    else:
        name = " and ".join(names) or f"“{source.title}”"
    year = (source.issued or "")[:4]
    return f"{name} {year}".strip()


def reference(source: Source) -> str:
    """One entry of a source list: authors, year, title, where it appeared, address, and what to know about it."""
    people = [
        person.literal or ", ".join(part for part in (person.family, person.given) if part) for person in source.author
    ]
    parts = [
        "; ".join(people),
        f"({source.issued})" if source.issued else "(no date given)",
        f"“{source.title}”",
        _where(source),
        f"https://doi.org/{source.doi}" if source.doi else source.url or "",
        f"Seen {source.accessed}" if source.accessed else "",
        source.note or "",
    ]
    return " ".join(part if part.endswith((".", "”")) and i != 1 else f"{part}." for i, part in enumerate(parts) if part)


def _where(source: Source) -> str:
    volume = f"{source.volume}({source.issue})" if source.volume and source.issue else source.volume or source.issue or ""
    parts = (source.container_title or "", volume, source.page or "", source.publisher or "")
    return ", ".join(part for part in parts if part)
