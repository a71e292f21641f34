import Glibc
import TestSupport

/// The example application behind nginx with guard.conf, and the program.
final class GuardedSite: Sendable {
  let site: Site
  private let application: ChildProcess
  private let directory: TemporaryDirectory

  /// What a browser sends when a person opens a page. The sign-in page is for navigations only.
  static let navigation = [("Sec-Fetch-Mode", "navigate")]

  /// - Parameters:
  ///   - more: further lines for the server block. In these and in `places`, `@APPLICATION@` is the application's address.
  ///   - places: further locations that nginx passes to the application, with their lines.
  init(
    _ front: Front = .fastcgi, settings: [String: String] = [:], more: String = "",
    places: [(location: String, lines: String)] = []
  ) throws {
    let directory = try TemporaryDirectory()
    let socket = directory.path("application.sock")
    let application = try ChildProcess([
      Programs.python, "\(Programs.root)/Tests/Application/application.py", socket,
    ])
    try Address.unix(socket).waitUntilAnswered { application.isRunning }
    let locations = [
      ("/", "signed-in"), ("/public/", "anybody"), ("= /sign-in", "anybody"),
      ("/administration/", "administrator"), ("/private/", "verified"),
      // docs/guide/guarding.md shows this pattern for an application that ignores case.
      ("~* ^/office(/|$)", "administrator"),
    ]
    let guarded = (locations.map { ($0, "include dashboard/\($1);") } + places).map { place, lines in
      "location \(place) { client_max_body_size 4m; \(lines) proxy_pass http://unix:\(socket); }\n"
    }
    site = try Site(
      front, settings: settings,
      block: "include dashboard/guard.conf; set $dashboard_sign_in /sign-in;\n"
        + (more + guarded.joined()).replacing("@APPLICATION@", with: "http://unix:\(socket)"))
    (self.application, self.directory) = (application, directory)
  }

  deinit {
    application.signal(SIGKILL)
    _ = application.wait()
  }
}
