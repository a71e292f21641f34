import Gateway
import Synchronization
import TestSupport
import Testing

/// The responder against peers that are slow, broken or hostile: they cost only themselves.
@Suite("hostile and slow peers")
struct HostilePeerTests {
  private let get = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/")]
  private let post = [("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/"), ("CONTENT_LENGTH", "1000000")]

  /// That others are served at once: many requests, each lane, old and new connections.
  private func expectService(of server: EchoServer, by old: FastCGIClient) throws {
    for client in [old, try server.client()] {
      for path in ["/", "/writing", "/hashing"] {
        for _ in 0..<5 {
          let answer = try client.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", path)])
          #expect(answer.status == 200)
        }
      }
    }
  }

  @Test("64 idle connections that are kept leave one event thread to others")
  func idleConnections() throws {
    let server = try EchoServer()
    let idle = try (0..<64).map { _ in try server.client() }
    for client in idle { #expect(try client.request(get).status == 200) }
    try expectService(of: server, by: idle[0])
    for client in idle { #expect(try client.request(get).status == 200) }
  }

  @Test("100 peers that sent one byte hold up nobody, and are let go")
  func oneByte() throws {
    let server = try EchoServer { $0.timing.parameters = 300 }
    let old = try server.client()
    let peers = try (0..<100).map { _ in try server.client() }
    for peer in peers { try peer.socket.send([1]) }
    try expectService(of: server, by: old)
    for peer in peers { #expect(try peer.socket.isAtEnd()) }
    try expectService(of: server, by: old)
  }

  @Test("100 bodies that never end hold up nobody, and are let go")
  func endlessBodies() throws {
    let server = try EchoServer { options in
      options.timing.patience = 20
      options.timing.silence = 500
    }
    let old = try server.client()
    let peers = try (0..<100).map { _ in try server.client() }
    for peer in peers {
      try peer.socket.send(
        FastCGIClient.begin() + FastCGIClient.stream(.parameters, FastCGIClient.pairs(post))
          + FastCGIClient.record(.standardInput, [1, 2, 3]))
    }
    try expectService(of: server, by: old)
    for peer in peers { #expect(try peer.socket.isAtEnd()) }
    try expectService(of: server, by: old)
    #expect(server.application.count.load(ordering: .relaxed) == 60)
  }

  @Test("a peer that goes away at any byte of its request harms nobody")
  func goesAway() throws {
    let server = try EchoServer()
    let old = try server.client()
    let request = FastCGIClient.request(post, body: [UInt8](repeating: 1, count: 50))
    for count in 0..<request.count {
      let peer = try server.client()
      try peer.socket.send(request[..<count])
    }
    try expectService(of: server, by: old)
    #expect(server.application.count.load(ordering: .relaxed) == 30)
  }

  @Test("an aborted request and a malformed record end their connection alone")
  func malformed() throws {
    let server = try EchoServer()
    let old = try server.client()
    let start = FastCGIClient.begin() + FastCGIClient.stream(.parameters, FastCGIClient.pairs(post))
    for bytes in [
      start + FastCGIClient.record(.abort), start + FastCGIClient.record(.data, [1]),
      Array("GET / HTTP/1.1\r\n\r\n".utf8),
      FastCGIClient.begin(role: 3), FastCGIClient.record(.begin, [0, 1, 1, 0, 0, 0, 0, 0], version: 9),
      FastCGIClient.record(.unknown, [1, 2, 3]), [UInt8](repeating: 0, count: 100),
      start + FastCGIClient.record(.standardInput, [1], id: 7),
    ] {
      let peer = try server.client()
      try peer.socket.send(bytes)
      #expect(try peer.socket.isAtEnd())
      #expect(try old.request(get).status == 200)
    }
  }

  @Test("a malformed record in a body that a lane receives ends that connection alone")
  func malformedInLane() throws {
    let server = try EchoServer { $0.timing.patience = 10 }
    let old = try server.client()
    let peer = try server.client()
    let start = FastCGIClient.begin() + FastCGIClient.stream(.parameters, FastCGIClient.pairs(post))
    let filler = FastCGIClient.record(.standardInput, [UInt8](repeating: 1, count: 65_535))
    try peer.socket.send(start + filler + filler)
    try? peer.socket.send([UInt8](repeating: 0xFF, count: 64))
    peer.socket.finishSending()
    _ = try peer.socket.receiveAll()
    try expectService(of: server, by: old)
    #expect(server.application.count.load(ordering: .relaxed) == 30)
  }

  @Test("variables of 10 MB are refused, and cost nobody else anything")
  func hugeVariables() throws {
    let server = try EchoServer { $0.timing.parameters = 500 }
    let old = try server.client()
    let peer = try server.client()
    let variables = get + [("HTTP_X", String(repeating: "x", count: 10_000_000))]
    try? peer.socket.send(FastCGIClient.request(variables))
    _ = try? peer.socket.receiveAll()
    try expectService(of: server, by: old)
    #expect(server.application.count.load(ordering: .relaxed) == 30)
  }

  @Test("peers that are slow to read a large answer hold up nobody, and get all of it")
  func unreadAnswers() throws {
    let server = try EchoServer()
    let old = try server.client()
    let peers = try (0..<20).map { _ in try server.client() }
    for peer in peers {
      let large = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/?size=3000000")]
      try peer.socket.send(FastCGIClient.request(large))
    }
    try expectService(of: server, by: old)
    for peer in peers { #expect(try peer.receive().body.utf8.count > 3_000_000) }
  }

  @Test(
    "a question about the program's abilities is answered or refused, and the connection's others live (section 4.1)"
  )
  func management() throws {
    let server = try EchoServer()
    let old = try server.client()
    let peer = try server.client()
    let names = FastCGIClient.pairs([("FCGI_MAX_CONNS", ""), ("FCGI_MPXS_CONNS", "")])
    try peer.socket.send(FastCGIClient.record(.getValues, names, id: 0) + FastCGIClient.request(get))
    #expect(try peer.receive().status == 200)
    try expectService(of: server, by: old)
  }

  @Test("records hidden in a body at any offset of the read buffer never become requests")
  func hiddenRecords() throws {
    let server = try EchoServer { $0.bodyLimit = 1000 }
    let client = try server.client()
    let forged = FastCGIClient.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/forged")])
    // libfcgi reads 8 KiB at a time.
    for offset in 0..<8300 {
      let body = [UInt8](repeating: 0x20, count: offset) + forged + forged
      let variables = [
        ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/\(offset)"), ("CONTENT_LENGTH", "\(body.count)"),
      ]
      let answer = try client.request(variables, body: body)
      try #require(answer.body.hasPrefix("POST /\(offset) "), "at \(offset): \(answer.text)")
    }
    #expect(server.application.count.load(ordering: .relaxed) == 8300)
    #expect(try client.request(get).body == "GET / 0 complete event")
  }
}
