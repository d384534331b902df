"""The rules of the checks: each module holds those that look at one subject."""
