"""Articles written for the tests, about a town that does not exist."""

from core.data import corpus
from core.data.tokenizer import Tokenizer

ARTICLES = """# 가람포
가람포는 1874년 3월 2일 어부 서른 명이 세운 항구 도시이다. 도시의 이름은 넓은 강어귀에서 왔다. 첫 시장 한도윤은 \
방파제와 등대를 지었다.
1902년 철도가 놓이면서 가람포는 소금과 멸치를 내륙으로 보냈다. 역 앞에는 여관 12곳이 문을 열었고, 상인들은 \
해마다 3,500원을 시장에게 냈다. 한도윤은 철도 개통식에서 기적을 울렸다.
가람포 등대는 높이가 27 m이다. 등대지기 오세린은 40년 동안 안개 일지를 썼다. 그 일지는 뒤에 《안개의 책》으로 \
출판되었다.
오늘날 가람포의 인구는 6만 명이다. 해마다 8월에는 멸치 축제가 열린다. 축제에서는 오세린의 안개 일지를 읽는다.

# 한도윤
한도윤은 가람포의 첫 시장이며 조선공이었다. 그는 1839년 누리섬에서 태어났다. 열다섯 살에 목수 일을 배웠다.
1861년 한도윤은 누리섬에서 돛배 다섯 척을 만들었다. 배는 태풍을 견뎠고, 상인들에게 비싸게 팔렸다.
시장이 된 한도윤은 1880년 방파제를 완성했다. 방파제의 길이는 430 m였다. 그는 1909년 가람포에서 사망하였다.

# 안개의 책
《안개의 책》은 등대지기 오세린이 쓴 일지를 묶은 책이다. 1951년 가람포 인쇄소에서 처음 출판되었다.
책에는 안개가 낀 날 2,914일이 적혀 있다. 오세린은 바람의 방향과 배의 이름을 함께 기록했다. 기상학자들은 이 \
책으로 남해의 기후를 연구하였다.
오세린은 가람포 소금 박물관에 일지의 원본을 기증했다. 박물관은 원본을 유리 상자에 보관한다.
"""


def load(folder) -> tuple[corpus.Corpus, Tokenizer]:
    """Returns the articles as a corpus of the shipped tokenizer, cached in `folder`."""
    path = folder / "articles.txt"
    path.write_text(ARTICLES, encoding="utf-8")
    tokenizer = Tokenizer.load()
    return corpus.load(path, tokenizer, cache=folder / "cache", progress=False), tokenizer
