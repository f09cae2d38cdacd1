"""Which language a text is in: by script, telling letters, function words; by py3langid where these leave it open."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

#: letters that only one language of their script uses, or nearly so
_TELLING_LETTERS = {"uk": "іїєґ", "be": "ў", "sr": "јљњђћџ", "ru": "ыэё"}
#: scripts that one language writes, or that a language owns by any share of it
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
)
_OTHER = re.compile("|".join(script.pattern for _, script in _SCRIPTS))
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_IN_CYRILLIC = frozenset({"ru", "uk", "bg", "sr"})
#: what the model takes English with many names and terms for
_MISTAKEN = frozenset(("pcm",))
#: characters that speak for the whole text
_SAMPLE = 500
#: share of the words that must be function words of the language, and by how much it must lead the next one
_ENOUGH, _LEAD = 0.16, 1.25
#: words, and share of English ones among them, from which no other language need be tried
_SOME, _PLENTY = 20, 0.35


def detect_language(text: str) -> str:
    """Return the BCP 47 code of the language that most of `text` is in, "und" where no letter decides.

    The first 500 characters speak for the whole; markup should be removed before.

    Examples
    --------
    >>> detect_language("Where do they waste their time?"), detect_language("Где они теряют время?")
    ('en', 'ru')
    >>> detect_language("Ich fange klein an, und das ist gut so."), detect_language("小さく始めることです")
    ('de', 'ja')
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        latin, cyrillic = int(_LATIN.search(sample) is not None), 0
    else:
        latin, cyrillic = len(_LATIN.findall(sample)), len(_CYRILLIC.findall(sample))
        if _OTHER.search(sample) and (code := _other_script(sample, max(latin, cyrillic))):
            return code
    if latin + cyrillic == 0:
        return "und"
    code = _telling_letters(sample) if cyrillic >= latin else None
    return code or _by_function_words(sample, is_cyrillic=cyrillic >= latin) or _model_language(sample)


def _other_script(sample: str, n_letters: int) -> str | None:
    """The language whose own script prevails; a CJK character carries about as much as three letters."""
    counts = {code: len(script.findall(sample)) for code, script in _SCRIPTS}
    code = max(counts, key=lambda key: counts[key])
    weight = 3 if code in ("ja", "ko", "zh") else 1
    if counts[code] * weight <= n_letters:
        return None
    # kanji outnumber kana in some Japanese prose; any share of kana decides
    return "ja" if code == "zh" and counts["ja"] * 10 > counts["zh"] else code


def _telling_letters(sample: str) -> str | None:
    folded = sample.casefold()
    scores = {code: sum(map(folded.count, letters)) for code, letters in _TELLING_LETTERS.items()}
    code = max(scores, key=lambda key: scores[key])
    return code if scores[code] and scores[code] == sum(scores.values()) else None


def _by_function_words(sample: str, *, is_cyrillic: bool) -> str | None:
    """The language whose function words are frequent in `sample` and clearly more so than those of any other."""
    words = _WORD.findall(sample.casefold())
    if len(words) >= _SOME and sum(map(_english().__contains__, words)) >= _PLENTY * len(words):
        return "en"
    counts: dict[str, int] = {}
    known = function_words()
    for word in words:
        for code in known.get(word, ()):
            counts[code] = counts.get(code, 0) + 1
    ranked = sorted((n, code) for code, n in counts.items() if (code in _IN_CYRILLIC) == is_cyrillic)
    if not ranked or ranked[-1][0] < max(2, _ENOUGH * len(words)):
        return None
    second = ranked[-2][0] if len(ranked) > 1 else 0
    return ranked[-1][1] if ranked[-1][0] >= _LEAD * second else None


@functools.cache
def _english() -> frozenset[str]:
    return frozenset(word for word, languages in function_words().items() if "en" in languages)


@functools.cache
def function_words() -> dict[str, tuple[str, ...]]:
    """Each function word with the languages that use it."""
    lists = tomllib.loads((files("expert_roundup.text") / "function_words.toml").read_text("utf-8"))["words"]
    languages: dict[str, tuple[str, ...]] = {}
    for code, entries in lists.items():
        for word in dict.fromkeys(entries.split()):
            languages[word] = (*languages.get(word, ()), code)
    return languages


@functools.lru_cache(maxsize=4096)
def _model_language(sample: str) -> str:
    import py3langid

    return next(str(code) for code, _ in py3langid.rank(sample) if code not in _MISTAKEN)
