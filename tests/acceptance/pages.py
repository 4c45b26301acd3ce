"""Does what pages of the documentation say, as it stands there."""

import json
import re
import shlex
import subprocess
import sys

TOO_LONG = 120
"""Seconds."""


def blocks(page, language="sh"):
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def words(command, environment):
    """Return what the shell would start, by this Python."""
    given = [one.replace("$TENANT", environment.get("TENANT", "")) for one in shlex.split(command)]
    return [sys.executable, "-m", *given]


def bixie(command, environment):
    command = [*words(command, environment), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


def curl(call, environment):
    done = subprocess.run(["sh", "-c", call], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
