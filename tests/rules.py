"""Every hard rule of the planner, checked on a finished plan.

Written from the planning rules and the model alone, apart from the planner's own code, so that a mistake
there is not repeated here. Nothing is imported from `builder.planner`, and its numbers are written out again.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from builder.model import Activity, Brief, Card, Count, Lesson, Library, Plan, Slot

MOVING = {"pairs", "threes", "small groups"}
FACTORS = {
    "online": Fraction(12, 10),
    "consecutive": Fraction(18, 10),
    "simultaneous": Fraction(115, 100),
    "first run": Fraction(115, 100),
}


def broken_rules(plan: Plan, library: Library) -> list[str]:
    """Every hard rule that the plan breaks, in words that begin with the rule's name; empty for a good plan."""
    held = Held(plan, library)
    rules = (time, frame, bounds, needs, lessons_whole, breaks, change_overs, debriefs)
    more = (access, buffer, cards, contested, wishes, reasons)
    return [problem for rule in (*rules, *more) for problem in rule(held)]


@dataclass(frozen=True)
class Held:
    """A plan as it would be held: with its library, and what several rules ask about it."""

    plan: Plan
    library: Library

    @property
    def brief(self) -> Brief:
        """What was asked for."""
        return self.plan.brief

    @property
    def slots(self) -> Sequence[Slot]:
        """Everything in the agenda, in order."""
        return self.plan.agenda.slots

    @cached_property
    def steps(self) -> Sequence[Slot]:
        """The activities, in order."""
        return [slot for slot in self.slots if slot.activity is not None]

    @cached_property
    def ids(self) -> Sequence[str]:
        """The ids of the activities, in order."""
        return [slot.activity.id for slot in self.steps if slot.activity is not None]

    @cached_property
    def lessons(self) -> Sequence[Lesson]:
        """The lesson of each activity, in order."""
        return [self.library.lessons[key.partition("/")[0]] for key in self.ids]

    @cached_property
    def present(self) -> Sequence[str]:
        """The lessons that are in, each once, in the order in which they come."""
        return list(dict.fromkeys(lesson.id for lesson in self.lessons))

    @cached_property
    def used_cards(self) -> Mapping[str, Card]:
        """The card that each case lesson in the agenda should use: the brief's, or else the default one."""
        lessons = {lesson.id: lesson for lesson in self.lessons if lesson.deck}
        chosen = {key: self.brief.cards.get(str(lesson.deck), lesson.default_card) for key, lesson in lessons.items()}
        return {key: self.library.cards[str(card)] for key, card in chosen.items()}

    @cached_property
    def contested(self) -> Mapping[str, Card]:
        """Those of the cards that are of level 2 or 3."""
        return {key: card for key, card in self.used_cards.items() if card.level >= 2}

    def minutes_of_phase(self, phase: str) -> int:
        """The minutes of all activities of a phase."""
        return sum(slot.minutes for slot, lesson in zip(self.steps, self.lessons, strict=True) if lesson.phase == phase)


# ------------------------------------------------------------ the exact sum


def time(held: Held) -> Iterator[str]:
    """The slots follow each other from minute 0 and sum to the booked time exactly."""
    at = 0
    for slot in held.slots:
        if slot.start != at:
            yield f"time: '{slot.title}' starts at {slot.start}, not at {at}"
        if slot.minutes < 1:
            yield f"time: '{slot.title}' lasts {slot.minutes} minutes"
        if (slot.kind == "activity") != (slot.activity is not None):
            yield f"time: '{slot.title}' is of the kind '{slot.kind}'"
        at += slot.minutes
    if at != held.brief.minutes:
        yield f"time: {at} minutes are planned and {held.brief.minutes} booked"


# ------------------------------------------------------------ frame


def frame(held: Held) -> Iterator[str]:
    """The opening is first and long enough, the closing last and long enough."""
    phases = [lesson.phase for lesson in held.lessons]
    opening, closing = phases.count("opening"), phases.count("closing")
    if not opening or set(phases[:opening]) != {"opening"}:
        yield "frame: the opening is not first"
    if not closing or set(phases[-closing:]) != {"closing"}:
        yield "frame: the closing is not last"
    if not held.slots or held.slots[0].kind != "activity" or held.slots[-1].kind != "activity":
        yield "frame: the agenda does not begin and end with an activity"
    least = 10 if held.contested else 8
    if held.minutes_of_phase("opening") < least:
        yield f"frame: the opening takes {held.minutes_of_phase('opening')} minutes, below {least}"
    if held.minutes_of_phase("closing") < 7:
        yield f"frame: the closing takes {held.minutes_of_phase('closing')} minutes, below 7"


# ------------------------------------------------------------ bounds


def bounds(held: Held) -> Iterator[str]:
    """Every activity is held in the right form, with enough people and facilitators, and within its minutes."""
    for slot, key in zip(held.steps, held.ids, strict=True):
        written = held.library.activities[key]
        if slot.variant not in {usual_variant(written, held.brief), *({"threes"} & set(written.variants))}:
            yield f"bounds: '{key}' is held in the variant {slot.variant}"
            continue
        form = written if slot.variant is None else written.varied(slot.variant)
        if slot.activity != form:
            yield f"bounds: '{key}' is not what the library and the variant {slot.variant} say"
        yield from wrong_minutes(slot, form, held.brief)
        yield from wrong_people(form, held.brief)


def usual_variant(activity: Activity, brief: Brief) -> str | None:
    """The variant that the brief asks for: seated, else online, which hybrid counts as, else none.

    The variant in threes may stand in for any of them, as the way out where a round would not fit.
    """
    if "seated" in brief.access and "seated" in activity.variants:
        return "seated"
    return "online" if brief.mode != "in-person" and "online" in activity.variants else None


def wrong_minutes(slot: Slot, form: Activity, brief: Brief) -> Iterator[str]:
    """The slot is within what the activity takes here, and pinned minutes are exact."""
    least, most = effective_minutes(form, brief)
    if not least <= slot.minutes <= most:
        yield f"bounds: '{form.id}' lasts {slot.minutes} minutes, and takes {least} to {most}"
    pin = brief.pinned.get(form.id)
    if pin is not None and pin.minutes not in (None, slot.minutes):
        yield f"bounds: '{form.id}' lasts {slot.minutes} minutes, and is pinned at {pin.minutes}"


def effective_minutes(form: Activity, brief: Brief) -> tuple[int, int]:
    """The fewest and the most minutes of an activity with these people, in this mode; no less than its debrief."""
    added = math.ceil(
        form.scales.person * (brief.participants - 16)
        + form.scales.group * (groups_formed(brief.participants, group_size(form)) - 4)
    )
    floor = max(form.debrief, 1)
    least, most = (max(minutes + added, floor) for minutes in (form.minutes.min, form.minutes.max))
    longer = talk_added(form, brief)
    return least + longer, most + longer


def talk_added(form: Activity, brief: Brief) -> int:
    """What the mode adds: the talk minutes times the product of the factors, less themselves, and moves into rooms."""
    factors = []
    if brief.mode != "in-person":
        factors.append("online")
    if brief.interpretation == "consecutive":
        factors.append("consecutive")
    if brief.interpretation == "simultaneous" or "sign-language" in brief.access:
        factors.append("simultaneous")
    if not brief.run_before:
        factors.append("first run")
    product = math.prod((FACTORS[name] for name in factors), start=Fraction(1))
    talk = form.minutes.typical if form.talk is None else form.talk
    rooms = 2 * form.rooms if brief.mode != "in-person" else 0
    return math.ceil(talk * (product - 1)) + rooms


def group_size(form: Activity) -> Count:
    """The size of a group: the activity's own where it works in small groups, three to six elsewhere."""
    return form.group_size if form.grouping == "small groups" else Count(min=3, max=6)


def can_form(people: int, size: Count) -> Sequence[int]:
    """The numbers of groups into which so many people can be split, nobody left over."""
    return [count for count in range(1, people + 1) if count * size.min <= people <= count * size.max]


def groups_formed(people: int, size: Count) -> int:
    """How many groups are formed: the fewest with at most four in each, or what comes nearest to that."""
    most_in_one = min(max(4, size.min), size.max)
    wanted = math.ceil(Fraction(people, most_in_one))
    return min(can_form(people, size), key=lambda count: abs(count - wanted), default=wanted)


def wrong_people(form: Activity, brief: Brief) -> Iterator[str]:
    """Both the expected and the most people are within the activity's, and can form its groups."""
    if form.facilitators > brief.facilitators:
        yield f"bounds: '{form.id}' needs {form.facilitators} facilitators"
    for people in (brief.participants, brief.participants_most):
        if not form.people.min <= people <= form.people.max:
            yield f"bounds: '{form.id}' is not for {people} people"
        if form.grouping == "small groups" and not can_form(people, form.group_size):
            yield f"bounds: '{form.id}' cannot form its groups from {people} people"


# ------------------------------------------------------------ needs


def needs(held: Held) -> Iterator[str]:
    """What a lesson or a step needs comes before it; a sheet stands in where the lesson is not there."""
    sheets: list[str] = []
    for lesson in (held.library.lessons[key] for key in held.present):
        for need in lesson.needs:
            if need.lesson in held.present:
                if held.present.index(need.lesson) > held.present.index(lesson.id):
                    yield f"needs: '{lesson.id}' comes before '{need.lesson}', which it needs"
            elif need.primer is None:
                yield f"needs: '{lesson.id}' needs '{need.lesson}', which is not in"
            else:
                sheet = held.library.sheet(need.primer, lesson.id, need.lesson)
                sheets += [sheet.id] if sheet else [f"no sheet '{need.primer}'"]
    if sorted(set(sheets)) != sorted(held.plan.primers):
        yield f"needs: the sheets {sheets} stand in, and the plan prints {list(held.plan.primers)}"
    yield from built_on(held)


def built_on(held: Held) -> Iterator[str]:
    """A step comes after every step that it builds on."""
    for place, key in enumerate(held.ids):
        for stem in held.library.activities[key].after:
            before = stem if "/" in stem else f"{key.partition('/')[0]}/{stem}"
            if before not in held.ids[:place]:
                yield f"needs: '{key}' does not come after '{before}'"


def lessons_whole(held: Held) -> Iterator[str]:
    """Nothing is in twice; a lesson's steps are together, in teaching order, with all its core ones."""
    if len(set(held.ids)) < len(held.ids):
        yield "needs: an activity is in twice"
    changes = sum(one.id != other.id for one, other in pairwise(held.lessons))
    if changes + 1 > len(held.present):
        yield "needs: the steps of a lesson are not together"
    for lesson in held.present:
        steps = [step.id for step in held.library.activities_of(lesson)]
        here = [key for key in held.ids if key in steps]
        if here != [key for key in steps if key in here]:
            yield f"needs: the steps of '{lesson}' are not in their order"
        yield from (
            f"needs: the core step '{step.id}' is not in"
            for step in held.library.activities_of(lesson)
            if step.core and step.id not in here
        )


# ------------------------------------------------------------ the breaks


def breaks(held: Held) -> Iterator[str]:
    """Breaks are there where they must be, as long as they must be, and no stretch is over 90 minutes."""
    pauses = [slot for slot in held.slots if slot.kind == "break"]
    if held.brief.minutes >= 90 and not pauses:
        yield "break: there is none"
    if held.brief.minutes == 90:
        yield from (f"break: it starts at {slot.start}" for slot in pauses if not 20 <= slot.start <= 60)
    yield from break_lengths(held.brief, [slot.minutes for slot in pauses])
    edges = [0, *(edge for slot in pauses for edge in (slot.start, slot.end)), held.brief.minutes]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start > 90:
            yield f"break: there is none from {start} to {end}"
    yield from between_activities(held)


def break_lengths(brief: Brief, lengths: Sequence[int]) -> Iterator[str]:
    """Each lasts 5 (10 beyond 120 minutes) to 20, one up to 60 in long sessions, or what the brief says."""
    least = 10 if brief.minutes > 120 else 5
    long = [length for length in lengths if length > 20]
    if len(long) > (1 if brief.minutes >= 240 else 0) or any(length > 60 for length in long):
        yield f"break: there are breaks of {long} minutes"
    if any(length < least for length in lengths):
        yield f"break: one is shorter than {least} minutes"
    said = brief.break_minutes
    if said == "auto" or not lengths:
        return
    if (said <= 20 and set(lengths) != {said}) or (said > 20 and long != [said]):
        yield f"break: they last {list(lengths)}, and the brief says {said}"


def between_activities(held: Held) -> Iterator[str]:
    """A break falls between two activities, not beside another break."""
    kinds = [slot.kind for slot in held.slots if slot.kind in ("activity", "break")]
    for before, after in pairwise(["break", *kinds, "break"]):
        if before == after == "break":
            yield "break: one does not fall between two activities"


# ------------------------------------------------------------ change-overs


def change_overs(held: Held) -> Iterator[str]:
    """A change-over stands directly before each activity that needs one, with its minutes, and nowhere else."""
    last: Slot | None = None
    between: list[Slot] = []
    for slot in held.slots:
        if slot.kind != "activity":
            between.append(slot)
            continue
        wanted = change_over_before(slot, last, between, held.brief)
        found = [pause.minutes for pause in between if pause.kind == "transition"]
        if found != ([wanted] if wanted else []):
            yield f"change-over: {found} minutes before '{slot.title}', where {wanted} are due"
        if found and between[-1].kind != "transition":
            yield f"change-over: something stands between it and '{slot.title}'"
        last, between = slot, []
    if any(slot.kind == "transition" for slot in between):
        yield "change-over: one stands after the last activity"


def change_over_before(slot: Slot, last: Slot | None, between: Sequence[Slot], brief: Brief) -> int:
    """The minutes of the change-over before an activity: none at the start, and none across a break."""
    if slot.activity is None or last is None or last.activity is None:
        return 0
    if any(pause.kind == "break" for pause in between):
        return 0
    if slot.activity.grouping not in MOVING or slot.activity.grouping == last.activity.grouping:
        return 0
    return (1 if brief.mode == "in-person" else 2) + (1 if brief.participants > 24 else 0)


# ------------------------------------------------------------ debrief, access, buffer


def debriefs(held: Held) -> Iterator[str]:
    """No activity is shorter than its debrief."""
    for slot in held.steps:
        if slot.activity is not None and slot.minutes < slot.activity.debrief:
            yield f"debrief: '{slot.title}' lasts {slot.minutes} minutes with a debrief of {slot.activity.debrief}"


def access(held: Held) -> Iterator[str]:
    """Every arrangement that the brief asks for is met by every activity; a variant made for it meets it."""
    for slot in held.steps:
        unmet = set(slot.activity.excludes if slot.activity else ()) & set(held.brief.access) - {slot.variant}
        yield from (f"access: '{slot.title}' excludes '{need}'" for need in sorted(unmet))


def buffer(held: Held) -> Iterator[str]:
    """There is one buffer, of 5 to 15 % rounded up, directly before the closing."""
    places = [place for place, slot in enumerate(held.slots) if slot.kind == "buffer"]
    if len(places) != 1:
        yield f"buffer: there are {len(places)}"
        return
    least, most = (math.ceil(Fraction(held.brief.minutes * share, 100)) for share in (5, 15))
    if not least <= held.slots[places[0]].minutes <= most:
        yield f"buffer: {held.slots[places[0]].minutes} minutes, where {least} to {most} are allowed"
    before, after = (
        [held.library.lessons[slot.activity.lesson].phase for slot in part if slot.activity is not None]
        for part in (held.slots[: places[0]], held.slots[places[0] :])
    )
    following = next((slot for slot in held.slots[places[0] + 1 :] if slot.kind != "transition"), None)
    if "closing" in before or set(after) != {"closing"} or following is None or following.kind != "activity":
        yield "buffer: it does not stand directly before the closing"


# ------------------------------------------------------------ cards


def cards(held: Held) -> Iterator[str]:
    """Each case lesson uses one card, the one asked for or its default, and the plan says so."""
    expected = {card.deck: card.id for card in held.used_cards.values()}
    if dict(held.plan.cards) != expected:
        yield f"needs: the plan names the cards {dict(held.plan.cards)}, not {expected}"
    for slot, lesson in zip(held.steps, held.lessons, strict=True):
        card = held.used_cards.get(lesson.id)
        if slot.card != (card.id if card else None):
            yield f"needs: '{slot.title}' uses the card {slot.card}"
        second = second_card(held.library, card) if card and slot.activity and slot.activity.second_card else None
        if slot.second_card != second:
            yield f"needs: '{slot.title}' uses the second card {slot.second_card}, not {second}"


def second_card(library: Library, card: Card) -> str | None:
    """The deck's first other card of level 0 or 1, by id."""
    others = [key for key, other in library.cards.items() if other.deck == card.deck and other.level <= 1]
    return min((key for key in others if key != card.id), default=None)


def contested(held: Held) -> Iterator[str]:
    """Every rule about contested cards."""
    for key, card in held.used_cards.items():
        yield from (f"contested: {problem}" for problem in wrong_level(card, held.brief))
        if key in held.contested:
            yield from (f"contested: {problem}" for problem in wrong_card(card, held))
            yield from (f"contested: {problem}" for problem in wrong_place(key, held))
    living = sum(card.level == 3 for card in held.contested.values())
    if living > max(1, held.brief.minutes // 90):
        yield f"contested: {living} cards of level 3 in {held.brief.minutes} minutes"


def wrong_level(card: Card, brief: Brief) -> Iterator[str]:
    """No card is above what the brief allows, and where attendance is required none is above level 1."""
    if card.level > brief.max_level:
        yield f"'{card.id}' is above max_level {brief.max_level}"
    if brief.attendance == "required" and card.level > 1:
        yield f"'{card.id}' where attendance is required"


def wrong_card(card: Card, held: Held) -> Iterator[str]:
    """Readings, an advisory and an alternate are there; for level 3 also people to hold it, and a fresh review."""
    brief, alternate = held.brief, held.library.cards.get(held.plan.alternates.get(card.deck, ""))
    if len(card.readings) < 3 or not card.advisory:
        yield f"'{card.id}' has {len(card.readings)} readings and the advisory '{card.advisory}'"
    if alternate is None or alternate.level != 0 or alternate.deck != card.deck:
        yield f"'{card.id}' has no alternate of level 0"
    if card.level == 3 and brief.facilitators < 2 and brief.participants_most > 12:
        yield f"'{card.id}' with one facilitator and up to {brief.participants_most} people"
    if card.level == 3 and brief.date and card.review_by and card.review_by < brief.date:
        yield f"'{card.id}' was to be reviewed by {card.review_by}"


def wrong_place(key: str, held: Held) -> Iterator[str]:
    """The case comes after the opening and a concept, and eight minutes of another lesson follow before the closing."""
    places = [place for place, lesson in enumerate(held.lessons) if lesson.id == key]
    before = {lesson.phase for lesson in held.lessons[: places[0]]}
    if not {"opening", "concept"} <= before:
        yield f"'{key}' comes after {sorted(before)} only"
    after = zip(held.steps[places[-1] + 1 :], held.lessons[places[-1] + 1 :], strict=True)
    minutes = sum(slot.minutes for slot, lesson in after if lesson.phase != "closing")
    if minutes < 8:
        yield f"{minutes} minutes of another lesson between '{key}' and the closing"


# ------------------------------------------------------------ what the brief asked for, and the reasons


def wishes(held: Held) -> Iterator[str]:
    """What is in focus or pinned is in; what is left out is out."""
    brief = held.brief
    yield from (f"wishes: '{key}' is in focus and not in" for key in brief.focus if key not in held.present)
    yield from (f"wishes: '{key}' is pinned and not in" for key in brief.pinned if key not in held.ids)
    out = set(brief.leave_out) & {*held.present, *held.ids}
    yield from (f"wishes: '{key}' is to be left out and is in" for key in sorted(out))


def reasons(held: Held) -> Iterator[str]:
    """Every slot has a reason, and so has every lesson and step that is not in."""
    yield from (f"reasons: '{slot.title}' has none" for slot in held.slots if not slot.reason)
    expected = [(key, None) for key in held.library.lessons if key not in held.present]
    for lesson in held.present:
        steps = held.library.activities_of(lesson)
        expected += [(lesson, step.id) for step in steps if step.id not in held.ids]
    told = [(left.lesson, left.activity) for left in held.plan.left_out if left.reason]
    if sorted(map(str, told)) != sorted(map(str, expected)):
        yield f"reasons: {expected} are not in, and {told} are explained"
