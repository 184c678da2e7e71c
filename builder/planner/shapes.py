"""What an activity takes in this workshop: its variant, its whole minutes, or why it cannot be held."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from builder.model import Activity, Brief, Count, VariantName
from builder.planner.numbers import numbers

MOVING = ("pairs", "threes", "small groups")
_ANY_GROUP = Count(min=3, max=6)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One way to hold an activity: `least`, `usual` and `most` whole minutes, debrief included."""

    activity: Activity
    variant: VariantName | None
    least: int
    usual: int
    most: int

    @property
    def id(self) -> str:
        """The activity's id."""
        return self.activity.id


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an activity cannot be held: the rule that it would break, and the reason in words."""

    rule: str
    reason: str


def shapes(activity: Activity, brief: Brief) -> tuple[list[Shape], Unfit | None]:
    """The ways to hold an activity, the preferred one first; where there is none, why the first one fails."""
    found: list[Shape] = []
    why: Unfit | None = None
    for variant in _variants(activity, brief):
        form = activity if variant is None else activity.varied(variant)
        unfit = _unfit(form, variant, brief)
        if unfit is None:
            found.append(_shape(form, variant, brief))
        else:
            why = why or unfit
    return found, None if found else why


def _variants(activity: Activity, brief: Brief) -> Iterator[VariantName | None]:
    """Which variants come into question: seated where asked for, online where remote; threes as the way out."""
    if "seated" in brief.access and "seated" in activity.variants:
        yield "seated"
    elif brief.remote and "online" in activity.variants:
        yield "online"
    else:
        yield None
    if "threes" in activity.variants:
        yield "threes"


def _unfit(form: Activity, variant: VariantName | None, brief: Brief) -> Unfit | None:
    for need in brief.access:
        if need in form.excludes and need != variant:
            return Unfit("access", f"it cannot meet '{need}', and has no variant that does")
    if form.facilitators > brief.facilitators:
        there = "is 1" if brief.facilitators == 1 else f"are {brief.facilitators}"
        return Unfit("bounds", f"it needs {form.facilitators} facilitators, and there {there}")
    if brief.participants < form.people.min:
        return Unfit("bounds", f"it needs at least {form.people.min} people, and {brief.participants} are expected")
    if brief.participants_most > form.people.max:
        people = brief.participants_most
        return Unfit("bounds", f"it is for at most {form.people.max} people, and up to {people} may come")
    for people in (brief.participants, brief.participants_most):
        if form.grouping == "small groups" and not group_counts(people, form.group_size):
            size = form.group_size
            of = f"{size.min} to {size.max}" if size.min < size.max else str(size.min)
            return Unfit("bounds", f"{people} people cannot be split into groups of {of}")
    return None


def group_counts(people: int, size: Count) -> range:
    """How many groups can be formed so that each has from `size.min` to `size.max` people."""
    return range(math.ceil(people / size.max), people // size.min + 1)


def groups(people: int, size: Count) -> int:
    """How many groups are formed: of four where that can be, else as near to it as `size` allows."""
    of = min(max(numbers()["activity"]["group_of"], size.min), size.max)
    counts = group_counts(people, size)
    wanted = math.ceil(people / of)
    return int(min(max(wanted, counts.start), counts.stop - 1)) if counts else wanted


def _shape(form: Activity, variant: VariantName | None, brief: Brief) -> Shape:
    grown = math.ceil(_scaled(form, brief))
    talked = _talk_added(form, brief)
    floor = max(form.debrief, 1)
    least, usual, most = (
        max(minutes + grown, floor) + talked for minutes in (form.minutes.min, form.minutes.typical, form.minutes.max)
    )
    return Shape(form, variant, least, usual, most)


def usual_minutes(form: Activity, brief: Brief) -> int:
    """Whole minutes that an activity usually takes with these people, in this mode."""
    return _shape(form, None, brief).usual


def _scaled(form: Activity, brief: Brief) -> Fraction:
    usual = numbers()["activity"]
    people = brief.participants - usual["people"]
    size = form.group_size if form.grouping == "small groups" else _ANY_GROUP
    split = groups(brief.participants, size) - usual["groups"]
    return Fraction(form.scales.person * people + form.scales.group * split)


def _talk_added(form: Activity, brief: Brief) -> int:
    """⌈talk × (product of factors − 1)⌉, and two minutes for each move into rooms online."""
    talk = form.minutes.typical if form.talk is None else form.talk
    rooms = numbers()["factors"]["rooms"] * form.rooms if brief.remote else 0
    return math.ceil(talk * (_factor(brief) - 1)) + int(rooms)


def _factor(brief: Brief) -> Fraction:
    factors = numbers()["factors"]
    product = Fraction(1)
    if brief.remote:
        product *= Fraction(factors["online"])
    if brief.interpretation == "consecutive":
        product *= Fraction(factors["consecutive"])
    if brief.interpretation == "simultaneous" or "sign-language" in brief.access:
        product *= Fraction(factors["simultaneous"])
    if not brief.run_before:
        product *= Fraction(factors["first_run"])
    return product


def change_over(before: Activity | None, after: Activity, brief: Brief) -> int:
    """Whole minutes to move from one grouping into the next; none into solo or plenary."""
    if before is None or after.grouping not in MOVING or after.grouping == before.grouping:
        return 0
    return move_minutes(brief)


def move_minutes(brief: Brief) -> int:
    """Whole minutes that a change-over takes with these people, in this mode."""
    usual = numbers()["change_over"]
    usual = numbers()["change_over"]
    minutes = usual["online"] if brief.remote else usual["in_person"]
    return int(minutes + (usual["many_more"] if brief.participants > usual["many_people"] else 0))
