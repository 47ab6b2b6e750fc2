"""Slices of a question set from its gold data alone, and WHERE two runs differ more or less than elsewhere.

Where B is better, it is better in most slices: the difference within a slice is the main effect once more. What a slice
can add is its CONTRAST, the difference inside minus the difference in the rest. Its error is the jackknife over
paragraphs (CV3: MacKinnon, Nielsen & Webb 2023, Journal of Econometrics 232:272-299), with the t distribution of the
smaller side's paragraphs less one; a side whose questions are all alike counts as if one were not.

All slices are exploratory: many are looked at, so that intervals are simultaneous and p corrected (Bonferroni: one
statement, an interval without 0 where p < .05). The largest contrast of many is too large: `shrunken` draws each one
towards 0 by empirical Bayes (normal-normal, Efron & Morris 1975, JASA 70:311-319; the variance between slices by
moments as DerSimonian & Laird 1986, Controlled Clinical Trials 7:177-188, about a mean of 0). A slice under the minimum
size, or whose rest is under it, gets no figure.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from core.comparing.compare import Comparison
from core.data.formats import Answer, Dataset
from core.scoring import errors, statistics

QUESTION_TYPES = ("who", "when", "where", "what", "which", "how-many", "how", "why", "other")
ANSWER_KINDS = ("number-or-date", "name-like", "phrase")
ANSWER_LENGTHS = ("1-2", "3-5", "6-10", "11-or-more")
ANSWER_POSITIONS = ("beginning", "middle", "end")
CONTEXT_LENGTHS = ("under-400", "400-599", "600-or-more")
OVERLAPS = ("low", "middle", "high")
DIMENSIONS = {
    "question_type": QUESTION_TYPES,
    "answer_length": ANSWER_LENGTHS,
    "answer_kind": ANSWER_KINDS,
    "answer_position": ANSWER_POSITIONS,
    "context_length": CONTEXT_LENGTHS,
    "overlap": OVERLAPS,
}
"""Every dimension but `article`, with its slices in order."""
FIGURES = ["a", "b", "difference", "contrast", "contrast_low", "contrast_high", "p", "p_adjusted", "shrunken"]
MINIMUM_QUESTIONS = 30
MINIMUM_PARAGRAPHS = 10

# Interrogatives, most telling first; the LAST one in the question counts. 누구나, 어디에도, 언제나 ... ask nothing,
# and 왜 is also part of names (왜군, 임진왜란).
_INTERROGATIVES = (
    ("who", r"누구(?!나|도|든|라도|에게도|에게나)|누가(?![가-힣])"),
    ("when", r"언제(?!나|든|라도)|며칠|몇\s?(?:년도|월|일(?![가-힣])|시(?![가-힣])|세기|년에)"),
    ("where", r"어디(?!에도|서도|든|나|에나)|어딘"),
    ("why", r"(?<![가-힣])왜(?![가-힣])|어째서"),
    ("how", r"어떻게|어떠한가|어떠했|어찌"),
    ("how-many", r"몇|얼마"),
    ("which", r"어느|어떤|어떠한(?!가)|무슨"),
    ("what", r"무엇(?!이든|보다)|무얼|뭐|뭘|뭔"),
)
_PERSONS = (
    "사람 인물 남자 여자 남성 여성 배우 가수 선수 감독 작가 교수 학자 기자 화가 작곡가 정치인 대통령 총리 "
    "장관 의원 장군 후보 대표 회장 사장 총장 국왕 황제 왕비 아들 딸 아내 부인 남편 친구 아버지 어머니 본명"
).split()
# Many KorQuAD questions end in a noun with 은/는 and leave "who" or "when" out: "... 졸업한 해는?".
# The first list holds short nouns that count only as a word of their own (가수는 asks for no number), the second nouns
# that may also end a compound.
_HEADS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("who", "분 이 자 왕".split(), _PERSONS),
    ("when", "날 해 때".split(), "날짜 일자 연도 년도 시기 시점 시간 시각 연월일 생일 세기".split()),
    ("where", ["곳"], "장소 지역 나라 국가 도시 위치 출생지 고향 출신지 지명".split()),
    (
        "how-many",
        ["수"],
        "갯수 개수 횟수 숫자 명수 인원 금액 액수 나이 점수 높이 길이 넓이 면적 거리 무게 비율 순위 가격 용량".split(),
    ),
    ("why", [], "이유 까닭 원인 계기 때문".split()),
    ("how", [], "방법 방식".split()),
)
_PERSON_BEFORE_NAME = re.compile(rf"(?:{'|'.join(_PERSONS)})의?\s*$")
_ENDING = re.compile(r"([가-힣]+?)(?:은|는|이|가)?\s*(?:무엇\S*|뭐\S*|뭔\S*)?[\s?？.]*$")
_TOPIC = re.compile(r"(?:은|는)[\s?？.]*$")
_UNITS = r"년|월|일|시|분|초|세기|살|세|명|개|번|위|회|차|원|달러|배|층|권|편|곡|장|대|점|퍼센트|미터|킬로미터"
_NUMERALS = r"[영일이삼사오육칠팔구십백천만억조]+|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열"
_NUMBER = re.compile(rf"\d|%|^(?:{_NUMERALS})\s?(?:{_UNITS})(?![가-힣])")


def question_type(question: str) -> str:
    """Returns what a Korean question asks for, one of `QUESTION_TYPES`.

    The last interrogative decides (누구, 언제, 어디, 왜, 어떻게, 몇, 어느 ...). Where it is 무엇, or there is none,
    the noun asked about does: 이유 why, 날짜 when, 사람 who ...; any other noun is `what`. 이름 is `who` only as the
    name of a person.

    >>> question_type("이 법을 만든 사람은?"), question_type("그 나라의 수도는 어디인가?")
    ('who', 'where')
    """
    found = [
        (match.start(), -rank, kind)
        for rank, (kind, pattern) in enumerate(_INTERROGATIVES)
        for match in re.finditer(pattern, question)
    ]
    last = max(found)[2] if found else ""
    if last not in ("", "what"):
        return last
    ending = _ENDING.search(question)
    noun = ending.group(1) if ending else ""
    for kind, words, ends in _HEADS:
        if noun in words or noun.endswith(tuple(ends)):
            return kind
    if ending and noun.endswith(("이름", "성명")) and _PERSON_BEFORE_NAME.search(question[: ending.start()]):
        return "who"
    return "what" if last or _TOPIC.search(question) else "other"


def answer_kind(text: str) -> str:
    """Returns `number-or-date`, `name-like` (up to three words without particle between) or `phrase`."""
    if _NUMBER.search(text.strip()):
        return "number-or-date"
    words = text.split()
    inner = any(_carries_particle(word) for word in words[:-1])
    return "phrase" if len(words) > 3 or inner else "name-like"


def _carries_particle(word: str) -> bool:
    """Tells whether a word ends in a particle (one of the unmistakable ones) or an adnominal ending."""
    stem, last = word[:-1], word[-1]
    return len(stem) > 1 and (last in "을를의은는" or word[-2:] in ("에서", "으로", "하는", "있는"))


def overlap(question: str, context: str, gold: Answer) -> float:
    """Returns the share (0..1) of the question's character bigrams that the answer's sentence has, too."""
    first = max((match.end() for match in errors.SENTENCE_END.finditer(context, 0, gold.start)), default=0)
    behind = errors.SENTENCE_END.search(context, gold.end)
    asked, told = _bigrams(question), _bigrams(context[first : behind.start() if behind else len(context)])
    return len(asked & told) / len(asked) if asked else 0.0


def _bigrams(text: str) -> set[str]:
    return {word[i : i + 2] for word in re.findall(r"\w+", text) for i in range(len(word) - 1)}


def features(dataset: Dataset) -> pd.DataFrame:
    """Says for every question which slices it is in, from the first gold answer.

    Returns:
        One row a question in the dataset's order: `id`, one categorical column per key of `DIMENSIONS`, `article`
        (its ordinal in the file) and `title` (text of the dataset: escape it).
    """
    rows = []
    for example in dataset.examples:
        gold, size = example.answers[0], len(example.context)
        length = len(gold.text)
        rows.append(
            (
                example.id,
                question_type(example.question),
                ANSWER_LENGTHS[int(np.searchsorted([3, 6, 11], length, "right"))],
                answer_kind(gold.text),
                ANSWER_POSITIONS[min(2, 3 * gold.start // size)],
                CONTEXT_LENGTHS[int(np.searchsorted([400, 600], size, "right"))],
                OVERLAPS[min(2, int(3 * overlap(example.question, example.context, gold)))],
                example.article,
                example.title,
            )
        )
    frame = pd.DataFrame(rows, columns=["id", *DIMENSIONS, "article", "title"])
    for name, kinds in DIMENSIONS.items():
        frame[name] = pd.Categorical(frame[name], kinds)
    return frame


def slice_differences(
    comparison: Comparison,
    features: pd.DataFrame,
    *,
    dimensions: Sequence[str] = (*DIMENSIONS, "article"),
    minimum_questions: int = MINIMUM_QUESTIONS,
    minimum_paragraphs: int = MINIMUM_PARAGRAPHS,
) -> pd.DataFrame:
    """Compares two runs in every slice with the rest of the questions, under the comparison's criterion.

    Args:
        comparison: of the two runs.
        features: as `features` gives them; a question without a row is in no slice.
        dimensions: columns of `features`.
        minimum_questions: a slice with fewer, inside or in the rest, gets no figure.
        minimum_paragraphs: likewise.

    Returns:
        One row a slice, the clearest contrast first, those without figures last: `dimension`, `slice` (text),
        `questions`, `paragraphs`, `too_few` (inside or in the rest), `whole` (it has all questions); for those with
        enough `a`, `b` (0-100), `difference` (points, B - A inside), `contrast` (points: `difference` less that of
        the rest), `contrast_low`, `contrast_high` (95 % for all slices together), `p` (of the contrast), `p_adjusted`
        (Bonferroni), `shrunken` (the contrast to expect); NaN where there are too few.
    """
    table = comparison.table
    known = features.set_index("id").reindex(table["id"])
    named = [(dimension, kind) for dimension in dimensions for kind in _kinds(known[dimension])]
    masks = np.array([(known[dimension] == kind).to_numpy() for dimension, kind in named]).reshape(-1, len(table))
    clusters = table["paragraph"].to_numpy()
    inside, sizes = statistics.cluster_sums(masks.T.astype(np.float64), clusters)  # (paragraphs, slices)
    rest = sizes[:, None] - inside
    result = pd.DataFrame(
        {
            "dimension": [dimension for dimension, _ in named],
            "slice": [str(kind) for _, kind in named],
            "questions": masks.sum(axis=1),
            "paragraphs": (inside > 0).sum(axis=0),
        }
    )
    questions = np.minimum(inside.sum(axis=0), rest.sum(axis=0))
    paragraphs = np.minimum(result["paragraphs"], (rest > 0).sum(axis=0))
    result["too_few"] = (questions < minimum_questions) | (paragraphs < minimum_paragraphs)
    result["whole"] = rest.sum(axis=0) == 0
    result[FIGURES] = np.nan
    enough = np.flatnonzero(~result["too_few"])
    if len(enough):
        result.loc[enough, FIGURES] = _figures(comparison, masks[enough], inside[:, enough], clusters)
    return result.sort_values("p", kind="stable", ignore_index=True)


def _kinds(column: pd.Series) -> list:
    values = column.dropna()
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [kind for kind in column.cat.categories if (values == kind).any()]
    return sorted(values.astype(np.int64).unique())


def _figures(comparison: Comparison, masks: np.ndarray, inside: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Returns `FIGURES` of each slice, float64 (slices, 9).

    Args:
        comparison: of the two runs.
        masks: bool (slices, questions).
        inside: float64 (paragraphs, slices), questions of each paragraph in each slice.
        clusters: int (questions,).
    """
    right = comparison.table[["a_right", "b_right"]].to_numpy(np.float64)
    a, b = ((masks @ right[:, side]) / masks.sum(axis=1) for side in (0, 1))
    differences = right[:, 1] - right[:, 0]
    sums, _ = statistics.cluster_sums((masks * differences).T, clusters)
    all_sums, sizes = statistics.cluster_sums(differences[:, None], clusters)
    rest = sizes[:, None] - inside
    contrast, error = _contrast(sums, inside, all_sums - sums, rest)
    for mask, questions in ((masks, inside.sum(axis=0)), (~masks, rest.sum(axis=0))):
        constant = (mask @ differences**2) * questions == (mask @ differences) ** 2
        error = np.hypot(error, np.where(constant, 1 / questions, 0))
    freedom = np.minimum((inside > 0).sum(axis=0), (rest > 0).sum(axis=0)) - 1
    p = 2 * special.stdtr(freedom, -np.abs(contrast / error))
    half = -special.stdtrit(freedom, statistics.ALPHA / 2 / len(masks)) * error
    adjusted = np.minimum(1.0, p * len(masks))
    points = 100 * np.array([a, b, b - a, contrast, contrast - half, contrast + half])
    return np.column_stack([*points, p, adjusted, 100 * shrink(contrast, error)])


def _contrast(
    sums: np.ndarray, sizes: np.ndarray, rest_sums: np.ndarray, rest_sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Returns mean inside minus mean of the rest, and its jackknife error; (paragraphs, slices) to (slices,)."""
    total, questions, rest_total, rest_questions = (part.sum(axis=0) for part in (sums, sizes, rest_sums, rest_sizes))
    contrast = total / questions - rest_total / rest_questions
    without = (total - sums) / (questions - sizes) - (rest_total - rest_sums) / (rest_questions - rest_sizes)
    count = len(sums)
    return contrast, np.sqrt((count - 1) / count * ((without - without.mean(axis=0)) ** 2).sum(axis=0))


def shrink(values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Returns empirical-Bayes estimates: each value times between / (between + its own variance).

    The variance between the true values solves E[sum(v^2 / e^2)] = k + between sum(1 / e^2), never under 0.

    Args:
        values: float64 (k,), estimates of quantities that scatter about 0.
        errors: float64 (k,), their standard errors.

    >>> shrink(np.array([2.0, -2.0]), np.array([1.0, 1.0]))
    array([ 1.5, -1.5])
    """
    weights = errors**-2.0
    between = max(0.0, float(((values**2 * weights).sum() - len(values)) / weights.sum()))
    return values * between / (between + errors**2)
