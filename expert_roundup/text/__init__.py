"""Text: sentences, terms, languages and word lists, for every other wing."""
