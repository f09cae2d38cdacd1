"""Growth: twice the text takes twice the steps, counted as calls and not as time (regular expressions count as one)."""

from __future__ import annotations

import sys
from itertools import cycle, islice

import pytest

from expert_roundup.parsing import NotARoundup, parse_text

NAMES = [
    f"{first} {last}" for first in ("Jane", "John", "Ana", "Ivan", "Rosa") for last in ("Doe", "Roe", "Lee", "Petrov")
]
WORDS = "I start with the people who will read it, and my plans change every time I ask them what they think. "
#: layout -> one answer
FORMS = {
    "said": "{name}, editor at Acme, said: {words}\n\n",
    "quoted": "“{words}” said {name}, editor at Acme.\n\n",
    "dashed": "– {words}, – said {name}, editor at Acme. – We ask our users every week.\n\n",
    "headings": "## {name}\n\n{words}\n\n",
    "labels": "**{name}:** {words}\n\n",
    "credits": "> {words}\n>\n> — {name}, editor at Acme\n\n",
    "transcript": "{name}: {words}\n\n",
    "minutes": "- {name}: {words}\n",
    "forms": "Name: {name}\nComment: {words}\n\n",
    "table": "| {name} | editor | {words} |\n",
    "brackets": "[{name}]\n\n{words}\n\n",
    "items": "- {words} - {name}\n",
    "questions": "## {name}\n\n### Why do you?\n\n{words}\n\n### And how?\n\n{words}\n\n",
    "cards": "<blockquote>{words}<cite>{name}</cite></blockquote>\n\n",
}
#: form -> a text of many short pieces that nobody says
SHORT = {
    "list": "- x\n",
    "quote": "> x\n",
    "lines": "Jane Doe\n",
    "brackets": "[Jane]\n",
    "corners": "田中「x」\n",
    "pictures": "> ![Jane](a.png)\n>\n> x\n\n",
    "emphasis": "**a ",
    "credits": "> x\n\n— Jane Doe\n\n",
}
#: by how much the steps may grow with twice the text
_MOST = 2.3


def page(form: str, n: int) -> str:
    head = (
        "| Name | Role | Answer |\n|---|---|---|\n" if form.startswith("|") else "# What would you never do again?\n\n"
    )
    names = enumerate(islice(cycle(NAMES), n))
    return head + "".join(form.format(name=name, words=f"{WORDS}That is {number}.") for number, name in names)


def steps(text: str, kind: str = "md") -> int:
    """How many functions are called to read `text`."""
    n = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal n
        n += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        parse_text(text, format=kind)
    except NotARoundup:
        pass
    finally:
        sys.setprofile(None)
    return n


@pytest.mark.parametrize("form", FORMS)
def test_twice_the_answers_take_twice_the_steps(form: str) -> None:
    """For every layout."""
    parse_text(page(FORMS[form], 40))  # what is loaded once
    assert steps(page(FORMS[form], 400)) < _MOST * steps(page(FORMS[form], 200))


def test_a_page_of_twice_the_boxes_takes_twice_the_steps() -> None:
    """Boxes of one class are told apart together, once."""
    box = "<div class='card'><p class='name'>{name}</p><p>{words}</p></div>"
    small, large = (f"<body><main>{page(box, n)}</main></body>" for n in (200, 400))
    parse_text(small, format="html")
    assert steps(large, "html") < _MOST * steps(small, "html")


@pytest.mark.parametrize("form", SHORT)
def test_short_pieces_grow_alike(form: str) -> None:
    """Lists, quotes and lines of a word, of which there may be a million."""
    steps(SHORT[form] * 200)
    assert steps(SHORT[form] * 4_000) < _MOST * steps(SHORT[form] * 2_000)


def test_twice_the_chinese_names_take_twice_the_steps() -> None:
    """Names that recur, each of other people; how long one lookup takes is a matter of the benchmarks."""
    names = [f"{first}{a}{b}" for first in "王李张刘陈杨赵黄周吴" for a in "伟芳娜敏静" for b in "丽强磊军洋"]
    said = "{0}来了。{0}走了。{0}去过。“我们今天一起去看了那个很大的湖泊和山”，他觉得好。\n\n"
    small, large = ("# 采访\n\n" + "".join(map(said.format, names[:n])) for n in (120, 240))
    steps(small)
    assert steps(large) < _MOST * steps(small)
