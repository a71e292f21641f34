import DashboardLMDB

extension Store {
  /// Copies the data of one directory, as of one moment and whoever uses it, into another, which must have none. The copy
  /// has no free pages.
  package static func copyData(of source: String, to target: String, mapSize: Int) throws(OpeningError) {
    do throws(LMDBError) {
      var options = Environment.Options()
      options.mapSize = mapSize
      try Environment(directory: source, options: options).copy(to: target)
    } catch {
      throw OpeningError(description: "\(source) can't be copied to \(target): \(error)")
    }
  }
}
