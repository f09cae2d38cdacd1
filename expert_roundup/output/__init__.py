"""Output: charts, tables, slides and reports of frames."""
