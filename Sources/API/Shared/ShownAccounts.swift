import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

// Only the holder of an account and administrators get it as an answer, so it has its username.

extension Endpoint where Answer == Account {
  public static func shown(_ answer: Account, _ call: Call) -> Account { call.context.app.shown(answer) }
}

extension Endpoint where Answer == [Account] {
  public static func shown(_ answer: [Account], _ call: Call) -> [Account] {
    answer.map(call.context.app.shown)
  }
}
