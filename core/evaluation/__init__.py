"""Scores of one run, and the comparison of several."""
