"""The sheet of a case, made from its card: facts, argument and all readings on one physical sheet."""

from collections.abc import Iterator

from builder.blocks import Block, Blocks, Heading, ListBlock, Paragraph, Run, Runs
from builder.kit.texts import Texts, cited_as
from builder.model import FEWEST_READINGS, Argument, Card, Fact, Library, Reading, Source


def case_sheet(card: Card, texts: Texts, organisation: str | None) -> Blocks:
    """The blocks of a case's sheet, its title as a heading of level 2."""
    return tuple(_case_sheet(card, texts, organisation))


def _case_sheet(card: Card, texts: Texts, organisation: str | None) -> Iterator[Block]:
    yield Heading(2, (Run(card.title),))
    if card.contested:
        whose = organisation or "the organisation that prints this"
        yield Paragraph((Run(f"Views of those named, not of {whose}.", strong=True),))
        if card.one_sided:
            had = f"One-sided: {len(card.readings)} of the {FEWEST_READINGS} or more readings that such a case needs."
            yield Paragraph((Run(had, strong=True),))
    elif card.level == 0:
        yield Paragraph((Run("A made-up case. The people and places in it do not exist."),))
    if card.advisory:
        yield Paragraph(texts.line(card.advisory))
    yield from texts.card(card)
    if card.facts:
        heading = "What is on record" if card.level else "What happens"
        yield Heading(3, (Run(heading),))
        yield ListBlock(tuple((Paragraph(_fact(fact, texts)),) for fact in card.facts), ordered=True)
    yield Heading(3, (Run("An argument"),))
    cited = () if _names_author(card.argument, texts) else _cited(card.argument, texts)
    yield Paragraph((Run(f"{card.argument.holder}. ", strong=True), *texts.line(card.argument.text), *cited))
    if card.readings:
        yield Heading(3, (Run("Readings of the case"),))
        items = tuple((Paragraph(_reading(reading, texts)),) for reading in card.readings)
        yield ListBlock(items, ordered=True, lettered=True)
    if card.as_of:
        review = f" To be reviewed by {card.review_by}." if card.review_by else ""
        yield Paragraph((Run(f"As of {card.as_of}.{review}"),), role="small")


def _fact(fact: Fact, texts: Texts) -> Runs:
    source = texts.library.sources.get(fact.source or "")
    place = ", ".join(
        part for part in (cited_as(source, texts.library) if source else "", _undoubled(fact.date, source)) if part
    )
    return (*texts.line(fact.text), Run(f" ({place})")) if place else texts.line(fact.text)


def _undoubled(date: str | None, source: Source | None) -> str:
    """A fact's date, unless the source's name ends with its year already."""
    year = (source.issued or "")[:4] if source else ""
    return "" if date is None or (year and date.startswith(year)) else date


def _reading(reading: Reading, texts: Texts) -> Runs:
    holder = reading.holder or "Somebody might say"
    mark = " (written for this exercise)" if reading.constructed else ""
    return (Run(f"{holder}{mark}. ", strong=True), *texts.line(reading.text), *_cited(reading, texts))


def _cited(part: Argument | Reading, texts: Texts) -> Runs:
    """The source of an argument or a reading, unless its text cites it already."""
    source = texts.library.sources.get(part.source or "")
    new = source is not None and f"@{part.source}" not in part.text
    return (Run(f" ({cited_as(source, texts.library)})"),) if source and new else ()


def _names_author(argument: Argument, texts: Texts) -> bool:
    """Whether the one who argues is the author of the source: naming that person twice would help nobody."""
    source = texts.library.sources.get(argument.source or "")
    return source is not None and any((who.family or who.literal or "-") in argument.holder for who in source.author)


def sources_of(card: Card, library: Library) -> Iterator[str]:
    """The ids of the sources that a card names."""
    named = (
        card.argument.source,
        *(fact.source for fact in card.facts),
        *(reading.source for reading in card.readings),
    )
    return (key for key in named if key in library.sources and key is not None)
