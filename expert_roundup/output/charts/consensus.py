"""The consensus matrix: how often two answers fell into one group, over many clusterings."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from expert_roundup.output.charts.readings import speakers_of
from expert_roundup.output.charts.words import check_frame, percent, plural
from expert_roundup.output.lettering import width
from expert_roundup.output.sheet import ChartFigure, drawing, open_sheet
from expert_roundup.output.style import BODY, SMALL, Look

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: a pair is ambiguous where its share lies between these (Senbabaoglu et al. 2014, proportion of ambiguous clustering)
AMBIGUOUS = (0.1, 0.9)


def consensus_matrix_numbers(
    consensus: pd.DataFrame, *, clusters: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the numbers of the consensus matrix.

    Parameters
    ----------
    consensus
        Square: index and columns are quote_ids, a cell is the share (0..1) of the clusterings that held both answers
        and put them into one group.
    clusters
        The clusters frame: quote_id, cluster, certainty. Without it the answers keep their order.
    quotes
        Gives the speakers; without it the answers' ids stand for them.

    Returns
    -------
    pandas.DataFrame
        One row per pair of answers in the order drawn: quote_id, speaker, cluster, other, other_speaker,
        other_cluster, share.
    """
    import pandas as pd

    order = _ordered(consensus, clusters)
    names, groups = speakers_of(quotes, order), _groups(order, clusters)
    values = consensus.loc[order, order].to_numpy(dtype=float)
    rows = [
        (a, names[a], groups[a], b, names[b], groups[b], values[i, j])
        for (i, a), (j, b) in combinations(enumerate(order), 2)
    ]
    columns = ["quote_id", "speaker", "cluster", "other", "other_speaker", "other_cluster", "share"]
    return pd.DataFrame(rows, columns=columns)


def consensus_matrix_title(
    consensus: pd.DataFrame, *, clusters: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None
) -> str:
    """Return the finding of the consensus matrix in one sentence."""
    rows = consensus_matrix_numbers(consensus, clusters=clusters, quotes=quotes)
    share = rows["share"].between(*AMBIGUOUS, inclusive="neither").mean()
    said = f"{percent(share)} of {plural(len(rows), 'pair')} are now together, now apart"
    n_groups = len({group for group in _groups(_ordered(consensus, clusters), clusters).values() if group})
    return f"{plural(n_groups, 'group')} of wording: {said}" if n_groups else said


def consensus_matrix_alt_text(
    consensus: pd.DataFrame, *, clusters: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None
) -> str:
    """Return the consensus matrix in words, for those who cannot see it."""
    order = _ordered(consensus, clusters)
    names, groups = speakers_of(quotes, order), _groups(order, clusters)
    members: dict[str, list[str]] = {}
    for answer in order:
        members.setdefault(groups[answer], []).append(names[answer])
    said = "; ".join(f"{_group_name(group)}: {', '.join(who)}" for group, who in members.items())
    title = consensus_matrix_title(consensus, clusters=clusters, quotes=quotes)
    return f"Square matrix of answers by answers, shaded by how often two share a group. {title}. {said}."


def draw_consensus_matrix(
    consensus: pd.DataFrame,
    *,
    clusters: pd.DataFrame | None = None,
    quotes: pd.DataFrame | None = None,
    source: str = "",
    note: str = "",
    look: Look | None = None,
) -> ChartFigure:
    """Draw how often two answers fell into one group, over many clusterings.

    Parameters
    ----------
    consensus, clusters, quotes
        As for `consensus_matrix_numbers`.
    source
        Where the numbers come from, for the last line.
    note
        A limit to state above the source.
    look
        Shape and colours; default 16:9 on white.

    Returns
    -------
    matplotlib.figure.Figure
        The chart, groups named at the left, the scale at the right.
    """
    order, look = _ordered(consensus, clusters), look or Look()
    groups = [_groups(order, clusters)[answer] for answer in order]
    labels = [f"{_group_name(group)}: {groups.count(group)}" for group in dict.fromkeys(groups)] if any(groups) else []
    room = max([width(label, BODY) for label in labels], default=0.0) + 0.3
    key = "Full colour: the two answers were in one group in every clustering that held both. None: never."
    notes = [f"{plural(len(order), 'answer')}, ordered by group and certainty. {note}".strip(), source]
    with drawing():
        title = consensus_matrix_title(consensus, clusters=clusters, quotes=quotes)
        sheet = open_sheet(title, key=key, notes=notes, words=labels, look=look, need=(3.0 + room, 3.0))
        side = min(sheet.bottom - sheet.top - 0.15, sheet.width - 2 * sheet.look.margin - room - 1.2)
        left = sheet.look.margin + room + max((sheet.width - 2 * sheet.look.margin - room - side - 1.2) / 3, 0)
        axes = sheet.axes(left, sheet.top + 0.1, side, side)
        scale = sheet.axes(left + side + 0.3, sheet.top + 0.1, 0.25, side)
        _draw(axes, scale, consensus.loc[order, order], look)
        _name_groups(axes, groups, labels, look, inch=side / len(order))
        return sheet.done()


def _draw(axes: Axes, scale: Axes, values: pd.DataFrame, look: Look) -> None:
    import seaborn as sns

    from expert_roundup.output.charts.grid import shades

    sns.heatmap(
        values.astype(float), ax=axes, vmin=0, vmax=1, cmap=shades(look), xticklabels=False, yticklabels=False,
        cbar_ax=scale, cbar_kws={"ticks": [0, 0.5, 1]}, linewidths=0.3 if len(values) < 60 else 0, linecolor=look.line,
    )  # fmt: skip
    axes.set(xlabel="", ylabel="")
    scale.tick_params(labelsize=SMALL, labelcolor=look.quiet, length=0)
    scale.set_yticks([0, 0.5, 1], ["never", "half", "always"])
    scale.yaxis.set_inverted(False)


def _name_groups(axes: Axes, groups: list[str], labels: list[str], look: Look, *, inch: float) -> None:
    start = 0
    for label, group in zip(labels, dict.fromkeys(groups), strict=False):
        end = start + groups.count(group)
        if (end - start) * inch > 0.24:  # a smaller group has no room for its name
            axes.text(-0.35, (start + end) / 2, label, ha="right", va="center", size=BODY, color=look.ink)
        for line in (axes.axhline, axes.axvline):
            line(end, color=look.ink, linewidth=1.2)
        start = end


def _ordered(consensus: pd.DataFrame, clusters: pd.DataFrame | None) -> list[str]:
    """Answers by group, the largest first, the surest member first; those in no group last."""
    check_frame(consensus, "consensus", [])
    answers = [str(answer) for answer in consensus.index]
    if answers != [str(column) for column in consensus.columns]:
        raise ValueError("consensus: must be square, with the same quote_ids as index and as columns")
    if clusters is None:
        return answers
    groups = _groups(answers, clusters)
    sure = dict(zip(clusters["quote_id"], clusters["certainty"].fillna(0), strict=True))
    sizes = {group: list(groups.values()).count(group) for group in groups.values()}
    return sorted(answers, key=lambda a: (not groups[a], -sizes[groups[a]], groups[a], -sure.get(a, 0), a))


def _groups(answers: list[str], clusters: pd.DataFrame | None) -> dict[str, str]:
    """The group of each answer, "" for none."""
    if clusters is None:
        return dict.fromkeys(answers, "")
    check_frame(clusters, "clusters", ["quote_id", "cluster", "certainty"])
    known = group_of(clusters)
    return {answer: known.get(answer, "") for answer in answers}


def group_of(clusters: pd.DataFrame) -> dict[str, str]:
    """Return the group of each answer as text, "" for unassigned (empty, missing, -1 or "unassigned")."""
    found = {}
    for answer, group in zip(clusters["quote_id"], clusters["cluster"], strict=True):
        text = str(group).removesuffix(".0")
        found[str(answer)] = "" if text.lower() in ("", "nan", "none", "<na>", "-1", "unassigned") else text
    return found


def _group_name(group: str) -> str:
    return f"group {group}" if group else "in no group"
