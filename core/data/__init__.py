"""Questions, vocabulary, windows and raw text."""
