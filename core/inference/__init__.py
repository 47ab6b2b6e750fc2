"""Answers from logits, from a run, from a collection of passages."""
