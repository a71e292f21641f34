import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting

/// The HTML of a form: its fields with their labels, hints and problems, and the summary of problems above.
extension View {
  /// - Parameter problem: why the form was not accepted; `nil` if it is shown for the first time. The fields then have what was typed.
  func html(_ form: PageForm, _ problem: Problem?) -> HTML {
    let (fields, below) = Field.split(form.fields(self))
    return self.form(
      html(fields: fields, form, problem), submit: form.submit, isDangerous: form.isDangerous,
      below: html(fields: below, form, problem))
  }

  /// A form that posts to this page.
  ///
  /// - Parameter below: stands below the button that sends the form.
  func form(_ fields: [HTML], submit: Text, isDangerous: Bool = false, below: [HTML] = []) -> HTML {
    let query = visit.queryString.isEmpty ? "" : "?\(String(decoding: visit.queryString, as: UTF8.self))"
    var button: [(key: StaticString, value: String)] = [
      ("type", "submit"), ("class", isDangerous ? "danger" : "primary"),
    ]
    // Without the script it could only be refused.
    if page.form?.fields(self).contains(where: \.isSentByScript) == true {
      button += [("data-passkey-submit", ""), ("hidden", "")]
    }
    return .tag(
      "form", ["method": "post", "action": page.path + query, "novalidate": ""],
      token(page.path), sessionName, .sequence(fields),
      .tag("button", list: button, words(submit)),
      .sequence(below))
  }

  /// The hidden name of the session, if the form can end it: the first of two clicks can clear the cookie before the second one.
  private var sessionName: HTML {
    guard page.form?.resultAfterEnd != nil, let session = call.caller.signedIn?.session else { return [] }
    return Self.hidden(Site.sessionField, "\(session.sessionid)")
  }

  /// The hidden token of a form that posts to a path. Guests have none.
  func token(_ path: String) -> HTML {
    guard let session = call.caller.signedIn?.session else { return [] }
    return Self.hidden(Site.tokenField, session.formToken(path: path))
  }

  static func hidden(_ name: String, _ value: String) -> HTML {
    .tag("input", ["type": "hidden", "name": name, "value": value])
  }

  /// The summary of a problem, which gets the focus.
  func summary(_ problem: Problem) -> HTML {
    let field = problem.field.flatMap { language.label($0) == nil ? nil : $0 }
    let text = sentence(problem)
    return .tag(
      "div",
      ["class": "problem", "role": "alert", "tabindex": "-1", "autofocus": "", "aria-labelledby": "problem"],
      .tag("h2", ["id": "problem"], words(.problem)),
      .tag(
        "p", [:],
        field.map { .tag("a", ["href": "#\(Self.id($0))"], .text(text)) } ?? .text(text)))
  }

  /// What is wrong and what to do.
  func sentence(_ problem: Problem) -> String {
    let label = problem.field.flatMap(language.label) ?? ""
    var values = ["field": label]
    if let seconds = problem.retryAfter { values["time"] = language.duration(seconds: seconds) }
    if problem.text == .problemLength, let field = problem.field {
      values["length"] = length(of: page.form?.declaration.parameters.posted(field)) ?? ""
    }
    let text = language.text(problem.text, values)
    return problem.text == .problemLength && !label.isEmpty ? language.sentence(about: label, text) : text
  }

  private static func id(_ field: String) -> String { "field-\(field)" }

  /// The allowed length of a field in words; `nil` if it has none.
  private func length(of parameter: Declaration.Parameter?) -> String? {
    guard let range = parameter?.length?(configuration) else { return nil }
    let values = ["least": "\(range.lowerBound)", "most": "\(range.upperBound)"]
    let text: Text =
      range.upperBound == .max ? .lengthLeast : range.lowerBound <= 1 ? .lengthMost : .lengthBetween
    return language.text(text, values)
  }

  // MARK: Fields

  /// The fields of a form, or some of them.
  func html(fields: [Field], _ form: PageForm, _ problem: Problem?) -> [HTML] {
    // Made once, since a declaration makes its parameters each time.
    let parameters = form.declaration.parameters
    return fields.map { field in
      let parameter = parameters.posted(field.name)
      return html(
        field: field, problem, parameter: parameter, hint: hint(field, parameter, form.declaration.verb))
    }
  }

  /// - Parameter parameter: the declaration of the field; `nil` if it belongs to no endpoint.
  func html(
    field: Field, _ problem: Problem?, parameter: Declaration.Parameter? = nil, hint: String? = nil
  ) -> HTML {
    let isRepeated = problem != nil
    let isRequired = field.isRequired || parameter?.isRequired ?? !field.isAlternative
    let isWrong = problem?.field == field.name
    let value = field.isSecret && isRepeated ? nil : isRepeated ? posted(field.name) : field.value(self)
    let id = Self.id(field.name)
    let described = (hint == nil ? [] : ["\(id)-hint"]) + (isWrong ? ["\(id)-problem"] : [])
    let label = language.label(field.name) ?? field.name
    let problemText: HTML =
      isWrong ? .tag("p", ["class": "wrong", "id": "\(id)-problem"], .text(problem.map(sentence) ?? "")) : []
    let hintText: HTML = hint.map { .tag("p", ["class": "hint", "id": "\(id)-hint"], .text($0)) } ?? []
    var attributes: [(key: StaticString, value: String)] = [("id", id), ("name", field.name)]
    if !described.isEmpty { attributes.append(("aria-describedby", described.joined(separator: " "))) }
    if isWrong { attributes.append(("aria-invalid", "true")) }
    switch field.kind {
    case .hidden: return Self.hidden(field.name, value ?? "")
    case .passkey(let purpose, let account, let isAlone):
      return passkey(field.name, purpose, of: account, isAlone: isAlone)
    case .choice(let choices):
      var group: [(key: StaticString, value: String)] = [("class", "field")]
      if !described.isEmpty { group.append(("aria-describedby", described.joined(separator: " "))) }
      return .tag(
        "fieldset", list: group,
        .tag("legend", ["id": id, "tabindex": "-1"], .text(label)), hintText, problemText,
        .sequence(choices.map { radio($0, of: field, isChosen: (value ?? choices.first?.value) == $0.value) })
      )
    case .checkbox:
      attributes += [("type", "checkbox"), ("value", "true")] + (value == "true" ? [("checked", "")] : [])
      return .tag(
        "div", ["class": "field"], problemText,
        .tag("label", ["class": "choice"], .tag("input", list: attributes), " ", .text(label)), hintText)
    case .text, .email, .date, .telephone, .number, .username, .password, .code, .digits:
      attributes += inputAttributes(field)
      if isRequired { attributes.append(("required", "")) }
      if let value { attributes.append(("value", value)) }
      let optional: HTML =
        isRequired || field.isAlternative
        ? []
        : [" ", .tag("span", ["class": "optional"], .text(language.inParentheses(language.text(.optional))))]
      return .tag(
        "div", ["class": "field"], .tag("label", ["for": id], .text(label), optional), hintText, problemText,
        .tag("input", list: attributes))
    }
  }

  private func radio(_ choice: (value: String, label: Text), of field: Field, isChosen: Bool) -> HTML {
    var attributes: [(key: StaticString, value: String)] = [
      ("type", "radio"), ("name", field.name), ("value", choice.value),
    ]
    if isChosen { attributes.append(("checked", "")) }
    return .tag("label", ["class": "choice"], .tag("input", list: attributes), " ", words(choice.label))
  }

  private func inputAttributes(_ field: Field) -> [(key: StaticString, value: String)] {
    let type: String
    var others: [(key: StaticString, value: String)] = [("autocomplete", field.autocomplete)]
    switch field.kind {
    case .email: type = "email"
    case .date: type = "date"
    case .telephone: type = "tel"
    // Not the type `number`, which changes with the wheel of a mouse.
    case .number:
      type = "text"
      others.append(("inputmode", "numeric"))
    case .password: type = "password"
    case .digits:
      type = "text"
      others.append(("inputmode", "numeric"))
    case .username, .code:
      type = "text"
      others += [("autocapitalize", "none"), ("autocorrect", "off"), ("spellcheck", "false")]
    case .text, .choice, .checkbox, .hidden, .passkey: type = "text"
    }
    return [("type", type)] + others
  }

  /// The rules of a field, before they are broken; `nil` if it has none to tell.
  private func hint(_ field: Field, _ parameter: Declaration.Parameter?, _ verb: Verb) -> String? {
    if let hint = field.hint { return language.text(hint) }
    if field.name == "groups" { return language.sentence(language.text(.groupsHint)) }
    guard let length = length(of: parameter) else { return nil }
    switch field.kind {
    // People who have an account know their name and password.
    case .password where field.autocomplete == "current-password": return nil
    case .username where field.autocomplete == "username" && verb == .patch: return nil
    case .password:
      let common = configuration.refusesCommonPasswords ? " " + language.text(.commonPasswordRule) : ""
      return language.sentence(length) + common
    case .text, .email, .date, .telephone, .number, .username, .code, .digits, .choice, .checkbox,
      .hidden, .passkey:
      return language.sentence(length)
    }
  }
}

// MARK: What is shown once

extension Field {
  /// The code for what a form makes. A second click brings the same one, so it finds what the first one has made.
  ///
  /// It is sealed: the browser can't choose the code.
  static let code = Field("form-code", .hidden) { view in
    let random = view.call.context.random
    let code = Array(InvitationCode.new(random).utf8)[...]
    return view.formSeal?.seal([("code", code)], random: random)
  }
}

extension View {
  fileprivate var formSeal: Seal? {
    call.caller.signedIn.map { Seal($0.session, path: page.path, call.context.secrets, now: call.now) }
  }

  /// The code that the form has brought; `nil` if it has none, or if it was made too long ago.
  var formCode: String? {
    call.posted[Field.code.name].flatMap { formSeal?.open($0)?["code"] }.flatMap(InvitationCode.canonical)
  }

  /// True if the answer to a form may show what is shown once. The answer to a second click shows it too, since the browser has
  /// dropped the first answer.
  func isShown(_ createdAt: Timestamp) -> Bool {
    !call.context.effects.isRepeated || call.context.isRecent(createdAt)
  }

  func secret(_ text: String) -> HTML { .tag("p", ["class": "secret"], .tag("code", [:], .text(text))) }

  /// The whole address of a page, as people can pass it on.
  func address(of page: Page) -> HTML { .tag("code", [:], .text(visit.url + page.path)) }
}
