from .blocks import (
    TOP as TOP,
    Block as Block,
    Entries as Entries,
    Keys as Keys,
    Mistakes as Mistakes,
    ModelKey as ModelKey,
    TypedAs as TypedAs,
    keys_of as keys_of,
    not_a_list as not_a_list,
    not_a_mapping as not_a_mapping,
)
from .model_reading import read_model as read_model
from .nodes import (
    Located as Located,
    Mapping as Mapping,
    Node as Node,
    Scalar as Scalar,
    Sequence as Sequence,
    mapping as mapping,
    plain_text as plain_text,
    scalar as scalar,
)
from .reference_page import reference_section as reference_section
from .schemas import model_schema as model_schema, offered as offered, schema_text as schema_text
from .source_text import (
    LARGEST_FILE as LARGEST_FILE,
    LONGEST_LINE as LONGEST_LINE,
    FileFindings as FileFindings,
    read_source_text as read_source_text,
)
from .text import (
    NOT_REPORTED as NOT_REPORTED,
    SAID_NOT_REPORTED as SAID_NOT_REPORTED,
    AnyText as AnyText,
    Choice as Choice,
    Filled as Filled,
    Key as Key,
    Pattern as Pattern,
    Required as Required,
    Schema as Schema,
    Text as Text,
    Texts as Texts,
    TextType as TextType,
    Words as Words,
    folded_words as folded_words,
    opened_block as opened_block,
    refused as refused,
    reported_text as reported_text,
    text_of as text_of,
)
from .yaml_folder import (
    SUFFIX as SUFFIX,
    is_yaml_name as is_yaml_name,
    list_yaml_files as list_yaml_files,
    unreadable_folder as unreadable_folder,
    wrong_suffix as wrong_suffix,
)
from .yaml_nodes import (
    DEEPEST_NESTING as DEEPEST_NESTING,
    YamlFile as YamlFile,
    read_yaml_file as read_yaml_file,
)
