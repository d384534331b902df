"""Charts with two axes: a chart in words and data (pure) is placed on a page in points, then drawn."""
