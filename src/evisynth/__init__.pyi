from .effects import effect_size as effect_size
from .figures import forest as forest
from .pipeline import Evidence as Evidence, open as open
from .synthesis import (
    PooledResult as PooledResult,
    pool as pool,
    pool_bayesian as pool_bayesian,
    pool_many as pool_many,
)

__version__: str
