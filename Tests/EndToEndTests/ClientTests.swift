import Glibc
import TestSupport
import Testing

/// Real HTTP clients register, sign in and sign out: the programs in Tests/Clients.
@Suite("clients")
struct ClientTests {
  /// A program in Tests/Clients, as the comments at its beginning describe it.
  struct Program: Sendable, CustomTestStringConvertible {
    let name: String
    /// Debian packages.
    let packages: [String]
    /// Begins with the path of an interpreter. A relative path is in the checkout.
    let command: [String]
    let isSlow: Bool

    private static let directory = "\(Programs.root)/Tests/Clients"

    /// - Returns: `nil` for a file that is no program.
    init?(name: String) {
      self.name = name
      let lines = ((try? Files.text("\(Self.directory)/\(name)")) ?? "").split(separator: "\n").prefix(8)
      func words(_ label: String) -> [String]? {
        let line = lines.first { $0.hasPrefix("# \(label): ") || $0.hasPrefix("// \(label): ") }
        return line?.split(separator: " ").dropFirst(2).map(String.init)
      }
      guard let packages = words("Packages"), let command = words("Command"), let interpreter = command.first
      else {
        return nil
      }
      self.packages = packages
      self.command =
        (interpreter.hasPrefix("/") ? command : ["\(Programs.root)/\(interpreter)"] + command.dropFirst())
        + ["\(Self.directory)/\(name)"]
      isSlow = words("Slow") != nil
    }

    static let all = Files.names(in: directory).compactMap { Program(name: $0) }

    var isInstalled: Bool {
      let installed = Files.names(in: "/var/lib/dpkg/info")
      return access(command[0], X_OK) == 0
        && packages.allSatisfy { package in
          installed.contains {
            $0 == "\(package).list" || $0.hasPrefix("\(package):") && $0.hasSuffix(".list")
          }
        }
    }

    var testDescription: String { name }
  }

  /// True if every program must run: `deploy/clients` sets CLIENTS=all.
  private static let areAllWanted = getenv("CLIENTS").map { String(cString: $0) } == "all"

  @Test(
    "a client registers, signs in with cookies and with a Bearer token, and signs out", arguments: Program.all
  )
  func story(program: Program) throws {
    if !Self.areAllWanted, program.isSlow || !program.isInstalled {
      let reason =
        program.isSlow ? "it is slow" : "not installed: \(program.packages.joined(separator: ", "))"
      print("skipped: Tests/Clients/\(program.name) (\(reason)). deploy/clients runs it.")
      return
    }
    for front in Self.areAllWanted ? Front.everywhere : [.fastcgi] {
      let site = try Site(front, hasPort: true)
      let base = try #require(site.base)
      let ending = try ChildProcess.run(program.command + [base])
      #expect(ending.status == 0, "\(program.name), \(front): \(ending.errors)\(ending.output)\(site.log)")
    }
  }

  @Test("the programs are found")
  func programs() {
    #expect(Program.all.count >= 12)
  }
}
