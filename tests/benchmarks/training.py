"""Training, prediction and answering speed on this machine: `python -m tests.benchmarks.training`.

Our networks of three and six layers on real KorQuAD windows, bucketed by length in batches of 32, beside the same
network as plain Keras (`keras.layers.MultiHeadAttention`) and as transformers' `BertForQuestionAnswering` on PyTorch,
both padded to 384 as is usual. All learn from the same windows and are measured in turn, each in a process of its
own, so that whatever else the machine does falls on all. On a busy machine only the ratios mean something, and the one
per second of CPU time more than the one per second of the clock.
"""

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core import config
from core.config import ModelConfig, RunConfig
from core.data import catalogue, windows
from core.data.tokenizer import Tokenizer
from core.data.windows import Batch, Window

BATCH_SIZE = 32
OUR_BATCHES = 3  # from the shortest windows to the longest: a small epoch
ROUNDS = {3: 3, 6: 1}
GEMM = (8192, 256, 1024)  # rows, inner and columns of the feed-forward product of 32 windows of 256 pieces
PREDICTED = 200  # questions
ASKED = 50  # times
PASSAGE_PIECES = 250
NAMES = {
    "ours": "ours, bucketed",
    "bfloat16": "ours, training.precision=mixed_bfloat16",
    "keras": "plain Keras, padded",
    "torch": "transformers on PyTorch, padded",
}

Measured = dict[str, float]


def main() -> None:
    """Prints all tables."""
    console = Console(width=140)
    began = time.monotonic()
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    console.print(f"{os.cpu_count()} cores; load average before the run: {busy}")
    for layers in (3, 6):
        _print_training(console, layers)
    _print_answering(console)
    console.print(
        f"{time.monotonic() - began:.0f} s in all. On a machine that is not idle only the ratios mean something."
    )


def _print_training(console: Console, layers: int) -> None:
    contenders = {name: _Contender(name, layers) for name in NAMES}
    rounds: dict[str, list[Measured]] = {name: [] for name in contenders}
    gemm = []
    for _ in range(ROUNDS[layers]):
        for name, contender in contenders.items():
            rounds[name].append(contender.ask("train"))
        gemm.append(_gemm_rate())
    peaks = {name: contender.close() for name, contender in contenders.items()}
    medians = {
        name: {key: statistics.median(r[key] for r in results) for key in results[0]}
        for name, results in rounds.items()
    }
    columns = ("", "examples/s", "tokens/s", "ours is", "examples/CPU s", "ours is", "GFLOP/s", "of GEMM", "peak MiB")
    table = Table(*columns)
    rate = statistics.median(gemm)
    for name, found in medians.items():
        table.add_row(
            NAMES[name],
            f"{found['examples']:.1f}",
            f"{found['tokens']:,.0f}",
            f"{medians['ours']['examples'] / found['examples']:.2f}x",
            f"{found['per_cpu']:.1f}",
            f"{medians['ours']['per_cpu'] / found['per_cpu']:.2f}x",
            f"{found['flops'] / 1e9:.0f}",
            f"{found['flops'] / rate:.0%}",
            f"{peaks[name]:,.0f}",
        )
    table.title = f"training, {layers} layers, batch {BATCH_SIZE}; NumPy float32 GEMM {rate / 1e9:.0f} GFLOP/s"
    table.caption = f"median of {ROUNDS[layers]} round(s) in turn; tokens without padding, GFLOP with it"
    console.print(table)


def _print_answering(console: Console) -> None:
    ours, torch = _Contender("ours", 3), _Contender("torch", 3)
    asked: dict[str, list[float]] = {"ours": [], "torch": []}
    for _ in range(ASKED // 10):
        for name, contender in (("ours", ours), ("torch", torch)):
            asked[name].extend(contender.ask("ask")["seconds"])  # type: ignore[arg-type]
    predicted = ours.ask("predict")
    ours.close(), torch.close()
    mine, theirs = (1000 * statistics.median(asked[name]) for name in ("ours", "torch"))
    console.print(
        f"korquad-dev prediction, 3 layers: {predicted['questions']:.1f} questions/s "
        f"(a sample of {PREDICTED} questions, windows and spans included)"
    )
    console.print(
        f"one answer from a passage of {PASSAGE_PIECES} pieces, 3 layers, median of {ASKED}: {mine:.1f} ms from text "
        f"to spans; a forward pass alone of transformers' network of that shape and length: {theirs:.1f} ms"
    )


def _gemm_rate() -> float:
    rows, inner, columns = GEMM
    left, right = np.ones((rows, inner), np.float32), np.ones((inner, columns), np.float32)
    times = []
    for _ in range(10):
        began = time.perf_counter()
        left @ right
        times.append(time.perf_counter() - began)
    return 2 * rows * inner * columns / statistics.median(times)


# -- the contenders' own processes ------------------------------------------------------------------------------


class _Contender:
    """A process that measures one implementation when asked."""

    def __init__(self, kind: str, layers: int):
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(theirs, kind, layers), daemon=True)
        self._process.start()
        self._pipe.recv()  # ready: start-up is nobody's measured time

    def ask(self, what: str) -> Measured:
        self._pipe.send(what)
        return self._pipe.recv()

    def close(self) -> float:
        """Ends the process and returns its peak memory in MiB."""
        peak = self.ask("peak")["peak"]
        self._process.join()
        return peak


def _serve(pipe: Connection, kind: str, layers: int) -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    settings = config.override(config.variant("base"), {"model.num_layers": layers})
    if kind == "bfloat16":
        settings = config.override(settings, {"training.precision": "mixed_bfloat16"})
    measures = {"ours": _ours, "bfloat16": _ours, "keras": _keras, "torch": _torch}[kind](settings)
    pipe.send("ready")
    warm = set()
    while (what := pipe.recv()) != "peak":
        if what not in warm:
            measures[what]()
            warm.add(what)
        pipe.send(measures[what]())
    pipe.send({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def _windows(settings: RunConfig) -> list[Window]:
    """A few hundred windows of korquad-fit with an answer, drawn at random but the same for all."""
    examples = catalogue.load("korquad-fit").examples
    drawn = np.random.default_rng(0).choice(len(examples), 2 * OUR_BATCHES * BATCH_SIZE, replace=False)
    made = windows.windows([examples[i] for i in drawn], Tokenizer.load(), settings.features)
    return [window for window in made if window.target][: OUR_BATCHES * BATCH_SIZE]


def _padded(settings: RunConfig) -> tuple[Batch, float]:
    """One batch padded to 384, and the mean pieces of a window: padded, a step's time is the same for any batch."""
    made = _windows(settings)
    (batch,) = windows.batches(made, BATCH_SIZE, [range(BATCH_SIZE)])
    missing = settings.model.max_sequence_length - batch.inputs["token_ids"].shape[1]
    inputs = {name: np.pad(value, ((0, 0), (0, missing))) for name, value in batch.inputs.items()}
    return Batch(batch.windows, inputs, batch.targets, batch.tokens), float(np.mean([len(w) for w in made]))


def _flops(model: ModelConfig, rows: int, length: int) -> float:
    """Floating-point operations of a training step: a product's backward pass is two more of its size."""
    dense = 4 * model.hidden_dim**2 + 2 * model.hidden_dim * model.intermediate_dim
    attention = 2 * length * model.hidden_dim
    return 3 * 2 * rows * length * model.num_layers * (dense + attention)


def _padded_step(settings: RunConfig, step: Callable[[], Any], mean_pieces: float) -> Measured:
    seconds, processor = _timed(step)
    flops = _flops(settings.model, BATCH_SIZE, settings.model.max_sequence_length)
    return {
        "examples": BATCH_SIZE / seconds,
        "per_cpu": BATCH_SIZE / processor,
        "tokens": BATCH_SIZE * mean_pieces / seconds,
        "flops": flops / seconds,
    }


def _timed(what: Callable[[], Any]) -> tuple[float, float]:
    """Returns the clock's seconds and the CPU seconds of all threads."""
    began, worked = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - began, time.process_time() - worked


def _ours(settings: RunConfig) -> dict[str, Callable[[], Any]]:
    from core.answering.reader import Reader
    from core.training import finetune

    model = finetune._new_model(settings)
    reader = Reader(model, Tokenizer.load(), settings)
    batches = list(windows.batches(_windows(settings), BATCH_SIZE))

    def steps() -> None:
        for batch in batches:
            model.train_on_batch(batch.inputs, batch.targets, return_dict=True)

    def train() -> Measured:
        seconds, processor = _timed(steps)
        flops = sum(_flops(settings.model, *batch.inputs["token_ids"].shape) for batch in batches)
        examples, tokens = sum(len(b.targets) for b in batches), sum(b.tokens for b in batches)
        return {
            "examples": examples / seconds,
            "per_cpu": examples / processor,
            "tokens": tokens / seconds,
            "flops": flops / seconds,
        }

    def predict() -> Measured:
        examples = catalogue.load("korquad-dev").examples
        drawn = np.random.default_rng(1).choice(len(examples), PREDICTED, replace=False)
        began = time.perf_counter()
        reader.predict([examples[i] for i in drawn])
        return {"questions": PREDICTED / (time.perf_counter() - began)}

    question, passage = _question()
    return {"train": train, "predict": predict, "ask": lambda: _ten_times(lambda: reader.read(question, passage))}


def _question() -> tuple[str, str]:
    """A question of mini-ko and a passage of `PASSAGE_PIECES` pieces, made of its passages."""
    examples = catalogue.load("mini-ko").examples
    text = " ".join(dict.fromkeys(e.context for e in examples))
    return examples[0].question, text[: Tokenizer.load().encode(text).ends[PASSAGE_PIECES - 1]]


def _ten_times(answer: Callable[[], Any]) -> dict[str, list[float]]:
    seconds = []
    for _ in range(10):
        began = time.perf_counter()
        answer()
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


def _keras(settings: RunConfig) -> dict[str, Callable[[], Any]]:
    """The network as a Keras user writes it first."""
    import keras
    from keras import layers, ops

    shape = settings.model
    batch, mean_pieces = _padded(settings)
    ids = keras.Input((shape.max_sequence_length,), dtype="int32", name="token_ids")
    segments = keras.Input((shape.max_sequence_length,), dtype="int32", name="segment_ids")
    positions = ops.arange(shape.max_sequence_length)[None, :]
    x = layers.Embedding(shape.vocab_size, shape.hidden_dim)(ids)
    x = x + layers.Embedding(shape.max_sequence_length, shape.hidden_dim)(positions)
    x = x + layers.Embedding(2, shape.hidden_dim)(segments)
    x = layers.Dropout(shape.dropout)(layers.LayerNormalization(epsilon=shape.layer_norm_epsilon)(x))
    mask = ops.not_equal(ids, 0)[:, None, :]
    for _ in range(shape.num_layers):
        attention = layers.MultiHeadAttention(
            shape.num_heads, shape.hidden_dim // shape.num_heads, dropout=shape.dropout
        )
        attended = layers.Dropout(shape.dropout)(attention(x, x, attention_mask=mask))
        x = layers.LayerNormalization(epsilon=shape.layer_norm_epsilon)(x + attended)
        hidden = layers.Dense(shape.hidden_dim)(layers.Dense(shape.intermediate_dim, activation="gelu")(x))
        x = layers.LayerNormalization(epsilon=shape.layer_norm_epsilon)(x + layers.Dropout(shape.dropout)(hidden))
    logits = layers.Dense(2)(x)
    model = keras.Model([ids, segments], [logits[:, :, 0], logits[:, :, 1]])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(settings.training.learning_rate, global_clipnorm=1.0), [loss, loss])
    inputs = [batch.inputs["token_ids"], batch.inputs["segment_ids"]]
    targets = [batch.targets[:, 0], batch.targets[:, 1]]
    return {"train": lambda: _padded_step(settings, lambda: model.train_on_batch(inputs, targets), mean_pieces)}


def _torch(settings: RunConfig) -> dict[str, Callable[[], Any]]:
    import torch
    import transformers

    from core.modeling import interchange

    transformers.logging.set_verbosity_error()
    batch, mean_pieces = _padded(settings)
    shape = transformers.BertConfig(**interchange.hugging_face_config(settings.model) | {"dtype": "float32"})
    model = transformers.BertForQuestionAnswering(shape)
    optimizer = torch.optim.AdamW(model.parameters(), settings.training.learning_rate)
    ids = torch.tensor(batch.inputs["token_ids"].astype(np.int64))
    segments = torch.tensor(batch.inputs["segment_ids"].astype(np.int64))
    starts, ends = torch.tensor(batch.targets.astype(np.int64)).unbind(1)
    one = torch.randint(7, 32_000, (1, PASSAGE_PIECES))

    def step() -> None:
        model.train()
        found = model(ids, (ids != 0).long(), segments, start_positions=starts, end_positions=ends)
        optimizer.zero_grad()
        found.loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    def forward() -> None:
        model.eval()
        with torch.inference_mode():
            model(one)

    return {"train": lambda: _padded_step(settings, step, mean_pieces), "ask": lambda: _ten_times(forward)}


if __name__ == "__main__":
    main()
