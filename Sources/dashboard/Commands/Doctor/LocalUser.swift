import DashboardSystem
import Glibc

/// A user of this machine, from /etc/passwd and /etc/group (passwd(5), group(5)).
///
/// getpwnam(3) and getgrouplist(3) load the C library's name services at run time, which ends a static program.
struct LocalUser {
  let name: String
  let id: uid_t
  /// The first one is its own.
  let groups: [gid_t]

  /// - Returns: `nil` if the two files do not have the user.
  init?(named name: String) { self.init { $0.first == name } }

  private init?(_ isWanted: ([String]) -> Bool) {
    guard let entry = Self.entries("/etc/passwd").first(where: { $0.count >= 4 && isWanted($0) }),
      let id = uid_t(entry[2]), let group = gid_t(entry[3])
    else { return nil }
    let name = entry[0]
    (self.name, self.id) = (name, id)
    groups =
      [group]
      + Self.entries("/etc/group").compactMap { entry in
        guard entry.count >= 4, entry[3].split(separator: ",").contains(where: { $0 == name }) else {
          return nil
        }
        return gid_t(entry[2])
      }
  }

  /// The name of a user, or else the number.
  static func name(of id: uid_t) -> String { LocalUser { $0[2] == "\(id)" }?.name ?? "\(id)" }

  private static func entries(_ path: String) -> [[String]] {
    let text = String(decoding: (try? File.read(path)) ?? [], as: UTF8.self)
    return text.split(separator: "\n").map { line in
      line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// True if the user may do to a file what the permission bits say.
  ///
  /// - Parameter bits: 4 to read, 2 to write, 1 to execute or to search.
  func may(_ bits: mode_t, _ status: stat) -> Bool {
    if id == 0 { return true }
    if id == status.st_uid { return status.st_mode >> 6 & bits == bits }
    if groups.contains(status.st_gid) { return status.st_mode >> 3 & bits == bits }
    return status.st_mode & bits == bits
  }
}
