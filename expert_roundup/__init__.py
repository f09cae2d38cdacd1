r"""Expert roundups as evidence: quotes, themes, a tally that can be recomputed and doubted.

Public names are loaded on first use (PEP 562), so that `import expert_roundup` costs next to nothing.

Examples
--------
>>> import expert_roundup as er
>>> er.parse_text("Jane Doe said: I start small.\n\nJohn Roe said: I measure my work.").layout
'said'
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: name -> where it lives; tests hold every name to the documentation
_HOMES = {
    "NotARoundup": "parsing",
    "Roundup": "parsing",
    "Source": "parsing",
    "parse_text": "parsing",
    "read_roundup": "parsing",
    "read_source": "parsing",
    "check_codebook": "coding.codebook",
    "codebook_to_yaml": "coding.codebook",
    "read_codebook": "coding.codebook",
    "check_codings": "coding.codings",
    "majority": "coding.codings",
    "read_codings": "coding.codings",
    "read_published_tally": "coding.published",
    "merge_codings": "coding.merging",
    "ahead_probabilities": "coding.tally",
    "tally": "coding.tally",
    "agreement": "coding.agreement",
    "disagreements": "coding.agreement",
    "interpretation": "coding.agreement",
    "reconstruct": "coding.reconstruction",
    "explore": "analysis.clusters",
    "verdicts": "analysis.clusters",
    "norms": "analysis.norms",
    "code_quotes": "notebook",
    "start_study": "starting",
    "Study": "study",
    "run_study": "study",
    "save_study": "study",
    "load_answers": "datasets",
    "load_codebook": "datasets",
    "load_codings": "datasets",
    "load_norms": "datasets",
    "load_published_tally": "datasets",
    "load_quotes": "datasets",
    "load_speakers": "datasets",
    "load_term_counts": "datasets",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from expert_roundup.datasets import version

        return version()
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    try:
        # wings are attributes too: expert_roundup.coding
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
