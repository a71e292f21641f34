import DashboardAPI

/// Serves the site. `WebServer DATA-DIRECTORY PORT`; by default `data` and 8080.
@main
enum WebServer {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let dashboard = try Dashboard(dataDirectory: arguments.first ?? "data")
    let server = try HTTPServer(port: arguments.dropFirst().first.flatMap(UInt16.init) ?? 8080)
    Task { await dashboard.sweepRegularly { log("sweeping: \($0)") } }
    log("http://127.0.0.1:\(server.port)/")
    let site = Site(dashboard: dashboard)
    server.run { await site.respond(to: $0) }
  }
}

enum Pages {
  static func signedIn(_ session: Session) -> String {
    """
    <p>Signed in as \(session.accountid) until \(session.expiresAt).</p>
    <form method="post" action="/sign-out"><button>Sign out</button></form>
    """
  }

  static let forms = form("sign-in", "Sign in") + form("sign-up", "Sign up")

  private static func form(_ path: String, _ title: String) -> String {
    """
    <form method="post" action="/\(path)"><label>Username <input name="username"></label>
    <label>Password <input name="password" type="password"></label><button>\(title)</button></form>

    """
  }
}
