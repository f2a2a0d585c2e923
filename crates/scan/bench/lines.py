"""The line protocol of the benchmark: one JSON object a line in, one out; and what a process used."""

import json
import resource
import sys
import time


def serve(answer):
    """`answer` takes a request and gives a reply, or two: a reply, and what is done before it is timed."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


class Stopwatch:
    """Milliseconds since it was made: of the clock and of this process's processor time."""

    def __init__(self):
        self.clock, self.cpu = time.perf_counter(), time.process_time()

    def read(self):
        return {"ms": 1000 * (time.perf_counter() - self.clock), "cpu_ms": 1000 * (time.process_time() - self.cpu)}


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
