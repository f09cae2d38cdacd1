"""Records: boxes that repeat, and what in them is a name, what are words and what is neither."""

from __future__ import annotations

import pytest

from expert_roundup.parsing import NotARoundup, parse_text

PEOPLE = (
    ("Jane Doe", "editor", "I start with the people who will read it, and my plans change every time."),
    ("John Roe", "teacher", "We ask our users what they think, and I write it down at once."),
    ("Ana Diaz", "designer", "My rule is simple: read it aloud, and cut what nobody would miss."),
)

#: shape -> one box; {n} name, {r} role, {t} words, {i} monogram
SHAPES = {
    "words, monogram, name, role, date": (
        "<div class='k'><span class='c'>Visitor</span><p class='t'>{t}</p><div><div class='a'>{i}</div>"
        "<div><div class='b'>{n}</div><div class='r'>{r}</div></div></div><div class='d'>2 May 2019</div></div>"
    ),
    "a modifier on some boxes": "<div class='k is-{r}'><p>{t}</p><div><b>{n}</b><small>{r}</small></div></div>",
    "spans side by side": "<div class='row'><div><span>{n}</span><span>{r}</span></div><div>{t}</div></div>",
    "name, date, words": "<article><header><a href='/u'>{n}</a> <time>2 May 2019</time></header><p>{t}</p></article>",
    "boxes without a class": "<li><div>{n}</div><div>{r}</div><div>{t}</div></li>",
}


def page(shape: str, people: tuple[tuple[str, str, str], ...] = PEOPLE) -> str:
    boxes = "".join(
        SHAPES[shape].format(n=name, r=role, t=text, i="".join(word[0] for word in name.split()))
        for name, role, text in people
    )
    return f"<html><head><title>Never again</title></head><body><main><h1>Never again</h1>{boxes}</main></body></html>"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_place_names_and_another_says(shape: str) -> None:
    """Speakers and words of every box, whatever else stands in it."""
    rows = parse_text(page(shape), format="html").rows
    assert [(row.speaker, row.text) for row in rows] == [(name, text) for name, _, text in PEOPLE]


@pytest.mark.parametrize("shape", [shape for shape, box in SHAPES.items() if "{r}" in box])
def test_the_line_behind_the_name_is_the_role(shape: str) -> None:
    """Dates and categories are none."""
    assert [row.role for row in parse_text(page(shape), format="html").rows] == [role for _, role, _ in PEOPLE]


@pytest.mark.parametrize("shape", SHAPES)
def test_boxes_about_people_say_nothing(shape: str) -> None:
    """Where nobody says I or we, boxes introduce people."""
    about = tuple(
        (name, role, f"Leads the team that builds bridges in {place}.")
        for (name, role, _), place in zip(PEOPLE, ("Bern", "Rome", "Oslo"), strict=True)
    )
    with pytest.raises(NotARoundup):
        parse_text(page(shape, about), format="html")


def test_two_boxes_are_no_habit() -> None:
    """From two boxes nobody can tell what a place is for."""
    with pytest.raises(NotARoundup):
        parse_text(page("boxes without a class", PEOPLE[:2]), format="html")


def test_a_box_of_boxes_is_none() -> None:
    """A section that is named for testimonials holds those of several people."""
    quotes = "".join(
        f"<div class='testimonial-item'><p>{text}</p><p class='author'>{name}</p></div>" for name, _, text in PEOPLE
    )
    rows = parse_text(
        f"<main><h1>Never again</h1><section class='testimonials'>{quotes}<p>Tell Us Yours</p></section></main>",
        format="html",
    ).rows
    assert [row.speaker for row in rows] == [name for name, _, _ in PEOPLE]


def test_what_turns_round_is_heard_once() -> None:
    """A carousel holds each box twice."""
    assert len(parse_text(page("spans side by side", PEOPLE + PEOPLE), format="html").rows) == len(PEOPLE)


def test_two_boxes_that_the_page_calls_reviews_are_enough() -> None:
    """A given name alone is one there; without the name of the box, two are no habit."""
    boxes = "".join(
        f"<section><time>2 May</time><span>{name}</span><p>{text}</p></section>"
        for name, text in (
            ("Anna", "A bright shop, quick hands and a fair price, and I was served at once."),
            ("Jane Roe", "The best bread in town, which my children ask for every single day."),
        )
    )
    read = parse_text(f"<body><h1>Guests</h1><div class='reviews'>{boxes}</div></body>", format="html")
    assert [(row.speaker, row.text) for row in read.rows] == [
        ("Anna", "A bright shop, quick hands and a fair price, and I was served at once."),
        ("Jane Roe", "The best bread in town, which my children ask for every single day."),
    ]
    with pytest.raises(NotARoundup):
        parse_text(f"<body><h1>Guests</h1><div class='shop'>{boxes}</div></body>", format="html")


def test_boxes_that_hold_several_quotations_are_no_records() -> None:
    """Columns of block quotes: each quotation says whose it is."""
    quote = "<blockquote><p>{text}</p><footer><cite>{name}</cite></footer></blockquote>"
    columns = "".join(
        f"<div class='col' id='testimonials-{number}'>"
        + "".join(quote.format(text=f"{text} Number {number}.", name=name) for name, _, text in PEOPLE)
        + "</div>"
        for number in (1, 2)
    )
    rows = parse_text(f"<body><main><h1>Testimonials</h1>{columns}</main></body>", format="html").rows
    assert [row.speaker for row in rows] == [name for name, _, _ in PEOPLE] * 2
