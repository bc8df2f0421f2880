"""The idle daemon with two workers: proportional set size of all its processes."""

import time

from bench import gateways
from bench.machine import proportional_mib

ROUNDS, SETTLED_SECONDS = 3, 5


def run() -> None:
    for _ in range(ROUNDS):
        with gateways.scratch() as folder, gateways.running(gateways.write_settings(folder)) as (process, _port):
            time.sleep(SETTLED_SECONDS)
            found = proportional_mib(process.pid)
        sizes = " + ".join(f"{size:.1f}" for _, size in found)
        print(f"  {sum(size for _, size in found):.1f} MiB = {sizes} (daemon, foreman, workers)")
