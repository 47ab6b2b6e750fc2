"""Fine-tuning, pre-training and their history."""
