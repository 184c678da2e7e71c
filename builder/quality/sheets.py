"""What a participant holds: plain to read, of use by itself, and asking nothing about the person."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from builder.blocks import Block, Blocks, Heading, ListBlock, Paragraph, Table, WritingLines, text_of, walk
from builder.model import HandoutSheet
from builder.problems import Severity
from builder.quality.found import Found
from builder.quality.language import WORD, any_of, count_words, grade, listed, own_words, sentences, words
from builder.quality.subject import Subject, cut_cards, paragraphs, plain, unquoted

WARNS_ABOVE, FAILS_ABOVE = 8, 10
FEWEST_WORDS = 100
SHORTEST_LABEL = 5
LONGEST_SENTENCE, LONGEST_ON_AVERAGE = 30, 20
MOST_PASSIVE, FEWEST_SENTENCES = 0.2, 10
HEADINGS_FROM = 150
MOST_COLUMNS = 4
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:[\s,]+[A-Z]{2,}){2,}\b")


def grades(subject: Subject) -> Iterator[Found]:
    """Sheets and cases whose text is hard to read; names and glossary terms are left out of the count."""
    for sheet, blocks in subject.english_sheets:
        lines = [line for _, text in paragraphs(blocks) for line in sentences(text) if _whole(line)]
        for message, severity in _too_hard(lines, subject):
            yield Found(message, sheet.body.path, _first_line(blocks, sheet), 1, severity=severity)
    for card in subject.library.cards.values():
        texts = [own_words(each.text) for each in subject.written if each.kind == "card" and each.id == card.id]
        for message, severity in _too_hard([line for text in texts for line in sentences(text)], subject):
            yield replace(subject.at(card, (), message), severity=severity)


def _too_hard(lines: Sequence[str], subject: Subject) -> Iterator[tuple[str, Severity]]:
    """What is said of a long enough text whose grade is too high, and how bad that is."""
    found = grade(_without_names(lines, subject)) if sum(map(count_words, lines)) >= FEWEST_WORDS else 0
    if found > WARNS_ABOVE:
        message = f"reads like a text of school grade {found:.1f}; at most {WARNS_ABOVE} is wanted."
        yield message, "error" if found > FAILS_ABOVE else "warning"


def _whole(line: str) -> bool:
    """Whether it is a sentence rather than a label of a word or two, which would make a text look easy."""
    return line.endswith((".", "?", "!", ":")) or count_words(line) >= SHORTEST_LABEL


def _without_names(lines: Sequence[str], subject: Subject) -> Iterator[str]:
    """The lines without names, which are the words with a capital inside a sentence, and without glossary terms."""
    names = [name for term in subject.library.glossary.values() for name in (term.id, *term.variants)]
    terms = any_of(rf"{re.escape(name)}(?:s|es)?" for name in names) if names else None
    for line in lines:
        kept = terms.sub(" ", line) if terms else line
        found = list(WORD.finditer(kept))
        yield " ".join(word[0] for i, word in enumerate(found) if i == 0 or word[0].islower() or word[0] == "I")


def long_sentences(subject: Subject) -> Iterator[Found]:
    """Sentences of more than thirty words on sheets and cards."""
    for sheet, blocks in subject.english_sheets:
        for line, text in paragraphs(blocks):
            for sentence in filter(_too_long, sentences(text)):
                yield subject.in_text(sheet.body, line, _too_long(sentence), sentence)
    for written in subject.written:
        if written.kind == "card":
            text = unquoted(written) if written.exact else written.text
            for sentence in filter(_too_long, sentences(text)):
                yield written.found(_too_long(sentence), text.find(sentence))


def _too_long(sentence: str) -> str:
    count = count_words(sentence)
    return f"a sentence of {count} words is hard to follow." if count > LONGEST_SENTENCE else ""


def long_on_average(subject: Subject) -> Iterator[Found]:
    """Sheets whose sentences are long throughout."""
    for sheet, blocks in subject.english_sheets:
        counts = [count_words(line) for _, text in paragraphs(blocks, cells=False) for line in sentences(text)]
        if counts and sum(counts) > LONGEST_ON_AVERAGE * len(counts):
            message = f"its sentences have {sum(counts) / len(counts):.0f} words on average; 20 is the most."
            yield Found(message, sheet.body.path, _first_line(blocks, sheet), 1)


def passive(subject: Subject) -> Iterator[Found]:
    """Sheets on which more than a fifth of the sentences hide who acts."""
    for sheet, blocks in subject.english_sheets:
        lines = [line for _, text in paragraphs(blocks, cells=False) for line in sentences(text)]
        hidden = [line for line in lines if listed("passive").search(line)]
        if len(lines) >= FEWEST_SENTENCES and len(hidden) > MOST_PASSIVE * len(lines):
            message = f"{len(hidden)} of {len(lines)} sentences do not say who acts, such as '{_short(hidden[0])}'."
            yield Found(message, sheet.body.path, _first_line(blocks, sheet), 1)


def _short(sentence: str) -> str:
    sentence = sentence.rstrip(".")
    return sentence if len(sentence) <= 50 else f"{sentence[:49]}…"


def hard_words(subject: Subject) -> Iterator[Found]:
    """Words of offices and laws for which there is an everyday one."""
    plainer = words()["hard-words"]["plain"]
    pattern = any_of(plainer)
    for written in subject.written:
        if written.kind == "sheet":
            for match in pattern.finditer(unquoted(written)):
                everyday = next(new for old, new in plainer.items() if re.fullmatch(old, match[0], re.IGNORECASE))
                yield written.found(f"'{match[0]}' has an everyday word.", match.start(), f"Write '{everyday}'.")


def no_headings(subject: Subject) -> Iterator[Found]:
    """Longer sheets without a heading below their title."""
    for sheet, blocks in subject.english_sheets:
        long = sum(count_words(text) for _, text in paragraphs(blocks, cells=False)) > HEADINGS_FROM
        headed = any(isinstance(block, Heading) and block.level > 1 for block in walk(blocks))
        if long and not headed and not cut_cards(blocks):
            message = f"has more than {HEADINGS_FROM} words and no heading below its title."
            yield Found(message, sheet.body.path, _first_line(blocks, sheet), 1)


def no_summary(subject: Subject) -> Iterator[Found]:
    """Sheets that do not say in a line below their title what they are for."""
    for sheet, blocks in subject.english_sheets:
        below = next((block for block in blocks if not (isinstance(block, Heading) and block.level == 1)), None)
        if below is not None and not isinstance(below, Paragraph) and not sheet.pocket:
            message = "no line below the title says what the sheet is for."
            yield Found(message, sheet.body.path, below.line or sheet.body.line, 1)


def nothing_to_do(subject: Subject) -> Iterator[Found]:
    """Sheets on which there is nothing to do: no line to write on, no box, no empty cell, no request."""
    asks = re.compile(rf"^(?:please |then |now )?(?:{'|'.join(words()['requests']['words'])})\b", re.IGNORECASE)
    for sheet, blocks in subject.english_sheets:
        lines = (line for _, text in paragraphs(blocks) for line in sentences(text))
        if not any(map(_to_fill, walk(blocks))) and not any(asks.match(line) for line in lines):
            message = "there is nothing to do on this sheet."
            yield Found(message, sheet.body.path, _first_line(blocks, sheet), 1)


def _to_fill(block: Block) -> bool:
    if isinstance(block, Table):
        return any(not text_of(cell).strip() for row in block.rows for cell in row)
    return isinstance(block, WritingLines) or (isinstance(block, ListBlock) and block.ticks)


def capitals(subject: Subject) -> Iterator[Found]:
    """Three or more words in a row in capitals, on sheets and cards."""
    for written in subject.written:
        if written.kind in ("sheet", "card"):
            for match in _CAPITALS.finditer(unquoted(written)):
                yield written.found(f"'{_short(match[0])}' is set in capitals.", match.start())


def wide_tables(subject: Subject) -> Iterator[Found]:
    """Tables with more columns than a page holds in large print."""
    for sheet in subject.library.sheets.values():
        for block in walk(subject.texts.blocks(sheet.body)):
            if isinstance(block, Table) and len(block.header) > MOST_COLUMNS:
                message = f"a table has {len(block.header)} columns; {MOST_COLUMNS} is the most."
                yield Found(message, sheet.body.path, block.line, 1)


def personal_data(subject: Subject) -> Iterator[Found]:
    """Lines of a sheet that ask who somebody is."""
    for sheet, blocks in subject.english_sheets:
        for line, text in _labels(blocks):
            if listed("personal-data").fullmatch(text.strip(" :_.…").lower()):
                message = f"asks who somebody is: '{text.strip(' :_.…')}'."
                yield subject.in_text(sheet.body, line, message, text.strip(" :_.…"))


def _labels(blocks: Blocks) -> Iterator[tuple[int, str]]:
    """What may be a label to fill in: headings of tables, and short paragraphs and sentences."""
    for block in walk(blocks):
        if isinstance(block, Table):
            yield from ((block.line, plain(cell)) for row in (block.header, *block.rows) for cell in row[:1])
            yield from ((block.line, plain(cell)) for cell in block.header[1:])
        elif isinstance(block, Paragraph):
            yield from ((block.line, part) for part in re.split(r"(?<=[.:?!])\s+|_{3,}", plain(block.runs)))


def _first_line(blocks: Blocks, sheet: HandoutSheet) -> int:
    return next((block.line for block in blocks if block.line), sheet.body.line)
