import Glibc
import TestSupport
import Testing

/// `dashboard doctor` names what an operator should mend, with the mend.
@Suite("the doctor")
struct DoctorTests {
  private let site: Site
  private let grace: Operator
  private let backups: TemporaryDirectory

  init() throws {
    site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    backups = try TemporaryDirectory()
    grace = Operator(of: site)
    #expect(try grace.run(["backup", backups.path("night")]).status == 0)
  }

  /// The findings that need a mend, without those about this machine's own nginx.
  private func mends(_ settings: [String: String] = [:], status: Int32? = nil) throws -> [String] {
    var grace = grace
    grace.settings.merge(settings) { $1 }
    let ending = try grace.run(["doctor", "--json", "--backups", backups.path])
    let findings = try JSON(Array(ending.output.utf8.dropLast())).array ?? []
    let mends = findings.filter { $0["needsMend"] == .boolean(true) }
    #expect(ending.status == (mends.isEmpty ? 0 : 1), "\(ending.errors)")
    return mends.compactMap { mend in
      guard let area = mend["area"]?.string, let text = mend["text"]?.string, area != "nginx" else {
        return nil
      }
      // The tests hash cheaply, and this machine's disk may be small.
      return text.contains("BCRYPT_WORKLOAD_FACTOR") || text.contains("MiB free") ? nil : "\(area): \(text)"
    }
  }

  private func expect(
    _ mends: [String], _ area: String, _ words: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let isThere = mends.contains { $0.hasPrefix("\(area): ") && $0.contains(words) }
    #expect(isThere, "\(mends)", sourceLocation: location)
    #expect(mends.count == 1, "\(mends)", sourceLocation: location)
  }

  @Test("a server that is well has no findings")
  func well() throws { #expect(try mends() == []) }

  @Test("files that others can read")
  func permissions() throws {
    chmod(site.data.path("data/secrets"), 0o644)
    expect(try mends(), "settings", "chmod go-rwx")
  }

  @Test("settings that are wrong, or that can't have been meant")
  func settings() throws {
    expect(try mends(["MAXIMUM_ATTEMPTS": "100000"]), "settings", "MAXIMUM_ATTEMPTS is 100000")
    expect(try mends(["EVENT_LOG": site.data.path("data/events")]), "settings", "EVENT_LOG is in DATA_DIR")
    // From any directory it is the same file, here.
    let relative = String(repeating: "../", count: 30) + "." + site.data.path("events")
    expect(try mends(["EVENT_LOG": relative]), "settings", "a file in whichever directory")
    expect(try mends(["PASSKEY_RP_ID": "com"]), "settings", "PASSKEY_RP_ID is 'com'")
    #expect(try mends(["PASSKEY_RP_ID": "localhost"]) == [])
    expect(try mends(["PAGE_SIZE": "many"]), "settings", "PAGE_SIZE")
  }

  @Test("other keys than those of the data")
  func keys() throws {
    let mends = try mends(["DASHBOARD_SESSION_KEY": "another", "DASHBOARD_ENCRYPTION_KEY": "another"])
    #expect(mends.contains { $0.contains("is not the key of") }, "\(mends)")
  }

  @Test("an app without accounts, without an owner, and with an owner who leaves")
  func owner() throws {
    let empty = try TemporaryDirectory()
    let fresh = try Site(.fastcgi, data: empty)
    var grace = grace
    grace = Operator(of: fresh)
    let ending = try grace.run(["doctor", "--backups", backups.path])
    #expect(ending.output.contains("MEND  accounts: the app 'dashboard' has no account"))
    #expect(ending.output.contains("dashboard account create NAME"))
  }

  @Test("accounts without the second factor that is required are counted")
  func bareAccounts() throws {
    var grace = grace
    for name in ["bea", "eve", "dan"] { _ = try site.signUp(name) }
    for change in [["promote", "bea"], ["suspend", "eve"]] {
      #expect(try grace.run(["account"] + change).status == 0)
    }
    for (policy, told) in [("required", "3 accounts"), ("administrators", "2 accounts"), ("optional", nil)]
      as [(String, String?)]
    {
      grace.settings["SECOND_FACTOR"] = policy
      let output = try grace.run(["doctor", "--backups", backups.path]).output
      let line = output.split(separator: "\n").first { $0.contains("without the second factor") }
      #expect(line?.contains(told ?? "none") ?? false == (told != nil), "\(output)")
    }
  }

  @Test("a warning about the settings of all apps is told once, and that of one app with its file")
  func warningsOfApps() throws {
    try Files.makeDirectory(site.data.path("data/apps"))
    for (app, text) in [("shop", "PAGE_SIZE=3\n"), ("club", "API_ACCESS=application\n")] {
      try Files.write(text, to: site.data.path("data/apps/\(app).conf"))
      chmod(site.data.path("data/apps/\(app).conf"), 0o600)
    }
    let output = try grace.run(["doctor", "--backups", backups.path]).output.split(separator: "\n")
    #expect(output.count { $0.contains("BCRYPT_WORKLOAD_FACTOR") } == 1)
    #expect(output.contains { $0.contains("apps/club.conf: API_ACCESS is application") })
  }

  @Test("every app is looked at")
  func apps() throws {
    try Files.makeDirectory(site.data.path("data/apps"))
    try Files.write("PAGE_SIZE=3\n", to: site.data.path("data/apps/shop.conf"))
    chmod(site.data.path("data/apps/shop.conf"), 0o600)
    expect(try mends(), "accounts", "account create NAME --app shop")
  }

  @Test("backups that are missing or old")
  func oldBackups() throws {
    let empty = try TemporaryDirectory()
    let none = try grace.run(["doctor", "--backups", empty.path])
    #expect(none.output.contains("MEND  backups: \(empty.path) has no backup"))
    // A copied backup has new files. Its manifest says when it was made.
    let manifest = backups.path("night/manifest")
    let text = try Files.text(manifest)
    try Files.write(text.replacing(#/# made: .*/#, with: "# made: 2026-11-01T02:00:00.000Z"), to: manifest)
    expect(try mends(), "backups", "is from 2026-11-01")
    try Files.write(text, to: manifest)
    unlink(backups.path("night/data.mdb"))
    let damaged = try mends()
    #expect(damaged.contains { $0.contains("night has no data.mdb any more") }, "\(damaged)")
  }

  @Test("damaged data is told with what to do, beside the other findings, and ends no command without a word")
  func damagedData() throws {
    let directory = try TemporaryDirectory()
    _ = try grace.text("backup", directory.path("data"))
    var grace = grace
    grace.settings["DATA_DIR"] = directory.path("data")
    let commands = [
      ["account", "list"], ["session", "list", "ada"], ["stats"], ["sweep", "--dry-run"], ["events", "ada"],
    ]
    let sound = try Files.read(directory.path("data/data.mdb"))
    let size = DamagedData.pageSize
    for page in stride(from: 2, to: sound.count / size, by: 3) {
      var bytes = sound
      bytes.replaceSubrange(page * size..<(page + 1) * size, with: repeatElement(0xA5, count: size))
      try Files.write(bytes, to: directory.path("data/data.mdb"))
      let check = try grace.run(["check"])
      let doctor = try grace.run(["doctor", "--backups", backups.path])
      #expect(
        doctor.output.contains("needs a mend") || doctor.output.contains("need a mend"), "\(page): \(doctor)")
      if check.status == 1 {
        #expect(doctor.output.contains("MEND  data: the data is damaged: "), "\(page): \(doctor.output)")
      }
      for command in commands {
        let ending = try grace.run(command)
        #expect(
          ending.status >= 0 && (ending.status == 0) == ending.errors.isEmpty, "\(page) \(command): \(ending)"
        )
      }
    }
  }

  @Test("settings with a secret that others can read, and settings that others can change")
  func settingsFile() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("dashboard.conf")
    try Files.write("METRICS_TOKEN=a-token-of-metrics\n", to: path)
    for (mode, words) in [(0o644, "chmod o-r"), (0o660, "chmod go-w")] as [(mode_t, String)] {
      chmod(path, mode)
      expect(try mends(["DASHBOARD_CONFIG": path]), "access", words)
    }
    chmod(path, 0o640)
    #expect(try mends(["DASHBOARD_CONFIG": path]) == [])
  }

  @Test("files of another user are told with the command that gives them back", .enabled(if: geteuid() == 0))
  func owners() throws {
    let data = site.data.path("data")
    for name in ["", "/data.mdb", "/secrets", "/lock.mdb"] { chown(data + name, 33, 33) }
    chown("\(data)/secrets", 0, 0)
    expect(try mends(), "access", "chown www-data \(data)/secrets")
  }

  @Test("data that is missing is told, and nothing is created")
  func noData() throws {
    let empty = try TemporaryDirectory()
    var grace = grace
    grace.settings["DATA_DIR"] = empty.path("data")
    let ending = try grace.run(["doctor"])
    #expect(ending.output.contains("note  data: \(empty.path("data")) does not exist yet"))
    #expect(Files.names(in: empty.path).isEmpty)
  }

  // MARK: nginx

  /// The mends of nginx for a configuration.
  ///
  /// - Parameter upstream: the lines of the upstream.
  private func nginxMends(_ upstream: String, limits: String = "2000000", listen: String = "443 ssl") throws
    -> [String]
  {
    let directory = try TemporaryDirectory()
    let text = """
      # configuration file /etc/nginx/nginx.conf:
      user root; # "a comment; with { a brace"
      http {
        upstream dashboard { \(upstream) }
        server { listen \(listen); server_name "a{b}"; location ~ "^/x{2}$" { return 200 '}'; } }
      }
      # configuration file /etc/nginx/dashboard/pass:
      client_max_body_size \(limits);
      """
    try Files.write(text, to: directory.path("nginx"))
    let ending = try grace.run(
      ["doctor", "--json", "--backups", backups.path, "--nginx-configuration", directory.path("nginx")])
    return try JSON(Array(ending.output.utf8.dropLast())).array?.compactMap { finding in
      finding["area"]?.string == "nginx" && finding["needsMend"] == .boolean(true)
        ? finding["text"]?.string : nil
    } ?? []
  }

  @Test("nginx's limits, its connections to the program, the socket, and TLS")
  func nginx() throws {
    let socket = "server unix:\(site.responder?.socketPath ?? "") max_fails=0;"
    let good = "\(socket) keepalive 64; keepalive_timeout 5s;"
    #expect(try nginxMends(good) == [])
    #expect(try nginxMends(good, limits: "2m").first?.contains("client_max_body_size 2097152") == true)
    #expect(try nginxMends(good, limits: "1900k").first?.contains("make them equal") == true)
    #expect(try nginxMends("\(socket) keepalive_timeout 5s;").first?.contains("has no 'keepalive'") == true)
    #expect(
      try nginxMends("\(socket) keepalive 64;").first?.contains("is 60 s, and SHUTDOWN_TIMEOUT") == true)
    #expect(
      try nginxMends("\(socket) keepalive 64; keepalive_timeout 1m;").first?.contains("is 60 s") == true)
    #expect(
      try nginxMends("server unix:/nowhere; keepalive 64; keepalive_timeout 5s;").first?.contains(
        "no socket /nowhere")
        == true)
    #expect(try nginxMends(good, listen: "80").first?.contains("no server has TLS") == true)
    chmod(site.responder?.socketPath ?? "", 0o666)
    #expect(try nginxMends(good).first?.contains("every user of the machine can write to") == true)
  }

  @Test("a configuration of nginx that can't be read is told")
  func unreadableConfiguration() throws {
    let ending = try grace.run(["doctor", "--nginx-configuration", "/nowhere"])
    #expect(ending.status == 1)
    let piped = try grace.run(
      ["doctor", "--nginx-configuration", "/dev/stdin"], input: "events {}\nhttp { upstream dashboard {} }\n")
    #expect(piped.output.contains("the upstream 'dashboard' has no 'keepalive'"), "\(piped)")
    #expect(ending.output.contains("MEND  nginx: /nowhere can't be read"))
  }

  @Test(
    "a site that answers to every name is told, because passkeys belong to one",
    arguments: [
      ("", true), ("server_name _;", true), ("server_name \"\";", true),
      ("server_name accounts.example.org;", false), ("server_name _ ACCOUNTS.example.org;", false),
    ])
  func names(line: String, isTold: Bool) throws {
    let text = """
      # configuration file /etc/nginx/nginx.conf:
      http { upstream dashboard { server unix:/s; keepalive 8; } include sites/*; }
      # configuration file /etc/nginx/sites/club:
      server { listen 80; server_name old.example.com; return 301 https://accounts.example.org; }
      server { listen 443 ssl; \(line) include dashboard/server.conf; include dashboard/guard.conf; }
      # configuration file /etc/nginx/sites/other:
      server { listen 443 ssl; }
      """
    var grace = grace
    for (domain, isForeign) in [
      ("example.org", false), ("accounts.example.org", false), ("ample.org", true),
      ("login.example.org", true),
    ] where !isTold {
      grace.settings["PASSKEY_RP_ID"] = domain
      let output = try grace.run(["doctor", "--nginx-configuration", "/dev/stdin"], input: text).output
      #expect(output.contains("has server_name accounts.example.org: correct one") == isForeign, "\(output)")
    }
    grace.settings["PASSKEY_RP_ID"] = nil
    let ending = try grace.run(["doctor", "--nginx-configuration", "/dev/stdin"], input: text)
    #expect(ending.output.contains("/etc/nginx/sites/club has no server_name") == isTold, "\(ending.output)")
    #expect(!ending.output.contains("sites/other"))
  }
}
