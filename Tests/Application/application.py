#!/usr/bin/env python3
"""A small application that nginx guards: it says what it is told of a request, and who is signed in.

application.py SOCKET listens there. It has no accounts, no passwords and no sessions: it believes the headers that the
web server sets. nginx/guard.conf tells how.
"""
import http.server
import json
import socketserver
import sys


class Application(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        if self.headers.get("Upgrade") == "websocket":
            return self.echo()
        length = int(self.headers.get("Content-Length", 0))
        profile = json.loads(self.headers.get("X-Profile", "{}"))
        body = json.dumps({
            "greeting": "Hello, " + profile.get("fullName", self.headers.get("X-Accountid", "whoever you are")),
            "method": self.command,
            "path": self.path,
            "body": self.rfile.read(length).decode(),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def echo(self):
        """What a WebSocket needs of nginx: a connection that both ends write to for as long as they like."""
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.wfile.write(self.connection.recv(1024))
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer

    def log_message(self, *arguments):
        pass

    def address_string(self):
        return "nginx"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    Server(sys.argv[1], Application).serve_forever()
