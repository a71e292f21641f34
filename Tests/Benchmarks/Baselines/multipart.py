"""Parses multipart and urlencoded bodies, and prints the speed.

Reads lines `multipart BOUNDARY FILE` and `urlencoded FILE`, and prints bytes per nanosecond (GB/s) for each. It times only the
parsing: the body is in memory. A multipart body is parsed in pieces of 64 KiB.
"""

import sys
import time
import urllib.parse

from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

PIECE = 64 * 1024


def multipart(boundary, body):
    decoder = MultipartDecoder(boundary.encode())
    held = 0
    for start in range(0, len(body), PIECE):
        decoder.receive_data(body[start : start + PIECE])
        while not isinstance(event := decoder.next_event(), (NeedData, Epilogue)):
            if isinstance(event, Data):
                held += len(event.data)
    decoder.receive_data(None)
    while not isinstance(decoder.next_event(), Epilogue):
        pass
    return held


def urlencoded(body):
    return len(urllib.parse.parse_qsl(body.decode("ascii"), keep_blank_values=True))


for line in sys.stdin:
    kind, *arguments, path = line.split()
    with open(path, "rb") as file:
        body = file.read()
    start = time.perf_counter_ns()
    if kind == "multipart":
        multipart(*arguments, body)
    else:
        urlencoded(body)
    print(len(body) / (time.perf_counter_ns() - start), flush=True)
