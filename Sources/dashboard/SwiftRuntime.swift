// What a CGI process would otherwise do at every start, before it begins.

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
