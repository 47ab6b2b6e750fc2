# 화면과 명령줄에 보이는 모든 글. en.ftl과 같은 열쇠를 가집니다.

## dashboard
dashboard-language = 한국어
dashboard-page-runs = 실행
dashboard-page-learning-curves = 학습 곡선
dashboard-page-compare = 비교
dashboard-page-ask = 질문하기
dashboard-page-reported = 보고와 측정
dashboard-hours = { $hours }시간 { $minutes }분
dashboard-minutes = { $minutes }분 { $seconds }초
dashboard-seconds = { $seconds }초
dashboard-status-running = 학습 중
dashboard-status-finished = 완료
dashboard-status-stopped = 중단됨
dashboard-status-failed = 실패
dashboard-status-broken = 손상됨
dashboard-run = 실행
dashboard-reason = 이유
dashboard-run-a = 실행 A
dashboard-run-b = 실행 B
dashboard-swap = A와 B 바꾸기
dashboard-same-run = A와 B에 같은 실행을 골랐습니다. 차이가 있을 수 없습니다.
dashboard-chosen-runs = 볼 실행
dashboard-choose-runs = 실행을 고르십시오
dashboard-no-runs = 아직 실행이 없습니다
dashboard-no-runs-why = 이 폴더에서 실행을 찾습니다: { $folder }. 아래 명령으로 첫 모델을 학습하면 시작하자마자 이 화면에 나타납니다.
dashboard-one-run = 비교하려면 온전한 실행이 두 개 있어야 합니다
dashboard-one-run-why = 아래 명령으로 하나 더 학습하거나, 보관한 실행을 실행 화면에서 다시 꺼내십시오.
dashboard-broken-runs = 읽을 수 없는 실행 { $count }개
dashboard-broken-runs-why = 이 폴더들은 건드리지 않았으며 다른 실행에 영향을 주지 않습니다.
dashboard-no-predictions = { $run }: { $dataset } 예측이 아직 없습니다
dashboard-no-predictions-why = 아래 명령이 이 데이터의 모든 질문에 답하고 채점합니다.
dashboard-unreadable = { $what }: 읽을 수 없습니다. { $error }
dashboard-fetch = { $dataset } 내려받기
dashboard-fetch-help = 공식 주소에서 내려받으며, 체크섬이 알려진 값과 같을 때만 씁니다. 파일은 이 컴퓨터에 남습니다.
dashboard-fetch-begins = 파일을 요청하는 중
dashboard-fetch-progress = { $megabytes } MB 받음
dashboard-fetch-done = { $dataset }: 내려받았으며 체크섬이 맞습니다.
dashboard-fetch-failed = 내려받지 못했습니다
dashboard-fetch-failed-why = 네트워크에 연결되어 있지 않다면 다른 컴퓨터에서 { $url } 파일을 받아 { $folder } 폴더에 넣고 이 화면을 새로 고치십시오. 나머지 기능은 이 파일 없이도 모두 쓸 수 있습니다.

## runs
runs-column-run = 실행
runs-column-status = 상태
runs-column-interval = { $what } 95% 구간
runs-column-with-interval = { $what } (95% 구간)
runs-column-accuracy-sum = 시작+끝 정확도
runs-column-loss = 손실
runs-column-original = 102문항 규칙
runs-column-original-exact = 그중 정확히 일치
runs-column-original-median-length = 예측 길이 중앙값 (규칙)
runs-column-curve = 학습 손실
runs-column-variant = 변형
runs-column-pretrained = 사전 학습
runs-column-parameters = 매개변수
runs-column-trained-on = 학습 데이터
runs-column-best-epoch = 최고 에폭
runs-column-duration = 학습 시간
runs-column-created = 시작
runs-column-tags = 태그
runs-column-folder = 폴더
runs-column-dataset = 데이터
runs-column-questions = 질문
runs-column-paragraphs = 문단
runs-column-rule = 나눈 규칙
runs-column-use = 쓰임
runs-column-median-length = 답 길이 중앙값
runs-column-setting = 설정
runs-column-value = 값
runs-column-file = 파일
runs-column-size = 크기
runs-use-train = 학습
runs-use-validation = 검증
runs-help-exact-match = { $dataset }에서 정답과 정확히 같은 답의 비율 (%), KorQuAD 공식 채점
runs-help-f1 = { $dataset }에서 정답과 겹치는 글자의 F1 (%), KorQuAD 공식 채점
runs-help-interval = 질문이 아니라 문단을 다시 뽑은 95% 부트스트랩 구간입니다. 같은 문단의 질문은 서로 독립이 아니기 때문입니다.
runs-help-accuracy-sum = 원래 실험이 쓴 값: 시작 위치 정확도와 끝 위치 정확도의 합 (최대 2)
runs-help-median-length = 답의 글자 수를 한 줄로 세웠을 때 가운데 값입니다.
runs-help-loss = 시작 교차 엔트로피 + 끝 교차 엔트로피. 아무렇게나 찍으면 2 ln 384 = 11.90입니다.
runs-help-original = 원래 실험의 규칙: 처음 102문항 가운데 예측이 정답 문자열을 포함하는 수. 답이 길수록 유리합니다.
runs-help-original-exact = 같은 102문항 가운데 정답 문자열과 정확히 같은 수
runs-help-curve = 학습 손실의 흐름 (작은 그림)
runs-search = 찾기
runs-search-hint = 이름, 변형, 태그
runs-show-archived = 보관한 실행도 보기
runs-scored-on = 점수를 볼 데이터 (예측이 있는 실행 수)
runs-none-match = 조건에 맞는 실행이 없습니다.
runs-to-learning-curves = 학습 곡선 보기
runs-to-compare = 비교하기
runs-to-ask = 질문해 보기
runs-select-hint = 표의 왼쪽 칸에서 실행을 두 개 고르면 비교할 수 있습니다.
runs-selected = { $count }개 선택 · A: { $a } · B: { $b }
runs-differences = 설정의 차이
runs-base = 기준 실행
runs-identical-too = 같은 설정도 보기
runs-no-differences = 고른 실행들의 설정이 모두 같습니다.
runs-differences-reading = 기준 실행과 비교: ≠ 값이 다름, + 기준에는 없음, − 기준에만 있음. 표시가 없으면 같습니다.
runs-in-full = 자세히 볼 실행
runs-edit = 이름표
runs-label-title = 제목
runs-label-description = 설명
runs-label-tags = 태그
runs-label-tags-help = 쉼표로 나눕니다
runs-label-archived = 보관
runs-label-archived-help = 목록에서 숨길 뿐이며 파일은 그대로 있습니다.
runs-save = 저장
runs-failed = 학습이 오류로 끝났습니다: { $error }
runs-stopped = 마지막 신호({ $updated }) 뒤로 소식이 없습니다. 아래 명령으로 이어서 학습할 수 있습니다.
runs-no-weights = 가중치 파일이 없어 새 질문에는 답할 수 없습니다. 저장된 예측은 볼 수 있습니다.
runs-imported = 다른 곳에서 학습하여 { $folder } 폴더에서 가져온 실행입니다. 학습 곡선과 답을 보고 비교할 수 있지만, 가중치가 없어 새 질문에는 답할 수 없습니다.
runs-no-probabilities = 이 실행의 답에는 확률이 없어 보정을 따질 수 없습니다.
runs-tab-scores = 점수
runs-tab-calibration = 확률 보정
runs-tab-settings = 설정
runs-tab-data = 데이터
runs-tab-files = 파일
runs-interval-method = 괄호는 문단을 10,000번 다시 뽑은 95% 구간입니다. 시험 질문에서 오는 불확실성만 담으며, 다시 학습했을 때의 차이는 담지 않습니다.
runs-calibration-error = 기대 보정 오차 (ECE)
runs-calibration-error-help = 답의 확률과 실제로 맞은 비율이 평균적으로 얼마나 어긋나는지 (구간 10개, Guo 외 2017). 0이면 확률을 그대로 믿어도 됩니다.
runs-overconfident = 확률이 실제보다 평균 { $points }%p **높습니다** (자신감이 지나침).
runs-underconfident = 확률이 실제보다 평균 { $points }%p **낮습니다** (자신감이 모자람).
runs-reliability-x = 모델이 말한 확률
runs-reliability-y = 실제로 맞은 비율
runs-reliability-perfect = 완벽한 보정
runs-reliability-hover = 확률 평균 %{"{"}customdata[0]:.1%{"}"}<br>맞은 비율 %{"{"}y:.1%{"}"}<br>95% 구간 %{"{"}customdata[2]:.1%{"}"} – %{"{"}customdata[3]:.1%{"}"}<br>답 %{"{"}customdata[1]{"}"}개
runs-reliability-reading = 답 { $answers }개. 막대가 점선 아래에 있으면 그 구간의 확률이 실제보다 높다는 뜻입니다. 가는 선은 95% 구간입니다(Wilson, 답끼리 독립으로 봄).
runs-reliability = 확률을 그대로 믿어도 되나?
runs-risk = 확률이 맞은 답과 틀린 답을 가려내나?
runs-risk-x = 확률이 높은 답부터 내놓은 비율
runs-risk-y = 그 가운데 틀린 비율
runs-risk-run = 이 실행
runs-risk-best = 맞은 답이 모두 틀린 답보다 앞설 때
runs-risk-hover = 내놓은 비율 %{"{"}x:.1%{"}"}<br>틀린 비율 %{"{"}y:.1%{"}"}
runs-risk-reading = 확률이 높은 답만 내놓는다면 그 가운데 얼마나 틀리는지 보여 줍니다(위험-포괄 곡선, Geifman·El-Yaniv 2017). 왼쪽이 낮을수록 확률을 믿고 고를 만합니다.
runs-risk-alt = 위험-포괄 곡선: 확률이 높은 답부터 내놓을 때, 내놓은 비율에 따른 틀린 비율
runs-aurc = 위험-포괄 곡선 아래 넓이 (AURC)
runs-aurc-help = 내놓는 비율을 0에서 100%까지 늘려 가며 구한 틀린 비율의 평균입니다. 이 정답률에서는 아무리 좋아도 { $best }입니다.
runs-auroc = 확률의 AUROC
runs-auroc-help = 맞은 답의 확률이 틀린 답의 확률보다 높은 비율입니다. 0.5라면 확률이 아무것도 알려 주지 않습니다.
runs-calibration-basis = 이 실행의 온도({ $temperature })를 적용한 확률을 { $dataset }의 답으로 따졌습니다. 저장된 것은 질문마다 온도 1에서 가장 좋은 답 열 개뿐이고, 나머지 답이 남은 확률을 어떻게 나누는지는 추정하므로 확률 하나하나는 1%p쯤 어긋날 수 있습니다. 순서만 보는 곡선과 AUROC는 저장된 확률로 구합니다. **떼어 둔 질문에 맞춘 값**: 그 { $questions }문항에서 오차는 { $before }%p에서 { $after }%p가 되었습니다. 맞추는 데 쓴 질문에서 잰 값이어서 실제보다 좋게 나옵니다.
runs-calibration-raw = 보정하지 않은 실행이어서 확률을 있는 그대로 따졌습니다({ $command }).
runs-reliability-alt = 신뢰도 그림: 모델이 말한 확률에 따른 실제 정답 비율
runs-reproduce = 같은 실행을 다시 만드는 명령

## evaluation
verdict-models = 두 모델을 이런 종류의 다른 문항에서 견주면
verdict-recipes = 두 학습 설정으로 다시 학습하면
verdict-lead = { $lead ->
    [b] 전체 { $questions }문항 가운데 B가 { $more }문항을 더 맞혔습니다
    [a] 전체 { $questions }문항 가운데 A가 { $more }문항을 더 맞혔습니다
   *[none] A와 B가 맞힌 문항은 전체 { $questions }문항 가운데 각각 { $right }문항입니다
 }
verdict-figures = B - A: { $difference }%p, 95% 구간 { $low } ~ { $high }%p, p { $p }
verdict-reach = { $reach ->
    [some] { $questions }문항으로는 약 { $detectable }%p 이상의 차이라야 드러낼 수 있습니다.
   *[none] { $questions }문항으로는 어떤 차이도 드러낼 수 없습니다.
 }
verdict-b-better = { verdict-models }: B가 더 낫습니다. { verdict-lead }({ verdict-figures }).
verdict-a-better = { verdict-models }: A가 더 낫습니다. { verdict-lead }({ verdict-figures }).
verdict-practically-same = { verdict-models }: 사실상 같습니다. { verdict-lead }({ verdict-figures }). 구간 전체가 차이로 치지 않는 ±{ $margin }%p 안에 있습니다.
verdict-uncertain = { verdict-models }: 불확실해서 판단할 수 없습니다. { verdict-lead }({ verdict-figures }). { verdict-reach }
verdict-too-few = { verdict-models }: 검정할 만한 근거가 없습니다. { verdict-lead }. 다만 { $cause ->
    [paragraphs] 문항이 문단 { $paragraphs }개에서만 나왔습니다. 한 문단의 문항들은 함께 맞거나 함께 틀리는 경향이 있어, 문단이 { $least }개는 되어야 검정이 성립합니다.
    [unequal] 문항 대부분이 몇몇 문단에 몰려 있습니다. 문단 { $paragraphs }개가 { $effective }개 몫밖에 하지 못하며, { $least }개 몫은 되어야 검정이 성립합니다.
   *[discordant] A와 B의 정답 여부가 갈린 것은 문단 { $discordant_paragraphs }개의 { $discordant }문항뿐이어서, 어떤 결과가 나와도 우연과 구별할 수 없습니다.
 }
verdict-same-outcomes = { verdict-models }: 차이가 보이지 않습니다. A와 B가 맞힌 문항이 모두 겹칩니다(전체 { $questions }문항 가운데 { $right }문항). 다만 답의 내용은 일부 다릅니다. 어느 쪽도 낫지 않다는 뜻은 아니며, 약 { $possible }%p까지의 차이는 여전히 있을 수 있습니다.
verdict-identical = A와 B가 전체 { $questions }문항에 모두 일치하는 답을 냈습니다. 판단할 차이가 없으며, 하나의 모델일 수 있습니다.
verdict-one-recipe = 한 학습 설정으로 두 번 학습한 실행들입니다. { verdict-lead }({ $cause ->
    [none] { verdict-figures }
   *[other] B - A: { $difference }%p, 검정하지 않음
 }). 이 두 실행 사이의 차이일 뿐, 학습 설정의 차이가 아닙니다.
verdict-recipe-figures = B { $b }회 평균에서 A { $a }회 평균을 뺀 값: { $difference }%p, 95% 구간 { $low } ~ { $high }%p, p { $p }
verdict-recipe-plan = { $plan ->
    [some] 차이가 이대로라면 각각 { $needed }회쯤 학습해야 결론이 납니다(한 설정의 실행들이 { $names }처럼 표준편차 { $deviation }%p로 흩어진다고 볼 때).
    [never] 차이가 이대로라면 몇 번을 학습해도 결론이 나지 않습니다. 그러기에는 문항이 너무 적습니다.
   *[unknown] 이 데이터셋에는 두 번 학습한 설정이 없어, 몇 번을 학습해야 결론이 날지도 알 수 없습니다.
 }
verdict-recipe-b-better = { verdict-recipes }: B의 설정이 더 낫습니다({ verdict-recipe-figures }).
verdict-recipe-a-better = { verdict-recipes }: A의 설정이 더 낫습니다({ verdict-recipe-figures }).
verdict-recipe-practically-same = { verdict-recipes }: 사실상 같습니다({ verdict-recipe-figures }). 구간 전체가 ±{ $margin }%p 안에 있습니다.
verdict-recipe-uncertain = { verdict-recipes }: 불확실해서 판단할 수 없습니다({ verdict-recipe-figures }). { verdict-recipe-plan }
verdict-recipe-unknown = { verdict-recipes }: { $each ->
    [one] 한 번씩만 학습했으므로 어느 설정이 더 나은지는 알 수 없습니다.
   *[few] A는 { $a }회, B는 { $b }회 학습했고 적어도 { $least }회씩은 필요하므로, 어느 설정이 더 나은지는 알 수 없습니다.
 } { verdict-recipe-plan }
verdict-recipe-too-few = { verdict-recipes }: 검정할 만한 근거가 없습니다.
verdict-recipe-one = 이 학습 설정으로 학습한 실행 { $a }개의 정답률은 여기서 { $lowest }~{ $highest }%입니다. 시드만 다릅니다.

error-exact = 정확히 일치
error-right-text-elsewhere = 글자는 맞지만 다른 위치
error-josa = 조사만 다름
error-boundary-long = 너무 김
error-boundary-short = 너무 짧음
error-boundary-shifted = 경계가 어긋남
error-same-sentence = 같은 문장의 다른 곳
error-elsewhere = 전혀 다른 곳
error-outside-window = 정답이 모든 창의 밖
error-empty = 답 없음

slice-question_type = 묻는 것
slice-question_type-who = 누구
slice-question_type-when = 언제
slice-question_type-where = 어디
slice-question_type-what = 무엇
slice-question_type-which = 어느/어떤
slice-question_type-how-many = 몇/얼마
slice-question_type-how = 어떻게
slice-question_type-why = 왜
slice-question_type-other = 그 밖
slice-answer_length = 정답 길이
slice-answer_length-1-2 = 1~2자
slice-answer_length-3-5 = 3~5자
slice-answer_length-6-10 = 6~10자
slice-answer_length-11-or-more = 11자 이상
slice-answer_kind = 정답의 종류
slice-answer_kind-number-or-date = 수 또는 날짜
slice-answer_kind-name-like = 이름 꼴
slice-answer_kind-phrase = 구절
slice-answer_position = 정답의 위치
slice-answer_position-beginning = 지문의 앞 1/3
slice-answer_position-middle = 가운데 1/3
slice-answer_position-end = 뒤 1/3
slice-context_length = 지문 길이
slice-context_length-under-400 = 400자 미만
slice-context_length-400-599 = 400~599자
slice-context_length-600-or-more = 600자 이상
slice-overlap = 질문과 정답 문장의 겹침
slice-overlap-low = 적음
slice-overlap-middle = 보통
slice-overlap-high = 많음
slice-article = 글
slice-too-few = 문항 부족
slice-exploratory = 탐색용입니다. '안 − 밖'은 B가 나머지 문항에 견주어 이 하위 집단에서 얼마나 더 나아지는지를 나타냅니다. 0이면 전체 차이가 이 하위 집단에서도 그대로 나타난 것입니다. 구간과 p는 모든 하위 집단에 함께 성립합니다(Bonferroni, 문단 단위). '기대값'은 경험적 베이즈로 축소 추정한 값입니다. 여럿 가운데 가장 큰 값은 실제보다 크기 마련이기 때문입니다. 근거가 뚜렷한 하위 집단부터 보입니다.
slice-contrast = 안 − 밖
slice-contrast-interval = 모든 하위 집단에 함께 성립하는 95% 구간
slice-shrunken = 기대값
slice-whole = 전체 문항

compare-core-different-dataset = 두 실행을 서로 다른 데이터로 평가했습니다. A: { $a }({ $hash_a }), B: { $b }({ $hash_b }).
predictions-other-dataset = 저장된 답은 이름만 같은 다른 데이터셋(SHA-256 { $stored })의 답이며, { $dataset }({ $at_hand })의 답이 아닙니다. 데이터셋 파일의 이름을 바꾸거나 저장된 답을 지운 뒤 다시 예측하세요.
interval-unknown = 알 수 없음
dataset-unusable = 파일의 문항 { $questions }개는 쓸 수 없어 제외했습니다.
compare-core-different-scorer = 서로 다른 규칙으로 채점했습니다: { $a }, { $b }. 다시 답하고 채점하는 명령: { $command }
compare-core-unknown-error-types = { $side }({ $run })에 이 버전이 모르는 답 유형이 있습니다: { $types }. 다시 답하는 명령: { $command }
compare-core-different-questions = 두 실행이 답한 문항이 다릅니다. 공통 { $common }문항, A에만 { $only_a }문항, B에만 { $only_b }문항입니다.
compare-core-no-common-question = 두 실행에 공통된 문항이 없습니다.
compare-core-common-part = 공통된 { $common }문항만 비교합니다. A의 { $only_a }문항과 B의 { $only_b }문항은 제외했습니다.
compare-core-no-original-questions = { $dataset }: 원래 실험의 102문항으로 시작하지 않습니다. 그 문항으로 시작하는 데이터: { $datasets }.
compare-core-part-all = 모든 문항
compare-core-part-original = 원래 실험의 102문항
compare-core-datasets-differ = 데이터가 서로 다릅니다({ $a }, { $b }). { $moved ->
    [0] 공통된 문항의 정답 위치는 모두 일치합니다.
   *[other] 공통된 문항 가운데 { $moved }문항은 정답 위치가 다릅니다.
 }
compare-core-different-tokenizer = 두 실행의 토크나이저가 다릅니다. 차이의 일부는 조각의 경계가 달라서 생겼을 수 있습니다.
compare-core-different-max-sequence-length = 두 실행의 창 길이가 다릅니다: { $a }조각, { $b }조각.
compare-core-different-doc-stride = 두 실행의 창 이동 폭이 다릅니다: { $a }조각, { $b }조각.
compare-core-different-reading-version = 신경망의 출력에서 답을 고른 규칙이 다릅니다(버전 { $a }, { $b }). 차이의 일부는 여기서 생겼을 수 있습니다. 다시 답하는 명령: { $command }
compare-core-different-max-pieces = 허용된 가장 긴 답이 다릅니다: A { $a }조각, B { $b }조각. 차이의 일부는 여기서 생깁니다. 그 사이에 설정(answering.max_pieces)을 바꾸었다면 다시 답하는 명령: { $command }
compare-core-different-max-added = 답을 온전한 낱말로 늘릴 수 있는 글자 수가 다릅니다: A { $a }글자, B { $b }글자. 차이의 일부는 여기서 생깁니다. 그 사이에 설정(answering.max_added)을 바꾸었다면 다시 답하는 명령: { $command }
compare-core-different-error-types-version = 답 유형을 나눈 규칙이 다릅니다(버전 { $a }, { $b }). 유형이 어떻게 바뀌었는지는 여기서 뜻이 없습니다. EM과 F1은 이 규칙과 관계없습니다. 다시 답하는 명령: { $command }
compare-core-trained-on-these-questions = { $side }({ $run })의 학습 데이터에 이 평가 문항이 들어 있습니다. 이 점수로는 새로운 문항을 얼마나 맞힐지 알 수 없습니다.
compare-core-same-run = A와 B가 하나의 실행입니다({ $run }).
compare-core-same-weights = A와 B의 가중치가 일치합니다. 이름만 다른 하나의 모델입니다.
compare-core-trained-elsewhere = 다른 곳에서 학습한 실행입니다: { $side }({ $run }). 이 실행이 글을 어떤 조각과 창으로 나누는지, 이 평가 문항으로 학습했는지는 알 수 없습니다.
compare-core-no-argmax = 원래 실험의 규칙은 신경망이 시작과 끝을 따로따로 가장 높게 본 자리로 채점합니다. 다른 곳에서 학습한 실행은 이 자리를 알 수 없습니다.
compare-core-measure = 척도
compare-core-criterion = 정답 기준
compare-core-criterion-exact = 정확히 일치
compare-core-criterion-f1 = F1 { $threshold } 이상
compare-core-criterion-substring = 답 안에 정답이 들어 있음(원래 실험의 규칙)
compare-core-right = 정답률(%)
compare-core-exact-match = 정확히 일치(EM)
compare-core-f1 = F1
compare-core-difference = B - A(%p)
compare-core-interval = 95% 구간
compare-core-p = p
compare-core-p-adjusted = 보정한 p
compare-core-detectable = 드러낼 수 있는 차이(%p)
compare-core-outcome-both = 둘 다 맞음
compare-core-outcome-only-a = A만 맞음
compare-core-outcome-only-b = B만 맞음
compare-core-outcome-neither = 둘 다 틀림
compare-core-questions = 문항
compare-core-paragraphs = 문단
compare-core-mcnemar = 맥니마 검정 mid-p { $mid }, 정확 검정 { $exact }: 문항끼리 독립이라고 가정하지만, 한 문단의 문항들은 독립이 아닙니다.
compare-core-clustering = 한 문단의 문항들은 서로 { $icc }만큼 상관되어 있고(급내 상관), 이 때문에 분산이 { $effect }배가 됩니다.
compare-core-clustering-unknown = 여기서는 한 문단의 문항들이 서로 얼마나 상관되어 있는지 알 수 없어, 그 영향도 알 수 없습니다.
compare-core-test = 구간과 p는 난수를 쓰지 않는 하나의 검정입니다. 차이를 문단 { $paragraphs }개(크기가 같은 문단 { $effective }개 몫)에서 구한 표준오차로 나누고, 문단별 차이가 한쪽으로 치우쳐 있으면 구간을 넓힙니다.
compare-core-movement = A의 답 유형(행)에서 B의 답 유형(열)으로

## learning-curves
learning-curves-choose = 볼 실행을 고르십시오.
learning-curves-empty = 고른 실행에 아직 기록이 없습니다
learning-curves-empty-why = 학습이 첫 기록을 남기면 이 화면에 저절로 나타납니다.
learning-curves-nothing = 고른 조건에 기록이 없습니다. 다른 지표나 다른 나눔을 골라 보십시오.
learning-curves-metrics = 지표
learning-curves-x = 가로축
learning-curves-x-step = 스텝
learning-curves-x-epoch = 에폭
learning-curves-x-examples = 예제 수
learning-curves-x-tokens = 토큰 수
learning-curves-x-seconds = 시간(초)
learning-curves-more = 보기 설정
learning-curves-splits = 나눔
learning-curves-split-train = 학습
learning-curves-split-validation = 검증
learning-curves-log-x = 가로축 로그
learning-curves-log-y = 세로축 로그
learning-curves-group = 시드만 다른 실행 묶기
learning-curves-group-help = 평균을 선으로, 최솟값에서 최댓값까지를 띠로 그립니다.
learning-curves-smoothing = 평활
learning-curves-smoothing-help = 학습 곡선에만 적용하는 지수 이동 평균입니다. 원래 값은 옅은 선으로 늘 함께 보입니다.
learning-curves-best = 최고 에폭
learning-curves-progress = ▶ { $run }: { $step } / { $total } 스텝 · 초당 예제 { $speed }개 · 남은 시간 { $left }
learning-curves-reading = 가는 선은 학습, 굵은 선은 검증입니다.
learning-curves-reading-zoom = 그림 위를 가로로 끌면 그 구간을 확대합니다.
learning-curves-zoom-out = 전체 보기
learning-curves-reading-gap = 일반화 격차는 검증 값에서 바로 앞 학습 구간(지난 검증 뒤 기록의 마지막 4분의 1)의 평균을 뺀 값입니다.
learning-curves-reading-best = 별표는 가중치를 남긴 최고 에폭입니다.
learning-curves-reading-group = 띠는 시드들의 최솟값과 최댓값이고, 괄호 안은 실행 수입니다.
learning-curves-reading-smoothing = 학습 곡선은 평활 { $weight }, 옅은 선은 원래 값입니다.
learning-curves-values = 한 지점의 값
learning-curves-at = 이 지점까지의 마지막 값 ({ $axis })
learning-curves-csv = CSV로 받기
learning-curves-image = 차트의 카메라 단추로 저장할 그림 형식
learning-curves-skipped = 기록 { $lines }줄을 읽지 못해 건너뛰었습니다.
learning-curves-alt = 마지막 값:
learning-curves-gap = 일반화 격차: { $metric } (검증 − 학습)
learning-curves-metric-loss = 손실
learning-curves-metric-start-accuracy = 시작 정확도
learning-curves-metric-end-accuracy = 끝 정확도
learning-curves-metric-accuracy-sum = 시작+끝 정확도
learning-curves-metric-learning-rate = 학습률
learning-curves-metric-gradient-norm = 기울기 노름
learning-curves-metric-examples-per-second = 초당 예제
learning-curves-metric-tokens-per-second = 초당 토큰
learning-curves-metric-exact-match = EM
learning-curves-metric-f1 = F1

## ask
ask-examples = 예시 질문
ask-question = 질문
ask-question-hint = 예: 누리호는 언제 발사되었는가?
ask-passage = 지문
ask-passage-hint = 답을 찾을 글을 입력하거나 붙여 넣으십시오. 비워 두면 데이터와 올린 파일에서 지문을 찾습니다.
ask-ask = 질문하기
ask-ask-hint = Enter를 누르거나 입력란을 벗어나면 두 실행이 바로 답합니다. 모델은 지문에서 답을 그대로 오려 냅니다.
ask-no-question = 질문을 입력하십시오.
ask-long-question = 질문이 너무 깁니다. { $characters }자이며, { $limit }자까지 받습니다.
ask-long-passage = 지문이 너무 깁니다. { $characters }자이며, { $limit }자까지 받습니다. 답이 있을 만한 부분만 남겨 주십시오.
ask-passage-missing = 이 주소로는 지문을 되찾을 수 없습니다. { $limit }자가 넘는 지문은 주소에 담기지 않고, 입력한 대시보드가 한동안만 보관합니다. 지문을 다시 붙여 넣거나, 다른 지문을 찾으려면 “질문하기”를 누르십시오.
ask-example-missing = 링크가 가리키는 질문을 이 컴퓨터에서 찾을 수 없습니다: { $example }
ask-browse = 데이터에서 지문 고르기
ask-browse-dataset = 데이터
ask-browse-search = 제목이나 낱말로 찾기
ask-browse-nothing = 맞는 지문이 없습니다.
ask-browse-found = 지문 { $count }개 가운데 { $shown }개
ask-browse-question = 이 지문의 질문
ask-browse-take = 이 지문과 질문 쓰기
ask-search-in = 지문을 찾을 데이터
ask-search-indexing = 지문의 색인을 만드는 중입니다
ask-search-nothing = 지문 { $count }개 가운데 질문과 글자가 겹치는 지문이 없습니다.
ask-search-found = 지문 { $count }개에서 질문에 맞는 { $shown }개를 찾아 두 실행이 모두 읽었습니다 (BM25, 글자 두 개씩).
ask-search-choose = 자세히 볼 지문
ask-loading = 모델을 불러오는 중입니다 ({ $seconds }초). 처음 한 번만 걸립니다.
ask-reading = 읽는 중: 창 { $total }개 가운데 { $done }개
ask-upload = 내 파일에서 지문 찾기
ask-upload-files = 텍스트 파일이나 SQuAD JSON 질문 파일
ask-upload-hint = UTF-8, UTF-16, CP949(EUC-KR)를 읽으며, 파일마다 { $limit } MiB까지 받습니다. 텍스트는 문단 길이의 지문으로 나눕니다. 파일은 이 세션 동안 서버의 메모리에만 있고 저장되지 않습니다.
ask-upload-read = { $name }: 지문 { $passages }개, 인코딩 { $encoding }
ask-upload-partly = { $name }: 지문 { $passages }개, 인코딩 { $encoding }. 파일에서 문제 { $problems }개를 찾았습니다.
ask-upload-unusable = 이 파일은 쓸 수 없습니다 (문제 { $problems }개).
ask-upload-problems = 파일의 문제
ask-upload-where = 위치
ask-upload-what = 내용
ask-upload-search = 지문을 비우고 이 파일에서 찾기
ask-upload-forget = 파일 지우기
ask-probability = 확률 { $percent }%
ask-probability-places = 같은 말이 지문 여러 곳에 있어 그 확률을 더했습니다. 표시한 자리만 보면 { $percent }%입니다.
ask-right = 정답과 같음
ask-wrong = 정답과 다름
ask-not-sure = 자신 없음
ask-calibrated = 보정한 확률입니다. { $limit }% 미만이면 ‘자신 없음’으로 표시합니다.
ask-uncalibrated = 보정하지 않은 확률이어서 실제보다 훨씬 높거나 낮을 수 있습니다({ $command }). { $limit }% 미만이면 ‘자신 없음’으로 표시합니다.
ask-reliability = 이 확률의 근거
ask-reliability-reading = 학습을 마친 뒤, 학습에 쓰지 않고 떼어 둔 { $datasets } 문서의 질문 { $questions }개에 답하게 했습니다. 점수를 { $temperature }(으)로 나눌 때 정답의 확률이 가장 잘 맞았고(온도 보정), 확률과 실제의 평균 차이는 { $before }%p에서 { $after }%p가 되었습니다. 온도를 맞춘 바로 그 질문에서 잰 값이므로 다른 질문에서는 이만 못할 수 있습니다(실행 페이지의 ‘확률 보정’). 보정한 확률별 결과입니다.
ask-reliability-range = 확률
ask-reliability-count = 답
ask-reliability-confidence = 말한 확률
ask-reliability-accuracy = 실제 정답
ask-gold = 정답
ask-no-answer = 이 지문에는 읽을 수 있는 글자가 없어 답이 없습니다.
ask-rivals = 가장 나은 답들과 그 확률
ask-column-answer = 답
ask-column-probability = 확률
ask-column-place = 자리
ask-column-place-help = 지문에서 몇째 글자부터 몇째 글자까지인지입니다. 줄을 고르면 지문에 함께 표시됩니다.
ask-strip-start = 시작
ask-strip-end = 끝
ask-strip-reading = 지문의 처음(왼쪽)부터 끝까지, 답이 시작하고 끝날 확률입니다. 옅은 띠가 답의 자리입니다.
ask-cost = { $milliseconds }ms · 지문 { $pieces }조각 · 창 { $windows }개
ask-agree-same = 두 실행의 답이 같습니다: **{ $a }**
ask-agree-overlap = 답이 겹치지만 경계가 다릅니다. A: **{ $a }** · B: **{ $b }**
ask-agree-elsewhere = 같은 말을 서로 다른 자리에서 골랐습니다. A: **{ $a }** · B: **{ $b }**
ask-agree-different = 두 실행의 답이 다릅니다. A: **{ $a }** · B: **{ $b }**
ask-agree-one = { $side }만 답했습니다.
ask-no-weights = 이 실행에는 가중치가 없습니다
ask-no-weights-why = 새 질문에 답하려면 model.safetensors 파일이 있어야 합니다. 실행 폴더에 파일을 되돌려 놓거나 아래 명령으로 다른 이름을 붙여 다시 학습하십시오.
ask-still-training = 아직 학습하는 중입니다. 학습이 끝나면 답할 수 있습니다.
ask-broken-weights = 이 실행의 모델을 쓸 수 없습니다
ask-broken-weights-why = { $error } — 실행 폴더의 파일을 원본으로 바꾸거나 아래 명령으로 다른 이름을 붙여 다시 학습하십시오. 고치면 여기서 바로 다시 읽습니다.
ask-met-training = { $what ->
        [both] { $sides }: 이 질문과 지문을 학습 때 보았습니다 ({ $dataset }). 새 질문을 얼마나 잘 푸는지는 알 수 없습니다.
        [question] { $sides }: 이 질문을 다른 지문과 함께 학습 때 보았습니다 ({ $dataset }).
       *[passage] { $sides }: 이 지문이나 그 일부를 다른 질문과 함께 학습 때 보았습니다 ({ $dataset }).
    }
ask-met-held-out = { $what ->
        [both] { $sides }: 이 질문과 지문은 평가에만 쓰고 학습에는 쓰지 않은 데이터입니다 ({ $dataset }).
        [question] { $sides }: 이 질문은 평가에만 쓰고 학습에는 쓰지 않은 데이터입니다 ({ $dataset }).
       *[passage] { $sides }: 이 지문이나 그 일부는 평가에만 쓰고 학습에는 쓰지 않은 데이터입니다 ({ $dataset }).
    }
ask-met-unknown = { $side }: 이 질문이나 지문을 보았는지 알 수 있는 기록이 없습니다({ $command }).
ask-why = 왜 이 답인가?
ask-why-reading = 질문의 낱말을 하나씩 빼고 다시 물었습니다. 변화는 처음 답의 확률이 몇 %p 달라지는지이고, 크게 줄수록 그 낱말이 중요합니다.
ask-why-busy = 낱말을 하나씩 빼고 다시 묻는 중입니다
ask-why-one-word = 낱말이 하나뿐인 질문에서는 뺄 것이 없습니다.
ask-why-too-long = 너무 길어 하나씩 빼 볼 수 없습니다. 낱말 { $words }개, 낱말 수와 창 수의 곱 { $windows }까지 할 수 있습니다.
ask-why-word = 뺀 낱말
ask-why-change = { $side }: 변화 (%p)
ask-why-answer = { $side }: 바뀐 답
ask-why-share = { $side }: 주의
ask-why-title = { $run }. 답이 기울인 주의 가운데 { $percent }%가 질문으로 갑니다. 이 열은 그것을 낱말별로 나눈 비율입니다.
ask-why-attention = 변화는 이 질문에 대해 정확한 값입니다. 주의(attention)는 참고일 뿐입니다. 마지막 층에서 답의 조각들이 질문의 낱말에 주의를 나눈 비율(헤드 평균)이며, 주의를 많이 받는 낱말이라고 해서 답이 꼭 그 낱말에 달린 것은 아닙니다.
ask-why-same = 그대로
ask-why-again = 낱말을 누르면 그 낱말 없이 다시 묻습니다.
ask-pieces = 조각과 창 보기
ask-pieces-question = 질문 { $pieces }조각
ask-pieces-question-cut = 질문이 길어 처음 { $pieces }조각만 읽습니다.
ask-pieces-passage = 지문 { $pieces }조각
ask-pieces-cut = 처음 { $pieces }조각만 보입니다.
ask-windows = 지문을 읽은 창
ask-window-window = 창
ask-window-pieces = 조각 수
ask-window-from = 첫 글자
ask-window-to = 마지막 글자
ask-history = 지금까지 물은 질문 { $count }개
ask-history-run = 실행 { $side }
ask-history-answer = { $side }의 답
ask-history-probability = { $side }의 확률
ask-history-save = CSV로 저장

## compare
compare-dataset = 질문 묶음
compare-part = 범위
compare-part-all = 모든 문항
compare-part-original = 원래 실험의 102문항
compare-part-help = 원래 실험은 KorQuAD dev의 처음 102문항 가운데 맞힌 문항을 세었습니다. 그 실험의 규칙과 함께 고르면 같은 방식으로 셉니다.
compare-criterion-f1 = F1 기준값 이상
compare-criterion-substring = 원래 실험의 규칙
compare-criterion-help = 정확히 일치와 F1은 KorQuAD의 공식 채점입니다. 원래 실험은 답이 아무리 길어도 정답 문자열이 들어 있으면 맞은 것으로 세었습니다.
compare-threshold = F1 기준값
compare-basis = 문단 { $paragraphs }개의 { $questions }문항 · 정답 기준: { $criterion }
compare-size = 얼마나 크고, 얼마나 확실한가
compare-forest = 차이와 95% 구간
compare-forest-x = ← A가 많음 · %p · B가 많음 →
compare-forest-recipes = { verdict-recipes }
compare-how = 이 수치의 근거
compare-detectable-why = "드러낼 수 있는 차이": 실제 차이가 이만큼일 때, 이 문항 수의 시험 다섯 번 가운데 네 번은 드러납니다(검정력 .80, 유의 수준 .05).
compare-changed = 어느 답이 바뀌었나
compare-changed-how = 칸을 누르면 해당 문항만 아래 목록에 보입니다.
compare-way = 어떻게 바뀌었나
compare-movement = 이동 표
compare-movement-how = A의 답 유형(행)에서 B의 답 유형(열)으로. 칸이나 합계를 누르면 해당 문항만 아래 목록에 보입니다.
compare-total = 합계
compare-types = 답 유형
compare-slices = 하위 집단별
compare-slices-how = 행 왼쪽을 누르면 해당 문항만 아래 목록에 보입니다.
compare-slices-no-text = 이 데이터의 본문이 없어 글 단위로만 나눌 수 있습니다.
compare-slices-chart = 하위 집단별 '안 − 밖'과 동시 95% 구간
compare-slices-reading = 0의 오른쪽은 B가 나머지 문항에서보다 더 나아진 하위 집단, 왼쪽은 덜 나아진 하위 집단입니다. 채운 점은 보정한 p가 .05 미만이고, 빈 점은 그렇지 않습니다. 문항이나 문단이 너무 적은 하위 집단과 글 하나하나는 표에만 있습니다.
compare-slices-none = 수치를 낼 만큼 문항이 많은 하위 집단이 없습니다.
compare-slice-by = 나눈 기준
compare-slice = 하위 집단
compare-list = 문항
compare-shown = 전체 { $total }문항 가운데 **{ $shown }문항**
compare-chip-find = "{ $text }" 포함
compare-chip-josa = 조사 때문에만
compare-chip-remove = 이 조건 지우기
compare-chip-clear = 모두 지우기
compare-find = 찾기
compare-find-hint = 질문, 정답, 답
compare-find-id = 문항 번호
compare-order = 순서
compare-order-file = 데이터의 순서
compare-order-gains = B가 크게 나아진 것부터
compare-order-losses = B가 크게 나빠진 것부터
compare-order-sure-a = A가 확신한 것부터
compare-order-sure-b = B가 확신한 것부터
compare-order-unsure-b = B가 자신 없는 것부터
compare-josa-only = 조사 하나로 정오가 갈린 것만
compare-question = 질문
compare-gold = 정답
compare-answer-of = { $side }의 답
compare-outcome = 맞힌 쪽
compare-f1-difference = B의 F1에서 A의 F1을 뺀 값
compare-sure-of = { $side } 확률
compare-type-of = { $side } 유형
compare-previous = 이전
compare-next = 다음
compare-position = { $total }문항 가운데 { $position }번째 · 행을 누르거나, 목록에서 화살표 키를 쓰거나, K와 J 키로 다른 문항을 고릅니다
compare-save-csv = 목록을 CSV로
compare-save-html = 보고서를 HTML로
compare-save-no-text = 두 파일에는 문항 번호, 위치, 점수만 들어갑니다. 이 데이터의 이용 허락 조건이 본문 일부의 재배포를 허용하지 않습니다.
compare-none-left = 모든 조건에 맞는 문항이 없습니다. 위에서 조건을 하나 지우십시오.
compare-no-dataset = 두 실행이 함께 답한 데이터가 없습니다
compare-no-dataset-why = A의 예측: { $a }. B의 예측: { $b }. 아래 명령이 빠진 쪽의 답을 만듭니다.
compare-refused = 이 둘은 비교할 수 없습니다
compare-common = 공통된 문항만 비교하기
compare-no-text = { $dataset }: 본문이 이 컴퓨터에 없습니다. 비교는 문항 번호, 위치, 점수만으로 이루어집니다. 질문과 지문을 읽으려면:
compare-no-text-why = 아래 명령이나 단추로 내려받을 수 있습니다. 네트워크에 연결되어 있지 않다면 다른 컴퓨터에서 { $url } 파일을 받아 { $folder } 폴더에 넣고 이 화면을 새로 고치십시오.
compare-no-passage = 지문이 이 컴퓨터에 없어 답을 위치로 나타냅니다.
compare-gold-at = 정답: { $start }~{ $end }번째 글자
compare-marks = 표시는 이름으로 시작합니다: 정답(겹줄), A(실선), B(파선). 겹치는 곳에는 줄이 위아래로 놓입니다.
compare-windows = { $side }: 이 지문을 겹치는 창 { $count }개로 나누어 읽었습니다(글자 { $windows }). ⟦{ $prefix }2는 두 번째 창의 시작, { $prefix }1⟧은 첫 번째 창의 끝입니다.
compare-window-begins = { $side } { $number }번째 창의 시작
compare-window-ends = { $side } { $number }번째 창의 끝
compare-strip = 답이 어디서 시작하고 끝날지 지문을 따라 보이기(두 모델을 불러옵니다)
compare-strip-help = 실행의 가중치로 이 지문을 다시 읽으며, 처음에는 몇 초 걸립니다. 위의 수치는 저장된 예측에서 온 것입니다.
compare-strip-no-weights = 이 실행의 가중치가 이 컴퓨터에 없습니다.
compare-strip-failed = 이 실행의 가중치를 읽을 수 없습니다: { $reason }
compare-strip-differs = 지금의 가중치는 저장된 답이 아니라 글자 { $start }–{ $end }의 답을 냅니다. 이 데이터의 예측을 다시 만드십시오.
compare-right = 맞음
compare-wrong = 틀림
compare-no-answer = (답 없음)
compare-answer-figures = { $type } · F1 { $f1 } · 확률 { $probability }% · 글자 { $start }–{ $end }
compare-nbest = 상위 후보 { $count }개
compare-candidate = 후보
compare-probability = 확률
compare-place = 글자 위치
compare-to-ask = 이 질문을 직접 물어보기
compare-why-exact = 공식 채점 규칙으로 정답과 일치합니다.
compare-why-right-text-elsewhere = 글자가 정답과 같아 맞은 것으로 채점되지만, 지문의 다른 위치입니다.
compare-why-josa = 정답과 조사 하나만 다릅니다. 정확히 일치 기준은 이를 봐주지 않습니다.
compare-why-boundary-long = 정답을 포함하지만 더 깁니다.
compare-why-boundary-short = 정답의 일부만 담고 있습니다.
compare-why-boundary-shifted = 정답과 겹치지만 시작과 끝이 다릅니다.
compare-why-same-sentence = 정답이 있는 문장의 다른 부분입니다.
compare-why-elsewhere = 정답과 다른 문장에 있습니다.
compare-why-outside-window = 모델이 읽은 어느 창에도 정답 전체가 들어 있지 않습니다.
compare-why-empty = 모델이 답을 내지 않았습니다.
compare-why-f1 = F1 { $f1 }: 기준값 { $threshold } 이상이므로 맞은 것으로 셉니다.
compare-why-f1-not = F1 { $f1 }: 기준값 { $threshold }에 못 미치므로 틀린 것으로 셉니다.
compare-why-contains = 정답 문자열이 들어 있어, 답의 길이와 관계없이 원래 실험의 규칙으로는 맞은 것입니다.
compare-why-contains-not = 정답 문자열이 들어 있지 않아 원래 실험의 규칙으로 틀린 것입니다.
compare-why-substring = 이것은 원래 실험의 규칙에 따른 답(첫 창에서 시작과 끝을 따로 고름)입니다. 유형, F1, 확률은 아래 첫 후보인 공식 답의 것입니다.
compare-why-normalized = 빈칸, 문장 부호, 괄호는 세지 않습니다. 둘 다 "{ $text }" 꼴이 됩니다.
compare-many-pick = 실행을 세 개 이상 고르십시오.
compare-many-how = 행에서 열을 뺀 값(%p)이며, 나은 실행부터 보입니다. 색이 있으면 모든 쌍을 함께 보정해도 구별되는 쌍(max-T, p < .05)이고, 회색이면 구별되지 않거나 한 학습 설정을 두 번 학습한 쌍입니다.
compare-many-difference = 차이(%p)
compare-grid = 맞힌 실행에 따른 문항
compare-grid-everybody = 모두 맞힘
compare-grid-some = 일부가 맞힘
compare-grid-only-one = 하나만 맞힘
compare-grid-nobody = 아무도 못 맞힘
compare-report-title = { $a } / { $b }: { $dataset }
compare-report-verdict = 판단
compare-report-warnings = 주의
compare-report-settings = 비교한 것
compare-report-run = 실행
compare-report-weights = 가중치(SHA-256)
compare-report-tokenizer = 토크나이저(SHA-256)
compare-report-seed = 학습 시드
compare-report-created = 답한 때
compare-report-dataset = 데이터
compare-report-filters = 조건
compare-report-no-filters = 없음
compare-report-changed = 바뀐 답
compare-report-changed-count = 조건에 맞는 { $listed }문항 가운데 { $count }문항의 정오가 갈렸습니다.
compare-report-no-text = 답을 지문 속 위치로 나타냅니다. 본문이 여기 없거나, 이용 허락 조건이 본문 일부의 재배포를 허용하지 않습니다.
compare-report-made = AnswerDiff가 만들었습니다. 이 파일은 그 자체로 완결되어 있어 아무것도 내려받지 않고 스크립트도 실행하지 않습니다.
compare-report-id = 문항 번호
compare-command-bootstrap = 대조 확인: 문단을 { $resamples }번 다시 뽑은 부트스트랩의 95% 구간 { $low } ~ { $high }%p(시드 { $seed }).
compare-command-no-slices = { $dataset }: 본문이 이 컴퓨터에 없어 하위 집단별 비교를 생략했습니다. { $reason }
compare-command-written = 저장함: { $path }

## reported
reported-lead = 한 수강생의 실험 { $name }에서는 작은 한국어 BERT 네 개를 KorQuAD 1.0으로 학습하고, { $questions }문항 가운데 몇 문항을 맞혔는지로 비교했습니다. 보고된 수는 { $counts }이고, 그 차이에서 세 가지 결론을 이끌어 냈습니다. 이 화면은 보고된 값을 이 프로그램으로 학습한 네 모델의 값과 나란히 놓고, 결론마다 무엇에 근거하는지 따져 봅니다.
reported-fact-p = "{ $a } → { $b }"의 p
reported-fact-p-why = 아무리 작아도 이만큼입니다. { $net }문항을 얻고 하나도 잃지 않았을 때의 값입니다(정확 McNemar).
reported-fact-repeats = 같은 네 실행을 다시 하면
reported-fact-repeats-why = { $questions }문항 중 맞힌 수. 같은 사람이 처음 했을 때는 { $first }문항이었습니다.
reported-fact-whole = 모든 답이 "지문 전체"라면
reported-fact-whole-why = { $questions }문항 중 같은 규칙으로 맞은 수. 정확히 일치한 답은 { $exact }개입니다.
reported-fact-untrained = 학습 안 한 네트워크 { $networks }개
reported-fact-untrained-why = { $questions }문항 중 같은 규칙으로 맞은 수(지문 안에서만 답할 때). 정확히 일치한 답은 많아야 { $exact }개입니다. 원래 실험처럼 질문 안도 가리킬 수 있으면 { $anywhere }문항이고, 원래 실험의 네트워크는 { $theirs }문항이었습니다.
reported-table = 보고된 값과 측정한 값
reported-table-how = 보고된 값은 원래 실험이 KorQuAD dev의 { $judged }문항에서 얻은 것이고, 측정한 값은 여기서 학습한 실행의 것입니다. 괄호는 문단을 다시 뽑아 구한 95% 구간입니다. 맞힘, 정확히 일치, 길이는 원래 실험의 { $questions }문항과 규칙을 따릅니다. 시작과 끝을 따로 고르고, 예측에 정답이 들어 있기만 하면 맞은 것으로 셉니다. 보고된 "정확도"는 시작과 끝의 정확도를 더한 값이어서, { $accuracy }라면 경계 하나하나를 { $each }%의 비율로 맞혔다는 뜻입니다. 마지막 두 값은 이 대시보드가 내는 답, 곧 시작과 끝을 함께 고른 온전한 낱말로 계산합니다.
reported-column-parameters = 매개변수
reported-column-loss = 손실
reported-column-accuracy = 시작+끝 정확도
reported-column-right = { $questions }문항 중 맞힘
reported-column-exact = { $questions }문항 중 정확히 일치
reported-column-length = 길이 중앙값
reported-column-em = 정확히 일치 (%)
reported-column-f1 = F1 (%)
reported-column-answerer = 답한 것
reported-hidden = 맞힌 수가 감추는 것
reported-theirs = 보고
reported-ours = 측정
reported-run-base = 기본 (사전 학습 없음)
reported-run-pretrained-1 = 사전 학습 1
reported-run-pretrained-2 = 사전 학습 2
reported-run-pretrained-3 = 사전 학습 3
reported-shape = { $layers }층, 헤드 { $heads } × { $dim }, 학습률 { $rate }
reported-characters = { $count }자
reported-state-untrained = 아직 학습하지 않음
reported-state-unfinished = 아직 끝나지 않음
reported-state-unjudged = 이 문항들에 아직 답하지 않음
reported-state-unreadable = 예측을 읽을 수 없음
reported-missing = 측정한 값이 없는 행
reported-missing-why = 아래 명령을 실행하면 채워집니다. 이 화면의 나머지는 그 값 없이도 볼 수 있습니다.
reported-notes = 원래 실험과 다른 점
reported-notes-why = 각 실행의 run.json에서 읽었습니다.
reported-note-data = 학습 데이터는 { $names }, 질문 { $trained }개이며 그중 { $held_back }개는 에폭을 고르려고 남겨 두었습니다. 평가는 { $dataset }의 { $judged }문항으로 했으며, { $seen ->
    [yes] 그 일부는 학습에도 쓰였습니다
   *[no] 학습에 쓰인 문항은 없습니다
 }. 원래 실험은 질문 { $reported_trained }개로 학습하고, 에폭을 고를 때 쓴 { $reported_judged }문항으로 다시 평가했습니다.
reported-note-dropout = { $acts ->
    [yes] 비율이 { $rate }인 드롭아웃이 학습 중에 실제로 작동합니다. 원래 실험에서는 한 번도 작동하지 않았습니다.
   *[no] 원래 실험처럼 드롭아웃이 작동하지 않습니다.
 }
reported-note-fresh = 사전 학습 없이 새 가중치에서 시작합니다.
reported-note-pretrained = { $name }({ $steps }걸음, { $pieces }조각)에서 시작합니다. 텐서를 하나하나 확인하며 불러왔고, 초기값에서 떨어진 거리는 { $distance }입니다. 원래 실험의 사전 학습 가중치는 거의 확실히 불러오지 못했습니다.
reported-note-windows = { $slides ->
    [yes] { $length }조각보다 긴 지문은 { $stride }조각마다 새로 시작하는 겹친 창으로 읽으며, 버린 학습 질문은 { $dropped }개입니다. 원래 실험은 지문을 그 길이에서 자르고, 정답이 잘려 나간 학습 질문 { $reported_dropped }개를 버렸습니다.
   *[no] 지문을 { $length }조각에서 자르며, 버린 학습 질문은 { $dropped }개입니다. 원래 실험이 버린 질문은 { $reported_dropped }개입니다.
 }
reported-note-schedule = { $optimizer } { $epochs }에폭이며, 학습률은 { $schedule ->
    [linear] 0까지 줄어듭니다
   *[constant] 일정합니다
 }. 원래 실험은 { $reported_optimizer } 최대 { $reported_epochs }에폭이며 학습률이 일정했습니다.
reported-note-mask = 여기서는 질문이나 빈자리가 아니라 지문 안에서만 답을 고릅니다. 손실이 원래 실험보다 적은 자리에 나뉘므로, 손실끼리는 대강만 견줄 수 있습니다.
reported-claims = 세 가지 주장
reported-need = 짝지은 검정은 정오가 바뀐 문항만 봅니다. p < .05에 이르려면 적어도 { $gained }문항을 얻고 하나도 잃지 않아야 합니다. { $some_lost }문항을 잃으면 { $some_gained }문항을, { $more_lost }문항을 잃으면 { $more_gained }문항을 얻어야 합니다. 문항들이 서로 독립이라고 치면, 이런 검정 다섯 번 가운데 네 번에서 드러나려면 거꾸로 바뀐 문항이 하나도 없을 때에도 실제 차이가 { $questions }문항 가운데 약 { $favourable_questions }문항({ $favourable }%p)은 되어야 하고, 두 실행의 답이 서로 무관하다면 약 { $unrelated_questions }문항({ $unrelated }%p)은 되어야 합니다.
reported-need-clustered = { $measured ->
    [yes] 하지만 문항들은 독립이 아닙니다. { $questions }문항은 { $paragraphs }개 문단에 몰려 있어, 한 문단을 잘못 읽은 모델은 여러 문항을 함께 틀립니다. 우리 실행 { $runs }개를 둘씩 견준 { $pairs }쌍에서 같은 문단에 속한 두 문항의 차이는 { $correlation }의 상관을 보이며, 설계 효과는 { $design }입니다. 이를 넣으면 유리한 경우에 약 { $favourable_questions }문항({ $favourable }%p), 무관한 경우에 약 { $unrelated_questions }문항({ $unrelated }%p)이 필요합니다.
    [never] 하지만 문항들은 독립이 아닙니다. { $questions }문항은 { $paragraphs }개 문단에 몰려 있고, 우리 실행 { $runs }개를 둘씩 견준 { $pairs }쌍에서 같은 문단에 속한 두 문항의 차이는 { $correlation }의 상관을 보이며, 설계 효과는 { $design }입니다. 두 경우 가운데 적어도 하나에서는 어떤 차이도 드러나지 않습니다.
   *[no] 하지만 문항들은 독립이 아닙니다. { $questions }문항은 한 문단에 여럿씩 속해 있어, 한 문단을 잘못 읽은 모델은 여러 문항을 함께 틀립니다. 그래서 위의 수보다 더 필요하며, 얼마나 더 필요한지는 두 실행이 이 문항들에 답하면 여기에 나옵니다.
 }
reported-need-chart = 하나도 잃지 않고 늘어난 문항 수에 따른 p의 최솟값
reported-need-x = 늘어난 문항 수 ({ $questions }문항 중)
reported-need-claim = 주장 { $number }
reported-claim = 주장 { $number }
reported-claim-own = 보고된 값으로 보면
reported-claim-test = 검정으로 보면
reported-claim-ours = 우리 실행으로 보면
reported-claim-pair = A: { $a } · B: { $b }
reported-claim-link = { $a }, { $b } 비교하기
reported-claim-forest = 우리 실행의 차이와 95% 구간
reported-measure-rule = 규칙 ({ $questions }문항)
reported-measure-exact = 정확히 일치 ({ $questions }문항)
claims-count = { $agrees ->
    [yes] 보고된 수는 { $questions }문항 가운데 { $a } → { $b }, 주장대로 { $counted }문항이 늘었습니다.
   *[no] { $counted ->
        [0] 보고된 수는 { $questions }문항 가운데 { $a } → { $b }, { $claimed }문항이 늘었다는 주장과 달리 하나도 늘지 않았습니다.
       *[other] 보고된 수는 { $questions }문항 가운데 { $a } → { $b }, { $claimed }문항이 아니라 { $counted }문항이 늘었습니다.
     }
 }
claims-quoted = 주장이 든 { $quoted_a } → { $quoted_b }의 수는 다른 행의 것입니다. 이 두 행이 틀린 문항은 { $failed_a }개와 { $failed_b }개입니다.
claims-setting = { $setting ->
    [layers] 주장은 { $said_a }층 → { $said_b }층이라고 하지만, 설정에는 { $real_a }층 → { $real_b }층으로 되어 있습니다.
   *[heads] 주장은 헤드 { $said_a }개 → { $said_b }개라고 하지만, 설정에는 { $real_a }개 → { $real_b }개로 되어 있습니다.
 }
claims-confounded = 학습률도 함께 바뀌었습니다({ $a } → { $b }). 둘 가운데 무엇의 영향인지 이 표로는 알 수 없습니다.
claims-measures = 같은 두 행의 다른 값은 정확도 { $accuracy_a } → { $accuracy_b }({ $accuracy ->
    [better] 나아짐
   *[worse] 나빠짐
 }), 손실 { $loss_a } → { $loss_b }({ $loss ->
    [better] 나아짐
   *[worse] 나빠짐
 })입니다. { $together ->
    [better] 둘 다 나아졌습니다.
    [worse] 둘 다 나빠졌습니다.
   *[mixed] 서로 어긋납니다.
 }
claims-accuracy = { $measured ->
    [yes] { $judged }문항에서 정확도가 { $claimed } 올랐다는 주장에 대하여: 여기서 한 설정을 시드만 바꾸어 학습한 두 실행({ $runs })의 차이라면, 그만한 문항 수에서 95% 구간이 ± { $half }입니다(우리 { $ours }문항에서 문단을 다시 뽑아 구하고 문항 수의 제곱근으로 환산). 주장한 차이는 { $within ->
        [yes] 이보다 작습니다
       *[no] 이보다 큽니다
     }. 그 { $count }개 실행끼리도 { $spread }만큼 벌어집니다({ $accuracies }). 같은 크기를 학습한 다른 수강생의 값은 { $others_low }에서 { $others_high } 사이였습니다.
   *[no] { $judged }문항에서 정확도가 { $claimed } 올랐다는 주장에 대하여: 같은 크기를 학습한 다른 수강생의 값은 { $others_low }에서 { $others_high } 사이였습니다. 여기서 시드만 바꾸면 얼마나 벌어지는지는 한 설정의 두 시드가 답하면 나옵니다.
 }
claims-need = { $reaches ->
    [yes] 가장 유리하게 { $gained }문항을 얻고 { $lost }문항을 잃었다면 p는 { $best }입니다. 무엇이 바뀌었는지에 따라 { $worst }까지 커질 수 있습니다.
    [no] 가장 유리하게 { $gained }문항을 얻고 { $lost }문항을 잃었다면 p는 { $best }입니다. 무엇이 바뀌었는지에 따라 { $worst }까지 커질 수 있습니다. { $net }문항이 늘어난 것으로는 결코 .05에 이르지 못합니다.
   *[one] { $net ->
        [0] 두 수가 같으면 무엇이 바뀌었든 p는 1입니다.
       *[other] { $net }문항이 늘었다면 무엇이 바뀌었든 p는 1입니다.
     }
 }
claims-no-pair = 두 실행이 모두 있어야 합니다: { $a }, { $b }
claims-opposite = 규칙과 정확히 일치가 서로 반대쪽을 가리킵니다. 예측 길이의 중앙값은 A가 { $a }자, B가 { $b }자입니다.
claims-ours-rule = 원래 실험의 { $questions }문항, 그 실험의 규칙
claims-ours-exact = 원래 실험의 { $questions }문항, 정확히 일치
claims-ours-all = 전체 { $questions }문항, 정확히 일치
reported-trial = 시험대에 오른 채점 규칙
reported-trial-how = 이 규칙은 예측에 정답이 들어 있기만 하면 맞은 것으로 셉니다. 그래서 예측이 길어져서 손해를 보는 일은 없습니다. 같은 규칙으로 아무것도 읽지 않는 답, 원래 실험의 실행, 우리 실행을 채점했습니다.
reported-trial-right = 규칙으로 맞음
reported-trial-exact = 정확히 일치
reported-trial-baselines = 아무것도 읽지 않음
reported-trial-theirs = 보고된 값
reported-trial-ours = 우리 실행
reported-trial-x = 문항 수 ({ $questions }문항 중)
reported-trial-untrained = 학습하지 않은 우리 네트워크 { $networks }개는 { $least }–{ $most }문항을 맞히는데, 원래 실험의 것은 왜 { $theirs }문항이었을까요? 원래 실험은 가장 좋은 시작과 끝을 지문 안으로 제한하지 않았고, 우리는 제한합니다. 시작이 질문 안에 떨어지면 예측은 지문 첫머리부터 이어지고, 끝이 어디든 정답의 절반쯤은 그 앞에 있습니다. 같은 { $networks }개가 질문 안도 가리킬 수 있게 하면 { $anywhere_least }–{ $anywhere_most }문항을 맞히며, { $theirs }문항은 그 가운데 운이 좋은 경우입니다. 학습하지 않은 네트워크 하나로는 거의 아무것도 알 수 없습니다.
reported-trial-reading = "?": 그 실행의 정확히 일치한 답의 수는 보고되지 않았습니다. 학습하지 않은 네트워크의 막대는 중앙값이고, 선은 { $networks }개 가운데 가장 적은 수에서 가장 많은 수까지입니다. "가중치를 불러온 실행"은 다른 수강생의 것으로, 아래에서 설명합니다.
reported-answerer-whole = 지문 전체
reported-answerer-first = 처음 { $characters }자
reported-answerer-untrained = 학습 안 한 네트워크 { $networks }개
reported-answerer-anywhere = 같은 네트워크, 질문 포함
reported-answerer-untrained-theirs = 학습 안 한 네트워크
reported-answerer-repeats = 같은 네 실행을 다시
reported-answerer-loaded = 가중치를 불러온 실행
reported-longer = 모든 답을 늘려 보기
reported-longer-how = 실행의 공식 답마다 지문에서 바로 뒤따르는 낱말을 덧붙입니다. 더 알게 된 것은 하나도 없는데, 규칙은 점점 더 많은 답을 맞은 것으로 셉니다.
reported-longer-run = 누구의 답
reported-longer-words = 답마다 덧붙인 낱말 수
reported-longer-right = 규칙으로 맞음
reported-longer-exact = 정확히 일치
reported-longer-length = 길이 중앙값
reported-longer-y = %
reported-longer-chart = { $run }의 답을 낱말 하나씩 늘렸을 때
reported-longer-on = { $dataset }의 처음 { $questions }문항입니다.
reported-longer-no-text = 이 부분은 지문을 읽어야 하는데 KorQuAD의 본문이 이 컴퓨터에 없습니다. 규칙은 어느 데이터에서나 똑같이 작동하므로 { $dataset }의 문항으로 보입니다.
reported-longer-no-run = 네 실행 가운데 하나라도 본문이 이 컴퓨터에 있는 문항에 답하면, 여기서 그 답을 늘려 볼 수 있습니다.
reported-loaded = 사전 학습 가중치를 정말 불러왔는가
reported-loaded-how = 이름으로 불러오기는 네트워크가 아는 이름의 텐서만 넣어 주고 나머지에 대해서는 아무 말도 하지 않습니다. 맞는 이름이 하나도 없으면 학습은 새 가중치에서 그대로 시작되고 아무도 그 사실을 모릅니다.
reported-silent = 그대로 다시 해 보았습니다. 다른 프로그램의 이름이 붙은 텐서 { $tensors }개짜리 파일을, 원래 맞는 { $layers_a }층 네트워크와 { $layers_b }층 네트워크에 이름으로 불러왔습니다. 들어간 텐서는 { $matched_a }개와 { $matched_b }개, 초기값에서 떨어진 거리는 { $distance_a }, { $distance_b }, 오류 메시지는 없습니다. 원래 실험에서도 같은 파일이 3층과 6층 모델에 아무 말 없이 들어갔습니다.
reported-strict = 이 프로그램은 엄격하게 불러옵니다. 같은 파일에는 다음과 같이 답하며, 다른 점 { $differences }개를 모두 늘어놓습니다.
reported-distance-run = 실행
reported-distance-encoder = 사전 학습 인코더
reported-distance-start = 불러온 직후, 초기값에서
reported-distance-end = 미세 조정 뒤, 인코더에서
reported-distance-now = 미세 조정 뒤, 초기값에서
reported-distance-how = run.json에 기록된, 인코더 가중치의 상대 거리입니다. 첫째 값이 0이면 아무것도 불러오지 않은 것입니다. 엄격한 불러오기를 통과하면 모든 텐서가 사전 학습 인코더의 것이므로, 인코더에서의 거리는 0에서 시작합니다.
reported-loaded-none = 네 실행 가운데 사전 학습 가중치에서 시작한 것이 아직 없습니다.
reported-loaded-elsewhere = 가중치를 정말로 불러온 다른 수강생의 실행(매개변수 약 { $parameters }개)은 시작 정확도 { $start }, 끝 정확도 { $end }, 같은 규칙으로 { $questions }문항 중 { $right }문항을 맞혔고 그중 { $exact }문항은 정확히 일치했습니다.
reported-sources = 값의 출처
reported-sources-reported = 보고된 값: { $name }, { $author }. { $page }. { $notebook }. 모두 core/audit/reported.json에 있으며, 이 화면에서 손으로 적어 넣은 수는 그것뿐입니다.
reported-sources-others = { $others }.
reported-sources-computed = 지문을 답으로 내는 경우, 학습하지 않은 네트워크, 말 없는 불러오기의 값은 `python -m core reported --fresh` 명령으로 계산하여 본문 없이 문항 번호, 위치, 점수로 저장한 것입니다. 나머지는 모두 저장된 실행에서 계산합니다.
reported-sources-terminal = 터미널에서 같은 내용 보기:

## many runs
many-ordering = 순위
many-run = 실행
many-group = 묶음
many-group-how = 같은 글자가 하나라도 붙은 실행끼리는 구별되지 않습니다(모든 쌍을 max-T로 보정, .05).
many-pairs = 모든 쌍
many-plain = p(이 쌍만)
many-holm = p(Holm)
many-adjusted = p(max-T)
many-critical = 구별되는 최소 차이(%p)
many-adjusted-how = p(max-T)는 이 쌍들 가운데 어느 것을 골라도 성립합니다. 문단마다 차이의 부호를 뒤집는 재표집을 고정된 시드로 { $flips }번, 모든 쌍에 똑같이 적용해 얻었으며, .05 부근의 모의실험 오차는 ± { $error }입니다. p(이 쌍만)에는 난수를 쓰지 않습니다.
many-level = 여기서 따지는 것은 학습을 마친 바로 이 모델들이 다른 문항에서도 다를지입니다. 학습 설정끼리 다른지는 설정마다 여러 번 학습해 보아야 알 수 있습니다.
many-one-recipe = 한 학습 설정으로 두 번 학습한 실행입니다. p가 얼마이든 어느 설정이 더 낫다는 뜻은 아닙니다.
many-selected = 실행 { $runs }개({ $pairs }쌍) 가운데 골라낸 쌍입니다. 이 쌍만 보면 p { $plain }, 여럿 가운데 골랐다는 점까지 보정하면 p { $adjusted }입니다(max-T, 문단 단위 부호 뒤집기 { $flips }번, 모의실험 오차 ± { $error }).

## plan
plan-needed = 실제 차이가 { $difference }%p일 때 검정 다섯 번 가운데 네 번에서 드러나려면 약 { $questions }문항(문단 { $paragraphs }개)이 필요합니다. 문항이 어떻게 엇갈리고 문단별로 뭉치는지를 이 쌍만으로는 다 알 수 없어, { $low }~{ $high }문항 가운데 어느 값이든 될 수 있습니다. 지금의 { $observed_questions }문항(문단 { $observed }개)에서 드러날 확률은 { $power }%입니다.
plan-seeds = 위의 계산은 두 모델에 관한 것입니다. 학습할 때마다 점수가 표준편차 { $deviation }%p로 흩어지는 두 학습 설정 사이에서 { $difference }%p 차이를 드러내려면, 설정마다 적어도 { $seeds }회 학습하고 약 { $questions }문항이 필요합니다. { $most }회씩 학습하면 약 { $most_questions }문항이 필요합니다.
plan-seeds-not-enough = 위의 계산은 두 모델에 관한 것입니다. 학습할 때마다 점수가 표준편차 { $deviation }%p로 흩어지는 두 학습 설정 사이에서는, 설정마다 { $most }회 학습하고 문항이 무한히 많아도 { $difference }%p 차이를 검정 다섯 번 가운데 네 번에서 드러낼 수 없습니다.
plan-curve = 문항 수에 따른 검정력
plan-seed-curve = 두 학습 설정을 구별하는 검정력
plan-power = 검정력(%)
plan-error = 모의실험 오차
plan-trainings = 설정마다 학습 횟수
plan-power-here = 지금 문항 수에서 검정력(%)
plan-questions = 검정력 .80에 필요한 문항 수
plan-limit = 문항이 무한할 때 검정력(%)
plan-how = 판정이 아니라 계획이며, 이 쌍이 실제로 다른지는 말해 주지 않습니다. 이 쌍의 답이 엇갈리고 문단별로 뭉치는 양상대로 고정된 시드로 모의실험했습니다. 기준은 양측 p < .05에서 검정력 .80입니다.

## difficulty
difficulty-runs = 실행의 능력
difficulty-ability = 능력(로짓)
difficulty-model = 라슈(Rasch) 모형: 맞힐 확률은 실행의 능력에서 문항의 난이도를 뺀 값의 로지스틱 함수입니다. 시드만 다른 실행들은 합쳐서 실행 하나만큼만 셈합니다.
difficulty-separating = 실행을 가르는 문항
difficulty-suspects = 아무도 맞히지 못하고 대부분 같은 답을 낸 문항
difficulty-suspects-how = { $suspects ->
    [0] 정답이 의심스러운 문항이 없습니다. 아무도 맞히지 못하면서 충분히 많은 학습 설정이 같은 답을 낸 문항은 없습니다.
   *[other] { $suspects }문항은 정답이 틀렸거나 모호할 수 있습니다. 모든 실행이 함께 빠진 함정일 수도 있습니다. 여기서 가장 나은 실행의 정답률도 { $best }%에 그칩니다. 지문을 읽고 판단하십시오.
}
difficulty-question = 질문
difficulty-gold = 정답
difficulty-agreed-answer = 실행들의 답
difficulty-agreed = 같은 답의 비율
difficulty-right = 맞힌 실행
difficulty-difficulty = 난이도
difficulty-se = 표준오차

## compare: tabs
compare-view-pair = 이 쌍
compare-view-all = 모든 쌍
compare-view-plan = 필요한 문항 수
compare-view-questions = 어려운 문항
compare-margin = 같다고 볼 차이(%p)
compare-margin-help = 양쪽으로 이만큼까지는 차이가 없는 것으로 봅니다. 구간 전체가 이 안에 들면 "사실상 같음"으로 판정합니다.
compare-many-busy = 모든 쌍을 비교하는 중 …
compare-many-map = 어느 실행끼리 구별되는가
compare-many-better = 여기서 나은 쪽
compare-many-other = 상대
compare-many-note = 참고
compare-many-open = 행을 누르면 그 두 실행을 비교합니다.
compare-plan-effect = 찾아내려는 실제 차이(%p)
compare-plan-nothing = 두 실행이 맞힌 문항이 똑같습니다. 답이 어떻게 엇갈릴지 알 수 없으므로 계획을 세울 수 없습니다.
compare-plan-busy = 모의실험하는 중 …
compare-plan-hover = %{"{"}x:,{"}"}문항(문단 %{"{"}customdata:,{"}"}개): %{"{"}y:.0f{"}"}%
compare-plan-here = 지금
compare-plan-needed = 검정력 .80:
compare-questions-few = 바로 이 문항들에 답한 실행이 네 개 이상 있어야 합니다.
compare-questions-how = 실행 { $runs }개(학습 설정 { $recipes }가지)가 이 문항들에 낸 답으로 계산했습니다. 행을 누르면 그 문항이 열립니다.
compare-questions-separates = 변별
