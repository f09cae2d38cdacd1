"""Corpus: many roundups in one partitioned dataset, built on the cores of one machine or of many."""
