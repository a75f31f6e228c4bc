"""The audit as engineers script it, for comparison. It goes about it as a well-known article describes: relative seeks and
small reads for each record header, the whole packet as bytes, named constants in an IntEnum, the TLS content type first and
the other headers only for hellos, a list of results that becomes a CSV at the end. Ethernet, IPv4 and TCP are taken for
granted; it knows the legacy version only, and nothing of reassembly, extensions, IPv6, VLANs or other file formats."""

import csv
import sys
from enum import IntEnum


class Size(IntEnum):
    ETHERNET = 14
    WORD = 4
    RECORD = 5
    ADDRESS = 4
    PORT = 2
    VERSION = 2


class At(IntEnum):
    DATA_OFFSET = 12
    SOURCE = 12
    DESTINATION = 16
    HELLO_VERSION = 9


class Mask(IntEnum):
    HEADER_LENGTH = 0x0F
    DATA_OFFSET = 0xF0


NAMES = {b"\x03\x00": "SSL 3.0", b"\x03\x01": "TLS 1.0", b"\x03\x02": "TLS 1.1", b"\x03\x03": "TLS 1.2"}


class Hello:
    """One hello; every packet gets one, which most never fill."""

    def __init__(self):
        self.source = None
        self.destination = None
        self.version = None


def byte_order(capture):
    order = "big" if capture.read(4) == b"\xa1\xb2\xc3\xd4" else "little"
    capture.seek(20, 1)
    return order


def packet_length(capture, order):
    capture.seek(8, 1)
    field = capture.read(4)
    if field == b"":
        raise EOFError
    capture.seek(4, 1)
    return int.from_bytes(field, byteorder=order)


def header_lengths(packet):
    ip = (
        int.from_bytes(packet[Size.ETHERNET : Size.ETHERNET + 1], byteorder="big") & Mask.HEADER_LENGTH
    ) * Size.WORD
    field = packet[Size.ETHERNET + ip + At.DATA_OFFSET : Size.ETHERNET + ip + At.DATA_OFFSET + 1]
    tcp = ((int.from_bytes(field, byteorder="big") & Mask.DATA_OFFSET) >> 4) * Size.WORD
    return ip, tcp


def is_hello(packet):
    ip, tcp = header_lengths(packet)
    if packet[Size.ETHERNET + ip + tcp : Size.ETHERNET + ip + tcp + 1] != b"\x16":
        return False
    kind = packet[Size.ETHERNET + ip + tcp + Size.RECORD : Size.ETHERNET + ip + tcp + Size.RECORD + 1]
    return kind == b"\x01" or kind == b"\x02"


def fill(hello, packet):
    ip, tcp = header_lengths(packet)
    ports = Size.ETHERNET + ip
    payload = ports + tcp
    address = Size.ETHERNET + At.SOURCE
    hello.source = (packet[address : address + Size.ADDRESS], packet[ports : ports + Size.PORT])
    address = Size.ETHERNET + At.DESTINATION
    hello.destination = (packet[address : address + Size.ADDRESS], packet[ports + Size.PORT : ports + 2 * Size.PORT])
    hello.version = packet[payload + At.HELLO_VERSION : payload + At.HELLO_VERSION + Size.VERSION]


def end_of(address, port):
    return [".".join(str(byte) for byte in address), int.from_bytes(port, byteorder="big")]


def main(path):
    hellos = []
    with open(path, "rb") as capture:
        order = byte_order(capture)
        while True:
            try:
                length = packet_length(capture, order)
            except EOFError:
                break
            packet = capture.read(length)
            hello = Hello()
            if not is_hello(packet):
                continue
            fill(hello, packet)
            hellos.append(hello)
    out = csv.writer(sys.stdout)
    for hello in hellos:
        out.writerow([*end_of(*hello.source), *end_of(*hello.destination), NAMES.get(hello.version, "unknown")])


main(sys.argv[1])
