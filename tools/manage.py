"""``manage.py`` with this machine's .env.local: python -m tools.manage shell"""

import subprocess
import sys

from tools.common import manage

if __name__ == "__main__":
    try:
        manage(*sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
