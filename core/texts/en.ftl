# Every text a user sees on the pages and in the command line. Same keys as ko.ftl.

## dashboard
dashboard-language = English
dashboard-page-runs = Runs
dashboard-page-learning-curves = Learning curves
dashboard-page-compare = Compare
dashboard-page-ask = Ask
dashboard-page-reported = Reported vs measured
dashboard-hours = { $hours } h { $minutes } min
dashboard-minutes = { $minutes } min { $seconds } s
dashboard-seconds = { $seconds } s
dashboard-status-running = running
dashboard-status-finished = finished
dashboard-status-stopped = stopped
dashboard-status-failed = failed
dashboard-status-broken = broken
dashboard-run = Run
dashboard-reason = Reason
dashboard-run-a = Run A
dashboard-run-b = Run B
dashboard-swap = Swap A and B
dashboard-same-run = A and B are the same run: there can be no difference.
dashboard-chosen-runs = Runs to show
dashboard-choose-runs = Choose runs
dashboard-no-runs = There are no runs yet
dashboard-no-runs-why = Runs are looked for in { $folder }. Train a first model with the command below; it shows up here as soon as it starts.
dashboard-one-run = A comparison needs two sound runs
dashboard-one-run-why = Train another one with the command below, or take an archived one back on the Runs page.
dashboard-broken-runs = { $count ->
    [one] 1 run cannot be read
   *[other] { $count } runs cannot be read
 }
dashboard-broken-runs-why = These folders were left untouched and do not affect any other run.
dashboard-no-predictions = { $run }: no predictions for { $dataset } yet
dashboard-no-predictions-why = The command below answers and scores every question of this dataset.
dashboard-unreadable = { $what } cannot be read: { $error }
dashboard-fetch = Download { $dataset }
dashboard-fetch-help = From its official address, believed only if its checksum is the known one. It stays on this machine.
dashboard-fetch-begins = Asking for the file
dashboard-fetch-progress = { $megabytes } MB so far
dashboard-fetch-done = { $dataset } is here, and its checksum is right.
dashboard-fetch-failed = It could not be downloaded
dashboard-fetch-failed-why = Is there no network? Then fetch { $url } on another machine, put the file into the folder { $folder }, and reload this page. Everything else works without it.

## runs
runs-column-run = Run
runs-column-status = Status
runs-column-interval = { $what } 95% interval
runs-column-with-interval = { $what } (95% interval)
runs-column-accuracy-sum = Start+end accuracy
runs-column-loss = Loss
runs-column-original = 102-question rule
runs-column-original-exact = exact among them
runs-column-original-median-length = Median prediction length (rule)
runs-column-curve = Training loss
runs-column-variant = Variant
runs-column-pretrained = Pre-trained from
runs-column-parameters = Parameters
runs-column-trained-on = Training data
runs-column-best-epoch = Best epoch
runs-column-duration = Duration
runs-column-created = Started
runs-column-tags = Tags
runs-column-folder = Folder
runs-column-dataset = Dataset
runs-column-questions = Questions
runs-column-paragraphs = Paragraphs
runs-column-rule = Split rule
runs-column-use = Used for
runs-column-median-length = Median answer length
runs-column-setting = Setting
runs-column-value = Value
runs-column-file = File
runs-column-size = Size
runs-use-train = training
runs-use-validation = validation
runs-help-exact-match = Answers on { $dataset } that equal the gold answer (%), KorQuAD's official rule
runs-help-f1 = Character F1 with the gold answer on { $dataset } (%), KorQuAD's official rule
runs-help-interval = 95% bootstrap interval, resampling paragraphs rather than questions: questions of one paragraph are not independent.
runs-help-accuracy-sum = The original experiment's figure: accuracy of the start plus accuracy of the end (at most 2)
runs-help-median-length = Characters of the answers: half of them are shorter, half are longer
runs-help-loss = Start cross-entropy plus end cross-entropy. Guessing uniformly is 2 ln 384 = 11.90.
runs-help-original = The original experiment's rule: of the first 102 questions, how many predictions contain the gold text. It rewards long answers.
runs-help-original-exact = Of the same 102 questions, how many predictions are exactly the gold text
runs-help-curve = The course of the training loss, in small
runs-search = Search
runs-search-hint = Name, variant, tag
runs-show-archived = Show archived runs
runs-scored-on = Scores on (runs with predictions)
runs-none-match = No run matches.
runs-to-learning-curves = Learning curves
runs-to-compare = Compare
runs-to-ask = Ask
runs-select-hint = Select two runs in the table's left column to compare them.
runs-selected = { $count } selected · A: { $a } · B: { $b }
runs-differences = What differs in the settings
runs-base = Base run
runs-identical-too = Show identical settings too
runs-no-differences = The chosen runs have the same settings.
runs-differences-reading = Against the base run: ≠ another value, + not set there, − set only there. No sign: the same.
runs-in-full = Run in full
runs-edit = Labels
runs-label-title = Title
runs-label-description = Description
runs-label-tags = Tags
runs-label-tags-help = Separated by commas
runs-label-archived = Archived
runs-label-archived-help = Only hides it from lists; its files stay.
runs-save = Save
runs-failed = The training ended in an error: { $error }
runs-stopped = No sign of life since { $updated }. The command below continues the training.
runs-no-weights = The weights are not here, so this run cannot answer new questions. Its stored predictions can be seen.
runs-imported = This run was trained elsewhere and imported from the folder { $folder }. Its curves and answers can be seen and compared; without weights it cannot answer new questions.
runs-no-probabilities = This run gave its answers without probabilities: there is nothing to calibrate.
runs-tab-scores = Scores
runs-tab-calibration = Calibration
runs-tab-settings = Settings
runs-tab-data = Data
runs-tab-files = Files
runs-interval-method = In brackets: 95% interval from resampling the paragraphs 10,000 times. It covers the choice of test questions, not what retraining would change.
runs-calibration-error = Expected calibration error (ECE)
runs-calibration-error-help = How far an answer's probability is from the share that is right, on average (10 bins, Guo et al. 2017). At 0 probabilities can be taken at their word.
runs-overconfident = On average the probability is { $points } points **too high** (overconfident).
runs-underconfident = On average the probability is { $points } points **too low** (underconfident).
runs-reliability-x = Probability the model gives
runs-reliability-y = Share that is right
runs-reliability-perfect = perfectly calibrated
runs-reliability-hover = mean probability %{"{"}customdata[0]:.1%{"}"}<br>right %{"{"}y:.1%{"}"}<br>95% interval %{"{"}customdata[2]:.1%{"}"} – %{"{"}customdata[3]:.1%{"}"}<br>answers %{"{"}customdata[1]{"}"}
runs-reliability-reading = { $answers } answers. A bar below the dotted line: the probability is higher than the share that is right. Whiskers: 95% intervals (Wilson, answers taken as independent).
runs-reliability = Can its probabilities be taken at their word?
runs-risk = Do they tell right answers from wrong ones?
runs-risk-x = Share of questions answered, the surest first
runs-risk-y = Of these, share that is wrong
runs-risk-run = this run
runs-risk-best = if every right answer came before every wrong one
runs-risk-hover = answered %{"{"}x:.1%{"}"}<br>wrong %{"{"}y:.1%{"}"}
runs-risk-reading = If only the surest answers were given: how many of them would be wrong (risk-coverage curve, Geifman and El-Yaniv 2017). The lower on the left, the more its sureness is worth.
runs-risk-alt = Risk-coverage curve: share of wrong answers by the share of questions answered, the surest first
runs-aurc = Area under the risk-coverage curve (AURC)
runs-aurc-help = The mean share of wrong answers over all shares of questions answered; at this accuracy { $best } at best.
runs-auroc = AUROC of the probability
runs-auroc-help = How often a right answer has a higher probability than a wrong one. 0.5: the probability tells nothing.
runs-calibration-basis = Judged on { $dataset }, with the run's temperature { $temperature } applied. Stored are the ten best answers of each question at temperature 1; how the others share what is left is estimated, so that single probabilities are off by about a point. Curve and AUROC, which ask for the order alone, take the stored probabilities. **Fitted on the questions held back**: on { $questions } of them the error went from { $before } to { $after } points; that figure is the fit's own and flatters it.
runs-calibration-raw = This run is not calibrated: its probabilities are judged as they come ({ $command }).
runs-reliability-alt = Reliability diagram: share of right answers by the probability the model gave
runs-reproduce = The command that makes this run again

## evaluation
verdict-models = These two models, on other questions of this kind
verdict-recipes = These two recipes, trained again
verdict-lead = { $lead ->
    [b] B answers { $more } more of { $questions }
    [a] A answers { $more } more of { $questions }
   *[none] A and B each answer { $right } of { $questions }
 }
verdict-figures = B - A: { $difference } points, 95 % interval { $low } to { $high }, p { $p }
verdict-reach = { $reach ->
    [some] { $questions } questions can show differences of about { $detectable } points or more.
   *[none] { $questions } questions are too few to show any difference.
 }
verdict-b-better = { verdict-models }: B is better. { verdict-lead } ({ verdict-figures }).
verdict-a-better = { verdict-models }: A is better. { verdict-lead } ({ verdict-figures }).
verdict-practically-same = { verdict-models }: practically the same. { verdict-lead } ({ verdict-figures }): the whole interval lies within the { $margin } points either way that count as no difference.
verdict-uncertain = { verdict-models }: too uncertain to tell. { verdict-lead } ({ verdict-figures }). { verdict-reach }
verdict-too-few = { verdict-models }: nothing to test. { verdict-lead }, but { $cause ->
    [paragraphs] the questions come from only { $paragraphs } { $paragraphs ->
        [one] paragraph
       *[other] paragraphs
     }: questions about one paragraph go right or wrong together, and the test holds from { $least } paragraphs on.
    [unequal] a few paragraphs hold most of the questions: the { $paragraphs } paragraphs count as only { $effective }, and the test holds from { $least } on.
   *[discordant] A and B differ on only { $discordant } { $discordant ->
        [one] question
       *[other] questions
     } in { $discordant_paragraphs } { $discordant_paragraphs ->
        [one] paragraph
       *[other] paragraphs
     }, where no result could be told from chance.
 }
verdict-same-outcomes = { verdict-models }: no difference seen. A and B are right on the very same { $right } of { $questions } questions, though not all their answers are the same. This does not show that neither is better: a difference of up to about { $possible } points may still be there.
verdict-identical = A and B give the same answer to each of the { $questions } questions. There is no difference to judge; they may be one and the same model.
verdict-one-recipe = Two trainings of one recipe: { verdict-lead } ({ $cause ->
    [none] { verdict-figures }
   *[other] B - A: { $difference } points, not tested
 }). That is a difference between these two trainings, not between recipes.
verdict-recipe-figures = mean of { $b } trainings of B less that of { $a } of A: { $difference } points, 95 % interval { $low } to { $high }, p { $p }
verdict-recipe-plan = { $plan ->
    [some] If the difference stays, about { $needed } trainings of each would settle it, taken that trainings of one recipe differ by a standard deviation of { $deviation } points as { $names } do.
    [never] If the difference stays, no number of trainings would settle it: for that there are too few questions.
   *[unknown] How many trainings would settle it is unknown too: no recipe has two on this dataset.
 }
verdict-recipe-b-better = { verdict-recipes }: B's is better ({ verdict-recipe-figures }).
verdict-recipe-a-better = { verdict-recipes }: A's is better ({ verdict-recipe-figures }).
verdict-recipe-practically-same = { verdict-recipes }: practically the same ({ verdict-recipe-figures }): the whole interval lies within { $margin } points either way.
verdict-recipe-uncertain = { verdict-recipes }: too uncertain to tell ({ verdict-recipe-figures }). { verdict-recipe-plan }
verdict-recipe-unknown = { verdict-recipes }: { $each ->
    [one] one training each, so whether the recipe is better is not known.
   *[few] { $a } of A and { $b } of B, where at least { $least } of each are needed: whether the recipe is better is not known.
 } { verdict-recipe-plan }
verdict-recipe-too-few = { verdict-recipes }: nothing to test.
verdict-recipe-one = The { $a } trainings of this recipe score { $lowest } to { $highest } % here; they differ by their seed alone.

error-exact = exact
error-right-text-elsewhere = right text at another place
error-josa = particle only
error-boundary-long = too long
error-boundary-short = too short
error-boundary-shifted = shifted
error-same-sentence = elsewhere in the sentence
error-elsewhere = elsewhere
error-outside-window = answer outside every window
error-empty = no answer

slice-question_type = Question asks
slice-question_type-who = who
slice-question_type-when = when
slice-question_type-where = where
slice-question_type-what = what
slice-question_type-which = which
slice-question_type-how-many = how many
slice-question_type-how = how
slice-question_type-why = why
slice-question_type-other = other
slice-answer_length = Answer length
slice-answer_length-1-2 = 1-2 characters
slice-answer_length-3-5 = 3-5 characters
slice-answer_length-6-10 = 6-10 characters
slice-answer_length-11-or-more = 11 characters or more
slice-answer_kind = Kind of answer
slice-answer_kind-number-or-date = number or date
slice-answer_kind-name-like = like a name
slice-answer_kind-phrase = phrase
slice-answer_position = Position of the answer
slice-answer_position-beginning = first third of the passage
slice-answer_position-middle = middle third
slice-answer_position-end = last third
slice-context_length = Passage length
slice-context_length-under-400 = under 400 characters
slice-context_length-400-599 = 400-599 characters
slice-context_length-600-or-more = 600 characters or more
slice-overlap = Words shared by question and answer sentence
slice-overlap-low = few
slice-overlap-middle = some
slice-overlap-high = many
slice-article = Article
slice-too-few = too few
slice-exploratory = Exploratory. Inside minus rest: how much more B gains in a slice than in all other questions; where it is 0, the slice shows the overall difference once more. Intervals and p hold for all slices together (Bonferroni, paragraphs as units); "expected" is what remains of the contrast after empirical Bayes: the largest of many is too large. The clearest come first.
slice-contrast = inside minus rest
slice-contrast-interval = 95 % interval, all slices
slice-shrunken = expected
slice-whole = all questions

compare-core-different-dataset = The runs were judged on different data: A on { $a } ({ $hash_a }), B on { $b } ({ $hash_b }).
predictions-other-dataset = the stored answers are to another dataset of this name (SHA-256 { $stored }), not to { $dataset } ({ $at_hand }). Give the dataset's file another name, or delete the stored answers, and predict again.
interval-unknown = cannot be told
dataset-unusable = { $questions ->
    [one] 1 question of the file is
   *[other] { $questions } questions of the file are
 } unusable and left out.
compare-core-different-scorer = The answers were scored by different rules: { $a } and { $b }. Answer and score again: { $command }
compare-core-unknown-error-types = { $side } ({ $run }) holds kinds of answers that this version does not know: { $types }. Answer again: { $command }
compare-core-different-questions = The runs did not answer the same questions: { $common } in common, { $only_a } only in A, { $only_b } only in B.
compare-core-no-common-question = The runs have no question in common.
compare-core-common-part = Only the { $common } common questions are compared; { $only_a } of A and { $only_b } of B are left out.
compare-core-no-original-questions = { $dataset } does not begin with the original experiment's 102 questions; these do: { $datasets }.
compare-core-part-all = all of them
compare-core-part-original = the original experiment's 102 questions
compare-core-datasets-differ = The datasets differ ({ $a }, { $b }); { $moved ->
    [0] the gold answers of the common questions are at the same places.
    [one] 1 common question has its gold answer at another place.
   *[other] { $moved } common questions have their gold answers at other places.
 }
compare-core-different-tokenizer = The runs use different tokenizers: part of the difference may come from where pieces end.
compare-core-different-max-sequence-length = The runs see windows of different length: { $a } and { $b } pieces.
compare-core-different-doc-stride = The runs move their window by different steps: { $a } and { $b } pieces.
compare-core-different-reading-version = The answers were read off the networks by different rules (version { $a } and { $b }): part of the difference may come from that. Answer again: { $command }
compare-core-different-max-pieces = The longest answer allowed is { $a } pieces in A and { $b } in B: part of the difference comes from that. If the setting (answering.max_pieces) was changed since, answer again: { $command }
compare-core-different-max-added = An answer may grow by { $a } characters to whole words in A and by { $b } in B: part of the difference comes from that. If the setting (answering.max_added) was changed since, answer again: { $command }
compare-core-different-error-types-version = The kinds of answers were told apart by different rules (version { $a } and { $b }): which kind became which says nothing here. EM and F1 do not depend on it. Answer again: { $command }
compare-core-trained-on-these-questions = { $side } ({ $run }) was trained on questions of this dataset: its score says nothing about new questions.
compare-core-same-run = A and B are the same run ({ $run }).
compare-core-same-weights = A and B have the same weights: they are one model under two names.
compare-core-trained-elsewhere = { $side } ({ $run }) was trained elsewhere: how it cuts text into pieces and windows is not known, nor whether it was trained on these very questions.
compare-core-no-argmax = The original's rule judges where the network's start and end are most likely, each on its own. That is not known of a run that was trained elsewhere.
compare-core-measure = Measure
compare-core-criterion = Right means
compare-core-criterion-exact = exact match
compare-core-criterion-f1 = F1 of at least { $threshold }
compare-core-criterion-substring = the gold answer is part of the answer (the original's rule)
compare-core-right = right (%)
compare-core-exact-match = exact match
compare-core-f1 = F1
compare-core-difference = B - A (points)
compare-core-interval = 95 % interval
compare-core-p = p
compare-core-p-adjusted = p, corrected
compare-core-detectable = shows from (points)
compare-core-outcome-both = both right
compare-core-outcome-only-a = only A right
compare-core-outcome-only-b = only B right
compare-core-outcome-neither = both wrong
compare-core-questions = questions
compare-core-paragraphs = paragraphs
compare-core-mcnemar = McNemar mid-p { $mid }, exact { $exact }: these assume independent questions, which questions about one paragraph are not.
compare-core-clustering = Questions of one paragraph correlate with { $icc } (intra-class correlation); this multiplies the variance by { $effect }.
compare-core-clustering-unknown = How far the questions of one paragraph correlate cannot be told here, nor how far the figures would scatter for it.
compare-core-test = Interval and p are one test without a random number: the difference over its standard error of { $paragraphs } paragraphs (worth { $effective } of equal size), widened where paragraphs are skewed.
compare-core-movement = From A's kind of answer (rows) to B's (columns)

## learning-curves
learning-curves-choose = Choose the runs to show.
learning-curves-empty = The chosen runs have no records yet
learning-curves-empty-why = They appear here by themselves as soon as the training logs its first one.
learning-curves-nothing = Nothing was logged for this choice. Try another metric or the other split.
learning-curves-metrics = Metrics
learning-curves-x = Horizontal axis
learning-curves-x-step = Step
learning-curves-x-epoch = Epoch
learning-curves-x-examples = Examples
learning-curves-x-tokens = Tokens
learning-curves-x-seconds = Seconds
learning-curves-more = View
learning-curves-splits = Split
learning-curves-split-train = train
learning-curves-split-validation = validation
learning-curves-log-x = Logarithmic horizontal axis
learning-curves-log-y = Logarithmic vertical axis
learning-curves-group = Group runs that differ by the seed alone
learning-curves-group-help = The line is their mean, the band runs from the lowest to the highest.
learning-curves-smoothing = Smoothing
learning-curves-smoothing-help = Exponential moving average of the training curves only. The raw values always stay visible as a faint line.
learning-curves-best = best epoch
learning-curves-progress = ▶ { $run }: step { $step } of { $total } · { $speed } examples/s · { $left } left
learning-curves-reading = Thin lines: training; thick lines: validation.
learning-curves-reading-zoom = Drag across a chart to zoom into that stretch.
learning-curves-zoom-out = Show all
learning-curves-reading-gap = The generalisation gap is validation minus the training just before it (the last quarter of the records since the previous validation).
learning-curves-reading-best = The star marks the best epoch, whose weights were kept.
learning-curves-reading-group = The band runs from the lowest to the highest seed; the number of runs is in brackets.
learning-curves-reading-smoothing = Training curves are smoothed by { $weight }; faint lines are the raw values.
learning-curves-values = Values at one place
learning-curves-at = Last value up to here ({ $axis })
learning-curves-csv = Download CSV
learning-curves-image = The charts' camera saves
learning-curves-skipped = { $lines ->
    [one] 1 line
   *[other] { $lines } lines
 } of the histories could not be read.
learning-curves-alt = Last values:
learning-curves-gap = Generalisation gap: { $metric } (validation − train)
learning-curves-metric-loss = Loss
learning-curves-metric-start-accuracy = Start accuracy
learning-curves-metric-end-accuracy = End accuracy
learning-curves-metric-accuracy-sum = Start+end accuracy
learning-curves-metric-learning-rate = Learning rate
learning-curves-metric-gradient-norm = Gradient norm
learning-curves-metric-examples-per-second = Examples/s
learning-curves-metric-tokens-per-second = Tokens/s
learning-curves-metric-exact-match = EM
learning-curves-metric-f1 = F1

## ask
ask-examples = Example questions
ask-question = Question
ask-question-hint = For example: 누리호는 언제 발사되었는가?
ask-passage = Passage
ask-passage-hint = Type or paste the text that holds the answer. Left empty, a passage is searched for in the datasets and in your files.
ask-ask = Ask
ask-ask-hint = Press Enter or leave the field, and both runs answer. They cut their answer out of the passage as it stands.
ask-no-question = Type a question.
ask-long-question = The question is too long: { $characters } characters, and { $limit } are the limit.
ask-long-passage = The passage is too long: { $characters } characters, and { $limit } are the limit. Keep the part that may hold the answer.
ask-passage-missing = This address does not bring the passage back: one of over { $limit } characters does not fit into it, and the dashboard where it was typed keeps it only for a while. Paste the passage again, or press Ask to have another one searched for.
ask-example-missing = The question that the link names is not on this machine: { $example }
ask-browse = Choose a passage from a dataset
ask-browse-dataset = Dataset
ask-browse-search = Search by title or words
ask-browse-nothing = No passage matches.
ask-browse-found = { $shown } of { $count } passages
ask-browse-question = Questions about this passage
ask-browse-take = Use this passage and question
ask-search-in = Datasets to search for a passage
ask-search-indexing = Indexing the passages
ask-search-nothing = None of { $count } passages shares anything with the question.
ask-search-found = Of { $count } passages, both runs have read the { $shown } that fit the question best (BM25 over pairs of characters).
ask-search-choose = Passage to look at
ask-loading = Loading the model ({ $seconds } s). Only the first time takes this long.
ask-reading = Reading: { $done } of { $total } windows
ask-upload = Search in files of your own
ask-upload-files = Text files, or question sets in SQuAD JSON
ask-upload-hint = UTF-8, UTF-16 and CP949 (EUC-KR) are read; { $limit } MiB a file at most. A text is cut into passages of about a paragraph. The files stay in the memory of this server for as long as this session, and are not stored.
ask-upload-read = { $name }: { $passages ->
    [one] one passage
   *[other] { $passages } passages
}, read as { $encoding }
ask-upload-partly = { $name }: { $passages ->
    [one] one passage
   *[other] { $passages } passages
}, read as { $encoding }. { $problems ->
    [one] One problem
   *[other] { $problems } problems
} in the file:
ask-upload-unusable = { $problems ->
    [one] This file cannot be used:
   *[other] This file cannot be used, for { $problems } reasons:
}
ask-upload-problems = Problems of the file
ask-upload-where = Where
ask-upload-what = What
ask-upload-search = Empty the passage and search in these
ask-upload-forget = Forget the files
ask-probability = Probability { $percent }%
ask-probability-places = The same text stands in several places of the passage; they are added up. The marked place alone: { $percent }%.
ask-right = equals the gold answer
ask-wrong = differs from the gold answer
ask-not-sure = not sure
ask-calibrated = This probability is calibrated. Below { $limit }% it counts as “not sure”.
ask-uncalibrated = This probability is not calibrated: it may be far too high or too low ({ $command }). Below { $limit }% it counts as “not sure”.
ask-reliability = What this probability rests on
ask-reliability-reading = After training, the run answered { $questions } questions about articles of { $datasets } that it was not trained on. Dividing its scores by { $temperature } brings the right answers nearest to their probabilities (temperature scaling); the mean gap between probability and truth went from { $before } to { $after } points. This is measured on the very questions that the temperature was fitted on; on others it may be worse (Calibration, on the page Runs). At its new probabilities:
ask-reliability-range = Probability
ask-reliability-count = Answers
ask-reliability-confidence = Said
ask-reliability-accuracy = Right
ask-gold = gold
ask-no-answer = There is nothing to read in this passage, hence no answer.
ask-rivals = The best answers and their probabilities
ask-column-answer = Answer
ask-column-probability = Probability
ask-column-place = Place
ask-column-place-help = From which character of the passage to which. Select a row to mark it in the passage too.
ask-strip-start = Start
ask-strip-end = End
ask-strip-reading = How probable it is that the answer starts and ends here, from the passage's beginning (left) to its end. The pale band is the answer.
ask-cost = { $milliseconds } ms · { $pieces } pieces of passage · { $windows ->
    [one] 1 window
   *[other] { $windows } windows
 }
ask-agree-same = Both runs give the same answer: **{ $a }**
ask-agree-overlap = The answers overlap but have different boundaries. A: **{ $a }** · B: **{ $b }**
ask-agree-elsewhere = Both chose the same words at different places. A: **{ $a }** · B: **{ $b }**
ask-agree-different = The runs answer differently. A: **{ $a }** · B: **{ $b }**
ask-agree-one = Only { $side } answered.
ask-no-weights = This run has no weights
ask-no-weights-why = It needs the file model.safetensors to answer new questions. Put it back into the run's folder, or train the run again with the command below, under a name of its own.
ask-still-training = It is still being trained and can answer when that is done.
ask-broken-weights = This run's model cannot be used
ask-broken-weights-why = { $error } — Replace the file in the run's folder by a sound copy, or train the run again with the command below, under a name of its own. Once mended, it is read here at once.
ask-met-training = { $what ->
        [both] { $sides } met this very question and passage in training ({ $dataset }): the answer says nothing about new questions.
        [question] { $sides } met this question in training, with another passage ({ $dataset }).
       *[passage] { $sides } met this passage, or part of it, in training, with other questions ({ $dataset }).
    }
ask-met-held-out = { $what ->
        [both] { $sides }: this question and passage are held-out data ({ $dataset }) that the run was judged on and not trained on.
        [question] { $sides }: this question is held-out data ({ $dataset }) that the run was judged on and not trained on.
       *[passage] { $sides }: this passage, or part of it, is held-out data ({ $dataset }) that the run was judged on and not trained on.
    }
ask-met-unknown = Whether { $side } has met the question or the passage is not known: it keeps no record ({ $command }).
ask-why = Why this answer?
ask-why-reading = Each word of the question was left out in turn. The change is how many points the probability of the first answer moves: the more it falls, the more the word matters.
ask-why-busy = Asking again without each word
ask-why-one-word = A question of one word has nothing to leave out.
ask-why-too-long = Too long to leave out every word in turn: the limits are { $words } words, and { $windows } for words times windows.
ask-why-word = Without
ask-why-change = { $side }: change (points)
ask-why-answer = { $side }: new answer
ask-why-share = { $side }: attention
ask-why-title = { $run }. The question gets { $percent }% of the answer's attention; the column shares it out among the words.
ask-why-attention = The change is exact for this question. Attention is only a hint: it is how the answer's pieces distribute their attention over the words of the question in the last layer (mean over its heads), and a word can get much of it without the answer depending on it.
ask-why-same = unchanged
ask-why-again = Press a word to ask again without it.
ask-pieces = Show pieces and windows
ask-pieces-question = Question: { $pieces } pieces
ask-pieces-question-cut = The question is long: only its first { $pieces } pieces are read.
ask-pieces-passage = Passage: { $pieces } pieces
ask-pieces-cut = Only the first { $pieces } pieces are shown.
ask-windows = Windows through which the passage was read
ask-window-window = Window
ask-window-pieces = Pieces
ask-window-from = First character
ask-window-to = Last character
ask-history = { $count ->
    [one] 1 question
   *[other] { $count } questions
 } asked so far
ask-history-run = Run { $side }
ask-history-answer = { $side }'s answer
ask-history-probability = { $side }'s probability
ask-history-save = Save as CSV

## compare
compare-dataset = Questions of
compare-part = Part
compare-part-all = All questions
compare-part-original = The original's 102
compare-part-help = The original experiment counted right answers among the first 102 questions of KorQuAD dev. Choose them together with its rule to repeat its count.
compare-criterion-f1 = F1 from a threshold
compare-criterion-substring = The original's rule
compare-criterion-help = Exact match and F1 are KorQuAD's official scores. The original experiment counted an answer as right if the gold text was part of it, however long it was.
compare-threshold = F1 from
compare-basis = { $questions } questions in { $paragraphs } paragraphs · right means: { $criterion }
compare-size = How big, and how sure
compare-forest = Differences with 95% intervals
compare-forest-x = ← more for A · points · more for B →
compare-forest-recipes = { verdict-recipes }
compare-how = What these figures rest on
compare-detectable-why = "Shows from": the smallest true difference that this many questions reveal in four of five such tests (power .80, alpha .05).
compare-changed = Which answers changed
compare-changed-how = Click a cell to list its questions.
compare-way = In what way
compare-movement = Movement
compare-movement-how = From A's kind of answer (rows) to B's (columns). Click a cell, or a total, to list its questions.
compare-total = all
compare-types = Kinds of answers
compare-slices = Slices
compare-slices-how = Tick a row to list its questions.
compare-slices-no-text = Without the text of this dataset only its articles can be told apart.
compare-slices-chart = Inside minus rest in each slice, with simultaneous 95 % interval
compare-slices-reading = Right of 0, B gains more than elsewhere; left of 0, less. Full marks: corrected p under .05; open marks: not. Slices with too few questions or paragraphs, and single articles, are in the table alone.
compare-slices-none = No slice holds enough questions for a figure.
compare-slice-by = Slice by
compare-slice = Slice
compare-list = Questions
compare-shown = { $total ->
    [one] **{ $shown }** of 1 question
   *[other] **{ $shown }** of { $total } questions
 }
compare-chip-find = contains "{ $text }"
compare-chip-josa = only a particle
compare-chip-remove = Take this filter away
compare-chip-clear = Take all away
compare-find = Search
compare-find-hint = Question, gold or answer
compare-find-id = Question id
compare-order = Order
compare-order-file = as in the dataset
compare-order-gains = B gains most first
compare-order-losses = B loses most first
compare-order-sure-a = A most confident first
compare-order-sure-b = B most confident first
compare-order-unsure-b = B least confident first
compare-josa-only = Changed hands by a particle only
compare-question = Question
compare-gold = Gold
compare-answer-of = { $side }'s answer
compare-outcome = Right
compare-f1-difference = F1 of B minus F1 of A
compare-sure-of = { $side } sure
compare-type-of = { $side }: kind
compare-previous = Previous
compare-next = Next
compare-position = { $position } of { $total } · a click on a row, the arrow keys in the list, or the keys K and J choose another question
compare-save-csv = List as CSV
compare-save-html = Report as HTML
compare-save-no-text = Both hold ids, offsets and scores but no text: this dataset's licence does not allow passing parts of it on.
compare-none-left = No question passes all these filters. Take one away above.
compare-no-dataset = These two runs have no dataset in common
compare-no-dataset-why = A has predictions for: { $a }. B has predictions for: { $b }. The command below answers a dataset with the run that lacks it.
compare-refused = These two cannot be compared
compare-common = Compare only what both have in common
compare-no-text = The text of { $dataset } is not on this machine. The comparison stands on ids, offsets and scores; to read questions and passages:
compare-no-text-why = The command or the button below downloads it. Without a network, get { $url } on another computer, put the file into { $folder } and reload this page.
compare-no-passage = The passage is not on this machine; answers are shown by their place in it.
compare-gold-at = Gold answer: characters { $start }–{ $end }
compare-marks = Each mark begins with its name: gold (double line), A (solid line), B (dashed line). Where several overlap, the lines lie one below the other.
compare-windows = { $side } read this passage in { $count } overlapping windows, characters { $windows }; ⟦{ $prefix }2 begins the second one, { $prefix }1⟧ ends the first.
compare-window-begins = { $side } window { $number } begins here
compare-window-ends = { $side } window { $number } ends here
compare-strip = Show along the passage where each answer may begin and end (loads both models)
compare-strip-help = Reads this passage with the runs' weights; the first time takes some seconds. The figures above come from the stored predictions.
compare-strip-no-weights = This run's weights are not on this machine.
compare-strip-failed = This run's weights cannot be read: { $reason }
compare-strip-differs = The weights now answer with characters { $start }–{ $end }, not with the stored answer: predict this dataset again.
compare-right = right
compare-wrong = wrong
compare-no-answer = (no answer)
compare-answer-figures = { $type } · F1 { $f1 } · probability { $probability } % · characters { $start }–{ $end }
compare-nbest = Its { $count } best candidates
compare-candidate = Candidate
compare-probability = Probability
compare-place = Characters
compare-to-ask = Ask this question yourself
compare-why-exact = It equals the gold answer under the official rule.
compare-why-right-text-elsewhere = Its text equals the gold answer, so it scores as right, but it stands at another place of the passage.
compare-why-josa = It differs from the gold answer by one particle; exact match forgives none.
compare-why-boundary-long = It holds the gold answer and more.
compare-why-boundary-short = It holds only a part of the gold answer.
compare-why-boundary-shifted = It overlaps the gold answer, but begins and ends elsewhere.
compare-why-same-sentence = It is another part of the sentence that holds the gold answer.
compare-why-elsewhere = It stands in another sentence than the gold answer.
compare-why-outside-window = No window that the model read holds the whole gold answer.
compare-why-empty = The model gave no answer.
compare-why-f1 = F1 { $f1 } reaches the threshold of { $threshold }: it counts as right.
compare-why-f1-not = F1 { $f1 } is under the threshold of { $threshold }: it counts as wrong.
compare-why-contains = It contains the gold text, so the original's rule counts it as right, however long it is.
compare-why-contains-not = It does not contain the gold text, so the original's rule counts it as wrong.
compare-why-substring = This is the answer of the original's rule (best start and best end on their own, in the first window); kind, F1 and probability belong to the official answer, the first candidate below.
compare-why-normalized = Spaces, punctuation and brackets do not count: both become "{ $text }".
compare-many-pick = Choose at least three runs.
compare-many-how = Row minus column in points, best run first. Coloured: told apart after adjustment for all pairs (max-T, p < .05); grey: not, or two trainings of one recipe.
compare-many-difference = by (points)
compare-grid = Questions answered by
compare-grid-everybody = everybody
compare-grid-some = some
compare-grid-only-one = only one
compare-grid-nobody = nobody
compare-report-title = { $a } and { $b } on { $dataset }
compare-report-verdict = Verdict
compare-report-warnings = Warnings
compare-report-settings = What was compared
compare-report-run = Run
compare-report-weights = Weights (SHA-256)
compare-report-tokenizer = Tokenizer (SHA-256)
compare-report-seed = Training seed
compare-report-created = Answered
compare-report-dataset = Dataset
compare-report-filters = Filters
compare-report-no-filters = none
compare-report-changed = Changed answers
compare-report-changed-count = { $count ->
    [one] 1 question changed hands
   *[other] { $count } questions changed hands
 } among the { $listed } that the filters leave.
compare-report-no-text = Answers are given as places in the passage: the dataset's text is not here, or its licence does not allow passing parts of it on.
compare-report-made = Made by AnswerDiff. This file is complete in itself: it loads nothing and runs no script.
compare-report-id = Question id
compare-command-bootstrap = Cross-check: 95 % interval of { $resamples } bootstrap resamples of paragraphs: { $low } to { $high } points (seed { $seed }).
compare-command-no-slices = The text of { $dataset } is not on this machine: no slices by question type. { $reason }
compare-command-written = Written: { $path }

## reported
reported-lead = A student's experiment, { $name }, trained four small Korean BERTs on KorQuAD 1.0 and compared them by one number: of { $questions } questions, how many are answered. It reported { $counts }, and drew three conclusions from the differences. Here its figures stand beside those of four models trained by this program, and each conclusion is asked what it rests on.
reported-fact-p = p of "{ $a } → { $b }"
reported-fact-p-why = At the very least: so large is p if { $net } answers were gained and none lost (exact McNemar).
reported-fact-repeats = The same four runs again
reported-fact-repeats-why = of { $questions } right when their author repeated them; the first time { $first }.
reported-fact-whole = The whole passage
reported-fact-whole-why = of { $questions } right, by the same rule, if it is the answer to everything; exactly right: { $exact }.
reported-fact-untrained = { $networks } untrained networks
reported-fact-untrained-why = of { $questions } right, by the same rule, before any training, where they may answer from the passage alone; exactly right: { $exact }. Where they may point into the question too, as the original's could: { $anywhere }. The original's own: { $theirs }.
reported-table = Reported and measured
reported-table-how = Reported figures are the original's on { $judged } questions of KorQuAD dev; ours are of runs trained here, in brackets with 95 % intervals from resampling paragraphs. Right, exact and length follow the original's rule on its { $questions } questions: best start and best end on their own, right if the gold answer is any part of the prediction. Its "accuracy" adds up start and end: { $accuracy } means that each boundary is right { $each } % of the time. The last two figures are of the answers that this dashboard gives: whole words, start and end chosen together.
reported-column-parameters = Parameters
reported-column-loss = Loss
reported-column-accuracy = Start+end accuracy
reported-column-right = Right of { $questions }
reported-column-exact = Exact of { $questions }
reported-column-length = Median length
reported-column-em = Exact match (%)
reported-column-f1 = F1 (%)
reported-column-answerer = Who answers
reported-hidden = What the count hides
reported-theirs = reported
reported-ours = ours
reported-run-base = Base (no pre-training)
reported-run-pretrained-1 = Pre-trained 1
reported-run-pretrained-2 = Pre-trained 2
reported-run-pretrained-3 = Pre-trained 3
reported-shape = { $layers } layers, { $heads } × { $dim } heads, learning rate { $rate }
reported-characters = { $count } characters
reported-state-untrained = not trained yet
reported-state-unfinished = not finished yet
reported-state-unjudged = has not answered these questions yet
reported-state-unreadable = its predictions cannot be read
reported-missing = Rows without a figure of ours
reported-missing-why = These commands fill them. Everything else on this page works without.
reported-notes = What differs in ours
reported-notes-why = Read from each run's run.json.
reported-note-data = Trained on { $names }: { $trained } questions, of which { $held_back } were held back to choose the epoch. Judged on { $judged } questions of { $dataset }, { $seen ->
    [yes] some of which it was trained on
   *[no] none of which it was trained on
 }. The original trained on { $reported_trained } questions, and was judged on the same { $reported_judged } that chose its epoch.
reported-note-dropout = { $acts ->
    [yes] Dropout of { $rate } acts during training; in the original it never did.
   *[no] Dropout does not act, as in the original.
 }
reported-note-fresh = It begins from fresh weights.
reported-note-pretrained = It begins from { $name } ({ $steps } steps, { $pieces } pieces), loaded tensor by tensor; distance from initialisation { $distance }. The original's pre-trained weights were almost certainly never loaded.
reported-note-windows = { $slides ->
    [yes] Passages longer than { $length } pieces are read in overlapping windows, one every { $stride } pieces; { $dropped } training questions were dropped. The original cut its passages there and dropped the { $reported_dropped } training questions whose answer was cut off.
   *[no] Passages are cut at { $length } pieces; { $dropped } training questions were dropped, in the original { $reported_dropped }.
 }
reported-note-schedule = { $epochs } epochs of { $optimizer }, the learning rate { $schedule ->
    [linear] falling to zero
   *[constant] constant
 }. The original: at most { $reported_epochs } epochs of { $reported_optimizer } at a constant rate.
reported-note-mask = Ours answer from the passage alone, never from question or padding: their losses are spread over fewer places than the original's, and compare only roughly.
reported-claims = The three claims
reported-need = A paired test looks only at the questions that changed hands. The least that reaches p < .05 is { $gained } gained and none lost; with { $some_lost } lost it takes { $some_gained } gained, with { $more_lost } lost { $more_gained }. If every question stood for itself, a true difference would be seen in four of five such tests from about { $favourable_questions } of { $questions } questions ({ $favourable } points) if no question goes the other way, and from { $unrelated_questions } ({ $unrelated } points) if the answers of the two runs have nothing to do with each other.
reported-need-clustered = { $measured ->
    [yes] They do not stand for themselves: the { $questions } questions lie in { $paragraphs } paragraphs, and a model that misreads one fails on several. Over { $pairs } pairs of { $runs } runs of ours the differences of two questions of one paragraph correlate by { $correlation }: a design effect of { $design }. So it takes about { $favourable_questions } questions ({ $favourable } points) in the favourable case and { $unrelated_questions } ({ $unrelated } points) in the other.
    [never] They do not stand for themselves: the { $questions } questions lie in { $paragraphs } paragraphs, and over { $pairs } pairs of { $runs } runs of ours the differences of two questions of one paragraph correlate by { $correlation }, a design effect of { $design }: in one of the two cases no difference at all would be seen.
   *[no] They do not stand for themselves: several of the { $questions } lie in each paragraph, and a model that misreads one fails on several. So it takes more than that; how much more is told here as soon as two runs have answered these questions.
 }
reported-need-chart = Least p of a net gain, with nothing lost
reported-need-x = net gain, of { $questions } questions
reported-need-claim = claim { $number }
reported-claim = Claim { $number }
reported-claim-own = By its own numbers
reported-claim-test = What a test makes of it
reported-claim-ours = What our runs show
reported-claim-pair = A: { $a } · B: { $b }
reported-claim-link = Compare { $a } and { $b }
reported-claim-forest = Differences of our runs with 95 % intervals
reported-measure-rule = the rule ({ $questions } questions)
reported-measure-exact = exact match ({ $questions } questions)
claims-count = { $agrees ->
    [yes] Its own counts are { $a } → { $b } of { $questions }: { $counted } more, as claimed.
   *[no] { $counted ->
        [0] Its own counts are { $a } → { $b } of { $questions }: none more, where { $claimed } is claimed.
       *[other] Its own counts are { $a } → { $b } of { $questions }: { $counted } more, not { $claimed }.
     }
 }
claims-quoted = The { $quoted_a } → { $quoted_b } that it quotes are other rows' counts: these two failed on { $failed_a } and on { $failed_b }.
claims-setting = { $setting ->
    [layers] It says { $said_a } → { $said_b } layers; its settings say { $real_a } → { $real_b }.
   *[heads] It says { $said_a } → { $said_b } heads; its settings say { $real_a } → { $real_b }.
 }
claims-confounded = The learning rate changes in the same step, { $a } → { $b }: the table cannot say which of the two did it.
claims-measures = Other measures of the same rows: accuracy { $accuracy_a } → { $accuracy_b } ({ $accuracy ->
    [better] better
   *[worse] worse
 }), loss { $loss_a } → { $loss_b } ({ $loss ->
    [better] better
   *[worse] worse
 }). { $together ->
    [better] Both say better.
    [worse] Both say worse.
   *[mixed] They contradict each other.
 }
claims-accuracy = { $measured ->
    [yes] Of a gain of { $claimed } in accuracy on { $judged } questions: between two trainings of one recipe of ours ({ $runs }) the 95 % interval of the difference would be ± { $half } on so many questions (paragraphs resampled on our { $ours }, scaled by the root of the numbers), { $within ->
        [yes] which is more than the gain
       *[no] which is less than the gain
     }; the { $count } themselves lie { $spread } apart ({ $accuracies }). Other students' runs of this size lie between { $others_low } and { $others_high }.
   *[no] Of a gain of { $claimed } in accuracy on { $judged } questions: other students' runs of this size lie between { $others_low } and { $others_high }. How far trainings of one recipe lie apart here is told as soon as two seeds of it have answered.
 }
claims-need = { $reaches ->
    [yes] In the most favourable case, { $gained } gained and { $lost } lost, p is { $best }; depending on what changed hands it may be as large as { $worst }.
    [no] In the most favourable case, { $gained } gained and { $lost } lost, p is { $best }; depending on what changed hands it may be as large as { $worst }. A net gain of { $net } never reaches .05.
   *[one] { $net ->
        [0] With equal counts p is 1, whatever changed hands.
       *[other] With a net gain of { $net } p is 1, whatever changed hands.
     }
 }
claims-no-pair = This needs a run of each: { $a } and { $b }.
claims-opposite = The rule and exact match point in opposite directions: the median prediction has { $a } characters in A and { $b } in B.
claims-ours-rule = The original's { $questions } questions, by its rule
claims-ours-exact = The original's { $questions } questions, exact match
claims-ours-all = All { $questions } questions, exact match
reported-trial = The counting rule on trial
reported-trial-how = The rule calls a prediction right if the gold answer is any part of it, so that a longer prediction can only gain. Here it judges answerers that read nothing, the original's runs, and ours.
reported-trial-right = right by the rule
reported-trial-exact = exactly right
reported-trial-baselines = Nothing is read
reported-trial-theirs = Reported
reported-trial-ours = Ours
reported-trial-x = of { $questions } questions
reported-trial-untrained = Why did the original's untrained network score { $theirs } where { $networks } of ours score { $least } to { $most }? Nothing kept its best start and best end inside the passage, ours are kept there. A start that falls into the question lets the prediction begin with the passage, and about half of the gold answers lie before any end. The same { $networks } networks, free to point into the question, score { $anywhere_least } to { $anywhere_most }; { $theirs } is one lucky draw of that kind. One untrained network says nearly nothing.
reported-trial-reading = "?": the exact answers of that run were not reported. The bar of the untrained networks is their median; the line goes from the least to the most of { $networks }. "Weights really loaded" is another student's run, see below.
reported-answerer-whole = The whole passage
reported-answerer-first = First { $characters } characters
reported-answerer-untrained = { $networks } untrained networks
reported-answerer-anywhere = The same, question included
reported-answerer-untrained-theirs = An untrained network
reported-answerer-repeats = The same four again
reported-answerer-loaded = Weights really loaded
reported-longer = Make every answer longer
reported-longer-how = Each official answer of a run, extended by the next words of its passage. Nothing is known better than before; the rule counts more and more of them as right.
reported-longer-run = Answers of
reported-longer-words = Words added to every answer
reported-longer-right = Right by the rule
reported-longer-exact = Exact match
reported-longer-length = Median length
reported-longer-y = %
reported-longer-chart = Answers of { $run }, made longer word by word
reported-longer-on = The first { $questions } questions of { $dataset }.
reported-longer-no-text = This part reads passages, and KorQuAD's text is not on this machine. It is shown on { $dataset }, where the rule works just the same.
reported-longer-no-run = As soon as one of the four runs has answered questions whose text is on this machine, its answers can be made longer here.
reported-loaded = Were the pre-trained weights loaded?
reported-loaded-how = Loading by name gives a network the tensors whose names it knows and says nothing of the others. If no name matches, training goes on from fresh weights and nobody is told.
reported-silent = Done again: a file of { $tensors } tensors under the names of another program, loaded by name into the { $layers_a } layers that it was made for, then into { $layers_b }. Tensors taken: { $matched_a } and { $matched_b }. Distance from initialisation: { $distance_a } and { $distance_b }. Message: none. The original's file, too, went into 3 and into 6 layers without complaint.
reported-strict = This program loads strictly. To the same file it says, and lists { $differences } differences:
reported-distance-run = Run
reported-distance-encoder = Pre-trained encoder
reported-distance-start = From initialisation, once loaded
reported-distance-end = From the encoder, after fine-tuning
reported-distance-now = From initialisation, after fine-tuning
reported-distance-how = Relative distances of the encoder's weights, as recorded in run.json. A 0 in the first of them would be a load of nothing. Once the strict load has passed every tensor is the encoder's own, so that the distance from it begins at 0.
reported-loaded-none = None of our four runs begins from pre-trained weights yet.
reported-loaded-elsewhere = A student whose weights really were loaded (about { $parameters } parameters) reached start accuracy { $start }, end accuracy { $end }, and { $right } of { $questions } by the same rule, { $exact } of them exactly.
reported-sources = Where the figures come from
reported-sources-reported = Reported: { $name }, { $author }. { $page }. { $notebook }. They lie in core/audit/reported.json; nothing else on this page is typed in.
reported-sources-others = { $others }.
reported-sources-computed = Passages as answers, untrained networks and the silent load were computed by `python -m core reported --fresh` and are stored as ids, offsets and scores, without text. Everything else is computed from the stored runs.
reported-sources-terminal = The same in the terminal:

## many runs
many-ordering = Ordering
many-run = Run
many-group = Group
many-group-how = Runs that share a letter are not told apart (max-T over all pairs, .05).
many-pairs = All pairs
many-plain = p, alone
many-holm = p (Holm)
many-adjusted = p (max-T)
many-critical = told apart from (points)
many-adjusted-how = p (max-T) holds for picking any of these pairs. It is resampled: { $flips } joint sign flips of whole paragraphs with a fixed seed, the same for all pairs; near .05 it is steady to ± { $error }. The p of a pair alone has no random number in it.
many-level = All this is about these very models on other questions. Whether the recipes differ, only more trainings tell.
many-one-recipe = Two trainings of one recipe: whatever the p, neither recipe is better.
many-selected = This pair was picked among { $runs } runs ({ $pairs } pairs). Alone it has p { $plain }; adjusted for the picking p { $adjusted } (max-T, { $flips } joint sign flips of whole paragraphs, steady to ± { $error }).

## plan
plan-needed = To see a true difference of { $difference } points in four of five tests it takes about { $questions } questions in { $paragraphs } paragraphs ({ $low } to { $high } questions: this pair says no more exactly how its questions differ and cluster). With the { $observed_questions } questions in { $observed } paragraphs at hand the chance is { $power } %.
plan-seeds = This is about two models. To see { $difference } points between two RECIPES, whose trainings scatter by { $deviation } points (standard deviation), it takes at least { $seeds } trainings on each side, with about { $questions } questions; with { $most } trainings, { $most_questions } questions.
plan-seeds-not-enough = This is about two models. Between two RECIPES, whose trainings scatter by { $deviation } points (standard deviation), { $difference } points cannot be seen in four of five tests even with { $most } trainings on each side and questions without end.
plan-curve = Power over the number of questions
plan-seed-curve = Power of telling two recipes apart
plan-power = power (%)
plan-error = simulated to
plan-trainings = trainings on each side
plan-power-here = power with the questions at hand (%)
plan-questions = questions for power .80
plan-limit = power with endless questions (%)
plan-how = A plan, not a verdict: it says nothing about whether this pair differs. Simulated (fixed seed) from how this pair's answers differ and cluster by paragraph; power .80 at p < .05, two-sided.

## difficulty
difficulty-runs = Ability of the runs
difficulty-ability = ability (logits)
difficulty-model = Rasch model: the chance of being right is the logistic function of ability minus difficulty. Seeds of one recipe have the weight of one run together.
difficulty-separating = Questions that separate the runs
difficulty-suspects = Nobody right, most agree on another answer
difficulty-suspects-how = { $suspects ->
    [0] No question has a gold answer that looks wrong: nowhere is nobody right while enough recipes agree.
    [one] One question has a gold answer that may be wrong or ambiguous. It may be a trap that all runs fall into, too: the best run here is right in { $best } %. Read the passage.
   *[other] { $suspects } questions have a gold answer that may be wrong or ambiguous. It may be a trap that all runs fall into, too: the best run here is right in { $best } %. Read the passages.
}
difficulty-question = question
difficulty-gold = gold answer
difficulty-agreed-answer = their answer
difficulty-agreed = agree on it
difficulty-right = runs right
difficulty-difficulty = difficulty
difficulty-se = s.e.

## compare: tabs
compare-view-pair = This pair
compare-view-all = All pairs
compare-view-plan = How many questions
compare-view-questions = Hard questions
compare-margin = The same within (points)
compare-margin-help = Differences of up to so many points either way count as none: where the whole interval lies inside, the verdict is "practically the same".
compare-many-busy = Comparing all pairs …
compare-many-map = Who is told apart from whom
compare-many-better = Better here
compare-many-other = than
compare-many-note = Note
compare-many-open = Click a row to compare its two runs.
compare-plan-effect = True difference to see (points)
compare-plan-nothing = Both runs are right on the same questions: nothing shows how their answers would differ, so nothing can be planned from them.
compare-plan-busy = Simulating …
compare-plan-hover = %{"{"}x:,{"}"} questions (%{"{"}customdata:,{"}"} paragraphs): %{"{"}y:.0f{"}"} %
compare-plan-here = here
compare-plan-needed = power .80 at
compare-questions-few = This takes the answers of at least four runs on these very questions.
compare-questions-how = From the answers of { $runs } runs of { $recipes } recipes to these questions. Click a row to open its question.
compare-questions-separates = separates
