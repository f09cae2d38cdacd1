"""Names in Chinese, Japanese and Korean letters beside a quotation, where no capital shows them."""

from __future__ import annotations

import functools
import re

from expert_roundup.parsing.knowledge import alternatives, cjk_surnames, known
from expert_roundup.parsing.names import CASELESS, name_likeness
from expert_roundup.parsing.people import Person

_HAN = r"\u3400-\u9fff々"
_KANA = r"\u30a1-\u30ff"
#: what parts a title, and what closes the name of somebody who is asked
_TITLE_PART = re.compile(r"[|,，、:：；;。！!？?「」『』【】《》“”\[\]()（）]|\s[-–—/]\s|の(?=[\u3400-\u9fff]{2,5}$)")
_ASKED = re.compile(
    r"(?:さん|氏|先生)?(?:に聞く|に聞きました|にインタビュー|インタビュー|씨 인터뷰| 인터뷰|님 인터뷰|(?:的)?(?:专访|訪談|访谈|采访)(?:录|记)?)"
)
#: words that stand between a name and its cue
_ADVERB = r"(?:则|也|还|又|就|都|便|曾|曾经|最近|进一步|继续|笑着|这样|如此|对此|接着|随后|后来|同样|一再|反复|向我们|对我们|向记者|告诉我们|则是)"
_TITLE = r"(?:さん|さま|氏|先生|女士|老师|教授|博士|씨|님|대표|교수|이사|팀장|박사)"
_NAME = rf"(?:[{_HAN}]{{1,6}}(?:·[{_HAN}]{{1,6}}){{1,3}}|[{_HAN}]{{2,4}}|[{_KANA}]{{2,10}}(?:[・＝][{_KANA}]{{2,10}}){{0,3}})"
#: the same name in Latin letters behind it
_IN_LATIN = re.compile(r"\s*[(（][A-Za-zÀ-ɏ .·’'-]{2,40}[)）]$")
#: titles of two characters or more: one alone may open a name
_ZH_TITLE = re.compile(
    r"首席\w{1,4}官|执行官|[总副]?经理|[副]?总裁|总监|主席|董事长?|创始人|合伙人|负责人|工程师|设计师|分析师|架构师|开发者|开发人员|科学家|经济学家|专家"
    r"|作家|教授|博士|老师|记者|导演|总统|总理|部长|主任|代表|研究员|发言人|顾问|主管|作者|院长|校长|律师|医生|教练|球员|歌手|演员|编辑|企业家|学者"
)
#: a name behind its firm, whatever its first character: "Acme 的希尔"
_OF_FIRM = re.compile(rf"[A-Za-z0-9]\s*的(?P<name>[{_HAN}]{{2,4}})$")
_JA_AFTER = (
    re.compile(
        rf"^[、。]?と[、]?(?P<np>[^。「」]{{1,30}}?){_TITLE}?(?:は|が|も)[^。「」]{{0,20}}?(?:話|語|言|述べ|説明|指摘|振り返|コメント|強調)"
    ),
    re.compile(
        rf"^[、。]?と(?:話す|語る|言う|述べる|説明する|振り返る|コメントする|強調する)(?:のは)?[、]?(?P<np>[^。「」]{{2,30}}?){_TITLE}?(?:[。、（(]|$)"
    ),
    re.compile(r"^[、。]?[（(](?P<np>[^。「」）)]{2,40})[）)]"),
    re.compile(rf"^と(?P<np>[^。「」]{{2,20}}?){_TITLE}[。]?$"),
)
_JA_BEFORE = re.compile(
    rf"(?:^|[。、])(?P<np>[^。「」]{{2,40}}?)(?:{_TITLE})?(?:[（(]\d{{1,3}}歳?[）)])?(?:は|が|も|によると|によれば|[:：])[^。「」はが]{{0,16}}$"
)
_KO_AFTER = re.compile(
    r"^(?:이?라고|고|이라며|라며|며|는)?\s*(?P<np>[^.“”\"]{2,30}?)(?:은|는|이|가)\s+[^.“”\"]{0,20}?(?:말|설명|전|강조|덧붙|밝|조언|답|이야기)"
)
_KO_BEFORE = re.compile(r"(?:^|[.]\s*)(?P<np>[^.“”\"]{2,30}?)(?:은|는|이|가|[:：])\s*,?\s*$")


def native_after(clause: str) -> Person | None:
    """Who the words behind a quotation name: "，张三说。", "と田中さんは話す。", "라고 김철수 대표는 말했다."."""
    for pattern in _JA_AFTER:
        if (match := pattern.match(clause)) and (person := _named(match["np"])):
            return person
    if (match := _KO_AFTER.match(clause)) and (person := _named(match["np"])):
        return person
    if match := _zh_after().match(clause):
        return _zh_name(match["np"])
    return None


def native_before(clause: str) -> Person | None:
    """Who the clause before a quotation names: "公司创始人张三说：", "田中さんは、", "김철수 대표는"."""
    for pattern in (_JA_BEFORE, _KO_BEFORE):
        if (match := pattern.search(clause)) and (person := _named(match["np"])):
            return person
    cues = list(_zh_cue().finditer(clause))
    return _zh_name(clause[: cues[-1].start()][-60:]) if cues else None


def native_in_title(title: str) -> Person | None:
    """Whom a title names: "典型工程师马钰杰", "8번째 장학생, 최솔비", "田中太郎さんに聞く"."""
    parts = [part.strip() for part in _TITLE_PART.split(_ASKED.sub("", title)) if CASELESS.search(part)]
    found = [person for part in parts if (person := _zh_name(part) or _named(part))]
    # a part that is a name and nothing else says it most surely
    return next((person for person in found if not person.role), next(iter(found), None))


def _named(phrase: str) -> Person | None:
    """The name that closes a noun phrase, what stands before it as the role: "Acme代表の田中太郎"."""
    phrase = re.sub(rf"{_TITLE}$", "", phrase.strip(" 、，,"))
    match = re.search(rf"(?:^|[の\s、，（(]|[^{_HAN}{_KANA}])(?P<name>{_NAME}|[\uac00-\ud7af]{{2,4}})$", phrase)
    if match is None or name_likeness(match["name"]) < 0.8:
        return None
    return Person(match["name"], phrase[: match.start("name")].strip(" 、，の,（("))


def _zh_name(phrase: str) -> Person | None:
    """The Chinese name that closes `phrase`; its last two or three characters where a surname opens them."""
    phrase = re.sub(rf"(?:{_ADVERB})+$", "", _IN_LATIN.sub("", phrase.strip()))
    role_end = re.split(r"[，。；、：]", phrase)[-1]
    if match := re.search(rf"[{_HAN}]{{1,6}}(?:·[{_HAN}]{{1,6}}){{1,3}}$", role_end):
        # "首席执行官大卫·科恩": what stands before the dot may be a title and the given name
        start = max(
            (title.end() for title in _ZH_TITLE.finditer(role_end, 0, role_end.index("·"))), default=match.start()
        )
        if start < match.end() and role_end[start] != "·":
            return Person(role_end[start : match.end()], role_end[:start].strip(" 的"))
    if match := _OF_FIRM.search(role_end):
        return Person(match["name"], role_end[: match.start("name")].strip(" 的"))
    bare = re.sub(r"(?:先生|女士|老师|教授|博士)$", "", role_end)
    for length in (3, 2, 4):
        name = bare[-length:]
        if len(name) == length and name.startswith(cjk_surnames()) and re.fullmatch(rf"[{_HAN}]+", name):
            if length == 4 and not name.startswith(tuple(one for one in cjk_surnames() if len(one) == 2)):
                continue
            if name_likeness(name) >= 0.8 and _may_precede(bare[:-length]):
                return Person(name, bare[:-length].strip(" 的"))
    return None


def _may_precede(before: str) -> bool:
    """Whether a name may follow `before`: nothing, a title or a firm, not the middle of a sentence."""
    return (
        not before.strip()
        or re.search(
            r"(?:[的据由\sA-Za-z]|人|主|子|民|工|生|手|友|妻|夫|女|农|匠|商|客|司|员|家|师|长|官|裁|监|理|者|授|士|管|事|席|导|总|记|O)$",
            before,
        )
        is not None
    )


@functools.cache
def _zh_cue() -> re.Pattern[str]:
    return re.compile(alternatives(frozenset(known("cues")["said"]["zh"])))


@functools.cache
def _zh_after() -> re.Pattern[str]:
    return re.compile(rf"^[，,、。\s]*(?P<np>[^，。“”「」]{{2,30}}?)(?:{_ADVERB})*(?:{_zh_cue().pattern})")
