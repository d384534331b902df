from .build import build_database as build_database, ensure_database as ensure_database
from .connection import (
    NO_EXTENSIONS as NO_EXTENSIONS,
    close_database as close_database,
    one_line as one_line,
    open_database as open_database,
    quoted as quoted,
)
from .freshness import (
    check_freshness as check_freshness,
    database_identity as database_identity,
    hash_file as hash_file,
    reader_version as reader_version,
)
from .parse_cache import ParseCache as ParseCache
from .project_files import ProjectFiles as ProjectFiles
from .rows import location as location, study_rows as study_rows, vocabulary_rows as vocabulary_rows
from .tables import TABLES as TABLES
from .views import View as View, documented_views as documented_views
from .write_database import schema_statements as schema_statements
