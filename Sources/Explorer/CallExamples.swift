import DashboardRouting
import DashboardWireFormat

/// Example calls of an endpoint: in Swift, and with curl.
struct CallExamples {
  private let endpoint: AnyEndpoint
  private let site: SiteAddress
  private let query: [String]
  private let posted: [String]

  /// The examples contain the required parameters, and the first of several alternatives. If every posted field is
  /// optional, they contain all posted fields, because a call without any field would do nothing.
  ///
  /// - Parameter site: the address for curl.
  init(_ endpoint: AnyEndpoint, _ site: SiteAddress) {
    self.endpoint = endpoint
    self.site = site
    let parameters = endpoint.declaration.parameters
    let alternative = parameters.first(where: \.isAlternative)?.name
    query = parameters.filter { $0.source == .querystring && ($0.isRequired || $0.name == alternative) }
      .map(\.name)
    let fields = parameters.filter { $0.source == .posted }
    let required = fields.filter(\.isRequired)
    posted = (required.isEmpty ? fields : required).map(\.name)
  }

  /// The width of a page, in characters.
  private static let lineLength = 96

  private var needsSession: Bool { endpoint.declaration.access != .open }

  /// A Swift expression. `session` is the caller's session.
  var swift: String {
    func dictionary(_ names: [String]) -> String {
      "[" + names.map { "\($0.debugDescription): \"…\"" }.joined(separator: ", ") + "]"
    }
    var arguments = ["\(endpoint.name).self"]
    if !query.isEmpty { arguments.append("query: \(dictionary(query))") }
    if !posted.isEmpty { arguments.append("posted: \(dictionary(posted))") }
    if needsSession { arguments.append("as: session") }
    let line = "try dashboard.call(\(arguments.joined(separator: ", ")))"
    if line.count <= Self.lineLength { return line }
    return "try dashboard.call(\n  \(arguments.joined(separator: ",\n  ")))"
  }

  /// A shell command. It writes the cookie jar only for the open route that returns a session, because only
  /// that route sets cookies.
  var curl: String {
    let declaration = endpoint.declaration
    var words = ["curl"]
    if needsSession {
      words.append("-b jar")
    } else if endpoint.schema == .object("session") {
      words.append("-c jar")
    }
    let isImplied = declaration.verb == .get || declaration.verb == .post && !posted.isEmpty
    if !isImplied { words.append("-X \(declaration.verb.rawValue)") }
    let fields = posted.map { "--data-urlencode \(Self.quoted("\($0)=…"))" }
    let search = query.isEmpty ? "" : "?" + query.map { "\($0)=…" }.joined(separator: "&")
    let target = Self.quoted("\(site.url ?? "http://…")\(declaration.route)\(search)")
    let parts = [words.joined(separator: " ")] + fields + [target]
    let line = parts.joined(separator: " ")
    return line.count <= Self.lineLength ? line : parts.joined(separator: " \\\n  ")
  }

  /// Quotes a word for the shell (POSIX.1-2024, XCU section 2.2.2).
  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
