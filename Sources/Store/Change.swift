package import DashboardRecords

/// Another account has the username.
package struct DuplicateUsername: Error {}

/// A change of one app's records, in the store's only write transaction. Every index and count changes with
/// its record.
package struct Change: ~Copyable {
  enum Engine: ~Copyable {
    case dataFile(DataFileWrite)

    consuming func commit() throws {
      switch consume self {
      case .dataFile(let view): try view.commit()
      }
    }
  }

  private let engine: Engine
  /// The records as they are in the transaction.
  package let current: Snapshot

  init(_ engine: consuming Engine, current: consuming Snapshot) {
    self.engine = engine
    self.current = current
  }

  // MARK: Accounts

  /// Returns true once for each app: the next account then becomes its owner. After the app's last account was
  /// removed it returns true again.
  package func claimOwnership() throws -> Bool {
    switch engine {
    case .dataFile(let view): try view.claimOwnership()
    }
  }

  /// Adds an account.
  ///
  /// - Parameter complete: sets what depends on the identifier.
  /// - Returns: the account with its identifier and its place in the order of creation.
  /// - Throws: `DuplicateUsername`.
  package func insert(_ account: Account, complete: (inout Account) -> Void = { _ in }) throws -> Account {
    switch engine {
    case .dataFile(let view): try view.insert(account, complete: complete)
    }
  }

  /// Stores an account, and moves it between the lists accordingly. Does nothing if the account was removed.
  ///
  /// - Throws: `DuplicateUsername`.
  package func update(_ account: Account) throws {
    switch engine {
    case .dataFile(let view): try view.update(account)
    }
  }

  /// Removes an account. No reader sees its records any more; `Store.removeRemains` and the sweep delete
  /// them.
  package func remove(_ account: Account) throws {
    switch engine {
    case .dataFile(let view): try view.remove(account)
    }
  }

  /// Ends all sessions of an account, or all but one, in constant time. The caller must store the account
  /// with `update`.
  package func endSessions(of account: inout Account, at now: Timestamp, except survivor: Session? = nil)
    throws
  {
    switch engine {
    case .dataFile(let view): try view.endSessions(of: &account, at: now, except: survivor)
    }
  }

  /// Takes the next place in the order of creation over the whole store.
  package func nextPlace() throws -> UInt64 {
    switch engine {
    case .dataFile(let view): try view.nextPlace()
    }
  }

  // MARK: Owned records

  /// Adds a record of an account.
  ///
  /// - Returns: the record with its identifier and its place in the order of creation.
  package func insert<Record: OwnedRecord>(_ record: Record, of account: Account) throws -> Record {
    switch engine {
    case .dataFile(let view): try view.insert(record, of: account)
    }
  }

  /// Stores a changed record. Its `dueAt` and `lookupHash` must be unchanged. Does nothing if the record can be
  /// searched for (`OwnedKind.searchIndex`) and was removed.
  package func update<Record: OwnedRecord>(_ record: Record) throws {
    switch engine {
    case .dataFile(let view): try view.update(record)
    }
  }

  /// Stores a changed record as the newest one, with the same identifier. It must belong to the account.
  package func renew<Record: OwnedRecord>(_ record: Record, of account: Account) throws {
    switch engine {
    case .dataFile(let view): try view.renew(record, of: account)
    }
  }

  /// Removes a record. It must belong to the account.
  package func remove<Record: OwnedRecord>(_ record: Record, of account: Account) throws {
    switch engine {
    case .dataFile(let view): try view.remove(record, of: account)
    }
  }

  // MARK: Attempts

  /// Counts an attempt by several keys. If one key has reached its limit, no key is counted.
  ///
  /// - Parameter end: the end of counters that start with this attempt. A counter that ends later starts anew.
  /// - Returns: `nil` if the attempt was counted.
  package func count(_ limits: [(key: AttemptKey, limit: UInt32)], end: Timestamp, now: Timestamp) throws
    -> TooManyAttempts?
  {
    switch engine {
    case .dataFile(let view): try view.count(limits, end: end, now: now)
    }
  }

  /// Takes an attempt back.
  ///
  /// - Parameter end: `end` of the attempt. A counter that ends later started after the attempt and is left
  ///   alone.
  package func takeBack(_ key: AttemptKey, begunBy end: Timestamp, now: Timestamp) throws {
    switch engine {
    case .dataFile(let view): try view.takeBack(key, begunBy: end, now: now)
    }
  }

  /// Removes the counter of a key.
  package func forget(_ key: AttemptKey) throws {
    switch engine {
    case .dataFile(let view): try view.forget(key)
    }
  }

  /// True if one of the addresses is remembered for the account. Without an account it takes the same time.
  ///
  /// - Parameter latest: the end of a memory that begins now. One that ends later does not count.
  package func isKnown(_ addresses: [[UInt8]], of account: Account?, now: Timestamp, latest: Timestamp) throws
    -> Bool
  {
    switch engine {
    case .dataFile(let view): try view.isKnown(addresses, of: account, now: now, latest: latest)
    }
  }

  /// Remembers an address of an account. The stored end can be up to a day earlier than `end`.
  package func remember(_ address: [UInt8], of account: Account, until end: Timestamp) throws {
    switch engine {
    case .dataFile(let view): try view.remember(address, of: account, until: end)
    }
  }

  // MARK: Metrics

  /// Adds one to a metric in every period to which `now` belongs.
  ///
  /// - Parameter last: when the same account was last counted. Periods that contain this moment are skipped.
  package func count(_ name: Metric.Name, at now: Timestamp, unlessIn last: Timestamp? = nil) throws {
    switch engine {
    case .dataFile(let view): try view.count(name, at: now, unlessIn: last)
    }
  }

  consuming func commit() throws { try engine.commit() }
}
