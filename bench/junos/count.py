"""Counts the AH sessions of a file by peer with lxml.iterparse, and prints what that cost as JSON."""
import json
import sys
import time

from lxml import etree

began = time.perf_counter()
peers = {}
sessions = 0
for _, session in etree.iterparse(sys.argv[1], events=("end",), tag="{*}flow-session", huge_tree=True):
    sessions += 1
    peer = session.findtext("{*}flow-information/{*}source-address").strip()
    peers[peer] = peers.get(peer, 0) + 1
    session.clear()
    while session.getprevious() is not None:
        del session.getparent()[0]
print(json.dumps({"seconds": time.perf_counter() - began, "sessions": sessions, "peers": len(peers)}))
