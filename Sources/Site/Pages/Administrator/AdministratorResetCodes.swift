import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  static let resetCodes = list("reset-codes", .allResetCodesTitle, Administrator.ResetCodes.self) {
    view, code in
    view.line(code, try view.words(of: view.owner(code)))
  }

  static let accountResetCodes = list(
    "account-reset-codes", .accountResetCodesTitle, Administrator.ResetCodes.self, isOfAccount: true,
    more: { view, owner in
      view.offers(.createResetCode, owner)
        ? [view.link(createResetCode, accountField, owner.accountid, view.words(.adminCodeTitle))] : []
    }
  ) { view, code in view.line(code, view.maker(of: code)) }

  static let resetCode: Page = Page("reset-code", .administrator, .resetCodeTitle) { view in
    let code = try view.call(Administrator.ReadResetCode.self)
    let owner = try view.owner(code)
    let back = view.back
    let list = View.path(accountResetCodes, accountField, owner.accountid)
    return [
      try view.descriptions(of: code, owner),
      view.actions(
        (view.offers(.deleteResetCode, owner)
          ? [view.link(deleteResetCode, "codeid", code.codeid, view.words(.deleteResetCodeTitle), back: back)]
          : [])
          + [view.link(back ?? list, .back)]),
    ]
  }

  static let createResetCode: Page = Page(
    "create-reset-code", .administrator, .adminCodeTitle, lead: .adminCodeLead,
    form: PageForm(
      Administrator.CreateResetCode.self, submit: .createResetCodeSubmit,
      fields: { _ in [Field("secret-code", .code) { ResetCodeRules.newSecret($0.call.context) }] }
    ) { code, view in
      let isShown = view.isShown(code.createdAt)
      return .show(
        title: .adminCodeShownTitle,
        [
          view.paragraph(isShown ? .adminCodeShownLead : .resetCodeAlreadyMade),
          isShown ? view.secret(view.posted("secret-code") ?? "") : [],
          try view.descriptions(of: view.owner(code)),
          view.actions([
            view.link(account, accountField, code.accountid, view.words(.back), back: view.back)
          ]),
        ])
    }
  ) { view in
    let account = try view.call(Administrator.ReadAccount.self)
    try view.require(.createResetCode, account)
    return try view.descriptions(of: account)
  }

  static let deleteResetCode: Page = Page(
    "delete-reset-code", .administrator, .deleteResetCodeTitle, lead: .deleteResetCodeLead,
    form: PageForm(
      Administrator.DeleteResetCode.declaration, submit: .deleteResetCodeSubmit, isDangerous: true
    ) { view in
      try view.call(Administrator.DeleteResetCode.self) { exception, _ in exception.status == 404 }
      return .go(view.back ?? resetCodes.path, .codeRemoved)
    }
  ) { view in
    let code = try view.call(Administrator.ReadResetCode.self)
    let owner = try view.owner(code)
    try view.require(.deleteResetCode, owner)
    return try view.descriptions(of: code, owner)
  }
}

extension View {
  fileprivate func line(_ code: ResetCode, _ details: HTML) -> HTML {
    element(
      Administration.resetCode, "codeid", code.codeid,
      line(.text(language.time(code.createdAt)), details))
  }

  /// Who made a code.
  fileprivate func maker(of code: ResetCode) -> HTML {
    words(code.creator == code.accountid ? .byHolder : .byAdministrator)
  }

  /// When a code was made, and who made it.
  func making(of code: ResetCode) -> HTML {
    listed([time(code.createdAt), maker(of: code)])
  }

  fileprivate func descriptions(of code: ResetCode, _ owner: Account) throws -> HTML {
    descriptions([
      (.accountOfRecord, try link(to: owner)),
      (.resetCodeMade, making(of: code)),
    ])
  }
}
