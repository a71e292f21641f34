import DashboardSettings

/// The arguments of this process, without the program's name.
enum Arguments {
  /// Reads `/proc/self/cmdline` (proc(5)).
  ///
  /// Swift's `CommandLine.arguments` replaces bytes that are not UTF-8. The program would then use a path
  /// that the operator did not write.
  ///
  /// - Warning: A CGI process must not call this, because the web server can pass words of the query string
  ///   (RFC 3875 section 4.4).
  static func read() throws(SmallFile.Failure) -> [String] {
    let all = try SmallFile.bytes("/proc/self/cmdline").split(separator: 0, omittingEmptySubsequences: false)
    // NUL ends each argument, so the last piece is empty.
    return try all.dropFirst().dropLast().map { argument throws(SmallFile.Failure) in
      try SmallFile.text(argument.span)
    }
  }
}
