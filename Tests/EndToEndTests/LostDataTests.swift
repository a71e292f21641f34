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
}
