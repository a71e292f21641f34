import DashboardWireFormat

extension Command {
  static let sweep = Command(
    "sweep", "Removes what is due: deleted accounts, old sessions, ended counters.",
    details: "The server does this every minute. On shared hosting without traffic, cron can do it.",
    changes: true, isOfApp: false
  ) { invocation in
    let opened = try OpenedApp(invocation)
    if invocation.isDryRun {
      let (count, isMore) = try opened.trySweep()
      try invocation.sayDone(count, "\(count)\(isMore ? " or more" : "") records and counters are removed.")
      return ExitStatus.success
    }
    var progress = Progress("Sweeping", unit: "pieces")
    var isMore = true
    while isMore {
      isMore = try opened.sweep()
      progress.advance()
    }
    progress.finish()
    try invocation.output.say(true, "Swept: nothing is due any more.")
    return ExitStatus.success
  }
}
