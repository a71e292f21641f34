package import DashboardWireFormat

/// A session: the time for which a caller stays signed in to an account.
public struct Session: Hashable, Sendable, CustomStringConvertible {
  public package(set) var sessionid: SessionID
  public let appid: AppName
  public let accountid: AccountID
  /// Seconds from its creation to its expiry.
  public let duration: Int64
  /// 64 bytes, shown as 128 hexadecimal digits. Empty in a session that another account's holder reads.
  public package(set) var csrfToken: [UInt8]
  /// When the caller last proved the password. At first, when the session was created.
  public package(set) var lastVerifiedAt: Timestamp
  /// When a caller ended it; `nil` if it is alive or expired.
  public package(set) var endedAt: Timestamp?
  /// True if it had ended when it was read.
  public package(set) var ended = false
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp
  /// The secret that proves the session: 64 hexadecimal digits. Only the response that creates the session
  /// has it.
  public package(set) var token: String?
  /// True if the call was made with this session.
  public package(set) var isCurrent = false

  /// The address from which the caller signed in, as the web server or the calling program gave it; `nil` if it
  /// is not known or not shown (SESSION_DETAILS).
  public var address: String? { shownDetails?.address }

  /// The header User-Agent of the sign-in, without control characters, at most 256 bytes; `nil` if it is not known
  /// or not shown (SESSION_DETAILS).
  public var userAgent: String? { shownDetails?.userAgent }

  /// When it was last used, accurate to five minutes, or to an hour for uses by CGI; `nil` if it is not known or not
  /// shown (SESSION_DETAILS).
  public var lastUsedAt: Timestamp? { shownDetails == nil ? nil : lastUse }

  /// The identifier: no other field of a session belongs in logs.
  public var description: String { sessionid.description }

  /// When it expires. At exactly this moment it has ended.
  public var expiresAt: Timestamp { createdAt.adding(seconds: duration) }

  // Never returned by any route:

  /// Its place in the order of creation over the whole store.
  package var sequence: UInt64
  /// SHA-512 of the token's text (`Secrets.tokenText`), 64 bytes.
  package let tokenHash: [UInt8]
  /// Seconds without a request after which it ends; 0 if it has no idle timeout.
  package let idleTimeout: Int64
  /// The last use that is stored: see `needsNote`.
  package var lastUse: Timestamp
  /// `nil` in a session of an app without SESSION_DETAILS, and in one of an earlier program.
  package var details: ClientDetails?
  /// True if the call may see the details.
  package var showsDetails = false
  /// How its caller has signed in, or proven the account since.
  package var methods = AuthenticationMethods.password
  /// The session epoch of the account to which it belongs.
  package var epoch: UInt32

  package init(
    sessionid: SessionID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    duration: Int64, csrfToken: [UInt8], tokenHash: [UInt8], epoch: UInt32, idleTimeout: Int64 = 0,
    details: ClientDetails? = nil, createdAt: Timestamp
  ) {
    self.sessionid = sessionid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.duration = duration
    self.csrfToken = csrfToken
    self.tokenHash = tokenHash
    self.epoch = epoch
    self.idleTimeout = idleTimeout
    self.details = details
    lastUse = createdAt
    self.createdAt = createdAt
    lastVerifiedAt = createdAt
    updatedAt = createdAt
  }

  /// The session as the API shows it at a moment: with `ended` and `endedAt`.
  ///
  /// - Parameter epochEnd: when its epoch ended; `nil` if the epoch is still the account's.
  package consuming func seen(at now: Timestamp, account: Account, epochEnd: Timestamp?) -> Session {
    ended = hasEnded(at: now, account: account)
    // A session that had expired by then has no end but its expiry.
    if endedAt == nil, let epochEnd, epochEnd < expiresAt {
      endedAt = epochEnd
      updatedAt = max(updatedAt, epochEnd)
    }
    return self
  }

  /// True if a caller ended it, it expired, its epoch ended, it was idle for too long, or it was created while
  /// the clock was ahead.
  package func hasEnded(at now: Timestamp, account: Account) -> Bool {
    endedAt != nil || now >= expiresAt || epoch != account.sessionEpoch || createdAt.isAhead(of: now)
      || idleTimeout > 0 && now >= lastUse.adding(seconds: idleTimeout)
  }

  /// `nil` if the call may not see the details, or if there are none.
  package var shownDetails: ClientDetails? { showsDetails ? details : nil }

  /// True if its use should be stored now. For its idle timeout, that is at most once a minute. A last use that was
  /// stored while the clock was ahead is corrected.
  ///
  /// - Parameter accuracy: of `lastUsedAt`, in seconds; `nil` if the app keeps no details.
  package func needsNote(at now: Timestamp, accuracy: Int64?) -> Bool {
    // Details from before the setting changed are removed.
    guard let accuracy else { return details != nil || idleTimeout > 0 && needsNote(at: now, idleInterval) }
    return needsNote(at: now, idleTimeout > 0 ? min(idleInterval, accuracy) : accuracy)
  }

  private var idleInterval: Int64 { min(60, max(1, idleTimeout / 10)) }

  private func needsNote(at now: Timestamp, _ interval: Int64) -> Bool {
    now >= lastUse.adding(seconds: interval) || lastUse.isAhead(of: now)
  }
}

extension Session: OwnedRecord {
  package var id: SessionID {
    get { sessionid }
    set { sessionid = newValue }
  }
}

/// How long a session lasts: a value of the posted parameter `remember`.
package enum Remember: Sendable {
  case minutes, hours, days

  /// The values of a form, in any case: those of a choice, and those of a checkbox.
  private static let values: [(text: StaticString, remember: Remember)] = [
    ("hours", .hours), ("days", .days), ("on", .days), ("true", .days), ("yes", .days), ("1", .days),
    ("minutes", .minutes), ("off", .minutes), ("false", .minutes), ("no", .minutes), ("0", .minutes),
  ]

  /// `nil` if the text has another value.
  package init?(_ text: Bytes) {
    guard let found = Self.values.first(where: { text.isEqual(toLowerCase: $0.text) }) else { return nil }
    self = found.remember
  }

  /// In seconds: 20 minutes, 8 hours, or 30 days.
  package var duration: Int64 {
    switch self {
    case .minutes: 20 * 60
    case .hours: 8 * 60 * 60
    case .days: 30 * 24 * 60 * 60
    }
  }
}
