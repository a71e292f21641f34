import CDashboardLMDB
import Glibc

/// Tells local file systems from remote ones.
package enum FileSystem {
  /// True if the file system keeps its files on another machine. Neither its memory maps nor its locks do what LMDB needs.
  ///
  /// - Parameter type: `f_type` of statfs(2).
  package static func isRemote(type: Int) -> Bool {
    switch UInt32(truncatingIfNeeded: type) {
    case 0x6969: true  // NFS
    case 0x517B, 0xFF53_4D42, 0xFE53_4D42: true  // SMB, CIFS, SMB2
    case 0x5346_414F, 0x6B41_4653: true  // AFS: OpenAFS's, the kernel's own
    case 0x7375_7245: true  // Coda
    case 0x00C3_6400, 0x0BD0_0BD0: true  // Ceph, Lustre
    default: false
    }
  }

  /// - Throws: `remoteFileSystem`, or the error of statfs(2).
  static func refuseRemote(_ directory: String) throws(LMDBError) {
    var status = statfs()
    guard unsafe directory.withCString({ unsafe statfs($0, &status) }) == 0 else {
      throw LMDBError(rawValue: errno)
    }
    if isRemote(type: Int(status.f_type)) { throw .remoteFileSystem }
  }
}
