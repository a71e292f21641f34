import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardWireFormat

extension Page {
  static let sessions: Page = Page("sessions", .session, .sessionsTitle, lead: .sessionsLead) { view in
    let sessions = try view.call(Sessions.self)
    return [
      view.actions(
        sessions.map { session in
          view.link(
            .session, "sessionid", session.sessionid,
            view.line(
              .text(view.device(of: session)),
              [view.state(of: session), .text(view.language.comma), view.time(session.createdAt)]))
        }), view.paging(), view.actions([view.link(Page.endAllSessions.path, .endAllTitle)]),
    ]
  }

  static let session: Page = Page("session", .session, .sessionTitle) { view in
    let session = try view.call(ReadSession.self)
    return [
      view.descriptions(of: session),
      view.actions(
        (session.ended
          ? [] : [view.link(.endSession, "sessionid", session.sessionid, view.words(.endSessionTitle))])
          + [view.link(Page.sessions.path, .back)]),
    ]
  }

  static let endSession: Page = Page(
    "end-session", .session, .endSessionTitle, lead: .endSessionLead,
    form: PageForm(SetSessionEnded.declaration, submit: .endSessionSubmit, isDangerous: true) { view in
      try view.call(SetSessionEnded.self) { exception, _ in exception.status == 409 }
      return view.isSignedOut ? .go(Page.signIn.path, .signedOut) : .go(Page.sessions.path, .sessionEnded)
    }.endingItsSession { ended, view in
      view.query("sessionid") == "\(ended.session.sessionid)" ? .go(Page.signIn.path, .signedOut) : nil
    },
    content: { $0.descriptions(of: try $0.call(ReadSession.self)) })

  static let endAllSessions: Page = Page(
    "end-all-sessions", .session, .endAllTitle, lead: .endAllLead,
    form: PageForm(
      ResetSessionKey.declaration, submit: .endAllSubmit, isDangerous: true,
      fields: { _ in [Field("scope", .choice([("others", .scopeOthers), ("all", .scopeAll)]))] }
    ) { view in
      if view.posted("scope") == "all" {
        _ = try view.call(ResetSessionKey.self)
        return .go(Page.signIn.path, .signedOut)
      }
      _ = try view.call(SetOtherSessionsEnded.self)
      return .go(Page.sessions.path, .sessionsEnded)
    }.endingItsSession { ended, view in
      view.posted("scope") == "all" && SessionRules.haveJustEnded(of: ended.account, view.call.context)
        ? .go(Page.signIn.path, .signedOut) : nil
    })
}

extension View {
  /// Whether a session is this one, alive or ended.
  func state(of session: Session) -> HTML {
    let isThis = call.caller.signedIn?.session.sessionid == session.sessionid
    return words(isThis ? .thisSession : session.ended ? .sessionEnded : .sessionAlive)
  }

  /// The browser or program that signed in.
  func device(of session: Session) -> String { device(session.device) }

  /// The words for a browser or program.
  func device(_ device: UserAgent?) -> String {
    switch (device?.browser, device?.system) {
    case (let browser?, let system?):
      language.text(.browserOnSystem, ["browser": browser, "system": system])
    case (let name?, nil), (nil, let name?): name
    case (nil, nil): language.text(.unknownDevice)
    }
  }

  /// - Parameter owner: the account of the session, as administrators see it; `nil` for one's own.
  func descriptions(of session: Session, owner: HTML? = nil) -> HTML {
    descriptions(
      [
        owner.map { (.accountOfRecord, $0) }, (.device, .text(device(of: session))),
        (.state, state(of: session)), session.address.map { (.address, typed($0)) },
        (.began, time(session.createdAt)), (.signedInWith, methods(session.methods)),
        session.lastUsedAt.map { (.lastUsed, time($0)) },
        session.ended ? session.endedAt.map { (.endedAt, time($0)) } : (.endsAt, time(session.expiresAt)),
      ].compactMap { $0 })
  }

  /// Links to the beginning of a list and to its next part. The list of an account has read its identifier.
  func paging() -> HTML {
    let filters = page.wing == .administrator ? [Administration.accountField, Administration.groupField] : []
    let filter = filters.lazy.compactMap { name in
      call.query[name].map { "?\(name)=\(PercentEncoding.encode($0))" }
    }.first
    let newest = query("after") == nil ? [] : [link(page.path + (filter ?? ""), .newer)]
    let older = call.nextQuery.map { [link("\(page.path)?\($0)", .older)] } ?? []
    return newest.isEmpty && older.isEmpty
      ? [] : .tag("p", ["class": "links"], .sequence((newest + older).map { [$0, " "] }))
  }
}
