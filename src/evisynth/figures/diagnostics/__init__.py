"""Charts that ask how far a pooled result can be trusted: a result in, a chart (pure), then a figure out."""
