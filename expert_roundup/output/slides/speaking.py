"""What the speaker needs to know of each chart: how to read it, how it was made, and what it does not show."""

from __future__ import annotations

#: chart -> (how it was made, what it does not show)
METHODS: dict[str, tuple[str, str]] = {
    "tally": (
        "A theme counts once for each answer that gives it; the recount is the majority of the readings. Rank "
        "intervals come from resampling the answers.",
        "Rank intervals say what another draw of such answers might do; they say nothing of experts who were not "
        "asked. Two readers of one text count differently: small differences from the published tally are no errors.",
    ),
    "who_said_what": (
        "Each reading marks the themes of each answer; the shade is the share of the readings that see the theme.",
        "A theme that an answer does not give was not denied: nobody was asked about it.",
    ),
    "agreement": (
        "Krippendorff's alpha compares how often readings differ with how often they would by chance; intervals come "
        "from resampling the answers.",
        "A theme that is given once or twice has no value that could be trusted. Readings of one kind agree more than "
        "different people would, and agreement is not truth.",
    ),
    "reconstruction": (
        "Of all codings that meet the published totals, the one that fits the readings' confidences best; the "
        "probability of each cell comes from all codings that meet the totals.",
        "The reconstruction is never the author's own coding. Its probabilities hold as far as the readings' "
        "confidences do.",
    ),
    "cooccurrence": (
        "Pairs of themes in one answer, beside the number that two themes of these sizes would share by chance.",
        "With so many pairs, some exceed chance by accident; an excess is a question, not a finding.",
    ),
    "dos_and_donts": (
        "Sentences that prescribe or forbid are found by cue words and by praise and blame; a sentence that does both "
        "counts on both sides.",
        "Dos and don'ts are found by cues, which miss irony and quotation. A statement counts for every theme of its "
        "answer, so themes share statements.",
    ),
    "platforms": (
        "Names of platforms are looked up in every spelling of the article.",
        "A platform that is named is not thereby recommended. Names and shares are of the year in which the experts "
        "were asked.",
    ),
    "lengths": (
        "Words of each answer, as the edition that was read has them.",
        "Length is no measure of weight. A translation or a condensed edition changes it.",
    ),
    "consensus_matrix": (
        "Many clusterings over samples of the answers; each cell is the share that put two answers into one group.",
        "Groups of wording are not groups of opinion; with few answers most pairs stay ambiguous.",
    ),
    "map": (
        "Multidimensional scaling puts answers that are worded alike close to each other.",
        "A plane cannot keep all distances; the stress says how far it fails.",
    ),
    "dendrogram": (
        "Average linkage joins the closest answers first.",
        "Any data give a tree. The tree proves no groups.",
    ),
}


def speaker_notes(name: str, *, title: str, alt_text: str, note: str, source: str) -> str:
    """Return the speaker notes of a chart: finding, method, limits, the chart in words, source."""
    made, limits = METHODS.get(name, ("", ""))
    parts = [
        title + ".",
        f"How it was made: {made}" if made else "",
        f"What it does not show: {limits} {note}".strip() if limits or note else "",
        f"In words: {alt_text}",
        source,
    ]
    return "\n\n".join(part for part in parts if part)
