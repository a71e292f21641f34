import DashboardLMDB
import DashboardWireFormat
import Testing

@Suite("Tables")
struct TableTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("a stored value is found")
  func put() throws {
    try fixture.put([[1]: 10, [2]: 20])
    let transaction = try fixture.environment.beginRead()
    #expect(try fixture.table.get([1], in: transaction) == 10)
    #expect(try fixture.table.get([2], in: transaction) == 20)
    #expect(try fixture.table.get([3], in: transaction) == nil)
    #expect(try fixture.table.count(in: transaction) == 2)
  }

  @Test("a second put replaces the value")
  func putAgain() throws {
    try fixture.put([[1]: 10])
    try fixture.put([[1]: 11])
    #expect(try fixture.all() == [[1]: 11])
  }

  @Test("replacing passes the former value or the default")
  func replace() throws {
    try fixture.put([[1]: 10, [3]: 30])
    let former = try fixture.environment.write { transaction in
      var seen: [Number] = []
      for key in [[1], [2], [2], [4]] as [BytesKey] {
        try fixture.table.replace(key, default: 20, in: transaction) { former in
          seen.append(former)
          return Number(former.value + 1)
        }
      }
      return seen
    }
    #expect(former == [10, 20, 21, 20])
    #expect(try fixture.all() == [[1]: 11, [2]: 22, [3]: 30, [4]: 21])
  }

  @Test("an error during replacing keeps the value")
  func replaceThrows() throws {
    try fixture.put([[1]: 10])
    try fixture.environment.write { transaction in
      for key in [[1], [2]] as [BytesKey] {
        #expect(throws: Failure()) {
          try fixture.table.replace(key, default: 0, in: transaction) { _ in throw Failure() }
        }
      }
    }
    #expect(try fixture.all() == [[1]: 10])
  }

  /// The value moves from its page to overflow pages and back, in a tree with branch pages.
  @Test("replacing by a longer or shorter value keeps the other values")
  func replaceLengths() throws {
    let sizes = [0, 4, 300, 2000, 20_000, 2000, 30_000, 30_000, 20_000, 1]
    let keys = (0..<500).map { BytesKey([UInt8($0 / 256), UInt8($0 % 256)]) }
    let table: Table<BytesKey, Zeros> = try fixture.environment.write { transaction in
      let table: Table<BytesKey, Zeros> = try Table("zeros", in: transaction, createIfMissing: true)
      for key in keys { try table.put(key, Zeros(4), in: transaction) }
      return table
    }
    for size in sizes {
      try fixture.environment.write { transaction in
        try table.replace(keys[250], default: Zeros(4), in: transaction) { _ in Zeros(size) }
      }
      var found: [Int] = []
      try table.scan(prefix: [], in: fixture.environment.beginRead()) { key, zeros in
        found.append(zeros.count)
        return true
      }
      var expected = [Int](repeating: 4, count: 500)
      expected[250] = size
      #expect(found == expected)
    }
  }

  @Test("inserting keeps an existing value")
  func insert() throws {
    let inserted = try fixture.environment.write { transaction in
      [
        try fixture.table.insert([1], 10, in: transaction),
        try fixture.table.insert([1], 11, in: transaction),
      ]
    }
    #expect(inserted == [true, false])
    #expect(try fixture.all() == [[1]: 10])
  }

  @Test("removing returns whether the key had a value")
  func remove() throws {
    try fixture.put([[1]: 10, [2]: 20])
    let removed = try fixture.environment.write { transaction in
      [
        try fixture.table.remove([1], in: transaction),
        try fixture.table.remove([1], in: transaction),
      ]
    }
    #expect(removed == [true, false])
    #expect(try fixture.all() == [[2]: 20])
  }

  @Test("a writer reads its own writes")
  func ownWrites() throws {
    let (value, count) = try fixture.environment.write { transaction in
      try fixture.table.put([1], 10, in: transaction)
      return (
        try fixture.table.get([1], in: transaction), try fixture.table.count(in: transaction)
      )
    }
    #expect(value == 10)
    #expect(count == 1)
  }

  @Test("tables are separate")
  func separate() throws {
    let other: Numbers = try fixture.environment.write { try Table("others", in: $0, createIfMissing: true) }
    try fixture.put([[1]: 10])
    #expect(try other.all(in: fixture.environment) == [:])
  }

  @Test("keys have 1 to 511 bytes")
  func keyLengths() throws {
    let longest = BytesKey([UInt8](repeating: 7, count: 511))
    try fixture.put([longest: 1])
    for key in [BytesKey(longest.bytes + [7]), []] {
      #expect(throws: LMDBError.badKeySize) { try fixture.put([key: 1]) }
      #expect(throws: LMDBError.badKeySize) {
        try fixture.environment.write { try fixture.table.insert(key, 1, in: $0) }
      }
    }
    #expect(try fixture.all() == [longest: 1])
  }

  @Test("an unreadable record is an error that names the table")
  func unreadableRecord() throws {
    let zeros: Table<BytesKey, Zeros> = try fixture.environment.write { transaction in
      let zeros: Table<BytesKey, Zeros> = try Table("numbers", in: transaction, createIfMissing: true)
      try zeros.put([1], Zeros(5), in: transaction)
      return zeros
    }
    let transaction = try fixture.environment.beginRead()
    #expect(try zeros.get([1], in: transaction)?.count == 5)
    let error = #expect(throws: UnreadableRecord.self) { _ = try fixture.table.get([1], in: transaction) }
    #expect(error?.table == "numbers")
    #expect(error?.description.contains("numbers") == true)
    #expect(throws: UnreadableRecord.self) { try fixture.all() }
  }

  @Test("an unreadable key is an error")
  func unreadableKey() throws {
    struct FourBytes: TableKey {
      func encode(into writer: inout ByteWriter) { writer.append(UInt32(1)) }
      init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
        guard reader.integer(UInt32.self) != nil else { throw UnreadableBytes() }
      }
    }
    try fixture.put([[1]: 1])
    let table: Table<FourBytes, Number> = try fixture.environment.write {
      try Table("numbers", in: $0, createIfMissing: true)
    }
    #expect(throws: UnreadableRecord.self) {
      try table.scan(prefix: [], in: fixture.environment.beginRead()) { _, _ in true }
    }
  }
}
