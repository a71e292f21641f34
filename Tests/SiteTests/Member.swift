import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardSite
import TestSupport

/// A signed-in person with records of every kind, and so with a URL for every page.
struct Member {
  let site: TestSite
  let person: Person
  /// Of the same account, in another browser.
  let otherSession: Session
  /// Not the one that is used.
  let profile: Profile
  let code: ResetCode
  /// What administrators' pages are about. The member is the site's first, and so its owner.
  let subjects: Subjects

  init(_ site: TestSite, _ username: String = "ada") throws {
    self.site = site
    subjects = Subjects(site, owner: username)
    person = try site.member(username)
    otherSession = try site.dashboard.call(CreateSession.self, posted: TestSite.credentials(username))
    guard let session = person.session else { throw TestFailure("no session") }
    let query = ["accountid": "\(session.accountid)"]
    let values = ["full-name": "Ada Lovelace", "contact-email": "ada@example.org"]
    let fields = values.merging(Self.others) { $1 }
    _ = try site.dashboard.call(CreateProfile.self, query: query, posted: fields, as: session)
    profile = try site.dashboard.call(CreateProfile.self, query: query, posted: fields, as: session)
    code = try site.dashboard.call(
      CreateResetCode.self, query: query, posted: ["secret-code": "secretcode1"], as: session)
    try Self.addNewDevice(to: session, site)
  }

  /// A sign-in from a new device, after the one of a session.
  private static func addNewDevice(to session: Session, _ site: TestSite) throws {
    var event = AccountEvent(
      appid: session.appid, accountid: session.accountid, name: "signed-in", meaning: .device,
      details: ClientDetails(of: .address("203.0.113.5", userAgent: "curl/8.0")),
      createdAt: session.createdAt.adding(seconds: 1))
    event.isNewDevice = true
    event.isUnnoticed = true
    try site.dashboard.services.store.write(session.appid) { [event] change in
      guard let account = try change.current.account(session.accountid) else {
        throw TestFailure("no account")
      }
      _ = try change.insert(event, of: account)
    }
  }

  /// Valid values of the other profile fields.
  static let others = [
    "display-name": "Ada", "company-name": "Engines", "display-email": "a@example.org", "dob": "1815-12-10",
    "phone": "1", "occupation": "Analyst", "location": "London", "website": "https://ada.example",
  ]

  /// Other pages want a sign-in by the password alone.
  private func setAuthenticator(of session: Session, isSet: Bool) throws {
    let account = try site.dashboard.services.store.read(session.appid) { try $0.account(session.accountid) }
    guard (account?.factors?.authenticator != nil) != isSet else { return }
    if isSet {
      try site.enrol(session)
    } else {
      try site.changeFactors(of: session) { ($0.authenticator, $0.recoveryCodes) = (nil, []) }
    }
  }

  /// The URL of a page, with the record that it shows.
  func url(_ page: Page) throws -> String {
    guard let session = person.session else { throw TestFailure("no session") }
    try setAuthenticator(
      of: session, isSet: [Page.removeAuthenticator.name, Page.createRecoveryCodes.name].contains(page.name))
    if page.wing == .administrator { return try subjects.url(page) }
    switch page.name {
    case "second-step": try site.letSignInWait(person)
    case "confirm-authenticator-app":
      _ = try site.dashboard.call(
        CreateTOTP.self, query: ["accountid": "\(session.accountid)"], as: session)
    case "wrong-code": try site.changeFactors(of: session) { $0.wrongCodeAt = site.clock.now() }
    default: break
    }
    return switch page.name {
    case "session", "end-session": "\(page.path)?sessionid=\(otherSession.sessionid)"
    case "profile", "edit-profile", "set-default-profile", "delete-profile":
      "\(page.path)?profileid=\(profile.profileid)"
    case "reset-code", "delete-reset-code": "\(page.path)?codeid=\(code.codeid)"
    case "passkey", "remove-passkey":
      "\(page.path)?passkeyid=\(try site.passkey(of: session, signsIn: false).passkeyid)"
    default: page.path
    }
  }
}

extension Page {
  static var ofSignedIn: [Page] { Site.pages.filter { $0.access.role != .anyone } }
  static var open: [Page] { Site.pages.filter { $0.access.role == .anyone } }
  static var ofAccount: [Page] { Site.pages.filter { $0.wing == .account } }
  static var withForm: [Page] { Site.pages.filter { $0.form != nil } }
}
