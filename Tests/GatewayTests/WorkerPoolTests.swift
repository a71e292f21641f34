@testable import DashboardGateway
import TestSupport
import Testing

@Suite("Worker pools")
struct WorkerPoolTests {
  @Test(
    "each kind of work has its threads",
    arguments: [("/read", "event"), ("/write", "writing"), ("/hash", "hashing")])
  func threads(_ path: String, _ thread: String) throws {
    let server = try Server()
    let client = try server.connect()
    for _ in 0..<20 { try server.expectAnswer(on: client, path: path, body: pattern(100), thread: thread) }
  }

  /// The event thread decodes no long body.
  @Test(
    "each kind of work has its threads, also with a long body",
    arguments: [("/read", "writing"), ("/write", "writing"), ("/hash", "hashing")])
  func longBodies(_ path: String, _ thread: String) throws {
    let server = try Server()
    let client = try server.connect()
    for _ in 0..<5 { try server.expectAnswer(on: client, path: path, body: pattern(100_000), thread: thread) }
  }

  @Test("lengthy responses run at a lower priority")
  func niceness() throws {
    let server = try Server()
    let client = try server.connect()
    for (path, thread, niceness) in [("/hash/held", "hashing", 0), ("/long/held", "lengthy", 5)] {
      try client.send(FastCGIClient.request(parameters(path)))
      #expect(eventually { niceValues(of: thread).contains(niceness) })
      server.application.gate.open()
      #expect(try client.readResponse().http.status == 200)
    }
  }

  /// The nice values of this process's threads with that name (proc(5), field 19 of stat). Includes threads of tests that run at
  /// the same time.
  private func niceValues(of name: String) -> Set<Int> {
    let tasks = Files.names(in: "/proc/self/task").compactMap {
      try? Files.text("/proc/self/task/\($0)/stat")
    }
    let fields = tasks.filter { $0.contains("(\(name))") }.compactMap { $0.split(separator: ")").last }
    return Set(fields.compactMap { Int($0.split(separator: " ")[16]) })
  }

  @Test("waiting writes do not delay reads")
  func writesWait() throws {
    let server = try Server()
    let writers = try (0..<64).map { _ in try server.connect() }
    for writer in writers { try writer.send(FastCGIClient.request(parameters("/write/held"))) }
    #expect(server.application.gate.isReached(by: 64))
    try server.expectAnswer(on: try server.connect())
    server.application.gate.open()
    for writer in writers { #expect(try writer.readResponse().http.status == 200) }
  }

  @Test("a hash that would wait too long is refused, other work is not")
  func hashingBusy() throws {
    // One hash may wait for another. A second one would wait too long, however busy the machine is.
    let server = try Server { $0.timing.hashingQueue = 60_000 }
    server.application.hashingTime.store(100_000_000, ordering: .relaxed)
    let clients = try (0..<12).map { _ in try server.connect() }
    try server.expectAnswer(on: clients[0], path: "/hash")
    try clients[0].send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    try clients[1].send(FastCGIClient.request(parameters("/hash/1")))
    #expect(eventually { server.paths.contains("/hash/1") })
    for client in clients[2...] {
      #expect(try client.ask(parameters("/hash/2")).http.status == 503)
      try server.expectAnswer(on: client, path: "/write")
      try server.expectAnswer(on: client, path: "/read")
    }
    server.application.gate.open()
    #expect(try clients[0].readResponse().http.status == 200)
    #expect(try clients[1].readResponse().http.status == 200)
    try server.expectAnswer(on: clients[2], path: "/hash")
  }

  /// No job has ended yet, so the duration is unknown.
  @Test("hashes that would wait too long are refused before the first one has ended")
  func firstHashes() throws {
    let server = try Server { $0.timing.hashingQueue = 2 }
    let held = try server.connect()
    try held.send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    let start = TestSupport.monotonicMilliseconds()
    _ = eventually { TestSupport.monotonicMilliseconds() > start + 4 }
    let queued = try server.connect()
    try queued.send(FastCGIClient.request(parameters("/hash/queued")))
    #expect(eventually { server.paths.contains("/hash/queued") })
    #expect(try server.connect().ask(parameters("/hash")).http.status == 503)
    server.application.gate.open()
    #expect(try queued.readResponse().http.status == 200)
  }

  /// Expectations err, and a client that has waited too long has given up.
  @Test("a job that waited too long nevertheless is told that it is late")
  func late() {
    let pool = WorkerPool(name: "test", maximumThreads: 1, bound: .time(0) { 0 })
    let gate = Gate()
    let (onTime, late) = (Counter(), Counter())
    #expect(
      pool.submit { isLate in
        gate.pass()
        if !isLate { onTime.increment() }
      })
    #expect(gate.isReached(by: 1))
    #expect(pool.submit { isLate in if isLate { late.increment() } })
    let start = TestSupport.monotonicMilliseconds()
    _ = eventually { TestSupport.monotonicMilliseconds() > start + Int(WorkerPool.tolerance) + 50 }
    gate.open()
    #expect(eventually { late.value == 1 })
    #expect(onTime.value == 1)
  }

  /// Requests that are refused early take no time, which says nothing about hashing.
  @Test("requests refused before hashing do not shorten the expected duration")
  func earlyRefusals() throws {
    let server = try Server { $0.timing.hashingQueue = 2 }
    let client = try server.connect()
    for _ in 0..<100 { try server.expectAnswer(on: client, path: "/quick/hash") }
    let held = try server.connect()
    try held.send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    let start = TestSupport.monotonicMilliseconds()
    _ = eventually { TestSupport.monotonicMilliseconds() > start + 4 }
    try server.connect().send(FastCGIClient.request(parameters("/hash/queued")))
    #expect(eventually { server.paths.contains("/hash/queued") })
    #expect(try server.connect().ask(parameters("/hash")).http.status == 503)
    server.application.gate.open()
    #expect(try held.readResponse().http.status == 200)
  }

  /// A greedy client leaves room for the others.
  @Test("one client gets at most half of a queue")
  func share() {
    let pool = WorkerPool(name: "test", maximumThreads: 1, bound: .time(60_000) { 0 })
    let gate = Gate()
    #expect(pool.submit { _ in gate.pass() })
    #expect(gate.isReached(by: 1))
    let start = TestSupport.monotonicMilliseconds()
    // Jobs that take no time could be queued without end.
    _ = eventually { TestSupport.monotonicMilliseconds() > start + 20 }
    let taken = (0..<10_000).prefix { _ in pool.submit(for: [1]) { _ in } }.count
    #expect((1..<10_000).contains(taken))
    #expect(!pool.submit(for: [1]) { _ in })
    let answered = Counter()
    #expect(pool.submit(for: [2]) { _ in answered.increment() })
    #expect(pool.submit { _ in answered.increment() })
    gate.open()
    #expect(eventually { answered.value == 2 })
    #expect(pool.submit(for: [1]) { _ in })
  }

  /// A client gains nothing by sending many requests that are refused early.
  @Test("requests refused before hashing do not enlarge a client's share")
  func shareAfterRefusals() throws {
    let server = try Server { $0.hashingThreads = 1 }
    server.application.hashingTime.store(250_000, ordering: .relaxed)
    let client = try server.connect()
    for _ in 0..<100 { try server.expectAnswer(on: client, path: "/quick/hash") }
    let held = try server.connect()
    try held.send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    func ask(_ address: String) throws -> FastCGIClient {
      let client = try server.connect()
      try client.send(FastCGIClient.request(parameters("/hash", [("REMOTE_ADDR", address)])))
      return client
    }
    // One client may use one of two seconds: four jobs start within it, and the next one is allowed too.
    let greedy = try (0..<20).map { _ in try ask("192.0.2.1") }
    let another = try ask("192.0.2.2")
    #expect(eventually { server.application.announced.withLock { $0.filter { $0 == "/hash" }.count } == 21 })
    server.application.gate.open()
    let statuses = try greedy.map { try $0.readResponse().http.status }
    #expect(statuses.filter { $0 == 200 }.count == 5)
    #expect(statuses.filter { $0 == 503 }.count == 15)
    #expect(try another.readResponse().http.status == 200)
  }

  /// Lengthy responses need memory, so few are made at once.
  @Test("one client gets at most half of the queue for lengthy responses")
  func lengthyShare() throws {
    let server = try Server()
    let held = try (0..<8).map { _ in try server.connect() }
    for client in held { try client.send(FastCGIClient.request(parameters("/long/held"))) }
    #expect(server.application.gate.isReached(by: 8))
    func ask(_ address: String) throws -> FastCGIClient {
      let client = try server.connect()
      try client.send(FastCGIClient.request(parameters("/long", [("REMOTE_ADDR", address)])))
      return client
    }
    let greedy = try (0..<40).map { _ in try ask("192.0.2.1") }
    let another = try ask("192.0.2.2")
    #expect(eventually { server.application.announced.withLock { $0.filter { $0 == "/long" }.count } == 41 })
    server.application.gate.open()
    let statuses = try greedy.map { try $0.readResponse().http.status }
    #expect(statuses.filter { $0 == 200 }.count == 32)
    #expect(statuses.filter { $0 == 503 }.count == 8)
    #expect(try another.readResponse().http.status == 200)
    for client in held { #expect(try client.readResponse().http.status == 200) }
  }

  /// More threads than cores finish no job earlier.
  @Test("more threads than cores do not lengthen the queue")
  func moreThreadsThanCores() {
    let (gate, done, application) = (Gate(), Counter(), EchoApplication())
    application.hashingTime.store(1_000_000, ordering: .relaxed)
    var options = Responder.Options()
    (options.hashingThreads, options.cores, options.timing.hashingQueue) = (3, 2, 2000)
    let pool = ResponderContext(application: application, options: options).hashing
    for _ in 0..<3 {
      #expect(
        pool.submit { _ in
          gate.pass()
          done.increment()
        })
    }
    #expect(gate.isReached(by: 3))
    // Running jobs do not count. After five waiting jobs, another one would wait for two and a half seconds.
    for _ in 0..<5 { #expect(pool.submit { _ in done.increment() }) }
    #expect(!pool.submit { _ in done.increment() })
    gate.open()
    #expect(eventually { done.value == 8 })
  }

  /// Several clients that fill the queue together can't shut out a client with fewer jobs.
  @Test("the newest job of the client with the most gives way")
  func givingWay() throws {
    let server = try Server { $0.hashingThreads = 1 }
    server.application.hashingTime.store(250_000, ordering: .relaxed)
    let held = try server.connect()
    try held.send(FastCGIClient.request(parameters("/hash/held")))
    #expect(server.application.gate.isReached(by: 1))
    func ask(_ address: String) throws -> FastCGIClient {
      let client = try server.connect()
      let before = server.application.announced.withLock { $0.count }
      try client.send(FastCGIClient.request(parameters("/hash", [("REMOTE_ADDR", address)])))
      #expect(eventually { server.application.announced.withLock { $0.count } > before })
      return client
    }
    let greedy = try (0..<12).map { try ask("192.0.2.\(1 + $0 % 2)") }
    let others = try (0..<3).map { try ask("192.0.2.\(11 + $0)") }
    server.application.gate.open()
    #expect(try held.readResponse().http.status == 200)
    for client in others { #expect(try client.readResponse().http.status == 200) }
    let statuses = try greedy.map { try $0.readResponse().http.status }
    // Nine jobs can start within two seconds. Three of the greedy clients' jobs gave way.
    #expect(statuses.filter { $0 == 200 }.count == 6)
    #expect(statuses.prefix(6).allSatisfy { $0 == 200 })
  }

  @Test("a lengthy response is not made once its client has left")
  func abandonedAnswer() throws {
    let server = try Server()
    let held = try (0..<8).map { _ in try server.connect() }
    for client in held { try client.send(FastCGIClient.request(parameters("/long/held"))) }
    #expect(server.application.gate.isReached(by: 8))
    do {
      let impatient = try server.connect()
      try impatient.send(FastCGIClient.request(parameters("/long/abandoned")))
      #expect(eventually { server.application.announced.withLock { $0.contains("/long/abandoned") } })
    }
    let last = try server.connect()
    try last.send(FastCGIClient.request(parameters("/long/last")))
    server.application.gate.open()
    #expect(try last.readResponse().http.status == 200)
    for client in held { #expect(try client.readResponse().http.status == 200) }
    #expect(!server.application.answered.withLock { $0.contains("/long/abandoned") })
  }

  @Test("a pool starts no more threads than allowed and runs each job once")
  func maximumThreads() {
    let pool = WorkerPool(name: "test", maximumThreads: 3)
    let gate = Gate()
    let count = Counter()
    for _ in 0..<50 {
      #expect(
        pool.submit { _ in
          gate.pass()
          count.increment()
        })
    }
    #expect(gate.isReached(by: 3))
    #expect(count.value == 0)
    gate.open()
    #expect(eventually { count.value == 50 })
  }

  @Test("a queue is first in, first out")
  func queue() {
    var queue = Queue<Int>()
    var expected = 0
    for number in 0..<1_000 {
      queue.append(number)
      if number % 3 == 0 {
        #expect(queue.popFirst() == expected)
        expected += 1
      }
    }
    #expect(queue.count == 1_000 - expected)
    #expect(queue.removeLast() == 999)
    while let number = queue.popFirst() {
      #expect(number == expected)
      expected += 1
    }
    #expect(expected == 999)
    #expect(queue.removeLast() == nil)
  }
}
