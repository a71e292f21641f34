import DashboardLMDB
import DashboardWireFormat
import TestSupport

/// A key of any bytes.
struct BytesKey: TableKey, Hashable, ExpressibleByArrayLiteral {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(arrayLiteral bytes: UInt8...) { self.bytes = bytes }

  func encode(into writer: inout ByteWriter) { writer.append(bytes: bytes) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    var bytes: [UInt8] = []
    while let byte = reader.integer(UInt8.self) { bytes.append(byte) }
    self.bytes = bytes
  }
}

/// A value of four bytes.
struct Number: TableValue, Equatable, ExpressibleByIntegerLiteral {
  let value: UInt32

  init(_ value: UInt32) { self.value = value }
  init(integerLiteral value: UInt32) { self.value = value }

  func encode(into writer: inout ByteWriter) { writer.append(value) }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let value = reader.integer(UInt32.self) else { throw UnreadableBytes() }
    self.value = value
  }
}

/// A value of `count` zeros.
struct Zeros: TableValue {
  let count: Int

  init(_ count: Int) { self.count = count }

  func encode(into writer: inout ByteWriter) {
    writer.append(UInt32(count))
    // Appended as an array: a sequence takes minutes in a debug build.
    writer.append(bytes: [UInt8](repeating: 0, count: count))
  }

  init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let count = reader.integer(UInt32.self), reader.bytes(Int(count)) != nil else {
      throw UnreadableBytes()
    }
    self.count = Int(count)
  }
}

struct Failure: Error, Equatable {}

typealias Numbers = Table<BytesKey, Number>

/// An environment with one table, in its own directory.
struct Fixture {
  let directory: TemporaryDirectory
  let environment: Environment
  let table: Numbers

  init() throws {
    directory = try TemporaryDirectory()
    environment = try Environment(directory: directory.path, options: .sized(16 << 20))
    table = try environment.write { try Table("numbers", in: $0, createIfMissing: true) }
  }

  func put(_ entries: KeyValuePairs<BytesKey, Number>) throws {
    try environment.write { transaction in
      for (key, value) in entries { try table.put(key, value, in: transaction) }
    }
  }

  /// All entries, as a new reader sees them.
  func all() throws -> [BytesKey: Number] { try table.all(in: environment) }
}

extension Numbers {
  func all(in environment: Environment) throws -> [BytesKey: Number] {
    var all: [BytesKey: Number] = [:]
    try scan(prefix: [], in: environment.beginRead()) { key, value in
      all[key] = value
      return true
    }
    return all
  }
}

extension Environment.Options {
  static func sized(_ mapSize: Int) -> Self {
    var options = Self()
    options.mapSize = mapSize
    return options
  }
}

extension WriteTransaction {
  /// Runs `body` in a transaction nested in this one. An error undoes the changes of `body` and no others.
  ///
  /// - Warning: `body` must not use the outer transaction.
  func nested<Result>(_ body: (borrowing WriteTransaction) throws -> Result) throws -> Result {
    let child = try beginNested()
    let result = try body(child)
    try child.commit()
    return result
  }
}
