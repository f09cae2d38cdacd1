"""Colours that hold their contrast, words that keep to their room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_roundup.output.lettering import families, is_rewritten, readable, width, wrap
from expert_roundup.output.style import OKABE_ITO, Look, contrast, ink_on, mix


@pytest.mark.parametrize("is_dark", [False, True])
def test_marks_reach_three_to_one_and_letters_four_and_a_half(is_dark: bool) -> None:
    """WCAG 2.1: 1.4.11 for marks, 1.4.3 for text; ink reaches 7."""
    look = Look(is_dark=is_dark)
    assert all(contrast(color, look.paper) >= 3 for color in (look.mark, look.second, look.other))
    assert contrast(look.quiet, look.paper) >= 4.5
    assert contrast(look.ink, look.paper) >= 7


def test_marks_are_colours_of_okabe_and_ito() -> None:
    """Which people with any common colour vision tell apart."""
    for look in (Look(), Look(is_dark=True)):
        assert {look.mark, look.second} <= set(OKABE_ITO.values())


@pytest.mark.parametrize("share", [i / 20 for i in range(21)])
@pytest.mark.parametrize("is_dark", [False, True])
def test_numbers_read_on_every_shade(share: float, is_dark: bool) -> None:
    """Black or white, whichever is better, reaches 4.5:1 on any shade between paper and mark."""
    look = Look(is_dark=is_dark)
    color = mix(look.paper, look.mark, share)
    assert contrast(ink_on(color), color) >= 4.5


@given(st.text(max_size=60), st.floats(0.3, 4), st.integers(1, 4))
def test_wrapped_text_fits_its_room(text: str, room: float, lines: int) -> None:
    """No line is wider than the room, unless that holds not even two letters; no more lines than allowed."""
    out = wrap(text, room, 14, lines=lines)
    assert out.count("\n") < lines
    assert all(width(line, 14) <= room or len(line) <= 2 for line in out.split("\n"))


def test_text_that_fits_is_not_cut() -> None:
    """Every word stays."""
    assert wrap("Set Strategic Goals", 10, 14) == "Set Strategic Goals"
    assert wrap("Set Strategic Goals", 1.1, 14, lines=3).replace("\n", " ") == "Set Strategic Goals"
    assert wrap("Set Strategic Goals", 1.1, 14).endswith("…")


def test_latin_cyrillic_and_greek_are_in_the_font_that_comes_along() -> None:
    """These look the same on every machine."""
    assert families("Ann, Дэвид, Γιώργος — “x”") == ["DejaVu Sans"]


def test_what_has_no_font_is_written_in_latin_letters() -> None:
    """Syloti Nagri is in no common font; controls and invisible marks are dropped."""
    assert is_rewritten("ꠅꠞꠣ")
    assert readable("ꠅꠞꠣ").isascii() or "□" in readable("ꠅꠞꠣ")
    assert readable("a\u200bb\x07c\u202ed") == "abcd"
    assert not is_rewritten("a\u200bb")
