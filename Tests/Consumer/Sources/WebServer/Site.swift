import DashboardAPI

/// A site with one page. It signs people in, recognises their next request, and signs them out.
struct Site: Sendable {
  let dashboard: Dashboard

  // Over HTTPS, name it `__Host-session` and add `; Secure`.
  private static let cookie = "session"
  private static let attributes = "; Path=/; HttpOnly; SameSite=Lax"

  func respond(to request: Request) async -> Response {
    do {
      var session: Session?
      if let bearer = request.cookie(Self.cookie) { session = try await dashboard.session(bearer: bearer) }
      switch (request.method, request.path) {
      case ("GET", "/"):
        return Response(html: session.map(Pages.signedIn) ?? Pages.forms)
      case ("POST", _) where !request.isFromThisSite:
        return Response(status: 403, text: "This form was posted by another site.")
      case ("POST", "/sign-up"):
        _ = try await dashboard.call(CreateAccount.self, posted: request.form, from: request.client)
        return try await signIn(request, insteadOf: session)
      case ("POST", "/sign-in"):
        return try await signIn(request, insteadOf: session)
      case ("POST", "/sign-out"):
        if let session { try await end(session) }
        return Response(seeOther: "/", cookie: "\(Self.cookie)=; Max-Age=0\(Self.attributes)")
      default:
        return Response(status: 404, text: "No such page.")
      }
    } catch let exception as Exception {
      // Such as a wrong password (401), too many attempts (429) or a busy server (503).
      return Response(status: exception.status, text: exception.detail)
    } catch let error as StoreLost {
      fatalError("\(error)")  // The service manager starts the program again.
    } catch {
      log("\(request.path): \(error)")
      return Response(status: 503, text: "Please try again later.")
    }
  }

  private func signIn(_ request: Request, insteadOf former: Session?) async throws -> Response {
    let session = try await dashboard.call(CreateSession.self, posted: request.form, from: request.client)
    if let former { try await end(former) }
    let cookie = "\(Self.cookie)=\(session.bearer ?? ""); Max-Age=\(session.duration)\(Self.attributes)"
    return Response(seeOther: "/", cookie: cookie)
  }

  private func end(_ session: Session) async throws {
    do {
      _ = try await dashboard.call(SetCurrentSessionEnded.self, as: session)
    } catch AccessRefusal.signInRequired {
      // Another request has ended it meanwhile.
    }
  }
}
