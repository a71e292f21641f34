// The library of a Swift program that calls the endpoints in its own process. In its Package.swift:
//
//     dependencies: [.package(name: "dashboard", path: "…")],
//     targets: [.executableTarget(name: "…", dependencies: [.product(name: "DashboardAPI", package: "dashboard")])]
//
// In its code:
//
//     import DashboardAPI
//
//     let dashboard = try Dashboard(dataDirectory: "/var/lib/dashboard")
//     let account = try dashboard.call(
//       CreateAccount.self, posted: ["username": "ada", "password": "correct horse"])
//     let session = try dashboard.call(
//       CreateSession.self, posted: ["username": "ada", "password": "correct horse", "remember": "days"])
//     do {
//       let ended = try dashboard.call(
//         SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
//       print(ended.ended)  // true
//     } catch let exception as Exception {
//       print(exception.code, exception.detail)  // such as: invalid-session …
//     }

// Re-exports every module with public declarations, so that the program needs one import.
@_exported public import DashboardAccounts
@_exported public import DashboardCrypto
@_exported public import DashboardEndpoints
@_exported public import DashboardRecords
@_exported public import DashboardRouting
@_exported public import DashboardWireFormat
