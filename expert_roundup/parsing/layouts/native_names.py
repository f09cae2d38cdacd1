"""Names in Chinese, Japanese and Korean letters beside a quotation, where no capital shows them."""

from __future__ import annotations

import functools
import re
from collections import Counter

from expert_roundup.parsing.knowledge import alternatives, cjk_surnames, known, words
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
_TITLE = (
    r"(?:さん|さま|氏|先生|女士|老师|准?教授|博士|씨|님|대표|교수|이사|팀장|박사|총리|대통령|장관|의원|시장|감독|선수|기자|변호사|연구원|과장|부장|사장|회장"
    r"|総理大臣|総理|首相|[外財法]相|大臣|大統領|知事|[市町村区]長|議員|副?社長|会長|理事長?|専務|常務|監督|選手|容疑者|被告|[部課院学校所]長|代表|弁護士|医師|記者"
    r"|アナウンサー|キャスター|委員長|幹事長|官房長官|長官|報道官)"
)
_NAME = rf"(?:[{_HAN}]{{1,6}}(?:·[{_HAN}]{{1,6}}){{1,3}}|[{_HAN}]{{2,4}}|[{_KANA}]{{2,10}}(?:[・＝][{_KANA}]{{2,10}}){{0,3}})"
#: the same name in Latin letters behind it
_IN_LATIN = re.compile(r"\s*[(（][A-Za-zÀ-ɏ .·’'-]{2,40}[)）]$")
#: a foreign name that closes a phrase: 大卫·B·科恩博士
_ZH_FOREIGN = re.compile(
    rf"(?P<name>(?P<given>[{_HAN}]{{1,8}})(?:·(?:[{_HAN}]{{1,6}}?|[A-Z]\.?)){{1,3}})(?:博士|教授|先生|女士|医生|法官)?$"
)
#: titles of two characters or more, and the particle behind a firm: one character alone may open a name
_ZH_TITLE = re.compile(
    r"首席\w{1,4}官|执行官|[总副]?经理|[副]?总裁|总监|主席|董事长?|创始人|合伙人|负责人|工程师|设计师|分析师|架构师|开发者|开发人员|科学家|经济学家|专家"
    r"|作家|立委|议员|議員|委员|主席|局长|院士|书记|教授|博士|老师|记者|导演|总统|总理|部长|主任|代表|研究员|发言人|顾问|主管|作者|院长|校长|律师|医生|教练|球员|歌手|演员|编辑|企业家|学者|人员|的"
)
#: a trade or an office at the end of a Chinese title
ZH_OFFICE = re.compile(rf"(?:{_ZH_TITLE.pattern.removesuffix('|的')})\Z")
#: a name of three characters at the head of a sentence, and what may follow it before the verb
_ZH_SUBJECT = re.compile(
    rf"\s*(?P<name>[{_HAN}]{{3}})(?=[在于於對对向也還还則则便即受接進进曾又更就仍昨今當当回並并再先後后為为從从與与和跟\d\s]|$)"
)
#: what opens a sentence or a part of one, how often a name must, and characters of the text in which it is looked for
_ZH_OPENING = re.compile(rf"(?:^|[，。；：“”「」（）、\s])(?P<name>[{_HAN}]{{3}})(?=(?P<behind>.?))", re.M)
_OFTEN, _LOOKED_AT = 3, 200_000
#: what closes the name of a place or an office, or a verb behind a name of two characters
_SCHOOL = ("学", "學", "校")
_PLACES = frozenset("市省县區区镇鎮乡村州院校厂廠司局委在是说說的")
#: somebody without a name
_ZH_SOMEBODY = re.compile(
    rf"(?:^|[，,。；：])(?P<np>(?:一[位名个]|有[位名个]?|该|該|这[位名]|這[位名]|某|多[位名])[{_HAN}A-Za-z]{{0,12}}?(?:人|者|员|員|长|長|官|家|师|師|民|生|客|工|手|士|友|户|妈|爸))$"
)
#: characters of a clause in which its subject is looked for
_LONGEST_CLAUSE = 200
#: characters of the longest line that names somebody
_LONGEST_LINE = 20
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
    # 「…」と語る田中さん、 but 「…」と田中さんに言われ
    re.compile(
        rf"^[、。]?と[^。「」]{{0,16}}?(?P<np>(?:[{_HAN}]{{1,5}}|[{_KANA}]{{2,10}}|@?[A-Za-z][\w.-]{{1,30}})\s?(?:さん|氏))(?!(?:[にをへの]|から))"
    ),
)
#: a name of up to seven characters before one
_HONOURED = re.compile(rf"(?<![{_HAN}])[{_HAN}]{{2,7}}(?=\s?(?:さん|氏|先生))")
#: a name in Latin letters that an honorific stands behind
_LATIN_NAME = re.compile(r"(?:^|[^A-Za-z0-9_@])(?P<name>@?[A-Za-z][\w.-]{1,30}(?: [A-Z][\w.-]{1,30})?)$")
_JA_BEFORE = re.compile(
    r"(?:^|[。、])(?P<np>[^。「」]{2,40}?)(?:[（(]\d{1,3}歳?[）)])?(?:は|が|も|によると|によれば|[:：])[^。「」はが]{0,16}$"
)
#: of these, what is no office
_HONORIFICS = frozenset({"さん", "さま", "氏", "先生", "女士", "老师", "씨", "님"})
#: what stands behind people's names and trades only, whatever the name's letters
_PERSONAL = frozenset({"さん", "氏"})
#: a verb of speech right behind a quotation, its subject before it: 「…」と説明した
_JA_BARE = re.compile(
    r"^[、。]?と[、]?[^。「」はがも]{0,8}?(?:話|語|言|述べ|説明|指摘|振り返|コメント|強調|訴え|明か|答え|主張|反論|批判|憤|願|謝罪|喜|嘆|悔|驚|安堵|期待|感謝|苦笑|笑|つぶや|叫|呼びか|報告)"
)
#: who has no name: "地元の民兵指導者は", "あるアナリストは"
_JA_SOMEBODY = re.compile(
    r"(?:^|[。、]|という|った|ている|ていた)(?P<np>[^。、「」はが]{2,24}?(?:者|員|官|長|人|家|師|手|士|客|民|性|親|婦|主|役|筋|生|アナリスト|スタッフ|ユーザー|メンバー|リーダー|エンジニア|オーナー))(?:[（(]\d{1,3}歳?[）)])?(?:は|が|も)[^。「」はが]{0,16}$"
)
#: what closes a clause before the noun that it describes
_RELATIVE = re.compile(r"という(?=.)|った(?=.)|ている(?=.)|ていた(?=.)")
_KO_AFTER = re.compile(
    r"^(?:이?라고|고|이라며|라며|며|는)?\s*(?P<np>[^.“”\"]{2,30}?)(?:은|는|이|가)\s+[^.“”\"]{0,20}?(?:말|설명|전|강조|덧붙|밝|조언|답|이야기)"
)
_KO_BEFORE = re.compile(r"(?:^|[.]\s*)(?P<np>[^.“”\"]{2,30}?)(?:은|는|이|가|[:：])\s*,?\s*$")


def native_after(clause: str, language: str) -> Person | None:
    """Who the words behind a quotation name: "，张三说。", "と田中さんは話す。", "라고 김철수 대표는 말했다."."""
    if language == "zh":
        match = _zh_after().match(clause)
        return _zh_name(match["np"]) or _zh_somebody(match["np"]) if match else None
    for pattern in _JA_AFTER if language == "ja" else (_KO_AFTER,):
        if (match := pattern.match(clause)) and (person := _named(match["np"])):
            return person
    return None


def native_before(clause: str, language: str) -> Person | None:
    """Who the clause before a quotation names: "公司创始人张三说：", "田中さんは、", "김철수 대표는"."""
    if language == "zh":
        cues = list(_zh_cue().finditer(clause))
        before = clause[: cues[-1].start()] if cues else ""
        before = before[-_LONGEST_CLAUSE:]
        return _zh_name(before[-60:]) or _zh_subject(before) or _zh_somebody(before[-60:]) if before else None
    match = (_JA_BEFORE if language == "ja" else _KO_BEFORE).search(clause.rstrip("。. "))
    return _named(match["np"]) if match else None


def speaks_bare(clause: str, language: str) -> bool:
    """Whether the words behind a quotation are a verb of speech whose subject stands before it: 「…」と説明した."""
    return language == "ja" and _JA_BARE.match(clause) is not None


def somebody_before(clause: str) -> Person | None:
    """Whom a Japanese clause before a quotation describes without a name: "地元の民兵指導者は"."""
    match = _JA_SOMEBODY.search(clause)
    return Person(_RELATIVE.split(match["np"])[-1]) if match else None


def honoured_in(prose: str) -> frozenset[str]:
    """The Japanese names of a page that an honorific stands behind."""
    return frozenset(_HONOURED.findall(prose[:_LOOKED_AT]))


def full_in(surname: str, names: frozenset[str]) -> str:
    """The one of the names that `surname` opens and that is longer, `surname` itself if there is none or several."""
    found = [name for name in names if name.startswith(surname) and len(surname) < len(name) <= len(surname) + 3]
    return found[0] if len(found) == 1 else surname


def named_alone(line: str) -> Person | None:
    """Whom a line names that holds nothing else: "岸田総理"."""
    person = _named(line) if CASELESS.search(line) and len(line) <= _LONGEST_LINE else None
    return person if person and line.startswith(person.name) else None


def native_in_title(title: str) -> Person | None:
    """Whom a title names: "典型工程师马钰杰", "8번째 장학생, 최솔비", "田中太郎さんに聞く"."""
    parts = [part.strip() for part in _TITLE_PART.split(_ASKED.sub("", title)) if CASELESS.search(part)]
    found = [person for part in parts if (person := _zh_name(part[-60:]) or _named(part[-60:]))]
    # a part that is a name and nothing else says it most surely
    return next((person for person in found if not person.role), next(iter(found), None))


def _named(phrase: str) -> Person | None:
    """The name that closes a noun phrase, what stands before it as the role: "Acme代表の田中太郎"."""
    office = re.search(rf"{_TITLE}$", phrase.strip(" 、，,"))
    phrase = re.sub(rf"{_TITLE}$", "", phrase.strip(" 、，,"))
    match = re.search(rf"(?:^|[の\s、，（(]|[^{_HAN}{_KANA}])(?P<name>{_NAME}|[\uac00-\ud7af]{{2,4}})$", phrase)
    if match is None and office and (latin := _LATIN_NAME.search(phrase.rstrip())):
        return Person(latin["name"], phrase[: latin.start("name")].split("、")[-1].strip(" の（("))
    if match is None:
        return None
    is_honoured = office is not None and office[0] in _PERSONAL
    if match["name"] in words("people", "trades") or not (is_honoured or name_likeness(match["name"]) >= 0.8):
        return None
    role = re.split(r"[、，,]", phrase[: match.start("name")])[-1].strip(" の（(#")
    return Person(match["name"], role or (office[0] if office and office[0] not in _HONORIFICS else ""))


def _zh_name(phrase: str) -> Person | None:
    """The Chinese name that closes `phrase`; its last two or three characters where a surname opens them."""
    phrase = re.sub(rf"(?:{_ADVERB})+$", "", _IN_LATIN.sub("", phrase.strip()))
    role_end = re.split(r"[，。；、：]", phrase)[-1]
    if match := _ZH_FOREIGN.search(role_end):
        # "首席执行官大卫·科恩": what stands before the dot may be a title and the given name
        given = match.start(), match.end("given")
        start = max((title.end() for title in _ZH_TITLE.finditer(role_end, *given)), default=match.start())
        if start < given[1]:
            return Person(role_end[start : match.end("name")], role_end[:start].strip(" 的"))
    if match := _OF_FIRM.search(role_end):
        return Person(match["name"], role_end[: match.start("name")].strip(" 的"))
    bare = re.sub(r"(?:先生|女士|老师|教授|博士)$", "", role_end)
    is_titled = any(title.end() == len(bare) - 2 for title in _ZH_TITLE.finditer(bare))
    # "工程师" ends like a name
    office = next((title.start() for title in _ZH_TITLE.finditer(bare) if title.end() == len(bare)), len(bare))
    for length in (2, 3, 4) if is_titled else (3, 2, 4):
        name = bare[-length:]
        if office <= len(bare) - length:
            continue
        if len(name) == length and name.startswith(cjk_surnames()) and re.fullmatch(rf"[{_HAN}]+", name):
            if length == 4 and not name.startswith(tuple(one for one in cjk_surnames() if len(one) == 2)):
                continue
            if name_likeness(name) >= 0.8 and _may_precede(bare[:-length]):
                return Person(name, bare[:-length].strip(" 的"))
    return None


def _zh_subject(clause: str) -> Person | None:
    """Who opens the last part of a clause that goes on before its verb: "针对批评，吴宗宪12日受访时回应：“…”"."""
    for part in reversed(re.split(r"[，,；;。]", clause)):
        start = max((title.end() for title in _ZH_TITLE.finditer(part)), default=0)
        for place in dict.fromkeys((start, 0)):
            if (match := _ZH_SUBJECT.match(part, place)) and match["name"].startswith(cjk_surnames()):
                is_name = name_likeness(match["name"]) >= 0.8
                return Person(match["name"], part[:place].strip(" 的")) if is_name else None
    return None


def recurring_names(prose: str) -> frozenset[str]:
    """The Chinese names of three characters that open a sentence or a part of one, and stand in `prose` again and again."""
    opening: Counter[str] = Counter()
    schools: Counter[str] = Counter()
    for match in _ZH_OPENING.finditer(prose[:_LOOKED_AT]):
        if _zh_cue().match(match["name"][-1] + match["behind"]):
            continue  # a name of two characters and the verb behind it
        opening[match["name"]] += 1
        schools[match["name"]] += match["behind"] in _SCHOOL
    return frozenset(
        name
        for name, n in opening.items()
        if n >= _OFTEN and name.startswith(cjk_surnames()) and name_likeness(name) >= 0.8
        # "武汉市" and "北川中学" are places
        if name[-1] not in _PLACES and schools[name] * 2 < n
    )


def _zh_somebody(phrase: str) -> Person | None:
    """Whom a noun phrase describes without a name: "一位村民", "该公司负责人"."""
    match = _ZH_SOMEBODY.search(re.sub(rf"(?:{_ADVERB})+$", "", phrase.strip()))
    return Person(match["np"]) if match else None


def _may_precede(before: str) -> bool:
    """Whether a name may follow `before`: nothing, a title or a firm, not the middle of a sentence."""
    return (
        not before.strip()
        or re.search(
            r"(?:[的据由\sA-Za-z]|人|主|任|委|院|子|民|工|生|手|友|妻|夫|女|农|匠|商|客|司|员|家|师|长|官|裁|监|理|者|授|士|管|事|席|导|总|记|O)$",
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
