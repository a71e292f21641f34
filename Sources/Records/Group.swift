/// A group of accounts. It exists while it has accounts.
public struct Group: Hashable, Sendable {
  public let appid: AppName
  /// 1 to 32 characters: `a` to `z`, digits and `-`.
  public let name: String
  /// The number of its accounts.
  public let count: Int

  package init(appid: AppName, name: String, count: Int) {
    self.appid = appid
    self.name = name
    self.count = count
  }
}
