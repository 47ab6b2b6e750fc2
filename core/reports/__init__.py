"""Comparisons and runs as plain data, tables and HTML."""
