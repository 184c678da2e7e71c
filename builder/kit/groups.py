"""Which group each drawn card stands for: the first N cards of the pack give groups of allowed sizes, whoever comes.

A card has one letter. Where fewer or more people come than its groups can bear, some cards stand for another letter;
they say so themselves, and all others keep theirs. Neighbours in the pack who work as a pair or a three have one
letter wherever the sizes of the groups let them: with the people expected, as few of them part as can be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from builder.model import Count, Plan
from builder.planner.shapes import group_counts, groups

FEWER_MAY_COME = 6
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Turnout:
    """From `least` to `most` people: the group (counted from 0) that each of the first `most` cards stands for."""

    least: int
    most: int
    groups: Sequence[int]


@dataclass(frozen=True, slots=True)
class Pack:
    """The groups of a pack of cards: the turnout that is expected, and the others from the fewest people on."""

    usual: Turnout
    others: Sequence[Turnout] = ()

    @property
    def turnouts(self) -> Sequence[Turnout]:
        """All of them, from the fewest people on."""
        return sorted((self.usual, *self.others), key=lambda each: each.least)

    def group(self, card: int, people: int) -> int:
        """The group of a card (counted from 1) when so many people are there."""
        return next(each.groups[card - 1] for each in self.turnouts if people <= each.most)

    def usual_group(self, card: int) -> int:
        """The group whose letter a card shows: the expected one, or that of the fewest people with whom it is drawn."""
        return self.group(card, max(card, self.usual.least))

    def otherwise(self, card: int) -> Sequence[tuple[Turnout, int]]:
        """The turnouts with which a card stands for another group than it shows."""
        drawn = (each for each in self.turnouts if card <= each.most)
        shown = self.usual_group(card)
        return [(each, each.groups[card - 1]) for each in drawn if each.groups[card - 1] != shown]


def pack(expected: int, most: int, size: Count, together: int = 1) -> Pack:
    """The groups for every number of people from six fewer than expected (four at least) to the most that may come.

    With the expected number there are as many groups as the planner counts on, and never more than with the most;
    they are even, and of the pairs (`together` 2) or threes (3) as few part as groups of these sizes allow.
    Where people cannot be split into groups of `size` at all, the groups are as near to it as can be.
    """
    counts = _counts(expected, most, size)
    ranges = [(count, [people for people, _ in run]) for count, run in groupby(counts.items(), key=lambda one: one[1])]
    at = next(place for place, (_, people) in enumerate(ranges) if expected in people)
    count, people = ranges[at]
    usual = _usual(expected, people, _dealt(expected, count, together), size, together)
    fewer = [each for each in people if each < usual.least]
    shown = list(usual.groups)
    others = []
    for number, some in (*ranges[at + 1 :], *([(count, fewer)] if fewer else []), *reversed(ranges[:at])):
        turnout = _turnout(number, some, shown)
        shown += turnout.groups[len(shown) :]
        others.append(turnout)
    return Pack(usual, others)


def _dealt(people: int, count: int, together: int) -> list[int]:
    """The groups of the cards of the people expected: first those that part, then whole pairs or threes in turn.

    Whoever is left over when all have a pair or a three comes last, and joins some in the group.
    """
    sizes = [people // count + (group < people % count) for group in range(count)]
    apart = [group for turn in range(together) for group, each in enumerate(sizes) if each % together > turn]
    last = len(apart) - people % together
    turns = range(max(sizes) // together)
    whole = [group for turn in turns for group, each in enumerate(sizes) if each // together > turn]
    return [*apart[:last], *(group for group in whole for _ in range(together)), *apart[last:]]


def _usual(expected: int, people: Sequence[int], dealt: Sequence[int], size: Count, together: int) -> Turnout:
    """The cards as dealt, for as many fewer people as still make allowed groups, and with cards for those who are more.

    Of these, too, pairs and threes stay together where the groups stay near to each other in size.
    """
    count = max(dealt) + 1
    least = expected
    while least > people[0] and _suits(dealt[: least - 1], count, size, together):
        least -= 1
    cards = list(dealt)
    for card in range(expected, people[-1]):
        sizes = [cards.count(group) for group in range(count)]
        stays = card % together and _suits([*cards, cards[-1]], count, size, together)
        cards.append(cards[-1] if stays else sizes.index(min(sizes)))
    return Turnout(least, people[-1], tuple(cards))


def _suits(cards: Sequence[int], count: int, size: Count, apart: int) -> bool:
    """Whether these cards make groups of allowed sizes, `apart` at most; even ones where no sizes are allowed."""
    sizes = [cards.count(group) for group in range(count)]
    if group_counts(len(cards), size):
        return size.min <= min(sizes) and max(sizes) <= min(size.max, min(sizes) + apart)
    return max(sizes) - min(sizes) <= 1


def _counts(expected: int, most: int, size: Count) -> Mapping[int, int]:
    """How many groups there are for each number of people: it changes only where it has to."""
    found = {expected: groups(expected, size)}
    for people in range(expected - 1, min(expected, max(FEWEST, expected - FEWER_MAY_COME)) - 1, -1):
        allowed, before = group_counts(people, size), found[people + 1]
        found[people] = before if before in allowed else min(before, groups(people, size), max(people // size.min, 1))
    for people in range(expected + 1, most + 1):
        allowed, before = group_counts(people, size), found[people - 1]
        found[people] = max(before, min(groups(most, size), allowed[-1])) if _must_change(before, allowed) else before
    return dict(sorted(found.items()))


def _must_change(count: int, allowed: range) -> bool:
    return bool(allowed) and count not in allowed


def _turnout(count: int, people: Sequence[int], shown: Sequence[int]) -> Turnout:
    """Even groups for each of these numbers of people; a card keeps the group that it shows wherever it can."""
    least, most = people[0], people[-1]
    room = [least // count + (group < least % count) for group in range(count)]
    found: list[int | None] = []
    for card in range(least):
        kept = shown[card] if card < len(shown) and shown[card] < count and room[shown[card]] else None
        if kept is not None:
            room[kept] -= 1
        found.append(kept)
    free = iter([group for turn in range(max(room)) for group in range(count) if room[group] > turn])
    cards = [next(free) if group is None else group for group in found]
    sizes = [cards.count(group) for group in range(count)]
    for card in range(least, most):
        cards.append(_smallest(sizes, shown[card] if card < len(shown) else count))
        sizes[cards[-1]] += 1
    return Turnout(least, most, tuple(cards))


def _smallest(sizes: Sequence[int], shown: int) -> int:
    """The smallest group; the one that the next card shows, if it is one of them."""
    least = min(sizes)
    return shown if shown < len(sizes) and sizes[shown] == least else sizes.index(least)


def partners(number: int, together: int) -> tuple[Sequence[int], Sequence[int]]:
    """The numbers that make a pair (2) or three (3), and those to join where one of these was not drawn.

    The second is empty where the first people of all would have nobody else to join, or nobody can be left over.
    """
    first = (number - 1) // together * together + 1
    own = range(first, first + together)
    if number == own[-1] or first == 1:
        return own, ()
    back = number - first if first > together * (number - first + 1) else 0
    start = first - together * (back + 1)
    return own, range(start, start + together)


def parts(found: Pack, number: int, together: int) -> bool:
    """Whether those who make a pair or a three with this card have another letter."""
    own, _ = partners(number, together)
    letters = {found.usual_group(each) for each in own if each <= found.turnouts[-1].most}
    return len(letters) > 1


def joined(found: Pack, number: int) -> Sequence[int]:
    """The pair that the last of an odd number of people joins: one of their own group, where there is one."""
    here = [card for card in range(1, number + 1) if found.group(card, number) == found.group(number, number)]
    pairs = [(one, one + 1) for one in here if one % 2 and one + 1 in here]
    return pairs[-1] if pairs else partners(number, 2)[1]


def size_for(plan: Plan) -> tuple[Count | None, Sequence[str]]:
    """The size that suits the steps in small groups, None without such a step; and the steps that it does not suit."""
    brief = plan.brief
    found: Count | None = None
    by_hand = []
    for slot in plan.agenda.steps:
        if slot.activity is None or slot.activity.grouping != "small groups":
            continue
        size = slot.activity.group_size
        low, high = (max(size.min, found.min), min(size.max, found.max)) if found else (size.min, size.max)
        both = Count(min=low, max=high) if low <= high else None
        if both and all(group_counts(people, both) for people in (brief.participants, brief.participants_most)):
            found = both
        else:
            by_hand.append(slot.activity.title)
    return found, tuple(dict.fromkeys(by_hand))
