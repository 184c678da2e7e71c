"""Lessons as catalogues read them: JSON-LD in the words of schema.org."""

import json
import re

import pytest
from click.testing import CliRunner

from builder.cli import workshop
from builder.published import linked

KEYS = {
    "@id", "@type", "assesses", "audience", "author", "citation", "competencyRequired", "description",
    "educationalUse", "identifier", "inLanguage", "interactivityType", "learningResourceType", "license", "name",
    "teaches", "timeRequired", "version",
}  # fmt: skip


def printed(*arguments):
    """What `workshop modules` prints, read as JSON."""
    done = CliRunner().invoke(workshop, ["modules", *arguments, "--json-ld"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def by_type(document, kind):
    """The nodes of one type, by their id."""
    return {node["@id"]: node for node in document["@graph"] if node["@type"] == kind}


def nodes(value):
    """Every object with an id, however deep it lies."""
    if isinstance(value, dict):
        if "@id" in value:
            yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_every_lesson_is_a_learning_resource(library):
    """The document has the context of schema.org, and one LearningResource for each lesson of the library."""
    document = printed()
    found = by_type(document, "LearningResource")
    assert document["@context"] == "https://schema.org"
    assert list(found) == [f"#{key}" for key in library.lessons]
    assert [set(node) - KEYS for node in found.values() if set(node) - KEYS] == []
    for node in found.values():
        lesson = library.lessons[node["identifier"]]
        assert (node["name"], node["version"], node["inLanguage"]) == (lesson.title, lesson.version, lesson.language)
        assert [term["name"] for term in node["teaches"]] == [aim.outcome for aim in lesson.teaches]


@pytest.mark.parametrize("arguments", [(), ("case-endorsement",), ("closing",)])
def test_every_id_leads_to_something_in_the_document(arguments):
    """Whatever is referred to is described in the same document, also where it is about one lesson."""
    found = list(nodes(printed(*arguments)))
    described = {node["@id"] for node in found if "name" in node}
    assert {node["@id"] for node in found} == described


def test_an_id_stands_for_one_thing():
    """Two nodes with the same id have the same name."""
    names = {}
    for node in nodes(printed()):
        if "name" in node:
            names.setdefault(node["@id"], set()).add(node["name"])
    assert [key for key, known in names.items() if len(known) > 1] == []


def test_the_time_required_is_that_of_the_usual_minutes(library):
    """A duration of ISO 8601 in whole minutes, the sum of the usual minutes of all activities."""
    for node in by_type(printed(), "LearningResource").values():
        minutes = re.fullmatch(r"PT(\d+)M", node["timeRequired"])
        steps = library.activities_of(node["identifier"])
        assert int(minutes[1]) == sum(step.minutes.typical for step in steps)


def test_a_known_licence_is_an_address_and_another_keeps_its_name(library):
    """SPDX ids become the address of the licence; what is unknown is a work with that name."""
    key = next(iter(library.lessons))
    own = library.lessons[key].model_copy(update={"license": "House rules"})
    changed = library.model_copy(update={"lessons": {**library.lessons, key: own}})
    licences = [linked(shelf, [key])["@graph"][0]["license"] for shelf in (library, changed)]
    assert licences == [
        "https://creativecommons.org/licenses/by/4.0/",
        {"@type": "CreativeWork", "name": "House rules"},
    ]


def test_what_a_lesson_needs_are_the_outcomes_of_the_lessons_before_it(library):
    """A lesson that needs another one requires what that one teaches."""
    node = printed("power-dynamics")["@graph"][0]
    needed = [
        aim.id for need in library.lessons["power-dynamics"].needs for aim in library.lessons[need.lesson].teaches
    ]
    assert [term["termCode"] for term in node["competencyRequired"]] == needed != []


def test_a_lesson_cites_its_works_and_those_of_its_cards(library):
    """Every source of a lesson and of its cards is cited, with names, year and address."""
    document = printed("case-endorsement")
    cited = {node["@id"] for node in document["@graph"][0]["citation"]}
    lesson = library.lessons["case-endorsement"]
    assert {f"#source:{key}" for key in (*lesson.sources, "linehan-2023")} <= cited
    dishaw = next(node for node in printed()["@graph"] if node["@id"] == "#source:dishaw-2024")
    assert dishaw["@type"] == "ScholarlyArticle"
    assert dishaw["author"] == [
        {"@type": "Person", "name": "Samuel Dishaw", "givenName": "Samuel", "familyName": "Dishaw"}
    ]
    assert dishaw["sameAs"] == "https://doi.org/10.1093/pq/pqad080"


def test_a_work_known_through_another_says_so(library):
    """What nobody here has seen itself is described as cited in the other work, which is in the document too."""
    found = {node["@id"]: node for node in printed("case-endorsement")["@graph"]}
    hearsay, carrier = found["#source:lawford-smith-tuckwell-2024"], found["#source:grippo-solidarity"]
    assert hearsay["description"] == f"As cited in “{carrier['name']}”; not seen itself."
    assert {"@id": hearsay["@id"]} in carrier["citation"]


def test_one_lesson_is_asked_for_by_its_id():
    """With an id the document is about that lesson; an unknown id is refused with the nearest."""
    assert list(by_type(printed("closing"), "LearningResource")) == ["#closing"]
    done = CliRunner().invoke(workshop, ["modules", "closeing", "--json-ld"])
    assert "Did you mean 'closing'?" in done.exception.problems[0].hint
