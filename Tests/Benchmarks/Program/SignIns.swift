import Glibc
import TestSupport

/// create-session through nginx: its cost without bcrypt, and its effect on concurrent session checks.
enum SignIns {
  private static let clients = 8

  static func run(_ effort: Effort) throws {
    try measureAlone(effort)
    let responders = try Responders([.dashboard, .session, .fixed])
    let address = Address.port(try responders.port(.dashboard))
    for number in 0..<clients { try register(number, try HTTPClient(address)) }
    let quiet = try measureThroughput(address, effort)
    try measureFlood(responders, address, quietRate: quiet, effort)
    try measureFloor(responders, quietRate: quiet, effort)
  }

  // MARK: Requests

  /// Sends a POST. It repeats a request that gets 503, because a busy machine may exceed the queue's limit for a moment.
  private static func post(_ route: String, _ number: Int, _ client: HTTPClient) throws {
    var answer: HTTPResponse
    repeat {
      answer = try client.request(
        "POST", "/api/user/\(route)", headers: [("Content-Type", "application/x-www-form-urlencoded")],
        body: Array("username=user\(number)&password=password+of+\(number)".utf8))
    } while answer.status == 503 && usleep(10_000) == 0
    guard answer.status == 200 else { throw TestFailure("\(route): \(answer.status) \(answer.text)") }
  }

  /// Returns hashes a second of the C program `bcrypt`.
  private static func rawRate(cost: Int, threads: Int, _ count: Int) throws -> Double {
    let ending = try ChildProcess.run([Baselines.program("bcrypt"), "\(cost)", "\(threads)", "\(count)"])
    guard let seconds = Double(ending.output.dropLast()) else { throw TestFailure("bcrypt: \(ending)") }
    return Double(count) / seconds
  }

  private static func register(_ number: Int, _ client: HTTPClient) throws {
    try post("create-account", number, client)
  }

  /// Lets all clients sign in repeatedly while `isGoing` is true. Returns the latency of each sign-in in microseconds.
  private static func signIn(_ address: Address, while isGoing: @escaping @Sendable (_ count: Int) -> Bool)
    throws -> [Double]
  {
    try Threads.run(clients) { number in
      // Each client has its own address, because one address may fill only a share of the hashing queue.
      let client = try HTTPClient(address, from: UInt8(number + 1))
      var times: [Double] = []
      while isGoing(times.count) {
        times.append(try Measurement.time(1) { try post("create-session", number, client) })
      }
      return times
    }.flatMap { $0 }
  }

  // MARK: Measurements

  /// Measures one client and bcrypt alone in turns. A low bcrypt cost makes the other costs visible.
  private static func measureAlone(_ effort: Effort) throws {
    let cost = 8
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(environment: [
      "DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "\(cost)",
    ])
    let nginx = try Nginx(responder: responder.socketPath)
    let client = try nginx.client()
    try register(0, client)
    var (raw, signIn): ([Double], [Double]) = ([], [])
    for _ in 0..<effort.rounds(300) {
      raw.append(1e6 / (try rawRate(cost: cost, threads: 1, 1)))
      signIn.append(try Measurement.time(1) { try post("create-session", 0, client) })
    }
    let more = zip(signIn, raw).map { ($0 - $1) / 1000 }
    let spread = [1, 3].map { decimal(more.quantile($0, of: 4)) }.joined(separator: "–")
    // On a busy machine, the fastest tenths are the undisturbed ones.
    let fastest = (signIn.quantile(1, of: 10) - raw.quantile(1, of: 10)) / 1000
    let cells = [
      decimal(raw.median / 1000), decimal(signIn.median / 1000), "\(decimal(more.median)) (\(spread))",
      Goal.atMost(1).cells(more.median), decimal(fastest),
    ]
    print("\nOne client's create-session through nginx, bcrypt cost \(cost), ms\n")
    print(
      "| raw crypt_r | create-session | difference in each pair (quartiles) | goal | | difference of the fastest tenths |"
    )
    print("|---|---|---|---|---|---|\n| \(cells.joined(separator: " | ")) |")
  }

  /// Returns sign-ins a second.
  private static func measureThroughput(_ address: Address, _ effort: Effort) throws -> Double {
    // The program has as many hashing threads as cores.
    let (each, threads) = (3, Responders.cores)
    let count = Double(clients * each)
    var (raw, signIns): ([Double], [Double]) = ([], [])
    for _ in 0..<effort.rounds(9) {
      raw.append(try rawRate(cost: 12, threads: threads, clients * each))
      signIns.append(
        count / (try Measurement.time(1) { _ = try signIn(address) { $0 < each } } / 1e6))
    }
    print(
      "\ncreate-session through nginx, \(clients) clients, each with its own address, bcrypt cost 12\n"
    )
    print("| | raw crypt_r, a second | sign-ins, a second | ratio | goal | |\n|---|---|---|---|---|---|")
    let name = "to \(threads) threads of raw crypt_r"
    print(Measurement(name, baseline: raw, measured: signIns).row(.atLeast(0.95)))
    return signIns.median
  }

  private static func measureFlood(
    _ responders: Responders, _ address: Address, quietRate: Double, _ effort: Effort
  ) throws {
    let seconds = 4
    var (quiet, flooded): ([Load], [Load]) = ([], [])
    var (rates, latencies): ([Double], [Double]) = ([], [])
    for _ in 0..<effort.rounds(9) {
      quiet.append(try Load(responders, .dashboard, seconds: 1))
      var isBegun = false
      flooded.append(
        try Load(responders, .dashboard, seconds: seconds) {
          if isBegun { return }
          isBegun = true
          // The last sign-ins end at about the same time as the checks.
          let end = ContinuousClock.now + .seconds(seconds) - .milliseconds(500)
          var times: [Double] = []
          let duration = try Measurement.time(1) {
            times = try signIn(address) { _ in ContinuousClock.now < end }
          }
          rates.append(Double(times.count) / duration * 1e6)
          latencies += times.map { $0 / 1000 }
        })
    }
    let checks = Measurement(
      "session checks a second", baseline: quiet.map(\.requestsPerSecond),
      measured: flooded.map(\.requestsPerSecond))
    let signIns = Measurement(
      "sign-ins a second", baseline: rates.map { _ in quietRate }, measured: rates)
    let (slowCheck, slowSignIn) = (
      flooded.map(\.percentile99).median / 1000, latencies.quantile(99, of: 100)
    )
    print(
      "\nSession checks (64 clients) and sign-ins (\(clients) clients, each with its own address, bcrypt cost 12) at once\n"
    )
    print("| | alone | together | ratio | goal | |\n|---|---|---|---|---|---|")
    print(checks.row(.atLeast(0.4)))
    print(signIns.row(.atLeast(0.5)))
    print(
      "| p99 of session checks, ms | \(decimal(quiet.map(\.percentile99).median / 1000)) | \(decimal(slowCheck)) | – | \(Goal.atMost(5).cells(slowCheck)) |"
    )
    print(
      "| p99 of sign-ins, ms | – | \(decimal(slowSignIn)) | – | \(Goal.atMost(2000).cells(slowSignIn)) |")
  }

  /// Measures the same load without dashboard: another backend serves the checks, and a C program hashes.
  private static func measureFloor(_ responders: Responders, quietRate: Double, _ effort: Effort) throws {
    let seconds = 4
    // The hashing takes as long as the sign-ins above, at about half of their rate without checks.
    let count = max(1, Int((quietRate * 0.5 * (Double(seconds) - 0.5)).rounded()))
    print(
      "\nThe same without dashboard: \(Responders.cores) threads of raw crypt_r during session checks of another backend\n"
    )
    print(
      "| backend | checks, to checks alone | hashes, to sign-ins alone | p99 of checks, ms |\n|---|---|---|---|"
    )
    for backend in [Backend.session, .fixed] {
      var (checks, hashes, latencies): ([Double], [Double], [Double]) = ([], [], [])
      for _ in 0..<effort.rounds(9) {
        let quiet = try Load(responders, backend, seconds: 1)
        var rate: Double?
        let flooded = try Load(responders, backend, seconds: seconds) {
          if rate == nil { rate = try rawRate(cost: 12, threads: Responders.cores, count) }
        }
        checks.append(flooded.requestsPerSecond / quiet.requestsPerSecond)
        hashes.append((rate ?? .nan) / quietRate)
        latencies.append(flooded.percentile99 / 1000)
      }
      let figures = [checks, hashes, latencies].map { decimal($0.median) }
      print("| \(backend.rawValue) | \(figures.joined(separator: " | ")) |")
    }
  }
}
