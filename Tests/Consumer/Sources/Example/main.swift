import DashboardAPI

let dashboard = try Dashboard(dataDirectory: "data")
let form = ["username": "ada", "password": "correct horse"]
do {
  let account = try dashboard.call(CreateAccount.self, posted: form)
  print("created \(account.accountid)")
} catch let exception as Exception where exception.code == "duplicate-username" {
  print("ada has an account")
}

let session = try dashboard.call(CreateSession.self, posted: form)
if let bearer = session.bearer, let live = try dashboard.session(bearer: bearer) {
  print("signed in as \(live.accountid)")
  let ended = try dashboard.call(SetCurrentSessionEnded.self, as: live)
  print("signed out: \(ended.ended)")
}
