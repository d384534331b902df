"""The tables of the groups of patients: the tree that they form, and their tags."""

from __future__ import annotations

from evisynth.database.table import (
    LINE,
    NOTE,
    OF_GROUP,
    OF_STUDY,
    PLACE,
    QUALIFIERS,
    STATES,
    STUDY,
    Table,
    one_of,
    real,
    text,
    whole,
)

GROUPS = (
    Table(
        "study_group",
        "One row a group of patients.",
        (
            STUDY,
            text("group_id", "Name of the group inside its study.", "NOT NULL"),
            whole("position", "Order in the study file, from 1.", "NOT NULL"),
            text("label", "What the group is.", "NOT NULL"),
            text(
                "role",
                "own, external or background.",
                one_of("role", ("own", "external", "background"), False),
            ),
            whole("n", "Number of patients, when printed.", "CHECK (n >= 0)"),
            text("n_as_reported", "Number of patients, as written in the study file."),
            text("n_state", "Whether it is reported.", one_of("n_state", STATES)),
            text("n_qualifier", "How exact it is.", one_of("n_qualifier", QUALIFIERS)),
            real(
                "n_value", "Patients, or the share of the group that this is part of.", "CHECK (n_value >= 0)"
            ),
            text("n_unit", "patients or proportion."),
            real("n_half_unit", "Half of the last printed digit of a share."),
            whole("n_count", "Patients, where a whole number is given.", "CHECK (n_count >= 0)"),
            text("n_worked_out", "How the reader worked it out, when it is not printed."),
            text("n_location", "Place in the source of the number of patients."),
            PLACE,
            LINE,
            NOTE,
        ),
        ("PRIMARY KEY (study_id, group_id)", OF_STUDY),
    ),
    Table(
        "group_part",
        "One row a group that is part of another, with the split that made it a part.",
        (
            STUDY,
            text("group_id", "The part.", "NOT NULL"),
            text("whole_id", "The group that it is part of.", "NOT NULL CHECK (whole_id <> group_id)"),
            text("split", "By what the whole was split.", "NOT NULL"),
        ),
        (
            "PRIMARY KEY (study_id, group_id)",
            OF_GROUP,
            "FOREIGN KEY (study_id, whole_id) REFERENCES study_group (study_id, group_id)",
        ),
    ),
    Table(
        "open_split",
        "One row a split whose parts do not cover the whole.",
        (
            STUDY,
            text("group_id", "The whole.", "NOT NULL"),
            text("split", "By what it was split.", "NOT NULL"),
        ),
        ("PRIMARY KEY (study_id, group_id, split)", OF_GROUP),
    ),
    Table(
        "group_ancestor",
        "One row a group and each group that holds it, itself included (depth 0).",
        (
            STUDY,
            text("group_id", "The group.", "NOT NULL"),
            text("ancestor_id", "A group that holds it.", "NOT NULL"),
            whole("depth", "Steps up the tree.", "NOT NULL CHECK (depth >= 0)"),
        ),
        ("PRIMARY KEY (study_id, group_id, ancestor_id)", OF_GROUP),
    ),
    Table(
        "group_tag",
        "One row a tag of a group, inherited ones included.",
        (
            STUDY,
            text("group_id", "The group.", "NOT NULL"),
            text("kind", "Kind of tag.", "NOT NULL"),
            text("term_id", "Term of the vocabulary.", "NOT NULL"),
        ),
        (
            "PRIMARY KEY (study_id, group_id, kind)",
            OF_GROUP,
            "FOREIGN KEY (kind, term_id) REFERENCES term (kind, term_id)",
        ),
    ),
)
