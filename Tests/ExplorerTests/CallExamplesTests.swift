import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

@Suite("examples of calls")
struct CallExamplesTests {
  private func examples(
    _ endpoint: (some Endpoint).Type, _ site: SiteAddress = SiteAddress("HTTP_HOST=127.0.0.1:8080")
  ) -> CallExamples {
    CallExamples(AnyEndpoint(endpoint), site)
  }

  @Test("the Swift example has every parameter of the route")
  func swift() {
    #expect(
      examples(SetSessionEnded.self).swift
        == #"try dashboard.call(SetSessionEnded.self, query: ["sessionid": "…"], as: session)"#)
    #expect(
      examples(CreateSession.self).swift
        == #"try dashboard.call(CreateSession.self, posted: ["username": "…", "password": "…"])"#)
    #expect(examples(Settings.self).swift == "try dashboard.call(Settings.self)")
    #expect(
      examples(Administrator.ReadAccount.self).swift
        == #"try dashboard.call(Administrator.ReadAccount.self, query: ["accountid": "…"], as: session)"#)
  }

  @Test("the curl example has the verb, the cookies and the fields")
  func curl() {
    #expect(examples(Settings.self).curl == "curl 'http://127.0.0.1:8080/api/settings'")
    #expect(
      examples(SetSessionEnded.self).curl
        == "curl -b jar -X PATCH 'http://127.0.0.1:8080/api/user/set-session-ended?sessionid=…'")
    #expect(
      examples(CreateSession.self).curl == """
        curl -c jar \\
          --data-urlencode 'username=…' \\
          --data-urlencode 'password=…' \\
          'http://127.0.0.1:8080/api/user/create-session'
        """)
  }

  @Test(
    "curl has the scheme, host and port that the client used, as the web server gives them",
    arguments: [
      (["HTTP_HOST=accounts.example"], "http://accounts.example"),
      (["HTTP_HOST=Accounts.Example:8080"], "http://accounts.example:8080"),
      (["HTTP_HOST=accounts.example:80"], "http://accounts.example"),
      (["HTTP_HOST=accounts.example:443"], "http://accounts.example:443"),
      (["HTTP_HOST=accounts.example", "HTTPS=on"], "https://accounts.example"),
      (["HTTP_HOST=accounts.example:8443", "REQUEST_SCHEME=https"], "https://accounts.example:8443"),
      (["HTTP_HOST=accounts.example:80", "HTTPS=on"], "https://accounts.example:80"),
      (["SERVER_NAME=a-b.example", "SERVER_PORT=8080"], "http://a-b.example:8080"),
      (["SERVER_NAME=a.example", "SERVER_PORT=443", "HTTPS=on"], "https://a.example"),
      (["HTTP_HOST=192.0.2.7:81"], "http://192.0.2.7:81"),
      (["HTTP_HOST=[2001:DB8::7]"], "http://[2001:db8::7]"),
      (["HTTP_HOST=[::ffff:192.0.2.7]:8080"], "http://[::ffff:192.0.2.7]:8080"),
    ])
  func address(variables: [String], expected: String) {
    var all = MetaVariables()
    for variable in variables { all.append(Array(variable.utf8).span) }
    #expect(examples(Settings.self, SiteAddress(all)).curl == "curl '\(expected)/api/settings'")
  }

  /// Values of a header Host that are no host, and would end a word of the shell, an element or curl's pattern.
  static let hostile = [
    "'; touch broken; '", "$(touch broken)", "`touch broken`", "a'b", "a\"b", "a\\b", "a b", "a\tb",
    "<script>",
    "a&b", "a{1,2}.example", "a[1-9].example", "[::1", "::1]", "[x]", "[]", "a/b", "a?b", "a#b", "user@a",
    "a:b",
    "a:80:80", "a:123456", "a:8 0", "a\u{202E}b", "bücher.example", "a\u{7F}b", "-o x", "%24", "*", "a,b", "",
    ":80",
  ]

  @Test("a Host header that is no host is not repeated", arguments: hostile)
  func hostileHost(host: String) {
    #expect(examples(Settings.self, SiteAddress("HTTP_HOST=\(host)")).curl == "curl 'http://…/api/settings'")
  }

  @Test("the shell gives curl each word of the example whole")
  func shell() throws {
    for endpoint in Routes.endpoints + [AnyEndpoint(Hostile.self)] {
      let curl = CallExamples(endpoint, SiteAddress("HTTP_HOST=[::1]:8080")).curl
      let ending = try ChildProcess.run(["/bin/sh", "-c", "curl() { printf '%s\\n' \"$@\"; }\n\(curl)"])
      #expect(ending.status == 0 && ending.errors.isEmpty, "\(curl)")
      let words = ending.output.split(separator: "\n")
      #expect(words.last?.hasPrefix("http://[::1]:8080\(endpoint.declaration.route)") == true)
      let posted = endpoint.declaration.parameters.filter { $0.source == .posted && $0.isRequired }
      for parameter in posted { #expect(words.contains("\(parameter.name)=…")) }
    }
  }

  @Test("a quote does not end a word of the shell or a literal of Swift")
  func quotes() {
    let examples = examples(Hostile.self)
    #expect(examples.curl.contains(#"'posted <script>alert("1")</script> & '\''x'\'' `<b>`"#))
    #expect(examples.swift.contains(#""query <script>alert(\"1\")</script>"#))
  }

  @Test(
    "JSON is indented, with any characters in its strings",
    arguments: [
      ("true", "true"), ("[]", "[]"), ("{}", "{}"), ("[1,2]", "[\n  1,\n  2\n]"), ("[[]]", "[\n  []\n]"),
      (#"{"a":"{\"[,:\\","b":[{}]}"#, "{\n  \"a\": \"{\\\"[,:\\\\\",\n  \"b\": [\n    {}\n  ]\n}"),
    ])
  func indentation(json: String, expected: String) {
    #expect(indented(json) == expected)
  }
}
