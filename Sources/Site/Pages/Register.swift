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
      },
      isOpen: \.call.isOpenForRegistration
    ) { view in
      var isNew = true
      // The first click has made the account. The second one signs in to it, by that rule with its limits.
      try view.call(CreateAccount.self) { exception, view in
        isNew = false
        // Where registration is closed, only the holder of the setup code could make the account.
        guard ["duplicate-username", "registration-disabled"].contains(exception.code),
          let username = view.call.posted["username"]
        else {
          return false
        }
        return try Registration.isRepeated(view.call.caller, view.call.context, username: username)
      }
      do {
        _ = try view.call(CreateSession.self)
      } catch let error where isNew && (error is Exception || error is any RuleError) {
        // The account is made, so the same form would be refused later: the name is taken.
        return .go(view.way(to: .signIn), .accountMade)
      }
      return .go(view.returnPath, .registered)
    },
    content: { view in
      guard view.call.isOpenForRegistration else { return view.paragraph(.registrationClosed) }
      let terms = view.configuration.site.terms == nil ? [] : view.paragraph(.termsAgreement)
      return [view.paragraph(.registerLead), terms]
    },
    alternatives: { [$0.alternative(.signIn, .signInInstead)] })
}

extension Call {
  /// True while the first account needs the code of the setting SETUP_CODE.
  fileprivate var wantsSetupCode: Bool { (try? Registration.wantsSetupCode(context)) ?? false }

  /// True if a guest can register, be it as the first one with the setup code.
  var isOpenForRegistration: Bool { !configuration.registrationIsClosed || wantsSetupCode }
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
