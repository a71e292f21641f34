import Accounts

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

/// Takes the place of the function that Swift's library has by this name, which with all it belongs to is then not linked.
@_cdecl("_swift_stdlib_getUnsafeArgvArgc")
func noArguments(_ count: UnsafeMutablePointer<Int32>) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
  let none = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 1)
  unsafe none.initialize(to: nil)
  unsafe count.pointee = 0
  return unsafe none
}

/// Linked by deploy/build-static in place of the function that finds a program of Swift's, which prints what was being done when
/// one has crashed. There is none beside ours; looking for it takes ten calls of the system at every start.
@_cdecl("__wrap_swift_copyAuxiliaryExecutablePath")
func noProgram(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar>? { nil }
