"""Changes between two states of the evidence: entries are compared, and told as a changelog."""
