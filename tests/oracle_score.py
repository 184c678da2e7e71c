"""The score of `docs/planning.md` as the solver's model sees it: each fulfilment a whole number up to a million.

Every fulfilment is held down by what it must not pass; since the score is made as high as can be, it comes to
stand there. A quotient is written as fulfilment × whole ≤ part × `ONE`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import scoring

ONE = 1_000_000
"""What a fulfilment of 1 is in the model, which knows whole numbers only."""
FEW = 24
"""Up to so many values of a divisor there is a rule for each of them, which is quicker than a product."""


def fulfilments(model: Any) -> dict[str, Any]:
    """The fulfilment of each preference, from 0 to `ONE`."""
    formulas = {
        "focus": focus,
        "interactive": interactive,
        "stretch": stretch,
        "buffer": buffer,
        "debriefs": debriefs,
        "plenary": plenary,
        "alternate": alternate,
        "practice": practice,
        "typical": typical,
        "lessons": lessons,
        "middle": middle,
        "build": build,
        "regroup": regroup,
        "breaks": breaks,
    }
    model.steps_in = counted(model, model.total([1] * len(model.nodes)), len(model.surely), len(model.nodes))
    model.lessons_in = counted(model, sum(model.present.values()), 1, len(model.present))
    return {name: formulas[name](model) for name in scoring.WEIGHTS}


def counted(model: Any, value: Any, least: int, most: int) -> Any:
    """A variable for a sum."""
    found = model.cp.new_int_var(least, max(least, most), "")
    model.cp.add(found == value)
    return found


def share(model: Any) -> Any:
    """A fulfilment."""
    return model.cp.new_int_var(0, ONE, "")


def quotient(model: Any, part: Any, whole: Any, least: int, most: int, *, times: tuple[int, int] = (1, 1)) -> Any:
    """A fulfilment of at most `part` ÷ `whole` × the quotient of `times`; `whole` is from `least` to `most`."""
    found, up, down = share(model), *times
    if most - least < FEW:
        for value in range(max(least, 1), most + 1):
            is_it = model.cp.new_bool_var("")
            model.cp.add(whole == value).only_enforce_if(is_it)
            model.cp.add(whole != value).only_enforce_if(~is_it)
            model.cp.add(down * value * found <= up * ONE * part).only_enforce_if(is_it)
        return found
    product = model.cp.new_int_var(0, ONE * most, "")
    model.cp.add_multiplication_equality(product, [found, whole])
    model.cp.add(down * product <= up * ONE * part)
    return found


# ------------------------------------------------------------ the formulas, in the order of the table


def focus(model: Any) -> Any:
    """The steps of lessons in focus that are in ÷ those that could be held."""
    library, brief = model.library, model.brief
    steps = [step for key in brief.focus for step in library.activities_of(key)]
    able = {step.id for step in steps if scoring.forms(step, brief)}
    if not able:
        return ONE
    part = sum(model.held[i] for i, node in enumerate(model.nodes) if node.written.id in able)
    return quotient(model, part, len(able), len(able), len(able))


def interactive(model: Any) -> Any:
    """Twice the usual minutes of active steps and once those of mixed ones ÷ twice 0.6 of all usual minutes."""
    twice = {"active": 2, "mixed": 1, "expository": 0}
    part = model.total([twice[node.form.interaction] * node.span[1] for node in model.nodes])
    return quotient(model, part, model.usual, min(model.least_usual, model.most_usual), model.most_usual, times=(5, 6))


def stretch(model: Any) -> Any:
    """The longest stretch, as long as any of them is at any step."""
    longest = model.cp.new_int_var(0, 90, "")
    for elapsed in model.elapsed:
        model.cp.add(longest >= elapsed)
    found, full = share(model), 60 if model.brief.mode == "in-person" else 45
    model.cp.add((90 - full) * found <= ONE * (90 - longest))
    return found


def buffer(model: Any) -> Any:
    """From the aim down on both sides."""
    least, aim, most = scoring.buffer_span(model.brief)
    found, room = share(model), max(aim - least, most - aim, 1)
    model.cp.add(room * found <= ONE * (room - model.buffer + aim))
    model.cp.add(room * found <= ONE * (room + model.buffer - aim))
    return found


def debriefs(model: Any) -> Any:
    """Debrief minutes of content ÷ a fifth of the usual minutes of content."""
    part = model.total([node.form.debrief * node.content for node in model.nodes])
    whole = counted(model, model.total([node.span[1] * node.content for node in model.nodes]), 0, model.most_usual)
    return quotient(model, part, whole, 0, model.most_usual, times=(5, 1))


def plenary(model: Any) -> Any:
    """The longest run, which grows at each plenary step without activity that follows another one."""
    listening = {i for i, node in enumerate(model.nodes) if scoring.listens(node.form)}
    runs = {i: model.cp.new_int_var(0, model.most_usual, "") for i in sorted(listening)}
    longest, found, over = model.cp.new_int_var(0, model.most_usual, ""), share(model), model.cp.new_bool_var("")
    for i, run in runs.items():
        model.cp.add(run >= model.nodes[i].span[1] * model.held[i])
        model.cp.add(longest >= run)
        for j, arc in model.into[i]:
            if j in listening:
                longer = runs[j] + model.nodes[i].span[1]
                model.cp.add(run >= longer).only_enforce_if(arc, ~model.paused[i])
    model.cp.add(20 * found <= ONE * (30 - longest)).only_enforce_if(~over)
    model.cp.add(found == 0).only_enforce_if(over)
    return found


def alternate(model: Any) -> Any:
    """Neighbours whose grouping differs ÷ neighbours."""
    part = sum(arc for i, j, arc in neighbours(model) if grouping(model, i) != grouping(model, j))
    return quotient(model, part, model.steps_in - 1, 0, len(model.nodes) - 1)


def neighbours(model: Any) -> Iterator[tuple[int, int, Any]]:
    """The arcs from one step to another."""
    return ((i, j, arc) for (i, j), arc in model.arcs.items() if i >= 0)


def grouping(model: Any, i: int) -> str:
    """The grouping of a step."""
    return str(model.nodes[i].form.grouping)


def practice(model: Any) -> Any:
    """Half for a practice lesson, and half for one directly before the closing."""
    found, there = share(model), model.cp.new_bool_var("")
    model.cp.add(there <= sum(model.present[key] for key in model.content if model.lessons[key].phase == "practice"))
    last = sum(
        arc
        for i, j, arc in neighbours(model)
        if model.nodes[i].lesson.phase == "practice" and model.nodes[j].lesson.phase == "closing"
    )
    model.cp.add(2 * found <= ONE * (there + last))
    return found


def typical(model: Any) -> Any:
    """The mean of what is lost at no step and no break."""
    near = [nearness(model, model.minutes[i], model.held[i], node.span) for i, node in enumerate(model.nodes)]
    plain, meal = scoring.break_kinds(model.brief)
    rests = [many * int(ONE * scoring.break_nearness(minutes, plain)) for minutes, many in model.lengths.items()]
    if meal is not None:
        rests += [is_it * int(ONE * scoring.break_nearness(minutes, meal)) for minutes, is_it in model.meals.items()]
    found, whole = share(model), counted(model, model.steps_in + model.count, 1, len(model.nodes) + 12)
    most = len(model.nodes) + 12
    if most <= FEW:
        for value in range(1, most + 1):
            is_it = model.cp.new_bool_var("")
            model.cp.add(whole == value).only_enforce_if(is_it)
            model.cp.add(whole != value).only_enforce_if(~is_it)
            model.cp.add(value * found <= sum(near) + sum(rests)).only_enforce_if(is_it)
        return found
    product = model.cp.new_int_var(0, ONE * most, "")
    model.cp.add_multiplication_equality(product, [found, whole])
    model.cp.add(product <= sum(near) + sum(rests))
    return found


def nearness(model: Any, minutes: Any, held: Any, span: scoring.Span) -> Any:
    """How near a step is to its usual minutes: below the lines through every two neighbouring lengths."""
    found = share(model)
    model.cp.add(found <= ONE * held)
    values = [(length, int(ONE * scoring.nearness(length, span))) for length in range(span[0], span[2] + 1)]
    for (length, value), (_, after) in pairwise(values):
        rise = after - value
        model.cp.add(found <= rise * minutes + (value - rise * length) * held)
    return found


def lessons(model: Any) -> Any:
    """What each count of content lessons is worth."""
    found, count = share(model), len(model.content)
    content = counted(model, sum(model.present[key] for key in model.content), 0, count)
    worth = [int(ONE * scoring.lessons_fulfilment(number, model.brief)) for number in range(count + 1)]
    model.cp.add_element(content, worth, found)
    return found


def middle(model: Any) -> Any:
    """The usual minutes of the heaviest lessons in the middle third ÷ all their usual minutes."""
    highest = [model.cp.new_bool_var("") for _ in range(4)]
    model.cp.add_exactly_one(highest)
    found = share(model)
    for intensity, is_it in enumerate(highest):
        these = [key for key, lesson in model.lessons.items() if lesson.intensity == intensity]
        more = [key for key, lesson in model.lessons.items() if lesson.intensity > intensity]
        model.cp.add(sum(model.present[key] for key in more) == 0).only_enforce_if(is_it)
        if intensity:
            model.cp.add(sum(model.present[key] for key in these) >= 1).only_enforce_if(is_it)
            model.cp.add(found <= inside(model, these)).only_enforce_if(is_it)
    return found


def inside(model: Any, keys: Sequence[str]) -> Any:
    """The usual minutes of these lessons in the middle third ÷ all their usual minutes."""
    steps = [i for i, node in enumerate(model.nodes) if node.lesson.id in keys]
    spans, within = [model.nodes[i].span[1] for i in steps], [model.cp.new_bool_var("") for _ in steps]
    for i, span, flag in zip(steps, spans, within, strict=True):
        place = 6 * model.before[i] + 3 * span
        model.cp.add_implication(flag, model.held[i])
        model.cp.add(2 * model.usual <= place).only_enforce_if(flag)
        model.cp.add(place <= 4 * model.usual).only_enforce_if(flag)
    if not steps:
        return 0
    most = min(sum(spans), model.most_usual)
    whole = counted(model, model.total(spans, [model.held[i] for i in steps]), 0, most)
    return quotient(model, model.total(spans, within), whole, 0, most)


def build(model: Any) -> Any:
    """Neighbours of one lesson that build up ÷ all neighbours of one lesson."""
    within = [arc for arc in neighbours(model) if model.nodes[arc[0]].lesson is model.nodes[arc[1]].lesson]
    part = sum(arc for i, j, arc in within if scoring.builds_up(grouping(model, i), grouping(model, j)))
    return quotient(model, part, model.steps_in - model.lessons_in, 0, len(model.nodes))


def regroup(model: Any) -> Any:
    """Steps into which people do not form other groups ÷ steps."""
    part = model.steps_in - sum(model.regrouped)
    return quotient(model, part, model.steps_in, 1, len(model.nodes))


def breaks(model: Any) -> Any:
    """Twice what each break is worth, summed up, ÷ twice the breaks."""
    worth = []
    for i, node in enumerate(model.nodes):
        twice = model.cp.new_int_var(0, 2, "")
        model.cp.add(twice <= 2 * model.paused[i])
        here = [
            (int(2 * scoring.break_place(model.nodes[j].lesson, node.lesson)), arc)
            for j, arc in model.into[i]
            if j >= 0
        ]
        model.cp.add(twice <= sum(value * arc for value, arc in here))
        worth.append(twice)
    return quotient(model, sum(worth), model.count, 0, 12, times=(1, 2))
