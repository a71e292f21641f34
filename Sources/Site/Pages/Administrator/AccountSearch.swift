import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

extension Administration {
  fileprivate static let searchField = "search"
  /// More accounts than this can have one address.
  fileprivate static let mostFound = 100

  private static let missingSearch = Exception(
    "invalid-search", 400, "missing posted search", field: searchField)

  /// The form that finds an account. It is posted: a username or an address in a URL would stay in the web server's log and in the
  /// browser's history.
  static let search = PageForm(
    Declaration(
      .get, Wing.administrator.path("accounts"), "Finds accounts.", access: .administrator,
      parameters: [.required(.posted, searchField, "an identifier, a username or an address")],
      exceptions: [missingSearch]),
    submit: .searchSubmit,
    fields: { _ in [Field(searchField, .username, value: { $0.posted(searchField) })] }
  ) { view in
    guard let text = view.call.posted[searchField] else { throw missingSearch }
    let found = try Search.accounts(matching: text, view.call.context, limit: mostFound + 1)
    if found.count == 1, let only = found.first {
      return .go(View.path(account, accountField, only.accountid))
    }
    return .show(title: .searchTitle, try view.html(found, of: text))
  }
}

extension View {
  /// What was found, and the form for another search.
  fileprivate func html(_ found: [Account], of text: Bytes) throws -> HTML {
    let shown = found.prefix(Administration.mostFound)
    let number = ["count": language.number(shown.count)]
    let summary: Text = found.isEmpty ? .searchNone : shown.count < found.count ? .searchLimited : .inAll
    return [
      descriptions([(.searchedFor, typed(String(decoding: text, as: UTF8.self)))]),
      paragraph(summary, number), actions(try shown.map { try line($0) }),
      page.form.map { html($0, nil) } ?? [], actions([link(page.path, .back)]),
    ]
  }
}
