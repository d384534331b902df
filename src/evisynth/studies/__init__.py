"""Reading: a study file in; a `Study` that knows where each number stands out; next: `checks`."""
