"""Collects published.json from reference results, one JSON file a data set: python extract.py FOLDER.

Kept are the effects, the diagnostics, the meta-regression and the three-level model, digit for digit.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
diagnostics, regression, multilevel = [], None, None
for path in sorted(folder.glob("*.json")):
    data = json.loads(path.read_text())
    if data["kind"] == "meta_regression":
        regression = data
    elif data["kind"] == "multilevel":
        multilevel = data
    else:
        for measure, entry in (data.get("measures") or {"GEN": data}).items():
            figures = entry["fits"]["diagnostics"]
            diagnostics.append(
                {
                    "dataset": data["dataset"],
                    "measure": measure,
                    "yi": entry["yi"],
                    "vi": entry["vi"],
                    **figures,
                }
            )
found = {"diagnostics": diagnostics, "meta_regression": regression, "multilevel": multilevel}
Path(__file__).with_name("published.json").write_text(json.dumps(found, indent=1) + "\n")
