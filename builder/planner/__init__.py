"""Fitting activities to the booked minutes: `plan(library, brief)` gives an agenda with its reasons, or refuses.

Pure: no files, no clock; the same library and brief always give the same plan.
"""

from builder.model import Brief, Library, Plan
from builder.planner.reasons import explained
from builder.planner.refusals import refusal
from builder.planner.search import Search
from builder.planner.wishes import Instead, instead


def plan(library: Library, brief: Brief) -> Plan:
    """The agenda with the highest score whose whole minutes sum to `brief.minutes` and that keeps every hard rule.

    Raises RefusedError where there is none, with the rule's name and, where it can be proved, the fewest
    and the most minutes (30 to 480) at which this brief can be planned.
    """
    search = Search(library, brief)
    found = search.best()
    if found is None:
        raise refusal(search)
    return explained(search, found)


__all__ = ["Instead", "instead", "plan"]
