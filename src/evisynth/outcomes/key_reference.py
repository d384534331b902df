"""The files beside those that people write: JSON Schemas for their editors, and the page of all keys.

All of it derives from the models by which the files are read.
"""

from __future__ import annotations

from evisynth.outcomes.question import Question
from evisynth.outcomes.reviews import ReviewFile
from evisynth.reading import reference_section, schema_text
from evisynth.studies import (
    Study,
    VocabularyFile,
    study_schema_text,
    vocabulary_definitions,
    vocabulary_schema_text,
)
from evisynth.vocabulary import Vocabulary

REFERENCE = "REFERENCE.md"
_INTRODUCTION = """\
# Every key

The files that people write, key by key. This page is made from the models by which they are read
(`evisynth report` writes it, and the schemas beside it), so that it says what is accepted today. `ID` stands
for a name of your own, `[]` for each entry of a list. Texts may be `not reported`.

"""


def key_files(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the schemas and the page of keys, each under the name of its file in ``evidence/``."""
    return {
        "study.schema.json": study_schema_text(vocabulary),
        "question.schema.json": question_schema_text(vocabulary),
        "vocabulary.schema.json": vocabulary_schema_text(),
        "reviews.schema.json": reviews_schema_text(vocabulary),
        REFERENCE: reference_text(),
    }


def question_schema_text(vocabulary: Vocabulary) -> str:
    """Return the JSON Schema of questions as the text of ``evidence/question.schema.json``."""
    description = "What the studies together are asked."
    return schema_text(Question, "Question", description, vocabulary_definitions(vocabulary))


def reviews_schema_text(vocabulary: Vocabulary) -> str:
    """Return the JSON Schema of reviews as the text of ``evidence/reviews.schema.json``."""
    description = "Published reviews of the same questions, to set beside the answers."
    return schema_text(ReviewFile, "Reviews", description, vocabulary_definitions(vocabulary))


def reference_text() -> str:
    """Return the page of keys as the text of ``evidence/REFERENCE.md``."""
    sections = (
        reference_section("A study: `studies/ID.yaml`", Study),
        reference_section("A question: `evidence/questions/ID.yaml`", Question),
        reference_section("The vocabulary: `evidence/vocabulary.yaml`", VocabularyFile),
        reference_section("Published reviews: `evidence/reviews.yaml`", ReviewFile),
    )
    return _INTRODUCTION + "\n".join(sections)
