import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import Testing

@Suite("examples of calls")
struct CallExamplesTests {
  private func examples(_ endpoint: (some Endpoint).Type) -> CallExamples {
    CallExamples(AnyEndpoint(endpoint))
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
