import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

/// A part of the site. Its pages are at its root and below.
enum Wing: String, CaseIterable, Sendable {
  /// What people do with their own accounts.
  case account
  /// What administrators do with any account.
  case administrator

  var root: String { "/\(rawValue)" }

  /// The path of a page by its name.
  func path(_ name: String) -> String { name.isEmpty ? root : "\(root)/\(name)" }

  /// The wing of a path; `nil` if it is in none.
  init?(of path: Bytes) {
    let wing = Self.allCases.first { wing in
      path.starts(with: wing.root.utf8)
        && (path.count == wing.root.utf8.count
          || path.dropFirst(wing.root.utf8.count).first == UInt8(ascii: "/"))
    }
    guard let wing else { return nil }
    self = wing
  }
}

/// A page for people: its path, who may see it, what it shows, and what its form submits.
struct Page: Sendable {
  /// The last part of the path: `change-password` for `/account/change-password`. Empty for the root of the wing.
  let name: String
  let access: Access
  let title: Text
  /// A sentence below the title; `nil` if the page needs none.
  let lead: Text?
  /// `nil` if nothing can be submitted.
  let form: PageForm?
  /// True if the form stands above the content, and not below it.
  let isFormFirst: Bool
  let content: @Sendable (inout View) throws -> HTML
  /// Answers a request for the page in its place; `nil` to show the page.
  let arrive: @Sendable (View) -> Draft?
  /// Links below the form, to what a person may want instead.
  let alternatives: @Sendable (View) -> [HTML]

  init(
    _ name: String, _ access: Access, _ title: Text, lead: Text? = nil, form: PageForm? = nil,
    isFormFirst: Bool = false,
    content: @escaping @Sendable (inout View) throws -> HTML = { _ in [] },
    alternatives: @escaping @Sendable (View) -> [HTML] = { _ in [] },
    arrive: @escaping @Sendable (View) -> Draft? = { _ in nil }
  ) {
    self.name = name
    self.access = access
    self.title = title
    self.lead = lead
    self.form = form
    self.isFormFirst = isFormFirst
    self.arrive = arrive
    self.alternatives = alternatives
    self.content = content
  }

  var wing: Wing { access.isForAdministrators ? .administrator : .account }
  var path: String { wing.path(name) }
}

/// A field of a form. Its name is that of the endpoint's parameter, whose declaration says whether it is required and how long it
/// may be.
struct Field: Sendable {
  enum Kind: Sendable {
    case text
    case email
    case date
    case telephone
    case number
    case username
    /// Shown as dots, and never kept.
    case password
    /// A reset code. Shown, and never kept.
    case code
    /// A code of digits, for which a phone shows its keys for numbers.
    case digits
    case choice([(value: String, label: Text)])
    case checkbox
    /// Not seen by people.
    case hidden
    /// The answer of a passkey, which a script fills in (`SiteScript`). The passkeys of the account are listed.
    ///
    /// `isAlone` is true if the form needs nothing else that a person types.
    case passkey(PasskeyPurpose, of: Account?, isAlone: Bool)
  }

  let name: String
  let kind: Kind
  /// The token of the attribute `autocomplete` (WHATWG HTML, section 4.10.18.7.1).
  let autocomplete: String
  /// True if the field is required though the endpoint's declaration leaves it to the settings.
  let isRequired: Bool
  /// What the field is for; `nil` to tell its allowed length.
  let hint: Text?
  /// What the field holds before a person types.
  let value: @Sendable (View) -> String?

  init(
    _ name: String, _ kind: Kind = .text, autocomplete: String = "off", isRequired: Bool = false,
    hint: Text? = nil, value: @escaping @Sendable (View) -> String? = { _ in nil }
  ) {
    self.name = name
    self.kind = kind
    self.autocomplete = autocomplete
    self.isRequired = isRequired
    self.hint = hint
    self.value = value
  }

  /// True if the field is empty again when its form is shown again.
  var isSecret: Bool {
    switch kind {
    case .password, .code, .digits, .passkey: true
    case .text, .email, .date, .telephone, .number, .username, .choice, .checkbox, .hidden: false
    }
  }
}

/// What follows a form that was accepted.
enum Outcome {
  /// The browser continues at a path of the site, which says what was done.
  case go(String, Notice? = nil)
  /// A page that is shown once, in the answer itself.
  case show(title: Text, HTML)
  /// An answer that is no page, such as a file.
  case answer(Draft)
}

/// A form and what it submits to.
struct PageForm: Sendable {
  /// Limits and required fields.
  let declaration: Declaration
  /// True if the session must be fresh to submit it (`isProven`).
  private(set) var isFresh: Bool
  /// True if the session is fresh enough, so that the form does not ask for the password.
  private(set) var isProven: @Sendable (View) throws -> Bool = { view in
    do {
      let access = view.page.access.fresh(true)
      try access.check(view.call.caller, view.call.context.app, now: view.call.now)
      return true
    } catch is VerificationError {
      return false
    }
  }
  /// True if the page asks for the proof before it shows the form, so that no secret is typed twice.
  private(set) var asksFirst = false
  let isHashing: Bool
  let fields: @Sendable (View) -> [Field]
  let submit: Text
  /// True if submitting takes something away.
  let isDangerous: Bool
  /// False if the settings close the form.
  let isOpen: @Sendable (View) -> Bool
  /// Submits the posted fields.
  ///
  /// - Throws: declared exceptions of the endpoint.
  let perform: @Sendable (inout View) throws -> Outcome
  /// What follows a form that has already ended the session in which it was sent, as by the first of two clicks; `nil` if the session
  /// ended in another way.
  private(set) var resultAfterEnd: (@Sendable (_ ended: SignedIn, View) -> Outcome?)?

  /// A form that submits to an endpoint.
  init<E: Endpoint>(
    _ endpoint: E.Type, submit: Text, isDangerous: Bool = false, _ fields: Field...,
    then outcome: @escaping @Sendable (E.Answer, inout View) throws -> Outcome
  ) {
    self.init(endpoint, submit: submit, isDangerous: isDangerous, fields: { _ in fields }, then: outcome)
  }

  init<E: Endpoint>(
    _ endpoint: E.Type, submit: Text, isDangerous: Bool = false,
    fields: @escaping @Sendable (View) -> [Field],
    then outcome: @escaping @Sendable (E.Answer, inout View) throws -> Outcome
  ) {
    self.init(E.declaration, submit: submit, isDangerous: isDangerous, fields: fields) { view in
      let answer = try view.call(endpoint)
      return try outcome(answer, &view)
    }
  }

  /// A form that submits by a closure.
  ///
  /// - Parameter declaration: of the endpoint that the closure calls, or that has the same fields.
  init(
    _ declaration: Declaration, submit: Text, isDangerous: Bool = false,
    fields: @escaping @Sendable (View) -> [Field] = { _ in [] },
    isOpen: @escaping @Sendable (View) -> Bool = { _ in true },
    perform: @escaping @Sendable (inout View) throws -> Outcome
  ) {
    self.declaration = declaration
    (isFresh, isHashing) = (declaration.access.isFresh, declaration.isHashing)
    self.fields = fields
    self.submit = submit
    self.isDangerous = isDangerous
    self.isOpen = isOpen
    self.perform = perform
  }

  /// The form, which asks for the password unless a condition of its own holds.
  func asking(unless isProven: @escaping @Sendable (View) throws -> Bool) -> PageForm {
    var form = self
    (form.isFresh, form.isProven) = (true, isProven)
    return form
  }

  /// The form, which asks for password and second factor together if the account has a second factor and the session is not fresh.
  func askingForBoth() -> PageForm {
    let isFresh = isProven
    var form = asking { view in try !view.hasSecondFactor || isFresh(view) }
    form.asksFirst = true
    return form
  }

  /// True if the form has the account's password among its fields, so that it is not asked for twice.
  func asksForPassword(_ view: View) -> Bool { fields(view).contains { $0.name == "password" } }

  /// The form, with what follows if it is sent again after it has ended its own session.
  func endingItsSession(_ result: @escaping @Sendable (_ ended: SignedIn, View) -> Outcome?) -> PageForm {
    var form = self
    form.resultAfterEnd = result
    return form
  }
}
