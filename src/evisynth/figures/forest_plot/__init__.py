"""The forest plot: a result becomes a source, a layout, places on a page, and then a figure."""
