"""The report as a file: nothing in it runs or loads but its own, every answer is told whole, and bytes repeat."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from expert_roundup.output.charts import tally_chart
from expert_roundup.output.report import build_report
from expert_roundup.output.report.escaping import element, escaped, link, visible
from expert_roundup.output.report.summary import inline_svg
from expert_roundup.output.style import Look

Frames = dict[str, pd.DataFrame]
HOSTILE = json.loads((Path(__file__).parent / "fixtures" / "hostile.json").read_text(encoding="utf-8"))
LINKS = [
    "javascript:window.hacked=1", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>", "//example.org/x",
    "https://example.org/a?b=1&c=<script>", "https://example.org/\"onclick=\"1", "vbscript:1", "java\tscript:1",
    "https://example.org/fine?a=1&b=2",
]  # fmt: skip


def study(texts: list[str]) -> Frames:
    """Frames of answers, three readings of two themes, and what is counted from them, every text taken from `texts`."""
    n = len(texts)
    ids = [f"Q{i:02}" for i in range(1, n + 1)]
    starts = [100 * i for i in range(n)]
    turned = texts[1:] + texts[:1]
    quotes = pd.DataFrame(
        {
            "quote_id": ids, "speaker": texts, "role": turned, "question": texts, "language": turned, "text": texts,
            "start": starts, "end": [s + len(text) for s, text in zip(starts, texts, strict=True)],
            "links": [LINKS] * n,
        }
    )  # fmt: skip
    codebook = pd.DataFrame({"theme": ["<a>", "b"], "label": [texts[0], texts[2]], "color": ["red;} *{x", "#0072B2"]})
    codings = pd.DataFrame(
        [
            (q, theme, coder, confidence, start, start + 3, texts[0])
            for q, start in zip(ids, starts, strict=True)
            for coder, theme, confidence in (("A", "<a>", 0.9), ("<b>", "<a>", 0.8), ("C", "b", 0.7), ("A", "b", 0.2))
        ],
        columns=["quote_id", "theme", "coder", "confidence", "start", "end", "rationale"],
    )  # fmt: skip
    tally = pd.DataFrame(
        {
            "theme": ["<a>", "b"], "label": codebook["label"], "n_quotes": [n, 0], "share": [1.0, 0.0],
            "n_published": [n - 1, 2], "difference": [1, -2], "rank": [1, 2], "rank_low": [1, 2], "rank_high": [1, 2],
        }
    )  # fmt: skip
    agreement = pd.DataFrame(
        {
            "theme": ["", "<a>"], "coefficient": ["alpha_nominal"] * 2, "coders": ["A <b> C"] * 2,
            "value": [0.5, float("nan")], "low": [0.25, float("nan")], "high": [0.75, float("nan")],
            "n_units": [n, n], "n_coded": [n, n], "n_coders": [3, 3],
        }
    )  # fmt: skip
    cells = [(q, theme, theme == "<a>", p) for q in ids for theme, p in (("<a>", 0.9876), ("b", 0.004))]
    reconstruction = pd.DataFrame(cells, columns=["quote_id", "theme", "is_coded", "probability"]).assign(regret=1.0)
    platforms = pd.DataFrame(
        {"quote_id": ids[:2], "speaker": texts[:2], "platform": [texts[3 % n], "Facebook"], "n": [1, 2]}
    )
    return {
        "quotes": quotes, "codebook": codebook, "codings": codings, "tally": tally, "agreement": agreement,
        "reconstruction": reconstruction, "platforms": platforms,
    }  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> Frames:
    return study(HOSTILE)


@pytest.fixture(scope="module")
def page(hostile: Frames) -> bytes:
    said = {"title": HOSTILE[1], "source": HOSTILE[2], "wording": HOSTILE[3], "said": HOSTILE, "limits": HOSTILE}
    return build_report(hostile, notes={"tally": HOSTILE[0], "agreement": HOSTILE[1]}, **said)


@pytest.fixture(scope="module")
def soup(page: bytes) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def test_hostile_words_make_no_element_and_no_attribute(soup: BeautifulSoup) -> None:
    """A page of hostile answers has the elements and attributes of a page of harmless ones, and no others."""
    harmless = BeautifulSoup(build_report(study(["Be kind."] * len(HOSTILE))), "html.parser")
    kinds = {tag.name for tag in harmless.find_all(True)}
    names = {name for tag in harmless.find_all(True) for name in tag.attrs}
    assert {tag.name for tag in soup.find_all(True)} - kinds <= {"small", "br"}
    assert {name for tag in soup.find_all(True) for name in tag.attrs} - names == set()
    assert [len(soup.find_all(name)) for name in ("script", "style", "meta", "link")] == [1, 1, 4, 1]
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"]


def test_every_answer_is_told_whole(soup: BeautifulSoup, hostile: Frames) -> None:
    """What stands on a card is the answer's text, save for characters that no page may hold and turning marks."""
    cards = soup.select(".quote")
    assert [card["id"] for card in cards] == list(hostile["quotes"]["quote_id"])
    for card, text in zip(cards, HOSTILE, strict=True):
        assert card.select_one(".answer").get_text() == visible(text)
        assert card.select_one(".speaker").get_text() == visible(text)


def test_no_byte_turns_the_page_or_breaks_it(page: bytes) -> None:
    """No control, no mark that turns the direction, no character that HTML forbids; letters of all scripts stay."""
    text = page.decode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text)
    assert "עברית" in text
    assert "\U0001f680" in text


def test_links_lead_to_the_web_only(soup: BeautifulSoup) -> None:
    """A script, a data address or a half address is shown as text; the page's own places are its own."""
    hrefs = {a["href"] for a in soup.find_all("a")}
    assert {href for href in hrefs if not href.startswith("#")} == {"https://example.org/fine?a=1&b=2"}
    assert all(soup.find(id=href[1:]) for href in hrefs if href.startswith("#"))
    assert {tag.get("src") for tag in soup.find_all(True)} == {None}
    assert soup.find("link")["href"] == "data:,"


def test_the_policy_knows_the_pages_own_script_and_style(soup: BeautifulSoup) -> None:
    """Both are allowed by their hashes, pictures only from within the page, and nothing else at all."""
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]

    def digest(tag: str) -> str:
        return base64.b64encode(hashlib.sha256(soup.find(tag).string.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest('style')}'; script-src 'sha256-{digest('script')}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    before = str(soup).partition("Content-Security-Policy")[0]
    assert "<script" not in before
    assert "<style" not in before


def test_a_colour_that_is_none_stays_out_of_the_style(soup: BeautifulSoup) -> None:
    """The codebook's colours are data: only #RRGGBB gets into the style sheet."""
    style = soup.find("style").string
    assert "red" not in style
    assert ".theme-t1 { --own: #0072B2; }" in style


def test_ids_are_unique(soup: BeautifulSoup) -> None:
    """Two charts, all cards and all tables share no id, so that labels and links find their own."""
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert all(soup.find(id=tag["for"]) for tag in soup.find_all("label"))
    for tag in soup.find_all(attrs={"aria-labelledby": True}):
        assert soup.find(id=tag["aria-labelledby"])


def test_quote_ids_that_are_ids_of_the_page_get_their_own() -> None:
    """A study may call its answers what it likes."""
    frames = study(["One.", "Two.", "Three.", "Four."])
    names = dict(zip(frames["quotes"]["quote_id"], ["summary", "filters", "a b", "Q07"], strict=True))
    for name in ("quotes", "codings", "reconstruction", "platforms"):
        frames[name] = frames[name].assign(quote_id=frames[name]["quote_id"].map(names))
    soup = BeautifulSoup(build_report(frames), "html.parser")
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert [card["id"] for card in soup.select(".quote")] == ["quote-summary", "quote-filters", "quote-a-20-b", "Q07"]


def test_cards_carry_who_gives_which_theme(soup: BeautifulSoup) -> None:
    """Each reading at or above one half, any of them, and more than half of the readers; rejected ones do not count."""
    card = soup.find(id="Q01")
    assert card["data-themes"].split() == ["t0.any", "t0.c0", "t0.c1", "t0.most", "t1.any", "t1.c2"]
    assert card["data-platforms"] == "p0"
    themes = [item.get_text() for item in card.select(".themes li")]
    assert themes == [f"{HOSTILE[0]} 2 of 3 readings", f"{HOSTILE[2]} 1 of 3 readings, not most of them"]
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in card.select(".readings tbody tr")]
    assert [(row[1], row[2]) for row in rows] == [
        ("A", "0.90"),
        ("<b>", "0.80"),
        ("A", "0.20, rejected"),
        ("C", "0.70"),
    ]


def test_controls_offer_what_is_there(soup: BeautifulSoup) -> None:
    """Every theme, reading, speaker and platform, each with the token that the cards carry."""
    options = {
        select["id"]: [(option["value"], option.get("data-token")) for option in select.find_all("option")]
        for select in soup.find_all("select")
    }
    assert options["theme"] == [("", None), ("<a>", "t0"), ("b", "t1")]
    assert options["coder"] == [("", None), ("any", "any"), ("A", "c0"), ("<b>", "c1"), ("C", "c2")]
    assert len(options["speaker"]) == len(HOSTILE) + 1
    assert [token for _, token in options["platform"]] == [None, "p0", "p1"]


def test_tables_hold_the_frames(soup: BeautifulSoup, hostile: Frames) -> None:
    """Every number of the tally, the agreement and the reconstruction stands in its table."""
    tally, agreement, grid = (
        [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
        for table in soup.select("#tables table")
    )
    n = len(HOSTILE)
    assert [row[1:] for row in tally] == [
        [f"{n}", "100 %", f"{n - 1}", "+1", "1 (1–1)"],
        ["0", "0 %", "2", "−2", "2 (2–2)"],
    ]
    assert agreement[0] == [
        "All themes",
        "Krippendorff's alpha, nominal",
        "A <b> C",
        ".50",
        ".25 to .75",
        f"{n}",
        f"{n}",
    ]
    assert agreement[1][3:5] == ["undefined", "–"]
    assert len(grid) == n
    assert grid[0][1:] == ["99", "·0"]


def test_the_same_frames_give_the_same_bytes(hostile: Frames) -> None:
    """Neither the run nor the order in which Python keeps its sets shows in the file."""
    script = (
        "import sys, hashlib, importlib.util as u; s = u.spec_from_file_location('t', sys.argv[1]); "
        "m = u.module_from_spec(s); s.loader.exec_module(m); "
        "print(hashlib.sha256(m.build_report(m.study(m.HOSTILE))).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, __file__], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "2", "PATH": "", "TZ": "Asia/Tokyo"},
    )  # fmt: skip
    assert done.stdout == hashlib.sha256(build_report(hostile)).hexdigest() + "\n"


def test_quotes_alone_make_a_report() -> None:
    """Before anybody has coded there are answers to read and to search, and no tables."""
    quotes = pd.DataFrame({"quote_id": ["Q01", "Q02"], "text": ["One.\n\nTwo.", ""]})
    soup = BeautifulSoup(build_report({"quotes": quotes}), "html.parser")
    assert [p.get_text() for p in soup.select("#Q01 .answer p")] == ["One.", "Two."]
    assert [field["id"] for field in soup.select("#filters select, #filters input")] == ["text"]
    assert soup.select_one("#Q01 .speaker").get_text() == "No name"
    assert [section["id"] for section in soup.select("main > section")] == ["quotes"]
    assert not soup.select(".chart")


def test_codings_that_nobody_has_made_yet_count_as_none() -> None:
    """A fresh study folder has a codebook and an empty file of codings."""
    frames = study(["One.", "Two.", "Three."])
    fresh = {"quotes": frames["quotes"], "codebook": frames["codebook"], "codings": frames["codings"].iloc[:0]}
    soup = BeautifulSoup(build_report(fresh), "html.parser")
    assert len(soup.select(".quote")) == 3
    assert not soup.find(id="theme")


def test_a_report_needs_quotes() -> None:
    """The error names what came and what is missing."""
    with pytest.raises(ValueError, match=r"frames: needs quotes; there are tally"):
        build_report({"tally": pd.DataFrame()})
    with pytest.raises(ValueError, match=r"quotes: needs the columns text; it has quote_id"):
        build_report({"quotes": pd.DataFrame({"quote_id": ["Q01"]})})


def test_frames_are_left_as_they_were() -> None:
    """Building a report changes no frame."""
    frames = study(["One.", "Two.", "Three."])
    before = {name: frame.copy(deep=True) for name, frame in frames.items()}
    build_report(frames)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_the_chart_obeys_a_page_that_allows_no_styles(soup: BeautifulSoup, hostile: Frames) -> None:
    """Wide and narrow, each one picture with its words, without style, size or fonts; colours are attributes."""
    wide, narrow = soup.select("figure.chart svg")
    for svg in (wide, narrow):
        assert svg["role"] == "img"
        assert svg["aria-label"].startswith("Bar chart. ")
        assert not svg.select("style, metadata, title")
        assert "width" not in svg.attrs
    assert wide["viewbox"] != narrow["viewbox"]
    assert {path.get("fill") for path in wide.select("path")} >= {"#0072b2", "#8c8c8c"}
    references = set(re.findall(r'(?:href="#|url\(#)([^")]+)', str(wide)))
    assert references
    assert references <= {tag["id"] for tag in wide.find_all(id=True)}


def test_an_inline_chart_keeps_every_letter_as_text(hostile: Frames) -> None:
    """Labels can be selected and found, and take the page's own font."""
    svg = inline_svg(tally_chart(hostile["tally"].assign(label=["Listen", "Plan"])), Look(is_plain=True), prefix="x")
    assert {"Listen", "Plan", "Recount"} <= set(re.findall(r">([A-Z][a-z]+)</text>", svg))
    assert "font-family" not in svg


@pytest.mark.parametrize(
    ("made", "html"),
    [
        (element("b", "<", element("i", ">")), "<b>&lt;<i>&gt;</i></b>"),
        (element("input", value='"', disabled=True, hidden=False, title=None), '<input value="&quot;" disabled>'),
        (escaped(None), "None"),
        (link("mailto:a@example.org", "<a>"), '<a href="mailto:a@example.org" rel="noopener noreferrer">&lt;a&gt;</a>'),
    ],
)
def test_html_is_made_of_text(made: str, html: str) -> None:
    """Text is escaped wherever it stands; what is HTML already is not escaped twice."""
    assert made == html
