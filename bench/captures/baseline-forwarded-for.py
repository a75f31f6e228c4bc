"""The search as it is done by hand-written scripts, for comparison: the capture is read as lines of text, and a regular
expression looks for the header at the beginning of each. It answers yes or no, not on which connection."""

import re
import sys


def main(path, target):
    pattern = re.compile(rb"X-Forwarded-For: (\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})")
    wanted = target.encode()
    found = 0
    with open(path, "rb") as capture:
        for line in capture:
            match = pattern.match(line)
            if match and match.group(1) == wanted:
                found += 1
    print(found)


main(sys.argv[1], sys.argv[2])
