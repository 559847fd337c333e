"""For every test: nothing of the developer's own environment, and nothing that calls out."""

import os

for name in [name for name in os.environ if name.startswith(("DIAODU_", "PREFECT_"))]:
    del os.environ[name]
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
