import DashboardSettings
import DashboardWireFormat
import Glibc

/// The state of this process: descriptors, limits, signals, environment.
enum ProcessState {
  /// Opens /dev/null on those of the descriptors 0 to 2 that are closed. Otherwise the data file could become
  /// descriptor 2, and log lines would be written into it.
  static func fillStandardDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", O_RDWR)
    }
  }

  /// Raises the limit of descriptors to the hard limit (setrlimit(2)). Each open connection needs one.
  static func raiseDescriptorLimit() {
    let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(descriptors, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(descriptors, &limit)
  }

  /// Disables core files, which would hold keys and passwords (core(5)).
  static func forbidCoreFiles() {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }

  /// Ignores SIGPIPE and SIGXFSZ, so that a failed write returns an error and does not kill the process: a
  /// write to a pipe without a reader, or beyond RLIMIT_FSIZE (setrlimit(2)).
  static func surviveFailedWrites() {
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  /// Tells that data is damaged if a signal ends this process, as reading a damaged file through the map can.
  static func explainDamage() {
    for number in [SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      _ = signal(number) { _ in
        // Only functions that a handler may call (signal-safety(7)).
        let sentence: StaticString =
          "dashboard: reading the data ended the command: the data is damaged. See how: dashboard check\n"
        _ = unsafe write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
        _exit(ExitStatus.configuration)
      }
    }
  }

  /// The value of an environment variable; `nil` if it is not set or empty.
  ///
  /// - Throws: if it is not UTF-8.
  static func setting(_ name: String) throws(ConfigurationError) -> String? {
    guard let value = unsafe name.withCString({ unsafe getenv($0) }) else { return nil }
    guard let text = unsafe String(validatingCString: value) else {
      throw ConfigurationError(description: "\(name) is not UTF-8")
    }
    return text.isEmpty ? nil : text
  }
}
