/// A time for which somebody stays signed in.
public struct Session: Hashable, Sendable, CustomStringConvertible {
  public package(set) var sessionid: SessionID
  public let appid: AppName
  public let accountid: AccountID
  /// Seconds from its creation to its end.
  public let duration: Int64
  /// 64 bytes, shown as 128 hexadecimal digits.
  public let csrfToken: [UInt8]
  /// When its password was last proven: at first its creation.
  public package(set) var lastVerifiedAt: Timestamp
  /// When somebody ended it. `nil` for one that lives, and for one that expired.
  public package(set) var endedAt: Timestamp?
  /// Whether it had ended when it was read.
  public package(set) var ended = false
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp
  /// What proves it: 64 hexadecimal digits, known only in the answer that created it.
  public package(set) var token: String?

  /// Its identifier: what else a session holds does not belong into logs.
  public var description: String { sessionid.description }

  /// From this moment on it has ended.
  public var expiresAt: Timestamp { createdAt.adding(seconds: duration) }

  // Never returned by any route:

  /// The place of its creation among everything in the store.
  package var sequence: UInt64
  /// SHA-512, 64 bytes.
  package let tokenHash: [UInt8]
  /// Seconds without a request after which it ends; 0: never.
  package let idleTimeout: Int64
  /// When it was last used, to within a minute.
  package var lastUsedAt: Timestamp
  /// The account's session epoch that it belongs to.
  package var epoch: UInt32

  package init(
    sessionid: SessionID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    duration: Int64,
    csrfToken: [UInt8], tokenHash: [UInt8], epoch: UInt32, idleTimeout: Int64 = 0, createdAt: Timestamp
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
    lastUsedAt = createdAt
    self.createdAt = createdAt
    lastVerifiedAt = createdAt
    updatedAt = createdAt
  }

  /// The session as it is shown at some moment.
  ///
  /// - Parameter epochEnd: when its epoch ended; `nil` if that is the account's still.
  package consuming func seen(at now: Timestamp, account: Account, epochEnd: Timestamp?) -> Session {
    ended = hasEnded(at: now, account: account)
    // One that had expired by then was ended by time.
    if endedAt == nil, let epochEnd, epochEnd < expiresAt {
      endedAt = epochEnd
      updatedAt = max(updatedAt, epochEnd)
    }
    return self
  }

  /// Whether it has ended: by order, by time (exactly at `expiresAt`), together with the
  /// account's others, or because nobody used it.
  package func hasEnded(at now: Timestamp, account: Account) -> Bool {
    endedAt != nil || now >= expiresAt || epoch != account.sessionEpoch
      || idleTimeout > 0 && now >= lastUsedAt.adding(seconds: idleTimeout)
  }

  /// Whether it should be noted that it is used: at most once a minute, and often enough for its timeout.
  package func needsNote(at now: Timestamp) -> Bool {
    idleTimeout > 0 && now >= lastUsedAt.adding(seconds: min(60, max(1, idleTimeout / 10)))
  }
}

extension Session: OwnedRecord {
  package var id: SessionID {
    get { sessionid }
    set { sessionid = newValue }
  }
}

/// How long a sign-in is remembered, as posted in `remember`.
package enum Remember: String, CaseIterable, Sendable {
  case hours, days

  /// `nil` for other text. Compared as bytes, since the text can be long, and comparing characters takes more than linear
  /// time where they combine.
  package init?(_ text: some Sequence<UInt8>) {
    guard let found = Self.allCases.first(where: { text.elementsEqual($0.rawValue.utf8) }) else { return nil }
    self = found
  }

  /// Seconds: 8 hours, 30 days, and 20 minutes otherwise.
  package static func duration(_ remember: Remember?) -> Int64 {
    switch remember {
    case .hours: 8 * 60 * 60
    case .days: 30 * 24 * 60 * 60
    case nil: 20 * 60
    }
  }
}
