import DashboardEndpoints
import DashboardRouting
import DashboardSettings
import DashboardStore
import Glibc
import TestSupport
import Testing

/// Every state that a killed first start leaves, and every state of lost data or keys.
@Suite("first starts")
struct FirstStartTests {
  private let directory: TemporaryDirectory
  private var data: String { directory.path("data") }
  private let bothKeys = ["DASHBOARD_ENCRYPTION_KEY": "encryption", "DASHBOARD_SESSION_KEY": "session"]

  init() throws {
    directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("data"))
  }

  private func configuration(_ settings: [String: String]) throws -> Configuration {
    let given = ["DATA_DIR": data, "BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": "64M"]
    return try Configuration(cores: 1, environment: NamedValues(given.merging(settings) { $1 }))
  }

  private func open(_ settings: [String: String] = [:], isSingleRequest: Bool = false) throws -> Dashboard {
    try Dashboard(configuration: configuration(settings), isSingleRequest: isSingleRequest)
  }

  private func check(_ settings: [String: String] = [:]) throws -> String? {
    try DataDirectory.check(configuration(settings), dataFile: Storage.fileName)
  }

  private var names: [String] { Files.names(in: data).filter { $0 != "lock.mdb" } }

  private let ada = ["username": "ada", "password": "password of ada"]

  /// Expects that a start completes, keeps its keys, and that the next start finds its account.
  private func expectStart(_ settings: [String: String] = [:]) throws {
    let mark = settings.isEmpty ? "secrets" : "begun"
    for isSingleRequest in [true, false] {
      let dashboard = try open(settings, isSingleRequest: isSingleRequest)
      #expect(names.sorted() == [mark, "data.mdb"].sorted())
      if isSingleRequest { _ = try dashboard.call(CreateAccount.self, posted: ada) }
      _ = try dashboard.call(CreateSession.self, posted: ada)
      #expect(try dashboard.services.store.problems() == [])
    }
    #expect(try check(settings) == nil)
  }

  /// A state that a kill leaves.
  enum Step: CaseIterable, Sendable {
    case nothing, halfOfKeys, keys, emptyData, halfOfData, dataWithoutTables, data
  }

  /// Makes what a first start has made when it is killed after a step.
  ///
  /// - Parameter isOfOlder: true for a program that marked its own beginning only if it made the keys.
  private func interrupt(
    after step: Step, _ settings: [String: String], isOfOlder: Bool = false
  ) throws {
    let isKeyless = settings.isEmpty
    if step == .nothing { return }
    do { _ = try open(settings) }
    try #require(unlink("\(data)/lock.mdb") == 0)
    if isKeyless {
      try #require(rename("\(data)/secrets", "\(data)/secrets.new") == 0)
    } else if isOfOlder {
      try #require(unlink("\(data)/begun") == 0)
    } else {
      try #require(rename("\(data)/begun", "\(data)/begun.new") == 0)
    }
    switch step {
    case .halfOfKeys, .keys:
      try #require(unlink("\(data)/data.mdb") == 0)
      if step == .halfOfKeys, isKeyless { try #require(truncate("\(data)/secrets.new", 120) == 0) }
    case .emptyData: try #require(truncate("\(data)/data.mdb", 0) == 0)
    case .halfOfData: try #require(truncate("\(data)/data.mdb", 4096) == 0)
    case .dataWithoutTables: try writeDataWithoutTables()
    case .nothing, .data: break
    }
  }

  /// A data file as LMDB creates it, before the first commit.
  private func writeDataWithoutTables() throws {
    try #require(unlink("\(data)/data.mdb") == 0)
    let program = """
      import ctypes, sys
      lmdb = ctypes.CDLL("liblmdb.so.0")
      environment = ctypes.c_void_p()
      assert lmdb.mdb_env_create(ctypes.byref(environment)) == 0
      assert lmdb.mdb_env_open(environment, sys.argv[1].encode(), 0, 0o600) == 0
      """
    let ending = try ChildProcess.run([Programs.python, "-c", program, data])
    try #require(ending.status == 0, "\(ending.errors)")
  }

  @Test(
    "a first start that was killed at any step is completed by the next start", arguments: Step.allCases,
    [true, false])
  func killed(after step: Step, isKeyless: Bool) throws {
    let settings = isKeyless ? [:] : bothKeys
    try interrupt(after: step, settings)
    let before = step == .data && isKeyless ? try Files.read("\(data)/secrets.new") : nil
    let sentence = try #require(try check(settings))
    let isBegun = [.halfOfData, .dataWithoutTables, .data].contains(step)
    #expect(
      sentence.contains(isBegun ? "was interrupted. The next start completes it" : "first start creates it"))
    let start = FirstStart(try configuration(settings), dataFile: Storage.fileName)
    if isBegun {
      #expect(throws: ConfigurationError.self) { try start.checkCompleted() }
    } else {
      try start.checkCompleted()
    }
    try expectStart(settings)
    if let before { #expect(try Files.read("\(data)/secrets") == before) }
  }

  @Test("so is one that was killed as soon as a number of files were there", arguments: 0...3)
  func killedMeanwhile(files: Int) throws {
    let cgi = [
      "DATA_DIR": data, "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET",
      "REQUEST_URI": "/api/settings",
    ]
    for _ in 0..<10 {
      let process = try ChildProcess([Programs.dashboard], environment: cgi)
      while Files.names(in: data).count < files, process.isRunning { Threads.yield() }
      process.signal(SIGKILL)
      _ = process.wait()
      let ending = try ChildProcess.run([Programs.dashboard], environment: cgi)
      #expect(ending.output.hasPrefix("Status: 200 OK\r\n"), "\(ending.errors)")
      #expect(names == ["data.mdb", "secrets"])
      Files.removeAll(data)
      try Files.makeDirectory(data)
    }
  }

  @Test(
    "so is one of an older program, with both keys from the settings",
    arguments: [Step.nothing, .emptyData, .dataWithoutTables, .data])
  func killedWithKeys(after step: Step) throws {
    try interrupt(after: step, bothKeys, isOfOlder: true)
    try expectStart(bothKeys)
  }

  @Test("half a data file without the sign of a first start may be all that is left of data, and is kept")
  func halfOfData() throws {
    try interrupt(after: .halfOfData, bothKeys, isOfOlder: true)
    for _ in 0..<2 { #expect(throws: (any Error).self) { try open(bothKeys) } }
    #expect(try Files.read("\(data)/data.mdb").count == 4096)
  }

  /// A limit on file size stands for a full disk.
  @Test("so is one for which the disk had no room", arguments: [true, false])
  func fullDisk(isKeyless: Bool) throws {
    let settings = isKeyless ? [:] : bothKeys
    // The limit would refuse the lock file before the data.
    try Files.write([UInt8](repeating: 0, count: 65_664), to: "\(data)/lock.mdb")
    for _ in 0..<2 {
      let ending = try ChildProcess(
        [
          "/bin/sh", "-c", #"ulimit -f 8; exec "$0" --listen "$1""#, Programs.dashboard,
          "unix:\(data)/socket",
        ],
        environment: settings.merging(["DATA_DIR": data]) { $1 }
      ).wait()
      #expect(ending.status == 78)
      #expect(ending.errors.contains("make room"), "\(ending.errors)")
      #expect(try Files.read("\(data)/data.mdb").count == 4096)
    }
    try expectStart(settings)
  }

  @Test("a directory of an older program opens as before, and gets its mark", arguments: [true, false])
  func olderProgram(isKeyless: Bool) throws {
    let settings = isKeyless ? [:] : bothKeys
    do { _ = try open(settings).call(CreateAccount.self, posted: ada) }
    if !isKeyless { try #require(unlink("\(data)/begun") == 0) }
    #expect(try check(settings) == nil)
    _ = try Dashboard(configuration: configuration(settings), isTrial: true)
    #expect(names == (isKeyless ? ["data.mdb", "secrets"] : ["data.mdb"]))
    _ = try open(settings).call(CreateSession.self, posted: ada)
    #expect(names == (isKeyless ? ["data.mdb", "secrets"] : ["begun", "data.mdb"]))
  }

  enum Loss: CaseIterable, Sendable { case missing, empty, withoutTables }

  @Test(
    "missing or empty data is no first start if the directory has had data", arguments: Loss.allCases,
    [true, false])
  func lostData(loss: Loss, isKeyless: Bool) throws {
    let settings = isKeyless ? [:] : bothKeys
    do { _ = try open(settings).call(CreateAccount.self, posted: ada) }
    switch loss {
    case .missing: try #require(unlink("\(data)/data.mdb") == 0)
    case .empty: try #require(truncate("\(data)/data.mdb", 0) == 0)
    case .withoutTables: try writeDataWithoutTables()
    }
    let before = names
    let starts: [() throws -> Void] = [
      { _ = try open(settings) }, { _ = try open(settings, isSingleRequest: true) },
      { _ = try Dashboard(configuration: configuration(settings), isTrial: true) },
    ]
    for start in starts {
      let error = #expect(throws: (any Error).self) { try start() }
      #expect("\(error.map { "\($0)" } ?? "")".contains("from a backup"))
      #expect(names == before)
    }
    if loss != .withoutTables { #expect(throws: ConfigurationError.self) { try check(settings) } }
    // Without the mark, it is a first start again.
    if loss != .withoutTables {
      try #require(unlink("\(data)/\(isKeyless ? "secrets" : "begun")") == 0)
      try expectStart(settings)
    }
  }

  @Test("data without its keys is refused, and gets no new ones")
  func lostKeys() throws {
    do { _ = try open().call(CreateAccount.self, posted: ada) }
    let keys = try Files.read("\(data)/secrets")
    try #require(unlink("\(data)/secrets") == 0)
    for _ in 0..<2 {
      let error = #expect(throws: ConfigurationError.self) { try open() }
      #expect(error?.description.contains("secrets does not exist") == true)
      #expect(throws: ConfigurationError.self) { try check() }
      #expect(names == ["data.mdb"])
    }
    try Files.write(keys, to: "\(data)/secrets")
    _ = try open().call(CreateSession.self, posted: ada)
  }

  @Test("keys that move from the file to the settings keep the data, and its loss is still told")
  func movedKeys() throws {
    do { _ = try open().call(CreateAccount.self, posted: ada) }
    let lines = try Files.text("\(data)/secrets").split(separator: "\n").map {
      $0.split(separator: "=").map(String.init)
    }
    let settings = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) })
    _ = try open(settings).call(CreateSession.self, posted: ada)
    #expect(names == ["begun", "data.mdb", "secrets"])
    try #require(unlink("\(data)/begun") == 0 && unlink("\(data)/data.mdb") == 0)
    #expect(throws: ConfigurationError.self) { try open(settings) }
  }

  @Test("a first start removes the files of killed ones, and no others")
  func leftovers() throws {
    let gone = try ChildProcess(["/bin/true"])
    _ = gone.wait()
    let kept = ["secrets.1.5", "secrets.\(getppid()).5", "secrets.old", "secrets.\(gone.pid).txt"]
    for name in kept + ["secrets.\(gone.pid).123"] { try Files.write("x", to: "\(data)/\(name)") }
    _ = try open()
    #expect(names == (kept + ["data.mdb", "secrets"]).sorted())
    // A leftover beside complete keys goes at a server's start.
    try Files.write("x", to: "\(data)/secrets.new")
    _ = try open()
    #expect(names == (kept + ["data.mdb", "secrets"]).sorted())
  }

  @Test("parallel first starts of processes end with one set of keys, and each answers")
  func parallel() throws {
    try #require(rmdir(data) == 0)
    for settings in [[:], bothKeys] {
      let environment = [
        "DATA_DIR": data, "BCRYPT_WORKLOAD_FACTOR": "4", "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": "POST", "REQUEST_URI": "/api/user/create-account",
        "EVENT_LOG": directory.path("events"),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
      ].merging(settings) { $1 }
      let endings = try Threads.run(20) { number in
        let body = "username=user\(number)&password=password+of+user"
        return try ChildProcess.run(
          [Programs.dashboard],
          environment: environment.merging([
            "CONTENT_LENGTH": "\(body.utf8.count)", "REMOTE_ADDR": "192.0.2.\(number)",
          ]) { $1 }, input: body)
      }
      for ending in endings {
        #expect(ending.status == 0 && ending.errors.isEmpty, "\(ending.errors)")
        #expect(ending.output.hasPrefix("Status: 200 OK\r\n"), "\(ending.output)")
      }
      #expect(names == (settings.isEmpty ? ["data.mdb", "secrets"] : ["begun", "data.mdb"]))
      do {
        let dashboard = try open(settings)
        for number in 0..<20 {
          _ = try dashboard.call(
            CreateSession.self, posted: ["username": "user\(number)", "password": "password of user"])
        }
        let app = dashboard.configuration.appName
        #expect(try dashboard.services.store.read(app) { try $0.count(.all) } == 20)
      }
      Files.removeAll(data)
    }
  }
}
