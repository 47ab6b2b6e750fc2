"""The network, and its weights in Hugging Face's format."""
