import Glibc
import TestSupport
import Testing

/// Data that is missing or damaged is told, and never replaced by an empty directory.
@Suite("lost data")
struct LostDataTests {
  private let directory: TemporaryDirectory
  private let environment: [String: String]
  private var data: String { directory.path("data") }

  init() throws {
    directory = try TemporaryDirectory()
    environment = ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
    let site = try Site(.fastcgi, data: directory)
    for number in 0..<30 { _ = try site.signUp("user \(number)") }
  }

  /// Expects that a start, a CGI process, a check and a backup refuse the directory, and change none of its files.
  private func expectRefusal(_ reason: String) throws {
    func contents() throws -> [String: [UInt8]] {
      let names = Files.names(in: data).filter { $0 != "lock.mdb" }
      return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Files.read("\(data)/\($0)")) })
    }
    let before = try contents()
    let cgi = environment.merging([
      "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "REQUEST_URI": "/api/settings",
    ]) { $1 }
    let endings = [
      (78, try Programs.run(["--listen", "unix:\(directory.path("socket"))"], environment)),
      (78, try Programs.run([], cgi)),
      (78, try Programs.run(["--check-config"], environment)),
      (73, try Programs.run(["--backup", directory.path("backup")], environment)),
    ]
    for (status, ending) in endings {
      #expect(ending.status == status)
      #expect(ending.errors.contains(reason), "\(ending.errors)")
    }
    #expect(endings[1].1.output.hasPrefix("Status: 500 Internal Server Error\r\n"))
    #expect(try contents() == before)
    #expect(!Files.names(in: directory.path).contains { $0.hasPrefix("backup") })
  }

  @Test(
    "a data file that was cut short is refused, with what to do", arguments: [0.01, 0.05, 0.25, 0.5, 0.8])
  func cutShort(share: Double) throws {
    let length = Int(Double(try Files.read("\(data)/data.mdb").count) * share)
    try #require(truncate("\(data)/data.mdb", length) == 0)
    try expectRefusal("data.mdb was cut short or is damaged; restore it from a backup")
  }

  @Test("a data file that is missing or empty beside its keys is no first start", arguments: [true, false])
  func missing(isEmpty: Bool) throws {
    if isEmpty {
      try #require(truncate("\(data)/data.mdb", 0) == 0)
    } else {
      try #require(unlink("\(data)/data.mdb") == 0)
    }
    try expectRefusal(
      """
      \(data)/data.mdb is \(isEmpty ? "empty" : "missing"), and \(data)/secrets shows that it had data: \
      restore all files of \(data) from a backup.
      """)
  }

  @Test("data without its keys gets no new ones")
  func missingKeys() throws {
    try #require(unlink("\(data)/secrets") == 0)
    try expectRefusal("\(data)/secrets does not exist, and the settings do not give both keys: restore it")
  }

  @Test("an interrupted first start is told by --check-config and --backup, and completed by a start")
  func interrupted() throws {
    try #require(rename("\(data)/secrets", "\(data)/secrets.new") == 0)
    let check = try Programs.run(["--check-config"], environment)
    #expect(check.status == 0)
    #expect(check.output.contains("A first start in \(data) was interrupted. The next start completes it."))
    let backup = try Programs.run(["--backup", directory.path("backup")], environment)
    #expect(backup.status == 73)
    #expect(backup.errors.contains("a first start in \(data) was interrupted; start the program first"))
    do { _ = try ResponderProcess(environment: environment) }
    #expect(Files.names(in: data) == ["data.mdb", "lock.mdb", "secrets"])
    #expect(try Programs.run(["--backup", directory.path("backup")], environment).status == 0)
  }
}
