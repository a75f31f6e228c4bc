"""The audit as it is done by hand-written scripts, for comparison: every packet is copied out of the file; one that has
a TLS handshake record with a hello at the start of its payload (Ethernet, IPv4, TCP, known ports) gives a CSV row with
the 5-tuple and the legacy version. It knows nothing of reassembly, extensions, IPv6, VLANs or other file formats."""

import csv
import socket
import struct
import sys

NAMES = {0x0300: "SSLv3", 0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2"}
PORTS = {443, 8443}


def main(path):
    out = csv.writer(sys.stdout)
    with open(path, "rb") as capture:
        order = "big" if capture.read(24)[:4] == b"\xa1\xb2\xc3\xd4" else "little"
        while True:
            header = capture.read(16)
            if len(header) < 16:
                return
            packet = bytearray(capture.read(int.from_bytes(header[8:12], byteorder=order)))
            ip_length = (packet[14] & 0x0F) * 4
            tcp_at = 14 + ip_length
            if len(packet) < tcp_at + 20:
                continue
            payload_at = tcp_at + (packet[tcp_at + 12] >> 4) * 4
            if len(packet) < payload_at + 11 or packet[payload_at] != 22 or packet[payload_at + 5] not in (1, 2):
                continue
            source, destination = struct.unpack_from("!HH", packet, tcp_at)
            if source not in PORTS and destination not in PORTS:
                continue
            version = int.from_bytes(packet[payload_at + 9 : payload_at + 11], byteorder="big")
            ends = (socket.inet_ntoa(bytes(packet[26:30])), source, socket.inet_ntoa(bytes(packet[30:34])), destination)
            out.writerow([*ends, "TCP", NAMES.get(version, hex(version))])


main(sys.argv[1])
