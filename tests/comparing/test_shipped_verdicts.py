"""Every pair of shipped runs: verdict, interval and p say one thing, and nothing of it is random."""

from dataclasses import asdict
from itertools import combinations, product

import numpy as np
import pytest

from core.comparing.compare import CRITERIA, Comparison, bootstrap, compare
from core.comparing.retraining import read_trainings, same_recipe
from core.comparing.verdict import VERDICTS
from core.reports import html_report, report
from core.reports.answers import with_answers
from core.store.runs import DEFAULT_ROOT, Store

DATASETS = ("mini-ko", "korquad-held-out")


@pytest.fixture(scope="module")
def shipped():
    return {dataset: read_trainings(Store(DEFAULT_ROOT), dataset) for dataset in DATASETS}


def figures(comparison: Comparison) -> tuple:
    recipes = comparison.recipes
    return (
        comparison.verdict,
        recipes.message,
        *(asdict(measure).items() for measure in (comparison.right, comparison.exact_match, comparison.f1)),
        (recipes.low, recipes.high, recipes.p, recipes.needed),
    )


def check(comparison: Comparison, one_recipe: bool, seeds: int) -> None:
    """Asserts what must hold of any comparison."""
    for measure in (comparison.right, comparison.exact_match, comparison.f1):
        if measure.p is None:
            assert measure.low is measure.high is None
            continue
        assert (measure.p < 0.05) == (measure.low > 0 or measure.high < 0)
        assert measure.low <= measure.difference <= measure.high
    right, kind, said = comparison.right, comparison.verdict.kind, comparison.verdict.text("en")
    assert kind in VERDICTS
    assert (kind in ("one-recipe", "identical")) == one_recipe
    if kind in ("b-better", "a-better"):
        assert right.p < 0.05
        assert (right.difference > 0) == (kind == "b-better")
        assert max(abs(right.low), abs(right.high)) >= comparison.margin
    if kind == "uncertain":
        assert right.p >= 0.05
        assert max(abs(right.low), abs(right.high)) >= comparison.margin
    if kind == "practically-same":
        assert max(abs(right.low), abs(right.high)) < comparison.margin
    assert ("is better" in said) == (kind in ("b-better", "a-better"))
    if right.p is not None and kind not in ("identical", "same-outcomes"):  # the headline has the table's own numbers
        _, _, difference, interval, p, _ = report.cells(right, "en", " to ")
        assert f"{difference} points, 95 % interval {interval}, p " in said
        assert p in said
    before = figures(comparison)
    intervals = {bootstrap(comparison, 40, seed) for seed in range(seeds)}
    assert len(intervals) > 1 or not right.differs
    assert figures(comparison) == before


def compared(shipped, dataset: str, i: int, j: int, criterion: str, seeds: int) -> Comparison:
    a, b = shipped[dataset][i], shipped[dataset][j]
    first = compare(a, b, criterion, trainings=shipped[dataset])
    np.random.seed(i)
    again, back = (compare(*pair, criterion, trainings=shipped[dataset]) for pair in ((a, b), (b, a)))
    assert str(figures(first)) == str(figures(again))
    if first.right.p is not None:
        assert back.right.p == pytest.approx(first.right.p)
        assert (back.right.low, back.right.high) == pytest.approx((-first.right.high, -first.right.low))
    check(first, same_recipe(a, b), seeds)
    return first


def test_some_pairs(shipped):
    cases = list(product(DATASETS, combinations(range(10), 2), CRITERIA))
    chosen = np.random.default_rng(15).choice(len(cases), 10, replace=False)
    for dataset, (i, j), criterion in (cases[one] for one in chosen):
        compared(shipped, dataset, i, j, criterion, seeds=3)


@pytest.mark.slow
def test_every_pair(shipped):
    kinds = {
        compared(shipped, dataset, i, j, criterion, seeds=50).verdict.kind
        for dataset, criterion in product(DATASETS, CRITERIA)
        for i, j in combinations(range(len(shipped[dataset])), 2)
    }
    assert {"b-better", "a-better", "uncertain", "practically-same", "one-recipe"} <= kinds


def test_two_seeds_of_one_recipe_are_better_nowhere(shipped):
    """`compare base base-2 --criterion substring` has p < .05, and says better in none of its forms."""
    a, b = (next(one for one in shipped["mini-ko"] if one.run == name) for name in ("base", "base-2"))
    found = compare(a, b, "substring", trainings=shipped["mini-ko"])
    assert found.verdict.kind == "one-recipe"
    rows = with_answers(found, None)
    for language, word in (("en", "better"), ("ko", "더 낫")):
        page = html_report.render(found, a, b, rows=rows, language=language)
        said = [message.text(language) for message in found.messages]
        for text in (*said, page, str(report.to_dict(found)["verdict"]), str(report.to_dict(found)["recipes"])):
            assert word not in text
        assert all(one in page for one in said)
