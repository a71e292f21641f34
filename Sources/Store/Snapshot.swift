package import DashboardRecords

/// The records of one app as of one moment.
package struct Snapshot: Reading, ~Copyable {
  enum Engine: ~Copyable {
    case dataFile(DataFileRead)
  }

  private let engine: Engine

  init(_ engine: consuming Engine) { self.engine = engine }

  package func account(_ id: AccountID) throws -> Account? {
    switch engine {
    case .dataFile(let view): try view.account(id)
    }
  }

  package func account(usernameHash: [UInt8]) throws -> Account? {
    switch engine {
    case .dataFile(let view): try view.account(usernameHash: usernameHash)
    }
  }

  package func accounts(_ list: AccountList, after last: Account?, offset: Int, limit: Int) throws
    -> [Account]
  {
    switch engine {
    case .dataFile(let view): try view.accounts(list, after: last, offset: offset, limit: limit)
    }
  }

  package func count(_ list: AccountList) throws -> Int {
    switch engine {
    case .dataFile(let view): try view.count(list)
    }
  }

  package func contains(_ list: AccountList, _ account: Account) throws -> Bool {
    switch engine {
    case .dataFile(let view): try view.contains(list, account)
    }
  }

  package func record<Record: OwnedRecord>(_ id: Identifier<Record.Kind>) throws -> Record? {
    switch engine {
    case .dataFile(let view): try view.record(id)
    }
  }

  package func records<Record: OwnedRecord>(
    of account: Account?, after last: Record?, offset: Int, limit: Int
  ) throws -> [Record] {
    switch engine {
    case .dataFile(let view): try view.records(of: account, after: last, offset: offset, limit: limit)
    }
  }

  package func count<Record: OwnedRecord>(_: Record.Type, of account: Account?) throws -> Int {
    switch engine {
    case .dataFile(let view): try view.count(Record.self, of: account)
    }
  }

  package func record<Record: OwnedRecord>(of account: Account?, hash: [UInt8]) throws -> Record? {
    switch engine {
    case .dataFile(let view): try view.record(of: account, hash: hash)
    }
  }

  package func epochEnd(_ epoch: UInt32, of account: Account) throws -> Timestamp? {
    switch engine {
    case .dataFile(let view): try view.epochEnd(epoch, of: account)
    }
  }

  package func metric(_ name: Metric.Name, _ period: String) throws -> Metric? {
    switch engine {
    case .dataFile(let view): try view.metric(name, period)
    }
  }
}
