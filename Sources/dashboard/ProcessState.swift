import DashboardSettings
import DashboardWireFormat
import Glibc

/// What this process was started with, and what it may use.
enum ProcessState {
  /// Makes descriptors 0 to 2 something, if whoever started the process closed them: the next file that is opened would
  /// take their place, and a line for the log would be written into the data.
  static func fillStandardDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// As many descriptors as the hard limit allows (setrlimit(2)): each kept connection needs one.
  static func raiseDescriptorLimit() {
    let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(descriptors, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(descriptors, &limit)
  }

  /// No core file: it would hold keys and passwords (core(5)).
  static func forbidCoreFiles() {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }

  /// What can't be written is an error of the write, and not the end of the process: to a pipe that nobody reads any more,
  /// or beyond the size that files may have (setrlimit(2), RLIMIT_FSIZE).
  static func surviveFailedWrites() {
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  /// The value of an environment variable; one that is empty counts as not given.
  ///
  /// - Throws: for one that is not UTF-8, which would be another value than was meant.
  static func setting(_ name: String) throws(ConfigurationError) -> String? {
    guard let value = unsafe name.withCString({ unsafe getenv($0) }) else { return nil }
    guard let text = unsafe String(validatingCString: value) else {
      throw ConfigurationError(description: "\(name) is not UTF-8")
    }
    return text.isEmpty ? nil : text
  }
}
