import DashboardRouting
import TestSupport
import Testing

/// A copy of a data directory in Tests/Corpora. Its clock starts a minute after the directory was made.
struct KeptData {
  let directory: TemporaryDirectory
  let clock: TestClock
  let settings = [
    "BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": "64M", "DASHBOARD_ENCRYPTION_KEY": "encryption",
    "DASHBOARD_SESSION_KEY": "session",
  ]
  /// Session tokens and account identifiers, by kind and name.
  private var contents: [String: [String: String]] = [:]

  static func schema5() throws -> KeptData { try KeptData("schema-5", at: 1_656_038_902_947) }

  static func schema6() throws -> KeptData { try KeptData("schema-6", at: 1_796_024_830_441) }

  static func schema7() throws -> KeptData { try KeptData("schema-7", at: 1_796_034_895_726) }

  static func schema8() throws -> KeptData { try KeptData("schema-8", at: 1_796_038_533_433) }

  /// Accounts whose usernames and passwords were compared byte by byte.
  static func names() throws -> KeptData { try KeptData("schema-5-names", at: 1_796_007_856_000) }

  private init(_ name: String, at milliseconds: Int64) throws {
    directory = try TemporaryDirectory()
    let source = "\(Programs.root)/Tests/Corpora/\(name)"
    for path in ["data", "data/apps"] { try Files.makeDirectory(directory.path(path)) }
    for path in ["data.mdb"] + Files.names(in: "\(source)/apps").map({ "apps/\($0)" }) {
      try Files.write(Files.read("\(source)/\(path)"), to: directory.path("data/\(path)"))
    }
    for line in try Files.text("\(source)/contents.txt").split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 3 { contents[words[0], default: [:]][words[1]] = words[2] }
    }
    clock = TestClock(milliseconds: milliseconds)
  }

  func open(_ more: [String: String] = [:]) throws -> Dashboard {
    try Dashboard(dataDirectory: directory.path("data"), settings: settings + more, clock: clock)
  }

  func account(_ name: String) throws -> String { try #require(contents["account"]?[name]) }

  /// The status of a request with a kept session.
  func check(_ name: String, _ router: Router, app: String? = nil) throws -> Int {
    var variables = ["HTTP_AUTHORIZATION": "Bearer \(try #require(contents["session"]?[name]))"]
    if let app { variables["DASHBOARD_APPID"] = app }
    return TestRequest.respond(router, "GET", "/api/user/current-session", variables).status
  }
}
