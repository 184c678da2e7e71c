"""A library as one brief can use it: which activities can be held, and how."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.model import Activity, Brief, Card, Lesson, Library
from builder.planner.shapes import Shape, Unfit, shapes
from builder.problems import Problem


@dataclass(frozen=True)
class Pool:
    """A library as one brief can use it: the shapes of every activity, and why some have none."""

    library: Library
    brief: Brief
    shapes: Mapping[str, Sequence[Shape]]
    unfit: Mapping[str, Unfit]

    def lesson(self, key: str) -> Lesson:
        """The lesson with this id."""
        return self.library.lessons[key]

    def out(self, activity: Activity) -> bool:
        """Whether an activity cannot be in: left out by the brief, or without a shape."""
        return activity.id in self.brief.leave_out or not self.shapes[activity.id]

    def must(self, activity: Activity) -> bool:
        """Whether an activity is in whenever its lesson is."""
        return activity.core or activity.id in self.brief.pinned

    def after(self, activity: Activity) -> list[str]:
        """The full ids of the activities that it builds on."""
        return [word if "/" in word else f"{activity.lesson}/{word}" for word in activity.after]

    def behind(self, activity: Activity) -> tuple[Activity, ...]:
        """All the activities that it builds on, and those that they build on."""
        found: dict[str, Activity] = {}
        waiting = self.after(activity)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = self.library.activities[key]
                waiting += self.after(found[key])
        return tuple(found.values())

    def obstacle(self, key: str) -> Problem | None:
        """Why a lesson cannot be in at all, or None."""
        if key in self.brief.leave_out:
            message = f"'{self.lesson(key).title}' is left out, and it has to be in."
            return Problem("needs", message, hint=f"Take '{key}' out of leave_out.")
        return next(self._obstacles(key), None)

    def _obstacles(self, key: str) -> Iterator[Problem]:
        """Why the steps of a lesson that must be in cannot be."""
        title, order = self.lesson(key).title, [step.id for step in self.library.activities_of(key)]
        for step in self.library.activities_of(key):
            if not self.must(step):
                continue
            for needed in (step, *self.behind(step)):
                whose = (
                    f"'{needed.title}' ({title})"
                    if needed is step
                    else f"'{needed.title}', on which '{step.title}' builds,"
                )
                if needed.id in self.brief.leave_out:
                    hint = f"Leave out the whole lesson '{key}', or keep the step."
                    yield Problem("needs", f"{whose} is left out, and '{title}' cannot do without it.", hint=hint)
                elif not self.shapes[needed.id]:
                    unfit = self.unfit[needed.id]
                    hint = f"Leave out '{key}', or change the arrangement."
                    yield Problem(unfit.rule, f"{whose} cannot be held: {unfit.reason}.", hint=hint)
                elif needed.id in order and order.index(needed.id) > order.index(step.id):
                    hint = f"Change the order of 'activities' in '{key}'."
                    yield Problem("needs", f"{whose} comes later in '{title}'.", hint=hint)

    def least(self, key: str) -> int:
        """The fewest minutes of a lesson's steps that must be in."""
        return sum(self.shapes[step.id][0].least for step in self.library.activities_of(key) if self.must(step))

    def most(self, key: str) -> int:
        """The most minutes that a lesson's steps can be given."""
        steps = [step for step in self.library.activities_of(key) if not self.out(step)]
        pins = {step.id: self.brief.pinned[step.id].minutes for step in steps if step.id in self.brief.pinned}
        return sum(pins.get(step.id) or max(shape.most for shape in self.shapes[step.id]) for step in steps)

    def card(self, lesson: Lesson, cards: Mapping[str, str]) -> Card | None:
        """The card that a case lesson uses."""
        if lesson.deck is None:
            return None
        return self.library.cards[cards.get(lesson.deck) or str(lesson.default_card)]


def pool_of(library: Library, brief: Brief) -> Pool:
    """The shapes of every activity for this brief."""
    found: dict[str, Sequence[Shape]] = {}
    unfit: dict[str, Unfit] = {}
    for activity in library.activities.values():
        able, why = shapes(activity, brief)
        pin = brief.pinned.get(activity.id)
        exact = [shape for shape in able if pin and pin.minutes and shape.least <= pin.minutes <= shape.most]
        found[activity.id] = exact or able
        if why is not None:
            unfit[activity.id] = why
    return Pool(library, brief, found, unfit)
