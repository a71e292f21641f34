import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

/// The file with all that is kept of an account.
@Suite("the takeout")
struct TakeoutTests {
  private let fixture: Fixture
  private let router: Router

  init() throws {
    fixture = try Fixture()
    router = Router(fixture.dashboard, Routes.all) { _ in }
  }

  private func export(_ session: Session) throws -> (headers: String, json: JSON, text: String) {
    let bearer = "Bearer \(session.bearer ?? "")"
    let answer = TestRequest.respond(router, "GET", "/api/user/export", ["HTTP_AUTHORIZATION": bearer])
    let parts = answer.text.split(separator: "\r\n\r\n", maxSplits: 1)
    let body = try #require(parts.last)
    return (String(parts[0]), try JSON(Array(body.utf8)), String(body))
  }

  private func fill(_ session: Session, _ code: String) throws {
    let query = ["accountid": "\(session.accountid)"]
    let fields = ["full-name": "Ada Lovelace", "contact-email": "ada@example.org"]
    _ = try fixture.dashboard.call(CreateProfile.self, query: query, posted: fields, as: session)
    _ = try fixture.dashboard.call(
      CreateResetCode.self, query: query, posted: ["secret-code": code], as: session)
  }

  @Test("it has the account, its groups and every record of it, and is a file")
  func own() throws {
    let (owner, ada) = (try fixture.signUp("owner"), try fixture.signUp("ada"))
    try fill(owner, "ownerscode1")
    try fill(ada, "adascode1")
    _ = try fixture.dashboard.call(Administrator.CreateInvitation.self, as: owner)
    _ = try fixture.dashboard.call(
      Administrator.SetAccountGroups.self, query: ["accountid": "\(ada.accountid)"],
      posted: ["groups": "choir"], as: owner)
    for (session, invitations) in [(owner, 1), (ada, 0)] {
      let (headers, json, _) = try export(session)
      #expect(headers.contains("Content-Disposition: attachment; filename=\"account.json\""))
      #expect(
        json["object"] == .string("export")
          && json["account"]?["accountid"] == .string("\(session.accountid)"))
      let kinds = ["profiles", "sessions", "resetCodes", "invitations", "events"]
      let records = kinds.map { json[$0]?.array ?? [] }
      #expect(records.map(\.count).prefix(4) == [1, 1, 1, invitations] && records[4].count >= 3)
      let owners = Set(records.joined().map { $0["accountid"]?.string })
      #expect(owners == ["\(session.accountid)"])
    }
    let (_, json, _) = try export(ada)
    #expect(json["account"]?["groups"] == .array([.string("choir")]))
    let groupsSet = json["events"]?.array?.first { $0["name"] == .string("groups-set") }
    #expect(groupsSet?["by"] == .string("administrator"))
  }

  @Test("with KEEP_USERNAMES it has the username")
  func username() throws {
    let fixture = try Fixture(settings: ["KEEP_USERNAMES": "true"])
    let session = try fixture.signUp("ada")
    let takeout = try fixture.dashboard.call(Export.self, as: session)
    #expect(JSONWriter.text(takeout).contains("\"username\":\"ada\""))
  }

  @Test("it has no password, code, token or hash")
  func secrets() throws {
    let session = try fixture.signUp("owner")
    try fill(session, "secretcode1")
    let invitation = try fixture.dashboard.call(Administrator.CreateInvitation.self, as: session)
    let (_, json, text) = try export(session)
    let token = try #require(session.token)
    let csrf = session.csrfToken.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    for secret in [token, csrf, "secretcode1", try #require(invitation.code), "password of owner"] {
      #expect(!secret.isEmpty && !text.contains(secret))
    }
    // No hash is shorter than 16 bytes, and no value has as many hexadecimal digits.
    let longest = text.split { !"0123456789abcdef".contains($0) }.map(\.count).max() ?? 0
    #expect(longest < 32)
    let names = Set((json["sessions"]?.array ?? []).flatMap(\.names))
    #expect(!names.contains("csrfToken") && !names.contains("token"))
  }
}
