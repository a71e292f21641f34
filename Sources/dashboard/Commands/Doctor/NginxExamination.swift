import DashboardSettings
import DashboardSystem
import Glibc

/// nginx: its copies of the program's files, the limits in step with the settings, the socket, and TLS for cookies.
struct NginxExamination {
  /// Where the guides copy the program's files.
  static let usual = "/etc/nginx/dashboard"
  /// Where the package has the program's files.
  private static let own = "/usr/share/dashboard/nginx"

  /// The most bytes of a configuration that are read.
  private static let longest = 16 << 20

  private(set) var findings: [Ailment] = []
  private let configuration: Configuration

  /// - Parameters:
  ///   - files: the directory of nginx's copies; `nil` for the usual one.
  ///   - printed: a file with the output of `nginx -T`; `nil` to run that as root.
  init(_ configuration: Configuration, files: String?, printed: String?) {
    self.configuration = configuration
    compare(files ?? Self.usual, isNamed: files != nil)
    if let printed {
      do throws(Errno) {
        // It can be a pipe: nginx -T | dashboard doctor --nginx-configuration /dev/stdin
        let file = try FileDescriptor.open(printed)
        defer { file.close() }
        examine(NginxConfiguration(String(decoding: try file.readToEnd(limit: Self.longest), as: UTF8.self)))
      } catch {
        mend("\(printed) can't be read: \(error)")
      }
      return
    }
    let places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"]
    guard let nginx = places.first(where: { path in unsafe access(path, X_OK) == 0 }) else { return }
    if geteuid() != 0 {
      note(
        "the configuration in use was not read: only root can. Run: sudo nginx -T >FILE, and add --nginx-configuration FILE"
      )
    } else if let text = Self.configuration(of: nginx) {
      examine(NginxConfiguration(text))
    } else {
      mend("nginx refuses its configuration. See why: nginx -t")
    }
  }

  /// What `nginx -T` prints; `nil` if it fails.
  private static func configuration(of nginx: String) -> String? {
    guard let process = try? OwnProcess.start(["-T"], of: nginx) else { return nil }
    let bytes = try? process.output.readToEnd(limit: longest)
    process.output.close()
    guard process.wait() == .status(0), let bytes else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func mend(_ text: String) { findings.append(.mend("nginx", text)) }
  private mutating func note(_ text: String) { findings.append(.note("nginx", text)) }

  /// Compares nginx's copies with the program's files. `site.conf` is the operator's.
  private mutating func compare(_ directory: String, isNamed: Bool) {
    guard let names = try? File.names(in: Self.own) else { return }
    guard (try? File.names(in: directory)) != nil else {
      if isNamed { mend("\(directory) can't be read: \(Errno.current)") }
      return
    }
    for name in names.sorted() where name != "site.conf" && !name.hasSuffix(".in") {
      let path = "\(directory)/\(name)"
      guard let theirs = try? File.read(path) else {
        mend("\(path) is missing: copy it from \(Self.own)")
        continue
      }
      if theirs != (try? File.read("\(Self.own)/\(name)")) {
        note("\(path) differs from the program's. If that is not meant: diff -u \(Self.own)/\(name) \(path)")
      }
    }
  }

  private mutating func examine(_ nginx: NginxConfiguration) {
    let upstreams = nginx.directives.filter { $0.words == ["upstream", "dashboard"] }
    guard !upstreams.isEmpty else {
      note("its configuration has no upstream 'dashboard': nothing of this site goes to the program")
      return
    }
    examineUpstream(nginx)
    examineBodies(nginx)
    examineNames(nginx)
    let isSecure =
      nginx.all("listen").contains { $0.words.contains("ssl") }
      || nginx.all("set").contains { $0.words == ["set", "$dashboard_scheme", "https"] }
    if !isSecure {
      mend(
        "no server has TLS, so passwords and cookies can be read on the way. Get a certificate (docs/guide/nginx.md), or set $dashboard_scheme where TLS ends in front of nginx"
      )
    }
  }

  /// Passkeys belong to a host name. Without `server_name`, a site answers to every name, and a passkey made at one fails at another.
  private mutating func examineNames(_ nginx: NginxConfiguration) {
    let sites = nginx.all("include").filter { directive in
      directive.blocks.last == ["server"]
        && ["dashboard/server.conf", "dashboard/guard.conf"].contains { name in
          directive.words.contains { $0.hasSuffix(name) }
        }
    }
    var seen: Set<Int> = []
    for site in sites where seen.insert(site.block).inserted {
      let names = nginx.all("server_name").filter { $0.block == site.block }.flatMap { $0.words.dropFirst() }
        .map { $0.lowercased() }.filter { !["", "_"].contains($0) }
      if names.isEmpty {
        note(
          "a server in \(site.file) has no server_name, so passkeys belong to whichever name a browser used: name the site's host"
        )
      }
      guard let domain = configuration.app.passkeyDomain else { continue }
      // A name with '~' is a regular expression.
      let foreign = names.filter { !$0.hasPrefix("~") && $0 != domain && !$0.hasSuffix("." + domain) }
      if !foreign.isEmpty {
        mend(
          "passkeys work only at PASSKEY_RP_ID '\(domain)' and below, and \(site.file) has server_name \(foreign.joined(separator: " ")): correct one of them"
        )
      }
    }
  }

  private mutating func examineUpstream(_ nginx: NginxConfiguration) {
    let inside = nginx.directives.filter { $0.blocks.last == ["upstream", "dashboard"] }
    if !inside.contains(where: { $0.words.first == "keepalive" }) {
      mend(
        "the upstream 'dashboard' has no 'keepalive', so each request opens a connection: add 'keepalive 64;'"
      )
    }
    let timeout = inside.first { $0.words.first == "keepalive_timeout" }?.words.dropFirst().first
    let seconds = timeout.flatMap(Self.seconds) ?? 60
    if seconds >= configuration.shutdownTimeout {
      let mends = seconds > 5 ? "Write 'keepalive_timeout 5s;'" : "Let SHUTDOWN_TIMEOUT be \(seconds + 5)"
      mend(
        "the upstream's keepalive_timeout is \(seconds) s, and SHUTDOWN_TIMEOUT is \(configuration.shutdownTimeout) s: a restart can lose requests. \(mends)"
      )
    }
    for server in inside where server.words.first == "server" {
      guard let address = server.words.dropFirst().first, address.hasPrefix("unix:") else { continue }
      examineSocket(
        String(address.dropFirst(5)), user: nginx.all("user").first?.words.dropFirst().map { $0 } ?? [])
    }
  }

  /// - Parameter user: of nginx's workers, and possibly their group.
  private mutating func examineSocket(_ path: String, user: [String]) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
      mend("there is no socket \(path). Start the program (systemctl start dashboard.socket dashboard)")
      return
    }
    if status.st_mode & 0o002 != 0 {
      mend(
        "every user of the machine can write to \(path), and so act as any client: let its mode be 0660 (SocketMode= in dashboard.socket)"
      )
    }
    guard let name = user.first, let worker = LocalUser(named: name) else { return }
    if !worker.may(2, status) {
      let group = status.st_gid
      mend(
        group != 0 && status.st_mode & 0o020 != 0
          ? "nginx's user '\(name)' can't write to \(path): make it a member of the group \(group) (usermod -aG \(group) \(name)), and restart nginx"
          : "nginx's user '\(name)' can't write to \(path): let the socket belong to a group of that user, with mode 0660 (SocketGroup= and SocketMode= in dashboard.socket)"
      )
    }
    var folder = PartialDirectory.parent(of: path)
    while folder.utf8.count > 1 {
      folder = File.withoutTrailingSlashes(folder)
      if unsafe stat(folder, &status) == 0, !worker.may(1, status) {
        mend("nginx's user '\(name)' can't reach \(path): chmod o+x \(folder)")
      }
      folder = PartialDirectory.parent(of: folder)
    }
  }

  private mutating func examineBodies(_ nginx: NginxConfiguration) {
    let sizes = nginx.all("client_max_body_size") {
      $0.hasSuffix("/dashboard/limits") || $0.hasSuffix("/dashboard/pass")
    }
    for size in sizes {
      guard let bytes = size.words.dropFirst().first.flatMap(Self.bytes), bytes != configuration.bodyLength
      else { continue }
      mend(
        "\(size.file) has client_max_body_size \(bytes), and MAXIMUM_POST_DATA_LENGTH is \(configuration.bodyLength): make them equal"
      )
    }
    if nginx.all("fastcgi_keep_conn").contains(where: { $0.words.last == "off" }) {
      mend("fastcgi_keep_conn is off somewhere, so each request opens a connection: remove that line")
    }
  }

  /// A time such as `5s`, `1m` or `75`, in seconds; `nil` if it is another one.
  private static func seconds(_ text: String) -> Int? {
    if let number = Int(text) { return number }
    guard let number = Int(text.dropLast()) else { return nil }
    return switch text.last {
    case "s": number
    case "m": number.multipliedReportingOverflow(by: 60).partialValue
    case "h": number.multipliedReportingOverflow(by: 3600).partialValue
    default: nil
    }
  }

  /// A size such as `2000000`, `8k` or `2m`, in bytes; `nil` if it is another one.
  private static func bytes(_ text: String) -> Int? {
    if let number = Int(text) { return number }
    guard let number = Int(text.dropLast()) else { return nil }
    let unit =
      switch text.last?.lowercased() {
      case "k": 1 << 10
      case "m": 1 << 20
      case "g": 1 << 30
      default: 0
      }
    let (bytes, isOver) = number.multipliedReportingOverflow(by: unit)
    return unit > 0 && !isOver ? bytes : nil
  }
}
