"""Sends descriptor 0 over TLS to a unix socket and prints what comes back, after a line that names the protocol.

    tls.py SOCKET CERTIFICATE NAME PROTOCOL

The certificate must be the server's and have the name. PROTOCOL is offered by ALPN (RFC 7301); for `h2` nothing is sent.
"""

import socket
import ssl
import sys

path, certificate, name, protocol = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate)
context.set_alpn_protocols([protocol])
plain = socket.socket(socket.AF_UNIX)
plain.settimeout(30)
plain.connect(path)
with context.wrap_socket(plain, server_hostname=name) as connection:
    print(connection.selected_alpn_protocol(), flush=True)
    if protocol != "h2":
        connection.sendall(sys.stdin.buffer.read())
        while received := connection.recv(65536):
            sys.stdout.buffer.write(received)
