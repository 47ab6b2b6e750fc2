"""What "right" means in a comparison."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from core.comparing.compatibility import ComparisonRefused
from core.texts.message import Message

Criterion = Literal["exact", "f1", "substring"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
F1_THRESHOLD = 0.8


def right(table: pd.DataFrame, criterion: Criterion, threshold: float = F1_THRESHOLD) -> np.ndarray:
    """Returns which rows of a predictions table count as right, bool (n,).

    Raises:
        ComparisonRefused: the substring rule needs an argmax that is not known of a run trained elsewhere.
        ValueError: an unknown criterion.
    """
    if criterion == "exact":
        return table["exact_match"].to_numpy(bool)
    if criterion == "f1":
        # The scores are stored as float32: 0.7 there is a little less than the threshold 0.7 given here.
        return table["f1"].to_numpy(np.float32) >= np.float32(threshold)
    if criterion == "substring":
        if table["original_contains"].isna().any():
            raise ComparisonRefused([Message("no-argmax", "compare-core-no-argmax", {})])
        return table["original_contains"].to_numpy(bool)
    raise ValueError(f"no criterion {criterion!r}; there are {', '.join(CRITERIA)}")
