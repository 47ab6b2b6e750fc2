"""Trains, evaluates, stores and compares Korean question-answering models; knows nothing of the user interface."""
