"""From a question and a passage to answers: readers, spans, search, calibration."""
