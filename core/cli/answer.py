"""`python -m core predict` and `ask`: stored answers to a dataset, and what the Ask page does in the terminal."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.answering.reader import Reader, predict_run
from core.answering.spans import Span
from core.cli.score import print_scores
from core.cli.terminal import AsJson, DatasetOption, UserError, chosen_dataset, err, print_rows, progress
from core.data import catalogue, encodings, formats
from core.data import passages as uploads
from core.data.encodings import Decoded
from core.data.formats import DatasetError
from core.errors import Problem
from core.store import predictions
from core.store.runs import Store

# bm25s imports SciPy, and JAX where that is installed: seconds that other commands should not wait for.
if TYPE_CHECKING:
    from core.answering.retrieval import Index

_LISTED = 10  # problems of a file that are told; `python -m core data check` tells all


@dataclass(frozen=True, slots=True)
class _Question:
    id: str | None
    text: str
    passage: str | None


def predict(
    runs: Annotated[list[str], typer.Argument(help="Runs that answer.")],
    dataset: DatasetOption = None,
) -> None:
    """Answers a dataset with stored runs and keeps predictions and scores in their folders."""
    questions = catalogue.load(chosen_dataset(dataset))
    store = Store()
    chosen = [store.get(name) for name in runs]
    for run in chosen:  # before the first one answers
        predictions.check_stored(run.predictions_path(questions.name), questions)
    for run in chosen:
        with progress(f"{run.name} on {questions.name}") as report:
            predict_run(run, Reader.load(run), questions, report)
    print_scores(chosen, [questions.name])


def ask(
    runs: Annotated[list[str], typer.Option("--run", "-r", help="A run that answers; repeatable.")],
    question: Annotated[str | None, typer.Argument(help="The question; leave it out with --questions.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help="A file of questions: one a line, or a SQuAD JSON with passages of its own.")
    ] = None,
    passage: Annotated[
        str | None, typer.Option(help="The passage; standard input when nothing says where it is.")
    ] = None,
    passage_file: Annotated[Path | None, typer.Option(help="A text file with the passage.")] = None,
    collection: Annotated[
        list[str] | None,
        typer.Option(help="Find the passage here: a dataset's name, a text file or a SQuAD JSON; repeatable."),
    ] = None,
    n_best: Annotated[int, typer.Option(min=1, help="Answers a question and run, at most.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Answers a question, or a file of them, from a passage or from a collection of passages.

    With a collection, the five passages that fit a question best are read by all runs, and all answer from the one in
    which any of them is surest. Files may be UTF-8, UTF-16 with a byte order mark, or CP949 (EUC-KR).
    """
    if (question is None) == (questions is None):
        raise typer.BadParameter("give one question, or --questions FILE", param_hint="QUESTION")
    if sum(given is not None for given in (passage, passage_file, collection)) > 1:
        raise typer.BadParameter("only one of the three can be given", param_hint="--passage/-file/--collection")
    asked = _read_questions(questions) if questions else [_Question(None, question or "", None)]
    given = _given_passage(passage, passage_file, stdin=not collection and questions is None)
    if any(not one.text.strip() or (not collection and not (given or one.passage or "").strip()) for one in asked):
        raise UserError("the question and the passage must not be blank")
    readers = _load(runs)
    index = _index(collection) if collection else None
    rows: list[dict[str, Any]] = []
    with progress(questions.name) if questions else nullcontext() as report:
        for number, one in enumerate(asked, 1):
            rows += _rows(one, given or one.passage, index, readers, n_best)
            if report:
                report(number, len(asked))
    print_rows(rows if as_json else [_short(row, many=questions is not None) for row in rows], as_json)


def _rows(
    question: _Question, passage: str | None, index: "Index | None", readers: dict[str, Reader], n_best: int
) -> list[dict[str, Any]]:
    """Returns a record for every answer of every run; one with nulls for a run that has none."""
    from core.answering import search

    found: dict[str, Any] = {"id": question.id, "question": question.text}
    answers: Sequence[Sequence[Span]] = [()] * len(readers)
    if index is None:
        answers = [reader.read(question.text, passage or "", n_best).spans for reader in readers.values()]
    else:
        hits = index.search(question.text, search.COUNT)
        each = [lambda asked, text, r=reader: r.read(asked, text, n_best).spans for reader in readers.values()]
        candidates = search.read(question.text, hits, each)
        found |= {"title": None, "from": None, "bm25": None, "passage": None}
        if candidates:
            best = candidates[search.first(candidates)]
            answers, hit = best.answers, best.hit
            passage = hit.passage.text
            found |= {"title": hit.passage.title, "from": hit.passage.origin, "bm25": round(hit.score, 2)}
            found["passage"] = passage
    return [
        {**found, "run": name, **_answer(span, rank, passage or "")}
        for name, spans in zip(readers, answers, strict=True)
        for rank, span in enumerate(spans or [None], 1)
    ]


def _answer(span: Span | None, rank: int, passage: str) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("rank", "answer", "start", "end", "probability"))
    text = passage[span.start : span.end]
    return {"rank": rank, "answer": text, "start": span.start, "end": span.end,
            "probability": round(span.probability, 4)}  # fmt: skip


def _short(row: dict[str, Any], many: bool) -> dict[str, Any]:
    """Returns what of a record is shown to people: the question where there are many, never the passage."""
    hidden = {"id", "passage"} if many else {"id", "passage", "question"}
    return {name: value for name, value in row.items() if name not in hidden}


def _load(names: Sequence[str]) -> dict[str, Reader]:
    return {name: Reader.load(Store().get(name)) for name in names}


def _index(names: Sequence[str]) -> "Index":
    from core.answering import search
    from core.answering.retrieval import Index

    datasets, brought = [], []
    for name in names:
        if name in catalogue.DATASETS:
            datasets.append(name)
            continue
        path = Path(name)
        if path.name == name and not path.exists():
            raise DatasetError([catalogue.unknown(name)])
        upload = uploads.read(encodings.read_file(path), path.name)
        _note(path.name, upload.encoding, upload.problems)
        brought.append(upload)
    passages, problems = search.collect(datasets, brought)
    if problems:
        raise problems[0]
    return Index(passages)


def _read_questions(path: Path) -> list[_Question]:
    raw = encodings.read_file(path)
    decoded = _decoded(raw, path.name)
    if not formats.sniff(decoded.text, path.name).questions:
        found = [_Question(None, line.strip(), None) for line in decoded.text.splitlines() if line.strip()]
        if not found:
            raise DatasetError([Problem(str(path), "there is no question in it")])
        return found
    dataset = formats.parse(raw, path.stem, str(path))
    _note(path.name, "UTF-8", dataset.problems)  # the encoding is told already
    return [_Question(example.id, example.question, example.context) for example in dataset.examples]


def _given_passage(passage: str | None, path: Path | None, stdin: bool) -> str | None:
    if passage is not None or not (path or stdin):
        return passage
    if path:
        return _decoded(encodings.read_file(path), path.name).text
    return _decoded(sys.stdin.buffer.read(), "standard input").text


def _decoded(raw: bytes, name: str) -> Decoded:
    decoded = encodings.decode(raw, name)
    _note(name, decoded.encoding, decoded.problems)
    return decoded


def _note(name: str, encoding: str, problems: Sequence[Problem]) -> None:
    """Says on standard error what is not as it should be although the file is used."""
    lines = [f"{name}: read as {encoding}"] if encoding != "UTF-8" else []
    lines += [str(problem) for problem in problems[:_LISTED]]
    if len(problems) > _LISTED:
        lines.append(f"{name}: {len(problems) - _LISTED} more problems")
    for line in lines:
        err.print(line, markup=False, highlight=False, soft_wrap=True)
