"""Two runs, or many, question by question, and what their difference means."""
