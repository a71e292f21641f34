import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

extension Page {
  static let register: Page = Page(
    "register", .open, .registerTitle,
    form: PageForm(
      CreateAccount.declaration, submit: .registerSubmit,
      fields: { view in
        [
          Field("username", .username, autocomplete: "username"),
          Field("password", .password, autocomplete: "new-password"),
        ] + (view.call.wantsSetupCode ? [Field("setup-code", .code)] : [])
          + (view.configuration.profileIsRequired ? Field.profile(view.configuration.profileFields) : [])
          // A person who saw the form without an invitation registers without it.
          + (view.invitationState == .counts ? [Field("invited", .hidden) { _ in "true" }] : [])
      },
      isOpen: { $0.call.mayRegister($0.visit) }
    ) { view in
      if view.posted("invited") != nil {
        // Without the cookie, the person would register without what was promised.
        let code = InvitationCookie.value(view.visit) ?? Array("-".utf8)[...]
        view.call.posted.set("invitation-code", code)
      }
      var isNew = true
      // The first click has made the account. The second one signs in to it, by that rule with its limits.
      try view.call(CreateAccount.self) { exception, view in
        isNew = false
        // The account was made with the name, with the setup code, or with the last use of the invitation.
        let codes = ["duplicate-username", "registration-disabled", "invalid-invitation-code"]
        guard codes.contains(exception.code),
          let username = view.call.posted["username"]
        else {
          return false
        }
        return try Registration.isRepeated(view.call.caller, view.call.context, username: username)
      }
      if InvitationCookie.value(view.visit) != nil {
        view.cookies.append(InvitationCookie.clearing(view.visit))
      }
      do {
        _ = try view.call(CreateSession.self)
      } catch let error where isNew && (error is Exception || error is any RuleError) {
        // The account is made, so the same form would be refused later: the name is taken.
        return .go(view.way(to: .signIn), .accountMade)
      }
      // Where a second factor is required, other pages would lead there without a word.
      let isBare = view.call.context.app.secondFactor.requires(isAdministrator: false)
      return .go(isBare ? view.way(to: .twoFactor) : view.returnPath, .registered)
    },
    content: { view in
      let isOpen = view.call.mayRegister(view.visit)
      let lead: Text =
        switch view.invitationState {
        case .counts: .invited
        case .void: isOpen ? .invitationVoidOpen : .invitationVoid
        case .none: isOpen ? .registerLead : .registrationClosed
        }
      let terms = isOpen && view.configuration.site.terms != nil ? view.paragraph(.termsAgreement) : []
      return [view.paragraph(lead), terms, isOpen ? [] : try view.invitationForm()]
    },
    alternatives: { [$0.alternative(.signIn, .signInInstead)] }, arrive: takeInvitation)

  /// Moves the code of a link into the cookie, and leads to the form.
  private static func takeInvitation(_ view: View) -> Draft? {
    guard let typed = view.call.query["invitation"] else { return nil }
    guard let location = Location(view.way(to: view.page)) else { return nil }
    var draft = Draft(seeOther: location)
    draft.add("Set-Cookie", InvitationCookie.setting(typed, view.visit))
    return draft
  }
}

extension View {
  fileprivate var invitationState: InvitationState { call.invitationState(visit) }

  /// Asks for the code of an invitation that was not given as a link, if the app has invitations.
  fileprivate func invitationForm() throws -> HTML {
    guard try InvitationRules.exist(call.context) else { return [] }
    return .tag(
      "form", ["method": "get", "action": page.path],
      paragraph(.invitationLead), query("return-url").map { Self.hidden("return-url", $0) } ?? [],
      html(field: Field("invitation", .code), nil),
      .tag("button", ["type": "submit", "class": "primary"], words(.invitationSubmit)))
  }
}

extension Field {
  private static func profile(_ field: ProfileField, value: String?) -> Field {
    let (kind, autocomplete): (Kind, String) =
      switch field {
      case .fullName: (.text, "name")
      case .displayName: (.text, "nickname")
      case .companyName: (.text, "organization")
      case .contactEmail, .displayEmail: (.email, "email")
      case .dob: (.date, "bday")
      case .phone: (.telephone, "tel")
      case .occupation: (.text, "organization-title")
      case .location: (.text, "address-level2")
      case .website: (.text, "url")
      }
    return Field(field.name, kind, autocomplete: autocomplete, isRequired: true) { _ in value }
  }

  /// The fields of a profile that the settings ask for. The rules of profiles ignore others.
  static func profile(_ fields: ProfileFields, values: [ProfileField: String] = [:]) -> [Field] {
    ProfileField.allCases.filter(fields.contains).map { profile($0, value: values[$0]) }
  }
}
