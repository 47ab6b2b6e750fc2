"""The whole of the original experiment: its figures, claims, rule on trial, silent load."""
