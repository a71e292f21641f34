import Glibc
import TestSupport
import Testing

/// Many large bodies under a limit of address space (setrlimit(2), RLIMIT_AS).
@Suite("a limit of memory")
struct MemoryLimitTests {
  @Test("large bodies beyond the limit get 503, and the process serves on")
  func largeBodies() throws {
    let directory = try TemporaryDirectory()
    let socket = directory.path("socket")
    let process = try ChildProcess(
      ["/bin/sh", "-c", #"ulimit -v 700000; exec "$0" --listen "$1""#, Programs.dashboard, "unix:\(socket)"],
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"])
    try Address.unix(socket).waitUntilAnswered { process.isRunning }
    let start = Array("username=ada&password=".utf8)
    let body = start + [UInt8](repeating: UInt8(ascii: "x"), count: 1_900_000 - start.count)
    let variables = [
      ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/user/create-session"),
      ("CONTENT_TYPE", "application/x-www-form-urlencoded"), ("CONTENT_LENGTH", "\(body.count)"),
    ]
    let records = FastCGIClient.request(variables, body: body)
    for _ in 0..<3 {
      let clients = try (0..<120).map { _ in try FastCGIClient(.unix(socket), timeout: 60_000) }
      // All bodies are there but for their ends, so all are held at once.
      let (connections, beginning) = (clients.map(\.connection), Array(records.dropLast()).bytes)
      _ = try Threads.run(clients.count) { try connections[$0].send(beginning) }
      for client in clients { try client.send([records[records.count - 1]]) }
      let responses = try clients.map { try $0.readResponse().http }
      let refused = responses.filter { $0.status == 503 }
      #expect(!refused.isEmpty && refused.count < responses.count)
      for response in refused {
        #expect(try response.json["message"] == .string("server-busy"))
        #expect(response["Retry-After"] != nil)
      }
      #expect(responses.allSatisfy { [400, 401, 429, 503].contains($0.status) })
      // All memory is free again.
      #expect(try FastCGIClient(.unix(socket)).ask(variables, body: body).http.status != 503)
    }
    #expect(process.isRunning)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
  }
}
