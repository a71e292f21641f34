/// The exit statuses of the program (sysexits.h).
enum ExitStatus {
  static let success: Int32 = 0
  /// A check has found something that needs a mend.
  static let findings: Int32 = 1
  static let usage: Int32 = 64
  /// A value that the rules refuse.
  static let data: Int32 = 65
  /// What the command names does not exist.
  static let noInput: Int32 = 66
  static let noUser: Int32 = 67
  static let unavailable: Int32 = 69
  static let software: Int32 = 70
  static let system: Int32 = 71
  static let cantCreate: Int32 = 73
  static let inputOutput: Int32 = 74
  static let temporary: Int32 = 75
  static let noPermission: Int32 = 77
  static let configuration: Int32 = 78
}
