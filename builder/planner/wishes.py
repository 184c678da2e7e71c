"""What could be had instead, where a brief cannot be planned: the best agenda without its costliest wish."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.model import Brief, Library, Plan
from builder.planner.reasons import explained
from builder.planner.search import Search
from builder.problems import RefusedError


@dataclass(frozen=True)
class Instead:
    """A plan of the same brief without a wish, or of another length; `words` says which: "without 'Two words'"."""

    words: str
    brief: Brief
    plan: Plan


@dataclass(frozen=True)
class _Wish:
    """What could be given up: in words, the brief without it, and how many minutes it takes at the least."""

    words: str
    without: Brief
    minutes: int


def instead(library: Library, brief: Brief, error: RefusedError) -> Instead | None:
    """The best plan of the same length without one wish, else without some; else of the length that `error` names."""
    wishes = list(_wishes(library, brief))
    plans = [found for wish in wishes if (found := _planned(library, wish.words, wish.without))]
    if plans:
        return max(plans, key=lambda each: each.plan.score or 0.0)
    fewer = _without_some(library, brief, ())
    if fewer is not None:
        return fewer
    lengths = [length for length in (error.least_minutes, error.most_minutes) if length]
    for minutes in sorted(lengths, key=lambda length: abs(length - brief.minutes)):
        other = brief.model_copy(update={"minutes": minutes})
        found = _planned(library, f"with {minutes} minutes booked", other)
        if found is not None:
            return found
    return None


def _planned(library: Library, words: str, brief: Brief) -> Instead | None:
    search = Search(library, brief)
    found = search.best()
    return Instead(words, brief, explained(search, found)) if found is not None else None


def _without_some(library: Library, brief: Brief, gone: Sequence[str]) -> Instead | None:
    """A plan without the longest lessons in focus, one after the other, as long as one is left."""
    wishes = [wish for wish in _wishes(library, brief) if wish.minutes]
    if len(brief.focus) <= 1 or not wishes:
        return None
    costliest = max(wishes, key=lambda wish: wish.minutes)
    words = [*gone, costliest.words.removeprefix("without ")]
    found = _planned(library, f"without {' and '.join(words)}", costliest.without)
    return found or _without_some(library, costliest.without, words)


def _wishes(library: Library, brief: Brief) -> Iterator[_Wish]:
    """What the brief asks for and could do without; never an access arrangement, never more contested."""
    search = Search(library, brief)
    for key in brief.focus if len(brief.focus) > 1 else ():
        focus = tuple(other for other in brief.focus if other != key)
        pins = {step: pin for step, pin in brief.pinned.items() if step.partition("/")[0] != key}
        title = library.lessons[key].title
        changed = brief.model_copy(update={"focus": focus, "pinned": pins})
        yield _Wish(f"without '{title}'", changed, search.pool.least(key))
    for key in brief.pinned:
        pins = {step: pin for step, pin in brief.pinned.items() if step != key}
        words = f"without fixing '{library.activities[key].title}'"
        yield _Wish(words, brief.model_copy(update={"pinned": pins}), 0)
    for each in brief.breaks:
        breaks = tuple(other for other in brief.breaks if other is not each)
        yield _Wish(f"without the break at {each.at}", brief.model_copy(update={"breaks": breaks}), 0)
    if brief.order:
        yield _Wish("without the order", brief.model_copy(update={"order": ()}), 0)
    if brief.break_minutes != "auto":
        words = f"without breaks of {brief.break_minutes} minutes"
        yield _Wish(words, brief.model_copy(update={"break_minutes": "auto"}), 0)
    yield from _milder_cards(library, brief)


def _milder_cards(library: Library, brief: Brief) -> Iterator[_Wish]:
    """A contested case given up for the default one of its deck, which is of level 0."""
    for deck, key in brief.cards.items():
        card, default = library.cards[key], library.cards[str(library.decks[deck].default_card)]
        if card.contested:
            cards = {**brief.cards, deck: default.id}
            words = f"with the case '{default.title}' in place of '{card.title}'"
            yield _Wish(words, brief.model_copy(update={"cards": cards}), 0)
