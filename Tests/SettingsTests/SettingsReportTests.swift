import DashboardRecords
import DashboardSettings
import Glibc
import TestSupport
import Testing

@Suite("the settings report")
struct SettingsReportTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func configuration(_ environment: [String: String] = [:], file: String = "") throws -> Configuration
  {
    try Configuration(
      file: Array(file.utf8), cores: 2,
      environment: NamedValues(environment.merging(["DATA_DIR": directory.path]) { $1 })
    )
  }

  private func write(_ text: String, app: String) throws {
    if access("\(directory.path)/apps", F_OK) != 0 { try Files.makeDirectory("\(directory.path)/apps") }
    try Files.write(text, to: "\(directory.path)/apps/\(app).conf")
  }

  @Test("the report has the value and the source of every setting")
  func report() throws {
    let report = try SettingsReport.text(
      configuration(
        ["PAGE_SIZE": "20", "DASHBOARD_SESSION_KEY": "a secret"], file: "DELETE_DELAY=3\nPAGE_SIZE=5"))
    let lines = report.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.map(\.first) == Setting.all.map(\.name))
    func start(_ name: String) -> [String] { lines.first { $0.first == name }.map { Array($0[1...2]) } ?? [] }
    #expect(start("PAGE_SIZE") == ["20", "environment"])
    #expect(start("DELETE_DELAY") == ["3", "DASHBOARD_CONFIG"])
    #expect(start("RESET_CODE_LIFETIME") == ["0", "default"])
    #expect(start("EVENT_THREADS") == ["-", "default"])
    #expect(start("DASHBOARD_SESSION_KEY") == ["(hidden)", "environment"])
    #expect(!report.contains("a secret"))
  }

  @Test("the report has the own settings of each app with a file")
  func apps() throws {
    try write("PAGE_SIZE=7\n", app: "shop")
    try write("", app: "blog")
    let report = try SettingsReport.text(configuration(["PAGE_SIZE": "20"]))
    let parts = report.split(separator: "\nApp ").map(String.init)
    #expect(parts.count == 3)
    #expect(parts[1].hasPrefix("blog: \(directory.path)/apps/blog.conf\n\n(no settings)"))
    #expect(parts[2].hasPrefix("shop: \(directory.path)/apps/shop.conf\n\nPAGE_SIZE  7"))
  }

  // MARK: Files of apps

  @Test("an app inherits the settings that its file does not have")
  func inheritance() throws {
    try write("PAGE_SIZE=7\nMINIMUM_PASSWORD_LENGTH=20\n", app: "shop")
    let configuration = try configuration(["PAGE_SIZE": "20", "DELETE_DELAY": "3"])
    let shop = try configuration.app(#require(AppName("shop")))
    #expect(shop.pageSize == 7)
    #expect(shop.passwordLength == 20...128)
    #expect(shop.deleteDelay == 3)
    #expect(try configuration.app(#require(AppName("other"))).pageSize == 20)
  }

  /// The previous key of the process never came before the app's own key.
  @Test("an app's own key hides the previous key of the process", arguments: [true, false])
  func ownKey(isOfSessions: Bool)
    throws
  {
    try write("DASHBOARD_\(isOfSessions ? "SESSION" : "ENCRYPTION")_KEY=own\n", app: "shop")
    let configuration = try configuration([
      "DASHBOARD_ENCRYPTION_KEY": "new", "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "old",
      "DASHBOARD_SESSION_KEY": "new", "DASHBOARD_SESSION_KEY_PREVIOUS": "old",
    ])
    let shop = try configuration.app(#require(AppName("shop")))
    #expect(shop.previousEncryptionKey == (isOfSessions ? "old" : nil))
    #expect(shop.previousSessionKey == (isOfSessions ? nil : "old"))
    #expect(configuration.app.previousSessionKey == "old")
  }

  @Test(
    "a mistake in an app's file is refused with its path",
    arguments: [
      ("MAP_SIZE=1G", "MAP_SIZE can't be set for a single app"),
      ("nonsense", "line 1: must be KEY=VALUE"),
      ("PAGE_SIZE=0", "PAGE_SIZE is '0'; it must be a whole number from 1 to 1000"),
      ("MINIMUM_PASSWORD_LENGTH=129", "it must not be more than MAXIMUM_PASSWORD_LENGTH, which is '128'"),
    ])
  func mistakes(text: String, problem: String) throws {
    try write(text, app: "shop")
    let error = #expect(throws: ConfigurationError.self) {
      try configuration().app(#require(AppName("shop")))
    }
    #expect(error?.description.hasPrefix("\(directory.path)/apps/shop.conf") == true)
    #expect(error?.description.contains(problem) == true)
  }

  @Test("a file whose name is not an app name is a mistake")
  func fileName() throws {
    try write("", app: "a shop")
    let error = #expect(throws: ConfigurationError.self) { try configuration().appsWithFiles() }
    #expect(error?.description.hasPrefix("\(directory.path)/apps/a shop.conf: ") == true)
  }

  @Test("without a folder, no app has its own settings")
  func noFolder() throws {
    #expect(try configuration().appsWithFiles() == [])
    #expect(try configuration().ownSettings(of: #require(AppName("shop"))) == nil)
  }

  @Test("an empty APPS_DIR means the default folder")
  func emptyFolderSetting() throws {
    try write("PAGE_SIZE=7\n", app: "shop")
    let shop = try configuration(["APPS_DIR": ""]).app(#require(AppName("shop")))
    #expect(shop.pageSize == 7)
  }

  @Test("APPS_DIR names another folder")
  func folderSetting() throws {
    try write("PAGE_SIZE=7\n", app: "shop")
    let elsewhere = "\(directory.path)/elsewhere"
    try Files.makeDirectory(elsewhere)
    try Files.write("PAGE_SIZE=8\n", to: "\(elsewhere)/shop.conf")
    let configuration = try configuration(["APPS_DIR": elsewhere])
    let name = try #require(AppName("shop"))
    #expect(try configuration.app(name).pageSize == 8)
    #expect(configuration.path(of: name) == "\(elsewhere)/shop.conf")
  }

  @Test("a folder that can't be read is refused by its path", arguments: [true, false])
  func unreadableFolder(isGiven: Bool) throws {
    let folder = "\(directory.path)/\(isGiven ? "elsewhere" : "apps")"
    try Files.write("", to: folder)
    let configuration = try configuration(isGiven ? ["APPS_DIR": folder] : [:])
    let listing = #expect(throws: ConfigurationError.self) { try configuration.appsWithFiles() }
    #expect(listing?.description == "\(folder) can't be read: Not a directory")
    let reading = #expect(throws: ConfigurationError.self) {
      try configuration.app(#require(AppName("shop")))
    }
    #expect(reading?.description == "\(folder)/shop.conf can't be read: Not a directory")
  }

  // MARK: Documentation

  /// `UPDATE_DOCS=1 deploy/test --filter SettingsReportTests` writes the page.
  @Test("docs/reference/settings.md agrees with the settings")
  func reference() throws {
    let path = "\(Programs.root)/docs/reference/settings.md"
    let mark = "<!-- made from the settings -->\n"
    let text = try Files.text(path)
    let wanted =
      String(text.split(separator: mark, omittingEmptySubsequences: false)[0]) + mark
      + SettingsReport.reference
    if getenv("UPDATE_DOCS") != nil { try Files.write(wanted, to: path) }
    let isCurrent = try Files.text(path) == wanted
    #expect(
      isCurrent,
      """
      docs/reference/settings.md does not agree with the settings: \
      run `UPDATE_DOCS=1 deploy/test --filter SettingsReportTests`
      """)
  }

  @Test("an app's own key has a previous key only in the app's own file")
  func previousKeysOfApps() throws {
    let given = [
      "DASHBOARD_SESSION_KEY": "new", "DASHBOARD_SESSION_KEY_PREVIOUS": "old",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "older",
    ]
    let shop = try #require(AppName("shop"))
    try write("DASHBOARD_SESSION_KEY=own\n", app: "shop")
    let own = try configuration(given).app(shop)
    #expect(own.sessionKey == "own")
    #expect(own.previousSessionKey == nil)
    #expect(own.previousEncryptionKey == "older")
    try write("DASHBOARD_SESSION_KEY=own\nDASHBOARD_SESSION_KEY_PREVIOUS=mine\n", app: "shop")
    #expect(try configuration(given).app(shop).previousSessionKey == "mine")
  }
}
