"""Telling: in go answers, figures and studies, out comes one self-contained HTML page; `pipeline` is next."""
