"""How good lessons and sheets are, by criteria with a number and a source. Finds and tells; decides nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from builder.problems import Problem
from builder.quality import claims, outcomes, sheets, sources, steps, wording
from builder.quality.found import Criterion, Found, criteria
from builder.quality.subject import Subject
from builder.quality.waivers import waived

__all__ = ["FINDERS", "Criterion", "Found", "Subject", "criteria", "judged", "settled"]

MOST_OF_ONE = 100
"""Nobody reads more, and what is wrong a hundred times is mended in one go."""

Finder = Callable[[Subject], Iterator[Found]]

FINDERS: Mapping[str, Finder] = MappingProxyType({
    "outcome-verb": outcomes.unseen_verbs,
    "outcome-verb-unlisted": outcomes.other_verbs,
    "outcome-two-skills": outcomes.two_skills,
    "outcome-unpractised": outcomes.unpractised,
    "outcome-unchecked": outcomes.unchecked,
    "outcomes-crowded": outcomes.crowded,
    "audience-missing": outcomes.no_audience,
    "step-minutes": outcomes.step_minutes,
    "minutes-all-alike": outcomes.same_minutes,
    "lesson-length": outcomes.lengths,
    "no-check-for-15-minutes": outcomes.long_without_check,
    "mostly-listening": outcomes.mostly_listening,
    "few-formats": outcomes.few_formats,
    "same-format-thrice": outcomes.same_format,
    "purpose-missing": steps.no_purpose,
    "steps-missing": steps.no_steps,
    "debrief-missing": steps.no_debrief,
    "missing-debrief-question": steps.no_question,
    "notes-missing": steps.no_notes,
    "cut-first-missing": steps.no_cut,
    "claim-without-source": claims.no_source,
    "name-without-citation": claims.named_without_source,
    "verdict-without-owner": claims.labels,
    "attribution-late": claims.late_attribution,
    "readings-unequal": claims.unequal,
    "court-report": claims.court,
    "unreviewed": claims.not_reviewed,
    "few-made-up-cards": claims.few_made_up,
    "advisory-missing": claims.no_advisory,
    "advisory-for-hard-words": claims.unannounced,
    "advisory-without-choice": claims.no_choice,
    "sharing-without-pass": steps.no_pass,
    "forced-disclosure": steps.disclosure,
    "access-missing": steps.no_access,
    "online-missing": steps.no_online,
    "one-way-in": steps.one_way_in,
    "one-way-to-respond": steps.one_way_out,
    "dismissive-word": wording.dismissive,
    "term-unexplained": wording.unexplained,
    "term-unused": wording.unused,
    "idiom": wording.idioms,
    "contraction": wording.contractions,
    "heading-jump": wording.heading_jumps,
    "link-text": wording.vague_links,
    "alt-text": wording.alt_texts,
    "placeholder-left": wording.left_open,
    "source-incomplete": sources.incomplete,
    "source-uncited": sources.uncited,
    "licence-unclear": sources.licences,
    "reading-grade": sheets.grades,
    "long-sentence": sheets.long_sentences,
    "long-sentences": sheets.long_on_average,
    "passive-voice": sheets.passive,
    "hard-word": sheets.hard_words,
    "sheet-without-headings": sheets.no_headings,
    "sheet-without-summary": sheets.no_summary,
    "nothing-to-do": sheets.nothing_to_do,
    "capitals": sheets.capitals,
    "wide-table": sheets.wide_tables,
    "personal-data-asked": sheets.personal_data,
})  # fmt: skip


def judged(subject: Subject) -> Iterator[Problem]:
    """The places where a criterion is not met, the first hundred of each; waivers are not yet counted."""
    known = criteria()
    for code, find in FINDERS.items():
        yield from (found.problem(known[code]) for found in islice(find(subject), MOST_OF_ONE))


def settled(problems: Sequence[Problem], subject: Subject) -> Iterator[Problem]:
    """The findings with what their files waive turned into notes, and what is wrong with the waivers."""
    kinds = ("lessons", "activities", "sheets", "cards")
    marks = [mark for kind in kinds for mark in subject.marks.get(kind, {}).values()]
    return waived(problems, marks)
