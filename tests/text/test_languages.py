"""Languages: by script, telling letters and function words; the model is asked only where these do not decide."""

from __future__ import annotations

import sys

import pytest

from expert_roundup.text import languages
from expert_roundup.text.languages import detect_language

SENTENCES = {
    "en": "I start small and I measure what we do every week.",
    "de": "Ich fange klein an, und wir messen jede Woche, was wir tun.",
    "fr": "Je commence petit et nous mesurons chaque semaine ce que nous faisons.",
    "es": "Empiezo con poco y cada semana medimos lo que hacemos con los datos.",
    "pt": "Eu começo com pouco e nós medimos o que fazemos a cada semana, não é?",
    "it": "Comincio con poco e ogni settimana misuriamo quello che facciamo con gli altri.",
    "nl": "Ik begin klein en we meten elke week wat we met het team doen.",
    "pl": "Zaczynam od małych rzeczy i co tydzień mierzymy to, co nie jest jasne.",
    "ru": "Я начинаю с малого, и мы каждую неделю измеряем, что делаем.",
    "uk": "Я починаю з малого, і ми щотижня вимірюємо, що робимо.",
    "bg": "Аз започвам с малко и ние мерим всяка седмица това, което правим.",
    "zh": "我从小事做起，每周衡量我们做的事。",
    "ja": "私は小さく始めて、毎週測ります。",
    "ko": "저는 작게 시작하고 매주 측정합니다.",
    "el": "Ξεκινώ από τα μικρά και μετράμε κάθε εβδομάδα.",
    "he": "אני מתחיל בקטן ומודד כל שבוע.",
    "ar": "أبدأ صغيرا وأقيس كل أسبوع.",
}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_tells_its_language(code: str, text: str) -> None:
    """Seventeen languages in eight scripts."""
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", "  ", "123 — 456", "…"])
def test_where_no_letter_decides(text: str) -> None:
    """The language is undetermined."""
    assert detect_language(text) == "und"


def test_the_greater_part_decides() -> None:
    """A few foreign words do not, and any share of kana makes a text Japanese."""
    assert detect_language("I start small, as they say in Moscow: мало. We measure what we do.") == "en"
    assert detect_language("東京大学の卒業生代表が書いた挨拶") == "ja"


def test_the_model_is_not_loaded_where_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes most of a second."""
    monkeypatch.setattr(languages, "_model_language", lambda sample: pytest.fail(f"the model was asked: {sample}"))
    monkeypatch.delitem(sys.modules, "py3langid", raising=False)
    assert [detect_language(text) for text in SENTENCES.values()] == list(SENTENCES)
    assert "py3langid" not in sys.modules


def test_only_the_beginning_is_read() -> None:
    """The first 500 characters speak for the whole."""
    assert detect_language("I start small and I measure it. " * 30 + "Я" * 100_000) == "en"
