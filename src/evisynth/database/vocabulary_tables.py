"""The tables of the vocabulary: outcomes, tags, covariates, and the names by which each may be asked for."""

from __future__ import annotations

from evisynth.database.table import MUST, Table, each, text, truth
from evisynth.vocabulary import SECTIONS, Covariate, Outcome, Term

_TAG_KINDS = tuple(SECTIONS)
_NAMED_KINDS = ("outcome", "covariate", *_TAG_KINDS)

VOCABULARY_TABLES = (
    Table(
        "outcome",
        "One row an outcome of the vocabulary.",
        (
            text("outcome_id", "Name in snake_case.", MUST),
            text("label", Outcome, MUST),
            text("definition", Outcome, MUST),
            text("type", Outcome, MUST),
            *each(text, Outcome, "event", "unit"),
            truth("more_is_better", Outcome),
        ),
        ("PRIMARY KEY (outcome_id)",),
    ),
    Table(
        "term",
        "One row a tag of the vocabulary: an intervention, an extent, a site or a population.",
        (
            text("kind", "Kind of tag.", MUST, words=_TAG_KINDS),
            text("term_id", "Name in snake_case.", MUST),
            text("label", Term, MUST),
            text("definition", Term, MUST),
            text("broader", Term),
        ),
        ("PRIMARY KEY (kind, term_id)",),
    ),
    Table(
        "covariate",
        "One row a covariate of the vocabulary: what may be known of a group as a whole.",
        (
            text("covariate_id", "Name in snake_case.", MUST),
            text("label", Covariate, MUST),
            text("definition", Covariate, MUST),
            text("type", Covariate, MUST),
            text("unit", Covariate),
        ),
        ("PRIMARY KEY (covariate_id)",),
    ),
    Table(
        "vocabulary_name",
        "One row a name by which an outcome or a term may be asked for.",
        (
            text("kind", "outcome, covariate, or the kind of tag.", MUST, words=_NAMED_KINDS),
            text("folded", "The name without capitals, spaces, hyphens and underscores.", MUST),
            text("name", "The name as the vocabulary writes it.", MUST),
            text("id", "The outcome or the term that it names.", MUST),
        ),
        ("PRIMARY KEY (kind, folded)",),
    ),
)
