"""The predictions file: what goes in comes out, and whatever is broken says why."""

import dataclasses
import json
import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.store.predictions import METADATA_KEY, SCHEMA, PredictionsError, read, write
from tests.comparing.factory import predictions, with_meta


@pytest.fixture
def path(tmp_path):
    return tmp_path / "predictions" / "mini-ko.parquet"


def changed(**columns):
    return predictions([True, False, True], columns=columns)


def test_round_trip(path):
    nbest = [
        [{"start": 0, "end": 2, "probability": 0.5}, {"start": 1, "end": 2, "probability": 0.25}],
        [{"start": 10, "end": 12, "probability": 0.5}],
        [],
    ]
    given = changed(loss=[1.5, np.nan, 0.0], nbest=nbest, f1=[0.5, 1 / 3, 1.0])
    write(path, given)
    found = read(path)
    assert (found.run, found.dataset) == ("a", "made-up")
    assert found.meta == given.meta
    assert list(found.table.columns) == SCHEMA.names
    expected = given.table.drop(columns="nbest")
    pd.testing.assert_frame_equal(found.table[list(expected.columns)], expected, check_dtype=False)
    assert found.table["f1"].dtype == np.float64
    assert found.table["start"].dtype == np.int32
    assert found.table["exact_match"].dtype == bool
    assert [found.table["nbest"].iloc[row] for row in range(3)] == nbest


def test_what_was_read_can_be_written_again(path):
    write(path, changed())
    once = path.read_bytes()
    write(path, read(path))
    assert path.read_bytes() == once


def test_columns_that_are_not_of_the_format_are_not_stored(path):
    write(path, changed(question="text of the dataset"))
    assert "question" not in read(path).table
    assert b"text of the dataset" not in path.read_bytes()


def test_no_question_at_all(path):
    write(path, predictions([]))
    assert len(read(path).table) == 0


class TestWriting:
    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"id": ["x", "y", "x"]}, r"an id appears twice \(question 'x'; 1 in all\)"),
            ({"end": [2, 5, 2]}, "ends before it starts.*'q1'"),
            ({"gold_end": [-1, 2, 2]}, "gold answer ends before.*'q0'"),
            ({"probability": [0.5, 1.5, 0.5]}, "probability is not within"),
            ({"probability": [0.5, np.nan, 0.5]}, "probability"),
            ({"f1": [0.5, -0.5, 0.5]}, "F1 is not within"),
            ({"error_type": ["exact", None, "exact"]}, "error_type has empty cells"),
            ({"nbest": [[], [], [{"start": 1, "end": 2, "probability": 0.5}]]}, "first of the n-best.*'q2'"),
            ({"start": ["a", "b", "c"]}, "a"),
            ({"windows": [0, 0, 99_999]}, "99999"),
        ],
    )
    def test_contradictions_are_refused(self, path, columns, message):
        with pytest.raises(PredictionsError, match=message):
            write(path, changed(**columns))
        assert not path.exists()

    def test_all_that_is_missing_is_named(self, path):
        given = changed()
        given = dataclasses.replace(given, table=given.table.drop(columns=["f1", "original_start"]))
        with pytest.raises(PredictionsError) as error:
            write(path, given)
        assert [problem.what for problem in error.value.problems] == ["columns missing: f1, original_start"]

    def test_a_failed_write_leaves_the_old_file_and_no_other(self, path, monkeypatch):
        write(path, changed())
        before = path.read_bytes()

        def fail(*_):
            raise OSError("disk full")

        monkeypatch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            write(path, predictions([False]))
        assert path.read_bytes() == before
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]


class TestReading:
    def test_missing(self, path):
        with pytest.raises(PredictionsError, match="there is no such file"):
            read(path)

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
    def test_half_written(self, path, share):
        write(path, changed())
        path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
        with pytest.raises(PredictionsError, match="half-written"):
            read(path)

    def test_another_programs_parquet(self, path):
        path.parent.mkdir()
        pq.write_table(pa.table({"id": ["q"]}), path)
        with pytest.raises(PredictionsError, match="not one of AnswerDiff's"):
            read(path)

    @pytest.mark.parametrize(
        ("meta", "message"),
        [
            ({"schema_version": 3}, "format version 3; this program reads 2: update AnswerDiff"),
            ({"schema_version": 0}, "predict again"),
            ({"schema_version": None}, "predict again"),
            ({"questions": 4}, "3 rows, but the metadata says 4 questions"),
            ({"questions": "3"}, "3 rows, but the metadata says '3' questions"),
            ({"max_pieces": "3"}, "metadata 'max_pieces' is '3'"),
            ({"seed": True}, "metadata 'seed' is True"),
            ({"trained_on": "x"}, "metadata 'trained_on' is 'x'"),
        ],
    )
    def test_metadata(self, path, meta, message):
        write(path, changed())
        table = pq.read_table(path)
        document = json.loads(table.schema.metadata[METADATA_KEY]) | meta
        pq.write_table(table.replace_schema_metadata({METADATA_KEY: json.dumps(document)}), path)
        with pytest.raises(PredictionsError, match=message):
            read(path)

    @pytest.mark.parametrize("text", ["{", "[]", "null"])
    def test_metadata_that_is_no_object(self, path, text):
        write(path, changed())
        pq.write_table(pq.read_table(path).replace_schema_metadata({METADATA_KEY: text}), path)
        with pytest.raises(PredictionsError, match=r"not JSON|format version None"):
            read(path)

    def test_a_column_of_another_type(self, path):
        write(path, changed())
        table = pq.read_table(path)
        position = table.column_names.index("start")
        pq.write_table(table.set_column(position, "start", pa.array(["a", "b", "c"])), path)
        with pytest.raises(PredictionsError, match="wrong type"):
            read(path)

    def test_a_column_that_is_missing(self, path):
        write(path, changed())
        pq.write_table(pq.read_table(path).drop(["f1"]), path)
        with pytest.raises(PredictionsError, match="columns missing: f1"):
            read(path)


def test_the_file_is_readable_for_others(path):
    write(path, with_meta(changed(), run="실행 1"))
    assert path.stat().st_mode & 0o777 == 0o644
    assert read(path).run == "실행 1"


def of_version_1(path, **changed):
    """Makes a file what version 1 wrote: other names, an always-zero column, float32, and less metadata."""
    table = pq.read_table(path)
    meta = json.loads(table.schema.metadata[METADATA_KEY]) | changed | {"schema_version": 1}
    for name in ("unusable_questions", "error_types_version", "reading_version", "max_pieces", "max_added"):
        del meta[name]
    table = table.set_column(table.column_names.index("f1"), "f1", table["f1"].cast(pa.float32()))
    table = table.append_column("trimmed", pa.array([0] * len(table), pa.int16()))
    table = table.rename_columns([name.replace("original_", "seed_") for name in table.column_names])
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: json.dumps(meta)}), path)


def test_version_1_is_read_as_what_it_was(path):
    given = changed(original_start=[1, 2, 3], original_end=[4, 5, 6], f1=[0.5, 1 / 3, 1.0])
    write(path, given)
    of_version_1(path)
    assert {"seed_start", "trimmed"} <= set(pq.read_table(path).column_names)
    found = read(path)
    assert list(found.table.columns) == SCHEMA.names
    assert found.table["original_start"].tolist() == [1, 2, 3] and found.table["original_end"].tolist() == [4, 5, 6]
    assert found.table["f1"].tolist() == [0.5, float(np.float32(1 / 3)), 1.0]
    shipped = {"unusable_questions": None, "error_types_version": 1, "reading_version": 1, "max_pieces": 30}
    assert found.meta == given.meta.model_copy(update=shipped | {"max_added": 10})


def test_how_a_run_trained_elsewhere_reads_is_not_known_of_version_1(path):
    write(path, changed())
    of_version_1(path, tokenizer_sha256="")
    meta = read(path).meta
    assert (meta.reading_version, meta.max_pieces, meta.max_added, meta.error_types_version) == (None, None, None, 1)


def test_version_2_tells_everything(path):
    write(path, changed())
    table = pq.read_table(path)
    meta = json.loads(table.schema.metadata[METADATA_KEY])
    del meta["max_pieces"], meta["trained_on"]
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: json.dumps(meta)}), path)
    with pytest.raises(PredictionsError) as error:
        read(path)
    assert {problem.what for problem in error.value.problems} == {
        "metadata 'max_pieces' is missing",
        "metadata 'trained_on' is missing",
    }


def test_unusable_questions_are_stored(path):
    write(path, predictions([True], unusable_questions=3))
    assert read(path).meta.unusable_questions == 3
