package import DashboardAccounts
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
package import DashboardWireFormat

/// One use of an endpoint or a page: who asks, with what, and what the answer leaves behind beside its body.
public struct Call {
  package let caller: Caller
  /// What the rules work with.
  package var context: Context
  /// The fields of the URL.
  package let query: Form
  /// The fields of the body.
  package let posted: Form
  /// Of a list: the number of its elements, and the query that continues after those of the answer.
  package private(set) var total: Int?
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
  /// - Throws: `AccessRefusal.signInRequired` where the caller has no session, which only open routes have to expect.
  package var signedIn: SignedIn { get throws(AccessRefusal) { try caller.requireSignedIn() } }

  package func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try context.read(body)
  }

  /// States the size of the list that is answered, and where it goes on.
  package mutating func list(total: Int, nextQuery: String?) {
    self.total = total
    self.nextQuery = nextQuery
  }
}
