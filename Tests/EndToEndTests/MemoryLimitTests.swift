import Glibc
import TestSupport
import Testing

/// Many large bodies under a limit of address space (setrlimit(2), RLIMIT_AS).
@Suite("a limit of memory")
struct MemoryLimitTests {
  private let directory: TemporaryDirectory
  private var socket: String { directory.path("socket") }

  init() throws { directory = try TemporaryDirectory() }

  private func environment(_ settings: [String: String]) -> [String: String] {
    ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"].merging(settings) { $1 }
  }

  private func start(kilobytes: Int, _ settings: [String: String] = [:]) throws -> ChildProcess {
    let process = try ChildProcess(
      [
        "/bin/sh", "-c", #"ulimit -v "$2"; exec "$0" --listen "$1""#, Programs.dashboard, "unix:\(socket)",
        "\(kilobytes)",
      ], environment: environment(settings))
    try Address.unix(socket).waitUntilAnswered { process.isRunning }
    return process
  }

  private func variables(bodyLength: Int) -> [(String, String)] {
    [
      ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/user/create-session"),
      ("CONTENT_TYPE", "application/x-www-form-urlencoded"), ("CONTENT_LENGTH", "\(bodyLength)"),
    ]
  }

  private func end(_ process: ChildProcess) {
    #expect(process.isRunning)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
  }

  /// The body is longer than a limit of memory allows, but not than the setting.
  @Test(
    "a body that the memory does not allow gets 503, with a warning at the start", arguments: [true, false])
  func longBody(isCGI: Bool) throws {
    let settings = ["MAXIMUM_POST_DATA_LENGTH": "100000000"]
    let warning = "MAXIMUM_POST_DATA_LENGTH is 100000000, but the memory"
    func body(_ count: Int) -> [UInt8] {
      Array("username=ada&password=".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: count)
    }
    if isCGI {
      for (count, status) in [(38_000_000, 503), (5_000_000, 401)] {
        let (body, file) = (body(count), directory.path("body"))
        try Files.write(body, to: file)
        let ending = try ChildProcess.run(
          ["/bin/sh", "-c", #"ulimit -v 300000; exec "$0" <"$1""#, Programs.dashboard, file],
          environment: environment(settings).merging(variables(bodyLength: body.count)) { $1 }
            .merging(["GATEWAY_INTERFACE": "CGI/1.1"]) { $1 })
        #expect(ending.output.hasPrefix("Status: \(status) "), "\(count): \(ending)")
      }
      return
    }
    let process = try start(kilobytes: 300_000, settings)
    for (count, status) in [(38_000_000, 503), (5_000_000, 401)] {
      let body = body(count)
      let answer = try FastCGIClient(.unix(socket), timeout: 60_000).ask(
        variables(bodyLength: body.count), body: body)
      #expect(try answer.http.status == status)
    }
    #expect(process.errors.contains(warning))
    let check = try ChildProcess.run(
      ["/bin/sh", "-c", #"ulimit -v 300000; exec "$0" --check-config"#, Programs.dashboard],
      environment: environment(settings))
    #expect(check.status == 0 && check.errors.contains(warning))
    #expect(
      try !Programs.run(["--check-config"], environment([:])).errors.contains("MAXIMUM_POST_DATA_LENGTH is"))
    end(process)
  }

  /// Each has 60 KB of parameters or of a record, and does not end.
  @Test(
    "many long parameters or parts of records end their connections, and the process serves on",
    arguments: [true, false])
  func longParameters(isPart: Bool) throws {
    let process = try start(kilobytes: 200_000)
    let long = [("LONG", String(repeating: "n", count: isPart ? 10 : 60_000))]
    let records = FastCGIClient.request(
      variables(bodyLength: 64_000) + long, body: [UInt8](repeating: 0, count: 64_000), size: 65_000)
    let bytes = Array(records.bytes.dropLast(isPart ? 100 : 8 + 8 + 64_000))
    var clients: [FastCGIClient] = []
    for _ in 0..<800 {
      let client = try FastCGIClient(.unix(socket), timeout: 60_000)
      // The server may close the connection at once.
      try? client.connection.send(bytes)
      clients.append(client)
    }
    let usual = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]
    #expect(try FastCGIClient(.unix(socket)).ask(usual).http.status == 200)
    clients = []
    // All memory is free again.
    let body = Array("username=ada&password=".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1_900_000)
    let isFree = eventually {
      let answer = try? FastCGIClient(.unix(socket)).ask(variables(bodyLength: body.count), body: body)
      return (try? answer?.http.status) == 401
    }
    #expect(isFree)
    end(process)
  }

  @Test("large bodies beyond the limit get 503, and the process serves on")
  func largeBodies() throws {
    let process = try start(kilobytes: 700_000)
    let start = Array("username=ada&password=".utf8)
    let body = start + [UInt8](repeating: UInt8(ascii: "x"), count: 1_900_000 - start.count)
    let variables = variables(bodyLength: body.count)
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
    end(process)
  }
}
