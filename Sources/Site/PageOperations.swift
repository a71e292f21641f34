import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

/// A page as a resource: GET shows it, POST submits its form.
extension Page {
  var resource: Resource {
    Resource(path, form.map { [show, submit($0)] } ?? [show])
  }

  private var show: Operation {
    Operation(.get, RoutePolicy(access, isList: true)) { call, visit in
      try render(&call, visit) { view in
        if let form, form.asksFirst, try !form.isProven(view) { throw Exception.unverifiedSession }
        return try arrive(view) ?? draft(&view)
      }
    }
  }

  private func submit(_ form: PageForm) -> Operation {
    // The freshness is checked below: the fields must survive the question for the password. So is a form's own end of its session.
    let needed = form.resultAfterEnd == nil ? access.fresh(false) : .open
    return Operation(.post, RoutePolicy(needed, writes: true, hashes: form.isHashing || form.isFresh)) {
      call, visit in
      try render(&call, visit) { view in try submit(form, &view) }
    }
  }

  private func render(_ call: inout Call, _ visit: Visit, _ body: (inout View) throws -> Draft) throws
    -> Draft
  {
    var view = View(call, self, visit)
    // The effects count also after an error.
    defer { call = view.call }
    return try body(&view)
  }

  // MARK: Showing

  /// - Parameter problem: why the form was not accepted; `nil` to show it for the first time.
  private func draft(
    _ view: inout View, _ problem: Problem? = nil, showsContent: Bool = true
  ) throws -> Draft {
    if let form, form.isOpen(view) { view.bindChallenges(of: form.fields(view)) }
    let content = showsContent ? try content(&view) : []
    // What a form does is not said where there is none.
    let isClosed = form?.isOpen(view) == false
    let form = form.map { isClosed ? [] : view.html($0, problem) } ?? []
    return page(
      view, title, problem,
      [
        problem.map(view.summary) ?? notice(view), isClosed ? [] : lead.map { view.paragraph($0) } ?? [],
        isFormFirst ? [form, content] : [content, form],
        view.actions(alternatives(view)),
      ])
  }

  private func page(
    _ view: View, _ title: Text, _ problem: Problem?, status: Int = 200, _ content: HTML
  ) -> Draft {
    let frame = SiteFrame(
      visit: view.visit, language: view.language,
      signedIn: view.isSignedOut ? nil : view.call.caller.signedIn,
      mayRegister: view.call.mayRegister(view.visit))
    let script = view.hasPasskeyField
    var draft = frame.draft(
      status: problem?.status ?? status, hasScript: script,
      frame.document(title, isProblem: problem != nil, hasScript: script, content))
    if let seconds = problem?.retryAfter { draft.add("Retry-After", String(seconds)) }
    return draft
  }

  private func notice(_ view: View) -> HTML {
    guard let notice = view.query("notice").flatMap(Notice.init) else { return [] }
    return .tag("p", ["class": "notice", "role": "status"], view.words(notice.text))
  }

  // MARK: Submitting

  private func submit(_ form: PageForm, _ view: inout View) throws -> Draft {
    do {
      return try submitted(form, &view)
    } catch AccessRefusal.signInRequired {
      // The first of two clicks may have ended the session before this one, or while this one was answered.
      guard let outcome = try resultAfterEnd(form, view) else { throw AccessRefusal.signInRequired }
      return try draft(outcome, view)
    }
  }

  private func submitted(_ form: PageForm, _ view: inout View) throws -> Draft {
    try access.fresh(false).check(view.call.caller, view.call.context.app, now: view.call.now)
    if let session = view.call.caller.signedIn?.session,
      !session.accepts(formToken: view.posted(Site.tokenField) ?? "", path: path)
    {
      return try staleForm(form, &view)
    }
    view.call.context.mayRepeat = true
    if form.isFresh, let question = try askForPassword(form, &view) { return question }
    view.call.context.formCode = view.formCode
    do {
      let outcome = try form.perform(&view)
      var draft = try draft(outcome, view)
      for cookie in view.cookies { draft.add("Set-Cookie", cookie) }
      if view.isSignedOut, view.visit.isSecure { draft.add("Clear-Site-Data", "\"cache\"") }
      return draft
    } catch let error where error is Exception || error is any RuleError {
      let exception = (error as? Exception) ?? (error as? any RuleError).flatMap(form.declaration.exception)
      guard let exception else { throw error }
      // A person can't fill in the field of a passkey.
      let fields = form.fields(view).filter { !$0.isPasskey }.map {
        ($0.name, view.call.posted[$0.name] == nil)
      }
      return try draft(&view, Problem(exception, fields: Dictionary(fields) { $1 }))
    }
  }

  /// Shows the form again, without the content if that needs a fresh session.
  private func staleForm(_ form: PageForm, _ view: inout View) throws -> Draft {
    let isShown = try !access.isFresh || form.isProven(view)
    return try draft(&view, Problem(.problemStaleForm, status: 403), showsContent: isShown)
  }

  private func draft(_ outcome: Outcome, _ view: View) throws -> Draft {
    switch outcome {
    case .go(let path, let notice):
      // With the notice it can be too long for a header.
      guard let location = Location(notice?.added(to: path) ?? path) ?? Location(path) else {
        throw Exception.unknownError
      }
      return Draft(seeOther: location)
    case .show(let title, let content): return page(view, title, nil, content)
    case .answer(let draft): return draft
    }
  }

  /// What follows a form that was sent again after it had ended its own session. The form's token proves that the browser held it.
  private func resultAfterEnd(_ form: PageForm, _ view: View) throws -> Outcome? {
    guard let result = form.resultAfterEnd, let token = view.posted(Site.tokenField) else { return nil }
    let named = view.posted(Site.sessionField).flatMap { SessionID($0) }
    for id in view.visit.namedSessions + (named.map { [$0] } ?? []) {
      if let ended = try SessionRules.justEnded(id, view.call.context),
        ended.session.accepts(formToken: token, path: path)
      {
        return result(ended, view)
      }
    }
    return nil
  }

  /// Asks for the password if the session is not fresh, in the answer itself. The other fields wait in one sealed value; secrets are
  /// typed again.
  ///
  /// - Returns: `nil` if the form can be submitted.
  private func askForPassword(_ form: PageForm, _ view: inout View) throws -> Draft? {
    let (call, field) = (view.call, "verify-password")
    guard let session = call.caller.signedIn?.session else { return nil }
    let seal = Seal(session, path: path, call.context.secrets, now: call.now)
    let sealed = call.posted["sealed"]
    if let sealed {
      guard let opened = seal.open(sealed) else { return try staleForm(form, &view) }
      for field in form.fields(view) where !field.isSecret {
        if let value = opened[field.name] { view.call.posted.set(field.name, value) }
      }
    }
    // After a double click the first one has proven the password.
    if try form.isProven(view) {
      if form.asksForPassword(view), let password = call.posted[field] {
        view.call.posted.set("password", password)
      }
      return nil
    }
    // One script serves one field, and a code of an app belongs beside the picture of its key.
    if form.fields(view).contains(where: { $0.isPasskey || $0.name == Field.factorName }) {
      throw Exception.unverifiedSession
    }
    var problem: Problem?
    if sealed != nil {
      do {
        let password = call.posted[field]
        if form.asksForPassword(view) {
          guard let password else { throw CredentialError.wrongPassword }
          view.call.posted.set("password", password)
        }
        view.call.goOn(with: try view.prove(password))
        return nil
      } catch let error as FactorError {
        problem = Problem(Problem.text(of: error), status: 403, field: Field.factorName)
      } catch is PasskeyError {
        problem = Problem(.problemPasskey, status: 403)
      } catch is CredentialError {
        // While the password was checked, the first of two clicks may have changed it.
        if let session = try Verification.repeated(call.caller, call.context) {
          view.call.goOn(with: session)
          return nil
        }
        let text: Text = call.posted[field] == nil ? .problemMissing : .problemWrongPassword
        problem = Problem(text, status: 403, field: field)
      } catch let error as AttemptError {
        problem = Problem(.problemTooMany, status: 429, field: field, retryAfter: error.retryAfter)
      } catch let error as HashingError {
        problem = Problem(form.declaration.exception(for: error) ?? .serverBusy)
      }
    }
    view.bindChallenges(of: view.factorFields(of: call.caller.signedIn?.account))
    return question(form, view, seal, problem)
  }

  /// The question for the password, with the fields that wait for it.
  private func question(_ form: PageForm, _ view: View, _ seal: Seal, _ problem: Problem?) -> Draft {
    let fields = form.fields(view)
    let waiting = fields.filter { !$0.isSecret }.compactMap { field in
      view.call.posted[field.name].map { (name: field.name, value: $0) }
    }
    let needsPassword = form.asksForPassword(view)
    let factors = Field.split(
      view.factorFields(of: view.call.caller.signedIn?.account, isAlone: !needsPassword))
    let shown = view.form(
      [
        View.hidden("sealed", seal.seal(waiting, random: view.call.context.random)),
        view.html(field: Field("verify-password", .password, autocomplete: "current-password"), problem),
      ]
        + factors.above.map { view.html(field: $0, problem, hint: $0.hint.map { view.language.text($0) }) }
        + view.html(
          fields: fields.filter { $0.isSecret && $0.name != "password" }, form, nil),
      submit: .verifySubmit, below: factors.below.map { view.html(field: $0, problem) })
    let lead = view.proofLead(needsPassword: needsPassword)
    return page(
      view, .verifyTitle, problem, status: 403,
      [problem.map(view.summary) ?? view.paragraph(lead), shown])
  }
}
