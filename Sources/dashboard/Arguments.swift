import DashboardSettings

/// The arguments that this process was started with, but for the program's name.
enum Arguments {
  /// Read from /proc/self/cmdline (proc(5)) by whoever asks. Swift's own, `CommandLine.arguments`, are found in a static program
  /// before it begins, at every start, by reading all of /proc/self/maps: a tenth of a CGI request's instructions, which asks for none.
  static func read() throws(SmallFile.Failure) -> [String] {
    let all = try SmallFile.bytes("/proc/self/cmdline").split(separator: 0, omittingEmptySubsequences: false)
    // Each ends with NUL.
    return try all.dropFirst().dropLast().map { argument throws(SmallFile.Failure) in
      try SmallFile.text(argument.span)
    }
  }
}
