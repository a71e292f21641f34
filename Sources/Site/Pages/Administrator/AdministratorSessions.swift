import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  static let sessions = list("sessions", .allSessionsTitle, Administrator.Sessions.self) { view, session in
    try view.line(session, of: view.owner(session))
  }

  static let accountSessions = list(
    "account-sessions", .accountSessionsTitle, Administrator.Sessions.self, isOfAccount: true
  ) { view, session in try view.line(session) }

  static let session: Page = Page("session", .administrator, .sessionTitle) { view in
    let session = try view.call(Administrator.ReadSession.self)
    let owner = try view.owner(session)
    let back = view.back
    let list = View.path(accountSessions, accountField, owner.accountid)
    return [
      view.descriptions(of: session, owner: try view.link(to: owner)),
      view.actions(
        (session.ended || !view.offers(.endSession, owner)
          ? []
          : [view.link(endSession, "sessionid", session.sessionid, view.words(.endSessionTitle), back: back)])
          + [view.link(back ?? list, .back)]),
    ]
  }

  static let endSession: Page = Page(
    "end-session", .administrator, .endSessionTitle, lead: .endSessionLead,
    form: PageForm(Administrator.SetSessionEnded.declaration, submit: .endSessionSubmit, isDangerous: true) {
      view in
      try view.call(Administrator.SetSessionEnded.self) { exception, _ in exception.status == 409 }
      return view.isSignedOut
        ? .go(Page.signIn.path, .signedOut) : .go(view.back ?? sessions.path, .sessionEnded)
    }.endingItsSession { ended, view in
      view.query("sessionid") == "\(ended.session.sessionid)" ? .go(Page.signIn.path, .signedOut) : nil
    }
  ) { view in
    let session = try view.call(Administrator.ReadSession.self)
    let owner = try view.owner(session)
    try view.require(.endSession, owner)
    return view.descriptions(of: session, owner: try view.link(to: owner))
  }
}

extension View {
  /// - Parameter owner: `nil` in the list of one account.
  fileprivate func line(_ session: Session, of owner: Account? = nil) throws -> HTML {
    let details = listed([try owner.map { try words(of: $0) }, state(of: session), time(session.createdAt)])
    return element(
      Administration.session, "sessionid", session.sessionid,
      line(.text(device(of: session)), details))
  }
}
