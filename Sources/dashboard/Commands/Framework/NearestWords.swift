/// The words that a mistyped one may mean.
enum NearestWords {
  /// Up to three words, nearest first. A word is near if it begins with the typed one, or if at most two of its letters differ, and fewer
  /// than half of them.
  static func of(_ typed: String, among words: [String]) -> [String] {
    guard !typed.isEmpty, typed.utf8.count <= 64 else { return [] }
    let near = words.compactMap { word -> (word: String, distance: Int)? in
      if word.hasPrefix(typed) { return (word, 0) }
      let distance = distance(Array(typed.utf8), Array(word.utf8))
      return distance <= min(2, max(1, word.utf8.count / 2 - 1)) ? (word, distance) : nil
    }
    return near.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.prefix(3).map(\.word)
  }

  /// A question for the end of a message; empty if no word is near.
  static func question(_ words: [String]) -> String {
    words.isEmpty ? "" : "; did you mean \(words.map { "'\($0)'" }.joined(separator: " or "))?"
  }

  /// The number of bytes to insert, remove, replace or swap with the next one, to make `b` of `a` (optimal string alignment).
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
