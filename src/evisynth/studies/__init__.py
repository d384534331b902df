"""Reading: in goes a study file, out comes a `Study` that knows where each number stands; `checks` is next."""
