"""Checks docs/monitoring with promtool: the alert rules, their tests, and every query of the Grafana board.

Where promtool is missing, a message says that nothing was checked; with CI=true that is a failure.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "monitoring"
# Grafana fills these in.
VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


def queries():
    """The queries of all panels."""
    panels = json.loads((FOLDER / "grafana.json").read_text())["panels"]
    for panel in panels:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            yield query


def board_as_rules():
    """The queries as recording rules: promtool checks nothing else. JSON is YAML."""
    rules = [{"record": f"board:query{number}", "expr": query} for number, query in enumerate(queries())]
    return json.dumps({"groups": [{"name": "board", "rules": rules}]})


def main():
    if shutil.which("promtool") is None:
        print("vouch: docs/monitoring was NOT CHECKED: promtool is missing (Debian: apt-get install prometheus)")
        sys.exit(os.environ.get("CI") == "true")
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as board:
        board.write(board_as_rules())
        board.flush()
        for command in [
            ["check", "rules", FOLDER / "alerts.yml", board.name],
            ["test", "rules", FOLDER / "alerts.test.yml"],
        ]:
            if subprocess.run(["promtool", *command], check=False).returncode != 0:
                sys.exit(1)


main()
