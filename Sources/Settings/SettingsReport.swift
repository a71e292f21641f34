import DashboardRecords
package import DashboardWireFormat

/// All settings, as `--check-config` prints them.
package enum SettingsReport {
  /// One line for each setting: its name, value, source and meaning. Then the settings in the apps' files.
  package static func text(_ configuration: Configuration) throws(ConfigurationError) -> String {
    var text = table(Setting.all.map { row($0, configuration.source) })
    for app in try configuration.appsWithFiles() {
      let own = try configuration.app(app).source
      let path = configuration.path(of: app)
      let rows = Setting.all.filter { own.given($0)?.layer == path }.map { row($0, own) }
      text += "\nApp \(app): \(path)\n\n\(rows.isEmpty ? "(no settings)\n" : table(rows))"
    }
    return text
  }

  /// The same as values, for programs.
  package static func values(_ configuration: Configuration) throws(ConfigurationError) -> [Value] {
    var values = Setting.all.map { Value(app: nil, row($0, configuration.source)) }
    for app in try configuration.appsWithFiles() {
      let own = try configuration.app(app).source
      let path = configuration.path(of: app)
      values += Setting.all.filter { own.given($0)?.layer == path }.map { Value(app: app, row($0, own)) }
    }
    return values
  }

  /// A setting with its value.
  package struct Value: JSONEncodable {
    /// `nil` for the settings of the process.
    let app: AppName?
    private let row: [String]

    fileprivate init(app: AppName?, _ row: [String]) { (self.app, self.row) = (app, row) }

    package static var schema: JSONSchema { .object("setting") }

    package func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("name", row[0])
        object.kind("setting")
        object.member("app", app?.description)
        object.member("value", row[1])
        object.member("source", row[2])
        object.member("meaning", row[3])
      }
    }
  }

  /// The table of `docs/reference/settings.md`, in Markdown.
  package static var reference: String {
    let rows = Setting.all.map { setting in
      let standard = setting.standard.isEmpty ? "" : "`\(setting.standard)`"
      let scope = setting.isPerApp ? "app" : "process"
      return "| `\(setting.name)` | \(standard) | \(setting.allowed) | \(scope) | \(setting.meaning) |\n"
    }
    return "| Name | Default | Allowed | Scope | Meaning |\n|---|---|---|---|---|\n" + rows.joined()
  }

  private static func row(_ setting: Setting, _ source: SettingSource) -> [String] {
    guard let given = source.given(setting) else {
      return [setting.name, setting.standard.isEmpty ? "-" : setting.standard, "default", setting.meaning]
    }
    return [setting.name, setting.isSecret ? "(hidden)" : given.value, given.layer, setting.meaning]
  }

  /// Rows of four cells, aligned in columns.
  private static func table(_ rows: [[String]]) -> String {
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return (cells + [row[3]]).joined(separator: "  ") + "\n"
    }.joined()
  }
}
