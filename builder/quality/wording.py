"""How it is said: words that talk down, figures of speech, contractions, headings, links, pictures, gaps."""

import re
from collections.abc import Iterator

from builder.blocks import Block, Heading, Paragraph, Picture, Runs, Table, walk
from builder.model import Text
from builder.quality.found import Found
from builder.quality.language import any_of, listed
from builder.quality.subject import Subject, unquoted

SHORTEST_ALT, LONGEST_ALT = 15, 250
_CONTRACTION = re.compile(
    r"\b(?:\w+n['’]t|\w+['’](?:re|ve|ll|m)|(?:it|that|here|there|what|who|let|he|she|how|where)['’]s)\b", re.IGNORECASE
)
_LEFT_OPEN = re.compile(r"\[\[[^\]\n]*\]\]|\bTODO\b(?!:)|\bTBD\b|\bFIXME\b|\bXXX+\b|[Ll]orem ipsum")
_VAGUE_LINK = re.compile(
    r"(?:click )?here|(?:this |the )?(?:link|page|article|website)|(?:read )?more|this", re.IGNORECASE
)
_FILE_NAME = re.compile(
    r"^\S+\.(?:png|jpe?g|gif|svg|webp)$|^(?:image|img|picture|photo|screenshot)[\s_-]*\d*$", re.IGNORECASE
)


def dismissive(subject: Subject) -> Iterator[Found]:
    """Words that make what is hard for somebody sound easy."""
    yield from _each(subject, "dismissive", "'{}' makes what may be hard sound easy.")


def idioms(subject: Subject) -> Iterator[Found]:
    """Figures of speech that do not travel, and those that use a disability for a fault."""
    yield from _each(subject, "idioms", "'{}' is a figure of speech that not everybody knows or likes.")


def _each(subject: Subject, name: str, message: str) -> Iterator[Found]:
    for written in subject.written:
        for match in listed(name).finditer(unquoted(written)):
            yield written.found(message.format(match[0]), match.start())


def contractions(subject: Subject) -> Iterator[Found]:
    """The first contraction of a text, outside what is quoted or to be said aloud."""
    for written in subject.written:
        match = _CONTRACTION.search(unquoted(written, spoken=False))
        if match:
            yield written.found(f"'{match[0]}' is a contraction.", match.start())


def left_open(subject: Subject) -> Iterator[Found]:
    """What an author meant to fill in later."""
    for written in subject.written:
        for match in _LEFT_OPEN.finditer(written.text):
            yield written.found(f"'{match[0]}' was to be filled in.", match.start())


def unexplained(subject: Subject) -> Iterator[Found]:
    """Specialist words on participants' sheets that the glossary does not explain, each once."""
    known, told = _glossary(subject), set[str]()
    for written in subject.written:
        if written.kind == "sheet":
            for match in listed("specialist").finditer(unquoted(written)):
                word = match[0].lower()
                if word not in told and not (known and known.search(word)):
                    told.add(word)
                    yield written.found(f"'{match[0]}' is not in the glossary.", match.start())


def unused(subject: Subject) -> Iterator[Found]:
    """Glossary entries that no text of the library uses."""
    everything = "\n".join(written.text for written in subject.written)
    for term in subject.library.glossary.values():
        if not _term(term.id, *term.variants).search(everything):
            mark = subject.marks.get("glossary", {}).get(term.id)
            found = mark.problem("", "") if mark else None
            place = (found.path, found.line, found.column) if found else ("", None, None)
            yield Found(f"no text uses the term '{term.id}'.", *place)


def _term(*names: str) -> re.Pattern[str]:
    return any_of(rf"{re.escape(name)}(?:s|es|ed|ing)?" for name in names)


def _glossary(subject: Subject) -> re.Pattern[str] | None:
    names = [name for term in subject.library.glossary.values() for name in (term.id, *term.variants)]
    return _term(*names) if names else None


def heading_jumps(subject: Subject) -> Iterator[Found]:
    """Headings that lie more than one level below the one before."""
    for body, blocks in subject.bodies:
        level = 1
        for block in walk(blocks):
            if isinstance(block, Heading):
                if block.level > level + 1:
                    message = f"a heading of level {block.level} follows one of level {level}."
                    yield Found(message, body.path, block.line, 1)
                level = block.level


def vague_links(subject: Subject) -> Iterator[Found]:
    """Links whose words do not say where they lead."""
    for text, block, runs in _all_runs(subject):
        for run in runs:
            if run.link and (_VAGUE_LINK.fullmatch(run.text.strip()) or run.text.strip() == run.link):
                message = f"the words of the link, '{run.text.strip()}', do not say where it leads."
                yield subject.in_text(text, block.line, message, run.text)


def _all_runs(subject: Subject) -> Iterator[tuple[Text, Block, Runs]]:
    for body, blocks in subject.bodies:
        for block in walk(blocks):
            if isinstance(block, Heading | Paragraph):
                yield body, block, block.runs
            elif isinstance(block, Table):
                yield from ((body, block, runs) for row in (block.header, *block.rows) for runs in row)


def alt_texts(subject: Subject) -> Iterator[Found]:
    """Pictures whose words say too little, too much, or only a file name."""
    for body, blocks in subject.bodies:
        for block in walk(blocks):
            wrong = _wrong_alt(block.alt) if isinstance(block, Picture) and block.alt else ""
            if wrong:
                yield Found(wrong, body.path, block.line, 1)


def _wrong_alt(alt: str) -> str:
    if _FILE_NAME.match(alt):
        return f"'{alt}' is the name of a picture, not what it shows."
    if not SHORTEST_ALT <= len(alt) <= LONGEST_ALT:
        return f"the words for a picture have {len(alt)} characters, not {SHORTEST_ALT} to {LONGEST_ALT}."
    return ""
