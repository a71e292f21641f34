import DashboardLMDB
import DashboardRecords

extension DataFacts {
  /// - Returns: `nil` if the data has not begun.
  init?(_ tables: Tables, in transaction: borrowing ReadTransaction) throws {
    let state = try MigrationState(tables, in: transaction)
    guard let schema = state.schema else { return nil }
    var counts = [("accounts", try tables.accounts.count(in: transaction))]
    if let groups = tables.membership?.counts { counts.append(("groups", try groups.count(in: transaction))) }
    for owned in tables.owned {
      counts.append(("\(owned.kind.recordsName)", try owned.records.count(in: transaction)))
    }
    let form = FingerprintForm(schema: schema)
    let fingerprints = try tables.fingerprints.first(.max, in: transaction).map { name, fingerprint in
      (name.name, form.stored(fingerprint.bytes))
    }
    self.init(
      schema: schema, isMigrating: state.isUnderWay, counts: counts,
      newest: try tables.newest(in: transaction), fingerprints: fingerprints)
  }
}

extension Tables {
  /// When the newest account or record of any app was created.
  fileprivate func newest(in transaction: borrowing ReadTransaction) throws -> Timestamp? {
    var newest: Timestamp?
    for (_, number) in try apps.first(.max, in: transaction) {
      let app = AppNumber(clamping: number.value)
      if let id = try last(accountsByAge, of: app, in: transaction),
        let account = try accounts.get(RecordKey(app: app, id: id), in: transaction)
      {
        newest = max(newest ?? account.createdAt, account.createdAt)
      }
      for owned in owned {
        guard let id = try last(owned.byAge, of: app, in: transaction),
          let stored = try owned.records.get(RecordKey(app: app, id: id), in: transaction)
        else { continue }
        let createdAt = try owned.decoded(stored).createdAt
        newest = max(newest ?? createdAt, createdAt)
      }
    }
    return newest
  }

  private func last(
    _ index: Table<OrderedKey, Number>, of app: AppNumber, in transaction: borrowing ReadTransaction
  ) throws -> UInt64? {
    var last: UInt64?
    try index.scan(prefix: OrderedKey.prefix(app: app), .descending, in: transaction) { _, id in
      last = id.value
      return false
    }
    return last
  }
}
