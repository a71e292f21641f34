@testable import DashboardWireFormat
import Testing

@Suite("Meta-variables: RFC 3875 section 4.1")
struct MetaVariablesTests {
  private func variables(_ pairs: KeyValuePairs<String, String>) -> MetaVariables {
    var variables = MetaVariables()
    for (name, value) in pairs { variables.append(Array("\(name)=\(value)".utf8).span) }
    return variables
  }

  private func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test("a variable is found by its exact name, and its first value counts")
  func lookUp() {
    let variables = variables([
      "SERVER_NAM": "1", "SERVER_NAME": "2", "SERVER_NAMES": "3", "server_port": "4", "SERVER_NAME": "5",
      "HTTP_HOST": "", "HTTP_HOST": "6", "HTTP_COOKIE": "a=b",
    ])
    #expect(text(variables[.serverName]) == "2")
    #expect(variables[.serverPort] == nil)
    #expect(text(variables[.host]) == "")
    #expect(variables.nonEmpty(.host) == nil)
    #expect(text(variables[.cookie]) == "a=b")
  }

  @Test("any header of a proxy tells that there was one, even an empty one")
  func forwarded() {
    for name in [
      "FORWARDED", "VIA", "X_REAL_IP", "X_FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST",
      "X_FORWARDED_PROTO",
      "X_FORWARDED_PORT", "X_FORWARDED_SERVER", "X_FORWARDED_SSL", "X_FORWARDED_CLIENT_CERT_OF_A_PROXY",
    ] {
      #expect(variables(["HTTP_\(name)": "a"])[.forwarded] != nil, "\(name)")
      #expect(variables(["HTTP_\(name)": ""])[.forwarded] != nil, "\(name)")
    }
    for name in [
      "FORWARDED", "HTTP_X_FORWARD_FOR", "HTTP_VIAS", "HTTP_X_REAL_IPS", "HTTP_FORWARDE", "HTTP_ACCEPT",
    ] {
      #expect(variables([name: "a"])[.forwarded] == nil, "\(name)")
    }
  }

  @Test(
    "each variable has its name",
    arguments: [
      ("REQUEST_METHOD", .requestMethod), ("REQUEST_URI", .requestURI), ("PATH_INFO", .pathInfo),
      ("SCRIPT_NAME", .scriptName), ("REDIRECT_HTTP_AUTHORIZATION", .redirectAuthorization),
      ("QUERY_STRING", .queryString), ("CONTENT_TYPE", .contentType), ("CONTENT_LENGTH", .contentLength),
      ("REMOTE_ADDR", .remoteAddress), ("REQUEST_SCHEME", .requestScheme), ("HTTPS", .https),
      ("SERVER_NAME", .serverName), ("SERVER_PORT", .serverPort), ("GATEWAY_INTERFACE", .gatewayInterface),
      ("HTTP_HOST", .host), ("HTTP_COOKIE", .cookie), ("HTTP_AUTHORIZATION", .authorization),
      ("HTTP_ORIGIN", .origin), ("HTTP_USER_AGENT", .userAgent),
      ("HTTP_SEC_FETCH_SITE", .secFetchSite),
      ("HTTP_TRANSFER_ENCODING", .transferEncoding), ("HTTP_CONTENT_ENCODING", .contentEncoding),
      ("HTTP_ACCESS_CONTROL_REQUEST_METHOD", .accessControlRequestMethod),
      ("HTTP_X_APPLICATION_SERVER", .applicationServer),
      ("HTTP_X_APPLICATION_SERVER_TOKEN", .applicationServerToken), ("HTTP_X_ACCOUNTID", .accountID),
      ("HTTP_X_SESSIONID", .sessionID), ("DASHBOARD_APPID", .dashboardAppID),
      ("DASHBOARD_REQUIRE", .dashboardRequire),
    ] as [(String, MetaVariable)])
  func names(name: String, variable: MetaVariable) {
    #expect(text(variables([name: "value"])[variable]) == "value")
    #expect(variables(["\(name)_": "value", String(name.dropLast()): "value"])[variable] == nil)
    #expect(variable.rawValue < MetaVariable.count)
  }

  @Test("several Cookie lines are joined, in linear time")
  func cookieLines() {
    let joined = variables([
      "HTTP_COOKIE": "a=b", "HTTP_HOST": "host", "HTTP_COOKIE": "c=d", "HTTP_COOKIE": "",
      "REQUEST_METHOD": "GET",
      "HTTP_COOKIE": "e=f",
    ])
    #expect(text(joined[.cookie]) == "a=b; c=d; ; e=f")
    #expect(text(joined[.host]) == "host")
    #expect(text(joined[.requestMethod]) == "GET")
    #expect(joined.cookies.map { text($0.value) } == ["b", "d", "f"])
    var many = MetaVariables()
    let line = Array("HTTP_COOKIE=a=b".utf8)
    for _ in 0..<100_000 { many.append(line.span) }
    #expect(many[.cookie]?.count == 500_000 - 2)
    many.removeAll()
    #expect(many[.cookie] == nil)
  }

  @Test("of several Content-Encoding lines, the first with a coding other than identity counts")
  func contentEncodingLines() {
    func lines(_ values: String...) -> String? {
      var variables = MetaVariables()
      for value in values {
        for variable in ["HTTP_CONTENT_ENCODING=\(value)", "HTTP_HOST=a"] {
          variables.append(Array(variable.utf8).span)
        }
      }
      #expect(text(variables[.host]) == "a")
      return text(variables[.contentEncoding])
    }
    #expect(lines("", "gzip") == "gzip")
    #expect(lines("identity", ",Identity ,", "identity, br", "identity", "gzip") == "identity, br")
    #expect(lines("gzip", "identity") == "gzip")
    #expect(lines("identity", "identity") == "identity")
  }

  @Test("HTTP_PROXY is ignored (CVE-2016-5385)")
  func proxy() {
    for name in ["HTTP_PROXY", "HTTP_HOST_", "X", ""] {
      #expect(MetaVariable(name: Array(name.utf8).span) == nil)
    }
  }

  @Test(
    "the path is PATH_INFO in a root, else SCRIPT_NAME with PATH_INFO in a root, else that of REQUEST_URI")
  func path() {
    func path(_ script: String, _ info: String, _ target: String = "") -> String? {
      text(variables(["SCRIPT_NAME": script, "PATH_INFO": info, "REQUEST_URI": target]).path)
    }
    #expect(path("/api", "/administrator/accounts", "/b") == "/api/administrator/accounts")
    #expect(path("/api", "", "/b") == "/api")
    #expect(path("/api", "/authorize", "/b") == "/authorize")
    for root in ["/api", "/authorize", "/account", "/administrator"] {
      #expect(path("", root, "/b") == root)
      #expect(path("/cgi-bin/dashboard", "\(root)/a//b/", "/b") == "\(root)/a//b/")
    }
    // A web server with a prefix takes the root for the script's name.
    #expect(path("/api", "/settings", "/x") == "/api/settings")
    #expect(path("/api", "", "/x") == "/api")
    #expect(path("/api/settings", "", "/x") == "/api/settings")
    #expect(path("", "/api/settings", "/x") == "/api/settings")
    // The first in a root counts, and nothing that only begins like a root.
    #expect(path("/api", "/api/settings", "/api/x") == "/api/settings")
    #expect(path("/api", "x/settings", "/api/x?y") == "/api/x")
    #expect(path("/apis", "/a", "/b?c") == "/b")
    #expect(path("/ap", "i/settings", "/b") == "/api/settings")
    #expect(path("api", "/settings", "/b") == "/b")
    #expect(path("/dashboard.cgi", "/API/settings", "/b?c?d") == "/b")
    #expect(path("", "/a", "/b?c") == "/b")
    #expect(path("", "", "/b?c?d") == "/b")
    #expect(text(variables(["REQUEST_URI": "/b"]).path) == "/b")
    #expect(text(variables([:]).path) == "")
    #expect(path("/", "/") == "")
  }

  @Test("Authorization is also read under the name that Apache gives it at an internal redirect")
  func authorization() {
    #expect(text(variables(["REDIRECT_HTTP_AUTHORIZATION": "a"]).authorization) == "a")
    #expect(
      text(variables(["HTTP_AUTHORIZATION": "", "REDIRECT_HTTP_AUTHORIZATION": "a"]).authorization)
        == "a")
    #expect(
      text(variables(["HTTP_AUTHORIZATION": "b", "REDIRECT_HTTP_AUTHORIZATION": "a"]).authorization)
        == "b")
    // The variable of a client's header Redirect-Http-Authorization.
    #expect(variables(["HTTP_REDIRECT_HTTP_AUTHORIZATION": "a"]).authorization == nil)
    #expect(variables(["HTTP_AUTHORIZATION": ""]).authorization == nil)
  }

  @Test("the query is QUERY_STRING, or what follows the question mark of REQUEST_URI")
  func query() {
    #expect(text(variables(["QUERY_STRING": "a=1", "REQUEST_URI": "/b?c"]).queryString) == "a=1")
    #expect(text(variables(["REQUEST_URI": "/b?c?d"]).queryString) == "c?d")
    #expect(text(variables(["REQUEST_URI": "/b"]).queryString) == "")
  }

  @Test(
    "CONTENT_LENGTH must be digits whose value fits",
    arguments: [
      ("0", 0), ("12", 12), ("007", 7), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
      ("", nil),
      ("-1", nil), ("+1", nil), (" 1", nil), ("1 ", nil), ("1e3", nil), ("99999999999999999999999", nil),
    ] as [(String, Int?)])
  func contentLength(text: String, expected: Int?) {
    #expect(variables(["CONTENT_LENGTH": text]).contentLength == expected)
  }

  @Test("HTTPS tells whether TLS is used, otherwise REQUEST_SCHEME")
  func isSecure() {
    #expect(variables(["HTTPS": "on"]).isSecure)
    #expect(variables(["HTTPS": "1"]).isSecure)
    #expect(!variables(["HTTPS": "off", "REQUEST_SCHEME": "https"]).isSecure)
    #expect(variables(["HTTPS": "", "REQUEST_SCHEME": "HTTPS"]).isSecure)
    #expect(!variables(["REQUEST_SCHEME": "http"]).isSecure)
    #expect(!variables([:]).isSecure)
  }

  @Test("variables can be removed and filled again")
  func reuse() {
    var variables = variables(["SERVER_NAME": "1"])
    variables.removeAll()
    #expect(variables[.serverName] == nil)
    for text in ["SERVER_PORT=", "SERVER_NAME", ""] { variables.append(Array(text.utf8).span) }
    #expect(text(variables[.serverPort]) == "")
    #expect(variables[.serverName] == nil)
  }
}
