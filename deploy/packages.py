"""Installs what is not Python's, where that is allowed: as root on Debian, which is what CI is."""

import os
import shutil
import subprocess


def install(*names: str) -> bool:
    """Whether the packages are there now. Nobody's own machine is touched: that takes root and apt-get."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *names]):
        # What apt says goes to the error channel: the caller's own answer is on the other one.
        run = [apt, "-qq", *command]
        if subprocess.run(run, env=quiet, stdin=subprocess.DEVNULL, stdout=2, check=False).returncode:
            return False
    return True
