import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import Glibc
import TestSupport
import Testing

/// Several apps on one server, with their own settings and keys.
@Suite("apps")
struct AppsTests {
  private let directory: TemporaryDirectory
  private let shop: AppName

  init() throws {
    directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("data"))
    try Files.makeDirectory(directory.path("data/apps"))
    shop = try #require(AppName("shop"))
  }

  private func write(_ text: String, app: String = "shop") throws {
    try Files.write(text, to: directory.path("data/apps/\(app).conf"))
  }

  private func open() throws -> Dashboard {
    try Dashboard(dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
  }

  /// Runs the program as CGI: another process that reads the settings of the app.
  private func asCGI(_ app: String) throws -> ChildProcess.Ending {
    try ChildProcess.run(
      [Programs.dashboard],
      environment: [
        "DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "DASHBOARD_APPID": app,
        "REQUEST_METHOD": "GET", "PATH_INFO": "/api/settings",
      ])
  }

  @Test("an app with a file has its own settings, and other apps have the server's")
  func settings() throws {
    try write("MINIMUM_PASSWORD_LENGTH=20\nDISABLE_REGISTRATION=true\n")
    let dashboard = try open()
    #expect(try dashboard.call(Settings.self, app: shop).passwordLength == 20...128)
    #expect(try !dashboard.call(Settings.self, app: shop).registration)
    #expect(try dashboard.call(Settings.self).passwordLength == 8...128)
    #expect(try dashboard.call(Settings.self, app: AppName("other")).registration)
  }

  @Test("the default app can have a file too")
  func standardApp() throws {
    try write("PAGE_SIZE=3\n", app: "dashboard")
    #expect(try open().app().configuration.pageSize == 3)
  }

  @Test("a session, account or identifier of one app is unknown in another")
  func apart() throws {
    let dashboard = try open()
    let form = ["username": "ada", "password": "password of ada"]
    let here = try dashboard.call(CreateAccount.self, posted: form)
    let there = try dashboard.call(CreateAccount.self, app: shop, posted: form)
    #expect(there.isOwner)
    let owner = try dashboard.call(CreateSession.self, app: shop, posted: form)
    #expect {
      try dashboard.call(
        Administrator.ReadAccount.self, app: shop, query: ["accountid": "\(here.accountid)"], as: owner)
    } throws: {
      ($0 as? Exception)?.status == 404
    }
    #expect(
      try dashboard.call(Administrator.Accounts.self, app: shop, as: owner).map(\.accountid) == [
        there.accountid
      ])
    #expect(try dashboard.call(Administrator.AccountsCount.self, app: shop, as: owner) == 1)
    #expect(throws: AccessRefusal.signInRequired) { try dashboard.call(CurrentSession.self, as: owner) }
  }

  @Test("an app with its own keys refuses other keys and missing keys")
  func keys() throws {
    let form = ["username": "ada", "password": "password of ada"]
    try write("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
    do {
      let dashboard = try open()
      _ = try dashboard.call(CreateAccount.self, app: shop, posted: form)
      _ = try dashboard.call(CreateAccount.self, posted: form)
    }
    _ = try open().call(CreateSession.self, app: shop, posted: form)
    for text in ["DASHBOARD_ENCRYPTION_KEY=other\nDASHBOARD_SESSION_KEY=two\n", ""] {
      try write(text)
      let dashboard = try open()
      #expect(throws: Store.OpeningError.self) { try dashboard.openApps() }
      #expect(throws: Store.OpeningError.self) {
        try dashboard.call(CreateSession.self, app: shop, posted: form)
      }
      _ = try dashboard.call(CreateSession.self, posted: form)
    }
  }

  @Test("an app without a file has the server's keys, whatever the default app is")
  func sharedKeys() throws {
    try write("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
    let plain = AppName("plain")
    for (number, app) in ["shop", "dashboard", "shop"].enumerated() {
      let dashboard = try Dashboard(
        dataDirectory: directory.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "APPID": app])
      let form = ["username": "user\(number)", "password": "password of ada"]
      _ = try dashboard.call(CreateAccount.self, app: plain, posted: form)
      _ = try dashboard.call(CreateSession.self, app: plain, posted: form)
    }
  }

  @Test("an app that began with the server's keys can't get its own")
  func lateKeys() throws {
    _ = try open().call(CreateAccount.self, app: shop, posted: ["username": "ada", "password": "12345678"])
    try write("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
    #expect(throws: Store.OpeningError.self) { try open().openApps() }
  }

  @Test("a process that read an app without its own keys can't begin it after it gets some")
  func keysMeanwhile() throws {
    let behind = try open()
    _ = try behind.call(Settings.self, app: shop)
    try write("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
    let ending = try asCGI("shop")
    #expect(ending.output.hasPrefix("Status: 200"), "\(ending)")
    let form = ["username": "ada", "password": "password of ada"]
    #expect(throws: Store.Lost.self) { try behind.call(CreateAccount.self, app: shop, posted: form) }
    _ = try behind.call(CreateAccount.self, posted: form)
  }

  @Test("without the folder of files, an app with a file stops")
  func missingFolder() throws {
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "APPS_DIR": directory.path("data/apps")])
    try write("DISABLE_REGISTRATION=true\n")
    #expect(rename(directory.path("data/apps"), directory.path("data/elsewhere")) == 0)
    #expect(throws: ConfigurationError.self) { try dashboard.call(Settings.self, app: shop) }
    #expect(rename(directory.path("data/elsewhere"), directory.path("data/apps")) == 0)
    #expect(try dashboard.call(Settings.self, app: shop).registration == false)
  }

  @Test("activity of one app that can't be stored does not stop that of other apps")
  func usesOfOthers() throws {
    let (clock, form) = (TestClock(), ["username": "ada", "password": "password of ada"])
    // The program below has the system's clock, and sometimes sweeps.
    clock.set(SystemClock().now())
    try write("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "SESSION_IDLE_TIMEOUT": "100000"], clock: clock)
    let sessions = try ["shop", "dashboard"].map { name in
      let app = AppName(name)
      _ = try dashboard.call(CreateAccount.self, app: app, posted: form)
      let lasting = form.merging(["remember": "days"]) { $1 }
      return (name, try dashboard.call(CreateSession.self, app: app, posted: lasting))
    }
    try write(
      """
      DASHBOARD_ENCRYPTION_KEY=three
      DASHBOARD_SESSION_KEY=four
      DASHBOARD_ENCRYPTION_KEY_PREVIOUS=one
      DASHBOARD_SESSION_KEY_PREVIOUS=two
      """)
    #expect(try asCGI("shop").output.hasPrefix("Status: 200"))
    let router = Router(dashboard, Routes.all) { _ in }
    // The order of the apps is random.
    for _ in 0..<8 {
      clock.set(clock.now().adding(seconds: 120))
      for (name, session) in sessions {
        let token = "Bearer \(session.sessionid).\(session.token ?? "")"
        let variables = ["DASHBOARD_APPID": name, "HTTP_AUTHORIZATION": token]
        #expect(TestRequest.respond(router, "GET", "/api/user/current-session", variables).status == 200)
      }
      #expect(throws: Store.Lost.self) { try dashboard.storeActivity() }
      #expect(try dashboard.call(CurrentSession.self, as: sessions[1].1).lastUsedAt == clock.now())
      // The activity of the other app is still unstored.
      clock.set(clock.now().adding(seconds: 120))
      #expect(throws: Store.Lost.self) { try dashboard.storeActivity() }
    }
  }

  @Test("an app whose file repeats the server's keys follows their change")
  func repeatedKeys() throws {
    let form = ["username": "ada", "password": "password of ada"]
    func open(_ settings: [String: String]) throws -> Dashboard {
      let keys = ["DASHBOARD_ENCRYPTION_KEY", "DASHBOARD_SESSION_KEY"]
      try write(keys.compactMap { name in settings[name].map { "\(name)=\($0)\n" } }.joined())
      return try Dashboard(
        dataDirectory: directory.path("data"),
        settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "4"]) { $1 })
    }
    let session: Session
    do {
      let dashboard = try open(["DASHBOARD_ENCRYPTION_KEY": "a", "DASHBOARD_SESSION_KEY": "b"])
      _ = try dashboard.call(CreateAccount.self, app: shop, posted: form)
      session = try dashboard.call(CreateSession.self, app: shop, posted: form)
    }
    let dashboard = try open([
      "DASHBOARD_ENCRYPTION_KEY": "c", "DASHBOARD_SESSION_KEY": "d",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "a", "DASHBOARD_SESSION_KEY_PREVIOUS": "b",
    ])
    #expect(throws: Exception.self) { try dashboard.call(CreateAccount.self, app: shop, posted: form) }
    let again = try dashboard.call(CreateSession.self, app: shop, posted: form)
    #expect(again.accountid == session.accountid)
  }

  @Test("a mistake in an app's file is an error at the start, and other apps go on")
  func mistake() throws {
    try write("PAGE_SIZE=0\n")
    let dashboard = try open()
    #expect(throws: ConfigurationError.self) { try dashboard.openApps() }
    #expect(throws: ConfigurationError.self) { try dashboard.call(Settings.self, app: shop) }
    _ = try dashboard.call(Settings.self)
    let log = Log()
    let router = Router(dashboard, Routes.all) { log.add($0) }
    #expect(TestRequest.respond(router, "GET", "/api/settings", ["DASHBOARD_APPID": "shop"]).status == 500)
    #expect(log.lines.count == 1)
    #expect(log.lines[0].contains("apps/shop.conf: PAGE_SIZE is '0'"))
  }
}
