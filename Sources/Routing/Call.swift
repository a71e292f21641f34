package import DashboardAccounts
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
package import DashboardWireFormat

/// One call of an endpoint or a page: the caller, the fields, and the context with the effects.
public struct Call {
  package private(set) var caller: Caller
  /// The context for the rules.
  package var context: Context
  /// The fields of the URL. A page can set some for an endpoint.
  package var query: Form
  /// The fields of the body.
  package var posted: Form
  /// The number of elements of the whole list; `nil` if the answer is not a list.
  package private(set) var total: Int?
  /// The query of the list's next part; `nil` if there is none.
  package private(set) var nextQuery: String?

  init(_ caller: Caller, _ context: Context, query: Form, posted: Form) {
    self.caller = caller
    self.context = context
    self.query = query
    self.posted = posted
  }

  package var configuration: AppConfiguration { context.configuration }
  /// When the call began.
  package var now: Timestamp { context.now }

  /// The caller's session and account.
  ///
  /// - Throws: `AccessRefusal.signInRequired` if the caller has no session. Only open routes have to expect
  ///   it.
  package var signedIn: SignedIn { get throws(AccessRefusal) { try caller.requireSignedIn() } }

  package func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try context.read(body)
  }

  /// Binds challenges for passkeys to the browser.
  ///
  /// - Returns: the token of the browser's cookie. A browser keeps the token that it has, so that pages in two tabs work.
  package mutating func bindChallenges(_ token: String? = nil) -> String {
    let token =
      token ?? caller.browser.challengeToken ?? Hexadecimal.text(context.random.bytes(32))
    context.effects.challengeToken = token
    return token
  }

  /// Goes on with the caller's session as it is after it was verified.
  package mutating func goOn(with verified: Session) {
    guard let account = caller.signedIn?.account else { return }
    caller = Caller(
      SignedIn(account: account, session: verified), caller.client, caller.clientSessions,
      browser: caller.browser)
  }

  /// Sets the size of the answered list and the query of its next part.
  package mutating func list(total: Int, nextQuery: String?) {
    self.total = total
    self.nextQuery = nextQuery
  }
}
