"""`python -m core ask`: the answers of the readers, from a passage or a collection, for one question or a file."""

import json
import os
import subprocess
import sys
from functools import partial

import pytest

from core.answering import search
from core.answering.reader import Reader
from core.answering.retrieval import Index, Passage
from core.data import catalogue
from core.store.runs import ROOT_VARIABLE, WEIGHTS_FILE, Store
from tests.pages import ask_fixture

PASSAGE = "훈민정음은 1443년에 세종이 만들었다. 집현전 학자들이 도왔다."
QUESTION = "누가 만들었나?"
RUNS = ("--run", "first", "--run", "second")


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("runs"))
    return store, {
        name: Reader.load(ask_fixture.answering_run(store, name, seed)) for name, seed in (("first", 1), ("second", 2))
    }


@pytest.fixture
def ask(readers, invoke, monkeypatch):
    monkeypatch.setenv(ROOT_VARIABLE, str(readers[0].root))
    return partial(invoke, "ask")


def expected(readers, question, text, n_best, **more):
    """The records of all runs, made of what the readers say."""
    return [
        {"id": None, "question": question, **more, "run": name, "rank": rank, "answer": text[s.start : s.end],
         "start": s.start, "end": s.end, "probability": round(s.probability, 4)}
        for name, reader in readers[1].items()
        for rank, s in enumerate(reader.read(question, text, n_best).spans, 1)
    ]  # fmt: skip


def test_the_answers_are_those_of_the_readers_wherever_the_passage_comes_from(ask, readers, tmp_path):
    (tmp_path / "a.txt").write_bytes(PASSAGE.encode())
    wanted = expected(readers, QUESTION, PASSAGE, 2)
    assert len(wanted) == 4 and wanted[0]["answer"] != wanted[2]["answer"]
    for arguments, typed in ((("--passage", PASSAGE), b""), (("--passage-file", "a.txt"), b""), ((), PASSAGE.encode())):
        code, output, errors = ask(QUESTION, *RUNS, "--n-best", 2, "--json", *arguments, typed=typed)
        assert (code, errors) == (0, "")
        assert json.loads(output) == wanted
    _, output, _ = ask(QUESTION, *RUNS, "--passage", PASSAGE)
    assert all(row["answer"] in output for row in wanted)


@pytest.mark.parametrize(("encoding", "said"), [("cp949", "CP949"), ("utf-16", "UTF-16"), ("utf-8-sig", "")])
def test_another_encoding_is_read_and_named(ask, readers, tmp_path, encoding, said):
    (tmp_path / "a.txt").write_bytes(PASSAGE.encode(encoding))
    code, output, errors = ask(QUESTION, *RUNS, "--passage-file", "a.txt", "--json")
    assert (code, json.loads(output)) == (0, expected(readers, QUESTION, PASSAGE, 3))
    assert errors == (f"a.txt: read as {said}\n" if said else "")


def test_a_file_of_questions_is_one_list(ask, readers, tmp_path):
    asked = ["누가 만들었나?", "언제인가?", "누가 도왔나?"]
    (tmp_path / "q.txt").write_text("\n".join(["", f"  {asked[0]}", *asked[1:], " "]), encoding="cp949")
    code, output, errors = ask("--questions", "q.txt", *RUNS, "--passage", PASSAGE, "--n-best", 1, "--json")
    assert code == 0
    assert json.loads(output) == [row for question in asked for row in expected(readers, question, PASSAGE, 1)]
    assert "q.txt: read as CP949" in errors and "100%" in errors
    _, output, _ = ask("--questions", "q.txt", *RUNS, "--passage", PASSAGE, "--n-best", 1)
    assert all(question in output for question in asked)


def test_a_squad_json_brings_ids_and_passages(ask, readers, tmp_path):
    chosen = catalogue.load("mini-ko").examples[:3]
    bad = {"id": "bad", "question": "?", "answers": []}
    paragraphs = [
        {"context": e.context, "qas": [{"id": e.id, "question": e.question,
         "answers": [{"text": a.text, "answer_start": a.start} for a in e.answers]}]}
        for e in chosen
    ]  # fmt: skip
    paragraphs[0]["qas"].append(bad)
    (tmp_path / "q.json").write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))
    code, output, errors = ask("--questions", "q.json", *RUNS, "--n-best", 1, "--json")
    assert code == 0
    wanted = [row | {"id": e.id} for e in chosen for row in expected(readers, e.question, e.context, 1)]
    assert json.loads(output) == wanted
    assert "question bad: 'answers' is empty" in errors


def test_a_collection_is_searched_as_the_page_does(ask, readers, tmp_path):
    (tmp_path / "own.txt").write_text("제주도의 물허벅은 물을 나르는 그릇이다.", encoding="cp949")
    example = catalogue.load("mini-ko").by_id["mini-ko-27-2"]
    passages, _ = search.collect(["mini-ko"])
    index = Index([*passages, Passage("own", "제주도의 물허벅은 물을 나르는 그릇이다.", "own.txt")])
    for question in (example.question, "물허벅은 무엇인가?"):
        hits = index.search(question, search.COUNT)
        found = search.read(question, hits, [lambda q, p, r=r: r.read(q, p).spans for r in readers[1].values()])
        best = found[search.first(found)].hit
        where = {"title": best.passage.title, "from": best.passage.origin, "bm25": round(best.score, 2)}
        code, output, errors = ask(question, *RUNS, "--collection", "mini-ko", "--collection", "own.txt", "--json")
        assert code == 0 and errors == "own.txt: read as CP949\n"
        text = best.passage.text
        assert json.loads(output) == expected(readers, question, text, 3, **where, passage=text)
    _, output, _ = ask(example.question, *RUNS, "--collection", "mini-ko")
    assert "직지" in output and example.context not in output


def test_every_question_has_a_record_for_every_run(ask, readers):
    code, output, _ = ask("zzqq", *RUNS, "--collection", "mini-ko", "--json")
    nothing = dict.fromkeys(("title", "from", "bm25", "passage", "rank", "answer", "start", "end", "probability"))
    assert code == 0
    assert json.loads(output) == [{"id": None, "question": "zzqq", "run": name, **nothing} for name in readers[1]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((" ", *RUNS, "--passage", "가"), ["must not be blank"]),
        (("누구?", *RUNS, "--passage", " \n"), ["must not be blank"]),
        (("누구?", *RUNS), ["must not be blank"]),  # nothing on standard input
        (("--questions", "q.txt", *RUNS), ["must not be blank"]),
        (("누구?", *RUNS, "--passage-file", "nothing.txt"), ["nothing.txt", "No such file"]),
        (("누구?", *RUNS, "--passage-file", "noise.txt"), ["noise.txt: neither UTF-8 nor CP949"]),
        (("--questions", "empty.txt", *RUNS, "--passage", "가"), ["empty.txt: there is no question in it"]),
        (("--questions", "broken.json", *RUNS), ["broken.json: not valid JSON", "cut short?"]),
        (("누구?", *RUNS, "--collection", "minko"), ["no dataset and no file is called so; did you mean mini-ko?"]),
        (("누구?", *RUNS, "--collection", "./none.txt"), ["none.txt: cannot be read: No such file"]),
        (("누구?", *RUNS, "--collection", "empty.txt"), ["empty.txt: there is no text in it"]),
        (("누구?", *RUNS, "--collection", "broken.json"), ["broken.json: not valid JSON"]),
        (("누구?", "--run", "none", "--passage", "가"), ["there is no run 'none'"]),
        (("누구?", "--run", "bare", "--passage", "가"), [WEIGHTS_FILE, "No such file"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_the_user_can_mend_is_one_line(ask, readers, tmp_path, arguments, said):
    (tmp_path / "q.txt").write_text("누구?")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "broken.json").write_text('{"data": [{')
    (tmp_path / "noise.txt").write_bytes(bytes(range(128, 256)))
    if "bare" in arguments and not (readers[0].root / "bare").exists():
        run = ask_fixture.answering_run(readers[0], "bare", 3)
        (run.path / WEIGHTS_FILE).unlink()
    code, output, errors = ask(*arguments)
    assert (code, output) == (1, "")
    assert errors.startswith("error: ") and errors.count("\n") == 1
    for part in said:
        assert part in errors


@pytest.mark.parametrize(
    "arguments",
    [
        (QUESTION, "--questions", "q.txt", *RUNS, "--passage", "가"),
        (*RUNS, "--passage", "가"),
        (QUESTION, *RUNS, "--passage", "가", "--collection", "mini-ko"),
        (QUESTION, *RUNS, "--passage", "가", "--n-best", "0"),
        (QUESTION, "--passage", "가"),
    ],
    ids=["two kinds of question", "no question", "passage and collection", "no answers", "no run"],
)
def test_wrong_usage_is_exit_code_two(ask, arguments):
    assert ask(*arguments)[0] == 2


def test_answering_imports_no_network_library(readers):
    script = (
        "import sys; sys.argv = ['core', 'ask', '누구?', '--run', 'first', '--passage', '세종이다.', '--json']\n"
        "from core.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'tensorflow', 'keras', 'torch', 'streamlit'} & set(sys.modules)))"
    )
    environment = os.environ | {ROOT_VARIABLE: str(readers[0].root)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)
