"""Which language a text is in: by its script and letters where they decide, by py3langid elsewhere."""

from __future__ import annotations

import functools
import re
from collections import Counter

#: letters that only one language of their script uses, or nearly so
_TELLING_LETTERS = {
    "uk": frozenset("іїєґ"),
    "be": frozenset("ў"),
    "sr": frozenset("јљњђћџ"),
    "ru": frozenset("ыэё"),
}
#: the commonest words of English; other languages in Latin letters are left to the model
_ENGLISH = frozenset(
    "the of and to in is that it you for with are this be have was not on as but they we your or at their what so if".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 1_000
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
)
_OTHER = re.compile("|".join(script.pattern for _, script in _SCRIPTS))
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def detect_language(text: str) -> str:
    """Return the BCP 47 code of the language that most of `text` is in, "und" where no letter decides.

    The first 1,000 characters speak for the whole; markup should be removed before.

    Examples
    --------
    >>> detect_language("Where do they waste their time?"), detect_language("Где они теряют время?")
    ('en', 'ru')
    """
    sample = text[:_SAMPLE]
    latin, cyrillic = len(_LATIN.findall(sample)), len(_CYRILLIC.findall(sample))
    seen = _OTHER.search(sample) is not None
    others = {code: len(script.findall(sample)) if seen else 0 for code, script in _SCRIPTS}
    code, most = max(others.items(), key=lambda item: item[1])
    # a CJK character carries about as much as three letters
    if most * 3 > max(latin, cyrillic):
        # kanji outnumber kana in some Japanese prose; any share of kana decides
        return "ja" if code == "zh" and others["ja"] * 10 > most else code
    if latin + cyrillic == 0:
        return "und"
    if cyrillic >= latin:
        return _cyrillic_language(sample)
    words = [word.casefold() for word in _WORD.findall(sample)]
    if sum(word in _ENGLISH for word in words) >= 0.2 * len(words):
        return "en"
    return _model_language(sample)


def _cyrillic_language(sample: str) -> str:
    letters = Counter(sample.casefold())
    scores = {code: sum(letters[letter] for letter in telling) for code, telling in _TELLING_LETTERS.items()}
    code = max(scores, key=lambda key: scores[key])
    if scores[code] and sum(scores.values()) == scores[code]:
        return code
    return _model_language(sample)


@functools.lru_cache(maxsize=4096)
def _model_language(sample: str) -> str:
    import py3langid

    return str(py3langid.classify(sample)[0])
