"""Keeps a sample of a cosmic-ray session's mutants: python .ci/sample_mutants.py SESSION COUNT SEED."""

import random
import sqlite3
import sys


def main(session: str, count: int, seed: int) -> None:
    """Deletes all but `count` mutants, and those that a filter skips; the same seed keeps the same ones."""
    with sqlite3.connect(session) as database:
        mutants = database.execute(
            "SELECT job_id FROM mutation_specs WHERE job_id NOT IN (SELECT job_id FROM work_results)"
            " ORDER BY module_path, start_pos_row, start_pos_col, operator_name, occurrence"
        ).fetchall()
        sample = set(random.Random(seed).sample(mutants, count))
        others = [job for job in database.execute("SELECT job_id FROM work_items") if job not in sample]
        for table in ("work_results", "mutation_specs", "work_items"):
            database.executemany(f"DELETE FROM {table} WHERE job_id = ?", others)
    print(f"{count} of {len(mutants)} mutants")


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
