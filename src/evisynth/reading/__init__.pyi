from .blocks import (
    TOP as TOP,
    Block as Block,
    Mistakes as Mistakes,
    TypedAs as TypedAs,
    keys_of as keys_of,
    not_a_mapping as not_a_mapping,
)
from .model_reading import read_model as read_model
from .nodes import (
    Mapping as Mapping,
    Node as Node,
    Scalar as Scalar,
    Sequence as Sequence,
    plain_text as plain_text,
    scalar as scalar,
)
from .source_text import (
    LARGEST_FILE as LARGEST_FILE,
    LONGEST_LINE as LONGEST_LINE,
    FileFindings as FileFindings,
    Located as Located,
)
from .text import (
    AnyText as AnyText,
    Choice as Choice,
    Filled as Filled,
    Key as Key,
    Required as Required,
    Schema as Schema,
    Texts as Texts,
    TextType as TextType,
    Words as Words,
    folded_words as folded_words,
    refused as refused,
    reported_text as reported_text,
    text_of as text_of,
)
from .yaml_nodes import (
    DEEPEST_NESTING as DEEPEST_NESTING,
    YamlFile as YamlFile,
    read_yaml_file as read_yaml_file,
)
