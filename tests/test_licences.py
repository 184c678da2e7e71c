"""Which licences go together: the facts hold together, and a mix that nobody may share is refused."""

import itertools

import pytest

from builder.licences import find, known, problems, reason_against

PD, BY, SA = "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0"
NC, NC_SA = "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"
ND, NC_ND = "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0"
ALL = (PD, BY, SA, NC, NC_SA, ND, NC_ND)
TOGETHER = {
    frozenset(pair)
    for pair in (
        (PD, PD), (PD, BY), (PD, SA), (PD, NC), (PD, NC_SA), (BY, BY), (BY, SA), (BY, NC), (BY, NC_SA),
        (SA, SA), (NC, NC), (NC, NC_SA), (NC_SA, NC_SA),
    )
}  # fmt: skip


@pytest.mark.parametrize(("one", "two"), list(itertools.combinations_with_replacement(ALL, 2)))
def test_two_licences_go_together_as_creative_commons_says(one, two):
    """The pairs of the compatibility chart and no others may be in one paper, whichever is named first."""
    allowed = frozenset((one, two)) in TOGETHER
    assert (reason_against(find(one), find(two)) is None) is allowed
    assert (reason_against(find(two), find(one)) is None) is allowed


def test_a_later_version_of_the_same_licence_goes_with_an_earlier_one():
    """Share-alike of version 3.0 may become version 4.0."""
    assert reason_against(find("CC-BY-SA-3.0"), find(SA)) is None


def test_what_a_licence_allows_agrees_with_its_name():
    """ND cannot be adapted, SA is shared alike, NC is not commercial; each has its own address at Creative Commons."""
    for key, licence in known().items():
        parts = key.split("-")
        expected = ("ND" not in parts, "SA" in parts, "NC" in parts)
        assert (licence.adapt, licence.share_alike, licence.non_commercial) == expected
        assert licence.url.startswith("https://creativecommons.org/")
        assert licence.id == key
    assert len({licence.url for licence in known().values()}) == len(known())


@pytest.mark.parametrize("text", ["CC-BY-4.0", "cc-by-4.0", "CC BY 4.0", " CC  BY 4.0 "])
def test_a_licence_is_found_however_it_is_spelled(text):
    """Small letters and spaces do not hide a licence that is known."""
    assert find(text).id == BY


def test_one_licence_for_all_lessons_is_no_problem():
    """Lessons under one licence that may be adapted, and any with the public domain, are not remarked on."""
    assert list(problems({BY: ["A", "B", "C"], PD: ["D"]})) == []


def test_a_mix_that_cannot_be_combined_names_the_lessons_and_the_licences():
    """The refusal says which lessons, which licences, why, and what to do."""
    [problem] = problems({SA: ["Opening", "Closing"], NC: ["Power"], BY: ["Words"]})
    assert problem.severity == "error"
    assert problem.message == (
        "'Opening', 'Closing' (CC-BY-SA-4.0) and 'Power' (CC-BY-NC-4.0) cannot be combined in one paper: "
        "CC-BY-SA-4.0 asks that the whole paper be under it, and CC-BY-NC-4.0 forbids commercial use, which it allows."
    )
    assert "leave_out" in problem.hint


def test_every_pair_that_clashes_is_told():
    """Three licences of which no two go together give three refusals."""
    assert len(list(problems({SA: ["A"], NC_SA: ["B"], ND: ["C"]}))) == 3


def test_two_lessons_that_may_not_be_changed_cannot_share_a_paper():
    """A licence without derivatives does not even go with itself; one such lesson alone is not refused here."""
    [problem] = problems({ND: ["A", "B"]})
    assert "'A', 'B' (CC-BY-ND-4.0) cannot be combined" in problem.message
    assert list(problems({ND: ["A"]})) == []


def test_a_licence_that_nobody_checked_is_a_warning():
    """An unknown licence is named with its lessons and the nearest known one, and stops nothing."""
    [problem] = problems({"CC-BY-5.0": ["A"], BY: ["B"]})
    assert (problem.code, problem.severity) == ("unknown-licence", "warning")
    assert "nobody checked whether 'CC-BY-5.0', the licence of 'A'," in problem.message
    assert "CC-BY-" in problem.hint
