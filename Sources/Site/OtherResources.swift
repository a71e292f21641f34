import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardWireFormat

/// What belongs to the pages and is no page of a wing.
extension Site {
  /// `/`: where a person begins at a server that has only accounts.
  static let front = Resource(
    "/",
    [
      Operation(.get, RoutePolicy(.open)) { call, visit in
        let mayRegister = call.mayRegister(visit)
        let frame = SiteFrame(
          visit: visit, language: Language(of: visit), signedIn: call.caller.signedIn,
          mayRegister: mayRegister)
        let pages: [Page] =
          call.caller.signedIn != nil ? [.account] : [.signIn] + (mayRegister ? [.register] : [])
        let links = (pages.map { ($0.path, $0.title) } + [("/api", .frontAPI)]).map { path, text in
          HTML.tag("li", [:], .tag("a", ["href": path], .text(frame.language.text(text))))
        }
        return frame.draft(
          frame.document(.frontTitle, .tag("ul", ["class": "actions"], .sequence(links))))
      }
    ])

  /// Leads password managers to the page (W3C, A Well-Known URL for Changing Passwords).
  static let changePassword = Resource(
    changePasswordPath,
    [
      Operation(.get, RoutePolicy(.open)) { _, _ in
        Location(Page.changePassword.path).map { Draft(seeOther: $0) } ?? Draft(.unknownError)
      }
    ])

  /// Leads password managers to the pages for passkeys (W3C, A Well-Known URL for Relying Party Passkey Endpoints).
  static let passkeyEndpoints = Resource(
    passkeyEndpointsPath,
    [
      Operation(.get, RoutePolicy(.open)) { call, visit in
        guard call.context.passkeySite(visit.browser) != nil else { throw Exception.invalidRoute }
        return Draft(
          JSONWriter.ascii(
            PasskeyEndpoints(
              enroll: visit.url + Page.addPasskey.path, manage: visit.url + Page.twoFactor.path)),
          "application/json")
      }
    ])

  private struct PasskeyEndpoints: JSONEncodable {
    static var schema: JSONSchema { .foreign }
    let enroll: String
    let manage: String

    func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("enroll", enroll)
        object.member("manage", manage)
      }
    }
  }

  /// Notes the chosen language in a cookie, and leads back.
  static let language = Resource(
    languagePath,
    [
      Operation(.post, RoutePolicy(.open)) { call, visit in
        func posted(_ name: String) -> String? {
          call.posted[name].map { String(decoding: $0, as: UTF8.self) }
        }
        if let signedIn = call.caller.signedIn,
          !signedIn.session.accepts(formToken: posted(tokenField) ?? "", path: languagePath)
        {
          return page(.refusedTitle, Problem(.problemStaleForm, status: 403), visit, signedIn)
        }
        guard let chosen = posted("language").flatMap(Language.init),
          call.configuration.site.languages.contains(chosen)
        else { throw Exception.invalidRequest }
        let back = posted("return-url").flatMap { Location($0) } ?? Location(Page.account.path)
        guard let back else { throw Exception.unknownError }
        var draft = Draft(seeOther: back)
        draft.add(
          "Set-Cookie",
          "\(Language.cookieName(visit))=\(chosen.rawValue); Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
            + (visit.isSecure ? "; Secure" : ""))
        return draft
      }
    ])

  static let stylesheet = Resource(
    SiteStylesheet.path,
    [
      Operation { _ in
        var draft = Draft(Array(SiteStylesheet.text.utf8), "text/css; charset=utf-8")
        draft.keep()
        return draft
      }
    ])
}
