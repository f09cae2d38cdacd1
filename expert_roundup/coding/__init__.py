"""Coding: codebook, codings, tally, agreement, reconstruction, suggestions, exchange."""
