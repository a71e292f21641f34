import CDashboardLMDB
import Glibc
package import DashboardWireFormat

/// A key of a table. Its stored form has 1 to 511 bytes, and LMDB orders keys by these bytes.
package typealias TableKey = ByteCodable

/// A value of a table.
package typealias TableValue = ByteCodable

/// A named table of an environment, with the types of its keys and values.
///
/// The type itself has no constraints: the runtime would look them up at every start, for each table, among all conformances of
/// the program.
@safe package struct Table<Key, Value>: Sendable {
  package let name: StaticString
  private let handle: MDB_dbi

  /// The same table with values of another type.
  package func retyped<Other>() -> Table<Key, Other> { Table<Key, Other>(name: name, handle: handle) }

  private init(name: StaticString, handle: MDB_dbi) { (self.name, self.handle) = (name, handle) }
}

extension Table where Key: TableKey, Value: TableValue {
  /// Opens a table, or creates it if `createIfMissing` is true.
  ///
  /// The corresponding C function is `mdb_dbi_open`.
  ///
  /// - Throws: `notFound` if the table does not exist and `createIfMissing` is false.
  /// - Warning: Open all tables in one transaction at the start, before any other begins, and commit it.
  package init(
    _ name: StaticString, in transaction: borrowing some Transaction & ~Copyable, createIfMissing: Bool
  ) throws(LMDBError) {
    var handle: MDB_dbi = 0
    let flags = createIfMissing ? UInt32(MDB_CREATE) : 0
    // A string literal ends with NUL.
    let start = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    try unsafe LMDBError.check(mdb_dbi_open(transaction.access.handle, start, flags, &handle))
    self.name = name
    self.handle = handle
  }

  // MARK: Reading

  /// The value of a key; `nil` if there is none.
  ///
  /// The corresponding C function is `mdb_get`.
  package func get(_ key: Key, in transaction: borrowing some Transaction & ~Copyable) throws -> Value? {
    guard let found = try unsafe find(encoded(key), handle, transaction.access) else { return nil }
    return try unsafe decode(found)
  }

  /// True if the key has a value. Does not decode the value.
  package func contains(_ key: Key, in transaction: borrowing some Transaction & ~Copyable) throws -> Bool {
    try unsafe find(encoded(key), handle, transaction.access) != nil
  }

  /// The number of keys.
  ///
  /// The corresponding C function is `mdb_stat`.
  package func count(in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) -> Int {
    var statistics = MDB_stat()
    try unsafe LMDBError.check(mdb_stat(transaction.access.handle, handle, &statistics))
    return Int(statistics.ms_entries)
  }

  package enum Order: Sendable { case ascending, descending }

  /// Visits the entries whose keys begin with `prefix`, in order, until `visit` returns false.
  ///
  /// - Parameters:
  ///   - bound: the scan begins after this key in its order, whether the key exists or not. `nil` visits the whole range.
  ///   - visit: must not write to this table.
  package func scan(
    prefix: [UInt8], after bound: Key? = nil, _ order: Order = .ascending,
    in transaction: borrowing some Transaction & ~Copyable, _ visit: (Key, Value) throws -> Bool
  ) throws {
    try unsafe scanBytes(prefix: prefix, after: bound, order, in: transaction) { key, value in
      try visit(unsafe decode(key), value)
    }
  }

  /// Visits the values of the entries whose keys begin with `prefix`, in ascending order, with the rest of each key.
  ///
  /// - Parameters: those of `scan`.
  package func scanRests(
    prefix: [UInt8], after bound: Key, in transaction: borrowing some Transaction & ~Copyable,
    _ visit: (_ rest: Span<UInt8>, Value) throws -> Void
  ) throws {
    try unsafe scanBytes(prefix: prefix, after: bound, .ascending, in: transaction) { key, value in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: key.dropFirst(prefix.count))
      try visit(unsafe rest.assumingMemoryBound(to: UInt8.self).span, value)
      return true
    }
  }

  private func scanBytes(
    prefix: [UInt8], after bound: Key?, _ order: Order,
    in transaction: borrowing some Transaction & ~Copyable,
    _ visit: (UnsafeRawBufferPointer, Value) throws -> Bool
  ) throws {
    let cursor = try Cursor(handle, in: transaction.access)
    var bound = bound.map { encoded($0).bytes }
    if let outside = bound, !outside.starts(with: prefix),
      outside.lexicographicallyPrecedes(prefix) == (order == .ascending)
    {
      bound = nil
    }
    var key = unsafe MDB_val()
    var value = unsafe MDB_val()
    var code = try unsafe seek(
      cursor, bound ?? prefix, isExclusive: bound != nil, order, prefix, &key, &value)
    while code == 0 {
      guard unsafe begins(key, with: prefix),
        try unsafe visit(bytes(key), decode(bytes(value)))
      else { return }
      code = unsafe cursor.move(&key, &value, order == .ascending ? MDB_NEXT : MDB_PREV)
    }
    if code != MDB_NOTFOUND { throw LMDBError(rawValue: code) }
  }

  /// Visits all entries in order, also unreadable ones.
  ///
  /// - Parameters:
  ///   - unreadable: called in place of `visit` for an entry whose key or value is no stored form.
  ///   - visit: must not write to this table.
  package func checkEntries(
    in transaction: borrowing some Transaction & ~Copyable, unreadable: () -> Void,
    _ visit: (Key, Value) throws -> Void
  ) throws {
    let cursor = try Cursor(handle, in: transaction.access)
    var (key, value) = unsafe (MDB_val(), MDB_val())
    var code = unsafe cursor.move(&key, &value, MDB_FIRST)
    while code == 0 {
      if let read: (Key, Value) = unsafe try? (decode(bytes(key)), decode(bytes(value))) {
        try visit(read.0, read.1)
      } else {
        unreadable()
      }
      code = unsafe cursor.move(&key, &value, MDB_NEXT)
    }
    if code != MDB_NOTFOUND { throw LMDBError(rawValue: code) }
  }

  /// The first entries whose keys begin with `prefix`, up to a key that is not wanted.
  ///
  /// - Parameter most: the maximum number of entries.
  package func first(
    _ most: Int, prefix: [UInt8] = [], in transaction: borrowing some Transaction & ~Copyable,
    while isWanted: (Key) -> Bool = { _ in true }
  ) throws -> [(key: Key, value: Value)] {
    var found: [(key: Key, value: Value)] = []
    if most <= 0 { return found }
    try scan(prefix: prefix, in: transaction) { key, value in
      guard isWanted(key) else { return false }
      found.append((key, value))
      return found.count < most
    }
    return found
  }

  /// Moves the cursor to the first key of the scan.
  private func seek(
    _ cursor: borrowing Cursor, _ start: [UInt8], isExclusive: Bool, _ order: Order, _ prefix: [UInt8],
    _ key: inout MDB_val, _ value: inout MDB_val
  ) throws -> Int32 {
    // A descending scan of a prefix begins before the first key that is greater than all keys of the prefix.
    var target = start
    if order == .descending, !isExclusive {
      guard let next = Self.successor(of: prefix) else {
        return unsafe cursor.move(&key, &value, MDB_LAST)
      }
      target = next
    }
    if target.isEmpty { return unsafe cursor.move(&key, &value, MDB_FIRST) }
    let code = unsafe target.withUnsafeMutableBytes { bytes in
      unsafe key = unsafe MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      return unsafe cursor.move(&key, &value, MDB_SET_RANGE)
    }
    if order == .descending {
      return code == MDB_NOTFOUND
        ? unsafe cursor.move(&key, &value, MDB_LAST)
        : code == 0 ? unsafe cursor.move(&key, &value, MDB_PREV) : code
    }
    if code == 0, isExclusive, unsafe bytes(key).elementsEqual(start) {
      return unsafe cursor.move(&key, &value, MDB_NEXT)
    }
    return code
  }

  /// The least bytes greater than all that begin with `prefix`; `nil` if there are none, because it is empty or all 0xFF.
  private static func successor(of prefix: [UInt8]) -> [UInt8]? {
    var next = prefix
    while let last = next.popLast() {
      if last < 0xFF { return next + [last + 1] }
    }
    return nil
  }

  // MARK: Writing

  /// Stores a value and replaces the key's former one.
  ///
  /// The corresponding C function is `mdb_put`.
  package func put(_ key: Key, _ value: Value, in transaction: borrowing WriteTransaction) throws(LMDBError) {
    try LMDBError.check(store(key, value, flags: 0, in: transaction))
  }

  /// Stores a value if the key has none.
  ///
  /// The corresponding C function is `mdb_put` with `MDB_NOOVERWRITE`.
  ///
  /// - Returns: false if the key has a value.
  package func insert(
    _ key: Key, _ value: Value, in transaction: borrowing WriteTransaction
  ) throws(LMDBError) -> Bool {
    let code = store(key, value, flags: UInt32(MDB_NOOVERWRITE), in: transaction)
    if code == MDB_KEYEXIST { return false }
    try LMDBError.check(code)
    return true
  }

  /// Replaces a key's value by what `change` makes of it. Looks the key up once.
  ///
  /// - Parameters:
  ///   - first: passed to `change` if the key has no value. It is not optional: generic code looks up the metadata of an optional
  ///     at every call.
  ///   - change: must not write to this table.
  package func replace(
    _ key: Key, default first: Value, in transaction: borrowing WriteTransaction,
    by change: (Value) throws -> Value
  ) throws {
    let cursor = try Cursor(handle, in: transaction.access)
    var (key, found) = unsafe (encoded(key), MDB_val())
    var code = unsafe key.withValue { key in
      var key = unsafe key
      return unsafe cursor.move(&key, &found, MDB_SET)
    }
    if code != MDB_NOTFOUND { try LMDBError.check(code) }
    let isThere = code == 0
    let former = isThere ? try unsafe decode(bytes(found)) : first
    var writer = ByteWriter()
    try change(former).encode(into: &writer)
    code = unsafe key.withValue { key in
      unsafe writer.withValue { value in
        var (key, value) = unsafe (key, value)
        return unsafe cursor.put(&key, &value, flags: isThere ? MDB_CURRENT : 0)
      }
    }
    try LMDBError.check(code)
    transaction.noteWrite()
  }

  /// Removes a key.
  ///
  /// The corresponding C function is `mdb_del`.
  ///
  /// - Returns: false if the key has no value.
  @discardableResult
  package func remove(_ key: Key, in transaction: borrowing WriteTransaction) throws(LMDBError) -> Bool {
    let access = transaction.access
    var key = encoded(key)
    let code = unsafe key.withValue { key in
      var key = unsafe key
      return unsafe mdb_del(access.handle, handle, &key, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try LMDBError.check(code)
    transaction.noteWrite()
    return true
  }

  private func store(
    _ key: Key, _ value: Value, flags: UInt32, in transaction: borrowing WriteTransaction
  ) -> Int32 {
    let access = transaction.access
    var (key, writer) = (encoded(key), ByteWriter())
    value.encode(into: &writer)
    let code = unsafe key.withValue { key in
      unsafe writer.withValue { value in
        var (key, value) = unsafe (key, value)
        return unsafe mdb_put(access.handle, handle, &key, &value, flags)
      }
    }
    if code == 0 { transaction.noteWrite() }
    return code
  }

  // MARK: Bytes

  private func encoded(_ key: Key) -> ByteWriter {
    var writer = ByteWriter()
    key.encode(into: &writer)
    return writer
  }

  private func decode<Decoded: ByteDecodable>(
    _ bytes: UnsafeRawBufferPointer
  ) throws(UnreadableRecord) -> Decoded {
    do throws(UnreadableBytes) {
      var reader = unsafe ByteReader(bytes)
      let decoded = try Decoded(decoding: &reader)
      guard reader.isAtEnd else { throw UnreadableBytes() }
      return decoded
    } catch {
      throw UnreadableRecord(table: "\(name)")
    }
  }
}

/// True if a stored key begins with some bytes. A scan asks at each entry, and a loop over the bytes takes as long as the scan.
private func begins(_ key: MDB_val, with prefix: [UInt8]) -> Bool {
  guard unsafe key.mv_size >= prefix.count, let start = unsafe key.mv_data else { return prefix.isEmpty }
  return unsafe memcmp(start, prefix, prefix.count) == 0
}

private func bytes(_ value: MDB_val) -> UnsafeRawBufferPointer {
  unsafe UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
}

/// The stored bytes of a key's value, valid until the transaction writes or ends; `nil` if there is none.
///
/// Not generic: closures of generic functions are many times slower.
private func find(
  _ key: consuming ByteWriter, _ table: MDB_dbi, _ access: TransactionAccess
) throws(LMDBError) -> UnsafeRawBufferPointer? {
  var value = unsafe MDB_val()
  let code = unsafe key.withValue { key in
    var key = unsafe key
    return unsafe mdb_get(access.handle, table, &key, &value)
  }
  if code == MDB_NOTFOUND { return nil }
  try LMDBError.check(code)
  return unsafe bytes(value)
}

extension ByteWriter {
  /// Lends the bytes to a C function of LMDB, which must not write to them.
  fileprivate mutating func withValue(_ body: (MDB_val) -> Int32) -> Int32 {
    unsafe withBytes { bytes in
      let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      return unsafe body(MDB_val(mv_size: bytes.count, mv_data: start))
    }
  }
}
