"""One module a layout: where speakers are announced and on which side the answer lies."""
