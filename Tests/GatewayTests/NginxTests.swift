@testable import DashboardGateway
import TestSupport
import Testing

/// Uses nginx's stock parameters.
@Suite("The responder behind nginx")
struct NginxTests {
  private func start(_ server: Server, keep: Bool, buffering: Bool = true) throws -> Nginx {
    let stock = try Files.text("/etc/nginx/fastcgi_params")
    return try Nginx(responder: server.path) { name, text in
      switch name {
      case "params": stock
      case "pass":
        text.replacing("client_max_body_size 2000000;", with: "client_max_body_size 0;")
          .replacing("fastcgi_keep_conn on;", with: "fastcgi_keep_conn \(keep ? "on" : "off");")
          + "\nfastcgi_request_buffering \(buffering ? "on" : "off");\n"
      case "local.conf.in" where !keep: text.replacing("keepalive 64;", with: "")
      default: text
      }
    }
  }

  @Test("requests of every kind are answered", arguments: [true, false], [true, false])
  func everyKind(_ keep: Bool, _ buffering: Bool) throws {
    let server = try Server { $0.bodyLimit = 200_000 }
    let nginx = try start(server, keep: keep, buffering: buffering)
    let client = try nginx.client()
    for path in ["/read", "/write", "/hash"] {
      #expect(try client.request("GET", "\(path)?query").first("X-Path") == path)
      #expect(try client.request("HEAD", path).status == 200)
      for count in [0, 1, 10_000, 150_000] {
        let answer = try client.request("POST", path, headers: [("Cookie", "é")], body: pattern(count))
        #expect(answer.body == pattern(count))
        #expect(answer.first("X-Cookie") == "é")
      }
      #expect(try client.request("POST", path, body: pattern(300_000)).first("X-Body-State") == "tooLong")
    }
    #expect(!nginx.errorLog.contains("[error]"), "\(nginx.errorLog)")
  }

  @Test("one event thread serves 64 kept clients of two nginx workers")
  func keptClients() throws {
    let server = try Server()
    let nginx = try start(server, keep: true)
    let clients = try (0..<64).map { _ in try nginx.client() }
    for round in 0..<5 {
      for (index, client) in clients.enumerated() {
        try client.socket.send(HTTPClient.bytes("GET", "/\(index)/\(round)"))
      }
      for (index, client) in clients.enumerated() {
        #expect(try client.receive().first("X-Path") == "/\(index)/\(round)")
      }
    }
  }

  @Test("clients that leave during a body do not disturb others")
  func leavingClients() throws {
    let server = try Server()
    let nginx = try start(server, keep: true, buffering: false)
    let other = try nginx.client()
    for count in [0, 1, 5_000, 99_999] {
      let head = HTTPClient.bytes("POST", "/gone", headers: [("Content-Length", "100000")])
      for _ in 0..<10 {
        var client: HTTPClient? = try nginx.client()
        try client?.socket.send(head + pattern(count))
        #expect(try other.request("GET", "/read").status == 200)
        client = nil
        #expect(try other.request("POST", "/write", body: pattern(20)).body == pattern(20))
      }
    }
    #expect(!server.application.answered.withLock { $0.contains("/gone") })
  }
}
