"""Layout "transcript" with one expert: questions as headings or in bold, answers without a label, the expert named once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from expert_roundup.parsing.answers import Answer, Attempt, Document
from expert_roundup.parsing.blocks import Span
from expert_roundup.parsing.interviewees import interviewee, interviews_in, is_announced
from expert_roundup.parsing.knowledge import addresses, answerers, speaks_as_one
from expert_roundup.parsing.layouts import headings
from expert_roundup.parsing.layouts.behind import PRO_DROP
from expert_roundup.parsing.layouts.introductions import says_name
from expert_roundup.parsing.layouts.label_forms import label_at, label_of, labels
from expert_roundup.parsing.layouts.prompts import (
    FORMS,
    Prompt,
    behind_labels,
    in_first_lines,
    in_plain_words,
    most_ask,
    opened_by_dashes,
    says_anything,
)
from expert_roundup.parsing.layouts.quote_then_name import credited_quote
from expert_roundup.parsing.layouts.regions import answer_spans, says_enough, stripped, unquoted, without_outro
from expert_roundup.parsing.names import is_known_person, name_likeness
from expert_roundup.parsing.people import Person
from expert_roundup.parsing.resolution import person_names, resolve
from expert_roundup.parsing.visible import asks, holds_question

#: questions that make an interview, and lines before the first of them that look like one
_FEWEST, _INTRODUCING = 3, 2
#: characters before the first question in which an introduction may say that it is an interview
_INTRODUCTION = 1_500
#: the share of them that speak to somebody: where they look like questions, and where they are any paragraphs that ask
_ADDRESSED, _MOSTLY_ADDRESSED = 0.4, 0.6
#: the share of answers in which somebody says I, and at most their own name, where nothing announces an interview
_AS_ONE, _NAMING = 0.35, 0.2
_SHORT_LABEL = re.compile(r"\W{0,4}([^\W\d_]{1,20})[*_]*\s*[:：.]")
#: a label of any words, and the share of answers that it must open
_SAME_LABEL = re.compile(r"[*_]{0,3}([^\W\d_][^\n:：*_]{1,40}?)[*_]{0,3}\s?[:：][*_]{0,3}\s")
_ALIKE = 0.8
#: characters below the first question in which its answer's label stands
_NEAR = 200
#: characters of the longest label that may be a name, and how like one two words must be
_SHORT, _NAME = 30, 0.8
_REPLY = re.compile(r"[—–―-]\s+")


def recognise(document: Document) -> Attempt | None:
    """Read `document` as an interview with the one expert whom its title or introduction names; None if it is none."""
    is_titled = is_announced(document.title) or is_announced(document.top_heading)
    # half of the prompts must ask, whatever their form
    for form in FORMS if holds_question(document.text) else ():
        if form is behind_labels:
            continue  # labels are read as such
        prompts = _from_first_question(document, form(document, 0, len(document.blocks)))
        # any essay asks itself something now and then, but it does not ask "you"
        needs_you = form in (in_plain_words, in_first_lines) and not is_titled
        if len(prompts) < _FEWEST or not most_ask(document, prompts):
            continue
        # dashes before questions and replies are a dialogue
        is_dialogue = _are_answered(document, prompts)
        share = 1.0 if form is opened_by_dashes and is_dialogue else _share_addressed(document, prompts)
        if share >= _MOSTLY_ADDRESSED * needs_you:
            attempt = _attempt(
                document,
                prompts,
                is_titled=is_titled,
                is_asked=share >= _ADDRESSED,
                is_dialogue=is_dialogue,
                is_doubtful=needs_you,
            )
            if attempt:
                return None if headings.recognise(document) else attempt
    quoted = _in_block_quotes(document) if is_titled else None
    return None if quoted and headings.recognise(document) else quoted


def _from_first_question(document: Document, prompts: list[Prompt]) -> list[Prompt]:
    """The prompts without what looks like them before the first one that asks somebody: an introduction in italics."""
    words = [document.text[slice(*prompt.words)] for prompt in prompts[: _INTRODUCING + 1]]
    asking = (n for n, said in enumerate(words) if holds_question(said) or addresses(said, document.language))
    return prompts[next(asking, 0) :]


def _are_answered(document: Document, prompts: Sequence[Prompt]) -> bool:
    """Whether a dash opens what stands below most of the prompts."""
    behind = [document.text[prompt.end : prompt.end + 20].lstrip() for prompt in prompts]
    return bool(prompts) and sum(_REPLY.match(text) is not None for text in behind) >= _ALIKE * len(prompts)


def _share_addressed(document: Document, prompts: Sequence[Prompt]) -> float:
    """The share of the prompts that speak to somebody."""
    spoken = sum(addresses(document.text[slice(*prompt.words)], document.language) for prompt in prompts)
    return spoken / max(1, len(prompts))


def _in_block_quotes(document: Document) -> Attempt | None:
    """What is set in block quotes on a page whose title says whom it interviews, the rest of it told by the interviewer."""
    quotes = document.block_quotes
    person = interviewee(document, document.blocks[quotes[0][0]].start) if len(quotes) >= _FEWEST else None
    if person is None or any(credited_quote(document, *quote) for quote in quotes):
        return None
    answers = []
    for first, last in quotes:
        spans = unquoted(
            document.text, answer_spans(document, document.blocks[first].span[0], document.blocks[last].end)
        )
        if says_enough(document.text, spans):
            answers.append(Answer(person.name, person.role, (), spans))
    texts = [document.said(answer) for answer in answers]
    speaking = sum(map(document.speaks_of_self, texts))
    if len(answers) < _FEWEST or speaking * 2 < len(texts) or _are_labelled(texts):
        return None
    note = f"{len(answers)} block quotes; the title or introduction names {person.name}"
    return Attempt("transcript", tuple(answers), notes=(note,), is_explicit=True)


def _attempt(
    document: Document,
    prompts: Sequence[Prompt],
    *,
    is_titled: bool,
    is_asked: bool,
    is_dialogue: bool,
    is_doubtful: bool,
) -> Attempt | None:
    announced = interviewee(document, prompts[0].start)
    person = announced or (
        interviewee(document, prompts[0].start, is_asked=True, is_dialogue=is_dialogue) if is_asked else None
    )
    person, called = _called(document, prompts, person) if is_asked or is_titled else (person, "")
    heads = _heads(document, prompts, person)
    if not heads:
        return None
    person = heads[0][1]
    answers = _labelled_alike(document, list(_answers(document, prompts, heads, called)))
    texts = [document.said(answer) for answer in answers]
    # some languages say I by an ending: a title that announces an interview is evidence enough
    begin = prompts[0].start
    is_introduced = is_announced(document.text[max(0, begin - _INTRODUCTION) : begin])
    voice = 0.1 if is_titled else 0.2 if is_introduced else 0.4
    if len(answers) < _FEWEST or sum(map(document.speaks_of_self, texts)) < voice * len(texts) or _are_labelled(texts):
        return None
    if (announced is None or is_doubtful) and not _speaks(document, person.name, texts):
        return None
    if announced is None and not is_dialogue and len(answers) <= _FEWEST:
        return None
    note = f"{len(answers)} answers to questions in bold or headings; the title or introduction names {person.name}"
    asked = tuple(question for answer in answers for question in answer.questions)
    return Attempt("transcript", tuple(answers), asked, notes=(note,), is_explicit=is_titled)


def _heads(document: Document, prompts: Sequence[Prompt], person: Person | None) -> list[tuple[int, Person]]:
    """Whose interviews the prompts belong to, and where each begins; a line that only links to another one asks nothing."""
    is_titled = person is not None and person.name in document.title
    found = [] if is_titled else interviews_in(document)
    bounds = [*(bound for bound, _ in found[1:]), len(document.text)]
    heads = [
        head
        for head, stop in zip(found, bounds, strict=False)
        if sum(head[0] <= prompt.start < stop for prompt in prompts) >= _FEWEST
    ]
    if len({head.name for _, head in heads}) > 1:
        return heads
    return [(0, person)] if person else []


def _answers(
    document: Document, prompts: Sequence[Prompt], heads: Sequence[tuple[int, Person]], called: str
) -> Iterator[Answer]:
    """What stands below each prompt, by the one whose interview begins last before it."""
    bounds = [bound for bound, _ in heads]
    ends = [*(prompt.start for prompt in prompts[1:]), _end(document, prompts[-1])]
    for prompt, below in zip(prompts, ends, strict=True):
        place = bisect_right(bounds, prompt.start)
        person, end = heads[max(0, place - 1)][1], min(below, *bounds[place : place + 1], len(document.text))
        blocks = [block for block in document.blocks_between(prompt.end, end) if block.lines and block.end > prompt.end]
        if prompt is prompts[-1]:
            blocks = without_outro(document, blocks)
        if not blocks:
            continue
        stop = min(end, blocks[-1].span[1])
        spans = unquoted(document.text, answer_spans(document, max(prompt.end, blocks[0].span[0]), stop))
        spans = _unlabelled(document, _undashed(document.text, spans), f"{person.name} {called}")
        if says_anything(document.text, spans):
            yield Answer(person.name, person.role, ((prompt.start, prompt.end),), spans, (prompt.words,))


def _called(document: Document, prompts: Sequence[Prompt], person: Person | None) -> tuple[Person | None, str]:
    """The interviewee whom a label names that opens the first answer, else `person`; and how the label calls them.

    What opens an answer says more surely whose it is than who else the introduction names.
    """
    called = _only_label(document, prompts)
    if not called or (person and set(called.split()) & set(person.name.split())):
        return person, called
    if person and (person.name in document.title or " " not in called):
        return person, ""  # a word before a colon, as in any text
    meant = resolve([called], document.prose)[called] if len(called) > 1 else _initial_of(called, document.title)
    return (Person(meant) if " " in meant else person), called


def _only_label(document: Document, prompts: Sequence[Prompt]) -> str:
    """Whom a label calls that opens the first answer, and no other label any: "Jay: I start small"; "" if none does."""
    below = [document.text[prompt.end : prompt.end + _NEAR].lstrip() for prompt in prompts]
    opened = [label_at(text, 0, len(text)) for text in below]
    names = [label.person.name if label and label.style != "dash" else "" for label in opened]
    called = {name for name in names if name and (" " not in name or name_likeness(name) >= _NAME)}
    if (
        names[0].casefold() in answerers()
        or called != {names[0]}
        or (len(names[0]) > 1 and sum(map(bool, names)) * 2 > len(names))
    ):
        return ""  # where labels open most answers they are read as such
    if " " in names[0]:
        return names[0]
    others = {
        label.person.name for label in labels(document) if label.style != "dash" and len(label.person.name) <= _SHORT
    }
    n_asking = sum(asks(document.text[slice(*prompt.words)]) for prompt in prompts)
    return names[0] if len(others - called) <= max(1, len(prompts) - n_asking) else ""


def _initial_of(letter: str, title: str) -> str:
    """The name in a title that a letter stands for: "J" in "Jane Doe on slow boats"."""
    return next((name for name in person_names(title) if name[0] == letter), letter)


def _speaks(document: Document, name: str, texts: Sequence[str]) -> bool:
    """Whether one person speaks in the answers, and it may be the one of that name.

    A firm that answers its customers says we, and who writes about somebody names them.
    """
    as_one = sum(speaks_as_one(text, document.language) for text in texts)
    least = _AS_ONE / 2 if document.language in PRO_DROP else _AS_ONE
    # who says their own name does not write about somebody
    others = [text for text in texts if says_name(text) is None]
    named = sum(any(part in text for part in name.split() if len(part) > 2) for text in others)
    return len(texts) >= _FEWEST and as_one >= least * len(texts) and named <= _NAMING * len(texts)


def _labelled_alike(document: Document, answers: list[Answer]) -> list[Answer]:
    """The answers under the one label that opens nearly all of them, whatever it says: "The mayor: Good morning!"."""
    if not answers or (is_known_person(answers[0].speaker) and " " in answers[0].speaker):
        return answers  # the page names them
    opened = [_SAME_LABEL.match(document.text, *answer.spans[0]) for answer in answers]
    ((label, n),) = Counter(match[1] for match in opened if match).most_common(1) or (("", 0),)
    if n < max(_FEWEST, _ALIKE * len(answers)) or label.casefold() in answerers() or label_of(f"{label}: x"):
        return answers
    return [
        replace(answer, speaker=label, role="", spans=_cut(document.text, answer.spans, match.end()))
        for answer, match in zip(answers, opened, strict=True)
        if match and match[1] == label
    ]


def _cut(text: str, spans: Sequence[Span], begin: int) -> tuple[Span, ...]:
    """The spans, the first of them no earlier than at `begin`."""
    (start, end), *rest = spans
    return (stripped(text, max(start, begin), end), *rest)


def _undashed(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without the dash that opens a reply."""
    dash = _REPLY.match(text, *spans[0]) if spans else None
    return _cut(text, spans, dash.end()) if dash else tuple(spans)


def _unlabelled(document: Document, spans: Sequence[Span], name: str) -> tuple[Span, ...]:
    """The spans without the label of the one who is interviewed, which often opens the first answer only."""
    if not spans:
        return ()
    start, end = spans[0]
    label = label_at(document.text, start, end)
    is_theirs = label is not None and label.end < end and set(label.person.name.split()) <= set(name.split())
    return _cut(document.text, spans, label.end if label and is_theirs else start)


def _are_labelled(texts: Sequence[str]) -> bool:
    """Whether labels open the answers: then these say who speaks."""
    return sum(_is_labelled(text.split("\n", 1)[0]) for text in texts) * 2 >= len(texts)


def _is_labelled(line: str) -> bool:
    short = _SHORT_LABEL.match(line)
    return (short is not None and short[1].casefold() in answerers()) or label_of(line) is not None


def _end(document: Document, last: Prompt) -> int:
    """Where the last answer ends at the latest: at the next heading or rule, else with the page."""
    following = document.blocks[document.block_at(last.start) + 1 :]
    return next((block.start for block in following if block.kind in ("heading", "rule")), len(document.text))
