"""What a piece of text tells of itself: its direction, and the language of its foreign phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.scripts import Phrase, direction, phrases, runs_right_to_left


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Say مرحبا بكم، أهلا twice.", "en", [("Say ", ""), ("مرحبا بكم، أهلا", "ar"), (" twice.", "")]),
        ("پرسش", "en", [("پرسش", "fa")]),
        ("ٹھیک ہے", "en", [("ٹھیک ہے", "ur")]),
        ("漢字 and かな", "en", [("漢字", "zh"), (" and ", ""), ("かな", "ja")]),
        ("漢字", "ja-JP", [("漢字", "")]),
        ("연대 漢字", "ja", [("연대", "ko"), (" 漢字", "")]),
        ("solidarity は", "ja", [("solidarity", "en"), (" は", "")]),
        ("Кто и где", "en", [("Кто и где", "ru")]),
        ("5 µm, α-test", "en", [("5 µm, α-test", "")]),
        ("Plain.", "en", [("Plain.", "")]),
        ("", "en", [("", "")]),
    ],
)
def test_a_phrase_in_another_script_is_told_with_its_language(text, language, expected):
    """Letters of a script that is not at home in the paper's language say what language they are."""
    assert list(phrases(text, language)) == [Phrase(*each) for each in expected]


@given(st.text(), st.sampled_from(["en", "ar", "ja", "uk", "x", ""]))
def test_no_character_is_lost_between_phrases(text, language):
    """The stretches put together are the text."""
    assert "".join(phrase.text for phrase in phrases(text, language)) == text


@pytest.mark.parametrize(("text", "expected"), [("12 שלום", True), ("a שלום", False), ("12.", None)])
def test_the_first_strong_character_has_the_direction(text, expected):
    """Digits and signs have none."""
    assert direction(text) is expected


def test_languages_know_where_their_lines_begin():
    """Arabic, Persian and Hebrew begin at the right, whatever their region; others do not."""
    begin = [runs_right_to_left(language) for language in ("ar-EG", "fa", "he", "dv", "ja", "en", "")]
    assert begin == [True] * 4 + [False] * 3
