"""What pre-training predicts, as batches without end. NumPy only.

- `mlm`: pieces of whole words that were hidden (Devlin et al. 2019, with whole-word masking);
- `order`: whether two consecutive segments stand in their order or swapped (Lan et al. 2020);
- `span`: where the answer of a question made from raw text begins and ends in a passage (`core.training.cloze`).

`mlm` can go together with either of the others in the same batch: `order+mlm` is BERT's own pair of tasks, and in
`span+mlm` words of the passage outside the answer are hidden.

Batch k depends only on the seed and k, so that resuming at a step gives the very batches that were to come.
"""

import random

import numpy as np

from core.config import ObjectiveSettings
from core.data.corpus import Corpus, pieces
from core.data.tokenizer import CLS, MASK, PAD, SEP, SPECIAL_PIECES, UNK, Tokenizer
from core.training.cloze.pairs import PairMaker

Batch = dict[str, np.ndarray]


class BatchMaker:
    """Makes any step's batch of a corpus."""

    def __init__(self, corpus: Corpus, tokenizer: Tokenizer, settings: ObjectiveSettings):
        """Prepares what all batches share."""
        self.corpus, self.settings = corpus, settings
        self.vocabulary_size = tokenizer.vocabulary_size
        self.starts_word = np.array([name.startswith("▁") for name in pieces(tokenizer)])
        with_span = any("span" in name for name, weight in settings.mix.items() if weight)
        self.pairs = PairMaker(corpus, tokenizer, settings.cloze) if with_span else None

    def objective(self, seed: int, step: int) -> str:
        """Returns the name of a step's objective."""
        names = sorted(self.settings.mix)
        chooser = random.Random(f"objective {seed} {step}")
        return chooser.choices(names, [self.settings.mix[name] for name in names])[0]

    def batch(self, seed: int, step: int) -> Batch:
        """Returns a step's batch.

        With B rows of T pieces it has:

        - `token_ids` and `segment_ids`, int32 (B, T), padded with 0;
        - `span` batches: `context_mask`, bool (B, T), true on the passage; `positions`, int32 (B, 2), first and last
          piece of the answer, both inclusive;
        - `order` batches: `order_labels`, int32 (B,), 1 where the segments are swapped;
        - `mlm` batches: `masked_positions` and `masked_ids`, int32 (B, M), where something is hidden and what; and
          `masked_weights`, float32 (B, M), 1 for those and 0 for padding. M is the most that a row of T can hide.

        Raises:
            CorpusError: the corpus gives no questions although `span` is asked for.
        """
        name = self.objective(seed, step)
        rng, generator = random.Random(f"batch {seed} {step}"), np.random.default_rng([seed, step])
        if "span" in name:
            batch, hideable = self._span(rng, self.settings.span_length(step))
        else:
            batch, hideable = self._text(rng, "order" in name)
        if "mlm" in name:
            batch |= hide_words(
                batch["token_ids"],
                hideable,
                self.starts_word,
                self.settings.mask_share,
                self.vocabulary_size,
                generator,
            )
        if share := self.settings.exact_match_share(step):
            rows = generator.random(len(batch["token_ids"])) < share
            _match_segments(batch["token_ids"], batch["segment_ids"], rows)
        return batch

    def _span(self, rng: random.Random, length: int) -> tuple[Batch, np.ndarray]:
        assert self.pairs is not None
        rows = max(1, self.settings.batch_pieces // length)
        batch = _empty(rows, length)
        context_mask = np.zeros((rows, length), bool)
        positions = np.zeros((rows, 2), np.int32)
        hideable = np.zeros((rows, length), bool)
        for row in range(rows):
            pair = self.pairs.pair(rng, length - 3, self.settings.max_question)
            context = _fill(batch, row, pair.question, self.corpus.ids[pair.start : pair.stop])
            context_mask[row, context] = hideable[row, context] = True
            shift = context.start - pair.start
            positions[row] = pair.answer_start + shift, pair.answer_stop - 1 + shift
            hideable[row, positions[row, 0] : positions[row, 1] + 1] = False
        hideable &= batch["token_ids"] >= len(SPECIAL_PIECES)
        return batch | {"context_mask": context_mask, "positions": positions}, hideable

    def _text(self, rng: random.Random, order: bool) -> tuple[Batch, np.ndarray]:
        length = self.settings.text_length
        rows = max(1, self.settings.batch_pieces // length)
        batch = _empty(rows, length)
        labels = np.zeros(rows, np.int32)
        for row in range(rows):
            first, second = self._segments(rng, length - 3)
            labels[row] = order and rng.random() < 0.5
            if labels[row]:
                first, second = second, first
            _fill(batch, row, first, second)
        hideable = batch["token_ids"] >= len(SPECIAL_PIECES)
        return batch | ({"order_labels": labels} if order else {}), hideable

    def _segments(self, rng: random.Random, room: int) -> tuple[np.ndarray, np.ndarray]:
        """Draws a stretch of a document that starts with a sentence, and cuts it where another one starts."""
        sentences = self.corpus.sentences
        for _ in range(100):
            index = rng.randrange(len(sentences) - 1)
            start = int(sentences[index])
            document = int(np.searchsorted(self.corpus.documents, start, side="right"))
            stop = min(start + room, int(self.corpus.documents[document]))
            inside = sentences[index + 1 : int(np.searchsorted(sentences, stop))]
            # A few pieces on either side tell nothing about the order.
            inside = inside[(inside >= start + 8) & (inside <= stop - 8)]
            if len(inside):
                cut = int(inside[rng.randrange(len(inside))])
                break
        else:  # a corpus of single sentences
            cut = (start + stop) // 2
        return self.corpus.ids[start:cut], self.corpus.ids[cut:stop]


def hide_words(
    token_ids: np.ndarray,
    hideable: np.ndarray,
    starts_word: np.ndarray,
    share: float,
    vocabulary_size: int,
    rng: np.random.Generator,
) -> Batch:
    """Hides whole words IN PLACE: 80 % of their pieces become [MASK], 10 % any piece, 10 % stay (Devlin et al. 2019).

    Args:
        token_ids: int32 (B, T); changed.
        hideable: bool (B, T), where a piece may be hidden; a word is hidden wherever it may be.
        starts_word: bool (vocabulary_size,), whether a piece starts a word.
        share: How much of a row's hideable pieces to hide, at most.
        vocabulary_size: Pieces, special ones included.
        rng: Decides everything.

    Returns:
        `masked_positions`, `masked_ids`, `masked_weights` as of `BatchMaker.batch`; positions ascend in a row.
    """
    rows, length = token_ids.shape
    most = max(1, round(share * length))
    positions = np.zeros((rows, most), np.int32)
    weights = np.zeros((rows, most), np.float32)
    for row in range(rows):
        chosen = _choose_words(np.flatnonzero(hideable[row]), token_ids[row], starts_word, share, rng)
        positions[row, : len(chosen)], weights[row, : len(chosen)] = chosen, 1
    ids = np.take_along_axis(token_ids, positions, axis=1) * (weights > 0)
    fate = rng.random((rows, most))
    any_piece = rng.integers(len(SPECIAL_PIECES), vocabulary_size, (rows, most))
    shown = np.where(fate < 0.8, MASK, np.where(fate < 0.9, any_piece, ids))
    row_index, column = np.nonzero(weights)
    token_ids[row_index, positions[row_index, column]] = shown[row_index, column]
    return {"masked_positions": positions, "masked_ids": ids.astype(np.int32), "masked_weights": weights}


def _choose_words(
    where: np.ndarray, token_ids: np.ndarray, starts_word: np.ndarray, share: float, rng: np.random.Generator
) -> np.ndarray:
    """Draws words until no further one fits into the share; returns their positions, ascending.

    As BERT does: a word that is too long is passed over, and shorter ones are still taken.
    """
    if not len(where):
        return where
    # A gap between positions also ends a word.
    word = np.cumsum(starts_word[token_ids[where]] | (np.diff(where, prepend=where[0]) > 1))
    word -= word[0]
    sizes = np.bincount(word)
    room = max(1, round(share * len(where)))
    chosen = []
    for drawn in rng.permutation(len(sizes)).tolist():
        if sizes[drawn] <= room:
            chosen.append(drawn)
            room -= sizes[drawn]
    return where[np.isin(word, chosen)]


def _empty(rows: int, length: int) -> Batch:
    return {
        "token_ids": np.full((rows, length), PAD, np.int32),
        "segment_ids": np.zeros((rows, length), np.int32),
    }


def _fill(batch: Batch, row: int, first: "list[int] | np.ndarray", second: np.ndarray) -> slice:
    """Writes `[CLS] first [SEP] second [SEP]` into a row and returns where `second` stands."""
    ids = batch["token_ids"][row]
    start = len(first) + 2
    stop = start + len(second)
    ids[0] = CLS
    ids[1 : start - 1] = first
    ids[start - 1] = SEP
    ids[start:stop] = second
    ids[stop] = SEP
    batch["segment_ids"][row, start : stop + 1] = 1
    return slice(start, stop)


def _match_segments(token_ids: np.ndarray, segment_ids: np.ndarray, rows: np.ndarray) -> None:
    """Sets segment 0, in place, for pieces of the second part that the first part has too, in the chosen rows.

    As `core.data.windows` does: of the special pieces only [UNK] can occur in a text.
    """
    for row in np.flatnonzero(rows):
        ids, segments = token_ids[row], segment_ids[row]
        second = segments == 1
        first = ids[~second]
        matches = np.isin(ids, first[(first == UNK) | (first >= len(SPECIAL_PIECES))])
        segments[second & matches] = 0
