"""What an answer is worth, and the statistics of many."""
