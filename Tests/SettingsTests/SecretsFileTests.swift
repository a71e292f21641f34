import DashboardCrypto
import DashboardSettings
import TestSupport
import Testing

@Suite("the file of secrets")
struct SecretsFileTests {
  let directory: TemporaryDirectory
  private var path: String { "\(directory.path)/secrets" }

  init() throws { directory = try TemporaryDirectory() }

  /// Starts in a directory, with a file in place of the data.
  private func keys(_ given: [String: String] = [:], in directory: String? = nil) throws -> Secrets {
    let directory = directory ?? self.directory.path
    let given = given.merging(["DATA_DIR": directory]) { $1 }
    let configuration = try Configuration(cores: 1, environment: NamedValues(given))
    return try FirstStart(configuration, dataFile: "data").open(random: SystemRandom(), tidies: true) {
      _, mayBegin in
      if mayBegin { try Files.write("data", to: "\(directory)/data") }
    }.0
  }

  private func entries() -> [String] { Files.names(in: directory.path) }

  @Test("the first start makes keys that only the owner can read")
  func firstStart() throws {
    let secrets = try keys()
    #expect(secrets.encryption.utf8.count == 64)
    #expect(secrets.session.utf8.count == 64)
    #expect(secrets.encryption != secrets.session)
    #expect(try Files.mode(path) == 0o600)
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    #expect(
      text == "DASHBOARD_ENCRYPTION_KEY=\(secrets.encryption)\nDASHBOARD_SESSION_KEY=\(secrets.session)\n")
    #expect(entries() == ["data", "secrets"])
  }

  @Test("later starts read the same keys")
  func laterStarts() throws {
    let (first, second) = (try keys(), try keys())
    #expect(first.encryption == second.encryption)
    #expect(first.session == second.session)
  }

  @Test("parallel starts agree on the keys")
  func parallelStarts() throws {
    let fingerprints = try Threads.run(8) { _ in try keys().fingerprint }
    #expect(fingerprints.count == 8)
    #expect(Set(fingerprints).count == 1)
    #expect(entries() == ["data", "secrets"])
  }

  @Test("given keys win and need no file")
  func givenKeys() throws {
    let secrets = try keys(["DASHBOARD_ENCRYPTION_KEY": "one", "DASHBOARD_SESSION_KEY": "two"])
    #expect(secrets.encryption == "one")
    #expect(secrets.session == "two")
    #expect(entries() == ["begun", "data"])
  }

  @Test("a key that is not given comes from the file")
  func oneGivenKey() throws {
    let made = try keys()
    let mixed = try keys(["DASHBOARD_ENCRYPTION_KEY": "one"])
    #expect(mixed.encryption == "one")
    #expect(mixed.session == made.session)
  }

  @Test(
    "a damaged file is refused by its path, and stays as it is",
    arguments: [
      ("", " has no DASHBOARD_ENCRYPTION_KEY; restore the file from a backup"),
      ("\ngarbage", ", line 2: must be KEY=VALUE; restore it from a backup"),
      ("DASHBOARD_ENCRYPTION_KEY=", " has no DASHBOARD_ENCRYPTION_KEY; restore the file from a backup"),
      ("DASHBOARD_ENCRYPTION_KEY=one\n", " has no DASHBOARD_SESSION_KEY; restore the file from a backup"),
    ])
  func damaged(text: String, problem: String) throws {
    try Files.write("data", to: directory.path("data"))
    try Files.write(text.utf8, to: path)
    let error = #expect(throws: ConfigurationError.self) { try keys() }
    #expect(error?.description == path + problem)
    #expect(try Files.read(path) == Array(text.utf8))
  }

  @Test("missing keys are an error, and reading makes none")
  func readingOnly() throws {
    let error = #expect(throws: ConfigurationError.self) {
      try SecretsFile.keys(
        for: Configuration(cores: 1, environment: NamedValues()).app, in: directory.path)
    }
    #expect(error?.description == "\(path) does not exist, and the settings do not give both keys")
    #expect(entries() == [])
  }

  /// A String does not store this path inline, and a path is seldom this long.
  @Test("the path of the directory may be long")
  func longPath() throws {
    let long = "\(directory.path)/\(String(repeating: "ä", count: 100))"
    try Files.makeDirectory(long)
    let made = try (0..<2).map { _ in try keys(in: long) }
    #expect(made[0].fingerprint == made[1].fingerprint)
    #expect(try Files.mode("\(long)/secrets") == 0o600)
  }

  @Test("lines of the file may end in CRLF")
  func lineEnds() throws {
    try Files.write("data", to: directory.path("data"))
    try Files.write("DASHBOARD_ENCRYPTION_KEY=one\r\nDASHBOARD_SESSION_KEY=two\r\n".utf8, to: path)
    let secrets = try keys()
    #expect(secrets.encryption == "one")
    #expect(secrets.session == "two")
  }

  @Test("a missing directory is refused by its path")
  func missingDirectory() throws {
    let missing = "\(directory.path)/missing"
    let error = #expect(throws: ConfigurationError.self) { try keys(in: missing) }
    #expect(error?.description.contains(missing) == true)
    #expect(error?.description.contains("No such file or directory") == true)
  }
}
