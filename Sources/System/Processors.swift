import Glibc

/// The number of processors that are online, 1 or more (sysconf(3), _SC_NPROCESSORS_ONLN).
package func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
