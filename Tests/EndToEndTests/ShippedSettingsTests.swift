import DashboardSettings
import Glibc
import TestSupport
import Testing

/// The settings that come with the Debian package and with the folder for shared hosting.
@Suite("shipped settings")
struct ShippedSettingsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func configuration(_ path: String) throws -> AppConfiguration {
    let file = try SettingsFile.read(path)
    let configuration = try Configuration(file: file, cores: 1, environment: NamedValues())
    #expect(configuration.warnings.isEmpty)
    return configuration.app
  }

  private func checkShipped(_ path: String) throws -> String {
    let app = try configuration(path)
    #expect(app.refusesCommonPasswords)
    let code = try #require(app.setupCode)
    #expect(code.utf8.count == 32)
    return code
  }

  /// Runs the package's postinst with a root of its own. Commands that change the system do nothing.
  private func install(_ arguments: String...) throws -> ChildProcess.Ending {
    let stubs = directory.path("stubs")
    if access(stubs, F_OK) != 0 {
      try Files.makeDirectory(stubs)
      for name in ["systemd-sysusers", "systemd-tmpfiles", "systemctl", "chown"] {
        try Files.write("#!/bin/sh\n", to: "\(stubs)/\(name)")
        #expect(chmod("\(stubs)/\(name)", 0o755) == 0)
      }
    }
    return try ChildProcess.run(
      ["/bin/sh", "\(Programs.root)/deploy/package.d/postinst", "configure"] + arguments,
      environment: ["DPKG_ROOT": directory.path, "PATH": "\(stubs):/usr/bin:/bin"])
  }

  @Test("an installation of the package gets a setup code of its own, once")
  func package() throws {
    for folder in ["usr", "usr/share", "usr/share/dashboard"] {
      try Files.makeDirectory(directory.path(folder))
    }
    let shipped = try Files.read("\(Programs.root)/deploy/package.d/dashboard.conf")
    try Files.write(shipped, to: directory.path("usr/share/dashboard/dashboard.conf"))
    let path = directory.path("etc/dashboard/dashboard.conf")
    let first = try install("")
    #expect(first.status == 0, "\(first)")
    let code = try checkShipped(path)
    #expect(try Files.mode(path) == 0o640)
    #expect(first.output.contains("/etc/dashboard/dashboard.conf") && !first.output.contains(code))
    let text = try Files.text(path)
    // An upgrade and a second installation leave the settings alone, with or without a code.
    for settings in [text, "PAGE_SIZE=7\n"] {
      try Files.write(settings, to: path)
      for arguments in ["1.0", ""] {
        let again = try install(arguments)
        #expect(again.status == 0 && again.output.isEmpty, "\(again)")
        #expect(try Files.text(path) == settings)
      }
    }
    #expect(Files.names(in: directory.path("etc/dashboard")).sorted() == ["dashboard.conf"])
    #expect(unlink(path) == 0)
    #expect(try install("").status == 0)
    #expect(try checkShipped(path) != code)
  }

  @Test("every folder for shared hosting has a setup code of its own")
  func sharedHosting() throws {
    let codes = try (0..<2).map { number in
      let folder = directory.path("site\(number)")
      let made = try ChildProcess.run(
        ["/bin/bash", "\(Programs.root)/deploy/shared-hosting", folder, Programs.dashboard])
      #expect(made.status == 0, "\(made)")
      #expect(try Files.mode("\(folder)/dashboard/dashboard.conf") == 0o600)
      return try checkShipped("\(folder)/dashboard/dashboard.conf")
    }
    #expect(Set(codes).count == 2)
  }
}
