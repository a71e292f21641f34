package import DashboardRecords

/// A fault of the data.
package struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// A table, or the data file.
  package let place: String
  package let text: String

  package init(_ place: String, _ text: String) { (self.place, self.text) = (place, text) }

  package var description: String { "\(place): \(text)" }
}

/// What the data of all apps is.
package struct DataFacts: Sendable {
  package let schema: UInt64
  /// True if a migration to the schema has begun and not ended.
  package let isMigrating: Bool
  /// The numbers of accounts, of groups, and of the records of each kind, those of removed accounts included.
  package let counts: [(name: String, count: Int)]
  /// When the newest record was created; `nil` if there is none.
  package let newest: Timestamp?
  /// The fingerprint of the keys of the data (`keys`), and of those of single apps (`keys of APPID`).
  package let fingerprints: [(name: String, fingerprint: [UInt8])]

  package init(
    schema: UInt64, isMigrating: Bool, counts: [(name: String, count: Int)], newest: Timestamp?,
    fingerprints: [(name: String, fingerprint: [UInt8])]
  ) {
    (self.schema, self.isMigrating, self.counts) = (schema, isMigrating, counts)
    (self.newest, self.fingerprints) = (newest, fingerprints)
  }
}
