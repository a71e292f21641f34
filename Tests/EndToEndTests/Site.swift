import TestSupport
import Testing

/// How requests reach the program. Every end-to-end test runs with FastCGI and CGI behind nginx.
enum Front: CaseIterable, Hashable, Sendable, CustomTestStringConvertible {
  /// nginx, kept FastCGI connections, one responder.
  case fastcgi
  /// nginx, fcgiwrap, one process for each request.
  case cgi
  /// Apache, with the folder for shared hosting or passing on to a responder.
  case apache(Apache.Gateway)
  /// lighttpd, which tells the program the root `/api` as the script's name.
  case lighttpd(Lighttpd.Gateway)

  static let allCases = [fastcgi, cgi]
  static let apaches = Apache.Gateway.allCases.map(Front.apache)
  static let lighttpds = Lighttpd.Gateway.allCases.map(Front.lighttpd)
  static let everywhere = allCases + apaches + lighttpds

  /// True if `length` is the right `Content-Length` for so many bytes. Apache and lighttpd may leave the header out.
  func announces(_ length: String?, bytes: Int) -> Bool {
    length == "\(bytes)" || !Self.allCases.contains(self) && length == nil
  }

  /// lighttpd itself refuses verbs that it does not know (501).
  var passesUnknownVerbs: Bool { !Self.lighttpds.contains(self) }

  var testDescription: String {
    switch self {
    case .fastcgi: "fastcgi"
    case .cgi: "cgi"
    case .apache(let gateway): "apache, \(gateway)"
    case .lighttpd(let gateway): "lighttpd, \(gateway)"
    }
  }
}

/// A web server with the project's configuration, the built program, and a data file.
final class Site: Sendable {
  /// The data file and the keys.
  let data: TemporaryDirectory
  private let server: Server
  let responder: ResponderProcess?
  private let wrapper: FCGIWrap?

  private enum Server {
    case nginx(Nginx)
    case apache(Apache)
    case lighttpd(Lighttpd)
  }

  /// How the web server chooses the app of a request.
  enum AppChoice {
    /// It leaves the choice to the setting APPID.
    case setting
    case name(String)
    /// The request's header `X-App` is the name. lighttpd knows `app-1` to `app-64` only.
    case header
  }

  /// - Parameters:
  ///   - settings: further settings of the program. DATA_DIR and the cheapest hashing are set.
  ///   - hasPort: true if nginx also listens on a port (`base`).
  ///   - hasTLS: true for TLS on nginx's port, at `https://localhost`.
  ///   - isSecure: true if the web server says that requests come over HTTPS.
  ///   - app: how the web server chooses the app.
  ///   - server: further lines of nginx's server block. Other web servers ignore them.
  ///   - block: replaces nginx's server block for the API.
  ///   - data: an existing directory. Another program may use it.
  init(
    _ front: Front, settings: [String: String] = [:], hasPort: Bool = false, hasTLS: Bool = false,
    isSecure: Bool = false, app: AppChoice = .setting, server: String = "", block: String? = nil,
    data: TemporaryDirectory? = nil
  ) throws {
    let data = try data ?? TemporaryDirectory()
    self.data = data
    var environment = ["DATA_DIR": data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
    environment.merge(settings) { $1 }

    var parameters = ""
    let (nginxLine, apacheLine, lighttpdNames): (String, String, [String]) =
      switch app {
      case .setting: ("", "", [])
      case .name(let name): ("set $dashboard_app \(name);\n", "SetEnv DASHBOARD_APPID \(name)\n", [])
      case .header:
        (
          "set $dashboard_app $http_x_app;\n", "SetEnvIf X-App (.+) DASHBOARD_APPID=$1\n",
          (1...64).map { "app-\($0)" }
        )
      }
    let server = server + (isSecure ? "\nset $dashboard_scheme https;\n" : "\n") + nginxLine
    let socketPath: String
    switch front {
    case .fastcgi:
      let responder = try ResponderProcess(environment: environment)
      (self.responder, wrapper) = (responder, nil)
      socketPath = responder.socketPath
    case .cgi:
      let wrapper = try FCGIWrap(environment: environment)
      (self.responder, self.wrapper) = (nil, wrapper)
      socketPath = wrapper.socketPath
      parameters += "\nfastcgi_param SCRIPT_FILENAME \(Programs.dashboard);\n"
    case .apache(let gateway):
      let responder = gateway == .proxy ? try ResponderProcess(environment: environment) : nil
      (self.responder, wrapper) = (responder, nil)
      self.server = .apache(
        try Apache(
          gateway, settings: environment, responder: responder?.socketPath ?? "",
          reachable: [data.path] + (responder.map { [$0.directoryPath] } ?? []),
          directives: (isSecure ? "SetEnv HTTPS on\n" : "") + apacheLine))
      return
    case .lighttpd(let gateway):
      let responder = gateway == .fastcgi ? try ResponderProcess(environment: environment) : nil
      (self.responder, wrapper) = (responder, nil)
      if isSecure { environment["HTTPS"] = "on" }
      if case .name(let name) = app { environment["DASHBOARD_APPID"] = name }
      self.server = .lighttpd(
        try Lighttpd(
          gateway, settings: environment, apps: lighttpdNames, responder: responder?.socketPath ?? ""))
      return
    }
    let more = parameters
    let nginx = try Nginx(responder: socketPath, hasPort: hasPort, hasTLS: hasTLS) { name, text in
      switch name {
      case "params": text + more
      case "pass" where front == .cgi, "authorize" where front == .cgi:
        // A worker of fcgiwrap would wait on a kept connection, and serve no other client.
        text.replacing("fastcgi_keep_conn on;", with: "")
      case "server.conf": block ?? text + server
      case "local.conf.in" where front == .cgi: text.replacing("keepalive 64;", with: "")
      default: text
      }
    }
    self.server = .nginx(nginx)
  }

  /// The log of the program.
  var log: String { responder?.process.errors ?? wrapper?.errors ?? "" }

  /// The address of the web server.
  var address: Address {
    switch server {
    case .nginx(let nginx): .unix(nginx.socketPath)
    case .apache(let apache): apache.address
    case .lighttpd(let lighttpd): lighttpd.address
    }
  }

  /// The address for another program, such as `http://127.0.0.1:8080`; `nil` if it can't reach the web server.
  var base: String? {
    if case .nginx(let nginx) = server { return nginx.base }
    guard case .port(let port) = address else { return nil }
    return "http://127.0.0.1:\(port)"
  }

  func client() throws -> HTTPClient { try HTTPClient(address) }

  /// Sends one request over its own connection.
  func request(
    _ method: String, _ target: String, form: KeyValuePairs<String, String>? = nil, as user: User? = nil,
    headers: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> HTTPResponse {
    var headers = headers
    if let user { headers.append(("Authorization", "Bearer \(user.sessionid).\(user.token)")) }
    var body = body
    if let form {
      headers.append(("Content-Type", "application/x-www-form-urlencoded"))
      body = Array(Self.urlEncoded(form).utf8)
    }
    // lighttpd refuses POST without a length (411). Browsers send the length 0.
    if case .lighttpd = server, method == "POST" { body = body ?? [] }
    let response = try client().request(method, target, headers: headers, body: body)
    // Few tests expect 500. The log with the reason is removed with the site.
    if response.status == 500 { print("500 for \(method) \(target): \(response.text)\n\(serverLog)\(log)") }
    return response
  }

  private var serverLog: String {
    switch server {
    case .nginx(let nginx): nginx.errorLog
    case .apache(let apache): apache.errorLog
    case .lighttpd(let lighttpd): lighttpd.errorLog
    }
  }

  /// A signed-in user.
  struct User: Sendable {
    let accountid: String
    let sessionid: String
    let token: String

    /// The header that a browser sends over plain HTTP.
    var cookie: (String, String) { ("Cookie", "dashboard_session=\(sessionid).\(token)") }
  }

  /// Creates an account and signs in.
  func signUp(_ username: String) throws -> User {
    let form: KeyValuePairs = ["username": username, "password": "password of \(username)"]
    let account = try request("POST", "/api/user/create-account", form: form)
    guard account.status == 200 else { throw Unexpected(account.text) }
    return try signIn(username)
  }

  func signIn(_ username: String, password: String? = nil) throws -> User {
    let form: KeyValuePairs = ["username": username, "password": password ?? "password of \(username)"]
    let session = try request("POST", "/api/user/create-session", form: form)
    guard session.status == 200, let accountid = try session.json["accountid"]?.string,
      let sessionid = try session.json["sessionid"]?.string, let token = try session.json["token"]?.string
    else { throw Unexpected(session.text) }
    return User(accountid: accountid, sessionid: sessionid, token: token)
  }

  struct Unexpected: Error {
    let answer: String

    init(_ answer: String) { self.answer = answer }
  }

  static func urlEncoded(_ form: some Sequence<(key: String, value: String)>) -> String {
    form.map { "\(percentEncoded($0))=\(percentEncoded($1))" }.joined(separator: "&")
  }

  private static func percentEncoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      result +=
        isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

/// A multipart body and its header.
enum Multipart {
  static let contentType = ("Content-Type", "multipart/form-data; boundary=\"of the test\"")

  static func body(_ form: KeyValuePairs<String, String>) -> [UInt8] {
    let parts = form.map { name, value in
      "--of the test\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }
    return Array((parts.joined() + "--of the test--\r\n").utf8)
  }
}
