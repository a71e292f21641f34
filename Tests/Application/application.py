#!/usr/bin/env python3
"""A small application that nginx guards. It answers with the headers and the body of each request.

application.py SOCKET listens on a unix socket. It has no accounts and no sessions. It believes the headers that the
web server sets: see nginx/guard.conf.
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
        """Answers like a WebSocket server: the connection stays open for both ends."""
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.wfile.write(self.connection.recv(1024))
        self.close_connection = True

    do_GET = do_OPTIONS = do_POST = do_PATCH = do_DELETE = do_PUT = answer

    def log_message(self, *arguments):
        pass

    def address_string(self):
        return "nginx"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    Server(sys.argv[1], Application).serve_forever()
