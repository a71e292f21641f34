import Gateway
import TestSupport
import Testing

/// The responder against web servers that behave.
@Suite("the responder")
struct ResponderTests {
  private func variables(_ method: String, _ path: String, length: Int? = nil) -> [(String, String)] {
    [("REQUEST_METHOD", method), ("REQUEST_URI", path)] + (length.map { [("CONTENT_LENGTH", "\($0)")] } ?? [])
  }

  @Test("answers one request after another on one connection")
  func kept() throws {
    let server = try EchoServer()
    let client = try server.client()
    for number in 0..<200 {
      let body = [UInt8](repeating: 1, count: number * 37)
      let answer = try client.request(variables("POST", "/\(number)", length: body.count), body: body)
      #expect(answer.protocolStatus == 0)
      #expect(answer.body == "POST /\(number) \(body.count) complete event")
    }
  }

  @Test(
    "takes a request in records of any size, with padding",
    arguments: [(1, 0), (2, 255), (7, 1), (100, 8), (8192, 0), (65_535, 7)] as [(Int, UInt8)])
  func recordSizes(size: Int, padding: UInt8) throws {
    let server = try EchoServer()
    let client = try server.client()
    let body = [UInt8](repeating: 1, count: 3000)
    for path in ["/a", "/writing", "/b"] {
      let variables =
        variables("POST", path, length: body.count) + [("HTTP_X", String(repeating: "x", count: 200))]
      try client.socket.send(FastCGIClient.request(variables, body: body, size: size, padding: padding))
      #expect(try client.receive().body.hasPrefix("POST \(path) 3000 complete"))
    }
  }

  @Test("a request that comes byte by byte is a request")
  func byteByByte() throws {
    let server = try EchoServer()
    let client = try server.client()
    for byte in FastCGIClient.request(variables("POST", "/slow", length: 3), body: [1, 2, 3]) {
      try client.socket.send([byte])
    }
    #expect(try client.receive().body.hasPrefix("POST /slow 3 complete"))
    #expect(try client.request(variables("GET", "/after")).body == "GET /after 0 complete event")
  }

  @Test("a body larger than any buffer arrives whole, and the connection stays")
  func largeBody() throws {
    let server = try EchoServer()
    let client = try server.client()
    for path in ["/reading", "/writing", "/hashing"] {
      let body = [UInt8](repeating: 1, count: 1_500_000)
      let answer = try client.request(variables("POST", path, length: body.count), body: body)
      #expect(answer.body.hasPrefix("POST \(path) 1500000 complete"))
    }
    #expect(try client.request(variables("GET", "/after")).body == "GET /after 0 complete event")
  }

  @Test("a large answer arrives whole")
  func largeAnswer() throws {
    let server = try EchoServer()
    let client = try server.client()
    for size in [0, 8192, 65_535, 65_536, 3_000_000] {
      let answer = try client.request(variables("GET", "/?size=\(size)"))
      #expect(answer.body.utf8.count >= size)
      #expect(answer.body.utf8.count < size + 100)
    }
  }

  @Test("without the flag to keep it, the connection is closed after the answer (section 3.5)")
  func notKept() throws {
    let server = try EchoServer()
    for path in ["/reading", "/writing", "/hashing"] {
      let client = try server.client()
      #expect(try client.request(variables("GET", path), keep: false).status == 200)
      #expect(try client.socket.isAtEnd())
    }
  }

  @Test("what writes and what hashes does so in lanes of their own")
  func lanes() throws {
    let server = try EchoServer()
    let client = try server.client()
    #expect(try client.request(variables("POST", "/writing")).body.hasSuffix(" writing"))
    #expect(try client.request(variables("POST", "/hashing")).body.hasSuffix(" hashing"))
    #expect(try client.request(variables("GET", "/reading")).body.hasSuffix(" event"))
  }

  @Test("too much to hash is refused at once, and the rest is served meanwhile")
  func busy() throws {
    let server = try EchoServer { options in
      options.hashingThreads = 1
      options.timing.hashingQueue = -1
    }
    let blocked = try server.client()
    try blocked.socket.send(FastCGIClient.request(variables("POST", "/hashing/blocked")))
    server.application.release.awaitWaiting(1)
    let waiting = try server.client()
    try waiting.socket.send(FastCGIClient.request(variables("POST", "/hashing")))
    // Behind one that waits already there is no place.
    let client = try server.client()
    var refused = 0
    for _ in 0..<3 where try client.request(variables("POST", "/hashing/next")).status == 503 { refused += 1 }
    #expect(refused == 3)
    #expect(try client.request(variables("GET", "/reading")).status == 200)
    #expect(try client.request(variables("POST", "/writing")).status == 200)
    server.application.release.open()
    #expect(try blocked.receive().status == 200)
    #expect(try waiting.receive().status == 200)
  }

  @Test("HEAD has no body")
  func head() throws {
    let server = try EchoServer()
    let answer = try server.client().request(variables("HEAD", "/"))
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
  }

  // MARK: Bodies that are not what was announced

  @Test("a body longer than the limit is thrown away, and the connection stays")
  func tooLong() throws {
    let server = try EchoServer { $0.bodyLimit = 1000 }
    let client = try server.client()
    for (length, expected) in [(1000, "1000 complete"), (1001, "0 tooLong"), (300_000, "0 tooLong")] {
      let body = [UInt8](repeating: 1, count: length)
      let answer = try client.request(variables("POST", "/", length: length), body: body)
      #expect(answer.body == "POST / \(expected) event" || answer.body == "POST / \(expected) receiving")
    }
    #expect(try client.request(variables("GET", "/after")).body == "GET /after 0 complete event")
  }

  @Test("a body that is shorter or longer than announced is told")
  func cutShort() throws {
    let server = try EchoServer()
    let client = try server.client()
    for announced in [0, 4, 6, 1_000_000] {
      let answer = try client.request(variables("POST", "/", length: announced), body: [1, 2, 3, 4, 5])
      #expect(answer.body == "POST / 5 cutShort event")
    }
    #expect(
      try client.request(variables("POST", "/", length: 5), body: [1, 2, 3, 4, 5]).body
        == "POST / 5 complete event")
  }

  // MARK: The end

  @Test("when stopped it serves its connections until they are closed, and takes no new ones")
  func stop() throws {
    let server = try EchoServer()
    let client = try server.client()
    #expect(try client.request(variables("GET", "/before")).status == 200)
    let (responder, path) = (server.responder, server.path)
    let results = try Threads.run(2) { index in
      if index == 0 { return responder.stop() }
      // Stopping has begun once the socket file is gone.
      while (try? Files.mode(path)) != nil { Threads.yield() }
      for number in 0..<50 {
        guard try client.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/\(number)")]).status == 200
        else {
          return false
        }
      }
      client.socket.finishSending()
      return try client.socket.isAtEnd()
    }
    #expect(results == [true, true])
    #expect(throws: SystemFailure.self) { try FastCGIClient(path: path) }
  }

  @Test("a peer that never closes is waited for until the time is up")
  func stopInVain() throws {
    let server = try EchoServer { $0.timing.shutdown = 50 }
    let client = try server.client()
    #expect(try client.request(variables("GET", "/before")).status == 200)
    #expect(server.responder.stop() == false)
  }
}
