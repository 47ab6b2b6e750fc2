"""What lies on disk: runs, predictions, histories, fingerprints."""
