import DashboardLMDB

extension DataFileEngine {
  static func copy(_ source: String, to target: String, maximumSize: Int) throws(Store.OpeningError) {
    do throws(LMDBError) {
      var options = Environment.Options()
      options.mapSize = maximumSize
      try Environment(directory: source, options: options).copy(to: target)
    } catch {
      throw Store.OpeningError(description: "\(source) can't be copied to \(target): \(error)")
    }
  }

  static func user(of directory: String) -> Int32? { LockFile.user(of: directory) }
}
