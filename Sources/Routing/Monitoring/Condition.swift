package import DashboardRecords
import DashboardSettings
package import DashboardStore

/// A condition of a server that an operator should know of.
package enum Condition: String, CaseIterable, Sendable {
  case commitFailed = "commit-failed"
  case dataMissing = "data-missing"
  case diskFull = "disk-full"
  case diskNearlyFull = "disk-nearly-full"
  case mapFull = "map-full"
  case mapNearlyFull = "map-nearly-full"
  case hashingFull = "hashing-full"
  case maintenanceStalled = "maintenance-stalled"
  case staleReaders = "stale-readers"
  case clockJumped = "clock-jumped"

  /// True if requests fail while it holds.
  var isUnhealthy: Bool {
    switch self {
    case .commitFailed, .dataMissing, .diskFull, .mapFull, .hashingFull, .maintenanceStalled: true
    case .diskNearlyFull, .mapNearlyFull, .staleReaders, .clockJumped: false
    }
  }
}

/// A condition that holds: what it is, and what to do.
package struct HeldCondition: Sendable, CustomStringConvertible {
  package let condition: Condition
  package let text: String

  package init(_ condition: Condition, _ text: String) { (self.condition, self.text) = (condition, text) }

  package var description: String { "\(condition.rawValue): \(text)" }
}

extension Store.State {
  /// The conditions that hold by the state alone.
  ///
  /// - Parameter now: by the system's clock.
  package func findings(at now: Timestamp) -> [HeldCondition] {
    var findings: [HeldCondition] = []
    // Nothing can be stored while a file is missing.
    if let commitFailure, !isDisplaced {
      findings.append(
        HeldCondition(
          .commitFailed,
          "the last change could not be stored: \(commitFailure). Check the disk of \(directory) (df, dmesg). A small commit is tried every few seconds"
        ))
    }
    if isDisplaced {
      findings.append(
        HeldCondition(
          .dataMissing,
          "a file in \(directory) was removed or replaced. Put the same file back, or restart to use what is there"
        ))
    }
    return findings + [diskFinding, mapFinding, readerFinding, clockFinding(at: now)].compactMap(\.self)
  }

  private var diskFinding: HeldCondition? {
    guard let disk else { return nil }
    let text =
      "the disk of \(directory) has \(disk.free >> 20) MiB free. Make room, or move the data to a larger disk"
    if disk.free < min(16 << 20, disk.size / 100) { return HeldCondition(.diskFull, text) }
    return disk.free < min(1 << 30, disk.size / 10) ? HeldCondition(.diskNearlyFull, text) : nil
  }

  private var mapFinding: HeldCondition? {
    let text = """
      \(directory)/\(Storage.fileName) uses \(usedSize >> 20) MiB of the \(mapSize >> 20) MiB that \
      \(Setting.maximumDataSize.name) or a limit of address space allows. Raise \(Setting.maximumDataSize.name) and restart
      """
    if isMapFull { return HeldCondition(.mapFull, text) }
    return usedSize > mapSize / 10 * 9 ? HeldCondition(.mapNearlyFull, text) : nil
  }

  private var readerFinding: HeldCondition? {
    guard deadReaders > 0 else { return nil }
    return HeldCondition(
      .staleReaders,
      "\(deadReaders) readers of the data died while they read, and were cleared. If it happens again, find what kills them (journalctl, dmesg)"
    )
  }

  /// Data from the future: the clock was ahead, or is behind.
  private func clockFinding(at now: Timestamp) -> HeldCondition? {
    guard let lastChange, lastChange.isAhead(of: now) else { return nil }
    let seconds = (lastChange.milliseconds - now.milliseconds) / 1000
    return HeldCondition(
      .clockJumped,
      "the data was changed \(seconds) seconds after the present time of the clock. Check the time and its synchronisation (timedatectl)"
    )
  }
}
