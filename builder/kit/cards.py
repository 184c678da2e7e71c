"""Cards to cut that carry no name: one for each person, by which people find their group, and slips for latecomers."""

from collections.abc import Iterator, Sequence

from builder.blocks import Block, Blocks, CutCard, FillIn, ListBlock, Paragraph, Run
from builder.kit.around import once_each
from builder.kit.context import Context
from builder.kit.credits import lesson_of
from builder.kit.editions import has_large
from builder.kit.groups import FEWER_MAY_COME, FEWEST, Pack, Turnout, joined, pack, partners, parts, size_for
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
# The height of a card's head, of a line of its text, and how many characters such a line holds: at 14 and at 18 pt.
_LEAST_MM, _LINE_MM, _LINE_CHARACTERS = 28, 6.2, 36
_LARGE_LINE_MM, _LARGE_CHARACTERS = 7.9, 26


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
    found = _pack(plan)
    texts = [list(_small_print(number, plan, found)) for number in range(1, brief.participants_most + 1)]
    high, room = (_LARGE_LINE_MM, _LARGE_CHARACTERS) if has_large(brief) else (_LINE_MM, _LINE_CHARACTERS)
    lines = max(sum(-(-len(line) // room) for line in text) for text in texts)
    return [
        CutCard((*_headline(number, found), *map(_line, text)), height_mm=_LEAST_MM + high * lines)
        for number, text in enumerate(texts, 1)
    ]


def _pack(plan: Plan) -> Pack | None:
    """The pack of cards for a plan, dealt so that pairs, or else threes, are of one group; None without groups."""
    size, _ = size_for(plan)
    brief, groupings = plan.brief, _groupings(plan)
    together = 2 if "pairs" in groupings else 3 if "threes" in groupings else 1
    return pack(brief.participants, brief.participants_most, size, together) if size else None


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
    if "pairs" in groupings:
        own, instead = partners(number, 2)
        instead = joined(found, number) if found and instead else instead
        alone = f" No {own[-1]}? Join {_numbers(instead)}." if instead and own[-1] > least else ""
        yield f"Pair: {_numbers(own)}.{alone}{_parting(number, 2, found)}"
    if "threes" in groupings:
        own, instead = partners(number, 3)
        alone = f" No {own[-1]}? Join {_numbers(instead)}." if instead and own[-1] > least else ""
        yield f"Three: {_numbers(own)}.{alone}{'' if 'pairs' in groupings else _parting(number, 3, found)}"
    if found is None:
        return
    for turnout, group in found.otherwise(number):
        yield f"{_when(turnout, found.turnouts)}: group {group_name(group)} {_SYMBOLS[group % len(_SYMBOLS)][0]}."


def _parting(number: int, together: int, found: Pack | None) -> str:
    """What a card says of a pair or a three with more than one letter."""
    return " In groups you part, by letter." if found and parts(found, number, together) else ""


def _numbers(numbers: Sequence[int]) -> str:
    return f"{numbers[0]} and {numbers[-1]}" if len(numbers) == 2 else f"{numbers[0]} to {numbers[-1]}"


def _when(turnout: Turnout, turnouts: Sequence[Turnout]) -> str:
    if turnout == turnouts[0]:
        return f"{turnout.most} people or fewer"
    if turnout == turnouts[-1]:
        return f"{turnout.least} people or more"
    between = {0: "", 1: f" or {turnout.most}"}.get(turnout.most - turnout.least, f" to {turnout.most}")
    return f"{turnout.least}{between} people"


def _line(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def rule(plan: Plan) -> str:
    """How the cards are used, for the guide and for whoever prints them."""
    found, (_, by_hand) = _pack(plan), size_for(plan)
    named = _numbered(plan)
    shown = [*(["the letter is your group"] if found else [])]
    shown += [f"the number shows your {_listed(named)}"] if named else []
    said = [f"Everyone draws the next card, number 1 first: {', '.join(shown)}.", *_seating(plan, found)]
    if found and found.others:
        said.append(f"If {_unlike(found.others, plan.brief.participants)}, say so: some cards then name another group.")
    if by_hand:
        said.append(f"Form the groups by hand in: {', '.join(by_hand)}.")
    return " ".join(said)


def _seating(plan: Plan, found: Pack | None) -> Iterator[str]:
    """How people sit by their cards, so that the neighbours of a step are a pair, and pairs that join are a group."""
    groupings = _groupings(plan)
    if "pairs" in groupings and found:
        yield "People sit by letter, pairs side by side: neighbours are a pair, and pairs that join have one letter."
        usual = range(1, plan.brief.participants, 2)
        parted = [_numbers((number, number + 1)) for number in usual if parts(found, number, 2)]
        if parted:
            pairs = "The pairs" if len(parted) > 1 else "The pair"
            yield f"{pairs} {'; '.join(parted)} then part{'' if len(parted) > 1 else 's'}, each to their own letter."
    elif "pairs" in groupings:
        yield "Pairs sit side by side: they are the neighbours of a step."
    if "threes" in groupings and "pairs" in groupings and found:
        yield "Threes go by number, whatever the letter."


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


def slips(context: Context) -> Sequence[CutCard]:
    """The slips for latecomers, all alike and short: where we are, what to take, what is ahead, how to pass."""
    plan = context.plan
    found = [*(["group"] if size_for(plan)[0] else []), *_numbered(plan)]
    taken = [f"Take the top card. It shows your {_listed(found)}."] if are_drawn(plan) and found else []
    letters = [sheet.letter for sheet in opening_sheets(context)]
    limits = "the ways to take part, the limits of confidentiality, and whom to tell if something worries you."
    read = [f"Read sheet {_listed(letters)}, which comes with this slip: {limits}"] if letters else []
    own, choices = once_each(context.values["advisories"])
    passing = " ".join(choices) or "You may pass at any time, without a reason."
    heading = Paragraph((Run("What is ahead", strong=True),), keep_with_next=True)
    told: Blocks = (heading, _list(own)) if own else ()
    blocks: Blocks = (
        Paragraph((Run("Good that you are here.", strong=True),)),
        FillIn("Where we are"),
        _list(["Listen first.", *taken, *read]),
        *told,
        Paragraph((Run(passing),)),
    )
    return [CutCard(blocks, wide=True)] * SLIPS


def _list(lines: Sequence[str]) -> ListBlock:
    return ListBlock(tuple((_line(line),) for line in lines))
