import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import Glibc
import TestSupport
import Testing

/// Settings and their messages, at the start and with `--check-config`.
@Suite("the program's settings")
struct ProgramSettingsTests {
  @Test(
    "a bad setting exits 78 with its name, its value and the allowed values",
    arguments: [
      ("BCRYPT_WORKLOAD_FACTOR", "3", "a whole number from 4 to 31"),
      ("MINIMUM_PASSWORD_LENGTH", "many", "a whole number from 1 to 100000"),
      ("PAGE_SIZE", "0", "a whole number from 1 to 1000"),
      ("APPID", "a b", "1 to 64 letters, digits, _ and -"),
      ("DISABLE_REGISTRATION", "yes", "true or false"), ("MAP_SIZE", "1T", "a number of bytes"),
      ("ALLOWED_ORIGINS", "null", "http:// or https://"), ("ALLOWED_ORIGINS", "https://a/", "http://"),
      ("ALLOWED_ORIGINS", "https://A.example", "http:// or https://, a host in lower case"),
    ])
  func badSetting(name: String, value: String, allowed: String) throws {
    let directory = try TemporaryDirectory()
    let ending = try Programs.run(
      ["--listen", "unix:\(directory.path("socket"))"], ["DATA_DIR": directory.path("data"), name: value])
    #expect(ending.status == 78)
    #expect(ending.errors.hasPrefix("dashboard: \(name) is '\(value)'; it must be \(allowed)"))
    #expect(Files.names(in: directory.path).isEmpty)
  }

  @Test("the environment wins over the settings file, and a bad line is refused by its number")
  func settingsFile() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path("settings")
    let socket = "unix:\(directory.path("socket"))"
    try Files.write("# settings\n\n  PAGE_SIZE = '5' \nBCRYPT_WORKLOAD_FACTOR=98\n", to: file)
    let both = try Programs.run(
      ["--listen", socket], ["DASHBOARD_CONFIG": file, "BCRYPT_WORKLOAD_FACTOR": "99"])
    #expect(both.errors.contains("BCRYPT_WORKLOAD_FACTOR is '99'"))
    try Files.write("PAGE_SIZE = 0\n", to: file)
    #expect(
      try Programs.run(["--listen", socket], ["DASHBOARD_CONFIG": file]).errors.contains("PAGE_SIZE is '0'"))
    try Files.write("PAGE_SIZE=5\nnonsense\n", to: file)
    let ending = try Programs.run(["--listen", socket], ["DASHBOARD_CONFIG": file])
    #expect(ending.status == 78)
    #expect(ending.errors.contains("DASHBOARD_CONFIG, line 2: must be KEY=VALUE"))
    let missing = try Programs.run(["--listen", socket], ["DASHBOARD_CONFIG": directory.path("none")])
    #expect(missing.status == 78)
    #expect(missing.errors.contains("No such file or directory"))
  }

  @Test("settings from a pipe in pieces all count")
  func settingsOfAPipe() throws {
    let directory = try TemporaryDirectory()
    let pipe = directory.path("settings")
    #expect(mkfifo(pipe, 0o600) == 0)
    let process = try ChildProcess(
      [Programs.dashboard, "--check-config"],
      environment: ["DASHBOARD_CONFIG": pipe, "DATA_DIR": directory.path("data")])
    let writer = open(pipe, O_WRONLY | O_CLOEXEC)
    for line in ["PAGE_SIZE=7\n", "DISABLE_REGISTRATION=true\n"] {
      #expect(write(writer, line, line.utf8.count) == line.utf8.count)
      var unread: Int32 = 0
      #expect(eventually { ioctl(writer, UInt(FIONREAD), &unread) == 0 && unread == 0 })
    }
    close(writer)
    let ending = process.wait()
    let words = ending.output.split(whereSeparator: \.isWhitespace)
    for (name, value) in [("PAGE_SIZE", "7"), ("DISABLE_REGISTRATION", "true")] {
      let place = try #require(words.firstIndex { $0 == name })
      #expect(words[place + 1] == value)
    }
  }

  @Test("a pipe in the place of an app's file is refused, and read by none")
  func pipeOfAnApp() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("apps"))
    #expect(mkfifo(directory.path("apps/shop.conf"), 0o600) == 0)
    let ending = try Programs.run(
      ["settings"], ["DATA_DIR": directory.path("data"), "APPS_DIR": directory.path("apps")])
    #expect(ending.status == 78)
    #expect(
      ending.errors == "dashboard: \(directory.path("apps"))/shop.conf can't be read: Not a regular file\n")
  }

  @Test("a server whose address is taken begins no data")
  func takenAddress() throws {
    let directory = try TemporaryDirectory()
    try Files.write("mine", to: directory.path("socket"))
    let ending = try Programs.run(
      ["serve", "--listen", "unix:\(directory.path("socket"))"], ["DATA_DIR": directory.path("data")])
    #expect(ending.status == 69)
    #expect(Files.names(in: directory.path) == ["socket"])
  }

  @Test("--check-config and --backup read settings from a pipe once")
  func settingsReadOnce() throws {
    let directory = try TemporaryDirectory()
    let (data, copy) = (directory.path("data"), directory.path("copy"))
    let settings =
      "DATA_DIR=\(data)\nDASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\nCONCEAL_ACOUNTS=true\n"
    try Files.write(settings, to: directory.path("settings"))
    do { _ = try ResponderProcess(environment: ["DASHBOARD_CONFIG": directory.path("settings")]) }
    func run(_ arguments: String) throws -> ChildProcess.Ending {
      try ChildProcess.run(
        [
          "/bin/bash", "-c", #"DASHBOARD_CONFIG=<(cat "$0") exec "$1" \#(arguments)"#,
          directory.path("settings"), Programs.dashboard, copy,
        ])
    }
    let check = try run("--check-config")
    #expect(check.status == 78)
    #expect(check.errors.contains("unknown setting CONCEAL_ACOUNTS"), "\(check)")
    #expect(try run(#"--backup "$2""#).status == 0)
    #expect(try Files.text("\(copy)/dashboard.conf") == settings)
  }

  @Test("under CGI an unknown setting is a warning with the request")
  func unknownNameUnderCGI() throws {
    let directory = try TemporaryDirectory()
    try Files.write("DISABLE_REGISTRATOIN=true\n", to: directory.path("settings"))
    let apps = directory.path("apps")
    try Files.makeDirectory(apps)
    try Files.write("CONCEAL_ACOUNTS=true\n", to: "\(apps)/shop.conf")
    let first = "dashboard: DASHBOARD_CONFIG: unknown setting DISABLE_REGISTRATOIN\n"
    for (app, told) in [
      ("other", ""), ("shop", "dashboard: \(apps)/shop.conf: unknown setting CONCEAL_ACOUNTS\n"),
    ] {
      let ending = try Programs.run(
        [],
        [
          "DASHBOARD_CONFIG": directory.path("settings"), "DATA_DIR": directory.path("data"),
          "APPS_DIR": apps,
          "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "PATH_INFO": "/api/settings",
          "DASHBOARD_APPID": app,
        ])
      #expect(ending.output.hasPrefix("Status: 200"))
      #expect(ending.errors == first + told)
    }
  }

  @Test("a setting that is not UTF-8 is refused by name, and an empty DASHBOARD_CONFIG counts as not given")
  func settingBytes() throws {
    let directory = try TemporaryDirectory()
    let command = #"PAGE_SIZE=$(printf '\377') exec "$0" --listen "unix:$1""#
    let ending = try ChildProcess.run(
      ["/bin/sh", "-c", command, Programs.dashboard, directory.path("socket")],
      environment: ["DATA_DIR": directory.path("data")])
    #expect(ending.status == 78)
    #expect(ending.errors == "dashboard: PAGE_SIZE is not UTF-8\n")
    let environment = ["DATA_DIR": directory.path("data"), "DASHBOARD_CONFIG": ""]
    let responder = try ResponderProcess(environment: environment)
    let answer = try FastCGIClient(.unix(responder.socketPath)).ask([
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings"),
    ])
    #expect(try answer.http.status == 200)
  }

  @Test(
    "an unknown setting in the file is a warning at the start and a mistake for --check-config"
  )
  func unknownSetting() throws {
    let directory = try TemporaryDirectory()
    try Files.write("PAGESIZE=5\n", to: directory.path("settings"))
    let environment = ["DATA_DIR": directory.path("data"), "DASHBOARD_CONFIG": directory.path("settings")]
    let responder = try ResponderProcess(environment: environment)
    let message = "dashboard: DASHBOARD_CONFIG: unknown setting PAGESIZE\n"
    #expect(responder.process.errors == message)
    let ending = try Programs.run(["--check-config"], environment)
    #expect(ending.status == 78 && ending.errors == message)
  }

  @Test("--check-config prints every setting and exits 0, or names the mistake and exits 78")
  func checkConfiguration() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data"), "PAGE_SIZE": "20"]
    let ending = try Programs.run(["--check-config"], environment)
    #expect(ending.status == 0)
    #expect(ending.output.contains("\nPAGE_SIZE                            20"))
    #expect(ending.errors.isEmpty)
    // --check-config makes no data directory.
    #expect(Files.names(in: directory.path).isEmpty)
    let mistake = try Programs.run(["--check-config"], environment.merging(["PAGE_SIZE": "x"]) { $1 })
    #expect(mistake.status == 78)
    #expect(mistake.output.isEmpty)
    #expect(mistake.errors.contains("PAGE_SIZE is 'x'"))
  }

  @Test("--check-config before the first start is no failure, and says what the start will create")
  func checkBeforeFirstStart() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("empty"))
    try Files.makeDirectory(directory.path("closed"))
    try #require(chmod(directory.path("closed"), 0o555) == 0)
    // Without its capabilities root can't write everywhere.
    let words = geteuid() == 0 ? ["/usr/bin/setpriv", "--bounding-set", "-all"] : []
    func check(_ data: String) throws -> ChildProcess.Ending {
      try ChildProcess.run(
        words + [Programs.dashboard, "--check-config"], environment: ["DATA_DIR": directory.path(data)])
    }
    for (data, missing) in [
      ("none", "none"), ("none/", "none/"), ("empty", "empty/data.mdb"), ("closed/data", "closed/data"),
    ] {
      let ending = try check(data)
      #expect(ending.status == 0 && ending.errors.isEmpty, "\(data): \(ending)")
      let last = try #require(ending.output.split(separator: "\n").last)
      #expect(last.hasPrefix("\(directory.path(missing)) does not exist yet. The first start creates it"))
      #expect(last.contains("StateDirectory=") == (data == "closed/data"))
    }
    #expect(
      Files.all(in: directory.path).map { $0.dropFirst(directory.path.count + 1) } == ["closed", "empty"])
    do { _ = try ResponderProcess(environment: ["DATA_DIR": directory.path("empty")]) }
    #expect(try !check("empty").output.contains("does not exist yet"))
  }

  @Test("--check-config fails for a data directory that no start can use")
  func checkOfUnusableDirectory() throws {
    let directory = try TemporaryDirectory()
    try Files.write("", to: directory.path("file"))
    try #require(chmod(directory.path("file"), 0o755) == 0)
    try #require(symlink(directory.path("nowhere"), directory.path("link")) == 0)
    for data in ["file", "file/data", "link", "none/data"] {
      let environment = ["DATA_DIR": directory.path(data), "APPS_DIR": directory.path]
      let ending = try Programs.run(["--check-config"], environment)
      #expect(
        ending.status == 78 && ending.errors.contains("DATA_DIR is '\(directory.path(data))'"), "\(ending)")
      let start = try Programs.run(["--listen", "unix:\(directory.path("socket"))"], environment)
      #expect(start.status == 78)
    }
  }

  @Test("--check-config as another user says that it has not checked the data")
  func checkOfAnothersData() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path("data")
    do { _ = try ResponderProcess(environment: ["DATA_DIR": data]) }
    guard geteuid() == 0 else { return }
    chmod(directory.path, 0o711)
    try #require(chown(data, 65533, 65533) == 0 && chown("\(data)/data.mdb", 65534, 65534) == 0)
    func check(as user: uid_t) throws -> ChildProcess.Ending {
      try ChildProcess.run(
        [
          "/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", Programs.dashboard,
          "--check-config",
        ], environment: ["DATA_DIR": data])
    }
    let ending = try check(as: 65533)
    #expect(ending.status == 0 && ending.output.contains("\n\(data)/data.mdb belongs to another user. "))
    #expect(try check(as: 65532).status == 78)
    // Root becomes the owner of the data.
    for name in ["", "/data.mdb", "/lock.mdb", "/secrets", "/begun"] { chown(data + name, 65534, 65534) }
    let own = try Programs.run(["--check-config"], ["DATA_DIR": data])
    #expect(own.status == 0 && !own.output.contains("another user"), "\(own)")
  }

  @Test("--check-config checks the data, its keys, the event log and the files of apps")
  func checkOfData() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("apps"))
    let environment = ["DATA_DIR": directory.path("data"), "APPS_DIR": directory.path("apps")]
    do { _ = try ResponderProcess(environment: environment) }
    func check(_ more: [String: String]) throws -> (status: Int32, errors: String) {
      let ending = try Programs.run(["--check-config"], environment.merging(more) { $1 })
      return (ending.status, ending.errors)
    }
    #expect(try check([:]) == (0, ""))
    let keys = try check(["DASHBOARD_ENCRYPTION_KEY": "another"])
    #expect(keys.status == 78 && keys.errors.contains("DASHBOARD_ENCRYPTION_KEY"))
    let log = try check(["EVENT_LOG": directory.path("none/events")])
    #expect(log.status == 78 && log.errors.contains("EVENT_LOG"))
    let access = try check(["API_ACCESS": "application"])
    #expect(access.status == 0 && access.errors.contains("APPLICATION_SERVER_TOKEN"))
    let data = try check(["DATA_DIR": directory.path("none/data")])
    #expect(data.status == 78 && data.errors.contains("can't be created: No such file or directory"))
    let folder = try check(["APPS_DIR": directory.path("app")])
    #expect(folder.status == 78 && folder.errors.contains("\(directory.path("app")) can't be read"))
    try Files.write("PAGE_SIZE=0\n", to: directory.path("apps/shop.conf"))
    #expect(try check([:]).status == 78)
    try Files.write("PAGESIZE=5\n", to: directory.path("apps/shop.conf"))
    #expect(try check(["DATA_DIR": directory.path("other")]).status == 78)
  }

  @Test("--check-config stores no new keys, and makes none")
  func checkOfKeys() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data")]
    let old = ["DASHBOARD_ENCRYPTION_KEY": "old", "DASHBOARD_SESSION_KEY": "old"]
    let new = [
      "DASHBOARD_ENCRYPTION_KEY": "new", "DASHBOARD_SESSION_KEY": "new",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "old", "DASHBOARD_SESSION_KEY_PREVIOUS": "old",
    ]
    do { _ = try ResponderProcess(environment: environment.merging(old) { $1 }) }
    for keys in [new, old, new, old] {
      #expect(try Programs.run(["--check-config"], environment.merging(keys) { $1 }).status == 0)
    }
    let missing = try Programs.run(["--check-config"], environment)
    #expect(missing.status == 78 && missing.errors.contains("secrets does not exist"))
    #expect(!Files.names(in: directory.path("data")).contains("secrets"))
  }

  @Test("a mistake in an app's file exits 78 with its path and the allowed values")
  func appsFile() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("apps"))
    try Files.write("PAGE_SIZE=0\n", to: directory.path("apps/shop.conf"))
    let ending = try Programs.run(
      ["--listen", "unix:\(directory.path("socket"))"],
      ["DATA_DIR": directory.path("data"), "APPS_DIR": directory.path("apps")])
    #expect(ending.status == 78)
    let path = directory.path("apps/shop.conf")
    #expect(ending.errors.contains("\(path): PAGE_SIZE is '0'; it must be a whole number from 1 to 1000"))
  }

  @Test("keys that do not match the data are refused, and the message does not show them")
  func otherKeys() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
    do { _ = try ResponderProcess(environment: environment) }
    let keys = ["DASHBOARD_ENCRYPTION_KEY": "another key", "DASHBOARD_SESSION_KEY": "one more"]
    let ending = try Programs.run(
      ["--listen", "unix:\(directory.path("socket"))"], environment.merging(keys) { $1 })
    #expect(ending.status == 78)
    #expect(ending.errors.contains("DASHBOARD_ENCRYPTION_KEY"))
    #expect(!ending.errors.contains("another key"))
  }

  @Test("a change of keys ends a running responder, so that its supervisor restarts it")
  func keysChanged() throws {
    let directory = try TemporaryDirectory()
    let environment = [
      "DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4", "SESSION_IDLE_TIMEOUT": "600",
      "DASHBOARD_ENCRYPTION_KEY": "old", "DASHBOARD_SESSION_KEY": "old session",
    ]
    let session: Session
    do {
      let clock = ShiftedClock()
      clock.shift(seconds: -120)
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"), settings: environment, clock: clock)
      let ada = ["username": "ada", "password": "password of ada"]
      _ = try dashboard.call(CreateAccount.self, posted: ada)
      session = try dashboard.call(CreateSession.self, posted: ada)
    }
    let responder = try ResponderProcess(environment: environment)
    let keys = [
      "DASHBOARD_ENCRYPTION_KEY": "new", "DASHBOARD_SESSION_KEY": "new session",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "old", "DASHBOARD_SESSION_KEY_PREVIOUS": "old session",
    ]
    _ = try ResponderProcess(environment: environment.merging(keys) { $1 })
    // Reading goes on. The responder ends when it stores the activity a moment later.
    let answer = try FastCGIClient(.unix(responder.socketPath)).ask([
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/user/current-session"),
      ("HTTP_AUTHORIZATION", "Bearer \(session.sessionid).\(session.token ?? "")"),
    ])
    #expect(try answer.http.status == 200)
    try #require(eventually { !responder.process.isRunning })
    let ending = responder.process.wait()
    #expect(ending.status == 70)
    #expect(
      ending.errors.contains("storing the use of sessions: the keys have been changed"), "\(ending)")
  }

  @Test("an unusable data directory is a bad setting")
  func badDirectory() throws {
    let directory = try TemporaryDirectory()
    let socket = "unix:\(directory.path("socket"))"
    let missing = try Programs.run(["--listen", socket], ["DATA_DIR": directory.path("a/b")])
    #expect(missing.status == 78)
    #expect(missing.errors.contains("DATA_DIR is '\(directory.path("a/b"))'"))
    try Files.write("", to: directory.path("file"))
    #expect(try Programs.run(["--listen", socket], ["DATA_DIR": directory.path("file")]).status == 78)
  }
}
