"""The little Korean grammar that turns a statement into a question: kinds of nouns, predicate endings.

Plain strings in, plain strings out. It is made for pre-training pairs in bulk, where a wrong ending now and then
costs nothing; it is no morphological analyser.
"""

import re

from core.data.korean import final, vowel, with_final

ROLES = frozenset(
    "대통령 총리 장관 의원 국왕 왕 여왕 황제 왕자 공주 왕비 황후 장군 제독 대령 감독 코치 선수 교수 박사 작가 "
    "시인 소설가 화가 배우 가수 작곡가 감독관 사령관 추기경 교황 주교 신부 목사 총독 지사 시장 회장 사장 대표 "
    "기자 철학자 과학자 물리학자 화학자 수학자 역사학자 경제학자 건축가 공작 백작 후작 남작 대사 판사 변호사 "
    "검사 의사 대왕 왕후 태자 세자 대제 선생 씨 양".split()
)
_PLACE_NAMES = frozenset(
    "서울 부산 대구 인천 광주 대전 울산 제주 평양 개성 도쿄 오사카 교토 베이징 상하이 홍콩 런던 파리 베를린 "
    "로마 모스크바 뉴욕 워싱턴 빈 마드리드 한국 대한민국 북한 조선 일본 중국 미국 영국 프랑스 독일 러시아 "
    "소련 이탈리아 스페인 캐나다 인도 브라질 멕시코 이집트 터키 그리스 폴란드 헝가리 스웨덴 노르웨이 네덜란드 "
    "벨기에 스위스 오스트리아 호주 오스트레일리아 유럽 아시아 아프리카 아메리카 이스라엘 이란 이라크 타이 "
    "태국 베트남 필리핀 몽골 대만 타이완".split()
)
_PLACE = re.compile(
    r".+(특별시|광역시|대학교|대학|학교|공항|반도|제도|군도|열도|대륙|지방|마을|공원|병원|극장|경기장|성당|교회|궁전|산맥|해협|"
    r"왕국|제국|공화국|합중국|카운티|역|섬)$|.{2,}(시|군|구|읍|도|주|국|산|강|성|궁|항)$"
)
_NO_PLACE = re.compile(
    r"(다시|동시|당시|즉시|일시|전시|표시|지시|역시|정도|제도|속도|온도|밀도|태도|시도|연도|년도|지도|강도|의도|구도|각도|보도|한도|유도|"
    r"민주|위주|연주|우주|자주|독주|경주|결국|전국|각국|외국|당국|조국|생산|재산|자산|유산|예산|계산|확산|공산|구성|여성|남성|특성|가능성|"
    r".+성|회사|역사|군사|의사|인사|조사|검사|기사|행사|전사|장군|적군|아군|연합군|공군|해군|육군|요구|연구|지구|도구|친구|인구|축구|야구|농구|"
    r"배구|(국|련|독일|일본|스|합|란|령|방|시|민|정|반)군|가구|기구|처리|관리|권리|승리|논리|원리|심리|물리|거리|소리|머리|다리|자리|장면|측면|화면|표면|반면|정면|전면|방면|국면|피해|방해|이해|견해|"
    r"번호|기호|신호|보호|구호|불만|이만|하지만|대만|최강|보강|건강)$"
)
_SURNAMES = frozenset("김이박최강조윤장임한오서신권황안송류홍유배백허남심노곽차민손엄")
_PERSON = re.compile(rf"^[{''.join(sorted(_SURNAMES))}][가-힣][가-힣]$(?<![당인군파학품물국족론법회염])")

_YEAR = re.compile(r"^(기원전)?\d{1,4}년$")
_DATE = re.compile(r"^(\d{1,2}월|\d{1,2}일|(기원전)?\d{1,2}세기|\d{2,4}년대|(기원전)?\d{3,4}년)$")
_NUMBER = re.compile(r"^(제|약)?\d[\d.,]*(?P<unit>[^\d.,]{0,4})$")
_WON = frozenset("원 달러 엔 유로 파운드 위안 프랑 마르크 %".split())

ADVERBS = frozenset(
    "또한 그러나 하지만 그리고 따라서 이에 이후 그 이 저 약 및 등 또 또는 즉 결국 당시 현재 한편 그래서 "
    "그런데 특히 다만 이때 그때 이어 이로 다시 가장 매우 아주 더 덜 모두 함께 이미 아직 바로 직접 서로 계속 "
    "처음 먼저 주로 대부분 약간 너무 거의 다른 같은 여러 모든 각 첫 두 세 네 한 새 옛 큰 작은 많은 위해 대해 "
    "의해 통해 따라 때문 후 뒤 전 중 때 동안 사이 이상 이하 정도 역시 비록 만약 물론 오히려 단지 마치 점차 "
    "자주 그대로 그녀 그들 이것 그것 이는 것 수 바 데 점 자신 누구 무엇 어디 경우 이들 우리 여기 거기 이곳 "
    "그곳 하나 둘 대한 위한 관한 의한 통한 인한 대하여 의하여 관하여 위하여 있는 없는 하는 되는 하지".split()
)


def kind(last_word: str, particle: str, words: int, rare: bool) -> str:
    """Guesses what a noun phrase names: `date`, `number`, `person`, `place` or `thing`.

    Args:
        last_word: The phrase's last word, without particle.
        particle: The particle after it, empty if none.
        words: How many words the phrase has.
        rare: Whether every word of it is rare in the corpus, as names are.
    """
    if last_word[:1].isdigit() or _NUMBER.match(last_word) or _DATE.match(last_word):
        return "date" if _DATE.match(last_word) else "number"
    if last_word in ROLES and words > 1:
        return "person"
    if last_word in _PLACE_NAMES or (_PLACE.match(last_word) and not _NO_PLACE.search(last_word)):
        return "place"
    if particle in ("에게", "에게서", "께서"):
        return "person"
    if rare and particle in ("은", "는", "이", "가", "의") and (words == 2 or _PERSON.match(last_word)):
        return "person"
    return "thing"


def interrogatives(kind_: str, last_word: str) -> tuple[tuple[str, ...], str]:
    """Returns the question words that can stand for a noun phrase, and the noun that can head the question.

    Args:
        kind_: The phrase's kind, as `kind` gives it, or `title` for the name of a work.
        last_word: The phrase's last word, without particle.

    Example:
        >>> interrogatives("number", "712명")
        (('몇 명',), '것')
    """
    if kind_ == "date":
        unit = re.sub(r"^(기원전)?\d+", "", last_word)
        return ("언제", "언제", f"몇 {unit}" if unit else "언제"), "해" if _YEAR.match(last_word) else "때"
    if kind_ == "number":
        match = _NUMBER.match(last_word)
        unit = match["unit"] if match else last_word
        if unit in _WON:
            return ("얼마", f"몇 {unit}"), "것"
        return (f"몇 {unit}" if unit else "몇",), "것"
    return {
        "person": (("누구", "누구", "어떤 사람"), "사람"),
        "place": (("어디", "어디", "어느 곳"), "곳"),
        "title": (("무엇", "무엇", "어떤 작품"), "것"),
    }.get(kind_, (("무엇", "무엇", "어떤 것"), "것"))


def adnominal(predicate: str) -> str | None:
    """Returns the form that a sentence's predicate takes before a noun, None if it is no plain form in 다.

    Example:
        >>> adnominal("졸업하였다"), adnominal("태어났다"), adnominal("만들었다"), adnominal("한다")
        ('졸업한', '태어난', '만든', '하는')
    """
    if len(predicate) < 2 or not predicate.endswith("다"):
        return None
    body, last = predicate[:-1], predicate[-2]
    if not "가" <= last <= "힣":
        return None
    if last in "있없않는":
        return body if last == "는" else body + "는"
    if body.endswith(("이었", "였")) and not body.endswith("하였"):
        return body + "던"
    if final(last) == 20:
        return _past_adnominal(body)
    if final(last) == 4:  # 한다, 만든다
        return body[:-1] + with_final(last, 0) + "는"
    if final(last) == 8:
        return body[:-1] + with_final(last, 4)
    return body + "은" if final(last) else body[:-1] + with_final(last, 4)


def asking(predicate: str) -> str | None:
    """Returns the form with which a sentence's predicate asks, None if it is no plain form in 다.

    Example:
        >>> asking("졸업하였다"), asking("이다"), asking("높다"), asking("한다")
        ('졸업하였는가', '인가', '높은가', '하는가')
    """
    before_noun = adnominal(predicate)
    if before_noun is None:
        return None
    return predicate[:-1] + "는가" if final(predicate[-2]) == 20 else before_noun + "가"


_CONNECTIVE = re.compile(r"(?P<past>.*[가-힣])(고|으며|으나|지만|는데|으면서)$")
_LIGHT_CONNECTIVE = re.compile(r"(?P<stem>.*(하|되))(고|며|여|어|지만|면서|자)$")


def plain_form(predicate: str) -> str | None:
    """Returns the plain form in 다 of a clause's linking predicate, None if it is none.

    Example:
        >>> plain_form("낙선했으나"), plain_form("가입하여"), plain_form("되고")
        ('낙선했다', '가입했다', '되었다')
    """
    match = _LIGHT_CONNECTIVE.match(predicate)
    if match:
        stem = match["stem"]
        return stem[:-1] + "했다" if stem[-1] == "하" else stem + "었다"
    match = _CONNECTIVE.match(predicate)
    if match and final(match["past"][-1]) == 20 and match["past"][-1] not in "있겠":
        return match["past"] + "다"
    return None


# What gives back another vowel than its past has.
_CONTRACTED = {"했": "한", "썼": "쓴", "컸": "큰", "떴": "뜬", "껐": "끈"}


def _past_adnominal(body: str) -> str | None:
    """`했` -> `한`: the past tense's syllable gives back its verb's last one."""
    rest, last = body[:-1], body[-1]
    if last == "겠":
        return None
    if last in "었았였":
        if not rest:
            return None
        before = rest[-1]
        if last == "였" or not final(before) or final(before) == 8:  # 하였다, 보았다, 만들었다
            return rest[:-1] + with_final(before, 4)
        return rest + "은"
    if last in "렀랐" and rest and final(rest[-1]) == 8:  # 불렀다 -> 부른
        return rest[:-1] + with_final(rest[-1], 0) + "른"
    if last in _CONTRACTED:
        return rest + _CONTRACTED[last]
    # 졌 -> 진, 왔 -> 온, 웠 -> 운, 됐 -> 된; others keep their vowel
    return rest + with_final(last, 4, {6: 20, 9: 8, 14: 13, 10: 11}.get(vowel(last)))
