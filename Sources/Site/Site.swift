import DashboardAccounts
import DashboardHTML
import DashboardRecords
package import DashboardRouting
import DashboardSettings
package import DashboardWireFormat

/// The pages for people: registering, signing in, everything about an account, and what administrators do.
package enum Site {
  static let tokenField = "form-token"
  /// The field that names the session of a form that can end it.
  static let sessionField = "form-session"
  static let languagePath = Wing.account.path("language")
  static let changePasswordPath = "/.well-known/change-password"

  static let passkeyEndpointsPath = "/.well-known/passkey-endpoints"

  /// A page may only load its stylesheet and pictures of the site, and send its forms to the site (Content Security Policy Level 3).
  /// A page with a field for a passkey may load a script of the site too.
  /// Chromium holds the redirects of a form to `form-action` too. So a form may lead to the origins that may post forms here.
  static func contentSecurityPolicy(_ configuration: AppConfiguration, hasScript: Bool = false) -> String {
    let targets = (["'self'"] + configuration.allowedOrigins).joined(separator: " ")
    return
      "default-src 'none'; \(hasScript ? "script-src 'self'; connect-src 'self'; " : "")style-src 'self'; img-src 'self' data:; form-action \(targets); frame-ancestors 'none'; base-uri 'none'"
  }

  static let pages: [Page] =
    [
      .account, .register, .signIn, .signOut, .verify, .changeUsername, .changePassword, .sessions, .session,
      .endSession, .endAllSessions, .profiles, .profile, .createProfile, .editProfile, .setDefaultProfile,
      .deleteProfile, .resetCodes, .resetCode, .createResetCode, .deleteResetCode, .resetAccount,
      .deleteAccount, .restoreAccount, .activity, .newDevice, .export,
      .secondStep, .twoFactor, .setUpAuthenticator, .confirmAuthenticator, .removeAuthenticator,
      .createRecoveryCodes, .wrongCode, .signInByPasskey, .passkey, .addPasskey, .removePasskey,
    ] + Administration.pages

  package static let group = ResourceGroup(mayHave: mayHave, refuse: refuse) {
    pages.map(\.resource) + [
      front, stylesheet, SiteScript.resource, language, changePassword, passkeyEndpoints,
    ]
  }

  private static func mayHave(_ path: Bytes) -> Bool {
    Wing(of: path) != nil || path.isEqual(to: "/") || path.isEqual(to: changePasswordPath)
      || path.isEqual(to: passkeyEndpointsPath)
  }

  // MARK: Refusals

  /// The page at a path while no settings can be read, not even the name of the site; `nil` if the path is not for people.
  package static func outOfService(at path: Bytes) -> [UInt8]? {
    guard mayHave(path) else { return nil }
    return HTML.document(
      .tag(
        "html", ["lang": "en"],
        .tag(
          "head", [:], .tag("meta", ["charset": "utf-8"]),
          .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
          .tag("title", [:], .text(English.text(.outOfServiceTitle)))),
        .tag(
          "body", [:], .tag("h1", [:], .text(English.text(.outOfServiceTitle))),
          .tag("p", [:], .text(English.text(.outOfServiceText))))))
  }

  /// Shows people why a request was refused, or leads them to where they can go on.
  private static func refuse(_ refusal: Refusal, _ visit: Visit, _ signedIn: SignedIn?) -> Draft {
    switch refusal {
    case .access(.signInRequired):
      return lead(to: .signIn, visit.isReading ? .signInFirst : .sessionOver, visit)
    case .exception(.unverifiedSession):
      return lead(to: .verify, nil, visit)
    case .exception(.secondFactorMissing):
      return lead(to: .twoFactor, nil, visit)
    case .access(.administratorRequired):
      return page(.refusedTitle, Problem(.problemAdministrator, status: refusal.status), visit, signedIn)
    case .exception(.invalidRoute) where visit.isReading && isRootWithSlash(visit.path):
      return Wing(of: visit.path).flatMap { Location($0.root) }.map { Draft(seeOther: $0) }
        ?? Draft(.unknownError)
    case .exception(.invalidRoute):
      return page(.notFoundTitle, Problem(.notFoundText, status: 404), visit, signedIn)
    case .exception(let exception):
      var problem = Problem(exception)
      // A browser that reloads the answer to a form sends the form again.
      if problem.text == .problemBusy, !visit.isReading {
        problem = Problem(.problemBusyForm, status: problem.status, retryAfter: problem.retryAfter)
      }
      return page(.refusedTitle, problem, visit, signedIn)
    }
  }

  /// Leads to another page and back, if the way back is not too long for a header.
  private static func lead(to page: Page, _ notice: Notice?, _ visit: Visit) -> Draft {
    let path = Array(visit.path)
    let query = visit.queryString.isEmpty ? [] : [UInt8(ascii: "?")] + visit.queryString
    let fields = [path + query, path].map { "?return-url=\(PercentEncoding.encode($0[...]))" }
    let ways = (fields + [""]).lazy.map { page.path + $0 }
    let location = ways.compactMap { Location(notice?.added(to: $0) ?? $0) }.first
    return location.map { Draft(seeOther: $0) } ?? Draft(.unknownError)
  }

  private static func isRootWithSlash(_ path: Bytes) -> Bool {
    Wing.allCases.contains { path.isEqual(to: "\($0.root)/") }
  }

  /// A link to the page whose form was refused, or else to where the visitor can begin.
  ///
  /// - Parameter isOpen: false if the page is not for the visitor.
  private static func wayOn(
    _ visit: Visit, _ language: Language, _ signedIn: SignedIn?, isOpen: Bool
  ) -> HTML {
    let page =
      visit.isReading || !isOpen ? nil : pages.first { $0.form != nil && visit.path.isEqual(to: $0.path) }
    // A query that was refused would be refused again.
    let query =
      page == nil || (try? Form(query: visit.queryString)) == nil || visit.queryString.isEmpty
      ? "" : "?\(String(decoding: visit.queryString, as: UTF8.self))"
    let isAdministrator = signedIn?.account.isAdministrator ?? false
    let start = isAdministrator && Wing(of: visit.path) == .administrator ? Administration.index : .account
    let target = page ?? start
    return .tag("a", ["href": target.path + query], .text(language.text(target.title)))
  }

  static func page(_ title: Text, _ problem: Problem, _ visit: Visit, _ signedIn: SignedIn?) -> Draft {
    let language = Language(of: visit)
    let frame = SiteFrame(visit: visit, language: language, signedIn: signedIn)
    let text = language.text(
      problem.text, problem.retryAfter.map { ["time": language.duration(seconds: $0)] } ?? [:])
    var draft = frame.draft(
      status: problem.status,
      frame.document(
        title, isProblem: true,
        [
          .tag("p", [:], .text(text)),
          .tag("p", [:], wayOn(visit, language, signedIn, isOpen: problem.text != .problemAdministrator)),
        ]))
    if let seconds = problem.retryAfter { draft.add("Retry-After", String(seconds)) }
    return draft
  }
}
