import CDashboardLinux
import Glibc

/// Limits of the memory of this process.
package enum MemoryLimit {
  /// The bytes that this process can still take: the least of what its limit of address space (setrlimit(2), RLIMIT_AS) leaves,
  /// what its control groups allow (cgroups(7), `memory.max`), and the machine's memory.
  package static var available: Int {
    min(addressSpaceLeft, ofControlGroups, ofMachine)
  }

  /// Spares the address space, if it is limited. Call it before other threads start.
  package static func saveAddressSpace() {
    if addressSpaceLeft < .max { _ = dashboard_use_one_heap() }
  }

  private static let pageSize = max(1, Int(getpagesize()))

  private static var ofMachine: Int { bytes(pages: sysconf(Int32(_SC_PHYS_PAGES))) }

  private static var addressSpaceLeft: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur != rlim_t.max,
      let pages = text("/proc/self/statm").split(separator: " ").first.flatMap({ Int($0) })
    else { return .max }
    return max(0, Int(clamping: limit.rlim_cur) - bytes(pages: pages))
  }

  /// The process's own group and those around it. Groups of version 1 are not looked at.
  private static var ofControlGroups: Int {
    let own = text("/proc/self/cgroup").split(separator: "\n").first { $0.hasPrefix("0::/") }
    guard var path = own?.dropFirst(3) else { return .max }
    var least = Int.max
    while let slash = path.lastIndex(of: "/") {
      let value = text("/sys/fs/cgroup\(path)/memory.max").split(separator: "\n").first
      least = min(least, value.flatMap { Int($0) } ?? .max)
      path = path[..<slash]
    }
    return least
  }

  private static func bytes(pages: Int) -> Int {
    let (bytes, overflows) = pages.multipliedReportingOverflow(by: pageSize)
    return overflows || pages < 0 ? .max : bytes
  }

  /// The contents of a file; empty if it can't be read.
  private static func text(_ path: String) -> String {
    String(decoding: (try? File.read(path)) ?? [], as: UTF8.self)
  }
}
