"""HTML pages: their own text is kept, what surrounds it is left out, and whoever is quoted stays with their words."""

from __future__ import annotations

import html as entities
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from expert_roundup.parsing import NotARoundup, parse_text
from expert_roundup.parsing.html import html_to_markdown
from expert_roundup.parsing.markdown import Pen, Run, escaped, inline
from expert_roundup.parsing.people import visible

PEOPLE = (
    (
        "Jane Doe",
        "CEO, Acme",
        "I start small and I let the work grow before I add people. We learned that the hard way.",
    ),
    (
        "John Roe",
        "Editor at The Post",
        "I never send anything before my second coffee. My readers notice it, and so do I.",
    ),
    (
        "Анна Белова",
        "дизайнер",
        "Мы спрашиваем людей каждую неделю. Я бы не знала, что строить, без них, и команда согласна.",
    ),
    (
        "Iván Petrov",
        "Engineer, Beta Labs",
        "I write the test first. When I cannot write it, I do not understand the task yet.",
    ),
)

#: how pages mark up one answer: {n} name, {r} role, {t} text
SHAPES = {
    "heading": "<h2>{n}</h2><p>{t}</p>",
    "heading, role below": "<h3>{n}</h3><p><em>{r}</em></p><p>{t}</p>",
    "heading with link and role": '<section><h3><a href="https://x.org">{n}</a> – {r}</h3><div>{t}</div></section>',
    "heading in a header": "<article><header><h3>{n}</h3><p>{r}</p></header><p>{t}</p></article>",
    "accordion": '<div class="accordion"><h2><button class="btn">{n}</button></h2><div class="body">{t}</div></div>',
    "bold line": "<p><strong>{n}</strong></p><p>{t}</p>",
    "bold line and role": "<p><strong>{n}, {r}</strong><br>{t}</p>",
    "bold by style": '<p><span style="font-weight: bold;">{n}:&nbsp;</span>{t}</p>',
    "label": "<p><strong>{n}:</strong> {t}</p>",
    "label, colon outside": "<p><b>{n}</b>: {t}</p>",
    "label in a list": "<ul><li><strong>{n}</strong> ({r}): {t}</li></ul>",
    "exported from an editor": '<p dir="ltr"><b style="font-weight:normal"><span style="font-weight:700">{n}:</span>'
    '<span style="font-weight:400"> {t}</span></b></p>',
    "definition list": "<dl><dt>{n}, {r}</dt><dd>{t}</dd></dl>",
    "details": "<details><summary>{n}, {r}</summary><p>{t}</p></details>",
    "old markup": "<font face=Arial><b>{n}</b> - {r}<br><br>{t}<br><br></font>",
    "speaker line": '<p class="speaker">{n}</p><p class="line">{t}</p>',
    "chat": '<div class="message"><span class="user">{n}</span> <span>10:42</span><div class="body">{t}</div></div>',
    "quote, cite": "<blockquote><p>{t}</p><cite>{n}, {r}</cite></blockquote>",
    "quote, footer": "<blockquote><p>{t}</p><footer class=credit>{n} in <cite>{r}</cite></footer></blockquote>",
    "quote, dash paragraph": "<blockquote><p>{t}</p><p>— {n}, {r}</p></blockquote>",
    "quote, dash line": "<blockquote>{t}<br>- {n}, {r}</blockquote>",
    "quote, dash span": "<blockquote>{t} <span>- {n}, {r} </span></blockquote>",
    "quote, bold name": "<blockquote><p>{t}</p><p><strong>{n}</strong>, {r}</p></blockquote>",
    "quote, heading inside": "<blockquote><p>{t}</p><h4>{n}</h4><h5>{r}</h5></blockquote>",
    "quote, name below": "<blockquote><p>{t}</p></blockquote><p>— {n}, {r}</p>",
    "quote, heading below": '<div class="item"><blockquote><p>{t}</p></blockquote><h4>{n}</h4><p>{r}</p></div>',
    "quote, heading above": '<div class="item"><h4>{n}</h4><p>{r}</p><blockquote><p>{t}</p></blockquote></div>',
    "quote of an editor": "<blockquote class=wp-block><p>{t}</p><cite><strong>{n}</strong><br>{r}</cite></blockquote>",
    "figure": "<figure><blockquote><p>{t}</p></blockquote><figcaption>{n}, <cite>{r}</cite></figcaption></figure>",
    "figure, name above": "<figure><h5>{n}</h5><h6>{r}</h6><blockquote><p>“{t}”</p></blockquote></figure>",
    "aside": '<aside class="pquote">{t} <p class="credit">— {n}, {r}</p></aside>',
    "inline quote": '<p><q>{t}</q> <span class="author">{n}</span></p>',
    "emphatic quote": "<p><em>“{t}”</em> – {n}, {r}</p>",
    "card, name last": '<div class="testimonial-card"><p class="quote">“{t}”</p><div class="author"><img src=a.jpg>'
    '<div class="author-info"><h4>{n}</h4><span>{r}</span></div></div></div>',
    "card, name last, no marks": '<div class="testimonial"><div class="content"><p>{t}</p></div><div class="info">'
    '<span class="name">{n}</span><span class="role">{r}</span></div></div>',
    "card, bold name last": '<div class="quote"><p>{t}</p><p><strong>{n}</strong><br>{r}</p></div>',
    "slide": '<div class="slide"><p>“{t}”</p><h4>{n}</h4><h5>{r}</h5></div>',
    "figure as card": '<figure class="review"><p>{t}</p><figcaption><b>{n}</b> <span>{r}</span></figcaption></figure>',
    "card, heading first": '<div class="card"><img src=a.jpg><div class="card-body"><h5 class="card-title">{n}</h5>'
    '<h6 class="card-subtitle">{r}</h6><p class="card-text">{t}</p></div></div>',
    "card, name first": '<div class="expert"><div class="expert-head"><span class="expert-name">{n}</span>'
    '<span class="expert-role">{r}</span></div><div class="expert-text"><p>{t}</p></div></div>',
    "card, review": '<div class="review-box"><div><span class="name">{n}</span><p class="message">{t}</p></div></div>',
    "card, words in a block quote too": '<div class="testimonial"><div class="text"><p>{t}</p>'
    "<blockquote><p>I recommend it."
    '</p></blockquote></div><h5 class="testimonial-name">{n}</h5></div>',
    "card, only the name is named": '<div><p>{t}</p><div class="testimonial-name">{n}, {r}</div></div>',
    "card, portrait beside the words": '<div class="split"><div><img src=a.jpg><span'
    ' class="t">{n}</span> <span class="s">'
    "{r}</span></div><div>{t}</div></div>",
    "card, words and a line": '<div class="col-4"><div class="say"><p>{t}</p></div><table><tr>'
    "<td>{n}</td></tr></table></div>",
    "card, stars, words and a heading": '<div class="slide"><div>★★★★★</div><p>{t}</p><h4>{n}</h4><p>{r}</p></div>',
    "card, line and quotation": '<div class="col-7"><p>{n} :</p><p>“{t}”</p></div>',
    "card, quotation and line": '<div class="white"><div class="q">«{t}»</div><div>{n}, {r}</div></div>',
    "quote, role glued to the name": '<blockquote><span class="mark">“</span><p>{t}</p><div class="who"><b>{n}<span>{r}'
    "</span></b></div></blockquote>",
    "layout table": "<table><tr><td><img src=a></td><td><h3>{n}</h3><p>{t}</p></td></tr></table>",
    "news": "<p>“{t}” said {n}, {r}.</p>",
}
#: shapes of the whole: what stands before the rows, a row, what stands after
FRAMED = {
    "table": ("<table>", "<tr><td>{n}</td><td>{r}</td><td>{t}</td></tr>", "</table>"),
    "table with a head": (
        "<table><thead><tr><th>Name</th><th>Role</th><th>Answer</th></tr></thead><tbody>",
        "<tr><td>{n}</td><td>{r}</td><td>{t}</td></tr>",
        "</tbody></table>",
    ),
    "bubbles, classes in camel case": (
        '<div class="chatRoom">',
        '<div class="chatBubble isLeft"><div class="chatWho"><img src=a.jpg><p class="chatBubbleName">{n}</p></div>'
        '<div class="chatBubbleBody"><p>{t}</p></div></div>',
        "</div>",
    ),
    "role in <cite> within <small>": (
        "<div>",
        '<blockquote><p>{t}</p><small>{n} <cite title="Source Title">{r}</cite></small></blockquote>',
        "</div>",
    ),
    "avatar of initials": (
        "<div>",
        '<div class="testimonial"><p class="quote">“{t}”</p>'
        '<div class="author"><span class="avatar">JD</span> {n}</div></div>',
        "</div>",
    ),
    "list of cards": ('<ul class="quotes">', '<li><p>{t}</p><p class="credit">{n}, {r}</p></li>', "</ul>"),
}

HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Four people | The Note</title></head>'
MENU = (
    '<body class="single has-sidebar"><header class="site-header"><a href="/">A</a><nav><ul><li><a href="/a">News</a>'
    '<li><a href="/b">People</a></ul></nav><form><input name="q"><button>Search</button></form></header>'
)
INTRO = "<h1>Four people</h1><p>We asked four people what they would never do again.</p>"
OUTRO = (
    '<section id="comments" class="comments-area"><h3>2 comments</h3><ol><li class="comment" id="comment-1"><article>'
    "<b>Pat Green:</b> I think this is the best list.</article><li id=comment-2><b>Lee Brown:</b> I do not.</ol>"
    '</section><footer class="site-footer"><p>© The Note</p></footer></body></html>'
)


def saved(inner: str) -> str:
    return f"{HEAD}{MENU}<main>{INTRO}{inner}</main>{OUTRO}"


def markdown(inner: str) -> str:
    return html_to_markdown(inner)[0]


@pytest.mark.parametrize("shape", [*SHAPES, *FRAMED])
def test_every_markup_of_answers_is_read(shape: str) -> None:
    """Four people's answers come out with their names, whatever elements hold them."""
    before, row, after = FRAMED.get(shape, ("", SHAPES.get(shape, ""), ""))
    rows = "".join(row.format(n=n, r=r, t=t) for n, r, t in PEOPLE)
    roundup = parse_text(saved(before + rows + after), format="html")
    assert [row.speaker for row in roundup.rows] == [name for name, _, _ in PEOPLE]
    for found, (_, _, text) in zip(roundup.rows, PEOPLE, strict=True):
        assert text.rstrip(".") in visible(found.text)
        assert len(visible(found.text)) <= len(text) + 25


#: (page, speakers) where the names have no look of names, in three scripts
UNLIKE_NAMES = {
    "only roles, above and below": (
        '<div class="card white"><p>Хозяйка пекарни</p><p>«Мы открылись в январе, и я ни разу не пожалела об этом.</p>'
        "<p>Теперь нас узнают по запаху».</p></div>"
        '<div class="card white"><p>Ученик второго года</p><p>«Я боялся печи, а теперь боюсь только'
        " выходных».</p></div>"
        '<div class="pull"><div class="q">«Я прихожу сюда до рассвета, и мне не скучно».</div>'
        "<div>Сосед сверху</div></div>",
        ["Хозяйка пекарни", "Ученик второго года", "Сосед сверху"],
    ),
    "names in lower case": (
        '<div class="testimonial-item"><p class="testimonial-user">lena & tom</p><p'
        ' class="testimonial-user-company">Graz</p>'
        "<p>We picked up our kayak in May, and we have not been dry since.</p></div>"
        '<div class="testimonial-item"><p class="testimonial-user">john roe</p><p'
        ' class="testimonial-user-company">Bern</p>'
        "<p>I had never paddled before. My neighbours still laugh, but I am faster now.</p></div>",
        ["lena & tom", "john roe"],
    ),
    "names with initials": (
        '<div class="s"><p>Ich habe hier mit sechzig schwimmen gelernt.</p><h4>Petra M.</h4></div>'
        '<div class="s"><p>Wir kommen jede Woche und bringen die Enkel mit.</p><h4>Hans K.</h4></div>'
        '<div class="s"><p>Mir gefällt das warme Wasser am Morgen.</p><h4>Lena</h4></div>',
        ["Petra M.", "Hans K.", "Lena"],
    ),
    "names and surnames with a title": (
        '<div class="col"><p>我以前很怕跑步，现在每天早上都想出门，连下雨天也不例外。谢谢教练！</p><p>王小明</p></div>'
        '<div class="col"><p>我的膝盖不疼了，我又可以爬山了，上个星期还带着孙子上了山顶。</p><p>李华</p></div>'
        '<div class="col"><p>我带着妈妈一起来，她比我还喜欢这里，每次都不肯走，还要再跑一圈。</p><p>陈女士</p></div>'
        '<div class="col"><p>我第一次跑完全程，腿还在抖，但是心里想的已经是下一次什么时候来。</p><p>张伟</p></div>',
        ["王小明", "李华", "陈女士", "张伟"],
    ),
}


@pytest.mark.parametrize("kind", UNLIKE_NAMES)
def test_boxes_tell_speakers_whose_names_look_unlike_names(kind: str) -> None:
    """What credits a quotation is its speaker, whatever it looks like."""
    page, speakers = UNLIKE_NAMES[kind]
    assert [row.speaker for row in parse_text(saved(page), format="html").rows] == speakers


#: boxes that look like cards and hold nobody's words
NO_CARDS = {
    "a team page": '<div class="m"><div><img src=a.jpg><span>{n}</span> <span>{r}</span></div><div>{n}'
    " joined the firm in 2009"
    " and leads the office in the old town. Before that {n} taught at two schools.</div></div>",
    "teasers": '<div class="post"><p>The kettle was invented twice. Here is how it happened. <a'
    ' href="/a">Read on</a></p>'
    "<p>{n}</p></div>",
    "a schedule": '<div class="slot"><p>10:00, main hall</p><p>How kettles changed the way towns are'
    " built</p><p>{n}</p></div>",
    "news with a heading below": '<div class="n"><p>The kettle was invented twice.</p><h4>How kettles began</h4></div>',
    "questions and answers": '<div class="faq"><p>Does it boil milk?</p><p>It does, but the lid must'
    " stay open. Rinse it.</p></div>",
}


@pytest.mark.parametrize("kind", NO_CARDS)
def test_boxes_about_people_are_no_answers(kind: str) -> None:
    """Biographies, teasers, schedules and questions make no roundup."""
    rows = "".join(NO_CARDS[kind].format(n=n, r=r) for n, r, _ in PEOPLE)
    with pytest.raises(NotARoundup, match="no attributed answers found"):
        parse_text(f"{HEAD}{MENU}<main><h1>Four people</h1>{rows}</main>{OUTRO}", format="html")


FURNITURE = {
    "script": "<script>var x = '<p>{x}</p>'</script>",
    "data": '<script type="application/ld+json">{{"text": "{x}"}}</script>',
    "style": "<style>.a::before {{ content: '{x}' }}</style>",
    "template": "<template><p>{x}</p></template>",
    "noscript": "<noscript><p>{x}</p></noscript>",
    "comment": "<!-- <p>{x}</p> -->",
    "nav": "<nav><p>{x}</p></nav>",
    "menu": '<div class="menu-main-container"><p>{x}</p></div>',
    "breadcrumbs": '<ol class="breadcrumb"><li>{x}</li></ol>',
    "cookie banner": '<div id="cookie-banner"><p>{x}</p><button>OK</button></div>',
    "consent dialog": '<div role="dialog"><p>{x}</p></div>',
    "newsletter": '<div class="newsletter-signup"><p>{x}</p></div>',
    "form": "<form><label>{x}</label><textarea>{x}</textarea><select><option>{x}</select></form>",
    "sidebar": '<div class="sidebar-right"><p>{x}</p></div>',
    "aside": "<aside><h4>About us</h4><p>{x}</p></aside>",
    "sphinx sidebar": '<div class="sphinxsidebar"><p>{x}</p></div>',
    "not printed": '<div class="d-print-none"><p>{x}</p></div>',
    "wiki categories": '<div class="catlinks"><p>{x}</p></div>',
    "share": '<div class="share-buttons"><a href="x">{x}</a></div>',
    "related": '<div class="related-posts"><h3>{x}</h3></div>',
    "advertising": '<div class="ad-slot"><p>{x}</p></div>',
    "hidden": "<div hidden><p>{x}</p></div>",
    "not displayed": '<div style="color:red; display : none"><p>{x}</p></div>',
    "screen readers": '<span class="screen-reader-text">{x}</span>',
    "page footer": "<footer><p>{x}</p></footer>",
    "footer class": '<div class="footer"><p>{x}</p></div>',
    "author box": '<div class="author-box"><h4>About the author</h4><p>{x}</p></div>',
    "reader comments": '<div class="comments"><article><b>{x}:</b> I like it.</article></div>',
    "comments service": '<div id="disqus_thread"><p>{x}</p></div>',
    "comments by heading": "<div><h3>Comments (2)</h3><div><p><b>Pat:</b> {x}</p></div></div>",
    "Russian comments": "<h2>Добавить комментарий</h2><p>{x}</p>",
    "picture": '<figure><img src="a.jpg" alt="{x}"><figcaption>{x}</figcaption></figure>',
    "frame": "<iframe srcdoc='{x}'>{x}</iframe>",
    "icon of a font": '<i class="material-icons">{x}</i>',
    "drawing": "<svg><title>{x}</title><text>{x}</text></svg>",
    "cloned slide": '<div class="slick-slide slick-cloned"><p>{x}</p></div>',
    "edit link": '<h3>A part<a class="headerlink" href="#a">{x}</a></h3>',
}


@pytest.mark.parametrize("kind", FURNITURE)
def test_furniture_is_left_out(kind: str) -> None:
    """What surrounds a page, what nobody sees and what readers wrote is not its text; the rest is kept."""
    own = "".join(f"<p>{text}</p>" for _, _, text in PEOPLE)
    text = markdown(f"{HEAD}<body>{INTRO}{own}{FURNITURE[kind].format(x='Not of this page')}</body></html>")
    assert "Not of this page" not in text
    assert all(said in text for _, _, said in PEOPLE)


@pytest.mark.parametrize(
    "page",
    [
        '<body class="has-sidebar comments-open"><div class="sidebar-layout page-wrapper">{x}</div>',
        '<body><form id="aspnetForm"><div>{x}</div></form>',
        '<body><div class="modal-page"><main>{x}</main></div>',
        '<body><div id="comments-on-work"><article><h1>Title</h1>{x}</article></div>',
        '<body><table><tr><td><ul><li><a href="/">Home</a></ul></td><td>{x}</td></tr></table>',
        '<body><div class="elementor-widget elementor-widget-text-editor"><div>{x}</div></div>',
        '<body><section class="social-proof">{x}</section>',
        "<body><header><h1>Title</h1>{x}</header>",
        "<body><pre>{x}</pre>",
        "{x}",
    ],
)
def test_a_name_alone_does_not_make_furniture(page: str) -> None:
    """A wrapper called after what it also holds keeps the page: sizes decide."""
    own = "".join(f"<p>{text}</p>" for _, _, text in PEOPLE)
    text = markdown(HEAD + page.format(x=own))
    assert all(said in text for _, _, said in PEOPLE)


def test_the_main_part_is_found_without_names() -> None:
    """Of main, a single article, and an element called content, the first that is there holds the page."""
    own = "".join(f"<p>{text}</p>" for _, _, text in PEOPLE)
    for tag in ("<main>{}</main>", "<article>{}</article>", '<div class="entry-content">{}</div>'):
        assert "elsewhere" not in markdown(f"<body><div><p>Something elsewhere.</p></div>{tag.format(own)}</body>")


def test_several_main_elements_are_all_the_page() -> None:
    """A builder that writes a main element a section leaves none of them out."""
    sections = "".join(f"<main><p>{t}</p></main><section><p>And {n} agrees.</p></section>" for n, _, t in PEOPLE)
    written = markdown(f"<body>{sections}</body>")
    assert all(t in written and f"And {n} agrees." in written for n, _, t in PEOPLE)


def test_testimonials_below_the_main_part_are_part_of_the_page() -> None:
    """A shop's main element holds what is for sale; the block quotes stand beside it."""
    quotes = "".join(
        f"<blockquote><p>“I come here every day, and {what}.”</p><cite>{name}</cite></blockquote>"
        for name, what in (("Jane Doe", "my children do too"), ("John Roe", "we always share a loaf"))
    )
    page = f"<body><main>{'<p>Bread, rolls and cake, baked at night.</p>' * 9}</main><section>{quotes}</section></body>"
    assert [row.speaker for row in parse_text(page, format="html").rows] == ["Jane Doe", "John Roe"]
    commented = page.replace("<section>", "<section class='comments-area'>")
    with pytest.raises(NotARoundup):
        parse_text(commented, format="html")


def test_boxes_called_questions_ask() -> None:
    """What stands between them are the answers of the one whom the title names."""
    asked = "".join(
        f"<div class='question'><p>{question}</p></div><div class='answer'><p>{answer}</p></div>"
        for question, answer in (
            ("Which bridge would you repair first?", "I would begin with ours."),
            ("Who should pay for it?", "We all should, and I would give a plank."),
            ("And the lamps?", "My neighbours and I have lit candles."),
        )
    )
    page = (
        f"<head><title>Interview with Jane Doe</title></head><body><main><h1>Interview with Jane Doe</h1>{asked}</main>"
    )
    rows = parse_text(page, format="html").rows
    assert [(row.speaker, row.question) for row in rows] == [
        ("Jane Doe", "Which bridge would you repair first?"),
        ("Jane Doe", "Who should pay for it?"),
        ("Jane Doe", "And the lamps?"),
    ]


def test_a_monogram_is_no_name() -> None:
    """Initials in place of a portrait are left out of the credit, and so is a large quotation mark."""
    page = (
        '<blockquote><span>“</span><p>I bake.</p><div class="who"><span>JD</span><b>Jane Doe'
        "<i>CEO</i></b></div></blockquote>"
    )
    assert markdown(page) == "> I bake.\n>\n> — Jane Doe, CEO\n"


def test_initials_in_a_box_called_avatar_are_no_name() -> None:
    """Whatever is written out beside them: a first name, or a name of which they leave a word out."""
    cards = "".join(
        f"<article class='testimonial'><p>I row every day, and {what}.</p><div class='author'>"
        f"<div class='author-avatar'><span>{letters}</span></div><div class='info'><h4>{name}</h4><p>Rower</p></div>"
        "</div></article>"
        for letters, name, what in (
            ("ЕМ", "Елена", "so does my sister"),
            ("OA", "Oscar Alves", "my dog sits in front"),
            ("IP", "Isral Joao Pinto", "I would not stop"),
        )
    )
    rows = parse_text(f"<body><main><h1>Rowers</h1>{cards}</main></body>", format="html").rows
    assert [row.speaker for row in rows] == ["Елена", "Oscar Alves", "Isral Joao Pinto"]


def test_a_large_first_letter_and_short_names_are_kept() -> None:
    """Neither is the monogram of somebody beside it."""
    words = ("I start small, and I ask every week.", "We write letters, and I answer them.", "My plans change, I fear.")
    capped = "".join(
        f"<h2>{name}</h2><p><span class='initial'>{said[0]}</span>{said[1:]}</p>"
        for name, said in zip(("Jane Doe", "John Roe", "Ana Lee"), words, strict=True)
    )
    rows = parse_text(f"<body><main><h1>What do you do?</h1>{capped}</main></body>", format="html").rows
    assert [row.text for row in rows] == list(words)
    avatars = "".join(
        f"<blockquote><p>{said}</p><footer class='avatar'><b>{name}</b></footer></blockquote>"
        for name, said in zip(("Bo", "Ana", "Max"), words, strict=True)
    )
    rows = parse_text(f"<body><main>{avatars}</main></body>", format="html").rows
    assert [row.speaker for row in rows] == ["Bo", "Ana", "Max"]


def test_teasers_of_other_articles_are_no_standfirst() -> None:
    teasers = "".join(
        f"<div class='post-excerpt'><p>“I start with rolls, {what}.”</p><p>— {name}</p></div>"
        for what, name in (("my customers come at six", "John Roe"), ("and I never sleep after four", "Ana Lee"))
    )
    page = (
        f"<body>{teasers}<main><h1>Dough</h1>{'<p>Flour, water and salt, left alone at night.</p>' * 12}</main></body>"
    )
    assert "John Roe" not in markdown(page)


def test_what_stands_between_title_and_main_part_is_kept() -> None:
    """It says whom an interview is with; teasers of other pages, above the title, are not."""
    asked = "".join(
        f"<p><strong>{question}</strong></p><p>{answer * 6}</p>"
        for question, answer in (
            ("How are the rowers today?", "I have seen them laugh, and we are many. "),
            ("What do you tell them?", "I tell them to rest, as I do myself. "),
            ("And what comes next?", "We wait for the tide, and then I call you. "),
            ("Who will come along?", "My brother, and whoever we find. "),
        )
    )
    page = (
        "<body><div class='subtitle'>What the harbour decided yesterday, and why it matters to John Roe</div>"
        "<div class='head'><h1>The river is quiet</h1><p class='head-excerpt'>We spoke to Jane Doe, a rower from the "
        "upper town who has been out there since Monday.</p></div>"
        f"<div class='entry-content'>{asked}</div></body>"
    )
    rows = parse_text(page, format="html").rows
    assert {row.speaker for row in rows} == {"Jane Doe"}
    assert len(rows) == 4
    written = markdown(page)
    assert written.startswith("We spoke to Jane Doe")
    assert "John Roe" not in written


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Tips | Site</title>", "<h1>Tips</h1>", "Tips"),
        ("<title>Tips | Site</title>", "<h1>Other</h1>", "Tips | Site"),
        ('<title>Tips | Site</title><meta property="og:title" content="Tips">', "", "Tips"),
        ("<title>\n Tips \n</title>", "<h1>Tips</h1><h1>Tips</h1>", "Tips"),
        ("", "<h1>Tips</h1>", ""),
    ],
)
def test_the_title_is_the_pages_own(head: str, body: str, title: str) -> None:
    """The site's name is cut off where the page shows its title."""
    assert html_to_markdown(f"<html><head>{head}</head><body>{body}<p>Text</p></body></html>")[1] == title


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("<p>a <b>b</b> <i>c</i> <b><i>d</i></b>", "a **b** *c* ***d***"),
        ("<p>a<b> b </b>c <b></b><i> </i>d", "a **b** c d"),
        ("<p><b>Ja</b><b>ne</b>", "**Jane**"),
        ("<p><a href='http://x.org/a b(c)'>the <em>site</em></a>", "[the *site*](http://x.org/a%20b%28c%29)"),
        ("<p><b><a href='x'>Jane</a>, CEO:</b> yes", "**[Jane](x), CEO:** yes"),
        ("<p>More!<a href='x'>here</a>", "More&#33;[here](x)"),
        ("<p><a href='#top'>up</a> <a href='javascript:x()'>go</a> <a>no</a>", "up go no"),
        ("<p><a href='x'>[1]</a>", "[&#91;1&#93;](x)"),
        ("<p><code>a*b</code> <kbd>x`y</kbd>", "`a*b` x\\`y"),
        ("<p>a<br>b<br><br>c", "a  \nb\n\nc"),
        ("<p>note<sup><a href='#fn1'>1</a></sup>, x<sup>2</sup>", "note, x2"),
        ("<h2> A <b>b</b>\n c <a href='#x'>#</a></h2>", "## A b c"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul><ol><li>d<li><p>e<p>f</ol>", "- a\n- b\n\n  - c\n\n1. d\n2. e\n\n   f"),
        ("<blockquote><p>a<p>b</blockquote><blockquote>c</blockquote>", "> a\n>\n> b\n\n> c"),
        ("<p>a<hr><p>b", "a\n\n***\n\nb"),
        ("<p>x<pre>a\n  b</pre>" + "<p>word word" * 9, "x\n\n```\na\n  b\n```" + "\n\nword word" * 9),
        ("<pre>Jane: yes\nno\n\nJohn: x</pre>", "Jane: yes  \nno\n\nJohn: x"),
        ("<table><tr><th>a<th>b<tr><td>c|d<td>e<p>f</table>", "| a | b |\n| --- | --- |\n| c\\|d | e<br>f |"),
        ("<table><tr><td>a<td>b<tr><td rowspan=2>c<td>d<tr><td>e</table>",
         "|  |  |\n| --- | --- |\n| a | b |\n| c | d |\n| c | e |"),
        ("<table><tr><td>one<tr><td>two</table>", "one\n\ntwo"),
        ("<p>1. a<p>- b<p># c<p>+ d<p>> e<p>---<p>*", "1\\. a\n\n\\- b\n\n\\# c\n\n\\+ d\n\n\\> e\n\n\\---\n\n\\*"),
        ("<p>2*3 a_b _c_ &lt;b> &amp;amp; [a](b) [x]: y `", "2\\*3 a_b \\_c\\_ &lt;b> &amp;amp; \\[a](b) \\[x]: y \\`"),
    ],
)  # fmt: skip
def test_markup_becomes_markdown(page: str, written: str) -> None:
    """Element by element; text that looks like markup is escaped where it has to be, and only there."""
    assert markdown(page).rstrip("\n") == written


def test_the_head_of_a_generators_post_is_kept() -> None:
    """HTML posts with front matter are read as Markdown posts are: title and authors come from the head."""
    head = '---\ntitle: "Four people"\nauthors: ["Sam Poole"]\n---\n'
    own = "".join(f"<h2>{name}</h2><p>{text}</p>" for name, _, text in PEOPLE)
    roundup = parse_text(head + own, format="html")
    assert roundup.source.text.startswith(f"{head}\n## Jane Doe\n")
    assert (roundup.title, len(roundup.rows)) == ("Four people", 4)


def test_a_page_in_another_encodings_name_is_text_already() -> None:
    """A decoded text that still names its old encoding is not decoded twice."""
    page = "<?xml version='1.0' encoding='koi8-r'?><html><head><meta charset=koi8-r></head><body><p>Анна</body></html>"
    assert markdown(page) == "Анна\n"


def test_deep_pages_are_read_or_refused() -> None:
    """A few hundred levels are read in whole; thousands, which no page has, are refused in a sentence."""
    for tag in ("div", "b", "blockquote", "ul><li", "table><tr><td", "section class=quote"):
        assert "hello" in markdown(f"<{tag}>" * 400 + "hello")
    with pytest.raises(ValueError, match="nested too deeply"):
        markdown("<div>" * 5_000 + "hello")


@pytest.mark.parametrize("page", ["", "   ", "<!-- only a comment -->"])
def test_a_page_without_text_is_refused_or_empty(page: str) -> None:
    """Nothing is invented."""
    try:
        assert markdown(page).strip() == ""
    except ValueError as error:
        assert "holds no text" in str(error)  # noqa: PT017


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
_RENDER = MarkdownIt("commonmark")


def shown(markdown_text: str) -> str:
    """What a reader of the Markdown sees, blanks aside."""
    rendered = re.sub(r"<[^>]*>", " ", _RENDER.render(markdown_text))
    return "".join(entities.unescape(rendered).split())


@example("[[]:0")
@given(texts)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    """Whatever a paragraph says, Markdown shows just that: an independent renderer agrees."""
    pen = Pen()
    pen.paragraph([Run(" ".join(text.split()))])
    # a bare address is an address to no renderer of plain CommonMark, and entities stay what they are
    assert shown(str(pen)) == "".join(text.split())


@given(texts, st.sampled_from(["p", "h3", "li", "blockquote", "td", "b", "dd", "figcaption", "summary", "q"]))
def test_the_text_of_an_element_is_kept(text: str, tag: str) -> None:
    """Nothing is lost or added between an element and what a reader of the Markdown sees."""
    plain = re.sub(r"[\W_]+", "", text)
    page = f"<body><p>first</p><{tag}>{entities.escape(text)}</{tag}><p>last</p></body>"
    seen = re.sub(r"[\W_]+", "", shown(markdown(page)))
    if tag != "figcaption":
        assert seen == f"first{plain}last"


runs = st.lists(
    st.builds(Run, st.text("ab *_[]!`<&", min_size=1, max_size=6), st.booleans(), st.booleans(), st.booleans(),
              st.sampled_from(["", "http://x.org"])),
    max_size=6,
)  # fmt: skip


@given(runs)
def test_looks_never_lose_text(parts: list[Run]) -> None:
    """However looks are nested, the letters come out in order."""
    letters = "".join(re.findall("[ab]", "".join(part.text for part in parts)))
    bare = re.sub(r"\(http://x\.org\)|&lt;|&amp;|&#\d+;", "", inline(parts))
    assert "".join(re.findall("[ab]", bare)) == letters


tags = st.sampled_from(
    ["p", "div", "b", "i", "blockquote", "ul", "li", "table", "tr", "td", "h2", "a", "span", "aside", "cite", "br", "q"]
)


@given(
    st.lists(st.tuples(tags, st.booleans(), st.sampled_from(["", "x ", "Jane Doe", "<", "&", "\n", "- "])), max_size=30)
)
def test_any_soup_of_tags_is_read(soup: list[tuple[str, bool, str]]) -> None:
    """Unclosed, crossed and misplaced tags never crash, and the same page gives the same text."""
    page = "<body>x" + "".join(f"<{'/' if closes else ''}{tag} class=quote>{text}" for tag, closes, text in soup)
    assert html_to_markdown(page) == html_to_markdown(page)


def test_only_what_needs_it_is_escaped() -> None:
    """Ordinary prose, addresses and names in code come out unchanged."""
    for text in (
        "Jane Doe's 5 - 3 = 2, e.g. snake_case & co.",
        "a < b > c [sic] (see below)",
        "«Да» — нет… 100 %",
        "田中さん",
    ):
        assert escaped(text) == text


def test_an_answer_that_asks_on_its_way_is_no_heading() -> None:
    """Words set large as a heading of the fourth level are an answer where they are long, a question inside or not."""
    said = "I start with the rowers, and my plans change each time. Who would not ask them? I do so every week. " * 4
    names = ("Jane Doe", "John Roe", "Ana Lee")
    page = "".join(f"<h2>{name}</h2><h4>{said}</h4>" for name in names)
    rows = parse_text(f"<html><body><main><h1>Why do you row?</h1>{page}</main></body></html>", format="html").rows
    assert [(row.speaker, row.text) for row in rows] == [(name, said.strip()) for name in names]
