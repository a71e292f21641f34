import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

extension Page {
  static let register: Page = Page(
    "register", .open, .registerTitle, lead: .registerLead,
    form: PageForm(
      CreateAccount.declaration, submit: .registerSubmit,
      fields: { view in
        [
          Field("username", .username, autocomplete: "username"),
          Field("password", .password, autocomplete: "new-password"),
        ] + (view.wantsSetupCode ? [Field("setup-code", .code)] : [])
          + (view.configuration.profileIsRequired ? Field.required(in: view.configuration.profileFields) : [])
      }
    ) { view in
      do {
        _ = try view.call(CreateAccount.self)
      } catch let exception as Exception {
        // A double click: the first click has made the account, and the second one signs in to it, by that rule with its limits.
        guard exception.code == "duplicate-username", let username = view.call.posted["username"],
          try Registration.isRepeated(view.call.caller, view.call.context, username: username)
        else { throw exception }
      }
      _ = try view.call(CreateSession.self)
      return .go(view.returnPath, .registered)
    },
    content: {
      $0.configuration.registrationIsClosed && !$0.wantsSetupCode ? $0.paragraph(.registrationClosed) : []
    },
    alternatives: { [$0.alternative(.signIn, .signInInstead)] })
}

extension View {
  /// True while the first account needs the code of the setting SETUP_CODE.
  fileprivate var wantsSetupCode: Bool { (try? Registration.wantsSetupCode(call.context)) ?? false }
}

extension Field {
  /// The field of a profile.
  static func profile(_ field: ProfileField, value: String? = nil) -> Field {
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
    return Field(field.name, kind, autocomplete: autocomplete) { _ in value }
  }

  /// The required fields of a profile, in their order.
  static func required(in fields: ProfileFields) -> [Field] {
    ProfileField.allCases.filter(fields.contains).map { profile($0) }
  }
}
