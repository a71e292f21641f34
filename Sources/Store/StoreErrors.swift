// The errors of a store that callers of the library meet. They are not nested in `Store`, because a public type of that name
// would hide another package's module `Store`.

/// Why the data can't be opened. The description names the setting or the directory, and the problem.
public struct StoreOpeningError: Error, CustomStringConvertible {
  public let description: String
  /// True if a retry may succeed: the data is being migrated, or the disk is full.
  public let isTemporary: Bool

  package init(description: String, isTemporary: Bool = false) {
    self.description = description
    self.isTemporary = isTemporary
  }
}

/// The disk or the data file is full, the disk fails, or the data directory was removed or replaced. Nothing was changed, and
/// a retry may succeed.
public struct StoreUnavailable: Error, CustomStringConvertible {
  public let description: String
  /// True if `Store.Options.warn` got the description already, once for all errors.
  package let isTold: Bool

  package init(description: String, isTold: Bool = false) {
    self.description = description
    self.isTold = isTold
  }
}

/// This process can't use the data any more and must be restarted. The data is intact.
public struct StoreLost: Error, CustomStringConvertible {
  public let description: String

  package init(description: String) { self.description = description }
}
