import TestSupport
import Testing

/// A guarded application gets the visitor's cookies without those of the session.
@Suite("cookies of a guarded application")
struct GuardCookieTests {
  private static let token = String(repeating: "0a", count: 32)
  private static let sessionid = "sess_0123456789abcdef"
  private static let value = "\(sessionid).\(token)"
  private static let own = "dashboard_session=\(value)"
  private static let old = (sessionid: "sessionid=\(sessionid)", token: "token=\(token)")

  /// The header Cookie that the application gets; `nil` if it gets none.
  private func passed(_ lines: [String], _ guarded: GuardedSite, _ path: String = "/public/") throws
    -> String?
  {
    let answer = try guarded.site.request("GET", path, headers: lines.map { ("Cookie", $0) })
    guard answer.status == 200 else { throw TestFailure("\(answer.status) for \(lines)") }
    return try answer.json["headers"]?["cookie"]?.string
  }

  @Test("the session's cookie is left out by its form, wherever it stands, and others stay as they are")
  func form() throws {
    let guarded = try GuardedSite()
    let (own, value) = (Self.own, Self.value)
    for (lines, expected) in [
      ([own], nil), ([own, own], nil), (["\(own); a=1"], "a=1"), (["a=1; \(own)"], "a=1"),
      (["a=1; \(own); b=2"], "a=1; b=2"), (["a=1;\(own);b=2"], "a=1;b=2"),
      (["__Host-shop_session=\(value); a=1; x = \(value) ; b=2"], "a=1; b=2"),
      (["a=\"x y\"; x=\"\(value)\"; b=\"2\""], "a=\"x y\"; b=\"2\""),
      (["a=1; dashboard_pending=acct_0123456789abcdef.\(Self.token); b=2"], "a=1; b=2"),
      (["a=1", "\(own); b=2"], "a=1; b=2"), ([own, "b=2"], "b=2"), (["a=1; \(own)", own, "b=2"], "a=1; b=2"),
      (["a=1; x=\(value); b=2; y=\(value); c=3; z=\(value); d=4; \(own)"], "a=1; b=2; c=3; d=4"),
      (["a=1; " + String(repeating: "\(own); ", count: 100) + "b=2"], "a=1; b=2"),
    ] as [([String], String?)] {
      #expect(try passed(lines, guarded) == expected, "\(lines)")
    }
    // These are cookies of the application.
    for cookies in [
      "a=1;b=2;  c; =d", "a=\(value)0", "a=0\(value)", "a=b=\(value)", "a=\(value.uppercased())", value,
      "a=\(Self.sessionid)", "a=\(Self.token)", "pair; a=$1$2", "sessionid=django", "a={\"b\":[1,2]}",
    ] {
      #expect(try passed([cookies], guarded) == cookies)
      #expect(try passed([cookies, own], guarded) == cookies)
      #expect(try passed(["\(own); \(cookies)"], guarded) == cookies)
    }
    // A location with more lines of its own, and a location without an include, behave alike.
    let places = [
      ("/more/", "include dashboard/anybody; proxy_set_header X-More more;"), ("/none/", ""),
    ]
    let others = try GuardedSite(places: places)
    for path in ["/more/", "/none/"] {
      #expect(try passed(["a=1; \(own); b=2"], others, path) == "a=1; b=2")
    }
  }

  @Test("of the pair sessionid and token, each alone is the application's own")
  func pair() throws {
    let guarded = try GuardedSite()
    let (sessionid, token) = Self.old
    for (lines, expected) in [
      (["\(sessionid); \(token)"], nil), (["\(token); a=1; \(sessionid)"], "a=1"),
      (["a=1; \(sessionid); b=2; \(token); c=3"], "a=1; b=2; c=3"),
      (["\(sessionid)", "\(token); a=1"], "a=1"),
      (["__Host-\(sessionid); a=1; __Host-\(token)"], "a=1"),
      (["sessionid=\"\(Self.sessionid)\"; token=\"\(Self.token)\"; a=1"], "a=1"),
      (["sessionid=django; \(sessionid); \(token); token=abc"], "sessionid=django; token=abc"),
      (["\(sessionid); \(token); \(Self.own); a=1"], "a=1"),
    ] as [([String], String?)] {
      #expect(try passed(lines, guarded) == expected, "\(lines)")
    }
    for cookies in [
      sessionid, token, "\(sessionid); token=abc", "sessionid=django; \(token)", "\(sessionid); x\(token)",
      "x\(sessionid); \(token)",
    ] {
      #expect(try passed([cookies], guarded) == cookies)
      #expect(try passed(["\(cookies); \(Self.own)"], guarded) == cookies)
    }
  }

  @Test("a signed-in visitor's cookies reach the responder, and not the application")
  func signedIn() throws {
    let guarded = try GuardedSite()
    let ada = try guarded.site.signUp("ada")
    for own in [
      "dashboard_session=\(ada.sessionid).\(ada.token)", "sessionid=\(ada.sessionid); token=\(ada.token)",
    ] {
      #expect(try passed(["a=1; \(own); b=2"], guarded, "/") == "a=1; b=2")
      #expect(try passed(["a=1", "b=2; \(own)"], guarded, "/") == "a=1; b=2")
    }
  }

  @Test("30 KB of hostile cookies are passed on without the session's, and quickly")
  func hostile() throws {
    let guarded = try GuardedSite()
    let almost = "sess_0123456789abcdef.\(Self.token.dropLast())"
    for unit in [
      ";", "; ", "=", ";=", ";\t", "a=\"", "a=1; ", "a= ", "; sessionid", "; token=", ";sessionid=sess_",
      "a=\(almost); ", "; \(Self.old.sessionid)", "; \(Self.old.token) x",
    ] {
      let hostile = String(repeating: unit, count: 29_000 / unit.utf8.count)
      let cookies = try passed(["\(hostile)x; \(Self.own)"], guarded)
      #expect(cookies?.contains(Self.value) == false, "\(unit)")
      #expect((cookies?.utf8.count ?? 0) + 2 * unit.utf8.count + 2 >= hostile.utf8.count, "\(unit)")
    }
    // So many runs come from an attacker only. The application gets no cookie.
    for run in [Self.own, "\(Self.old.sessionid); x=1; \(Self.old.token)"] {
      let cookies = String(repeating: "a=1; \(run); ", count: 28_000 / (run.utf8.count + 7))
      #expect(try passed([cookies], guarded) == nil)
    }
  }
}
