import DashboardRouting
import DashboardWireFormat

/// How an endpoint is called: in process, and with curl.
struct CallExamples {
  private let endpoint: AnyEndpoint
  private let query: [String]
  private let posted: [String]

  /// With the parameters that it needs. Of a route whose fields are all optional, it is shown with all of them: without
  /// any it would do nothing.
  init(_ endpoint: AnyEndpoint) {
    self.endpoint = endpoint
    let parameters = endpoint.declaration.parameters
    query = parameters.filter { $0.source == .querystring && $0.isRequired }.map(\.name)
    let fields = parameters.filter { $0.source == .posted }
    let required = fields.filter(\.isRequired)
    posted = (required.isEmpty ? fields : required).map(\.name)
  }

  /// Characters; as wide as a page shows.
  private static let lineLength = 96

  private var needsSession: Bool { endpoint.declaration.access != .open }

  /// An expression; `session` is that of whoever asks.
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

  /// A command for a shell. The jar keeps the cookies, which the one route that is open and returns a session sets.
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
    let target = Self.quoted("http://127.0.0.1:8080\(declaration.route)\(search)")
    let parts = [words.joined(separator: " ")] + fields + [target]
    let line = parts.joined(separator: " ")
    return line.count <= Self.lineLength ? line : parts.joined(separator: " \\\n  ")
  }

  /// One word of a shell (POSIX.1-2024, XCU section 2.2.2).
  private static func quoted(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
