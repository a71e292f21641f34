import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardSite
import TestSupport

/// The accounts that administrators' pages are about. They are made when the first page asks for one.
final class Subjects {
  private let site: TestSite
  private let owner: String
  private var made: Made?
  private var suspended: AccountID?
  private var invitation: InvitationID?
  private var protected: AccountID?

  /// An account of each kind.
  struct Made {
    /// Has records of every kind.
    let user: Member
    let administrator: Person
    /// Is going to be deleted.
    let leaver: AccountID
  }

  init(_ site: TestSite, owner: String) {
    self.site = site
    self.owner = owner
  }

  func all() throws -> Made {
    if let made { return made }
    let owner = try site.dashboard.call(CreateSession.self, posted: TestSite.credentials(owner))
    let user = try Member(site, "user of \(self.owner)")
    let administrator = try site.member("administrator of \(self.owner)")
    let leaver = try site.member("leaver of \(self.owner)")
    let new = Made(user: user, administrator: administrator, leaver: try leaver.accountID)
    for (id, isLeaving) in [(try administrator.accountID, false), (new.leaver, true)] {
      let query = ["accountid": "\(id)"]
      if isLeaving {
        _ = try site.dashboard.call(Administrator.SetAccountDeleted.self, query: query, as: owner)
      } else {
        _ = try site.dashboard.call(Administrator.SetAccountAdministrator.self, query: query, as: owner)
      }
    }
    made = new
    return new
  }

  private func asOwner<E: Endpoint>(
    _ endpoint: E.Type, query: [String: String] = [:], posted: [String: String] = [:]
  ) throws -> E.Answer {
    let session = try site.dashboard.call(CreateSession.self, posted: TestSite.credentials(owner))
    return try site.dashboard.call(endpoint, query: query, posted: posted, as: session)
  }

  private func suspendedAccount() throws -> AccountID {
    if let suspended { return suspended }
    let id = try site.member("suspended of \(owner)").accountID
    _ = try asOwner(Administrator.SetAccountSuspended.self, query: ["accountid": "\(id)"])
    suspended = id
    return id
  }

  private func invited() throws -> InvitationID {
    if let invitation { return invitation }
    let made = try asOwner(Administrator.CreateInvitation.self, posted: ["note": "for the choir"])
    invitation = made.invitationid
    return made.invitationid
  }

  /// An account with an authenticator app.
  private func protectedAccount() throws -> AccountID {
    if let protected { return protected }
    let holder = try site.member("protected of \(owner)")
    guard let session = holder.session else { throw TestFailure("no session") }
    try site.enrol(session)
    protected = session.accountid
    return session.accountid
  }

  /// The URL of a page, with an account or record for which its form can be used.
  func url(_ page: Page) throws -> String {
    let made = try all()
    return switch page.name {
    case "", "accounts", "administrators", "deleted-accounts", "groups", "sessions", "profiles",
      "reset-codes", "create-account", "invitations", "create-invitation":
      page.path
    case "session", "end-session": "\(page.path)?sessionid=\(made.user.otherSession.sessionid)"
    case "profile": "\(page.path)?profileid=\(made.user.profile.profileid)"
    case "reset-code", "delete-reset-code": "\(page.path)?codeid=\(made.user.code.codeid)"
    case "invitation", "delete-invitation": "\(page.path)?invitationid=\(try invited())"
    case "remove-second-factors": "\(page.path)?accountid=\(try protectedAccount())"
    case "resume-account": "\(page.path)?accountid=\(try suspendedAccount())"
    case "restore-account": "\(page.path)?accountid=\(made.leaver)"
    case "revoke-administrator": "\(page.path)?accountid=\(try made.administrator.accountID)"
    default: "\(page.path)?accountid=\(try made.user.person.accountID)"
    }
  }
}

extension Person {
  var accountID: AccountID {
    get throws {
      guard let session else { throw TestFailure("no session") }
      return session.accountid
    }
  }
}
