import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Page {
  static let resetCodes: Page = Page("reset-codes", .session, .resetCodesTitle, lead: .resetCodesLead) {
    view in
    let codes = try view.call(ResetCodes.self)
    return [
      view.hasSecondFactor ? view.paragraph(.resetCodesFactor) : [],
      codes.isEmpty ? view.paragraph(.noResetCodes) : [],
      view.actions(
        codes.map { view.link(.resetCode, "codeid", $0.codeid, .text(view.language.time($0.createdAt))) }),
      view.paging(), view.actions([view.link(Page.createResetCode.path, .createResetCodeTitle)]),
    ]
  }

  static let resetCode: Page = Page("reset-code", .session, .resetCodeTitle) { view in
    let code = try view.call(ReadResetCode.self)
    return [
      view.descriptions([
        (.resetCodeMade, code.creator == code.accountid ? view.time(code.createdAt) : view.making(of: code))
      ]),
      view.actions([
        view.link(.deleteResetCode, "codeid", code.codeid, view.words(.deleteResetCodeTitle)),
        view.link(Page.resetCodes.path, .back),
      ]),
    ]
  }

  static let createResetCode: Page = Page(
    "create-reset-code", .freshSession, .createResetCodeTitle, lead: .createResetCodeLead,
    form: PageForm(
      CreateResetCode.self, submit: .createResetCodeSubmit,
      fields: { _ in [Field("secret-code", .code) { ResetCodeRules.newSecret($0.call.context) }] }
    ) { code, view in
      let isShown = view.isShown(code.createdAt)
      return .show(
        title: .resetCodeShownTitle,
        [
          view.paragraph(isShown ? .resetCodeShownLead : .resetCodeAlreadyMade),
          isShown ? view.secret(view.posted("secret-code") ?? "") : [],
          view.actions([view.link(Page.resetCodes.path, .resetCodesTitle)]),
        ])
    })

  static let deleteResetCode: Page = Page(
    "delete-reset-code", .session, .deleteResetCodeTitle, lead: .deleteResetCodeLead,
    form: PageForm(DeleteResetCode.declaration, submit: .deleteResetCodeSubmit, isDangerous: true) { view in
      try view.call(DeleteResetCode.self) { exception, _ in exception.status == 404 }
      return .go(Page.resetCodes.path, .codeRemoved)
    },
    content: { view in
      let code = try view.call(ReadResetCode.self)
      return view.descriptions([(.resetCodeMade, view.time(code.createdAt))])
    })
}
