"""Group cards: whoever comes, the first cards of the pack give groups of allowed sizes, pairs and threes."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import planner
from builder.kit.groups import FEWER_MAY_COME, joined, pack, partners, parts, size_for
from builder.model import Count
from builder.planner.shapes import group_counts, groups

PEOPLE = st.integers(4, 200)
SIZES = st.tuples(st.integers(1, 8), st.integers(0, 5)).map(lambda two: Count(min=two[0], max=two[0] + two[1]))


def sizes_of(found, people):
    """How many of the first cards stand for each group."""
    drawn = [found.group(card, people) for card in range(1, people + 1)]
    return [drawn.count(group) for group in range(max(drawn) + 1)]


@settings(deadline=None)
@given(PEOPLE, PEOPLE, SIZES, st.sampled_from([1, 2, 3]))
def test_the_first_cards_of_the_pack_give_groups_of_allowed_sizes(one, other, size, together):
    """From six fewer than expected to the most that may come, every group is as large as the step asks, and near even.

    With the people expected, groups are even; with others they differ by the size of what stays together.
    """
    expected, most = sorted((one, other))
    found = pack(expected, most, size, together)
    for people in range(max(4, expected - FEWER_MAY_COME), most + 1):
        counts = sizes_of(found, people)
        assert max(counts) - min(counts) <= (1 if people == expected else together)
        if group_counts(people, size):
            assert all(size.min <= count <= size.max for count in counts), (people, counts)


@settings(deadline=None)
@given(PEOPLE, PEOPLE, SIZES, st.sampled_from([2, 3]))
def test_pairs_and_threes_stay_in_one_group_wherever_sizes_let_them(one, other, size, together):
    """With the people expected, no more pairs or threes part than groups of these sizes leave over."""
    expected, most = sorted((one, other))
    found = pack(expected, most, size, together)
    whole = range(1, expected - expected % together + 1, together)
    apart = [first for first in whole if len({found.usual_group(first + at) for at in range(together)}) > 1]
    left_over = sum(count % together for count in sizes_of(found, expected)) - expected % together
    assert len(apart) <= left_over / together
    assert apart == [first for first in whole if parts(found, first, together)][: len(apart)]


@settings(deadline=None)
@given(PEOPLE, PEOPLE, st.integers(0, 3))
def test_whoever_is_left_over_joins_a_pair_of_their_own_group(one, other, more):
    """The last of an odd number of people works with a pair that has the same letter, in groups of three and more."""
    expected, most = sorted((one, other))
    size = Count(min=3, max=4 + more)
    found = pack(expected, most, size, 2)
    if expected % 2 and group_counts(expected, size):
        pair = joined(found, expected)
        assert len(pair) == 2
        assert {found.group(card, expected) for card in (*pair, expected)} == {found.group(expected, expected)}


@pytest.mark.parametrize("size", [Count(min=3, max=4), Count(min=3, max=5), Count(min=3, max=6)])
def test_groups_suit_for_all_numbers_of_people_and_the_sizes_of_our_lessons(size):
    """For 4 to 200 people expected, and up to eight more, there are as many groups as the planner says, or fewer."""
    for expected, more in itertools.product(range(4, 201), (0, 1, 4, 8)):
        most = min(expected + more, 200)
        found = pack(expected, most, size, 2)
        assert [each.least for each in found.turnouts[1:]] == [each.most + 1 for each in found.turnouts[:-1]]
        assert found.turnouts[-1].most == most
        if group_counts(expected, size):
            assert len(sizes_of(found, expected)) == groups(expected, size)
        for turnout in found.turnouts:
            assert len(set(turnout.groups)) <= max(groups(most, size), groups(expected, size))


def test_the_expected_number_of_people_needs_no_second_letter():
    """Eighteen people expected, twenty at most: four cards name another group, for sixteen or fourteen and fewer."""
    found = pack(18, 20, Count(min=3, max=4), 2)
    changing = {card: found.otherwise(card) for card in range(1, 21) if found.otherwise(card)}
    assert {card: [(t.most, group) for t, group in each] for card, each in changing.items()} == {
        2: [(14, 0)],
        11: [(14, 1)],
        12: [(14, 2)],
        14: [(14, 1), (16, 2)],
    }


def test_nine_pairs_in_five_groups_part_once():
    """Eighteen people in groups of three to five: eight pairs of one letter, and one pair of the two threes."""
    found = pack(18, 20, Count(min=3, max=5), 2)
    assert [found.usual_group(card) for card in range(1, 19)] == [
        3,
        4,
        *(g for g in (0, 1, 2, 3, 4, 0, 1, 2) for _ in "ab"),
    ]


def test_where_nobody_works_in_pairs_neighbours_in_the_pack_come_into_different_groups():
    """Whoever comes together and draws one after the other is not in one group."""
    found = pack(18, 20, Count(min=3, max=5))
    letters = [found.usual_group(card) for card in range(1, 21)]
    assert all(here != after for here, after in itertools.pairwise(letters))


@given(st.integers(4, 200), st.sampled_from([2, 3]))
def test_everybody_has_a_pair_or_a_three(people, together):
    """By the numbers on the cards nobody stays alone, and no pair grows beyond three, no three beyond five."""
    met = {}
    for number in range(1, people + 1):
        own, instead = partners(number, together)
        complete = own[-1] <= people
        met.setdefault(tuple(own if complete else instead), []).append(number)
    assert all(each and each[-1] <= people for each in met)
    assert all(set(own) <= set(numbers) for own, numbers in met.items())
    assert {len(numbers) for numbers in met.values()} <= ({2, 3} if together == 2 else {3, 4, 5})
    assert max(map(len, met.values())) <= together + 1 or people == 5


def test_steps_that_no_common_size_suits_are_named(library, example):
    """One size serves all steps in small groups; a step of other sizes is formed by hand, and told by its title."""
    plan = planner.plan(library, example("ninety-minutes"))
    size, by_hand = size_for(plan)
    assert (size.min, size.max, by_hand) == (3, 5, ())
    slots = list(plan.agenda.slots)
    at = max(i for i, slot in enumerate(slots) if slot.activity and slot.activity.grouping == "small groups")
    large = slots[at].activity.model_copy(update={"group_size": Count(min=8, max=10)})
    slots[at] = slots[at].model_copy(update={"activity": large})
    other = plan.model_copy(update={"agenda": plan.agenda.model_copy(update={"slots": tuple(slots)})})
    assert size_for(other)[1] == (large.title,)
