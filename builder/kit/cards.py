"""Cards to cut that carry no name: one for each person, by which people find their group, and slips for latecomers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
    FillIn,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Run,
    Runs,
    WritingLines,
)
from builder.kit.context import Context
from builder.kit.credits import lesson_of
from builder.kit.groups import FEWER_MAY_COME, FEWEST, Pack, Turnout, pack, partners, size_for
from builder.kit.sheets import Handout, pieces
from builder.model import Plan

SLIPS = 6

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # no I, O and Q, which are read as 1 and 0
# Shapes that differ in outline, in every font that Word and LibreOffice bring along (the list WGL4), and their words.
_SYMBOLS = (
    ("●", "circle"),
    ("▲", "triangle"),
    ("■", "square"),
    ("☼", "sun"),
    ("♫", "notes"),
    ("♦", "diamond"),
    ("∞", "loop"),
    ("▬", "bar"),
    ("♣", "clover"),
    ("≈", "waves"),
    ("►", "arrow"),
    ("♠", "leaf"),
)
_LEAST_MM, _LINE_MM, _LINE_CHARACTERS = 28, 5.8, 42


def are_drawn(plan: Plan) -> bool:
    """Whether people draw cards: somebody is in a room, and a step works in pairs, threes or small groups."""
    return plan.brief.mode != "online" and bool(_groupings(plan) - {"solo", "plenary"})


def _groupings(plan: Plan) -> set[str]:
    return {slot.activity.grouping for slot in plan.agenda.steps if slot.activity is not None}


def group_name(group: int) -> str:
    """The letter of a group, counted from 0: A to Z without I, O and Q, then AA."""
    return _LETTERS[group % len(_LETTERS)] * (group // len(_LETTERS) + 1)


def group_cards(plan: Plan) -> Sequence[CutCard]:
    """A card for each person who may come, in the order in which they are drawn, all of one height."""
    brief = plan.brief
    size, _ = size_for(plan)
    found = pack(brief.participants, brief.participants_most, size) if size else None
    texts = [list(_small_print(number, plan, found)) for number in range(1, brief.participants_most + 1)]
    lines = max(sum(-(-len(line) // _LINE_CHARACTERS) for line in text) for text in texts)
    return [
        CutCard((*_headline(number, found), *map(_line, text)), height_mm=_LEAST_MM + _LINE_MM * lines)
        for number, text in enumerate(texts, 1)
    ]


def _headline(number: int, found: Pack | None) -> Iterator[Block]:
    if found is None:
        yield Paragraph((Run(f"{number}"),), role="lead")
        return
    group = found.usual_group(number)
    symbol, word = _SYMBOLS[group % len(_SYMBOLS)]
    yield Paragraph((Run(f"{group_name(group)}\u2002{symbol}"),), role="lead")
    yield Paragraph((Run(f"{word} · number {number}"),), role="caption")


def _small_print(number: int, plan: Plan, found: Pack | None) -> Iterator[str]:
    """The pair, the three and another letter for fewer or more people: each only where it can be needed."""
    least = max(FEWEST, plan.brief.participants - FEWER_MAY_COME)
    groupings = _groupings(plan)
    for together, name, grouping in ((2, "Pair", "pairs"), (3, "Three", "threes")):
        if grouping in groupings:
            own, instead = partners(number, together)
            alone = f" No {own[-1]}? Join {_numbers(instead)}." if instead and own[-1] > least else ""
            yield f"{name}: {_numbers(own)}.{alone}"
    if found is None:
        return
    for turnout, group in found.otherwise(number):
        yield f"{_when(turnout, found.turnouts)}: group {group_name(group)} {_SYMBOLS[group % len(_SYMBOLS)][0]}."


def _numbers(numbers: Sequence[int]) -> str:
    return f"{numbers[0]} and {numbers[-1]}" if len(numbers) == 2 else f"{numbers[0]} to {numbers[-1]}"


def _when(turnout: Turnout, turnouts: Sequence[Turnout]) -> str:
    if turnout == turnouts[0]:
        return f"With {turnout.most} people or fewer"
    if turnout == turnouts[-1]:
        return f"With {turnout.least} people or more"
    return f"With {turnout.least} to {turnout.most} people"


def _line(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def rule(plan: Plan) -> str:
    """How the cards are used, for the guide and for whoever prints them."""
    size, by_hand = size_for(plan)
    shown = [f"the number shows your {_listed(found)}"] if (found := _numbered(plan)) else []
    shown = ["the letter is your group", *shown] if size else shown
    text = f"Everyone draws the next card, number 1 first: {', '.join(shown)}."
    if others := size and pack(plan.brief.participants, plan.brief.participants_most, size).others:
        text += f" If {_unlike(others, plan.brief.participants)}, say so: some cards then name another group."
    return text + (f" Form the groups by hand in: {', '.join(by_hand)}." if by_hand else "")


def _numbered(plan: Plan) -> Sequence[str]:
    """What the numbers of the cards are for."""
    groupings = _groupings(plan)
    return [name for name, grouping in (("pair", "pairs"), ("three", "threes")) if grouping in groupings]


def _listed(words: Sequence[str]) -> str:
    """The words as people list them: "group, pair and three"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _unlike(others: Sequence[Turnout], expected: int) -> str:
    """With how many people some cards stand for another group than they show."""
    fewer = max((each.most for each in others if each.most < expected), default=None)
    more = min((each.least for each in others if each.least > expected), default=None)
    found = [f"only {fewer} or fewer come"] if fewer else []
    return " or ".join([*found, f"{more} or more come"] if more else found)


# ------------------------------------------------------------ latecomers


def opening_sheets(context: Context) -> Sequence[Handout]:
    """The sheets that everybody gets in the opening: what somebody who comes late has not seen."""
    lessons = context.library.lessons
    return [
        sheet
        for sheet in pieces(context.sheets)
        if sheet.sheet and sheet.per == "person" and lessons[lesson_of(sheet)].phase == "opening"
    ]


def slips(context: Context, opening: Blocks) -> Sequence[CutCard]:
    """The slips for latecomers, all alike: where we are, the advisories word for word, the opening's sheet."""
    plan = context.plan
    found = [*(["group"] if size_for(plan)[0] else []), *_numbered(plan)]
    drawn = f" Take the next card for your {_listed(found)}." if are_drawn(plan) and found else ""
    ahead = " ".join(context.values["advisories"])
    blocks = (
        Paragraph((Run("Good that you are here. ", strong=True), Run(f"Listen first.{drawn}"))),
        FillIn("Where we are"),
        *([Paragraph((Run("What is ahead. ", strong=True), Run(ahead)))] if ahead else []),
        *_in_short(opening),
    )
    return [CutCard(blocks, wide=True)] * SLIPS


def _in_short(blocks: Blocks) -> Iterator[Block]:
    """The sections of a sheet in its own words, a paragraph each, without the place to write and what announces it."""
    heading: Runs = ()
    told: list[Run] = []
    top = min((block.level for block in blocks if isinstance(block, Heading)), default=0)
    for block, after in pairwise((*blocks, PageBreak())):
        if isinstance(block, Heading):
            yield from _section(heading, told)
            heading, told = block.runs if block.level > top else (), []
        elif heading and not isinstance(after, WritingLines | FillIn):
            told += _words(block)
    yield from _section(heading, told)


def _section(heading: Runs, told: Sequence[Run]) -> Iterator[Block]:
    if heading and told:
        strong = tuple(replace(run, strong=True) for run in heading)
        yield Paragraph((*strong, Run(". ", strong=True), *told))


def _words(block: Block) -> Iterator[Run]:
    """The words of a block as part of one paragraph; a list that counts keeps its numbers."""
    if isinstance(block, Paragraph):
        yield from (*block.runs, Run(" "))
    elif isinstance(block, Box):
        yield from (run for inner in block.blocks for run in _words(inner))
    elif isinstance(block, ListBlock):
        for number, item in enumerate(block.items, block.start):
            yield Run(f"{number}. " if block.ordered else "")
            yield from (run for inner in item for run in _words(inner))
